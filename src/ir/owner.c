#include "ir/owner.h"

#include <stdint.h>
#include <stdlib.h>

#include "base/limits.h"

/* An array of nodes or entries. */
typedef struct Extent {
    uintptr_t start;
    uintptr_t end;
    uint32_t resource; /* its number in the unit */
} Extent;

struct UnitOwners {
    Extent *extents; /* by start; of the same array the first resource's */
    uint32_t count;
    uint32_t capacity;
};

static void add_extent(Unit *unit, const void *start, size_t size, uint32_t resource)
{
    UnitOwners *owners = unit->owners;
    Extent *grown = arena_grow(unit->arena, owners->extents, owners->count, &owners->capacity,
                               (size_t)owners->count + 1, sizeof *grown);

    if (!grown)
        return;
    owners->extents = grown;
    grown[owners->count++] = (Extent){(uintptr_t)start, (uintptr_t)start + size, resource};
}

static void add_below(Unit *unit, const Node *node, uint32_t resource, uint32_t depth)
{
    if (depth > LIMIT_DEPTH || !node->count)
        return;
    if (node->kind == NODE_LIST)
        add_extent(unit, node->as.items, node->count * sizeof *node->as.items, resource);
    else if (node->kind == NODE_MAP)
        add_extent(unit, node->as.entries, node->count * sizeof *node->as.entries, resource);
    for (uint32_t i = 0; node->kind == NODE_LIST && i < node->count; i++)
        add_below(unit, &node->as.items[i], resource, depth + 1);
    for (uint32_t i = 0; node->kind == NODE_MAP && i < node->count; i++)
        add_below(unit, &node->as.entries[i].value, resource, depth + 1);
}

static int compare_extents(const void *a, const void *b)
{
    const Extent *x = a, *y = b;

    if (x->start != y->start)
        return x->start < y->start ? -1 : 1;
    return (x->resource > y->resource) - (x->resource < y->resource);
}

static UnitOwners *get_owners(Unit *unit)
{
    if (unit->owners)
        return unit->owners;
    unit->owners = ARENA_NEW(unit->arena, UnitOwners);
    for (uint32_t i = 0; unit->owners && i < unit->resource_count; i++) {
        add_extent(unit, &unit->resources[i].body, sizeof(Node), i);
        add_below(unit, &unit->resources[i].body, i, 0);
    }
    if (unit->owners && unit->owners->count)
        qsort(unit->owners->extents, unit->owners->count, sizeof(Extent), compare_extents);
    return unit->owners;
}

/* The first extent that begins after `at`. */
static uint32_t extent_after(const UnitOwners *owners, uintptr_t at)
{
    uint32_t low = 0, high = owners->count;

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (owners->extents[middle].start <= at)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

const Resource *unit_owner(Unit *unit, const Node *value)
{
    const UnitOwners *owners = get_owners(unit);
    uintptr_t at = (uintptr_t)value;
    uint32_t i = owners ? extent_after(owners, at) : 0;
    const Resource *owner = NULL;

    /* Arrays lie apart, but resources may share one. */
    for (; i > 0 && owners->extents[i - 1].end > at; i--)
        owner = &unit->resources[owners->extents[i - 1].resource];
    return owner;
}
