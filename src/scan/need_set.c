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
           !is_path(&paths->items[paths->slots[at % NEED_SLOTS] - 1], path))
        at++;
    return &paths->slots[at % NEED_SLOTS];
}

/* The number of a path, which is added if it is new; NEED_MOST where there is no room for it. */
static uint32_t number_of(NeedPaths *paths, RulePath path, Arena *arena)
{
    uint8_t *slot = slot_of(paths, &path);
    RulePath *items;

    if (*slot || paths->count == NEED_MOST)
        return *slot ? *slot - 1u : NEED_MOST;
    items = arena_grow(arena, paths->items, paths->count, &paths->capacity, paths->count + 1u,
                       sizeof *items);
    if (!items)
        return NEED_MOST;
    items[paths->count++] = path;
    paths->items = items;
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

NeedSet need_paths_there(const NeedPaths *paths, const Node *body, const Node *pod)
{
    NeedSet there = {{0}};
    PathBegin begin = {0};

    for (uint32_t i = 0; i < paths->count; i++)
        if (rule_path_there(paths->items[i], body, pod, &begin))
            set_bit(&there, i);
    return there;
}
