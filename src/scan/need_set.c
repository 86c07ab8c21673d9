#include "scan/need_set.h"

static void set_bit(NeedSet *set, uint32_t number)
{
    set->words[number / 64] |= UINT64_C(1) << number % 64;
}

/* The number of a path, which is added if it is new; NEED_MOST where there is no room for it. */
static uint32_t number_of(NeedPaths *paths, const Rule *rule, const BlobPath *path, Arena *arena)
{
    NeedPath *items = paths->items;
    uint32_t number = 0;

    while (number < paths->count &&
           !rule_path_same(items[number].rule, items[number].path, rule, path))
        number++;
    if (number < paths->count || number == NEED_MOST)
        return number;
    items = arena_grow(arena, items, number, &paths->capacity, number + 1u, sizeof *items);
    if (!items)
        return NEED_MOST;
    items[number] = (NeedPath){rule, path};
    paths->items = items;
    paths->count++;
    return number;
}

NeedSet need_paths_add(NeedPaths *paths, const Rule *rule, BlobList needs, Arena *arena)
{
    NeedSet set = {{0}};

    for (uint32_t i = 0; i < needs.count; i++) {
        uint32_t number = number_of(paths, rule, rule_path(rule, needs, i), arena);

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
        if (rule_path_there(paths->items[i].rule, paths->items[i].path, body, pod, &begin))
            set_bit(&there, i);
    return there;
}
