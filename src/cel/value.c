#include "cel/value.h"

#include <assert.h>

#include "base/buf.h"
#include "base/limits.h"
#include "cel/number.h"
#include "cel/time.h"
#include "ir/resource.h"

const Unknown cel_incomplete_list = {.cause = STR_INIT("there may be more that is not known"),
                                     .type = NODE_UNKNOWN};

static const Unknown no_cause = {.cause = STR_INIT("not known"), .type = NODE_UNKNOWN};

const Unknown *cel_unknown_of(CelValue value)
{
    return value.as.unknown ? value.as.unknown : &no_cause;
}

static CelValue fixed_error(const char *message)
{
    CelValue result = {.kind = CEL_ERROR};

    result.as.error = message;
    return result;
}

CelValue cel_from_part(const Node *node, uint8_t flags)
{
    CelValue value;

    cel_set_part(&value, node, flags);
    return value;
}

CelValue cel_from_node(const Node *node)
{
    if (!node)
        return (CelValue){.kind = CEL_NULL, .flags = CEL_INPUT | CEL_ABSENT};
    return cel_from_part(node, CEL_CONFIGURED);
}

/* The list or map of nodes behind a value, or NULL. */
static const Node *input_of(CelValue container)
{
    if (container.kind == CEL_RESOURCE)
        return &container.as.resource->body;
    return (container.flags & CEL_INPUT) ? container.as.node : NULL;
}

uint32_t cel_count(CelValue container)
{
    const Node *node;

    if (container.kind != CEL_LIST && container.kind != CEL_MAP && container.kind != CEL_RESOURCE)
        return 0;
    node = input_of(container);
    if (node)
        return node->kind == NODE_LIST || node->kind == NODE_MAP ? node->count : 0;
    return container.kind == CEL_LIST ? container.as.list->count : container.as.map->count;
}

uint8_t cel_part_flags(CelValue container)
{
    Format format;

    if (container.kind != CEL_RESOURCE)
        return container.flags;
    format = container.as.resource->format;
    return format == FORMAT_TERRAFORM || format == FORMAT_PLAN ? CEL_CONFIGURED | CEL_TERRAFORM
                                                               : CEL_CONFIGURED;
}

CelValue cel_list_item(CelValue list, uint32_t index)
{
    if (list.flags & CEL_INPUT)
        return cel_from_part(&list.as.node->as.items[index], list.flags);
    return list.as.list->items[index];
}

CelValue cel_map_key(CelValue map, uint32_t index)
{
    const Node *node = input_of(map);
    CelValue key;

    if (!node)
        return map.as.map->entries[2 * index];
    key = cel_string(entry_key(&node->as.entries[index]));
    key.origin = &node->as.entries[index].value;
    key.flags = map.flags & CEL_STRICT ? 0 : CEL_INPUT | CEL_CONFIGURED;
    return key;
}

CelValue cel_map_value(CelValue map, uint32_t index)
{
    const Node *node = input_of(map);

    if (!node)
        return map.as.map->entries[2 * index + 1];
    return cel_from_part(&node->as.entries[index].value, cel_part_flags(map));
}

CelPresence cel_presence(CelValue value)
{
    if (value.kind == CEL_UNKNOWN) {
        const Unknown *unknown = cel_unknown_of(value);

        if (value.flags & CEL_VAGUE)
            return CEL_MAYBE_THERE;
        return unknown->set && !unknown->may_be_null ? CEL_THERE : CEL_MAYBE_THERE;
    }
    return value.kind == CEL_NULL ? CEL_NOT_THERE : CEL_THERE;
}

/* Order */

static bool is_number(CelValue value)
{
    return value.kind == CEL_INT || value.kind == CEL_UINT || value.kind == CEL_DOUBLE;
}

static int order_doubles(double a, double b)
{
    if (a < b)
        return -1;
    return a > b ? 1 : a == b ? 0 : CEL_UNORDERED;
}

static int order_int_uint(int64_t a, uint64_t b)
{
    if (a < 0)
        return -1;
    return (uint64_t)a < b ? -1 : (uint64_t)a > b;
}

static double as_double(CelValue value)
{
    if (value.kind == CEL_INT)
        return (double)value.as.integer;
    return value.kind == CEL_UINT ? (double)value.as.unsigned_integer : value.as.number;
}

/* A double is compared with the double nearest to an integer, as the specification's tests want it.
 */
static int order_numbers(CelValue a, CelValue b)
{
    if (a.kind == CEL_INT && b.kind == CEL_INT)
        return a.as.integer < b.as.integer ? -1 : a.as.integer > b.as.integer;
    if (a.kind == CEL_DOUBLE || b.kind == CEL_DOUBLE)
        return order_doubles(as_double(a), as_double(b));
    if (a.kind == CEL_UINT && b.kind == CEL_UINT)
        return a.as.unsigned_integer < b.as.unsigned_integer
                   ? -1
                   : a.as.unsigned_integer > b.as.unsigned_integer;
    if (a.kind == CEL_INT)
        return order_int_uint(a.as.integer, b.as.unsigned_integer);
    return -order_int_uint(b.as.integer, a.as.unsigned_integer);
}

/* What Terraform makes of a string where `other` is a bool or a number (cty's conversions). */
static CelValue converted(CelValue value, CelValue other)
{
    Str text = cel_text(value);
    CelValue result = value;

    if (value.kind != CEL_STRING)
        return value;
    if (other.kind == CEL_BOOL) {
        if (str_eq(text, STR("true")) || str_eq(text, STR("1")))
            return cel_bool(true);
        if (str_eq(text, STR("false")) || str_eq(text, STR("0")))
            return cel_bool(false);
    } else if (is_number(other)) {
        result.kind = CEL_INT;
        if (number_parse_int(text, &result.as.integer))
            return result;
        result.kind = CEL_DOUBLE;
        if (number_parse_double(text, &result.as.number))
            return result;
        return value;
    }
    return value;
}

static void coerce(CelValue *a, CelValue *b)
{
    if (a->kind == b->kind || !((a->flags | b->flags) & CEL_TERRAFORM))
        return;
    *a = converted(*a, *b);
    *b = converted(*b, *a);
}

static int order_times(const CelTime *a, const CelTime *b)
{
    if (a->seconds != b->seconds)
        return a->seconds < b->seconds ? -1 : 1;
    return a->nanos < b->nanos ? -1 : a->nanos > b->nanos;
}

static int sign(int order)
{
    return order < 0 ? -1 : order > 0;
}

static int order_opaques(CelValue a, CelValue b)
{
    const CelOpaqueKind *kind = a.as.opaque->kind;

    if (kind != b.as.opaque->kind || !kind->order)
        return CEL_INCOMPARABLE;
    return sign(kind->order(a.as.opaque, b.as.opaque));
}

int cel_order(CelValue a, CelValue b)
{
    coerce(&a, &b);
    if (is_number(a) && is_number(b))
        return order_numbers(a, b);
    if (a.kind != b.kind)
        return CEL_INCOMPARABLE;
    switch ((CelKind)a.kind) {
    case CEL_BOOL:
        return (int)a.as.boolean - (int)b.as.boolean;
    case CEL_STRING: /* bytewise order of UTF-8 is the order of code points */
    case CEL_BYTES:
        return sign(str_cmp(cel_text(a), cel_text(b)));
    case CEL_DURATION:
    case CEL_TIMESTAMP:
        return order_times(a.as.time, b.as.time);
    case CEL_OPAQUE:
        return order_opaques(a, b);
    default:
        return CEL_INCOMPARABLE;
    }
}

/* Equality */

typedef struct Comparison {
    uint64_t *steps;
    uint64_t limit;
    uint32_t depth;
} Comparison;

static CelValue equal(Comparison *c, CelValue a, CelValue b);

static bool work(Comparison *c)
{
    if (!c->steps)
        return true;
    return ++*c->steps <= c->limit;
}

static CelValue too_much(void)
{
    return fixed_error("the expression does too much work");
}

/* Takes the verdict on one part into that on the whole; true when it is decided. */
static bool decided(CelValue *whole, CelValue part)
{
    if (part.kind == CEL_BOOL) {
        if (part.as.boolean)
            return false;
        *whole = part;
        return true;
    }
    if (part.kind == CEL_ERROR) {
        *whole = part;
        return true;
    }
    *whole = part;
    return false;
}

static CelValue incomplete(CelValue list)
{
    CelValue result = {.kind = CEL_UNKNOWN, .origin = list.origin};

    result.as.unknown = &cel_incomplete_list;
    return result;
}

/* A list that may go on: equal to nothing that is known to be shorter. */
static CelValue equal_lists(Comparison *c, CelValue a, CelValue b)
{
    uint32_t count = cel_count(a), other = cel_count(b);
    bool a_open = a.flags & CEL_INCOMPLETE, b_open = b.flags & CEL_INCOMPLETE;
    CelValue result = cel_bool(true);

    if ((count > other && !b_open) || (count < other && !a_open))
        return cel_bool(false);
    if (a_open || b_open)
        result = incomplete(a_open ? a : b);
    if (a_open) /* elements stand in no order there */
        return result;
    for (uint32_t i = 0; i < count && i < other; i++) {
        if (!work(c))
            return too_much();
        if (decided(&result, equal(c, cel_list_item(a, i), cel_list_item(b, i))))
            break;
    }
    return result;
}

/* The position of a key in a map, `count` when there is none; `hint` is tried first. */
static uint32_t find_key(Comparison *c, CelValue map, CelValue key, uint32_t hint)
{
    uint32_t count = cel_count(map);

    for (uint32_t i = 0; i < count; i++) {
        uint32_t at = i + hint < count ? i + hint : i + hint - count;
        CelValue other = cel_map_key(map, at);

        if (!work(c))
            return count;
        if (key.kind == CEL_STRING && other.kind == CEL_STRING
                ? str_eq(cel_text(key), cel_text(other))
                : cel_order(key, other) == 0)
            return at;
    }
    return count;
}

static CelValue equal_maps(Comparison *c, CelValue a, CelValue b)
{
    uint32_t count = cel_count(a);
    CelValue result = cel_bool(true);

    if (count != cel_count(b))
        return cel_bool(false);
    for (uint32_t i = 0; i < count; i++) {
        uint32_t at = find_key(c, b, cel_map_key(a, i), i);

        if (!work(c))
            return too_much();
        if (at == count)
            return cel_bool(false);
        if (decided(&result, equal(c, cel_map_value(a, i), cel_map_value(b, at))))
            break;
    }
    return result;
}

static CelValue equal_optionals(Comparison *c, CelValue a, CelValue b)
{
    if (!a.as.optional || !b.as.optional)
        return cel_bool(a.as.optional == b.as.optional);
    return equal(c, *a.as.optional, *b.as.optional);
}

static bool equal_types(const CelType *a, const CelType *b)
{
    return a->kind == b->kind && (a->kind != CEL_TYPE_OPAQUE || str_eq(a->name, b->name));
}

/* Null tells presence, and a known beginning tells what a text is not. */
static CelValue equal_unknown(CelValue unknown, CelValue other)
{
    const Unknown *known = cel_unknown_of(unknown);

    if (other.kind == CEL_ERROR)
        return unknown;
    if (other.kind == CEL_NULL && cel_presence(unknown) == CEL_THERE)
        return cel_bool(false);
    if (other.kind == CEL_STRING && known->prefix.size > 0 && !(unknown.flags & CEL_VAGUE) &&
        !str_starts(cel_text(other), known->prefix))
        return cel_bool(false);
    return unknown;
}

static bool is_map(CelValue value)
{
    return value.kind == CEL_MAP || value.kind == CEL_RESOURCE;
}

static CelValue equal_scalars(CelValue a, CelValue b)
{
    if (a.kind != b.kind)
        return cel_bool(false);
    if (a.kind == CEL_NULL)
        return cel_bool(true);
    if (a.kind == CEL_TYPE)
        return cel_bool(equal_types(a.as.type, b.as.type));
    if (a.kind == CEL_OPAQUE && a.as.opaque->kind == b.as.opaque->kind)
        return cel_bool(a.as.opaque->kind->equal(a.as.opaque, b.as.opaque));
    return cel_bool(cel_order(a, b) == 0);
}

static CelValue equal_nested(Comparison *c, CelValue a, CelValue b)
{
    CelValue result;

    if (c->depth > 2 * LIMIT_DEPTH)
        return fixed_error("values are nested too deeply to compare");
    c->depth++;
    if (a.kind == CEL_LIST && b.kind == CEL_LIST)
        result = equal_lists(c, a, b);
    else if (a.kind == CEL_OPTIONAL)
        result = equal_optionals(c, a, b);
    else
        result = equal_maps(c, a, b);
    c->depth--;
    return result;
}

static CelValue equal(Comparison *c, CelValue a, CelValue b)
{
    if (a.kind == CEL_STRING && b.kind == CEL_STRING)
        return cel_bool(str_eq(cel_text(a), cel_text(b)));
    if (a.kind == CEL_UNKNOWN)
        return equal_unknown(a, b);
    if (b.kind == CEL_UNKNOWN)
        return equal_unknown(b, a);
    if (a.kind == CEL_ERROR || b.kind == CEL_ERROR)
        return a.kind == CEL_ERROR ? a : b;
    if (a.kind == CEL_RESOURCE && b.kind == CEL_RESOURCE)
        return cel_bool(a.as.resource == b.as.resource);
    if ((a.kind == CEL_LIST && b.kind == CEL_LIST) || (is_map(a) && is_map(b)) ||
        (a.kind == CEL_OPTIONAL && b.kind == CEL_OPTIONAL))
        return equal_nested(c, a, b);
    coerce(&a, &b);
    if (is_number(a) && is_number(b))
        return cel_bool(order_numbers(a, b) == 0);
    return equal_scalars(a, b);
}

CelValue cel_equal_within(CelValue a, CelValue b, uint64_t *steps, uint64_t limit)
{
    Comparison c = {.steps = steps, .limit = limit};

    return equal(&c, a, b);
}

CelValue cel_equal(CelValue a, CelValue b)
{
    return cel_equal_within(a, b, NULL, 0);
}

/* Text */

static Str type_name(const CelType *type)
{
    switch (type->kind) {
    case CEL_TYPE_NULL:
        return STR("null_type");
    case CEL_TYPE_BOOL:
        return STR("bool");
    case CEL_TYPE_INT:
        return STR("int");
    case CEL_TYPE_UINT:
        return STR("uint");
    case CEL_TYPE_DOUBLE:
        return STR("double");
    case CEL_TYPE_STRING:
        return STR("string");
    case CEL_TYPE_BYTES:
        return STR("bytes");
    case CEL_TYPE_DURATION:
        return STR("google.protobuf.Duration");
    case CEL_TYPE_TIMESTAMP:
        return STR("google.protobuf.Timestamp");
    case CEL_TYPE_LIST:
        return STR("list");
    case CEL_TYPE_MAP:
        return STR("map");
    case CEL_TYPE_TYPE:
        return STR("type");
    case CEL_TYPE_OPTIONAL:
        return STR("optional_type");
    default:
        return type->name;
    }
}

CelTypeKind cel_type_kind(CelKind kind)
{
    static const CelTypeKind kinds[] = {
        [CEL_NULL] = CEL_TYPE_NULL,
        [CEL_BOOL] = CEL_TYPE_BOOL,
        [CEL_INT] = CEL_TYPE_INT,
        [CEL_UINT] = CEL_TYPE_UINT,
        [CEL_DOUBLE] = CEL_TYPE_DOUBLE,
        [CEL_STRING] = CEL_TYPE_STRING,
        [CEL_BYTES] = CEL_TYPE_BYTES,
        [CEL_LIST] = CEL_TYPE_LIST,
        [CEL_MAP] = CEL_TYPE_MAP,
        [CEL_DURATION] = CEL_TYPE_DURATION,
        [CEL_TIMESTAMP] = CEL_TYPE_TIMESTAMP,
        [CEL_TYPE] = CEL_TYPE_TYPE,
        [CEL_OPTIONAL] = CEL_TYPE_OPTIONAL,
        [CEL_OPAQUE] = CEL_TYPE_OPAQUE,
        [CEL_RESOURCE] = CEL_TYPE_MAP,
        [CEL_UNKNOWN] = CEL_TYPE_DYN,
        [CEL_ERROR] = CEL_TYPE_ERROR,
    };

    return kinds[kind];
}

Str cel_kind_name(CelValue value)
{
    if (value.kind == CEL_OPAQUE)
        return str_of(value.as.opaque->kind->name);
    if (value.kind == CEL_UNKNOWN || value.kind == CEL_ERROR)
        return value.kind == CEL_ERROR ? STR("error") : STR("unknown");
    return type_name(&(CelType){.kind = cel_type_kind((CelKind)value.kind)});
}

static void write_value(Buf *buf, CelValue value, uint32_t depth);

static void write_quoted(Buf *buf, Str text)
{
    buf_add_char(buf, '"');
    for (uint32_t i = 0; i < text.size; i++) {
        unsigned char c = (unsigned char)text.data[i];

        if (c == '"' || c == '\\')
            buf_add_char(buf, '\\');
        if (c < 0x20)
            buf_printf(buf, "\\u%04x", c);
        else
            buf_add_char(buf, (char)c);
    }
    buf_add_char(buf, '"');
}

static void write_nested(Buf *buf, CelValue value, uint32_t depth)
{
    if (value.kind == CEL_STRING)
        write_quoted(buf, cel_text(value));
    else
        write_value(buf, value, depth + 1);
}

static void write_list(Buf *buf, CelValue list, uint32_t depth)
{
    buf_add_char(buf, '[');
    for (uint32_t i = 0; i < cel_count(list); i++) {
        buf_add_z(buf, i ? ", " : "");
        write_nested(buf, cel_list_item(list, i), depth);
    }
    if (list.flags & CEL_INCOMPLETE)
        buf_add_z(buf, cel_count(list) ? ", ..." : "...");
    buf_add_char(buf, ']');
}

static void write_map(Buf *buf, CelValue map, uint32_t depth)
{
    buf_add_char(buf, '{');
    for (uint32_t i = 0; i < cel_count(map); i++) {
        buf_add_z(buf, i ? ", " : "");
        write_nested(buf, cel_map_key(map, i), depth);
        buf_add_z(buf, ": ");
        write_nested(buf, cel_map_value(map, i), depth);
    }
    buf_add_char(buf, '}');
}

static void write_double(Buf *buf, double number)
{
    char text[NUMBER_TEXT_SIZE];

    buf_add(buf, (Str){text, number_print_double(number, false, text)});
}

static void write_optional(Buf *buf, const CelValue *value, uint32_t depth)
{
    if (!value) {
        buf_add_z(buf, "optional.none()");
        return;
    }
    buf_add_z(buf, "optional.of(");
    write_nested(buf, *value, depth);
    buf_add_char(buf, ')');
}

static void write_time(Buf *buf, CelValue value)
{
    char text[CEL_TIME_TEXT_SIZE];

    if (value.kind == CEL_DURATION)
        cel_duration_print(*value.as.time, text);
    else
        cel_timestamp_print(*value.as.time, text);
    buf_add_z(buf, text);
}

static void write_scalar(Buf *buf, CelValue value)
{
    switch ((CelKind)value.kind) {
    case CEL_BOOL:
        buf_add_z(buf, value.as.boolean ? "true" : "false");
        break;
    case CEL_INT:
        buf_printf(buf, "%lld", (long long)value.as.integer);
        break;
    case CEL_UINT:
        buf_printf(buf, "%llu", (unsigned long long)value.as.unsigned_integer);
        break;
    case CEL_DOUBLE:
        write_double(buf, value.as.number);
        break;
    case CEL_STRING:
    case CEL_BYTES:
        buf_add(buf, cel_text(value));
        break;
    case CEL_DURATION:
    case CEL_TIMESTAMP:
        write_time(buf, value);
        break;
    case CEL_TYPE:
        buf_add(buf, type_name(value.as.type));
        break;
    default:
        buf_add_z(buf, "null");
        break;
    }
}

static void write_value(Buf *buf, CelValue value, uint32_t depth)
{
    if (depth > 2 * LIMIT_DEPTH) {
        buf_add_z(buf, "...");
        return;
    }
    switch ((CelKind)value.kind) {
    case CEL_LIST:
        write_list(buf, value, depth);
        break;
    case CEL_MAP:
        write_map(buf, value, depth);
        break;
    case CEL_RESOURCE:
        buf_add(buf, value.as.resource->address);
        break;
    case CEL_OPTIONAL:
        write_optional(buf, value.as.optional, depth);
        break;
    case CEL_OPAQUE:
        buf_add(buf, value.as.opaque->kind->text(value.as.opaque, buf->arena));
        break;
    case CEL_UNKNOWN:
        buf_printf(buf, "(unknown: %.*s)", STR_ARG(cel_unknown_of(value)->cause));
        break;
    case CEL_ERROR:
        buf_printf(buf, "(error: %s)", value.as.error);
        break;
    default:
        write_scalar(buf, value);
        break;
    }
}

Str cel_value_text(CelValue value, Arena *arena)
{
    Buf buf = buf_new(arena);

    if (value.kind == CEL_STRING)
        return cel_text(value);
    write_value(&buf, value, 0);
    return buf_str(&buf);
}
