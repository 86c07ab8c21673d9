#include "ir/node_edit.h"

static Node copy_list(const Node *from, uint64_t *budget, Arena *arena)
{
    Node *items = ARENA_ARRAY(arena, Node, from->count);
    Node copy = *from;

    if (!items)
        return node_make_null(node_span(from));
    for (uint32_t i = 0; i < from->count; i++)
        items[i] = node_copy(&from->as.items[i], budget, arena);
    copy.as.items = items;
    return copy;
}

static Node copy_map(const Node *from, uint64_t *budget, Arena *arena)
{
    Entry *entries = ARENA_ARRAY(arena, Entry, from->count);
    Node copy = *from;

    if (!entries)
        return node_make_null(node_span(from));
    for (uint32_t i = 0; i < from->count; i++) {
        entries[i] = from->as.entries[i];
        entries[i].value = node_copy(&from->as.entries[i].value, budget, arena);
    }
    copy.as.entries = entries;
    return copy;
}

Node node_copy(const Node *from, uint64_t *budget, Arena *arena)
{
    bool nested = from->kind == NODE_LIST || from->kind == NODE_MAP;

    if (!nested || !from->count)
        return *from;
    if (*budget <= from->count) {
        *budget = 0;
        return node_make_null(node_span(from));
    }
    *budget -= from->count;
    return from->kind == NODE_LIST ? copy_list(from, budget, arena) : copy_map(from, budget, arena);
}

static uint32_t deeper(uint32_t depth, const Node *node)
{
    uint32_t own = node_depth(node) + 1;

    return own > depth ? own : depth;
}

uint32_t node_depth(const Node *node)
{
    uint32_t depth = 0;

    for (uint32_t i = 0; node->kind == NODE_LIST && i < node->count; i++)
        depth = deeper(depth, &node->as.items[i]);
    for (uint32_t i = 0; node->kind == NODE_MAP && i < node->count; i++)
        depth = deeper(depth, &node->as.entries[i].value);
    return depth;
}

Node *node_at(Node *map, Str key)
{
    for (uint32_t i = 0; map && map->kind == NODE_MAP && i < map->count; i++)
        if (str_eq(entry_key(&map->as.entries[i]), key))
            return &map->as.entries[i].value;
    return NULL;
}

static Node *append_entry(Node *map, const Entry *entry, Arena *arena)
{
    uint32_t capacity = map->count;
    Entry *entries = arena_grow(arena, map->as.entries, map->count, &capacity,
                                (size_t)map->count + 1, sizeof *entries);

    if (!entries)
        return NULL;
    map->as.entries = entries;
    entries[map->count] = *entry;
    return &entries[map->count++].value;
}

Node *node_put_entry(Node *map, const Entry *entry, uint32_t key_source, Arena *arena)
{
    Node *old = node_at(map, entry_key(entry));
    Entry own = *entry;

    if (old) {
        *old = entry->value;
        return old;
    }
    if (key_source != map->source)
        own.key_start = own.key_end = 0;
    return append_entry(map, &own, arena);
}

Node *node_put(Node *map, const Symbols *symbols, Str key, Node value, Arena *arena)
{
    Entry entry = {.key = key.data,
                   .key_size = key.size,
                   .symbol = symbols_find(symbols, key),
                   .key_start = value.start,
                   .key_end = value.end,
                   .value = value};

    return node_put_entry(map, &entry, value.source, arena);
}

void node_remove(Node *map, Str key)
{
    const Node *value = node_at(map, key);
    Entry *entry;

    for (uint32_t i = 0; value && i < map->count; i++) {
        entry = &map->as.entries[i];
        if (&entry->value != value)
            continue;
        memmove(entry, entry + 1, (map->count - i - 1) * sizeof *entry);
        map->count--;
        return;
    }
}

Node *node_insert(Node *list, uint32_t index, Node item, Arena *arena)
{
    uint32_t capacity = list->count;
    Node *items = arena_grow(arena, list->as.items, list->count, &capacity, (size_t)list->count + 1,
                             sizeof *items);

    if (!items)
        return NULL;
    if (index > list->count)
        index = list->count;
    memmove(items + index + 1, items + index, (list->count - index) * sizeof *items);
    items[index] = item;
    list->as.items = items;
    list->count++;
    return &items[index];
}

void node_remove_item(Node *list, uint32_t index)
{
    Node *items = list->as.items;

    memmove(items + index, items + index + 1, (list->count - index - 1) * sizeof *items);
    list->count--;
}
