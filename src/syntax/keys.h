/*
 * syntax/keys.h - the distinct keys of one read
 *
 * A large file repeats few keys very often. Each distinct key is looked up once among the symbols,
 * and a key that stands twice in a map is found in time linear in the map, however large it is.
 */
#ifndef PLUMB_SYNTAX_KEYS_H
#define PLUMB_SYNTAX_KEYS_H

#include "syntax/node.h"

typedef struct Key {
    const char *text;
    uint32_t size;
    uint32_t hash;
    Symbol symbol;
    uint32_t map;   /* number of the map that it was last seen in */
    uint32_t entry; /* and its position there */
} Key;

typedef struct Keys {
    const Symbols *symbols;
    Key *items; /* items[0] is unused */
    uint32_t count;
    uint32_t capacity;
    uint32_t *slots; /* open addressing, a power of two; 0 is free */
    uint32_t slot_count;
    uint32_t map; /* number of the map that was last gone through */
} Keys;

/* An empty table; keys_free() ends it. */
Keys keys_new(const Symbols *symbols);
void keys_free(Keys *keys);

/* The number of a key, from 1 on; `text` must live as long as the table. 0 if memory is short. */
uint32_t keys_find(Keys *keys, Str text);

/* Entries whose `symbol` holds their key's number get their real symbol. Of entries with the same
 * key the first takes over the key's place and value of the last one, and the others go: the new
 * count is returned. An entry with number 0 may repeat others and stays as it is. `repeated`, if
 * not NULL, is told of each entry that repeats one before it. */
typedef void KeyRepeated(void *context, const Entry *entry);
uint32_t keys_close(Keys *keys, Entry *entries, uint32_t count, KeyRepeated *repeated,
                    void *context);

#endif
