#include "scan/file_cache.h"

#include "ir/str_map.h"

struct FileCache {
    StrMap numbers; /* of paths in `texts`, + 1 */
    Str *texts;
    uint32_t count;
    uint32_t capacity;
    size_t bytes;
};

FileCache *file_cache_new(Arena *arena)
{
    FileCache *cache = ARENA_NEW(arena, FileCache);

    if (cache)
        cache->numbers = str_map_new(arena);
    return cache;
}

Arena *file_cache_arena(FileCache *cache, size_t limit)
{
    return cache->bytes < limit ? cache->numbers.arena : NULL;
}

void file_cache_add(FileCache *cache, Str path, Str text)
{
    Arena *arena = cache->numbers.arena;
    uint32_t *number = str_map_at(&cache->numbers, str_copy(arena, path));
    Str *texts = arena_grow(arena, cache->texts, cache->count, &cache->capacity,
                            (size_t)cache->count + 1, sizeof *texts);

    if (!number || !texts)
        return;
    cache->texts = texts;
    texts[cache->count++] = text;
    *number = cache->count;
    cache->bytes += text.size;
}

bool file_cache_find(const FileCache *cache, Str path, Str *text)
{
    uint32_t number = cache ? str_map_find(&cache->numbers, path) : 0;

    if (number)
        *text = cache->texts[number - 1];
    return number != 0;
}
