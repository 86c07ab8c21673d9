#include "scan/need_set.h"

static void set_bit(NeedSet *set, uint32_t number)
{
    set->words[number / 64] |= UINT64_C(1) << number % 64;
}

static bool is_path(const RulePath *a, const RulePath *b)
{
    return a->symbols == b->symbols && a->count == b->count && a->pod == b->pod;
}

/* Where a path stands in the table, or belongs. */
static uint8_t *slot_of(NeedPaths *paths, const RulePath *path)
{
    uint32_t at = (uint32_t)((uintptr_t)path->symbols / sizeof(uint64_t)) * 2 + path->pod;

    while (paths->slots[at % NEED_SLOTS] &&
           !is_path(&paths->items[paths->slots[at % NEED_SLOTS] - 1].path, path))
        at++;
    return &paths->slots[at % NEED_SLOTS];
}

/* The entry for the paths that begin as this one does; NULL where memory is short. */
static NeedBegin *begin_of(NeedPaths *paths, const RulePath *path, Arena *arena)
{
    NeedBegin *begins = paths->begins;
    uint32_t count = paths->begin_count;

    for (uint32_t i = 0; i < count; i++)
        if (begins[i].symbol == path->symbols[0] && begins[i].pod == path->pod)
            return &begins[i];
    begins = arena_grow(arena, begins, count, &paths->begin_capacity, count + 1u, sizeof *begins);
    if (!begins)
        return NULL;
    begins[count] = (NeedBegin){path->symbols[0], path->pod, NEED_MOST};
    paths->begins = begins;
    paths->begin_count++;
    return &begins[count];
}

/* The number of a path, which is added if it is new; NEED_MOST where there is no room for it. */
static uint32_t number_of(NeedPaths *paths, RulePath path, Arena *arena)
{
    uint8_t *slot = slot_of(paths, &path);
    NeedBegin *begin;
    NeedPath *items;

    if (*slot || paths->count == NEED_MOST || path.count == 0)
        return *slot ? *slot - 1u : NEED_MOST;
    begin = begin_of(paths, &path, arena);
    items = arena_grow(arena, paths->items, paths->count, &paths->capacity, paths->count + 1u,
                       sizeof *items);
    if (!items)
        return NEED_MOST;
    paths->items = items;
    if (!begin)
        return NEED_MOST;
    items[paths->count] = (NeedPath){path, begin->last};
    begin->last = paths->count++;
    *slot = (uint8_t)paths->count;
    return paths->count - 1u;
}

NeedSet need_paths_add(NeedPaths *paths, const Rule *rule, BlobList needs, Arena *arena)
{
    NeedSet set = {{0}};

    for (uint32_t i = 0; i < needs.count; i++) {
        uint32_t number = number_of(paths, rule_path(rule, needs, i), arena);

        if (number == NEED_MOST)
            return (NeedSet){{0}};
        set_bit(&set, number);
    }
    return set;
}

static uint64_t key_bit(Symbol symbol)
{
    return UINT64_C(1) << symbol % 64;
}

/* Bits of which each key of a map sets one: most paths lead to a key that is not there. */
static uint64_t keys_of(const Node *node)
{
    uint64_t keys = 0;

    for (uint32_t i = 0; node->kind == NODE_MAP && i < node->count; i++)
        keys |= key_bit(node->as.entries[i].symbol);
    return keys;
}

/* Whether something, or something unknown, is at the path. `node` is where its first step leads,
 * and `keys` are those of it. */
static bool is_there(const RulePath *path, const Node *node, uint64_t keys)
{
    if (path->count > 1 && node->kind == NODE_MAP && !(keys & key_bit(path->symbols[1])))
        return false;
    for (uint32_t i = 1; i < path->count && node && node->kind == NODE_MAP; i++)
        node = node_get(node, path->symbols[i]);
    return node && node->kind != NODE_NULL;
}

NeedSet need_paths_there(const NeedPaths *paths, const Node *body, const Node *pod)
{
    NeedSet there = {{0}};

    for (uint32_t i = 0; i < paths->begin_count; i++) {
        const NeedBegin *begin = &paths->begins[i];
        const Node *whole = begin->pod ? pod : body, *node = whole;
        uint64_t keys;

        if (whole && whole->kind == NODE_MAP)
            node = node_get(whole, begin->symbol);
        keys = node ? keys_of(node) : 0;
        for (uint32_t at = begin->last; node && at != NEED_MOST; at = paths->items[at].next)
            if (is_there(&paths->items[at].path, node, keys))
                set_bit(&there, at);
    }
    return there;
}
