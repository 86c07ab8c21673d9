#include "ir/instances.h"

#include "ir/address.h"
#include "ir/str_map.h"

struct Instances {
    const Resource *resources;
    StrMap exact;   /* address to position + 1 */
    StrMap first;   /* base to position + 1 of the first instance */
    uint32_t *next; /* of each position: position + 1 of the next instance, or 0 */
};

Str instances_base(Str address)
{
    Address parts;

    if (!address_take_apart(address, &parts) || parts.attribute.size > 0)
        return address;
    return str_sub(address, 0, address.size - parts.key.size);
}

/* From the last to the first, so that each chain is in the unit's order. */
static bool add(Instances *instances, uint32_t position)
{
    Str address = instances->resources[position].address;
    Str base = instances_base(address);
    uint32_t *slot = str_map_at(&instances->exact, address);

    if (!slot)
        return false;
    *slot = position + 1;
    slot = str_map_at(&instances->first, base);
    if (!slot)
        return false;
    instances->next[position] = *slot;
    *slot = position + 1;
    return true;
}

Instances *instances_new(const Unit *unit)
{
    Instances *instances = ARENA_NEW(unit->arena, Instances);

    if (!instances)
        return NULL;
    *instances = (Instances){.resources = unit->resources,
                             .exact = str_map_new(unit->arena),
                             .first = str_map_new(unit->arena),
                             .next = ARENA_ARRAY(unit->arena, uint32_t, unit->resource_count + 1u)};
    if (!instances->next)
        return NULL;
    for (uint32_t i = unit->resource_count; i > 0; i--)
        if (!add(instances, i - 1))
            return NULL;
    return instances;
}

static const Resource *resource_of(const Instances *instances, uint32_t number)
{
    return number ? &instances->resources[number - 1] : NULL;
}

const Resource *instances_at(const Instances *instances, Str address)
{
    return resource_of(instances, str_map_find(&instances->exact, address));
}

const Resource *instances_first(const Instances *instances, Str base)
{
    return resource_of(instances, str_map_find(&instances->first, base));
}

const Resource *instances_next(const Instances *instances, const Resource *instance)
{
    return resource_of(instances, instances->next[instance - instances->resources]);
}
