/* Conversions, size() and what the standard library does with texts. */
#include "cel/library.h"
#include "cel/number.h"
#include "cel/time.h"

static CelValue range_error(CelMachine *machine)
{
    return cel_error(machine, "range");
}

static CelValue conversion_error(CelMachine *machine, CelValue value, const char *type)
{
    Str text = cel_text(value);

    return cel_error(machine, "Type conversion error: '%.*s' is no %s",
                     (int)(text.size < 80 ? text.size : 80), text.data, type);
}

CelValue cel_fn_bool(CelMachine *machine, const CelValue *args, uint32_t count)
{
    static const Str words[] = {STR_INIT("1"),     STR_INIT("t"),     STR_INIT("T"),
                                STR_INIT("true"),  STR_INIT("TRUE"),  STR_INIT("True"),
                                STR_INIT("0"),     STR_INIT("f"),     STR_INIT("F"),
                                STR_INIT("false"), STR_INIT("FALSE"), STR_INIT("False")};

    if (cel_args_are(args, count, "B"))
        return args[0];
    if (!cel_args_are(args, count, "s"))
        return cel_no_overload(machine);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (str_eq(cel_text(args[0]), words[i]))
            return cel_bool(i < 6);
    return conversion_error(machine, args[0], "bool");
}

CelValue cel_fn_int(CelMachine *machine, const CelValue *args, uint32_t count)
{
    CelValue value = args[0];
    int64_t result;

    (void)count;
    switch ((CelKind)value.kind) {
    case CEL_INT:
        return value;
    case CEL_UINT:
        if (value.as.unsigned_integer > INT64_MAX)
            return range_error(machine);
        return cel_int((int64_t)value.as.unsigned_integer);
    case CEL_DOUBLE:
        if (!number_double_to_int(value.as.number, &result))
            return range_error(machine);
        return cel_int(result);
    case CEL_STRING:
        if (!number_parse_int(cel_text(value), &result))
            return conversion_error(machine, value, "int");
        return cel_int(result);
    case CEL_TIMESTAMP:
    case CEL_DURATION:
        return cel_int(value.as.time->seconds);
    default:
        return cel_no_overload(machine);
    }
}

CelValue cel_fn_uint(CelMachine *machine, const CelValue *args, uint32_t count)
{
    CelValue value = args[0];
    uint64_t result;

    (void)count;
    switch ((CelKind)value.kind) {
    case CEL_UINT:
        return value;
    case CEL_INT:
        if (value.as.integer < 0)
            return range_error(machine);
        return cel_uint((uint64_t)value.as.integer);
    case CEL_DOUBLE:
        if (!number_double_to_uint(value.as.number, &result))
            return range_error(machine);
        return cel_uint(result);
    case CEL_STRING:
        if (!number_parse_uint(cel_text(value), &result))
            return conversion_error(machine, value, "uint");
        return cel_uint(result);
    default:
        return cel_no_overload(machine);
    }
}

CelValue cel_fn_double(CelMachine *machine, const CelValue *args, uint32_t count)
{
    CelValue value = args[0];
    double result;

    (void)count;
    switch ((CelKind)value.kind) {
    case CEL_DOUBLE:
        return value;
    case CEL_INT:
        return cel_double((double)value.as.integer);
    case CEL_UINT:
        return cel_double((double)value.as.unsigned_integer);
    case CEL_STRING:
        if (!number_parse_double(cel_text(value), &result))
            return conversion_error(machine, value, "double");
        return cel_double(result);
    default:
        return cel_no_overload(machine);
    }
}

CelValue cel_fn_string(CelMachine *machine, const CelValue *args, uint32_t count)
{
    CelValue value = args[0];
    Str text;

    (void)count;
    switch ((CelKind)value.kind) {
    case CEL_STRING:
        return value;
    case CEL_BYTES:
        if (!cel_charge(machine, value.size / 8))
            return cel_exhausted(machine);
        if (!utf8_valid(cel_text(value)))
            return cel_error(machine, "invalid UTF-8");
        return cel_string(cel_text(value));
    case CEL_BOOL:
    case CEL_INT:
    case CEL_UINT:
    case CEL_DOUBLE:
    case CEL_TIMESTAMP:
    case CEL_DURATION:
    case CEL_OPAQUE:
        text = cel_value_text(value, machine->arena);
        return arena_spent(machine->arena) ? cel_spent() : cel_string(text);
    default:
        return cel_no_overload(machine);
    }
}

CelValue cel_fn_bytes(CelMachine *machine, const CelValue *args, uint32_t count)
{
    if (cel_args_are(args, count, "b"))
        return args[0];
    if (!cel_args_are(args, count, "s"))
        return cel_no_overload(machine);
    return cel_bytes(cel_text(args[0]));
}

CelValue cel_fn_duration(CelMachine *machine, const CelValue *args, uint32_t count)
{
    CelTime time;

    if (cel_args_are(args, count, "D"))
        return args[0];
    if (cel_args_are(args, count, "i"))
        return cel_new_time(machine, CEL_DURATION, (CelTime){args[0].as.integer, 0});
    if (!cel_args_are(args, count, "s"))
        return cel_no_overload(machine);
    if (!cel_duration_parse(cel_text(args[0]), &time))
        return conversion_error(machine, args[0], "duration, or beyond its range");
    return cel_new_time(machine, CEL_DURATION, time);
}

CelValue cel_fn_timestamp(CelMachine *machine, const CelValue *args, uint32_t count)
{
    CelTime time;

    if (cel_args_are(args, count, "t"))
        return args[0];
    if (cel_args_are(args, count, "i"))
        return cel_new_time(machine, CEL_TIMESTAMP, (CelTime){args[0].as.integer, 0});
    if (!cel_args_are(args, count, "s"))
        return cel_no_overload(machine);
    if (!cel_timestamp_parse(cel_text(args[0]), &time))
        return conversion_error(machine, args[0], "timestamp, or beyond its range");
    return cel_new_time(machine, CEL_TIMESTAMP, time);
}

CelValue cel_fn_dyn(CelMachine *machine, const CelValue *args, uint32_t count)
{
    (void)machine;
    (void)count;
    return args[0];
}

CelValue cel_fn_type(CelMachine *machine, const CelValue *args, uint32_t count)
{
    CelValue result = {.kind = CEL_TYPE};
    CelType *type = ARENA_NEW(machine->arena, CelType);

    (void)count;
    if (!type)
        return cel_spent();
    type->kind = cel_type_kind((CelKind)args[0].kind);
    if (type->kind == CEL_TYPE_OPAQUE)
        type->name = cel_kind_name(args[0]);
    result.as.type = type;
    return result;
}

CelValue cel_fn_size(CelMachine *machine, const CelValue *args, uint32_t count)
{
    CelValue value = args[0];

    (void)count;
    switch ((CelKind)value.kind) {
    case CEL_STRING:
        if (!cel_charge(machine, value.size / 16))
            return cel_exhausted(machine);
        return cel_int(utf8_length(cel_text(value)));
    case CEL_BYTES:
        return cel_int(value.size);
    case CEL_LIST:
    case CEL_MAP:
    case CEL_RESOURCE:
        return cel_int(cel_count(value));
    default:
        return cel_is_input_null(value) ? cel_int(0) : cel_no_overload(machine);
    }
}

CelValue cel_fn_starts_with(CelMachine *machine, const CelValue *args, uint32_t count)
{
    if (!cel_args_are(args, count, "ss"))
        return cel_no_overload(machine);
    return cel_bool(str_starts(cel_text(args[0]), cel_text(args[1])));
}

CelValue cel_fn_ends_with(CelMachine *machine, const CelValue *args, uint32_t count)
{
    if (!cel_args_are(args, count, "ss"))
        return cel_no_overload(machine);
    return cel_bool(str_ends(cel_text(args[0]), cel_text(args[1])));
}

CelValue cel_fn_contains(CelMachine *machine, const CelValue *args, uint32_t count)
{
    if (!cel_args_are(args, count, "ss"))
        return cel_no_overload(machine);
    if (!cel_charge(machine, args[0].size / 16))
        return cel_exhausted(machine);
    return cel_bool(str_find(cel_text(args[0]), cel_text(args[1])) >= 0);
}
