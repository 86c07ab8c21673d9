/* unsortedKeys(): maps whose keys are not in alphabetical order. */
#include "cel/host.h"

typedef struct Unsorted {
    const Entry *key;   /* the first that stands too late */
    const Entry *after; /* the one before it */
} Unsorted;

typedef struct Search {
    CelMachine *machine;
    Unsorted *items;
    uint32_t count;
    uint32_t capacity;
    uint64_t looked;
} Search;

/* Whether a key stands in the map itself, and does not come of a merge or a front end. */
static bool is_own(const Node *map, const Entry *entry)
{
    return entry->key_start >= map->start && entry->key_end <= map->end;
}

static void search_order(Search *s, const Node *map)
{
    const Entry *last = NULL;
    Unsorted *items;

    for (uint32_t i = 0; i < map->count; i++) {
        const Entry *entry = &map->as.entries[i];
        if (!is_own(map, entry))
            continue;
        if (last && str_cmp(entry_key(last), entry_key(entry)) > 0) {
            items = arena_grow(s->machine->arena, s->items, s->count, &s->capacity, s->count + 1u,
                               sizeof *items);
            if (!items)
                return;
            s->items = items;
            items[s->count++] = (Unsorted){entry, last};
            return;
        }
        last = entry;
    }
}

/* The reader bounds the depth. */
static void search_node(Search *s, const Node *node)
{
    s->looked++;
    if (node->kind == NODE_MAP)
        search_order(s, node);
    for (uint32_t i = 0; node->kind == NODE_MAP && i < node->count; i++)
        search_node(s, &node->as.entries[i].value);
    for (uint32_t i = 0; node->kind == NODE_LIST && i < node->count; i++)
        search_node(s, &node->as.items[i]);
}

static CelValue unsorted_value(CelMachine *machine, const Unsorted *unsorted)
{
    CelValue *entries, map = cel_new_map(machine, 2, &entries);
    uint32_t used = 0;

    if (map.kind != CEL_MAP)
        return map;
    host_put(entries, &used, "key", cel_string(entry_key(unsorted->key)));
    host_put(entries, &used, "after", cel_string(entry_key(unsorted->after)));
    map.origin = &unsorted->key->value;
    return map;
}

CelValue cel_host_unsorted_keys(CelMachine *machine, const CelValue *args, uint32_t count)
{
    Search search = {.machine = machine};
    CelValue *items, list;

    (void)count;
    if (args[0].kind != CEL_RESOURCE)
        return args[0].kind == CEL_NULL ? args[0] : cel_no_overload(machine);
    search_node(&search, &args[0].as.resource->body);
    if (!cel_charge(machine, search.looked))
        return cel_exhausted(machine);
    list = cel_new_list(machine, search.count, &items);
    for (uint32_t i = 0; list.kind == CEL_LIST && i < search.count; i++)
        items[i] = unsorted_value(machine, &search.items[i]);
    return list;
}
