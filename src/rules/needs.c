#include "rules/needs.h"

#include "rules/ruleset.h"

/* Longer paths are cut: what lacks the beginning lacks the whole. */
#define MOST_SYMBOLS 8u
#define MOST_PATHS 12u

typedef struct Paths {
    const CelExpr *items[MOST_PATHS];
    uint32_t count;
} Paths;

/* The key of a step of a path; false where the expression is no step. */
static bool step_of(const CelExpr *expr, Str *key)
{
    if (expr->kind == CEL_EXPR_SELECT && !expr->optional) {
        *key = expr->name;
        return true;
    }
    if (!cel_is_call(expr, STR("_[_]")) || expr->args[1]->kind != CEL_EXPR_STRING)
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

/* A literal that what is absent does not equal. */
static bool is_something(const CelExpr *expr)
{
    return cel_is_literal(expr) && expr->kind != CEL_EXPR_NULL;
}

static bool are_literals(const CelExpr *list)
{
    if (list->kind != CEL_EXPR_LIST || list->optional_args)
        return false;
    for (uint32_t i = 0; i < list->arg_count; i++)
        if (!is_something(list->args[i]))
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
    return cel_is_call(expr, STR("_<_")) || cel_is_call(expr, STR("_<=_")) ||
           cel_is_call(expr, STR("_>_")) || cel_is_call(expr, STR("_>=_"));
}

static const CelExpr *path_in_call(const CelExpr *expr)
{
    if (cel_is_call(expr, STR("_!=_")))
        return path_against(expr, is_null);
    if (cel_is_call(expr, STR("_==_")) || is_order(expr))
        return path_against(expr, is_something);
    if (cel_is_call(expr, STR("@in")) && is_path(expr->args[0]) && are_literals(expr->args[1]))
        return expr->args[0];
    return NULL;
}

static bool add_path(Paths *paths, const CelExpr *path)
{
    if (!path || paths->count == MOST_PATHS)
        return false;
    paths->items[paths->count++] = path;
    return true;
}

/* Adds paths of which one must be there for the condition to be anything but false; false, and
 * nothing added, where there are none. */
static bool add_paths(const CelExpr *condition, Paths *paths)
{
    uint32_t count = paths->count;

    if (cel_is_call(condition, STR("_&&_")))
        return add_paths(condition->args[0], paths) || add_paths(condition->args[1], paths);
    if (cel_is_call(condition, STR("_||_"))) {
        if (add_paths(condition->args[0], paths) && add_paths(condition->args[1], paths))
            return true;
        paths->count = count;
        return false;
    }
    if (is_path(condition))
        return add_path(paths, condition);
    if (condition->kind == CEL_EXPR_IS_SET ||
        (condition->kind == CEL_EXPR_COMPREHENSION && condition->as.macro == CEL_MACRO_EXISTS))
        return add_path(paths, is_path(condition->args[0]) ? condition->args[0] : NULL);
    return add_path(paths, path_in_call(condition));
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

static BlobPath write_path(const CelExpr *path, BlobWriter *writer)
{
    Symbol symbols[MOST_SYMBOLS];
    uint32_t count = put_symbols(path, writer, symbols);

    while (path->kind != CEL_EXPR_IDENT)
        path = path->args[0];
    return (BlobPath){{blob_once(writer, symbols, count * (uint32_t)sizeof *symbols), count},
                      path->variable == RULE_VAR_POD};
}

static BlobList write_paths(const Paths *paths, BlobWriter *writer)
{
    BlobPath written[MOST_PATHS];

    for (uint32_t i = 0; i < paths->count; i++)
        written[i] = write_path(paths->items[i], writer);
    return blob_list(writer, written, paths->count, sizeof *written);
}

BlobList needs_of_when(const CelExpr *when, BlobWriter *writer)
{
    Paths paths = {.count = 0};

    add_paths(when, &paths);
    return write_paths(&paths, writer);
}

BlobList needs_of_each(const CelExpr *each, BlobWriter *writer)
{
    Paths paths = {.count = 0};

    while (each->kind == CEL_EXPR_COMPREHENSION &&
           (each->as.macro == CEL_MACRO_FILTER || each->as.macro == CEL_MACRO_MAP))
        each = each->args[0];
    add_path(&paths, is_path(each) ? each : NULL);
    return write_paths(&paths, writer);
}
