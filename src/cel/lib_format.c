/* format(): printf for CEL. */
#include <ctype.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/limits.h"
#include "cel/library.h"
#include "cel/number.h"

/* No text of a number is longer than this many decimals asks for. */
#define PRECISION_MAX 1000

typedef struct Formatter {
    CelMachine *machine;
    Buf out;
    CelValue failure; /* an error or unknown once something went wrong, else null */
} Formatter;

static void fail(Formatter *f, CelValue value, const char *what)
{
    Str kind = cel_kind_name(value);

    if (value.kind == CEL_UNKNOWN || value.kind == CEL_ERROR)
        f->failure = value;
    else
        f->failure = cel_error(f->machine, "error during formatting: %s, was given %.*s", what,
                               STR_ARG(kind));
}

static bool add_special(Formatter *f, double number)
{
    if (isfinite(number))
        return false;
    buf_add_z(&f->out, isnan(number) ? "NaN" : number < 0 ? "-Infinity" : "Infinity");
    return true;
}

static void add_string(Formatter *f, CelValue value, uint32_t depth);

static void add_double(Formatter *f, double number)
{
    char text[NUMBER_TEXT_SIZE];

    buf_add(&f->out, (Str){text, number_print_double(number, true, text)});
}

static void add_list(Formatter *f, CelValue list, uint32_t depth)
{
    buf_add_char(&f->out, '[');
    for (uint32_t i = 0; i < cel_count(list) && f->failure.kind == CEL_NULL; i++) {
        buf_add_z(&f->out, i ? ", " : "");
        add_string(f, cel_list_item(list, i), depth + 1);
    }
    buf_add_char(&f->out, ']');
}

/* The text that %s makes of a value alone. */
static Str string_of(Formatter *f, CelValue value, uint32_t depth)
{
    Formatter part = {.machine = f->machine, .out = buf_new(f->machine->arena)};

    add_string(&part, value, depth);
    if (part.failure.kind != CEL_NULL)
        f->failure = part.failure;
    return buf_str(&part.out);
}

typedef struct Line {
    Str key;
    Str value;
} Line;

static int compare_lines(const void *a, const void *b)
{
    return str_cmp(((const Line *)a)->key, ((const Line *)b)->key);
}

/* In the order of the keys' texts, so that the same map gives the same text. */
static void add_map(Formatter *f, CelValue map, uint32_t depth)
{
    uint32_t count = cel_count(map);
    Line *lines = ARENA_ARRAY(f->machine->arena, Line, (size_t)count + 1);

    if (!lines) {
        f->failure = cel_spent();
        return;
    }
    for (uint32_t i = 0; i < count && f->failure.kind == CEL_NULL; i++) {
        lines[i].key = string_of(f, cel_map_key(map, i), depth + 1);
        lines[i].value = string_of(f, cel_map_value(map, i), depth + 1);
    }
    if (f->failure.kind != CEL_NULL)
        return;
    qsort(lines, count, sizeof *lines, compare_lines);
    buf_add_char(&f->out, '{');
    for (uint32_t i = 0; i < count; i++) {
        buf_add_z(&f->out, i ? ", " : "");
        buf_add(&f->out, lines[i].key);
        buf_add_z(&f->out, ": ");
        buf_add(&f->out, lines[i].value);
    }
    buf_add_char(&f->out, '}');
}

static void add_string(Formatter *f, CelValue value, uint32_t depth)
{
    if (!cel_charge(f->machine, 1 + (value.kind == CEL_STRING ? value.size / 8 : 0)) ||
        depth > 2 * LIMIT_DEPTH) {
        f->failure = cel_exhausted(f->machine);
        return;
    }
    switch ((CelKind)value.kind) {
    case CEL_LIST:
        add_list(f, value, depth);
        break;
    case CEL_MAP:
        add_map(f, value, depth);
        break;
    case CEL_DOUBLE:
        add_double(f, value.as.number);
        break;
    case CEL_OPTIONAL:
    case CEL_RESOURCE:
    case CEL_UNKNOWN:
    case CEL_ERROR:
        fail(f, value,
             "string clause can only be used on strings, bools, bytes, ints, doubles, maps, lists, "
             "types, durations, and timestamps");
        break;
    default:
        buf_add(&f->out, cel_value_text(value, f->machine->arena));
        break;
    }
}

static void add_decimal(Formatter *f, CelValue value)
{
    if (value.kind == CEL_INT)
        buf_printf(&f->out, "%" PRId64, value.as.integer);
    else if (value.kind == CEL_UINT)
        buf_printf(&f->out, "%" PRIu64, value.as.unsigned_integer);
    else if (value.kind != CEL_DOUBLE || !add_special(f, value.as.number))
        fail(f, value, "decimal clause can only be used on integers");
}

/* %f and %e, of any number. */
static void add_real(Formatter *f, CelValue value, char clause, int precision)
{
    double number;
    char *text;
    int size = PRECISION_MAX + NUMBER_TEXT_SIZE;

    if (value.kind == CEL_INT)
        number = (double)value.as.integer;
    else if (value.kind == CEL_UINT)
        number = (double)value.as.unsigned_integer;
    else if (value.kind == CEL_DOUBLE)
        number = value.as.number;
    else {
        fail(f, value,
             clause == 'f' ? "fixed-point clause can only be used on doubles"
                           : "scientific clause can only be used on doubles");
        return;
    }
    if (add_special(f, number))
        return;
    text = arena_raw(f->machine->arena, (size_t)size, 1);
    if (!text)
        return;
    if (clause == 'f')
        snprintf(text, (size_t)size, "%.*f", precision, number);
    else
        snprintf(text, (size_t)size, "%.*e", precision, number);
    buf_add_z(&f->out, text);
}

/* Digits of a number in a base that is a power of two. */
static void add_digits(Formatter *f, CelValue value, uint32_t bits, bool upper)
{
    const char *digits = upper ? "0123456789ABCDEF" : "0123456789abcdef";
    uint64_t number = value.as.unsigned_integer;
    char text[64];
    uint32_t at = sizeof text;

    if (value.kind == CEL_INT && value.as.integer < 0) {
        buf_add_char(&f->out, '-');
        number = 0 - number;
    }
    do {
        text[--at] = digits[number & ((1u << bits) - 1)];
        number >>= bits;
    } while (number > 0);
    buf_add(&f->out, (Str){text + at, (uint32_t)sizeof text - at});
}

static bool is_whole(CelValue value)
{
    return value.kind == CEL_INT || value.kind == CEL_UINT;
}

static void add_hex(Formatter *f, CelValue value, bool upper)
{
    if (is_whole(value)) {
        add_digits(f, value, 4, upper);
        return;
    }
    if (value.kind != CEL_STRING && value.kind != CEL_BYTES) {
        fail(f, value, "only integers, byte buffers, and strings can be formatted as hex");
        return;
    }
    if (!cel_charge(f->machine, value.size / 4)) {
        f->failure = cel_exhausted(f->machine);
        return;
    }
    for (uint32_t i = 0; i < value.size; i++)
        buf_printf(&f->out, upper ? "%02X" : "%02x", (unsigned char)value.as.text[i]);
}

static void add_clause(Formatter *f, char clause, int precision, CelValue value)
{
    switch (clause) {
    case 's':
        add_string(f, value, 0);
        break;
    case 'd':
        add_decimal(f, value);
        break;
    case 'f':
    case 'e':
        add_real(f, value, clause, precision);
        break;
    case 'x':
    case 'X':
        add_hex(f, value, clause == 'X');
        break;
    case 'b':
        if (value.kind == CEL_BOOL)
            buf_add_char(&f->out, value.as.boolean ? '1' : '0');
        else if (is_whole(value))
            add_digits(f, value, 1, false);
        else
            fail(f, value, "only integers and bools can be formatted as binary");
        break;
    default:
        if (is_whole(value))
            add_digits(f, value, 3, false);
        else
            fail(f, value, "octal clause can only be used on integers");
        break;
    }
}

/* ".3" before the letter of a clause. */
static bool read_precision(Str *rest, int *precision)
{
    *precision = 6;
    if (rest->size == 0 || rest->data[0] != '.')
        return true;
    *rest = str_from(*rest, 1);
    if (rest->size == 0 || !isdigit((unsigned char)rest->data[0]))
        return false;
    *precision = 0;
    while (rest->size > 0 && isdigit((unsigned char)rest->data[0])) {
        *precision = *precision * 10 + (rest->data[0] - '0');
        if (*precision > PRECISION_MAX)
            return false;
        *rest = str_from(*rest, 1);
    }
    return true;
}

/* A clause behind its `%`. False at the first mistake. */
static bool read_clause(Formatter *f, Str *rest, CelValue list, uint32_t *used)
{
    int precision;
    char clause;

    if (rest->size > 0 && rest->data[0] == '%') {
        *rest = str_from(*rest, 1);
        buf_add_char(&f->out, '%');
        return true;
    }
    if (!read_precision(rest, &precision) || rest->size == 0 || rest->data[0] == '\0' ||
        !strchr("sdfexXbo", rest->data[0])) {
        f->failure = cel_error(f->machine, "could not parse formatting clause");
        return false;
    }
    clause = rest->data[0];
    *rest = str_from(*rest, 1);
    if (*used >= cel_count(list)) {
        f->failure = cel_error(f->machine, "index %u out of range", *used);
        return false;
    }
    add_clause(f, clause, precision, cel_list_item(list, (*used)++));
    return f->failure.kind == CEL_NULL;
}

CelValue cel_fn_format(CelMachine *machine, const CelValue *args, uint32_t count)
{
    Formatter f = {.machine = machine, .out = buf_new(machine->arena)};
    uint32_t used = 0;
    Str rest;

    if (!cel_args_are(args, count, "sl"))
        return cel_no_overload(machine);
    if (!cel_charge(machine, args[0].size / 8))
        return cel_exhausted(machine);
    rest = cel_text(args[0]);
    for (;;) {
        int64_t at = str_find_char(rest, '%');

        buf_add(&f.out, at < 0 ? rest : str_sub(rest, 0, (uint32_t)at));
        if (at < 0)
            break;
        rest = str_from(rest, (uint32_t)at + 1);
        if (!read_clause(&f, &rest, args[1], &used))
            return f.failure;
    }
    return arena_spent(machine->arena) ? cel_spent() : cel_string(buf_str(&f.out));
}
