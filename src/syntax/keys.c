#include "syntax/keys.h"

#include <stdlib.h>

#include "syntax/yaml.h"

/* Largest map whose keys are held against each other before they go into a table. */
enum { SMALL_MAP = 64 };

void keys_free(Keys *keys)
{
    free(keys->items);
    free(keys->slots);
    *keys = (Keys){0};
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
    keys->items[number] = (Key){.text = text.data, .size = text.size, .hash = hash};
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

static bool same_key(const Entry *a, const Entry *b)
{
    return a->symbol == b->symbol && (a->symbol || str_eq(entry_key(a), entry_key(b)));
}

/* One bit for a key: where maps are small, two keys seldom have the same. */
static uint64_t mark_of(const Entry *entry)
{
    uint32_t size = entry->key_size, mark = entry->symbol;

    if (!mark && size)
        mark = size + 5 * (uint8_t)entry->key[0] + 11 * (uint8_t)entry->key[size - 1];
    return UINT64_C(1) << (mark & 63);
}

static bool is_among(const Entry *entries, uint32_t count, const Entry *entry)
{
    for (uint32_t i = 0; i < count; i++)
        if (same_key(&entries[i], entry) && !yaml_is_merge(&entries[i]))
            return !yaml_is_merge(entry);
    return false;
}

static bool are_distinct(const Entry *entries, uint32_t count)
{
    uint64_t marks = 0, mark;

    for (uint32_t i = 0; i < count; i++) {
        mark = mark_of(&entries[i]);
        if (marks & mark && is_among(entries, i, &entries[i]))
            return false;
        marks |= mark;
    }
    return true;
}

/* The entry that another one repeats, by a table of all before that are left. */
static bool find_in_table(Keys *keys, Entry *entries, uint32_t count, const Entry *entry,
                          Entry **same)
{
    uint32_t number;

    *same = NULL;
    if (yaml_is_merge(entry))
        return true;
    number = keys_find(keys, entry_key(entry));
    if (!number)
        return false;
    if (keys->items[number].place)
        *same = &entries[keys->items[number].place - 1];
    else
        keys->items[number].place = count + 1;
    return true;
}

bool keys_close(Entry *entries, uint32_t *count, KeyRepeated *repeated, void *context)
{
    Keys keys = {0};
    uint32_t kept = 0;
    bool good = true;
    Entry *same;

    if (*count <= SMALL_MAP && are_distinct(entries, *count))
        return true;
    for (uint32_t i = 0; i < *count && good; i++) {
        good = find_in_table(&keys, entries, kept, &entries[i], &same);
        if (same && repeated)
            repeated(context, &entries[i]);
        if (!same)
            same = &entries[kept++];
        *same = entries[i];
    }
    *count = kept;
    keys_free(&keys);
    return good;
}
