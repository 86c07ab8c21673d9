/*
 * Kubernetes quantities: 100m, 1.5Gi, 2e3
 * (https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/).
 *
 * Kept as a whole number of billionths, which is what Kubernetes rounds to, away from zero; amounts
 * beyond 2^63-1 are that.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "cel/host.h"

typedef __int128 Nanos;

#define NANO ((Nanos)1000000000)
#define NANOS_MAX ((Nanos)INT64_MAX * NANO)

typedef struct Quantity {
    CelOpaque head;
    Nanos nanos;
} Quantity;

static Nanos nanos_of(const CelOpaque *value)
{
    return ((const Quantity *)value)->nanos;
}

/* reading */

typedef struct Suffix {
    char text[3];
    int16_t decimal; /* power of ten */
    uint16_t binary; /* power of two */
} Suffix;

static const Suffix suffixes[] = {
    {"", 0, 0},    {"n", -9, 0},  {"u", -6, 0},  {"m", -3, 0},  {"k", 3, 0},   {"M", 6, 0},
    {"G", 9, 0},   {"T", 12, 0},  {"P", 15, 0},  {"E", 18, 0},  {"Ki", 0, 10}, {"Mi", 0, 20},
    {"Gi", 0, 30}, {"Ti", 0, 40}, {"Pi", 0, 50}, {"Ei", 0, 60},
};

/* A quantity taken apart: digits before and after the point, a power of ten and one of two. */
typedef struct Parts {
    bool negative;
    Str whole;
    Str fraction;
    int64_t decimal;
    uint32_t binary;
} Parts;

static Str take_digits(Str *rest)
{
    uint32_t n = 0;
    Str digits;

    while (n < rest->size && rest->data[n] >= '0' && rest->data[n] <= '9')
        n++;
    digits = str_sub(*rest, 0, n);
    *rest = str_from(*rest, n);
    return digits;
}

/* An exponent: `e` or `E`, a sign, digits. Beyond a thousand it makes no difference. */
static bool read_exponent(Str text, int64_t *exponent)
{
    bool negative;
    Str digits;

    if (text.size < 2 || (text.data[0] != 'e' && text.data[0] != 'E'))
        return false;
    negative = text.data[1] == '-';
    text = str_from(text, text.data[1] == '-' || text.data[1] == '+' ? 2 : 1);
    digits = take_digits(&text);
    if (digits.size == 0 || text.size > 0)
        return false;
    *exponent = 0;
    for (uint32_t i = 0; i < digits.size && *exponent < 1000; i++)
        *exponent = *exponent * 10 + (digits.data[i] - '0');
    if (negative)
        *exponent = -*exponent;
    return true;
}

static bool read_suffix(Str text, Parts *parts)
{
    for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++)
        if (str_eq(text, str_of(suffixes[i].text))) {
            parts->decimal = suffixes[i].decimal;
            parts->binary = suffixes[i].binary;
            return true;
        }
    return read_exponent(text, &parts->decimal);
}

static bool take_apart(Str text, Parts *parts)
{
    *parts = (Parts){.negative = text.size > 0 && text.data[0] == '-'};
    if (text.size > 0 && (text.data[0] == '-' || text.data[0] == '+'))
        text = str_from(text, 1);
    parts->whole = take_digits(&text);
    if (text.size > 0 && text.data[0] == '.') {
        text = str_from(text, 1);
        parts->fraction = take_digits(&text);
    }
    return parts->whole.size + parts->fraction.size > 0 && read_suffix(text, parts);
}

/* The digit at a place counted from the decimal point, which the power of ten has moved. */
static int digit_at(const Parts *parts, int64_t place)
{
    int64_t index = (int64_t)parts->whole.size + place;

    if (index < 0 || index >= (int64_t)parts->whole.size + (int64_t)parts->fraction.size)
        return 0;
    return (index < (int64_t)parts->whole.size
                ? parts->whole.data[index]
                : parts->fraction.data[index - (int64_t)parts->whole.size]) -
           '0';
}

/* The amount in billionths, rounded up. All places are at most a text's length and a thousand away.
 */
static Nanos amount(const Parts *parts)
{
    int64_t point = parts->decimal, first = -(int64_t)parts->whole.size;
    int64_t last = (int64_t)parts->fraction.size;
    Nanos unit = NANO << parts->binary, whole = 0, part = 0;
    bool more = false;

    for (int64_t place = first < point ? first : point; place < point; place++) {
        whole = whole * 10 + digit_at(parts, place);
        if (whole > INT64_MAX)
            return NANOS_MAX;
    }
    for (int64_t place = last > point ? last : point; place-- > point;) {
        Nanos sum = digit_at(parts, place) * unit + part;

        more |= sum % 10 != 0;
        part = sum / 10;
    }
    if (whole > (NANOS_MAX - part - more) / unit)
        return NANOS_MAX;
    return whole * unit + part + more;
}

static bool read_nanos(Str text, Nanos *nanos)
{
    Parts parts;

    if (!take_apart(text, &parts))
        return false;
    *nanos = parts.negative ? -amount(&parts) : amount(&parts);
    return true;
}

/* The shortest text that reads back as `number`. */
static Str double_text(double number, char text[40])
{
    for (int digits = 1; digits <= 17; digits++) {
        snprintf(text, 40, "%.*g", digits, number);
        if (strtod(text, NULL) == number)
            break;
    }
    return str_of(text);
}

/* False for what is no quantity; `*fits` when it has the kind of one at all. */
static bool read_value(CelValue value, Nanos *nanos, bool *fits)
{
    char text[40];

    *fits = true;
    switch (value.kind) {
    case CEL_STRING:
        return read_nanos(cel_text(value), nanos);
    case CEL_INT:
        *nanos = (Nanos)value.as.integer * NANO;
        return true;
    case CEL_DOUBLE:
        return read_nanos(double_text(value.as.number, text), nanos);
    default:
        *fits = false;
        return false;
    }
}

/* as an opaque value */

static int order(const CelOpaque *a, const CelOpaque *b)
{
    Nanos x = nanos_of(a), y = nanos_of(b);

    return x < y ? -1 : x > y;
}

static bool equal(const CelOpaque *a, const CelOpaque *b)
{
    return order(a, b) == 0;
}

static Str text_of(const CelOpaque *value, Arena *arena)
{
    Nanos nanos = nanos_of(value), rest = nanos % NANO;
    Buf out = buf_new(arena);
    char fraction[16];
    int size;

    if (nanos < 0) {
        buf_add_char(&out, '-');
        rest = -rest;
    }
    buf_printf(&out, "%llu", (unsigned long long)((nanos < 0 ? -nanos : nanos) / NANO));
    if (rest) {
        size = snprintf(fraction, sizeof fraction, ".%09lld", (long long)rest);
        while (fraction[size - 1] == '0')
            size--;
        buf_add(&out, (Str){fraction, (uint32_t)size});
    }
    return buf_str(&out);
}

static const CelOpaqueKind quantity_kind = {"kubernetes.Quantity", equal, order, text_of};

static CelValue make(CelMachine *machine, Nanos nanos)
{
    Quantity *q = ARENA_NEW(machine->arena, Quantity);

    if (!q)
        return cel_spent();
    if (nanos > NANOS_MAX)
        nanos = NANOS_MAX;
    if (nanos < -NANOS_MAX)
        nanos = -NANOS_MAX;
    q->head.kind = &quantity_kind;
    q->nanos = nanos;
    return cel_new_opaque(&q->head);
}

static bool is_quantity(CelValue value)
{
    return value.kind == CEL_OPAQUE && value.as.opaque->kind == &quantity_kind;
}

/* functions */

CelValue cel_host_quantity(CelMachine *machine, const CelValue *args, uint32_t count)
{
    Nanos nanos;
    bool fits;

    (void)count;
    if (args[0].kind == CEL_NULL)
        return args[0];
    if (read_value(args[0], &nanos, &fits))
        return make(machine, nanos);
    return fits ? cel_error(machine, "this is no quantity") : cel_no_overload(machine);
}

CelValue cel_host_is_quantity(CelMachine *machine, const CelValue *args, uint32_t count)
{
    Nanos nanos;
    bool fits, result = read_value(args[0], &nanos, &fits);

    (void)count;
    return fits ? cel_bool(result) : cel_no_overload(machine);
}

static bool is_integer(Nanos nanos)
{
    return nanos % NANO == 0 && nanos / NANO >= INT64_MIN && nanos / NANO <= INT64_MAX;
}

CelValue cel_host_quantity_is_integer(CelMachine *machine, const CelValue *args, uint32_t count)
{
    (void)count;
    return is_quantity(args[0]) ? cel_bool(is_integer(nanos_of(args[0].as.opaque)))
                                : cel_no_overload(machine);
}

CelValue cel_host_quantity_as_integer(CelMachine *machine, const CelValue *args, uint32_t count)
{
    Nanos nanos;

    (void)count;
    if (!is_quantity(args[0]))
        return cel_no_overload(machine);
    nanos = nanos_of(args[0].as.opaque);
    return is_integer(nanos) ? cel_int((int64_t)(nanos / NANO))
                             : cel_error(machine, "the quantity is no integer");
}

CelValue cel_host_quantity_as_float(CelMachine *machine, const CelValue *args, uint32_t count)
{
    (void)count;
    if (!is_quantity(args[0]))
        return cel_no_overload(machine);
    return cel_double((double)nanos_of(args[0].as.opaque) / 1e9);
}

CelValue cel_host_quantity_sign(CelMachine *machine, const CelValue *args, uint32_t count)
{
    Nanos nanos;

    (void)count;
    if (!is_quantity(args[0]))
        return cel_no_overload(machine);
    nanos = nanos_of(args[0].as.opaque);
    return cel_int(nanos < 0 ? -1 : nanos > 0);
}

static CelValue add(CelMachine *machine, const CelValue *args, int sign)
{
    Nanos other;

    if (!is_quantity(args[0]) || (!is_quantity(args[1]) && args[1].kind != CEL_INT))
        return cel_no_overload(machine);
    other = is_quantity(args[1]) ? nanos_of(args[1].as.opaque) : (Nanos)args[1].as.integer * NANO;
    return make(machine, nanos_of(args[0].as.opaque) + sign * other);
}

CelValue cel_host_quantity_add(CelMachine *machine, const CelValue *args, uint32_t count)
{
    (void)count;
    return add(machine, args, 1);
}

CelValue cel_host_quantity_sub(CelMachine *machine, const CelValue *args, uint32_t count)
{
    (void)count;
    return add(machine, args, -1);
}
