/* gather(): the lists that a map holds under some of its keys, as one. */
#include "cel/host.h"

/* What stands under a key. */
static CelValue value_under(CelValue map, CelValue key)
{
    const Node *node = node_get_named(map.as.node, cel_text(key));

    return node ? cel_from_part(node, cel_part_flags(map)) : host_absent(map);
}

/* Whether `part` can be added to what was gathered; if not, `*result` is what comes of that. */
static bool adds(CelMachine *machine, CelValue part, CelValue *result)
{
    if (part.kind == CEL_LIST)
        return true;
    if (part.kind == CEL_UNKNOWN)
        *result = part;
    else if (part.kind != CEL_NULL)
        *result = cel_no_overload(machine);
    return false;
}

static CelValue join(CelMachine *machine, CelValue first, CelValue second)
{
    uint32_t count = cel_count(first), more = cel_count(second);
    CelValue *items, list = cel_new_list(machine, count + more, &items);

    if (list.kind != CEL_LIST)
        return list;
    if (!cel_charge(machine, count + more))
        return cel_exhausted(machine);
    for (uint32_t i = 0; i < count; i++)
        items[i] = cel_list_item(first, i);
    for (uint32_t i = 0; i < more; i++)
        items[count + i] = cel_list_item(second, i);
    list.flags |= (first.flags | second.flags) & CEL_INCOMPLETE;
    return cel_with_origin(list, first);
}

CelValue cel_host_gather(CelMachine *machine, const CelValue *args, uint32_t count)
{
    CelValue result = args[0];

    (void)count;
    if (args[0].kind == CEL_NULL)
        return args[0];
    if (args[0].kind != CEL_MAP || !(args[0].flags & CEL_INPUT) || args[1].kind != CEL_LIST)
        return cel_no_overload(machine);
    result = host_absent(args[0]);
    for (uint32_t i = 0; i < cel_count(args[1]); i++) {
        CelValue key = cel_list_item(args[1], i), part;
        if (key.kind != CEL_STRING)
            return cel_no_overload(machine);
        if (!cel_charge(machine, cel_count(args[0]) / 8))
            return cel_exhausted(machine);
        part = value_under(args[0], key);
        if (adds(machine, part, &result))
            result = result.kind == CEL_NULL ? part : join(machine, result, part);
        if (result.kind != CEL_NULL && result.kind != CEL_LIST)
            return result;
    }
    return result;
}
