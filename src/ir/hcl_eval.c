#include "ir/hcl_eval.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>

#include "base/buf.h"
#include "base/limits.h"
#include "ir/hcl_functions.h"
#include "syntax/json.h"

/* --- mistakes and limits --- */

/* What is written and makes no sense is still written: it counts as set. */
static const Unknown nothing_known = {.cause = STR_INIT("an error in an expression"),
                                      .type = NODE_UNKNOWN,
                                      .set = true,
                                      .prefix = STR_INIT("")};

Node hcl_fail(HclEval *eval, Span at, const char *format, ...)
{
    char text[400];
    va_list args;

    if (!eval->failed && !eval->quiet) {
        va_start(args, format);
        vsnprintf(text, sizeof text, format, args);
        va_end(args);
        diag_warning(eval->diags, DIAG_HCL_EVALUATE, at, "%s", text);
    }
    eval->failed = true;
    return node_make_unknown(at, &nothing_known);
}

bool hcl_work(HclEval *eval, uint64_t amount, Span at)
{
    eval->work += amount;
    if (eval->work <= LIMIT_HCL_WORK)
        return !arena_spent(eval->arena);
    if (!eval->too_long)
        diag_error(eval->diags, DIAG_HCL_EVALUATE, at, "evaluation takes too long");
    eval->too_long = true;
    eval->failed = true;
    return false;
}

/* --- unknowns --- */

static Node unknown_node(Span at, const Unknown *unknown)
{
    return node_make_unknown(at, unknown ? unknown : &nothing_known);
}

Node hcl_unknown(HclEval *eval, Span at, Str cause, NodeKind type)
{
    Unknown *unknown = ARENA_NEW(eval->arena, Unknown);

    if (unknown)
        *unknown = (Unknown){.cause = cause, .type = (uint8_t)type, .set = true};
    return unknown_node(at, unknown);
}

static uint8_t sensitive_of(const Node *value)
{
    return value->flags & NODE_SENSITIVE;
}

Node hcl_unknown_text(HclEval *eval, Span at, const Node *from, Str prefix)
{
    const Node *found = hcl_find_unknown(from);
    Unknown *unknown = ARENA_NEW(eval->arena, Unknown);
    Node node;

    if (unknown)
        *unknown = (Unknown){.cause = found ? found->as.unknown->cause : nothing_known.cause,
                             .type = NODE_STRING,
                             .set = true,
                             .prefix = prefix};
    node = unknown_node(at, unknown);
    node.flags |= sensitive_of(from);
    return node;
}

Node hcl_unknown_from(HclEval *eval, Span at, const Node *from, NodeKind type)
{
    Node node = hcl_unknown_text(eval, at, from, (Str){"", 0});

    if (node.as.unknown != &nothing_known)
        ((Unknown *)node.as.unknown)->type = (uint8_t)type;
    return node;
}

const Node *hcl_decoded(const Node *value)
{
    return value->kind == NODE_UNKNOWN ? value->as.unknown->decoded : NULL;
}

void hcl_set_decoded(HclEval *eval, Node *value, const Node *decoded)
{
    Node *copy = ARENA_NEW(eval->arena, Node);

    if (!copy || value->as.unknown == &nothing_known)
        return;
    *copy = *decoded;
    ((Unknown *)value->as.unknown)->decoded = copy;
}

const HclHandle *hcl_handle(const Node *value)
{
    if (value->kind != NODE_UNKNOWN || node_tag(value) != NODE_TAG_OTHER)
        return NULL;
    return (const HclHandle *)value->as.unknown;
}

Node hcl_make_handle(const HclHandle *handle, Span at)
{
    Node node;

    if (!handle)
        return unknown_node(at, NULL);
    node = node_make_unknown(at, &handle->unknown);
    node.flags |= NODE_TAG_OTHER << NODE_TAG_SHIFT;
    return node;
}

/* --- names and steps --- */

static Node eval_name(HclEval *eval, const HclExpr *expr)
{
    Node value;

    for (const HclScope *scope = eval->scope; scope; scope = scope->outer)
        if (str_eq(scope->name, expr->as.name))
            return scope->value;
    if (eval->world->root(eval, expr, &value))
        return value;
    eval->failed = true;
    return unknown_node(expr->span, NULL);
}

static const char *kind_name(const Node *value)
{
    static const char *const names[] = {"null",   "a bool", "a number", "a number", "a string",
                                        "a list", "a map",  "unknown",  "a scalar"};

    return names[value->kind];
}

static Node map_step(HclEval *eval, const Node *map, const Node *key, Span at)
{
    const Node *found;
    Str text;

    if (!hcl_to_text(eval->arena, key, &text))
        return hcl_fail(eval, at, "a map has no element with %s for its key", kind_name(key));
    if (!hcl_work(eval, map->count / 16, at))
        return unknown_node(at, NULL);
    found = node_get_named(map, text);
    if (found)
        return *found;
    if (node_tag(map) == NODE_TAG_OTHER)
        return hcl_unknown(eval, at, STR("known after apply"), NODE_UNKNOWN);
    return hcl_fail(eval, at, "there is no element \"%.*s\" here", STR_ARG(text));
}

static Node list_step(HclEval *eval, const Node *list, const Node *key, Span at)
{
    int64_t index;
    Node number;

    if (hcl_is_set(list))
        return hcl_fail(eval, at, "the elements of a set have no index");
    if (!hcl_to_number(eval->arena, key, &number) || !hcl_to_integer(&number, &index))
        return hcl_fail(eval, at, "an element of a list is chosen by a whole number");
    if (index < 0 || index >= list->count)
        return hcl_fail(eval, at, "the list has no element %lld, only %u in all", (long long)index,
                        list->count);
    return list->as.items[index];
}

Node hcl_step(HclEval *eval, const Node *target, const Node *key, Span at)
{
    uint8_t sensitive = sensitive_of(target) | sensitive_of(key);
    const HclHandle *handle = hcl_handle(target);
    Node value;

    if (handle)
        value = eval->world->step(eval, handle, key, at);
    else if (target->kind == NODE_UNKNOWN)
        value = hcl_unknown_from(eval, at, target, NODE_UNKNOWN);
    else if (key->kind == NODE_UNKNOWN && target->kind != NODE_NULL)
        value = hcl_unknown_from(eval, at, key, NODE_UNKNOWN);
    else if (target->kind == NODE_MAP)
        value = map_step(eval, target, key, at);
    else if (target->kind == NODE_LIST)
        value = list_step(eval, target, key, at);
    else
        value = hcl_fail(eval, at, "%s has no elements", kind_name(target));
    value.flags |= sensitive;
    return value;
}

static Node eval_attr(HclEval *eval, const HclExpr *expr)
{
    Node target = hcl_eval(eval, expr->a);
    Node key = node_make_string(expr->name_span, expr->as.name);

    return hcl_step(eval, &target, &key, expr->name_span);
}

static Node eval_index(HclEval *eval, const HclExpr *expr)
{
    Node target = hcl_eval(eval, expr->a);
    Node key = hcl_eval(eval, expr->b);

    return hcl_step(eval, &target, &key, expr->name_span);
}

/* --- splats --- */

static Node splat_one(HclEval *eval, const HclExpr *expr, const Node *item)
{
    const Node *outer = eval->splat_item;
    Node value;

    eval->splat_item = item;
    value = hcl_eval(eval, expr->b);
    eval->splat_item = outer;
    return value;
}

static Node splat_unknown(HclEval *eval, const HclExpr *expr, const Node *target)
{
    Node item = *target, value;

    if (hcl_handle(target)) {
        Node any = hcl_unknown(eval, expr->span, STR("*"), NODE_UNKNOWN);
        item = eval->world->step(eval, hcl_handle(target), &any, expr->name_span);
    }
    value = splat_one(eval, expr, &item);
    if (value.kind != NODE_UNKNOWN)
        value = item;
    return hcl_unknown_from(eval, expr->span, &value, NODE_LIST);
}

static Node eval_splat(HclEval *eval, const HclExpr *expr)
{
    Node target = hcl_eval(eval, expr->a), *items, result;
    const Node *from = target.kind == NODE_LIST ? target.as.items : &target;
    uint32_t count = target.kind == NODE_LIST ? target.count : 1;

    if (target.kind == NODE_UNKNOWN)
        return splat_unknown(eval, expr, &target);
    if (target.kind == NODE_NULL)
        return node_make_list(expr->span, NULL, 0);
    items = ARENA_ARRAY(eval->arena, Node, count);
    if (!items)
        return unknown_node(expr->span, NULL);
    for (uint32_t i = 0; i < count; i++)
        items[i] = splat_one(eval, expr, &from[i]);
    result = node_make_list(expr->span, items, count);
    result.flags |= sensitive_of(&target);
    return result;
}

/* --- operators --- */

/* An operand as a number or bool; an unknown stays one. False, and reported, for all else. */
static bool operand_number(HclEval *eval, const HclExpr *expr, Node *value)
{
    *value = hcl_eval(eval, expr);
    if (value->kind == NODE_UNKNOWN)
        return true;
    if (hcl_to_number(eval->arena, value, value))
        return true;
    hcl_fail(eval, expr->span, "a number is needed here, not %s", kind_name(value));
    return false;
}

static bool operand_bool(HclEval *eval, const HclExpr *expr, Node *value)
{
    bool result;

    *value = hcl_eval(eval, expr);
    if (value->kind == NODE_UNKNOWN)
        return true;
    if (!hcl_to_bool(value, &result)) {
        hcl_fail(eval, expr->span, "true or false is needed here, not %s", kind_name(value));
        return false;
    }
    uint8_t sensitive = sensitive_of(value);
    *value = node_make_bool(node_span(value), result);
    value->flags |= sensitive;
    return true;
}

static Node eval_unary(HclEval *eval, const HclExpr *expr)
{
    Node value;
    bool negate = expr->op == HCL_OP_NEGATE;

    if (negate ? !operand_number(eval, expr->a, &value) : !operand_bool(eval, expr->a, &value))
        return unknown_node(expr->span, NULL);
    if (value.kind == NODE_UNKNOWN)
        return hcl_unknown_from(eval, expr->span, &value, negate ? NODE_DOUBLE : NODE_BOOL);
    if (value.kind == NODE_BOOL)
        value.as.boolean = !value.as.boolean;
    else if (value.kind == NODE_INT && value.as.integer != INT64_MIN)
        value.as.integer = -value.as.integer;
    else
        value = node_make_double(expr->span, -hcl_double(&value));
    return value;
}

static Node eval_logic(HclEval *eval, const HclExpr *expr)
{
    bool decides = expr->op == HCL_OP_OR;
    Node left, right;

    if (!operand_bool(eval, expr->a, &left))
        return unknown_node(expr->span, NULL);
    if (left.kind == NODE_BOOL && left.as.boolean == decides)
        return left;
    if (!operand_bool(eval, expr->b, &right))
        return unknown_node(expr->span, NULL);
    right.flags |= sensitive_of(&left);
    if ((right.kind == NODE_BOOL && right.as.boolean == decides) || left.kind == NODE_BOOL)
        return right.kind == NODE_UNKNOWN ? hcl_unknown_from(eval, expr->span, &right, NODE_BOOL)
                                          : right;
    return hcl_unknown_from(eval, expr->span, &left, NODE_BOOL);
}

/* Whether two values that hold unknowns differ all the same. */
static bool surely_differ(const Node *a, const Node *b)
{
    if (a->kind == NODE_UNKNOWN || b->kind == NODE_UNKNOWN) {
        const Node *known = a->kind == NODE_UNKNOWN ? b : a;
        const Node *other = a->kind == NODE_UNKNOWN ? a : b;
        Str prefix = other->as.unknown->prefix;
        if (known->kind == NODE_NULL)
            return hcl_handle(other) != NULL;
        return known->kind == NODE_STRING && !str_starts(node_text(known), prefix);
    }
    if (a->kind != b->kind || a->kind != NODE_LIST)
        return a->kind != b->kind && !(hcl_is_number(a) && hcl_is_number(b));
    return a->count != b->count;
}

static Node eval_equal(HclEval *eval, const HclExpr *expr)
{
    Node left = hcl_eval(eval, expr->a), right = hcl_eval(eval, expr->b), result;
    const Node *unknown = hcl_find_unknown(&left);

    if (!unknown)
        unknown = hcl_find_unknown(&right);
    if (unknown && !surely_differ(&left, &right))
        result = hcl_unknown_from(eval, expr->span, unknown, NODE_BOOL);
    else
        result = node_make_bool(expr->span,
                                (!unknown && node_equal(&left, &right)) == (expr->op == HCL_OP_EQ));
    result.flags |= sensitive_of(&left) | sensitive_of(&right);
    return result;
}

static Node compare(const HclExpr *expr, const Node *left, const Node *right)
{
    int order = hcl_compare(left, right);
    bool result = expr->op == HCL_OP_LT   ? order < 0
                  : expr->op == HCL_OP_LE ? order <= 0
                  : expr->op == HCL_OP_GT ? order > 0
                                          : order >= 0;

    return node_make_bool(expr->span, result);
}

static bool integer_result(HclOp op, int64_t a, int64_t b, int64_t *result)
{
    switch (op) {
    case HCL_OP_ADD:
        return !__builtin_add_overflow(a, b, result);
    case HCL_OP_SUB:
        return !__builtin_sub_overflow(a, b, result);
    case HCL_OP_MUL:
        return !__builtin_mul_overflow(a, b, result);
    default:
        /* INT64_MIN / -1 overflows; what leaves a remainder is no integer. */
        if (b == 0 || b == -1 || (op == HCL_OP_DIV && a % b != 0))
            return false;
        *result = op == HCL_OP_DIV ? a / b : a % b;
        return true;
    }
}

static Node calculate(HclEval *eval, const HclExpr *expr, const Node *left, const Node *right)
{
    HclOp op = (HclOp)expr->op;
    double a = hcl_double(left), b = hcl_double(right), result;
    int64_t integer;

    if (left->kind == NODE_INT && right->kind == NODE_INT &&
        integer_result(op, left->as.integer, right->as.integer, &integer))
        return node_make_int(expr->span, integer);
    if (b == 0 && op == HCL_OP_MOD)
        return hcl_fail(eval, expr->span, "remainder of a division by zero");
    if (b == 0 && a == 0 && op == HCL_OP_DIV)
        return hcl_fail(eval, expr->span, "zero divided by zero");
    result = op == HCL_OP_ADD   ? a + b
             : op == HCL_OP_SUB ? a - b
             : op == HCL_OP_MUL ? a * b
             : op == HCL_OP_DIV ? a / b
                                : fmod(a, b);
    return hcl_make_number(expr->span, result);
}

static Node eval_binary(HclEval *eval, const HclExpr *expr)
{
    bool order = expr->op >= HCL_OP_LT && expr->op <= HCL_OP_GE;
    Node left, right, result;

    if (expr->op == HCL_OP_AND || expr->op == HCL_OP_OR)
        return eval_logic(eval, expr);
    if (expr->op == HCL_OP_EQ || expr->op == HCL_OP_NE)
        return eval_equal(eval, expr);
    if (!operand_number(eval, expr->a, &left) || !operand_number(eval, expr->b, &right))
        return unknown_node(expr->span, NULL);
    if (left.kind == NODE_UNKNOWN || right.kind == NODE_UNKNOWN)
        result = hcl_unknown_from(eval, expr->span, left.kind == NODE_UNKNOWN ? &left : &right,
                                  order ? NODE_BOOL : NODE_DOUBLE);
    else
        result = order ? compare(expr, &left, &right) : calculate(eval, expr, &left, &right);
    result.flags |= sensitive_of(&left) | sensitive_of(&right);
    return result;
}

/* --- conditionals --- */

static Str shared_prefix(const Node *a, const Node *b)
{
    Str x = a->kind == NODE_UNKNOWN ? a->as.unknown->prefix : node_string(a);
    Str y = b->kind == NODE_UNKNOWN ? b->as.unknown->prefix : node_string(b);
    uint32_t size = 0;

    while (size < x.size && size < y.size && x.data[size] == y.data[size])
        size++;
    return str_sub(x, 0, size);
}

static uint8_t kind_of(const Node *value)
{
    return value->kind == NODE_UNKNOWN ? value->as.unknown->type : value->kind;
}

static bool may_be_null(const Node *value)
{
    return value->kind == NODE_NULL ||
           (value->kind == NODE_UNKNOWN && value->as.unknown->may_be_null);
}

/* One of two values, and it is not known which. */
static Node either(HclEval *eval, const HclExpr *expr, const Node *cond, const Node *yes,
                   const Node *no)
{
    Unknown *unknown = ARENA_NEW(eval->arena, Unknown);
    Node result;

    if (!hcl_find_unknown(yes) && !hcl_find_unknown(no) && node_equal(yes, no))
        return *yes;
    if (unknown) {
        uint8_t a = kind_of(yes), b = kind_of(no);
        uint8_t type = a == b || b == NODE_NULL ? a : a == NODE_NULL ? b : NODE_UNKNOWN;
        *unknown = (Unknown){.cause = cond->as.unknown->cause,
                             .type = type,
                             .may_be_null = may_be_null(yes) || may_be_null(no),
                             .set = true,
                             .prefix = shared_prefix(yes, no)};
    }
    result = unknown_node(expr->span, unknown);
    result.flags |= sensitive_of(yes) | sensitive_of(no);
    return result;
}

/* Brings the chosen value to the type that both share: 1 and "a" are texts. */
static Node same_type(HclEval *eval, const HclExpr *expr, Node chosen, const Node *other)
{
    bool mixed = chosen.kind != other->kind && !(hcl_is_number(&chosen) && hcl_is_number(other));
    Node text;

    if (!mixed || chosen.kind == NODE_NULL || other->kind == NODE_NULL ||
        chosen.kind == NODE_UNKNOWN || other->kind == NODE_UNKNOWN)
        return chosen;
    if (!hcl_is_primitive(&chosen) || !hcl_is_primitive(other))
        return hcl_fail(eval, span_join(expr->b->span, expr->c->span),
                        "a conditional gives %s or %s: both must be of one type",
                        kind_name(&chosen), kind_name(other));
    if (chosen.kind == NODE_STRING || other->kind != NODE_STRING)
        return chosen;
    text = node_make_string(node_span(&chosen), (Str){"", 0});
    Str converted;
    if (!hcl_to_text(eval->arena, &chosen, &converted))
        return chosen;
    text = node_make_string(node_span(&chosen), converted);
    text.flags |= sensitive_of(&chosen);
    return text;
}

/* The value of a branch that is not taken: what is wrong in it does not count. */
static Node eval_quietly(HclEval *eval, const HclExpr *expr)
{
    bool failed = eval->failed;
    Node value;

    eval->quiet++;
    value = hcl_eval(eval, expr);
    eval->quiet--;
    eval->failed = failed;
    return value;
}

/* Whether a branch's kind is told by its syntax, so that it need not be evaluated. */
static bool plain_kind(const HclExpr *expr)
{
    return expr->kind == HCL_LITERAL || expr->kind == HCL_STRING || expr->kind == HCL_TUPLE ||
           expr->kind == HCL_OBJECT;
}

static Node eval_conditional(HclEval *eval, const HclExpr *expr)
{
    Node cond, yes, no, result;

    if (!operand_bool(eval, expr->a, &cond))
        return unknown_node(expr->span, NULL);
    if (cond.kind == NODE_UNKNOWN) {
        yes = eval_quietly(eval, expr->b);
        no = eval_quietly(eval, expr->c);
        result = either(eval, expr, &cond, &yes, &no);
    } else {
        const HclExpr *taken = cond.as.boolean ? expr->b : expr->c;
        const HclExpr *other = cond.as.boolean ? expr->c : expr->b;
        result = hcl_eval(eval, taken);
        if (plain_kind(other) && !eval->failed) {
            no = eval_quietly(eval, other);
            result = same_type(eval, expr, result, &no);
        }
    }
    result.flags |= sensitive_of(&cond);
    return result;
}

/* --- templates --- */

typedef struct Text {
    Buf buf;
    Str prefix;   /* what is known before the first unknown */
    Node unknown; /* the first one, of kind NODE_NULL before there is one */
    uint8_t flags;
} Text;

static bool add_text(HclEval *eval, Text *text, const Node *part)
{
    Span at = node_span(part);
    Str piece;

    text->flags |= sensitive_of(part);
    if (part->kind == NODE_UNKNOWN) {
        if (text->unknown.kind == NODE_NULL) {
            text->prefix = str_join(eval->arena, buf_str(&text->buf), part->as.unknown->prefix);
            text->unknown = *part;
        }
        return true;
    }
    if (part->kind == NODE_NULL) {
        hcl_fail(eval, at, "null cannot be part of a text");
        return false;
    }
    if (!hcl_to_text(eval->arena, part, &piece)) {
        hcl_fail(eval, at, "%s cannot be part of a text", kind_name(part));
        return false;
    }
    if (!hcl_work(eval, 1 + piece.size / 64, at) || text->buf.size > LIMIT_HCL_TEXT) {
        hcl_fail(eval, at, "text is too long");
        return false;
    }
    buf_add(&text->buf, piece);
    return true;
}

static Node text_done(HclEval *eval, const HclExpr *expr, const Text *text)
{
    Node result;

    if (text->unknown.kind == NODE_UNKNOWN)
        result = hcl_unknown_text(eval, expr->span, &text->unknown, text->prefix);
    else
        result = node_make_string(expr->span, buf_str(&text->buf));
    result.flags |= text->flags;
    return result;
}

/* A policy in a heredoc with a reference in it: JSON that is known but for that. Unknown parts
 * stand in the text as marks while it is read, and its strings that hold one are unknowns then. */
#define MARK "\xef\xa3\xbf" /* U+F8FF, of private use */

/* The text with a mark for each unknown. False for what cannot be JSON or is no text at all. */
static bool marked_text(HclEval *eval, const Node *parts, uint32_t count, Buf *buf)
{
    for (uint32_t i = 0; i < count; i++) {
        Str text = STR(MARK);
        if (parts[i].kind != NODE_UNKNOWN && !hcl_to_text(eval->arena, &parts[i], &text))
            return false;
        if (parts[i].kind != NODE_UNKNOWN && str_find(text, STR(MARK)) >= 0)
            return false;
        buf_add(buf, text);
    }
    return buf->size < LIMIT_HCL_TEXT;
}

/* Makes unknowns of what holds a mark; all lies at the template. False where a key holds one. */
static bool unmark(HclEval *eval, const Node *because, Span at, Node *value)
{
    bool good = true;

    *value = hcl_at(*value, at);
    if (value->kind == NODE_STRING) {
        int64_t mark = str_find(node_text(value), STR(MARK));
        if (mark >= 0)
            *value =
                hcl_unknown_text(eval, at, because, str_sub(node_text(value), 0, (uint32_t)mark));
    }
    for (uint32_t i = 0; value->kind == NODE_LIST && i < value->count; i++)
        good = unmark(eval, because, at, &value->as.items[i]) && good;
    for (uint32_t i = 0; value->kind == NODE_MAP && i < value->count; i++) {
        Entry *entry = &value->as.entries[i];
        good = good && str_find(entry_key(entry), STR(MARK)) < 0;
        entry->key_start = at.start;
        entry->key_end = at.end;
        good = unmark(eval, because, at, &entry->value) && good;
    }
    return good;
}

static void decode_template(HclEval *eval, const HclExpr *expr, const Node *parts, Node *result)
{
    Buf buf = buf_new(eval->arena);
    DiagSink quiet = diags_new(eval->arena);
    Str start = parts[0].kind == NODE_STRING ? str_trim(node_text(&parts[0])) : STR("");
    Source *source;
    Node value;

    if (!eval->sources || !(str_starts(start, STR("{")) || str_starts(start, STR("["))) ||
        !marked_text(eval, parts, expr->count, &buf))
        return;
    source = sources_add_decoded(eval->sources, expr->span, buf_str(&buf), NULL, 0);
    if (source && json_read(source, eval->symbols, eval->arena, &quiet, &value) &&
        unmark(eval, result, expr->span, &value))
        hcl_set_decoded(eval, result, &value);
}

static Node eval_template(HclEval *eval, const HclExpr *expr)
{
    Text text = {.buf = buf_new(eval->arena), .unknown = node_make_null(expr->span)};
    Node *parts = ARENA_ARRAY(eval->arena, Node, expr->count), result;

    if (!parts)
        return unknown_node(expr->span, NULL);
    for (uint32_t i = 0; i < expr->count; i++) {
        parts[i] = hcl_eval(eval, expr->items[i]);
        if (!add_text(eval, &text, &parts[i]))
            return unknown_node(expr->span, NULL);
    }
    result = text_done(eval, expr, &text);
    if (result.kind == NODE_UNKNOWN)
        decode_template(eval, expr, parts, &result);
    return result;
}

/* --- tuples and objects --- */

static Node eval_tuple(HclEval *eval, const HclExpr *expr)
{
    Node *items = ARENA_ARRAY(eval->arena, Node, expr->count), result;

    if (!items)
        return unknown_node(expr->span, NULL);
    for (uint32_t i = 0; i < expr->count; i++)
        items[i] = hcl_eval(eval, expr->items[i]);
    result = node_make_list(expr->span, items, expr->count);
    result.flags &= (uint8_t)~NODE_DERIVED;
    return result;
}

static bool key_text(HclEval *eval, const Node *key, Str *text)
{
    if (hcl_to_text(eval->arena, key, text))
        return true;
    hcl_fail(eval, node_span(key), "a key is a text, not %s", kind_name(key));
    return false;
}

static Node eval_object(HclEval *eval, const HclExpr *expr)
{
    HclMap map = hcl_map_new(eval->arena, eval->symbols);
    Node unknown_key = node_make_null(expr->span), result;

    for (uint32_t i = 0; i + 1 < expr->count; i += 2) {
        Node key = hcl_eval(eval, expr->items[i]);
        Node value = hcl_eval(eval, expr->items[i + 1]);
        Str text;
        if (key.kind == NODE_UNKNOWN)
            unknown_key = key;
        else if (!key_text(eval, &key, &text) ||
                 !hcl_map_put(&map, text, expr->items[i]->span, value))
            return unknown_node(expr->span, NULL);
    }
    if (unknown_key.kind == NODE_UNKNOWN)
        return hcl_unknown_from(eval, expr->span, &unknown_key, NODE_MAP);
    result = hcl_map_done(&map, expr->span);
    result.flags &= (uint8_t)~NODE_DERIVED;
    return result;
}

/* --- for --- */

/* What a `for` goes through, and what it makes. */
typedef struct Loop {
    const HclExpr *expr;
    const HclFor *loop;
    Node in;
    const Entry **sorted; /* of a map */
    Node *items;          /* tuple */
    uint32_t count;
    HclMap map;   /* object */
    Text text;    /* template */
    Node unknown; /* why the result as a whole is unknown; else null */
} Loop;

static bool add_to_group(HclEval *eval, Loop *l, Str key, Span at, Node value)
{
    Node *group = hcl_map_find(&l->map, key), *items;
    uint32_t capacity, count = group ? group->count : 0;

    /* Room doubles, so that what is there is a power of two when it is full. */
    if (!group || (count & (count - 1)) == 0) {
        capacity = 0;
        items = arena_grow(eval->arena, NULL, 0, &capacity, count ? (size_t)count * 2 : 1,
                           sizeof *items);
        if (!items)
            return false;
        if (count)
            memcpy(items, group->as.items, count * sizeof *items);
    } else {
        items = group->as.items;
    }
    items[count] = value;
    return hcl_map_put(&l->map, key, at, node_make_list(node_span(&value), items, count + 1));
}

static bool add_entry(HclEval *eval, Loop *l)
{
    const HclFor *loop = l->loop;
    Node key = hcl_eval(eval, loop->key_result), value = hcl_eval(eval, loop->result);
    Span at = loop->key_result->span;
    Str text;

    if (key.kind == NODE_UNKNOWN) {
        l->unknown = key;
        return true;
    }
    if (!key_text(eval, &key, &text))
        return false;
    if (loop->group)
        return add_to_group(eval, l, text, at, value);
    if (hcl_map_find(&l->map, text)) {
        hcl_fail(eval, at, "key \"%.*s\" is made twice; `...` after the value would group them",
                 STR_ARG(text));
        return false;
    }
    return hcl_map_put(&l->map, text, at, value);
}

static bool add_result(HclEval *eval, Loop *l)
{
    Node value, cond;

    if (l->loop->cond) {
        if (!operand_bool(eval, l->loop->cond, &cond))
            return false;
        if (cond.kind == NODE_UNKNOWN)
            l->unknown = cond;
        else if (!cond.as.boolean)
            return true;
    }
    if (l->loop->key_result)
        return add_entry(eval, l);
    value = hcl_eval(eval, l->loop->result);
    if (l->expr->kind == HCL_TEMPLATE_FOR)
        return add_text(eval, &l->text, &value);
    l->items[l->count++] = value;
    return true;
}

static bool run_once(HclEval *eval, Loop *l, uint32_t i)
{
    const HclScope *outer = eval->scope;
    HclScope key = {l->loop->key, node_make_int(l->loop->in->span, i), outer};
    HclScope value = {l->loop->value, {0}, l->loop->key.size ? &key : outer};
    bool good;

    if (l->sorted) {
        key.value = node_make_string(l->loop->in->span, entry_key(l->sorted[i]));
        value.value = l->sorted[i]->value;
    } else {
        value.value = l->in.as.items[i];
        if (hcl_is_set(&l->in))
            key.value = value.value;
    }
    eval->scope = &value;
    good = hcl_work(eval, 1, l->expr->span) && add_result(eval, l);
    eval->scope = outer;
    return good;
}

static Node loop_done(HclEval *eval, const Loop *l)
{
    NodeKind type = l->loop->key_result ? NODE_MAP : NODE_LIST;

    if (l->unknown.kind == NODE_UNKNOWN)
        return hcl_unknown_from(eval, l->expr->span, &l->unknown,
                                l->expr->kind == HCL_TEMPLATE_FOR ? NODE_STRING : type);
    if (l->expr->kind == HCL_TEMPLATE_FOR)
        return text_done(eval, l->expr, &l->text);
    if (l->loop->key_result)
        return hcl_map_done(&l->map, l->expr->span);
    return node_make_list(l->expr->span, l->items, l->count);
}

static Node eval_for(HclEval *eval, const HclExpr *expr)
{
    const HclFor *loop = expr->as.loop;
    Loop l = {.expr = expr, .loop = loop, .unknown = node_make_null(expr->span)};
    Node result;

    l.in = hcl_eval(eval, loop->in);
    if (l.in.kind == NODE_UNKNOWN)
        return hcl_unknown_from(eval, expr->span, &l.in, loop->key_result ? NODE_MAP : NODE_LIST);
    if (l.in.kind != NODE_LIST && l.in.kind != NODE_MAP)
        return hcl_fail(eval, loop->in->span, "`for` cannot go through %s", kind_name(&l.in));
    l.map = hcl_map_new(eval->arena, eval->symbols);
    l.text = (Text){.buf = buf_new(eval->arena), .unknown = node_make_null(expr->span)};
    l.items = ARENA_ARRAY(eval->arena, Node, l.in.count);
    l.sorted = l.in.kind == NODE_MAP ? hcl_sorted(eval->arena, &l.in) : NULL;
    for (uint32_t i = 0; i < l.in.count; i++)
        if (arena_spent(eval->arena) || !run_once(eval, &l, i))
            return unknown_node(expr->span, NULL);
    result = loop_done(eval, &l);
    result.flags |= sensitive_of(&l.in);
    return result;
}

/* --- calls --- */

static Node eval_try(HclEval *eval, const HclExpr *expr)
{
    for (uint32_t i = 0; i < expr->count; i++) {
        bool failed = eval->failed, good;
        Node value;
        eval->failed = false;
        eval->quiet++;
        value = hcl_eval(eval, expr->items[i]);
        eval->quiet--;
        good = !eval->failed;
        eval->failed = failed;
        if (good)
            return value;
    }
    return hcl_fail(eval, expr->span, "no argument of try() has a value");
}

static Node eval_can(HclEval *eval, const HclExpr *expr)
{
    bool failed = eval->failed, good;
    Node value;

    if (expr->count != 1)
        return hcl_fail(eval, expr->span, "can() takes one argument");
    eval->failed = false;
    eval->quiet++;
    value = hcl_eval(eval, expr->items[0]);
    eval->quiet--;
    good = !eval->failed;
    eval->failed = failed;
    if (good && value.kind == NODE_UNKNOWN)
        return hcl_unknown_from(eval, expr->span, &value, NODE_BOOL);
    return node_make_bool(expr->span, good);
}

/* The arguments, the expanded one taken apart. False where that is unknown or a mistake: `*result`
 * then is the value of the call. */
static bool eval_arguments(HclEval *eval, const HclExpr *expr, Node **args, uint32_t *count,
                           Node *result)
{
    uint32_t plain = expr->flag ? expr->count - 1 : expr->count;
    Node rest = node_make_list(expr->span, NULL, 0);

    if (expr->flag) {
        rest = hcl_eval(eval, expr->items[plain]);
        *result = hcl_unknown_from(eval, expr->span, &rest, NODE_UNKNOWN);
        if (rest.kind == NODE_UNKNOWN)
            return false;
        if (rest.kind != NODE_LIST) {
            *result = hcl_fail(eval, expr->items[plain]->span, "only a list can be expanded");
            return false;
        }
    }
    *count = plain + rest.count;
    *args = ARENA_ARRAY(eval->arena, Node, *count);
    if (!*args) {
        *result = unknown_node(expr->span, NULL);
        return false;
    }
    for (uint32_t i = 0; i < *count; i++)
        (*args)[i] = i < plain ? hcl_eval(eval, expr->items[i]) : rest.as.items[i - plain];
    return true;
}

static Node eval_call(HclEval *eval, const HclExpr *expr)
{
    Str name = expr->as.name;
    Node *args, result;
    uint32_t count;

    if (str_starts(name, STR("core::")))
        name = str_from(name, 6);
    if (str_starts(name, STR("provider::")))
        return hcl_unknown(eval, expr->span, expr->as.name, NODE_UNKNOWN);
    if (str_eq(name, STR("try")))
        return eval_try(eval, expr);
    if (str_eq(name, STR("can")))
        return eval_can(eval, expr);
    if (!eval_arguments(eval, expr, &args, &count, &result))
        return result;
    HclCall call = {expr, expr->span, name, args, count};
    return hcl_call(eval, &call);
}

/* --- all --- */

static Node eval_kind(HclEval *eval, const HclExpr *expr)
{
    Node text;

    switch ((HclKind)expr->kind) {
    case HCL_LITERAL:
        return expr->as.literal;
    case HCL_STRING:
        text = node_make_string(expr->span, expr->as.text);
        text.flags = 0;
        return text;
    case HCL_TEMPLATE:
        return eval_template(eval, expr);
    case HCL_WRAP:
    case HCL_PARENS:
        return hcl_eval(eval, expr->a);
    case HCL_NAME:
        return eval_name(eval, expr);
    case HCL_ATTR:
        return eval_attr(eval, expr);
    case HCL_INDEX:
        return eval_index(eval, expr);
    case HCL_SPLAT:
        return eval_splat(eval, expr);
    case HCL_SPLAT_ITEM:
        return eval->splat_item ? *eval->splat_item : unknown_node(expr->span, NULL);
    case HCL_CALL:
        return eval_call(eval, expr);
    case HCL_UNARY:
        return eval_unary(eval, expr);
    case HCL_BINARY:
        return eval_binary(eval, expr);
    case HCL_CONDITIONAL:
        return eval_conditional(eval, expr);
    case HCL_TUPLE:
        return eval_tuple(eval, expr);
    case HCL_OBJECT:
        return eval_object(eval, expr);
    case HCL_FOR:
    case HCL_TEMPLATE_FOR:
        return eval_for(eval, expr);
    }
    return unknown_node(expr->span, NULL);
}

static Node too_deep(HclEval *eval, const HclExpr *expr)
{
    if (!eval->failed)
        diag_error(eval->diags, DIAG_TOO_DEEP, expr->span,
                   "expressions refer to each other too deeply");
    eval->failed = true;
    return unknown_node(expr->span, NULL);
}

Node hcl_eval(HclEval *eval, const HclExpr *expr)
{
    Node value;

    if (eval->too_long || !hcl_work(eval, 1, expr->span))
        return unknown_node(expr->span, NULL);
    if (eval->depth >= LIMIT_HCL_DEPTH)
        return too_deep(eval, expr);
    eval->depth++;
    value = eval_kind(eval, expr);
    eval->depth--;
    /* What is chosen or wrapped stays where it stands in the expression. */
    if (expr->kind == HCL_CONDITIONAL || expr->kind == HCL_WRAP || expr->kind == HCL_PARENS)
        if (value.source == expr->span.source && value.start >= expr->span.start &&
            value.end <= expr->span.end)
            return value;
    return hcl_at(value, expr->span);
}
