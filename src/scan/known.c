#include "scan/known.h"

#include <stdlib.h>

#include "base/sorted.h"

bool known_add(KnownSet *set, const char *fingerprint, const char *moved, bool gone)
{
    KnownFinding *grown = arena_grow(set->arena, set->items, set->count, &set->capacity,
                                     set->count + 1u, sizeof *grown);

    if (!grown)
        return false;
    set->items = grown;
    grown[set->count] = (KnownFinding){.gone = gone, .number = set->count};
    memcpy(grown[set->count].fingerprint, fingerprint, FINGERPRINT_DIGITS);
    memcpy(grown[set->count].moved, moved, FINGERPRINT_DIGITS);
    set->count++;
    return true;
}

static int compare_items(const void *a, const void *b)
{
    const KnownFinding *x = a, *y = b;
    int order = strcmp(x->fingerprint, y->fingerprint);

    return order ? order : (x->number > y->number) - (x->number < y->number);
}

static int compare_moved(const void *a, const void *b)
{
    const KnownFinding *const *x = a, *const *y = b;

    return strcmp((*x)->moved, (*y)->moved);
}

static bool any_gone(const KnownSet *set)
{
    for (uint32_t i = 0; i < set->count; i++)
        if (set->items[i].gone)
            return true;
    return false;
}

bool known_seal(KnownSet *set)
{
    if (set->count)
        qsort(set->items, set->count, sizeof *set->items, compare_items);
    if (!any_gone(set))
        return true;
    set->by_moved = ARENA_ARRAY(set->arena, KnownFinding *, set->count);
    if (!set->by_moved)
        return false;
    for (uint32_t i = 0; i < set->count; i++)
        set->by_moved[i] = &set->items[i];
    qsort(set->by_moved, set->count, sizeof *set->by_moved, compare_moved);
    return true;
}

static bool is_finding_before(const void *item, const void *key)
{
    return strcmp(((const KnownFinding *)item)->fingerprint, key) < 0;
}

KnownFinding *known_take(KnownSet *set, const char *fingerprint)
{
    uint32_t from =
        sorted_before(set->items, set->count, sizeof *set->items, is_finding_before, fingerprint);

    for (; from < set->count && strcmp(set->items[from].fingerprint, fingerprint) == 0; from++) {
        if (set->items[from].used)
            continue;
        set->items[from].used = true;
        return &set->items[from];
    }
    return NULL;
}

/* The first one with that `moved`, in the order of those; `*alone` if no other has it. */
static KnownFinding *find_moved(const KnownSet *set, const char *moved, bool *alone)
{
    uint32_t from = 0, to = set->by_moved ? set->count : 0;

    while (from < to) {
        uint32_t middle = from + (to - from) / 2;
        if (strcmp(set->by_moved[middle]->moved, moved) < 0)
            from = middle + 1;
        else
            to = middle;
    }
    if (!set->by_moved || from == set->count || strcmp(set->by_moved[from]->moved, moved) != 0)
        return NULL;
    *alone = from + 1 == set->count || strcmp(set->by_moved[from + 1]->moved, moved) != 0;
    return set->by_moved[from];
}

bool known_has_moved(const KnownSet *set, const char *moved)
{
    bool alone = false;
    const KnownFinding *found = find_moved(set, moved, &alone);

    return found && alone && found->gone && !found->used;
}

void known_see(KnownSet *set, const char *moved)
{
    bool alone;
    KnownFinding *found = find_moved(set, moved, &alone);

    if (found)
        found->seen++;
}

KnownFinding *known_take_moved(KnownSet *set, const char *moved)
{
    bool alone = false;
    KnownFinding *found = find_moved(set, moved, &alone);

    if (!found || !alone || !found->gone || found->used || found->seen != 1)
        return NULL;
    found->used = true;
    return found;
}
