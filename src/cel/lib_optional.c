/* Optional types. */
#include "cel/library.h"

CelValue cel_fn_optional_none(CelMachine *machine, const CelValue *args, uint32_t count)
{
    (void)machine;
    (void)args;
    (void)count;
    return cel_no_optional();
}

CelValue cel_fn_optional_of(CelMachine *machine, const CelValue *args, uint32_t count)
{
    (void)count;
    return cel_new_optional(machine, args[0]);
}

static bool is_zero(CelValue value)
{
    switch ((CelKind)value.kind) {
    case CEL_NULL:
        return true;
    case CEL_BOOL:
        return !value.as.boolean;
    case CEL_INT:
    case CEL_UINT:
        return value.as.integer == 0;
    case CEL_DOUBLE:
        return value.as.number == 0;
    case CEL_STRING:
    case CEL_BYTES:
        return value.size == 0;
    case CEL_LIST:
        return cel_count(value) == 0 && !(value.flags & CEL_INCOMPLETE);
    case CEL_MAP:
        return cel_count(value) == 0;
    case CEL_DURATION:
    case CEL_TIMESTAMP:
        return value.as.time->seconds == 0 && value.as.time->nanos == 0;
    case CEL_OPTIONAL:
        return !value.as.optional;
    default:
        return false;
    }
}

CelValue cel_fn_optional_of_non_zero(CelMachine *machine, const CelValue *args, uint32_t count)
{
    (void)count;
    return is_zero(args[0]) ? cel_no_optional() : cel_new_optional(machine, args[0]);
}

CelValue cel_fn_optional_has_value(CelMachine *machine, const CelValue *args, uint32_t count)
{
    if (!cel_args_are(args, count, "o"))
        return cel_no_overload(machine);
    return cel_bool(args[0].as.optional != NULL);
}

CelValue cel_fn_optional_value(CelMachine *machine, const CelValue *args, uint32_t count)
{
    if (!cel_args_are(args, count, "o"))
        return cel_no_overload(machine);
    if (!args[0].as.optional)
        return cel_error(machine, "optional.none() dereference");
    return *args[0].as.optional;
}

/* The second argument counts only where the first has no value, so both may be anything. */
CelValue cel_fn_optional_or(CelMachine *machine, const CelValue *args, uint32_t count)
{
    (void)count;
    if (args[0].kind == CEL_UNKNOWN || args[0].kind == CEL_ERROR)
        return args[0];
    if (args[0].kind != CEL_OPTIONAL)
        return cel_no_overload(machine);
    if (args[0].as.optional)
        return args[0];
    if (args[1].kind != CEL_OPTIONAL && args[1].kind != CEL_UNKNOWN && args[1].kind != CEL_ERROR)
        return cel_no_overload(machine);
    return args[1];
}

CelValue cel_fn_optional_or_value(CelMachine *machine, const CelValue *args, uint32_t count)
{
    (void)count;
    if (args[0].kind == CEL_UNKNOWN || args[0].kind == CEL_ERROR)
        return args[0];
    if (args[0].kind != CEL_OPTIONAL)
        return cel_no_overload(machine);
    return args[0].as.optional ? *args[0].as.optional : args[1];
}

CelValue cel_fn_optional_unwrap(CelMachine *machine, const CelValue *args, uint32_t count)
{
    CelValue *items, result, obstacle;
    uint32_t used = 0;

    if (!cel_args_are(args, count, "l"))
        return cel_no_overload(machine);
    if (cel_list_obstacle(args[0], &obstacle))
        return obstacle;
    if (!cel_charge(machine, cel_count(args[0])))
        return cel_exhausted(machine);
    result = cel_new_list(machine, cel_count(args[0]), &items);
    if (result.kind == CEL_ERROR)
        return result;
    for (uint32_t i = 0; i < cel_count(args[0]); i++) {
        CelValue item = cel_list_item(args[0], i);

        if (item.kind != CEL_OPTIONAL)
            return cel_no_overload(machine);
        if (item.as.optional)
            items[used++] = *item.as.optional;
    }
    ((CelList *)result.as.list)->count = used;
    return result;
}
