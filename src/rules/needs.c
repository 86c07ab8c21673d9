#include "rules/needs.h"

#include "rules/ruleset.h"

/* Longer paths are cut: what lacks the beginning lacks the whole. */
#define MOST_SYMBOLS 8u
#define MOST_PATHS 12u

/* A path, and below it a key that an argument names; NULL for the path alone. */
typedef struct Need {
    const CelExpr *path;
    const CelExpr *key;
} Need;

typedef struct Paths {
    Need items[MOST_PATHS];
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

/* The operand that is a path where the other one is a literal but null. */
static const CelExpr *path_against_literal(const CelExpr *call)
{
    const CelExpr *a = call->args[0], *b = call->args[1];

    if (is_path(a) && is_something(b))
        return a;
    return is_path(b) && is_something(a) ? b : NULL;
}

/* What is compared with null; NULL where nothing is. */
static const CelExpr *beside_null(const CelExpr *call)
{
    if (call->args[0]->kind == CEL_EXPR_NULL)
        return call->args[1];
    return call->args[1]->kind == CEL_EXPR_NULL ? call->args[0] : NULL;
}

static bool is_order(const CelExpr *expr)
{
    return cel_is_call(expr, STR("_<_")) || cel_is_call(expr, STR("_<=_")) ||
           cel_is_call(expr, STR("_>_")) || cel_is_call(expr, STR("_>=_"));
}

static const CelExpr *path_in_call(const CelExpr *expr)
{
    if (cel_is_call(expr, STR("_==_")) || is_order(expr))
        return path_against_literal(expr);
    if (cel_is_call(expr, STR("@in")) && is_path(expr->args[0]) && are_literals(expr->args[1]))
        return expr->args[0];
    return NULL;
}

static bool add_need(Paths *paths, const CelExpr *path, const CelExpr *key)
{
    if (!path || paths->count == MOST_PATHS)
        return false;
    paths->items[paths->count++] = (Need){path, key};
    return true;
}

static bool add_path(Paths *paths, const CelExpr *path)
{
    return add_need(paths, path, NULL);
}

/* gather(path, ["a", "b"]) */
static bool add_gathered(Paths *paths, const CelExpr *call)
{
    const CelExpr *keys = call->args[1];
    uint32_t count = paths->count;
    bool fits = is_path(call->args[0]) && keys->kind == CEL_EXPR_LIST && !keys->optional_args;

    for (uint32_t i = 0; fits && i < keys->arg_count; i++)
        fits =
            keys->args[i]->kind == CEL_EXPR_STRING && add_need(paths, call->args[0], keys->args[i]);
    if (!fits)
        paths->count = count;
    return fits && paths->count > count;
}

/* What is null or has no elements without what is added. */
static bool add_value(Paths *paths, const CelExpr *value)
{
    if (!value)
        return false;
    if (cel_is_call(value, STR("gather")))
        return add_gathered(paths, value);
    return add_path(paths, is_path(value) ? value : NULL);
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
        return add_value(paths, condition->args[0]);
    if (cel_is_call(condition, STR("_!=_")))
        return add_value(paths, beside_null(condition));
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

static BlobPath write_path(Need need, BlobWriter *writer)
{
    Symbol symbols[MOST_SYMBOLS];
    const CelExpr *path = need.path;
    uint32_t count = put_symbols(path, writer, symbols);

    if (need.key && count < MOST_SYMBOLS)
        symbols[count++] = symbols_intern(writer->symbols, need.key->name);
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
    return (BlobList){blob_once(writer, written, paths->count * (uint32_t)sizeof *written),
                      paths->count};
}

BlobList needs_of_when(const CelExpr *when, BlobWriter *writer)
{
    Paths paths = {.count = 0};

    add_paths(when, &paths);
    return write_paths(&paths, writer);
}

static bool is_format(const CelExpr *expr)
{
    return expr->kind == CEL_EXPR_SELECT && !expr->optional && str_eq(expr->name, STR("format")) &&
           expr->args[0]->kind == CEL_EXPR_IDENT && expr->args[0]->variable == RULE_VAR_META;
}

uint32_t needs_format(const CelExpr *when)
{
    uint32_t format = 0;

    if (cel_is_call(when, STR("_&&_"))) {
        format = needs_format(when->args[0]);
        return format ? format : needs_format(when->args[1]);
    }
    if (!cel_is_call(when, STR("_==_")) || !is_format(when->args[0]) ||
        when->args[1]->kind != CEL_EXPR_STRING)
        return 0;
    while (format < FORMAT_COUNT && !str_eq(when->args[1]->name, str_of(format_id((Format)format))))
        format++;
    return format < FORMAT_COUNT ? format + 1 : 0;
}

BlobList needs_of_each(const CelExpr *each, BlobWriter *writer)
{
    Paths paths = {.count = 0};

    while (each->kind == CEL_EXPR_COMPREHENSION &&
           (each->as.macro == CEL_MACRO_FILTER || each->as.macro == CEL_MACRO_MAP))
        each = each->args[0];
    add_value(&paths, each);
    return write_paths(&paths, writer);
}
