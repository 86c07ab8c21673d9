/*
 * ir/str_map.h - a hash table from text to a number
 */
#ifndef PLUMB_IR_STR_MAP_H
#define PLUMB_IR_STR_MAP_H

#include "base/str.h"

typedef struct StrMapSlot {
    Str key; /* kept, not copied; data is NULL in a free slot */
    uint32_t value;
} StrMapSlot;

typedef struct StrMap {
    Arena *arena;
    StrMapSlot *slots;
    uint32_t slot_count; /* a power of two */
    uint32_t used;
} StrMap;

static inline StrMap str_map_new(Arena *arena)
{
    return (StrMap){arena, NULL, 0, 0};
}

/* The value of `key`, 0 until it is written; good until the next call. NULL when the arena is
 * spent. */
uint32_t *str_map_at(StrMap *map, Str key);

/* The value of `key`, or 0. */
uint32_t str_map_find(const StrMap *map, Str key);

#endif
