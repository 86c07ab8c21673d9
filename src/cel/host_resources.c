/* resources(), referrers(), refs(), provider() and selected(): other resources of the unit. */
#include "cel/host.h"
#include "ir/index.h"
#include "ir/owner.h"
#include "ir/provider.h"

static CelValue resource_value(const Resource *resource)
{
    CelValue value = {.kind = CEL_RESOURCE, .flags = CEL_INPUT | CEL_CONFIGURED};

    if (resource->format == FORMAT_TERRAFORM || resource->format == FORMAT_PLAN)
        value.flags |= CEL_TERRAFORM;
    value.as.resource = resource;
    value.origin = &resource->body;
    return value;
}

/* The list that a rule sees; one that may lack resources says so and why. */
static CelValue list_of(CelMachine *machine, Found found)
{
    CelValue *items, list = cel_new_list(machine, found.count, &items);

    if (list.kind != CEL_LIST)
        return list;
    if (!cel_charge(machine, found.count))
        return cel_exhausted(machine);
    for (uint32_t i = 0; i < found.count; i++)
        items[i] = resource_value(found.items[i]);
    if (found.incomplete) {
        list.flags |= CEL_INCOMPLETE;
        machine->incomplete_cause = found.cause;
    }
    return list;
}

static CelValue no_unit(CelMachine *machine)
{
    return cel_unknown(machine, STR("other resources"));
}

CelValue cel_host_resources(CelMachine *machine, const CelValue *args, uint32_t count)
{
    CelValue result;
    Str type;

    (void)count;
    if (host_settled(machine, args, &type, &result))
        return result;
    return machine->unit ? list_of(machine, unit_resources(machine->unit, type)) : no_unit(machine);
}

CelValue cel_host_resources_valued(CelMachine *machine, const CelValue *args, uint32_t count)
{
    CelValue *items;

    (void)count;
    /* Nothing is of no type, and no text is like what is absent. */
    for (uint32_t i = 0; i <= 2; i += 2)
        if (args[i].kind == CEL_NULL && (args[i].flags & CEL_INPUT))
            return cel_with_origin(cel_new_list(machine, 0, &items), args[i]);
    if (args[0].kind != CEL_STRING || args[1].kind != CEL_STRING || args[2].kind != CEL_STRING)
        return cel_no_overload(machine);
    if (!machine->unit)
        return no_unit(machine);
    return list_of(machine, unit_valued(machine->unit, cel_text(args[0]), cel_text(args[1]),
                                        cel_text(args[2])));
}

CelValue cel_host_referrers(CelMachine *machine, const CelValue *args, uint32_t count)
{
    (void)count;
    if (args[0].kind == CEL_NULL)
        return args[0];
    if (args[0].kind != CEL_RESOURCE || args[1].kind != CEL_STRING || args[2].kind != CEL_STRING)
        return cel_no_overload(machine);
    if (!machine->unit)
        return no_unit(machine);
    return list_of(machine, unit_referrers(machine->unit, args[0].as.resource, cel_text(args[1]),
                                           cel_text(args[2])));
}

/* Whether `node` is a part of `whole`; counts the nodes that it looks at. */
static bool holds(const Node *whole, const Node *node, uint64_t *looked)
{
    if (whole == node)
        return true;
    if (whole->kind != NODE_LIST && whole->kind != NODE_MAP)
        return false;
    *looked += whole->count;
    for (uint32_t i = 0; i < whole->count; i++)
        if (holds(whole->kind == NODE_LIST ? &whole->as.items[i] : &whole->as.entries[i].value,
                  node, looked))
            return true;
    return false;
}

/* The resource that a value belongs to: the one that is judged, or one that was found on the way.
 */
static const Resource *owner_of(CelMachine *machine, const Node *value)
{
    const Resource *owner;
    uint64_t looked = 0;

    if (holds(&machine->resource->body, value, &looked))
        return machine->resource;
    if (!cel_charge(machine, looked / 8))
        return NULL;
    owner = unit_owner(machine->unit, value);
    return owner ? owner : machine->resource;
}

/* What a value refers to is asked for most where the value itself is unknown. */
CelValue cel_host_refs(CelMachine *machine, const CelValue *args, uint32_t count)
{
    const Resource *owner;

    (void)count;
    if (args[0].kind == CEL_NULL || args[0].kind == CEL_ERROR)
        return args[0];
    if (!machine->unit || !machine->resource)
        return args[0].kind == CEL_UNKNOWN ? args[0] : no_unit(machine);
    if (!args[0].origin)
        return cel_error(machine, "refs() takes a value of the resource");
    owner = owner_of(machine, args[0].origin);
    if (!owner)
        return cel_exhausted(machine);
    return list_of(machine, unit_refs(machine->unit, owner, args[0].origin));
}

CelValue cel_host_provider(CelMachine *machine, const CelValue *args, uint32_t count)
{
    const Resource *provider;

    (void)count;
    if (args[0].kind == CEL_NULL)
        return args[0];
    if (args[0].kind != CEL_RESOURCE)
        return cel_no_overload(machine);
    if (!machine->unit)
        return no_unit(machine);
    provider = provider_find(machine->unit, args[0].as.resource);
    return provider ? resource_value(provider) : host_absent(args[0]);
}

CelValue cel_host_selected(CelMachine *machine, const CelValue *args, uint32_t count)
{
    const Node *selector = NULL;

    (void)count;
    if (args[0].kind != CEL_STRING)
        return args[0].kind == CEL_NULL ? args[0] : cel_no_overload(machine);
    if (args[1].kind != CEL_NULL && (args[1].kind != CEL_MAP || !(args[1].flags & CEL_INPUT)))
        return cel_no_overload(machine);
    if (args[1].kind == CEL_MAP)
        selector = args[1].as.node;
    return machine->unit
               ? list_of(machine, unit_selected(machine->unit, cel_text(args[0]), selector))
               : no_unit(machine);
}
