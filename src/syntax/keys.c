#include "syntax/keys.h"

#include <stdlib.h>

Keys keys_new(const Symbols *symbols)
{
    return (Keys){.symbols = symbols};
}

void keys_free(Keys *keys)
{
    free(keys->items);
    free(keys->slots);
    *keys = (Keys){.symbols = keys->symbols};
}

static uint64_t word_at(const char *p)
{
    uint64_t word;

    memcpy(&word, p, sizeof word);
    return word;
}

static uint64_t mix(uint64_t a, uint64_t b)
{
    unsigned __int128 product = (unsigned __int128)a * b;

    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

/* Seeded by where the table lies: no output depends on the order of slots, and nobody can prepare
 * a file of keys that collide. */
static uint32_t hash_of(const Keys *keys, Str text)
{
    const char *p = text.data;
    uint32_t left = text.size;
    uint64_t hash = (uint64_t)(uintptr_t)keys->slots ^ 0x9e3779b97f4a7c15u;
    uint64_t last = 0;

    for (; left > 8; left -= 8, p += 8)
        hash = mix(hash ^ word_at(p), 0xa0761d6478bd642fu);
    if (text.size >= 8)
        last = word_at(p + left - 8);
    else
        for (uint32_t i = 0; i < left; i++)
            last = last << 8 | (uint8_t)p[i];
    hash = mix(hash ^ last, 0xe7037ed1a0b428dbu ^ text.size);
    return (uint32_t)hash;
}

static void place(Keys *keys, uint32_t number)
{
    uint32_t mask = keys->slot_count - 1;
    uint32_t i = keys->items[number].hash & mask;

    while (keys->slots[i])
        i = (i + 1) & mask;
    keys->slots[i] = number;
}

static bool widen(Keys *keys)
{
    uint32_t slot_count = keys->slot_count ? keys->slot_count * 2 : 256;
    uint32_t capacity = slot_count / 2;
    uint32_t *slots = calloc(slot_count, sizeof *slots);
    Key *items = realloc(keys->items, capacity * sizeof *items);

    if (items)
        keys->items = items;
    if (!slots || !items) {
        free(slots);
        return false;
    }
    free(keys->slots);
    keys->slots = slots;
    keys->slot_count = slot_count;
    keys->capacity = capacity;
    for (uint32_t n = 1; n <= keys->count; n++) {
        items[n].hash = hash_of(keys, (Str){items[n].text, items[n].size});
        place(keys, n);
    }
    return true;
}

static uint32_t add(Keys *keys, Str text, uint32_t hash)
{
    uint32_t number = keys->count + 1;

    if (number >= keys->capacity) {
        if (!widen(keys))
            return 0;
        hash = hash_of(keys, text);
    }
    keys->items[number] = (Key){.text = text.data,
                                .size = text.size,
                                .hash = hash,
                                .symbol = symbols_find(keys->symbols, text)};
    keys->count = number;
    place(keys, number);
    return number;
}

uint32_t keys_find(Keys *keys, Str text)
{
    uint32_t hash = hash_of(keys, text);
    uint32_t mask = keys->slot_count - 1;

    if (keys->slot_count == 0)
        return add(keys, text, hash);
    for (uint32_t i = hash & mask; keys->slots[i]; i = (i + 1) & mask) {
        const Key *key = &keys->items[keys->slots[i]];
        if (key->hash == hash && key->size == text.size &&
            memcmp(key->text, text.data, text.size) == 0)
            return keys->slots[i];
    }
    return add(keys, text, hash);
}

uint32_t keys_close(Keys *keys, Entry *entries, uint32_t count, KeyRepeated *repeated,
                    void *context)
{
    uint32_t map = ++keys->map;
    uint32_t kept = 0;

    for (uint32_t i = 0; i < count; i++) {
        Key *key = entries[i].symbol ? &keys->items[entries[i].symbol] : NULL;
        entries[i].symbol = key ? key->symbol : SYMBOL_NONE;
        if (key && key->map == map) {
            if (repeated)
                repeated(context, &entries[i]);
            entries[key->entry] = entries[i];
            continue;
        }
        if (key) {
            key->map = map;
            key->entry = kept;
        }
        if (kept != i)
            entries[kept] = entries[i];
        kept++;
    }
    return kept;
}
