/*
 * syntax/keys.h - the keys of a map, of which none stands twice
 *
 * Most maps are small, and a mark of a few bits tells most of their keys apart; the keys of a large
 * one are kept in a table, so that the time is linear in the map however it is made.
 */
#ifndef PLUMB_SYNTAX_KEYS_H
#define PLUMB_SYNTAX_KEYS_H

#include "syntax/node.h"

typedef struct Key {
    const char *text;
    uint32_t size;
    uint32_t hash;
    uint32_t place; /* what its user keeps with it; 0 at first */
} Key;

/* Distinct texts, numbered from 1 on. */
typedef struct Keys {
    Key *items; /* items[0] is unused */
    uint32_t count;
    uint32_t capacity;
    uint32_t *slots; /* open addressing, a power of two; 0 is free */
    uint32_t slot_count;
} Keys;

/* Ends a table that began as {0}. */
void keys_free(Keys *keys);

/* The number of a key; `text` must live as long as the table. 0 if memory is short. */
uint32_t keys_find(Keys *keys, Str text);

/* Of entries with the same key the first takes over the key's place and value of the last one, and
 * the others go: `*count` is then that of those left. A plain `<<` of YAML may repeat others and
 * stays as it is. Symbols are those of the keys. `repeated`, if not NULL, is told of each entry
 * that repeats one before it. False if memory is short. */
typedef void KeyRepeated(void *context, const Entry *entry);
bool keys_close(Entry *entries, uint32_t *count, KeyRepeated *repeated, void *context);

#endif
