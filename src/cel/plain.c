#include "cel/plain.h"

static CelValue plain_list(const Node *node, Arena *arena)
{
    CelList *list = ARENA_NEW(arena, CelList);
    CelValue value = {.kind = CEL_LIST};

    if (list)
        list->items = ARENA_ARRAY(arena, CelValue, node->count);
    if (!list || !list->items)
        return cel_null();
    for (; list->count < node->count; list->count++)
        list->items[list->count] = cel_plain(&node->as.items[list->count], arena);
    value.as.list = list;
    return value;
}

static CelValue plain_map(const Node *node, Arena *arena)
{
    CelMap *map = ARENA_NEW(arena, CelMap);
    CelValue value = {.kind = CEL_MAP};

    if (map)
        map->entries = ARENA_ARRAY(arena, CelValue, (size_t)node->count * 2);
    if (!map || !map->entries)
        return cel_null();
    for (; map->count < node->count; map->count++) {
        const Entry *entry = &node->as.entries[map->count];
        map->entries[map->count * 2] = cel_string(entry_key(entry));
        if (entry->symbol <= UINT16_MAX)
            map->entries[map->count * 2].spare = (uint16_t)entry->symbol;
        map->entries[map->count * 2 + 1] = cel_plain(&entry->value, arena);
    }
    value.as.map = map;
    return value;
}

/* The nesting is that of a rule file or a configuration, which their readers have limited. */
CelValue cel_plain(const Node *node, Arena *arena)
{
    CelValue value;

    if (node->kind == NODE_LIST)
        return plain_list(node, arena);
    if (node->kind == NODE_MAP)
        return plain_map(node, arena);
    value = cel_from_node(node);
    value.flags = 0;
    value.origin = NULL;
    return value;
}
