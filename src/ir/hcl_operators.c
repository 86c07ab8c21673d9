#include "ir/hcl_operators.h"

#include <math.h>

/* --- operands --- */

/* As hcl_operand_bool(). */
static bool operand_number(HclEval *eval, const HclExpr *expr, Node *value)
{
    *value = hcl_eval(eval, expr);
    if (value->kind == NODE_UNKNOWN)
        return true;
    if (hcl_to_number(eval->arena, value, value))
        return true;
    hcl_fail(eval, expr->span, "a number is needed here, not %s", hcl_kind_name(value));
    return false;
}

bool hcl_operand_bool(HclEval *eval, const HclExpr *expr, Node *value)
{
    bool result;

    *value = hcl_eval(eval, expr);
    if (value->kind == NODE_UNKNOWN)
        return true;
    if (!hcl_to_bool(value, &result)) {
        hcl_fail(eval, expr->span, "true or false is needed here, not %s", hcl_kind_name(value));
        return false;
    }
    uint8_t sensitive = hcl_sensitive(value);
    *value = node_make_bool(node_span(value), result);
    value->flags |= sensitive;
    return true;
}

/* --- operators --- */

Node hcl_eval_unary(HclEval *eval, const HclExpr *expr)
{
    Node value;
    bool negate = expr->op == HCL_OP_NEGATE;

    if (negate ? !operand_number(eval, expr->a, &value) : !hcl_operand_bool(eval, expr->a, &value))
        return hcl_nothing(expr->span);
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

    if (!hcl_operand_bool(eval, expr->a, &left))
        return hcl_nothing(expr->span);
    if (left.kind == NODE_BOOL && left.as.boolean == decides)
        return left;
    if (!hcl_operand_bool(eval, expr->b, &right))
        return hcl_nothing(expr->span);
    right.flags |= hcl_sensitive(&left);
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
    result.flags |= hcl_sensitive(&left) | hcl_sensitive(&right);
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

Node hcl_eval_binary(HclEval *eval, const HclExpr *expr)
{
    bool order = expr->op >= HCL_OP_LT && expr->op <= HCL_OP_GE;
    Node left, right, result;

    if (expr->op == HCL_OP_AND || expr->op == HCL_OP_OR)
        return eval_logic(eval, expr);
    if (expr->op == HCL_OP_EQ || expr->op == HCL_OP_NE)
        return eval_equal(eval, expr);
    if (!operand_number(eval, expr->a, &left) || !operand_number(eval, expr->b, &right))
        return hcl_nothing(expr->span);
    if (left.kind == NODE_UNKNOWN || right.kind == NODE_UNKNOWN)
        result = hcl_unknown_from(eval, expr->span, left.kind == NODE_UNKNOWN ? &left : &right,
                                  order ? NODE_BOOL : NODE_DOUBLE);
    else
        result = order ? compare(expr, &left, &right) : calculate(eval, expr, &left, &right);
    result.flags |= hcl_sensitive(&left) | hcl_sensitive(&right);
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
    result = unknown ? node_make_unknown(expr->span, unknown) : hcl_nothing(expr->span);
    result.flags |= hcl_sensitive(yes) | hcl_sensitive(no);
    return result;
}

/* Brings the chosen value to the type that both share: 1 and "a" are texts. */
static Node same_type(HclEval *eval, const HclExpr *expr, Node chosen, const Node *other)
{
    bool mixed = chosen.kind != other->kind && !(hcl_is_number(&chosen) && hcl_is_number(other));
    Str converted;
    Node text;

    if (!mixed || chosen.kind == NODE_NULL || other->kind == NODE_NULL ||
        chosen.kind == NODE_UNKNOWN || other->kind == NODE_UNKNOWN)
        return chosen;
    if (!hcl_is_primitive(&chosen) || !hcl_is_primitive(other))
        return hcl_fail(eval, span_join(expr->b->span, expr->c->span),
                        "a conditional gives %s or %s: both must be of one type",
                        hcl_kind_name(&chosen), hcl_kind_name(other));
    if (chosen.kind == NODE_STRING || other->kind != NODE_STRING ||
        !hcl_to_text(eval->arena, &chosen, &converted))
        return chosen;
    text = node_make_string(node_span(&chosen), converted);
    text.flags |= hcl_sensitive(&chosen);
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

Node hcl_eval_conditional(HclEval *eval, const HclExpr *expr)
{
    Node cond, yes, no, result;

    if (!hcl_operand_bool(eval, expr->a, &cond))
        return hcl_nothing(expr->span);
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
    result.flags |= hcl_sensitive(&cond);
    return result;
}
