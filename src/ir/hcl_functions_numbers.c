#include <math.h>

#include "ir/hcl_functions_parts.h"

static Node one_number(HclEval *eval, const HclCall *call, double (*function)(double))
{
    double number;

    if (!hcl_arg_number(eval, call, 0, &number))
        return hcl_failed(eval, call);
    return hcl_make_number(call->at, function(number));
}

Node hcl_fn_abs(HclEval *eval, const HclCall *call)
{
    return one_number(eval, call, fabs);
}

Node hcl_fn_ceil(HclEval *eval, const HclCall *call)
{
    return one_number(eval, call, ceil);
}

Node hcl_fn_floor(HclEval *eval, const HclCall *call)
{
    return one_number(eval, call, floor);
}

static double sign(double number)
{
    return (number > 0) - (number < 0);
}

Node hcl_fn_signum(HclEval *eval, const HclCall *call)
{
    return one_number(eval, call, sign);
}

/* log(8, 2) is 3, although the quotient of two logarithms may miss it by the last bit. */
static double log_to(double number, double base)
{
    double result = log(number) / log(base), whole = round(result);

    return fabs(result - whole) < 1e-12 ? whole : result;
}

static Node two_numbers(HclEval *eval, const HclCall *call, double (*function)(double, double))
{
    double a, b, result;

    if (!hcl_arg_number(eval, call, 0, &a) || !hcl_arg_number(eval, call, 1, &b))
        return hcl_failed(eval, call);
    result = function(a, b);
    if (isnan(result))
        return hcl_fail(eval, call->at, "%.*s() has no result here", STR_ARG(call->name));
    return hcl_make_number(call->at, result);
}

Node hcl_fn_log(HclEval *eval, const HclCall *call)
{
    return two_numbers(eval, call, log_to);
}

Node hcl_fn_pow(HclEval *eval, const HclCall *call)
{
    return two_numbers(eval, call, pow);
}

/* The value of a digit in the bases up to 62: up to 36 the case of letters means nothing. */
static int64_t digit_value(char c, int64_t base)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'Z')
        return base <= 36 ? c - 'A' + 10 : c - 'A' + 36;
    return base;
}

Node hcl_fn_parseint(HclEval *eval, const HclCall *call)
{
    bool negative;
    int64_t base, value = 0;
    uint32_t i;
    Str text;

    if (!hcl_arg_text(eval, call, 0, &text) || !hcl_arg_integer(eval, call, 1, &base))
        return hcl_failed(eval, call);
    if (base < 2 || base > 62)
        return hcl_fail(eval, call->at, "parseint() knows the bases 2 to 62");
    negative = text.size && *text.data == '-';
    i = text.size && (*text.data == '-' || *text.data == '+');
    if (i == text.size)
        return hcl_fail(eval, call->at, "parseint() of no number");
    for (; i < text.size; i++) {
        int64_t digit = digit_value(text.data[i], base);
        if (digit >= base || __builtin_mul_overflow(value, base, &value) ||
            __builtin_add_overflow(value, digit, &value))
            return hcl_fail(eval, call->at, "\"%.*s\" is no number in base %lld", STR_ARG(text),
                            (long long)base);
    }
    return node_make_int(call->at, negative ? -value : value);
}
