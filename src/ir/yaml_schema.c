#include "ir/yaml_schema.h"

#include <math.h>
#include <stdlib.h>

#include "base/limits.h"
#include "syntax/keys.h"
#include "syntax/yaml.h"

typedef struct Typer {
    YamlSchema schema;
    Arena *arena;
    DiagSink *diags;
} Typer;

/* Longest number that is looked at; the rest are strings. Go reads longer ones, nobody writes them.
 */
enum { NUMBER_MAX = 100 };

/* Digits that surely fit 64 bits. */
enum { SMALL_DIGITS = 18 };

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static void make_bool(Node *node, bool value)
{
    node->kind = NODE_BOOL;
    node->as.boolean = value;
}

static void make_int(Node *node, int64_t value)
{
    node->kind = NODE_INT;
    node->as.integer = value;
}

static void make_double(Node *node, double value)
{
    node->kind = NODE_DOUBLE;
    node->as.number = value;
}

/* Whether `text` is `word`, Word or WORD. */
static bool is_word(Str text, Str word)
{
    bool lower = true, upper = true;

    if (text.size != word.size)
        return false;
    for (uint32_t i = 0; i < text.size; i++) {
        char c = word.data[i], raised = (char)(c >= 'a' && c <= 'z' ? c - 32 : c);
        lower &= text.data[i] == (i == 0 && text.data[0] == raised ? raised : c);
        upper &= text.data[i] == raised;
    }
    return lower || upper;
}

static bool read_null(Str text)
{
    return text.size == 0 || (text.size == 1 && *text.data == '~') || is_word(text, STR("null"));
}

static bool read_bool(YamlSchema schema, Str text, Node *node)
{
    static const Str words[] = {STR_INIT("true"), STR_INIT("false"), STR_INIT("yes"),
                                STR_INIT("no"),   STR_INIT("on"),    STR_INIT("off"),
                                STR_INIT("y"),    STR_INIT("n")};
    size_t count = schema == YAML_SCHEMA_CORE ? 2 : sizeof words / sizeof *words;

    for (size_t i = 0; text.size <= 5 && i < count; i++) {
        if (is_word(text, words[i])) {
            make_bool(node, i % 2 == 0);
            return true;
        }
    }
    return false;
}

/* .inf with or without a sign, .nan: lower case, upper case, .Inf and .NaN. */
static bool read_special(Str text, Node *node)
{
    bool negative = text.size == 5 && *text.data == '-';
    bool sign = text.size == 5 && (negative || *text.data == '+');
    Str rest = sign ? str_from(text, 1) : text;

    if (rest.size != 4 || *rest.data != '.')
        return false;
    if (is_word(str_from(rest, 1), STR("inf"))) {
        make_double(node, negative ? -INFINITY : INFINITY);
        return true;
    }
    if (sign ||
        !(str_eq(rest, STR(".nan")) || str_eq(rest, STR(".NaN")) || str_eq(rest, STR(".NAN"))))
        return false;
    make_double(node, NAN);
    return true;
}

static const char *skip_digits(const char *p)
{
    while (is_digit(*p))
        p++;
    return p;
}

/* [-+]? (\.[0-9]+ | [0-9]+ (\.[0-9]*)?) ([eE][-+]?[0-9]+)?, the float of either schema. */
static bool is_float(const char *text)
{
    const char *p = text + (*text == '-' || *text == '+');
    const char *digits = p;

    p = skip_digits(p);
    if (p == digits && !(*p == '.' && is_digit(p[1])))
        return false;
    if (*p == '.')
        p = skip_digits(p + 1);
    if (*p == 'e' || *p == 'E') {
        p++;
        p += *p == '-' || *p == '+';
        digits = p;
        p = skip_digits(p);
        if (p == digits)
            return false;
    }
    return *p == '\0';
}

/* Digits of a base up to 16 and nothing else, at least one. False as well for what does not fit 64
 * bits, in which case `*value` is as a double. */
static bool read_digits(const char *text, unsigned base, uint64_t *value, double *wide)
{
    bool fits = true;

    *value = 0;
    *wide = 0;
    if (!*text)
        *wide = NAN;
    for (; *text; text++) {
        unsigned digit = is_digit(*text) ? (unsigned)(*text - '0')
                         : (*text | 32) >= 'a' && (*text | 32) <= 'f'
                             ? (unsigned)((*text | 32) - 'a' + 10)
                             : 99;
        if (digit >= base) {
            *wide = NAN;
            return false;
        }
        fits &= *value <= (UINT64_MAX - digit) / base;
        *value = *value * base + digit;
        *wide = *wide * base + digit;
    }
    return fits && !isnan(*wide);
}

/* The base that a prefix gives, taken off `*digits`. */
static unsigned take_base(YamlSchema schema, bool sign, const char **digits)
{
    const char *p = *digits;
    char mark = *p == '0' ? p[1] : '\0';

    if (schema != YAML_SCHEMA_KUBERNETES && (sign || (mark != 'x' && mark != 'o')))
        return 10;
    if (mark != '\0' && strchr("xXoObB", mark)) {
        *digits += 2;
        return (mark | 32) == 'x' ? 16 : (mark | 32) == 'o' ? 8 : 2;
    }
    return mark ? 8 : 10;
}

static bool read_int(YamlSchema schema, const char *text, Node *node)
{
    bool negative = *text == '-', sign = negative || *text == '+';
    const char *digits = text + sign;
    unsigned base = take_base(schema, sign, &digits);
    uint64_t value;
    double wide;

    if (read_digits(digits, base, &value, &wide) && value <= (uint64_t)INT64_MAX + negative) {
        make_int(node, negative ? (int64_t)(0 - value) : (int64_t)value);
        return true;
    }
    if (isnan(wide))
        return false;
    make_double(node, negative ? -wide : wide);
    return true;
}

/* Few digits that no zero begins, as most numbers are: all schemas read them alike. */
static bool read_small(Str text, Node *node)
{
    int64_t value = 0;

    if (text.size > SMALL_DIGITS || (text.data[0] == '0' && text.size > 1))
        return false;
    for (uint32_t i = 0; i < text.size; i++) {
        if (!is_digit(text.data[i]))
            return false;
        value = value * 10 + (text.data[i] - '0');
    }
    make_int(node, value);
    return true;
}

static bool read_number(YamlSchema schema, Str text, Node *node)
{
    char copy[NUMBER_MAX + 1];
    uint32_t size = 0;
    double value;

    if (text.size > NUMBER_MAX)
        return false;
    for (uint32_t i = 0; i < text.size; i++) {
        char c = text.data[i];
        if (c == '\0')
            return false;
        if (c != '_' || schema != YAML_SCHEMA_KUBERNETES)
            copy[size++] = c;
    }
    copy[size] = '\0';
    if (read_int(schema, copy, node))
        return true;
    if (!is_float(copy))
        return false;
    value = strtod(copy, NULL);
    if (isinf(value) && schema == YAML_SCHEMA_KUBERNETES)
        return false; /* Go leaves what is out of range a string */
    make_double(node, value);
    return true;
}

/* The type of a plain scalar; a string when nothing else fits. */
static void resolve(YamlSchema schema, Node *node)
{
    Str text = node_text(node);
    char first = text.size ? *text.data : '~';

    node->kind = NODE_STRING;
    switch (first) {
    case '~':
    case 'n':
    case 'N':
        if (read_null(text)) {
            node->kind = NODE_NULL;
            node->count = 0;
            return;
        }
        read_bool(schema, text, node);
        break;
    case 't':
    case 'T':
    case 'f':
    case 'F':
    case 'y':
    case 'Y':
    case 'o':
    case 'O':
        read_bool(schema, text, node);
        break;
    case '.':
    case '-':
    case '+':
        if (!read_special(text, node))
            read_number(schema, text, node);
        break;
    default:
        if (is_digit(first) && !read_small(text, node))
            read_number(schema, text, node);
    }
    if (node->kind != NODE_STRING)
        node->count = 0;
}

/* A tag that does not fit the text leaves a string. */
static void resolve_as(YamlSchema schema, NodeTag tag, Node *node)
{
    Node resolved = *node;
    bool fits;

    resolve(schema, &resolved);
    if (tag == NODE_TAG_FLOAT && resolved.kind == NODE_INT)
        make_double(&resolved, (double)resolved.as.integer);
    fits = (tag == NODE_TAG_INT && resolved.kind == NODE_INT) ||
           (tag == NODE_TAG_FLOAT && resolved.kind == NODE_DOUBLE) ||
           (tag == NODE_TAG_BOOL && resolved.kind == NODE_BOOL) ||
           (tag == NODE_TAG_NULL && resolved.kind == NODE_NULL);
    if (fits)
        *node = resolved;
}

void yaml_schema_scalar(YamlSchema schema, Node *node)
{
    NodeTag tag = node_tag(node);
    bool quoted = node->flags & NODE_QUOTED;

    if (node->kind != NODE_SCALAR)
        return;
    node->flags = 0;
    node->kind = NODE_STRING;
    if (tag == NODE_TAG_NONE && !quoted)
        resolve(schema, node);
    else if (tag >= NODE_TAG_INT && tag <= NODE_TAG_NULL)
        resolve_as(schema, tag, node);
}

/* How many entries a merged value brings; a warning for what cannot be merged. */
static uint32_t count_merged(Typer *t, const Node *value, bool warn)
{
    uint32_t count = 0;

    if (value->kind == NODE_MAP)
        return value->count;
    if (value->kind != NODE_LIST && warn)
        diag_warning(t->diags, DIAG_YAML_MERGE, node_span(value),
                     "`<<` takes a map or a list of maps");
    for (uint32_t i = 0; value->kind == NODE_LIST && i < value->count; i++) {
        if (value->as.items[i].kind == NODE_MAP)
            count += value->as.items[i].count;
        else if (warn)
            diag_warning(t->diags, DIAG_YAML_MERGE, node_span(&value->as.items[i]),
                         "`<<` takes a map or a list of maps");
    }
    return count;
}

static Entry *copy_entries(Entry *to, const Node *map)
{
    if (map->kind != NODE_MAP || map->count == 0)
        return to;
    memcpy(to, map->as.entries, map->count * sizeof *to);
    return to + map->count;
}

/* The last of a list first, so that the first counts most. */
static Entry *copy_merged(Entry *to, const Node *value)
{
    if (value->kind == NODE_LIST)
        for (uint32_t i = value->count; i > 0; i--)
            to = copy_entries(to, &value->as.items[i - 1]);
    return copy_entries(to, value);
}

/* Replaces `<<` by what it merges. keys_close() lets the last of equal keys count, so what is
 * merged goes before the map's own. The entries may be shared with an alias: they are left as they
 * are. */
static bool merge(Typer *t, Node *map)
{
    uint32_t count = map->count;
    Entry *entries, *to;

    for (uint32_t i = 0; i < map->count; i++)
        if (yaml_is_merge(&map->as.entries[i]))
            count += count_merged(t, &map->as.entries[i].value, true);
    entries = to = arena_raw(t->arena, count, sizeof *entries);
    if (!entries)
        return false;
    for (uint32_t i = map->count; i > 0; i--)
        if (yaml_is_merge(&map->as.entries[i - 1]))
            to = copy_merged(to, &map->as.entries[i - 1].value);
    for (uint32_t i = 0; i < map->count; i++)
        if (!yaml_is_merge(&map->as.entries[i]))
            *to++ = map->as.entries[i];
    count = (uint32_t)(to - entries);
    map->count = count;
    map->as.entries = entries;
    return keys_close(entries, &map->count, NULL, NULL);
}

/* The digits that a part of a date has, without those before it; 0 where that are none or too many.
 */
static uint32_t take_part(Str *rest, uint32_t most)
{
    uint32_t size = 0;

    while (size < rest->size && is_digit(rest->data[size]))
        size++;
    *rest = str_from(*rest, size);
    return size <= most ? size : 0;
}

/* YYYY-M-D as the moment that the day begins. What is no day of the calendar passes: nobody writes
 * it. */
static bool make_moment(Typer *t, Node *node)
{
    Str text = node_text(node), rest = text, moment;
    uint32_t month, day;

    if (node_tag(node) != NODE_TAG_NONE || node->flags & NODE_QUOTED || take_part(&rest, 4) != 4 ||
        !str_starts(rest, STR("-")))
        return false;
    rest = str_from(rest, 1);
    month = take_part(&rest, 2);
    if (!month || !str_starts(rest, STR("-")))
        return false;
    rest = str_from(rest, 1);
    day = take_part(&rest, 2);
    if (!day || rest.size)
        return false;
    moment =
        str_format(t->arena, "%.4s-%s%.*s-%s%.*sT00:00:00Z", text.data, month == 1 ? "0" : "",
                   (int)month, text.data + 5, day == 1 ? "0" : "", (int)day, text.data + 6 + month);
    *node = node_make_string(node_span(node), moment);
    node->flags = 0;
    return true;
}

static bool apply_to_children(Typer *t, Node *node, uint32_t depth);

static inline bool apply(Typer *t, Node *node, uint32_t depth)
{
    if (node->kind != NODE_SCALAR)
        return apply_to_children(t, node, depth);
    if (t->schema != YAML_SCHEMA_TERRAFORM || !make_moment(t, node))
        yaml_schema_scalar(t->schema, node);
    return true;
}

static bool apply_to_items(Typer *t, const Node *list, uint32_t depth)
{
    for (uint32_t i = 0; i < list->count; i++)
        if (!apply(t, &list->as.items[i], depth + 1))
            return false;
    return true;
}

static bool apply_to_entries(Typer *t, Node *map, uint32_t depth)
{
    Entry *entry = map->as.entries, *end = entry + map->count;
    bool merges = false;

    for (; entry < end; entry++) {
        merges |= yaml_is_merge(entry);
        if (!apply(t, &entry->value, depth + 1))
            return false;
    }
    return !merges || t->schema == YAML_SCHEMA_CORE || merge(t, map);
}

static bool apply_to_children(Typer *t, Node *node, uint32_t depth)
{
    if (depth > LIMIT_DEPTH || node->count == 0)
        return true;
    return node->kind == NODE_LIST  ? apply_to_items(t, node, depth)
           : node->kind == NODE_MAP ? apply_to_entries(t, node, depth)
                                    : true;
}

bool yaml_schema_apply(YamlSchema schema, Node *root, Arena *arena, DiagSink *diags)
{
    Typer typer = {schema, arena, diags};

    return apply(&typer, root, 0);
}
