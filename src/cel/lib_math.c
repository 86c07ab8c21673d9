/* The math extension. */
#include <math.h>

#include "cel/library.h"

static bool is_number(CelValue value)
{
    return value.kind == CEL_INT || value.kind == CEL_UINT || value.kind == CEL_DOUBLE;
}

/* The first of the numbers that no other is above (`sign` 1) or below (-1). */
static CelValue extreme(CelMachine *machine, const CelValue *args, uint32_t count, int sign)
{
    bool list = count == 1 && args[0].kind == CEL_LIST;
    uint32_t size = list ? cel_count(args[0]) : count;
    CelValue best = {.kind = CEL_NULL}, obstacle;

    if (list && cel_list_obstacle(args[0], &obstacle))
        return obstacle;
    if (!cel_charge(machine, size))
        return cel_exhausted(machine);
    for (uint32_t i = 0; i < size; i++) {
        CelValue value = list ? cel_list_item(args[0], i) : args[i];

        if (!is_number(value))
            return cel_no_overload(machine);
        if (i == 0 || cel_order(value, best) == sign)
            best = value;
    }
    return size == 0 ? cel_error(machine, "the list of numbers is empty") : best;
}

CelValue cel_fn_math_greatest(CelMachine *machine, const CelValue *args, uint32_t count)
{
    return extreme(machine, args, count, 1);
}

CelValue cel_fn_math_least(CelMachine *machine, const CelValue *args, uint32_t count)
{
    return extreme(machine, args, count, -1);
}

typedef double Rounding(double number);

static CelValue apply(CelMachine *machine, const CelValue *args, uint32_t count, Rounding *rounding)
{
    if (!cel_args_are(args, count, "d"))
        return cel_no_overload(machine);
    return cel_double(rounding(args[0].as.number));
}

CelValue cel_fn_math_ceil(CelMachine *machine, const CelValue *args, uint32_t count)
{
    return apply(machine, args, count, ceil);
}

CelValue cel_fn_math_floor(CelMachine *machine, const CelValue *args, uint32_t count)
{
    return apply(machine, args, count, floor);
}

CelValue cel_fn_math_round(CelMachine *machine, const CelValue *args, uint32_t count)
{
    return apply(machine, args, count, round);
}

CelValue cel_fn_math_trunc(CelMachine *machine, const CelValue *args, uint32_t count)
{
    return apply(machine, args, count, trunc);
}

CelValue cel_fn_math_sqrt(CelMachine *machine, const CelValue *args, uint32_t count)
{
    if (cel_args_are(args, count, "i"))
        return cel_double(sqrt((double)args[0].as.integer));
    if (cel_args_are(args, count, "u"))
        return cel_double(sqrt((double)args[0].as.unsigned_integer));
    return apply(machine, args, count, sqrt);
}

CelValue cel_fn_math_abs(CelMachine *machine, const CelValue *args, uint32_t count)
{
    if (cel_args_are(args, count, "u"))
        return args[0];
    if (!cel_args_are(args, count, "i"))
        return apply(machine, args, count, fabs);
    if (args[0].as.integer == INT64_MIN)
        return cel_error(machine, "integer overflow");
    return args[0].as.integer < 0 ? cel_int(-args[0].as.integer) : args[0];
}

CelValue cel_fn_math_sign(CelMachine *machine, const CelValue *args, uint32_t count)
{
    double number;

    if (cel_args_are(args, count, "i"))
        return cel_int((args[0].as.integer > 0) - (args[0].as.integer < 0));
    if (cel_args_are(args, count, "u"))
        return cel_uint(args[0].as.unsigned_integer > 0);
    if (!cel_args_are(args, count, "d"))
        return cel_no_overload(machine);
    number = args[0].as.number;
    if (isnan(number))
        return args[0];
    return cel_double(number > 0 ? 1 : number < 0 ? -1 : 0);
}

CelValue cel_fn_math_is_nan(CelMachine *machine, const CelValue *args, uint32_t count)
{
    if (!cel_args_are(args, count, "d"))
        return cel_no_overload(machine);
    return cel_bool(isnan(args[0].as.number));
}

CelValue cel_fn_math_is_inf(CelMachine *machine, const CelValue *args, uint32_t count)
{
    if (!cel_args_are(args, count, "d"))
        return cel_no_overload(machine);
    return cel_bool(isinf(args[0].as.number));
}

CelValue cel_fn_math_is_finite(CelMachine *machine, const CelValue *args, uint32_t count)
{
    if (!cel_args_are(args, count, "d"))
        return cel_no_overload(machine);
    return cel_bool(isfinite(args[0].as.number));
}

/* A result of the arguments' type: both are int or both uint. */
static CelValue bits(CelValue like, uint64_t value)
{
    return like.kind == CEL_INT ? cel_int((int64_t)value) : cel_uint(value);
}

static bool are_bits(const CelValue *args, uint32_t count)
{
    return cel_args_are(args, count, "ii") || cel_args_are(args, count, "uu");
}

CelValue cel_fn_math_bit_and(CelMachine *machine, const CelValue *args, uint32_t count)
{
    if (!are_bits(args, count))
        return cel_no_overload(machine);
    return bits(args[0], args[0].as.unsigned_integer & args[1].as.unsigned_integer);
}

CelValue cel_fn_math_bit_or(CelMachine *machine, const CelValue *args, uint32_t count)
{
    if (!are_bits(args, count))
        return cel_no_overload(machine);
    return bits(args[0], args[0].as.unsigned_integer | args[1].as.unsigned_integer);
}

CelValue cel_fn_math_bit_xor(CelMachine *machine, const CelValue *args, uint32_t count)
{
    if (!are_bits(args, count))
        return cel_no_overload(machine);
    return bits(args[0], args[0].as.unsigned_integer ^ args[1].as.unsigned_integer);
}

CelValue cel_fn_math_bit_not(CelMachine *machine, const CelValue *args, uint32_t count)
{
    if (!cel_args_are(args, count, "i") && !cel_args_are(args, count, "u"))
        return cel_no_overload(machine);
    return bits(args[0], ~args[0].as.unsigned_integer);
}

/* How far to shift; false for what is no shift. */
static bool shift(CelMachine *machine, const CelValue *args, uint32_t count, uint64_t *by,
                  CelValue *failure)
{
    if (!cel_args_are(args, count, "ii") && !cel_args_are(args, count, "ui")) {
        *failure = cel_no_overload(machine);
        return false;
    }
    if (args[1].as.integer < 0) {
        *failure = cel_error(machine, "negative offset");
        return false;
    }
    *by = args[1].as.unsigned_integer;
    return true;
}

CelValue cel_fn_math_bit_shift_left(CelMachine *machine, const CelValue *args, uint32_t count)
{
    CelValue failure;
    uint64_t by;

    if (!shift(machine, args, count, &by, &failure))
        return failure;
    return bits(args[0], by > 63 ? 0 : args[0].as.unsigned_integer << by);
}

/* The sign is a bit like the others. */
CelValue cel_fn_math_bit_shift_right(CelMachine *machine, const CelValue *args, uint32_t count)
{
    CelValue failure;
    uint64_t by;

    if (!shift(machine, args, count, &by, &failure))
        return failure;
    return bits(args[0], by > 63 ? 0 : args[0].as.unsigned_integer >> by);
}
