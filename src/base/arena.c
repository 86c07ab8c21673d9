#include "base/arena.h"

#include <stdalign.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"

#ifdef PLUMB_CHECKED_ARENA
#include <sanitizer/asan_interface.h>
#endif

/* With PLUMB_CHECKED_ARENA (make asan) each allocation is a malloc() of its own, because a
 * sanitizer sees no overrun inside a block. */

typedef struct Block {
    struct Block *next;
    size_t size; /* usable bytes */
    size_t room; /* as many of them as the arena's limit leaves */
    size_t used;
    size_t start; /* what the arena had handed out when this block became the current one */
    max_align_t data[];
} Block;

struct Arena {
    Block *first;
    Block *current;
    size_t limit;
    bool spent;
};

#define ALIGNMENT (alignof(max_align_t))

static size_t round_up(size_t size)
{
    return (size + ALIGNMENT - 1) & ~(ALIGNMENT - 1);
}

Arena *arena_new(size_t limit)
{
    Arena *arena = calloc(1, sizeof *arena);

    if (arena)
        arena->limit = limit;
    return arena;
}

static void free_blocks(Block *block)
{
    while (block) {
        Block *next = block->next;
        free(block);
        block = next;
    }
}

void arena_free(Arena *arena)
{
    if (!arena)
        return;
    free_blocks(arena->first);
    free(arena);
}

bool arena_spent(const Arena *arena)
{
    return arena->spent;
}

size_t arena_mark(const Arena *arena)
{
    return arena->current ? arena->current->start + arena->current->used : 0;
}

static size_t next_size(const Arena *arena, size_t need)
{
#ifdef PLUMB_CHECKED_ARENA
    (void)arena;
    return need ? need : 1;
#else
    size_t size = arena->current ? arena->current->size * 2 : ARENA_FIRST_BLOCK;

    if (size > ARENA_LARGEST_BLOCK)
        size = ARENA_LARGEST_BLOCK;
    return size > need ? size : need;
#endif
}

static size_t room_of(const Arena *arena, const Block *block)
{
    size_t left = arena->limit - block->start;

    return block->size < left ? block->size : left;
}

/* Makes the block after the current one, kept from before or new, current and empty. */
static bool enter_block(Arena *arena, size_t need)
{
    Block **link = arena->current ? &arena->current->next : &arena->first;
    Block *kept = *link;

#ifdef PLUMB_CHECKED_ARENA
    free_blocks(kept);
    kept = NULL;
#endif
    if (!kept || kept->size < need) {
        size_t size = next_size(arena, need);
        Block *block = malloc(sizeof *block + size);
        if (!block)
            return false;
        block->size = size;
        block->next = kept;
        *link = block;
        kept = block;
    }
    kept->start = arena_mark(arena);
    kept->room = room_of(arena, kept);
    kept->used = 0;
    arena->current = kept;
    return true;
}

static void *take(Block *block, size_t bytes)
{
    void *result = (char *)block->data + block->used;

    block->used += bytes;
#ifdef PLUMB_CHECKED_ARENA
    /* The next allocation must not share this block. */
    block->used = block->size;
#endif
    return result;
}

/* Where the current block has not that much room. */
__attribute__((noinline)) static void *take_elsewhere(Arena *arena, size_t bytes)
{
    if (bytes > arena->limit || arena_mark(arena) > arena->limit - bytes ||
        !enter_block(arena, bytes)) {
        arena->spent = true;
        return NULL;
    }
    return take(arena->current, bytes);
}

void *arena_raw(Arena *arena, size_t count, size_t size)
{
    Block *block = arena->current;
    size_t bytes;

    if (arena->spent)
        return NULL;
    /* The division is for those who need it. */
    if ((count | size) > UINT32_MAX && size && count > (SIZE_MAX / 2) / size) {
        arena->spent = true;
        return NULL;
    }
    bytes = round_up(count * size);
    return block && bytes <= block->room - block->used ? take(block, bytes)
                                                       : take_elsewhere(arena, bytes);
}

void *arena_alloc(Arena *arena, size_t count, size_t size)
{
    void *result = arena_raw(arena, count, size);

    if (result)
        memset(result, 0, count * size);
    return result;
}

#ifndef PLUMB_CHECKED_ARENA
/* Whether `items`, of `bytes` bytes, is the last allocation and may become `want` bytes long. */
static bool grow_in_place(Arena *arena, const void *items, size_t bytes, size_t want)
{
    Block *block = arena->current;

    if (!items || !block || (const char *)items + bytes != (char *)block->data + block->used)
        return false;
    if (want - bytes > block->room - block->used)
        return false;
    block->used += want - bytes;
    return true;
}

/* Makes the current block `want` bytes large if `items`, of `bytes` bytes, is all that is in it, so
 * that nothing is left behind. Returns where they are then, or NULL. */
static void *grow_alone(Arena *arena, const void *items, size_t bytes, size_t want)
{
    Block *block = arena->current, *grown;
    Block **link = &arena->first;

    if (!items || !block || items != block->data || bytes != block->used ||
        block->start + want > arena->limit)
        return NULL;
    while (*link != block)
        link = &(*link)->next;
    grown = realloc(block, sizeof *block + want);
    if (!grown)
        return NULL;
    grown->size = grown->room = grown->used = want;
    *link = arena->current = grown;
    return grown->data;
}
#endif

void *arena_grow(Arena *arena, void *items, size_t used, uint32_t *capacity, size_t want,
                 size_t size)
{
    size_t next = *capacity ? (size_t)*capacity * 2 : 8;
    void *moved;

    if (want <= *capacity)
        return items;
    if (next < want)
        next = want;
    if (next > UINT32_MAX || next > (SIZE_MAX / 2) / size)
        arena->spent = true;
    if (arena->spent)
        return NULL;
#ifndef PLUMB_CHECKED_ARENA
    if (grow_in_place(arena, items, round_up(*capacity * size), round_up(next * size))) {
        *capacity = (uint32_t)next;
        return items;
    }
    moved = grow_alone(arena, items, round_up(*capacity * size), round_up(next * size));
    if (moved) {
        *capacity = (uint32_t)next;
        return moved;
    }
#endif
    moved = arena_raw(arena, next, size);
    if (!moved)
        return NULL;
    if (items && used)
        memcpy(moved, items, used * size);
#ifdef PLUMB_CHECKED_ARENA
    if (items)
        ASAN_POISON_MEMORY_REGION(items, *capacity * size);
#endif
    *capacity = (uint32_t)next;
    return moved;
}

void arena_rewind(Arena *arena, size_t mark)
{
    Block *block = arena->first;

    if (mark == 0) {
        arena->spent = false;
        arena->current = NULL;
#ifdef PLUMB_CHECKED_ARENA
        free_blocks(arena->first);
        arena->first = NULL;
#endif
        return;
    }
    while (block != arena->current && block->next->start < mark)
        block = block->next;
    arena->current = block;
    block->used = mark - block->start;
#ifdef PLUMB_CHECKED_ARENA
    free_blocks(block->next);
    block->next = NULL;
#endif
}

void arena_trim(Arena *arena, size_t keep)
{
    Block **link = &arena->first;

    if (arena->current)
        return;
    while (*link && (*link)->size <= keep) {
        keep -= (*link)->size;
        link = &(*link)->next;
    }
    free_blocks(*link);
    *link = NULL;
}
