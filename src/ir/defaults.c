#include "ir/defaults.h"

#include "base/sorted.h"

static bool is_type_before(const void *item, const void *key)
{
    return ((const ProviderDefault *)item)->type < *(const Symbol *)key;
}

/* The first default of a type; they are sorted by it. */
static uint32_t first_of(const ProviderDefaults *defaults, Symbol type)
{
    return sorted_before(defaults->items, defaults->count, sizeof *defaults->items, is_type_before,
                         &type);
}

/* Where nobody can tell who sets an argument (a plan without its configuration), a switch or a
 * block that only the apply makes known is the provider's: what people write there is known before.
 */
static bool is_unset(const Node *node, const Node *value)
{
    if (node->kind != NODE_UNKNOWN)
        return node->kind == NODE_NULL;
    return node->as.unknown->unset ||
           (!node->as.unknown->set && (value->kind == NODE_BOOL || value->kind == NODE_LIST));
}

/* A copy of `value` that lies at `place` with all that is in it. Defaults come from the rule set,
 * whose reader has limited their depth. */
static Node default_at(Unit *unit, const Node *value, Span place)
{
    Node node = *value;
    Node *items = NULL;
    Entry *entries = NULL;

    node.flags |= NODE_DEFAULTED;
    node.source = (uint16_t)place.source;
    node.start = place.start;
    node.end = place.end;
    if (node.kind == NODE_LIST && node.count > 0) {
        items = ARENA_ARRAY(unit->arena, Node, node.count);
        for (uint32_t i = 0; items && i < node.count; i++)
            items[i] = default_at(unit, &value->as.items[i], place);
        node.as.items = items;
        node.count = items ? node.count : 0;
    } else if (node.kind == NODE_MAP && node.count > 0) {
        entries = ARENA_ARRAY(unit->arena, Entry, node.count);
        for (uint32_t i = 0; entries && i < node.count; i++) {
            entries[i] = value->as.entries[i];
            entries[i].key_start = entries[i].key_end = place.start;
            entries[i].value = default_at(unit, &value->as.entries[i].value, place);
        }
        node.as.entries = entries;
        node.count = entries ? node.count : 0;
    }
    return node;
}

static void append(Unit *unit, Node *map, Str key, Node value, Span place)
{
    map->as.entries[map->count++] = (Entry){.key = key.data,
                                            .key_size = key.size,
                                            .symbol = symbols_find(unit->symbols, key),
                                            .key_start = place.start,
                                            .key_end = place.start,
                                            .value = value};
}

/* Arguments of the resource itself have room already, which is made for all of them at once. */
static void put(Unit *unit, Node *map, Str key, const Node *value, Span place, bool nested)
{
    const Entry *entry = node_entry_named(map, key);
    Node *here = entry ? &map->as.entries[entry - map->as.entries].value : NULL;

    if (here && is_unset(here, value))
        *here = default_at(unit, value, place);
    else if (!here && (!nested || node_extend_map(map, 1, unit->arena)))
        append(unit, map, key, default_at(unit, value, place), place);
}

/* Follows `path` through blocks that are there, each of a list; a path has few steps. */
static void put_at(Unit *unit, Node *node, Str path, const Node *value, Span place, bool nested)
{
    const Entry *entry;
    Str rest = path, key;

    if (node->kind == NODE_LIST) {
        for (uint32_t i = 0; i < node->count; i++)
            if (node->as.items[i].kind == NODE_MAP)
                put_at(unit, &node->as.items[i], path, value, place, nested);
        return;
    }
    if (node->kind != NODE_MAP || !str_split(&rest, '.', &key))
        return;
    if (rest.size == 0) {
        put(unit, node, key, value, place, nested);
        return;
    }
    entry = node_entry_named(node, key);
    if (entry)
        put_at(unit, &node->as.entries[entry - node->as.entries].value, rest, value, place, true);
}

static uint32_t count_absent(const Node *body, const ProviderDefault *items, uint32_t count)
{
    uint32_t absent = 0;

    for (uint32_t i = 0; i < count; i++)
        absent += str_find_char(items[i].path, '.') < 0 && !node_get_named(body, items[i].path);
    return absent;
}

void defaults_apply(Unit *unit, Resource *resource)
{
    const ProviderDefaults *defaults = unit->defaults;
    const ProviderDefault *items;
    uint32_t count = 0, absent;

    if (!defaults || resource->type == SYMBOL_NONE || resource->body.kind != NODE_MAP)
        return;
    items = defaults->items + first_of(defaults, resource->type);
    while (items + count < defaults->items + defaults->count && items[count].type == resource->type)
        count++;
    absent = count_absent(&resource->body, items, count);
    if (absent > 0 && !node_extend_map(&resource->body, absent, unit->arena))
        return;
    for (uint32_t i = 0; i < count; i++)
        put_at(unit, &resource->body, items[i].path, &items[i].value, resource->header, false);
}
