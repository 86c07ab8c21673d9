#include "scan/found_list.h"

#include <stdlib.h>

/* Room in a chunk, and bytes from which on it is full. So large a piece of memory goes back to the
 * system as soon as it is freed. */
#define CHUNK_BYTES ((size_t)132 << 10)
#define CHUNK_FULL_BYTES ((size_t)128 << 10)

static bool reserve(FoundBytes *bytes, size_t more)
{
    size_t capacity = bytes->capacity ? bytes->capacity : 1024;
    char *grown;

    if (more <= bytes->capacity - bytes->size)
        return true;
    capacity += capacity / 2;
    if (capacity - bytes->size < more)
        capacity = bytes->size + more;
    grown = realloc(bytes->data, capacity);
    if (!grown)
        return false;
    bytes->data = grown;
    bytes->capacity = capacity;
    return true;
}

static bool put(FoundBytes *bytes, const char *data, size_t size)
{
    if (!reserve(bytes, size))
        return false;
    if (size)
        memcpy(bytes->data + bytes->size, data, size);
    bytes->size += size;
    return true;
}

/* Seven bits a byte, the lowest first. */
static bool put_number(FoundList *list, uint64_t number)
{
    char bytes[10];
    size_t size = 0;

    for (; number >= 0x80; number >>= 7)
        bytes[size++] = (char)(number | 0x80);
    bytes[size++] = (char)number;
    return put(&list->last->bytes, bytes, size);
}

static uint64_t take_number(FoundList *list)
{
    uint64_t number = 0;
    uint8_t byte;
    uint32_t shift = 0;

    do {
        byte = (uint8_t)list->first->bytes.data[list->at++];
        number |= (uint64_t)(byte & 0x7f) << shift;
        shift += 7;
    } while (byte & 0x80);
    return number;
}

/* `text` in place of what `last` holds from `from` on. */
static bool replace(FoundBytes *last, size_t from, const char *text, size_t size)
{
    last->size = from;
    return put(last, text, size);
}

/* How much of a text is as in the one before, the rest's size, and the rest. An empty one, which
 * has neither, is not remembered. */
static bool put_text(FoundList *list, Str text)
{
    FoundBytes *last = &list->added;
    uint32_t same = 0;

    while (same < text.size && same < last->size && text.data[same] == last->data[same])
        same++;
    if (!put_number(list, same) || !put_number(list, text.size - same) ||
        !put(&list->last->bytes, text.data + same, text.size - same))
        return false;
    return text.size == 0 || replace(last, same, text.data + same, text.size - same);
}

static bool take_text(FoundList *list, Arena *arena, Str *text)
{
    size_t same = take_number(list), more = take_number(list);
    const char *at = list->first->bytes.data + list->at;

    list->at += more;
    if (same + more > 0 && !replace(&list->taken, same, at, more))
        return false;
    *text = same + more > 0 ? str_copy(arena, (Str){list->taken.data, (uint32_t)(same + more)})
                            : (Str){"", 0};
    return !arena_spent(arena);
}

/* No list and an empty one are told apart. */
static bool put_texts(FoundList *list, const Str *texts, uint32_t count)
{
    bool good = put_number(list, texts ? (uint64_t)count + 1 : 0);

    for (uint32_t i = 0; good && texts && i < count; i++)
        good = put_text(list, texts[i]);
    return good;
}

static bool take_texts(FoundList *list, Arena *arena, Str **texts, uint32_t *count)
{
    uint64_t number = take_number(list);

    if (number == 0)
        return true;
    *count = (uint32_t)(number - 1);
    *texts = ARENA_ARRAY(arena, Str, number);
    if (!*texts)
        return false;
    for (uint32_t i = 0; i < *count; i++)
        if (!take_text(list, arena, &(*texts)[i]))
            return false;
    return true;
}

/* Makes sure that there is a chunk to add to. */
static bool open_chunk(FoundList *list)
{
    FoundChunk *chunk;

    if (list->last && list->last->bytes.size < CHUNK_FULL_BYTES)
        return true;
    chunk = calloc(1, sizeof *chunk);
    if (!chunk || !reserve(&chunk->bytes, CHUNK_BYTES)) {
        free(chunk);
        return false;
    }
    if (list->last)
        list->last->next = chunk;
    else
        list->first = chunk;
    list->last = chunk;
    return true;
}

static void drop_chunk(FoundList *list)
{
    FoundChunk *chunk = list->first;

    list->first = chunk->next;
    if (!list->first)
        list->last = NULL;
    list->at = 0;
    free(chunk->bytes.data);
    free(chunk);
}

static bool put_file(FoundList *list, const FoundFile *file)
{
    return put_text(list, file->path) && put_number(list, file->root) &&
           put_number(list, file->name) && put_number(list, file->given) &&
           put_number(list, file->size) && put_text(list, file->hadolint) &&
           put_texts(list, file->members, file->member_count) &&
           put_number(list, file->value_count) && put_number(list, file->context_count) &&
           put_number(list, (uintptr_t)file->chart) && put_number(list, file->render) &&
           put_texts(list, file->only, file->only_count) &&
           put_texts(list, file->names, file->name_count) &&
           put_texts(list, file->plans, file->plan_count);
}

bool found_list_add(FoundList *list, const FoundFile *file)
{
    size_t begin;

    if (!open_chunk(list))
        return false;
    begin = list->last->bytes.size;
    if (!put_file(list, file)) {
        list->last->bytes.size = begin;
        return false;
    }
    list->count++;
    return true;
}

static bool take_file(FoundList *list, Arena *arena, FoundFile *file)
{
    Str *only = NULL;

    if (!take_text(list, arena, &file->path))
        return false;
    file->root = (uint32_t)take_number(list);
    file->name = (NameKind)take_number(list);
    file->given = take_number(list);
    file->size = take_number(list);
    if (!take_text(list, arena, &file->hadolint) ||
        !take_texts(list, arena, &file->members, &file->member_count))
        return false;
    file->value_count = (uint32_t)take_number(list);
    file->context_count = (uint32_t)take_number(list);
    file->chart = (const struct ChartOptions *)(uintptr_t)take_number(list);
    file->render = (uint32_t)take_number(list);
    if (!take_texts(list, arena, &only, &file->only_count))
        return false;
    file->only = only;
    return take_texts(list, arena, &file->names, &file->name_count) &&
           take_texts(list, arena, &file->plans, &file->plan_count);
}

bool found_list_take(FoundList *list, Arena *arena, FoundFile *file)
{
    *file = (FoundFile){0};
    while (list->first && list->at == list->first->bytes.size)
        drop_chunk(list);
    if (!list->first)
        return false;
    if (take_file(list, arena, file))
        return true;
    /* Where the next one begins is not known. */
    found_list_free(list);
    return false;
}

void found_list_free(FoundList *list)
{
    while (list->first)
        drop_chunk(list);
    free(list->added.data);
    free(list->taken.data);
    *list = (FoundList){0};
}
