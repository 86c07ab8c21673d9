/*
 * scan/file_cache.h - files that are looked at before their turn, so that they are read once
 *
 * It is filled before workers start, and only looked into from then on.
 */
#ifndef PLUMB_SCAN_FILE_CACHE_H
#define PLUMB_SCAN_FILE_CACHE_H

#include "base/str.h"

typedef struct FileCache FileCache;

/* An empty cache in `arena`; NULL when that is spent. */
FileCache *file_cache_new(Arena *arena);

/* Where the next text may be kept; NULL where those that are kept make `limit` bytes. */
Arena *file_cache_arena(FileCache *cache, size_t limit);

/* Keeps a text that lies in that arena. */
void file_cache_add(FileCache *cache, Str path, Str text);

/* False where there is no text of that path. Takes NULL. */
bool file_cache_find(const FileCache *cache, Str path, Str *text);

#endif
