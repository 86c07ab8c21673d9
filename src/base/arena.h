/*
 * base/arena.h - memory that is given back all at once
 *
 * All that the scan of one unit builds (tokens, tree, resources) is in one arena and goes when it
 * goes. Nothing in it is freed by itself, so an error path has nothing to undo. An arena serves
 * one thread at a time.
 */
#ifndef PLUMB_BASE_ARENA_H
#define PLUMB_BASE_ARENA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct Arena Arena;

/* A new arena that hands out at most `limit` bytes, or NULL if memory is short.
 * The caller owns it and ends it with arena_free(), which takes NULL too. */
Arena *arena_new(size_t limit);
void arena_free(Arena *arena);

/* `count` objects of `size` bytes: zeroed, aligned for any type, alive as long as the arena.
 * NULL when the limit is reached, memory is short, or the product overflows. The arena is spent
 * from then on; its owner reports that, once. */
void *arena_alloc(Arena *arena, size_t count, size_t size);
bool arena_spent(const Arena *arena);

/* The same with whatever bytes are there, for a caller that writes all of them at once. */
void *arena_raw(Arena *arena, size_t count, size_t size);

/* Grows an array of `*capacity` elements of `size` bytes, `used` of them in use, so that it holds
 * at least `want`. Returns the array, moved or not, and sets `*capacity`; NULL as arena_alloc(),
 * with `*capacity` unchanged. The last thing allocated grows in place, or where it outgrows a block
 * of its own, leaves nothing behind; no pointer to where it was may be used, so that whoever keeps
 * the array keeps the new one before all else. */
void *arena_grow(Arena *arena, void *items, size_t used, uint32_t *capacity, size_t want,
                 size_t size);

#define ARENA_NEW(arena, Type) ((Type *)arena_alloc((arena), 1, sizeof(Type)))
#define ARENA_ARRAY(arena, Type, n) ((Type *)arena_alloc((arena), (n), sizeof(Type)))

/* Drops all that was allocated since `mark` was taken, as between two rules, and keeps the memory
 * for what comes next. Mark 0 empties the arena, as between two files. */
size_t arena_mark(const Arena *arena);
void arena_rewind(Arena *arena, size_t mark);

/* Gives back to the system what an emptied arena keeps beyond `keep` bytes, so that one large
 * file does not hold its memory until the end of the scan. */
void arena_trim(Arena *arena, size_t keep);

#endif
