#include "rules/needs.h"

#include "rules/ruleset.h"

/* Longer paths are cut: what lacks the beginning lacks the whole. */
#define MOST_SYMBOLS 8u

static bool is_call(const CelExpr *expr, const char *name)
{
    return expr->kind == CEL_EXPR_CALL && str_eq(expr->name, str_of(name));
}

/* The key of a step of a path; false where the expression is no step. */
static bool step_of(const CelExpr *expr, Str *key)
{
    if (expr->kind == CEL_EXPR_SELECT && !expr->optional) {
        *key = expr->name;
        return true;
    }
    if (!is_call(expr, "_[_]") || expr->args[1]->kind != CEL_EXPR_STRING)
        return false;
    *key = expr->args[1]->name;
    return true;
}

/* Whether the expression is a path from `resource` or `pod`. An address is no part of the body. */
static bool is_path(const CelExpr *expr)
{
    Str key = {"", 0};

    while (step_of(expr, &key))
        expr = expr->args[0];
    return key.size && expr->kind == CEL_EXPR_IDENT &&
           (expr->variable == RULE_VAR_RESOURCE || expr->variable == RULE_VAR_POD) &&
           !str_eq(key, STR("address"));
}

static bool is_literal(const CelExpr *expr)
{
    return expr->kind > CEL_EXPR_NULL && expr->kind <= CEL_EXPR_STRING;
}

static bool are_literals(const CelExpr *list)
{
    if (list->kind != CEL_EXPR_LIST || list->optional_args)
        return false;
    for (uint32_t i = 0; i < list->arg_count; i++)
        if (!is_literal(list->args[i]))
            return false;
    return true;
}

/* The operand that is a path where the other one is `wanted`. */
static const CelExpr *path_against(const CelExpr *call, bool (*wanted)(const CelExpr *))
{
    const CelExpr *a = call->args[0], *b = call->args[1];

    if (is_path(a) && wanted(b))
        return a;
    return is_path(b) && wanted(a) ? b : NULL;
}

static bool is_null(const CelExpr *expr)
{
    return expr->kind == CEL_EXPR_NULL;
}

static bool is_order(const CelExpr *expr)
{
    return is_call(expr, "_<_") || is_call(expr, "_<=_") || is_call(expr, "_>_") ||
           is_call(expr, "_>=_");
}

static const CelExpr *path_in_call(const CelExpr *expr)
{
    if (is_call(expr, "_!=_"))
        return path_against(expr, is_null);
    if (is_call(expr, "_==_") || is_order(expr))
        return path_against(expr, is_literal);
    if (is_call(expr, "@in") && is_path(expr->args[0]) && are_literals(expr->args[1]))
        return expr->args[0];
    return NULL;
}

/* A path that must be there for the condition to be anything but false, or NULL. */
static const CelExpr *path_in(const CelExpr *condition)
{
    const CelExpr *found = NULL;

    /* `&&` groups to the left: the operands on the right are looked at on the way back. */
    if (is_call(condition, "_&&_")) {
        found = path_in(condition->args[0]);
        return found ? found : path_in(condition->args[1]);
    }
    if (is_path(condition))
        return condition;
    if (condition->kind == CEL_EXPR_IS_SET ||
        (condition->kind == CEL_EXPR_COMPREHENSION && condition->as.macro == CEL_MACRO_EXISTS))
        return is_path(condition->args[0]) ? condition->args[0] : NULL;
    return path_in_call(condition);
}

/* Puts the first symbols of a path into `symbols`; returns how many. */
static uint32_t put_symbols(const CelExpr *path, BlobWriter *writer, Symbol *symbols)
{
    uint32_t count;
    Str key;

    if (!step_of(path, &key))
        return 0;
    count = put_symbols(path->args[0], writer, symbols);
    if (count < MOST_SYMBOLS)
        symbols[count++] = symbols_intern(writer->symbols, key);
    return count;
}

static BlobNeed need_of(const CelExpr *path, BlobWriter *writer)
{
    Symbol symbols[MOST_SYMBOLS];
    BlobNeed need = {.pod = false};
    uint32_t count;

    if (!path)
        return need;
    count = put_symbols(path, writer, symbols);
    need.path = blob_list(writer, symbols, count, sizeof *symbols);
    while (path->kind != CEL_EXPR_IDENT)
        path = path->args[0];
    need.pod = path->variable == RULE_VAR_POD;
    return need;
}

BlobNeed need_of_when(const CelExpr *when, BlobWriter *writer)
{
    return need_of(path_in(when), writer);
}

BlobNeed need_of_each(const CelExpr *each, BlobWriter *writer)
{
    while (each->kind == CEL_EXPR_COMPREHENSION &&
           (each->as.macro == CEL_MACRO_FILTER || each->as.macro == CEL_MACRO_MAP))
        each = each->args[0];
    return need_of(is_path(each) ? each : NULL, writer);
}
