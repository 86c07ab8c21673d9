#include "ir/str_map.h"

static StrMapSlot *slot_of(const StrMap *map, Str key)
{
    uint64_t hash = str_hash(key);
    uint32_t slot = (uint32_t)(hash ^ (hash >> 32)) & (map->slot_count - 1);

    while (map->slots[slot].key.data && !str_eq(map->slots[slot].key, key))
        slot = (slot + 1) & (map->slot_count - 1);
    return &map->slots[slot];
}

static bool grow(StrMap *map)
{
    StrMapSlot *old = map->slots;
    uint32_t old_count = map->slot_count;
    StrMapSlot *slots = ARENA_ARRAY(map->arena, StrMapSlot, old_count ? old_count * 2u : 32u);

    if (!slots)
        return false;
    map->slots = slots;
    map->slot_count = old_count ? old_count * 2 : 32;
    for (uint32_t i = 0; i < old_count; i++)
        if (old[i].key.data)
            *slot_of(map, old[i].key) = old[i];
    return true;
}

uint32_t *str_map_at(StrMap *map, Str key)
{
    StrMapSlot *slot;

    if (!key.data)
        key = STR("");
    if (2 * (map->used + 1) > map->slot_count && !grow(map))
        return NULL;
    slot = slot_of(map, key);
    if (!slot->key.data) {
        slot->key = key;
        map->used++;
    }
    return &slot->value;
}

uint32_t str_map_find(const StrMap *map, Str key)
{
    return map->slots ? slot_of(map, key)->value : 0;
}
