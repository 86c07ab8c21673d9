#include "cel/arithmetic.h"

#include "cel/library.h"
#include "cel/time.h"

typedef CelValue Operation(CelMachine *machine, CelValue a, CelValue b);

/* Operands of one number type; which, or CEL_NULL for any others. */
static CelKind number_kind(CelValue a, CelValue b)
{
    if (a.kind == b.kind && (a.kind == CEL_INT || a.kind == CEL_UINT || a.kind == CEL_DOUBLE))
        return (CelKind)a.kind;
    return CEL_NULL;
}

static CelValue overflow(CelMachine *machine)
{
    return cel_error(machine, "return error for overflow");
}

/* Unknown operands, errors and absent input around an operation on plain values. */
static CelValue apply(CelMachine *machine, Operation *operation, CelValue a, CelValue b)
{
    CelValue result;

    if (a.kind == CEL_UNKNOWN || b.kind == CEL_UNKNOWN)
        return cel_vague(a.kind == CEL_UNKNOWN ? a : b);
    if (a.kind == CEL_ERROR || b.kind == CEL_ERROR)
        return a.kind == CEL_ERROR ? a : b;
    result = operation(machine, a, b);
    if (result.kind == CEL_ERROR && result.spare == CEL_NO_OVERLOAD) {
        if (cel_is_input_null(a))
            return a;
        if (cel_is_input_null(b))
            return b;
    }
    return cel_with_origin(cel_with_origin(result, a), b);
}

/* Adding */

static CelValue concatenate(CelMachine *machine, CelValue a, CelValue b)
{
    Str text;

    if (!cel_charge(machine, ((uint64_t)a.size + b.size) / 16))
        return cel_exhausted(machine);
    if ((uint64_t)a.size + b.size > UINT32_MAX)
        return cel_error(machine, "the text is too long");
    text = str_join(machine->arena, cel_text(a), cel_text(b));
    if (!text.data)
        return cel_spent();
    return a.kind == CEL_BYTES ? cel_bytes(text) : cel_string(text);
}

static CelValue join_lists(CelMachine *machine, CelValue a, CelValue b)
{
    uint32_t first = cel_count(a), second = cel_count(b);
    CelValue *items, result;

    if (!cel_charge(machine, (uint64_t)first + second))
        return cel_exhausted(machine);
    result = cel_new_list(machine, first + second, &items);
    if (result.kind == CEL_ERROR)
        return result;
    for (uint32_t i = 0; i < first; i++)
        items[i] = cel_list_item(a, i);
    for (uint32_t i = 0; i < second; i++)
        items[first + i] = cel_list_item(b, i);
    result.flags |= (a.flags | b.flags) & CEL_INCOMPLETE;
    return result;
}

static CelValue add_times(CelMachine *machine, CelValue a, CelValue b)
{
    bool timestamp = a.kind == CEL_TIMESTAMP || b.kind == CEL_TIMESTAMP;
    CelTime sum;

    if (!cel_time_add(*a.as.time, *b.as.time, timestamp, &sum))
        return cel_error(machine, "range");
    return cel_new_time(machine, timestamp ? CEL_TIMESTAMP : CEL_DURATION, sum);
}

static bool is_time(CelValue value)
{
    return value.kind == CEL_DURATION || value.kind == CEL_TIMESTAMP;
}

static CelValue add_numbers(CelMachine *machine, CelKind kind, CelValue a, CelValue b)
{
    CelValue result = {.kind = (uint8_t)kind};

    if (kind == CEL_DOUBLE)
        return cel_double(a.as.number + b.as.number);
    if (kind == CEL_INT ? __builtin_add_overflow(a.as.integer, b.as.integer, &result.as.integer)
                        : __builtin_add_overflow(a.as.unsigned_integer, b.as.unsigned_integer,
                                                 &result.as.unsigned_integer))
        return overflow(machine);
    return result;
}

static CelValue add(CelMachine *machine, CelValue a, CelValue b)
{
    CelKind kind = number_kind(a, b);

    if (kind != CEL_NULL)
        return add_numbers(machine, kind, a, b);
    if (a.kind == b.kind && (a.kind == CEL_STRING || a.kind == CEL_BYTES))
        return concatenate(machine, a, b);
    if (a.kind == CEL_LIST && b.kind == CEL_LIST)
        return join_lists(machine, a, b);
    if (is_time(a) && is_time(b) && !(a.kind == CEL_TIMESTAMP && b.kind == CEL_TIMESTAMP))
        return add_times(machine, a, b);
    return cel_no_overload(machine);
}

/* A text before an unknown is a known beginning of what comes out. */
static CelValue prefixed(CelMachine *machine, CelValue text, CelValue unknown)
{
    const Unknown *known = cel_unknown_of(unknown);
    Unknown *longer = ARENA_NEW(machine->arena, Unknown);
    CelValue result = unknown;

    if (!longer || !cel_charge(machine, text.size / 16))
        return unknown;
    *longer = *known;
    longer->type = NODE_STRING;
    longer->set = true;
    longer->may_be_null = false;
    longer->prefix = unknown.flags & CEL_VAGUE
                         ? cel_text(text)
                         : str_join(machine->arena, cel_text(text), known->prefix);
    result.flags &= (uint8_t)~CEL_VAGUE;
    result.as.unknown = longer->prefix.data ? longer : known;
    return result;
}

CelValue arithmetic_add(CelMachine *machine, CelValue a, CelValue b)
{
    if (a.kind == CEL_STRING && b.kind == CEL_UNKNOWN)
        return prefixed(machine, a, b);
    if (a.kind == CEL_UNKNOWN && b.kind == CEL_STRING)
        return a; /* begins as it began */
    return apply(machine, add, a, b);
}

/* The others */

static CelValue subtract_times(CelMachine *machine, CelValue a, CelValue b)
{
    CelTime difference;

    if (a.kind == CEL_DURATION && b.kind == CEL_TIMESTAMP)
        return cel_no_overload(machine);
    if (!cel_time_add(*a.as.time, cel_time_negate(*b.as.time),
                      a.kind == CEL_TIMESTAMP && b.kind == CEL_DURATION, &difference))
        return cel_error(machine, "range");
    return cel_new_time(machine, a.kind == b.kind ? CEL_DURATION : CEL_TIMESTAMP, difference);
}

static CelValue subtract(CelMachine *machine, CelValue a, CelValue b)
{
    CelKind kind = number_kind(a, b);
    CelValue result = {.kind = (uint8_t)kind};

    if (kind == CEL_DOUBLE)
        return cel_double(a.as.number - b.as.number);
    if (is_time(a) && is_time(b))
        return subtract_times(machine, a, b);
    if (kind == CEL_NULL)
        return cel_no_overload(machine);
    if (kind == CEL_INT ? __builtin_sub_overflow(a.as.integer, b.as.integer, &result.as.integer)
                        : __builtin_sub_overflow(a.as.unsigned_integer, b.as.unsigned_integer,
                                                 &result.as.unsigned_integer))
        return overflow(machine);
    return result;
}

CelValue arithmetic_subtract(CelMachine *machine, CelValue a, CelValue b)
{
    return apply(machine, subtract, a, b);
}

static CelValue multiply(CelMachine *machine, CelValue a, CelValue b)
{
    CelKind kind = number_kind(a, b);
    CelValue result = {.kind = (uint8_t)kind};

    if (kind == CEL_DOUBLE)
        return cel_double(a.as.number * b.as.number);
    if (kind == CEL_NULL)
        return cel_no_overload(machine);
    if (kind == CEL_INT ? __builtin_mul_overflow(a.as.integer, b.as.integer, &result.as.integer)
                        : __builtin_mul_overflow(a.as.unsigned_integer, b.as.unsigned_integer,
                                                 &result.as.unsigned_integer))
        return overflow(machine);
    return result;
}

CelValue arithmetic_multiply(CelMachine *machine, CelValue a, CelValue b)
{
    return apply(machine, multiply, a, b);
}

static CelValue divide(CelMachine *machine, CelValue a, CelValue b)
{
    CelKind kind = number_kind(a, b);

    if (kind == CEL_DOUBLE)
        return cel_double(a.as.number / b.as.number);
    if (kind == CEL_NULL)
        return cel_no_overload(machine);
    if (b.as.integer == 0)
        return cel_error(machine, "divide by zero");
    if (kind == CEL_UINT)
        return cel_uint(a.as.unsigned_integer / b.as.unsigned_integer);
    if (a.as.integer == INT64_MIN && b.as.integer == -1)
        return overflow(machine);
    return cel_int(a.as.integer / b.as.integer);
}

CelValue arithmetic_divide(CelMachine *machine, CelValue a, CelValue b)
{
    return apply(machine, divide, a, b);
}

static CelValue modulo(CelMachine *machine, CelValue a, CelValue b)
{
    CelKind kind = number_kind(a, b);

    if (kind == CEL_NULL || kind == CEL_DOUBLE)
        return cel_no_overload(machine);
    if (b.as.integer == 0)
        return cel_error(machine, "modulus by zero");
    if (kind == CEL_UINT)
        return cel_uint(a.as.unsigned_integer % b.as.unsigned_integer);
    if (a.as.integer == INT64_MIN && b.as.integer == -1)
        return overflow(machine);
    return cel_int(a.as.integer % b.as.integer);
}

CelValue arithmetic_modulo(CelMachine *machine, CelValue a, CelValue b)
{
    return apply(machine, modulo, a, b);
}

static CelValue negate(CelMachine *machine, CelValue a, CelValue b)
{
    (void)b;
    if (a.kind == CEL_DOUBLE)
        return cel_double(-a.as.number);
    if (a.kind != CEL_INT)
        return cel_no_overload(machine);
    if (a.as.integer == INT64_MIN)
        return overflow(machine);
    return cel_int(-a.as.integer);
}

CelValue arithmetic_negate(CelMachine *machine, CelValue a)
{
    return apply(machine, negate, a, cel_null());
}
