#include "cel/number.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* 2^63 and 2^64 are exact as doubles. */
#define TWO_63 9223372036854775808.0
#define TWO_64 18446744073709551616.0

bool number_parse_uint(Str text, uint64_t *value)
{
    uint64_t result = 0;

    if (text.size == 0)
        return false;
    for (uint32_t i = 0; i < text.size; i++) {
        if (text.data[i] < '0' || text.data[i] > '9')
            return false;
        if (__builtin_mul_overflow(result, (uint64_t)10, &result) ||
            __builtin_add_overflow(result, (uint64_t)(text.data[i] - '0'), &result))
            return false;
    }
    *value = result;
    return true;
}

bool number_parse_int(Str text, int64_t *value)
{
    bool negative = text.size > 0 && text.data[0] == '-';
    uint64_t size;

    if (text.size > 0 && (negative || text.data[0] == '+'))
        text = str_from(text, 1);
    if (!number_parse_uint(text, &size) || size > (uint64_t)INT64_MAX + negative)
        return false;
    *value = negative ? (int64_t)(0 - size) : (int64_t)size;
    return true;
}

/* strtod() takes more than a decimal number: hexadecimal, blanks, "nan(...)". */
static bool is_decimal(Str text)
{
    for (uint32_t i = 0; i < text.size; i++)
        if (!strchr("0123456789+-.eE", text.data[i]) || text.data[i] == '\0')
            return false;
    return text.size > 0;
}

static bool parse_special(Str text, double *value)
{
    bool negative = text.size > 0 && text.data[0] == '-';

    if (text.size > 0 && (negative || text.data[0] == '+'))
        text = str_from(text, 1);
    if (str_eq_nocase(text, STR("nan")))
        *value = NAN;
    else if (str_eq_nocase(text, STR("inf")) || str_eq_nocase(text, STR("infinity")))
        *value = negative ? -INFINITY : INFINITY;
    else
        return false;
    return true;
}

bool number_parse_double(Str text, double *value)
{
    char copy[512];
    char *end;

    if (parse_special(text, value))
        return true;
    if (!is_decimal(text) || text.size >= sizeof copy)
        return false;
    memcpy(copy, text.data, text.size);
    copy[text.size] = '\0';
    *value = strtod(copy, &end);
    return end == copy + text.size && isfinite(*value);
}

/* The least precision of %e that reads back as `value`. */
static int shortest_precision(double value)
{
    char text[40];

    for (int precision = 0; precision < 17; precision++) {
        snprintf(text, sizeof text, "%.*e", precision, value);
        if (strtod(text, NULL) == value)
            return precision;
    }
    return 17;
}

uint32_t number_print_double(double value, bool fixed, char text[NUMBER_TEXT_SIZE])
{
    int precision, exponent, size;
    char digits[40];

    if (isnan(value) || isinf(value))
        return (uint32_t)snprintf(text, NUMBER_TEXT_SIZE, "%s",
                                  isnan(value) ? "NaN"
                                  : value < 0  ? "-Infinity"
                                               : "Infinity");
    precision = shortest_precision(value);
    snprintf(digits, sizeof digits, "%.*e", precision, value);
    exponent = atoi(strchr(digits, 'e') + 1);
    if (!fixed && (exponent < -4 || exponent >= 21))
        size = snprintf(text, NUMBER_TEXT_SIZE, "%s", digits);
    else
        size = snprintf(text, NUMBER_TEXT_SIZE, "%.*f",
                        precision > exponent ? precision - exponent : 0, value);
    return (uint32_t)size;
}

bool number_double_to_int(double value, int64_t *out)
{
    /* The specification leaves the ends out: int(-2^63) and int(2^63) as doubles are errors. */
    if (!(value > -TWO_63 && value < TWO_63))
        return false;
    *out = (int64_t)value;
    return true;
}

bool number_double_to_uint(double value, uint64_t *out)
{
    if (!(value >= 0 && value < TWO_64))
        return false;
    *out = (uint64_t)value;
    return true;
}
