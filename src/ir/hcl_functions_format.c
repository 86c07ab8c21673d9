#include <stdio.h>

#include "ir/hcl_functions_parts.h"
#include "ir/hcl_json.h"

/* One %[flags][width][.precision][[n]]verb of a format. */
typedef struct Verb {
    bool plus, minus, zero, sharp, blank;
    bool has_width, has_precision;
    int64_t width;
    int64_t precision;
    char letter;
} Verb;

typedef struct Formatter {
    HclEval *eval;
    const HclCall *call;
    const Node *args; /* that the verbs take in turn */
    uint32_t count;
    uint32_t next;
    uint32_t used; /* one beyond the last argument that a verb took */
    Buf buf;
    const Node *open; /* an unknown argument: the text ends there */
    Node failure;
    bool failed;
} Formatter;

static bool fail(Formatter *f, const char *message)
{
    f->failed = true;
    f->failure = hcl_fail(f->eval, f->call->at, "%.*s(): %s", STR_ARG(f->call->name), message);
    return false;
}

static int64_t read_number(Str spec, uint32_t *i)
{
    int64_t number = 0;

    while (*i < spec.size && spec.data[*i] >= '0' && spec.data[*i] <= '9' && number < 10000)
        number = number * 10 + (spec.data[(*i)++] - '0');
    return number;
}

static bool read_flag(Verb *verb, char c)
{
    switch (c) {
    case '+':
        return verb->plus = true;
    case '-':
        return verb->minus = true;
    case '0':
        return verb->zero = true;
    case '#':
        return verb->sharp = true;
    case ' ':
        return verb->blank = true;
    default:
        return false;
    }
}

/* Reads what follows the % at `*i`. */
static bool read_verb(Formatter *f, Str spec, uint32_t *i, Verb *verb)
{
    while (*i < spec.size && read_flag(verb, spec.data[*i]))
        (*i)++;
    if (*i < spec.size && spec.data[*i] >= '1' && spec.data[*i] <= '9') {
        verb->has_width = true;
        verb->width = read_number(spec, i);
    }
    if (*i < spec.size && spec.data[*i] == '.') {
        (*i)++;
        verb->has_precision = true;
        verb->precision = read_number(spec, i);
    }
    if (*i < spec.size && spec.data[*i] == '[') {
        (*i)++;
        int64_t number = read_number(spec, i);
        if (number < 1 || *i >= spec.size || spec.data[*i] != ']')
            return fail(f, "the number of an argument stands in brackets");
        (*i)++;
        f->next = (uint32_t)number - 1;
    }
    if (*i >= spec.size || verb->width > 1000 || verb->precision > 1000)
        return fail(f, "the format ends in the middle");
    verb->letter = spec.data[(*i)++];
    return true;
}

static void add_padded(Formatter *f, const Verb *verb, Str text)
{
    uint32_t length = 0;
    char pad = verb->zero && !verb->minus ? '0' : ' ';

    for (uint32_t i = 0; i < text.size; i++)
        length += ((unsigned char)text.data[i] & 0xc0) != 0x80;
    if (!verb->minus)
        for (int64_t i = length; i < verb->width; i++)
            buf_add_char(&f->buf, pad);
    buf_add(&f->buf, text);
    if (verb->minus)
        for (int64_t i = length; i < verb->width; i++)
            buf_add_char(&f->buf, ' ');
}

static bool add_text(Formatter *f, const Verb *verb, const Node *arg)
{
    Buf json = buf_new(f->eval->arena);
    bool collection = arg->kind == NODE_LIST || arg->kind == NODE_MAP || arg->kind == NODE_NULL;
    Str text;

    if (verb->letter == 's' && collection && arg->kind != NODE_NULL)
        return fail(f, "%s takes a text");
    if (verb->letter == 'q') {
        if (!hcl_to_text(f->eval->arena, arg, &text))
            return fail(f, "%q takes a text");
        hcl_json_quote(&json, text);
        text = buf_str(&json);
    } else if (collection || (verb->letter == 'v' && verb->sharp)) {
        hcl_json_write(f->eval, &json, arg);
        text = buf_str(&json);
    } else if (!hcl_to_text(f->eval->arena, arg, &text)) {
        return fail(f, "the argument has no text");
    }
    if (verb->has_precision)
        text = str_sub(text, 0, (uint32_t)verb->precision);
    add_padded(f, verb, text);
    return true;
}

static bool add_truth(Formatter *f, const Verb *verb, const Node *arg)
{
    bool truth;

    if (!hcl_to_bool(arg, &truth))
        return fail(f, "%t takes a bool");
    add_padded(f, verb, truth ? STR("true") : STR("false"));
    return true;
}

static void add_binary(Formatter *f, const Verb *verb, uint64_t magnitude, bool negative)
{
    char digits[66];
    uint32_t at = sizeof digits;

    do {
        digits[--at] = (char)('0' + (magnitude & 1));
        magnitude >>= 1;
    } while (magnitude);
    if (negative)
        digits[--at] = '-';
    add_padded(f, verb, (Str){digits + at, (uint32_t)sizeof digits - at});
}

static bool add_integer(Formatter *f, const Verb *verb, const Node *number)
{
    char format[24], text[1100];
    int64_t integer;
    uint64_t magnitude;
    int at = 0, size;

    if (!hcl_to_integer(number, &integer))
        integer = (int64_t)(hcl_double(number) > 9e18    ? 9e18
                            : hcl_double(number) < -9e18 ? -9e18
                                                         : hcl_double(number));
    magnitude = integer < 0 ? 0 - (uint64_t)integer : (uint64_t)integer;
    if (verb->letter == 'b') {
        add_binary(f, verb, magnitude, integer < 0);
        return true;
    }
    format[at++] = '%';
    for (size_t i = 0; i < 5; i++) {
        const bool flags[] = {verb->plus, verb->minus, verb->zero, verb->sharp, verb->blank};
        bool decimal = verb->letter == 'd' && i == 3; /* # means nothing to %d */
        if (flags[i] && !decimal)
            format[at++] = "+-0# "[i];
    }
    snprintf(format + at, sizeof format - (size_t)at, "*ll%c", verb->letter);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    size = snprintf(text, sizeof text, format, (int)verb->width, (long long)integer);
#pragma GCC diagnostic pop
    if (size > 0)
        buf_add(&f->buf, (Str){text, (uint32_t)size});
    return true;
}

static bool add_double(Formatter *f, const Verb *verb, double number)
{
    char text[1500];
    int precision = verb->has_precision ? (int)verb->precision : 6, size;
    Verb padded = *verb;

    if (verb->letter == 'f' || verb->letter == 'F')
        size = snprintf(text, sizeof text, verb->plus ? "%+.*f" : "%.*f", precision, number);
    else if (verb->letter == 'e' || verb->letter == 'E')
        size =
            snprintf(text, sizeof text, verb->letter == 'e' ? "%.*e" : "%.*E", precision, number);
    else
        size = snprintf(text, sizeof text, verb->letter == 'g' ? "%.*g" : "%.*G",
                        verb->has_precision ? precision : 15, number);
    if (size < 0 || size >= (int)sizeof text)
        return fail(f, "the number is too long");
    add_padded(f, &padded, (Str){text, (uint32_t)size});
    return true;
}

static bool add_number(Formatter *f, const Verb *verb, const Node *arg)
{
    Node number;

    if (!hcl_to_number(f->eval->arena, arg, &number))
        return fail(f, "the verb takes a number");
    if (strchr("dboxX", verb->letter))
        return add_integer(f, verb, &number);
    return add_double(f, verb, hcl_double(&number));
}

static bool add_argument(Formatter *f, const Verb *verb)
{
    const Node *arg;

    if (f->next >= f->count)
        return fail(f, "there are more verbs than arguments");
    arg = &f->args[f->next++];
    if (f->next > f->used)
        f->used = f->next;
    if (hcl_find_unknown(arg)) {
        f->open = arg;
        return false;
    }
    if (strchr("svq", verb->letter))
        return add_text(f, verb, arg);
    if (verb->letter == 't')
        return add_truth(f, verb, arg);
    if (strchr("dboxXeEfFgG", verb->letter))
        return add_number(f, verb, arg);
    return fail(f, "there is no such verb");
}

static Node format_one(Formatter *f, Str spec)
{
    for (uint32_t i = 0; i < spec.size;) {
        Verb verb = {0};
        char c = spec.data[i++];
        if (c != '%') {
            buf_add_char(&f->buf, c);
            continue;
        }
        if (!read_verb(f, spec, &i, &verb))
            return f->failure;
        if (verb.letter == '%')
            buf_add_char(&f->buf, '%');
        else if (!add_argument(f, &verb))
            break;
        if (f->buf.size > LIMIT_HCL_TEXT)
            fail(f, "the text is too long");
    }
    if (f->failed)
        return f->failure;
    if (f->open) {
        Str prefix = buf_str(&f->buf);
        if (f->open->kind == NODE_UNKNOWN)
            prefix = str_join(f->eval->arena, prefix, f->open->as.unknown->prefix);
        return hcl_unknown_text(f->eval, f->call->at, f->open, prefix);
    }
    if (f->used < f->count) {
        fail(f, "there are more arguments than verbs");
        return f->failure;
    }
    return hcl_text_result(f->eval, f->call, buf_str(&f->buf));
}

static Node format_with(HclEval *eval, const HclCall *call, Str spec, const Node *args,
                        uint32_t count)
{
    Formatter f = {
        .eval = eval, .call = call, .args = args, .count = count, .buf = buf_new(eval->arena)};

    return format_one(&f, spec);
}

Node hcl_fn_format(HclEval *eval, const HclCall *call)
{
    Str spec;

    if (call->args[0].kind == NODE_UNKNOWN)
        return hcl_unknown_text(eval, call->at, &call->args[0], call->args[0].as.unknown->prefix);
    if (!hcl_arg_text(eval, call, 0, &spec))
        return hcl_failed(eval, call);
    return format_with(eval, call, spec, call->args + 1, call->count - 1);
}

/* How many texts formatlist() makes: as many as each of its lists has elements. */
static bool list_length(HclEval *eval, const HclCall *call, uint32_t *length)
{
    bool any = false;

    *length = 1;
    for (uint32_t i = 1; i < call->count; i++) {
        if (call->args[i].kind != NODE_LIST)
            continue;
        if (any && call->args[i].count != *length) {
            hcl_fail(eval, call->at, "formatlist() wants lists of one length");
            return false;
        }
        any = true;
        *length = call->args[i].count;
    }
    return true;
}

Node hcl_fn_formatlist(HclEval *eval, const HclCall *call)
{
    Node *items, *args;
    uint32_t length;
    Str spec;

    if (!hcl_arg_text(eval, call, 0, &spec) || !list_length(eval, call, &length))
        return hcl_failed(eval, call);
    items = hcl_items(eval, call, (size_t)length * call->count);
    args = hcl_items(eval, call, call->count);
    for (uint32_t i = 0; items && args && i < length; i++) {
        for (uint32_t j = 1; j < call->count; j++)
            args[j - 1] =
                call->args[j].kind == NODE_LIST ? call->args[j].as.items[i] : call->args[j];
        items[i] = format_with(eval, call, spec, args, call->count - 1);
    }
    return hcl_list_result(eval, call, args ? items : NULL, length);
}
