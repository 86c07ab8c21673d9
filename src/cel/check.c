#include "cel/checker.h"

#include <stdarg.h>
#include <stdio.h>

static const CelType *check(Checker *c, CelExpr *expr);

static const CelType *plain(CelTypeKind kind)
{
    return cel_type_plain(kind);
}

/* The type of an argument that was checked; the dynamic form notes none. */
static const CelType *type_of(const CelExpr *expr)
{
    return expr->type ? expr->type : plain(CEL_TYPE_DYN);
}

/* mistakes */

static Diag *report(Checker *c, Span span, const char *text)
{
    c->failed = true;
    return diag_error(c->diags, DIAG_CEL_TYPE, span, "%s", text);
}

const CelType *check_fail(Checker *c, Span span, const char *format, ...)
{
    char text[256];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    if (!c->dynamic)
        report(c, span, text);
    return plain(CEL_TYPE_ERROR);
}

const CelType *check_fail_word(Checker *c, Span span, Str word, const Str *candidates,
                               uint32_t count, const char *what)
{
    Str near = c->dynamic ? STR("") : str_nearest(word, candidates, count);
    char text[200];
    Diag *diag;

    if (c->dynamic)
        return plain(CEL_TYPE_ERROR);
    snprintf(text, sizeof text, "there is no %s `%.*s`", what, STR_ARG(word));
    diag = report(c, span, text);
    if (near.size)
        diag_help(c->diags, diag, "Did you mean `%.*s`?", STR_ARG(near));
    return plain(CEL_TYPE_ERROR);
}

Str check_type_text(Checker *c, const CelType *type)
{
    return cel_type_text(unify_replace(&c->unifier, type, true), c->arena);
}

static const CelType *look(Checker *c, const CelType *type)
{
    return unify_look(&c->unifier, type);
}

/* An open type that must be something is dyn from now on. */
static const CelType *settle(Checker *c, const CelType *type)
{
    type = look(c, type);
    if (!type->variable)
        return type;
    unify_assign(&c->unifier, plain(CEL_TYPE_DYN), type);
    return plain(CEL_TYPE_DYN);
}

static bool is_any(const CelType *type)
{
    return type->kind == CEL_TYPE_DYN || type->kind == CEL_TYPE_ERROR;
}

static const CelType *list_of(Checker *c, const CelType *element)
{
    return cel_type_new(c->arena, CEL_TYPE_LIST, element, NULL);
}

static const CelType *optional_of(Checker *c, const CelType *value)
{
    return cel_type_new(c->arena, CEL_TYPE_OPTIONAL, value, NULL);
}

/* `expr` must be of the type `wanted`. */
static void require(Checker *c, const CelExpr *expr, const CelType *type, const CelType *wanted)
{
    if (!unify_assign(&c->unifier, type, wanted))
        check_fail(c, expr->span, "this is %.*s where %.*s is wanted",
                   STR_ARG(check_type_text(c, type)), STR_ARG(check_type_text(c, wanted)));
}

static void require_bool(Checker *c, const CelExpr *expr, const CelType *type)
{
    require(c, expr, type, plain(CEL_TYPE_BOOL));
}

/* names and fields */

static const CelType *check_name(Checker *c, CelExpr *expr)
{
    const CelType *type = check_ident(c, expr);

    return type ? type : check_undeclared(c, expr);
}

static const CelType *field_type(Checker *c, CelExpr *select, const CelType *base)
{
    if (is_any(base))
        return plain(CEL_TYPE_DYN);
    if (base->kind == CEL_TYPE_MAP)
        return base->params[1];
    return check_fail(c, select->span, "%.*s has no fields, so there is no `%.*s` in it",
                      STR_ARG(check_type_text(c, base)), STR_ARG(select->name));
}

static const CelType *check_select(Checker *c, CelExpr *expr)
{
    const CelType *type = expr->test || expr->optional ? NULL : check_qualified(c, expr);
    const CelType *base;
    bool optional;

    if (type)
        return type;
    base = settle(c, check(c, expr->args[0]));
    optional = base->kind == CEL_TYPE_OPTIONAL;
    if (optional)
        base = settle(c, base->params[0]);
    type = field_type(c, expr, base);
    if (expr->test)
        return plain(CEL_TYPE_BOOL);
    return optional || expr->optional ? optional_of(c, type) : type;
}

/* calls */

/* math.abs(x) is parsed as a call of a member of `math`; if that names a function it is made a
 * plain call. */
static void make_namespaced(Checker *c, CelExpr *call)
{
    Str path = check_path(c, call->args[0]), name;

    if (!path.size)
        return;
    name = str_format(c->arena, "%.*s.%.*s", STR_ARG(path), STR_ARG(call->name));
    if (!name.data || !check_function_known(c, name, false))
        return;
    call->name = name;
    call->member = false;
    call->args++;
    call->arg_count--;
}

static const CelType *check_function(Checker *c, CelExpr *expr)
{
    const CelType **types;

    if (expr->member)
        make_namespaced(c, expr);
    if (expr->member && !c->dynamic && !check_function_known(c, expr->name, true))
        return check_unknown_function(c, expr);
    types = (const CelType **)arena_alloc(c->arena, (size_t)expr->arg_count + 1, sizeof *types);
    if (!types)
        return plain(CEL_TYPE_ERROR);
    for (uint32_t i = 0; i < expr->arg_count; i++)
        types[i] = check(c, expr->args[i]);
    return check_call(c, expr, types);
}

/* lists and maps */

/* The type of elements seen so far, NULL at first, joined with one more: dyn if they differ. */
static const CelType *join(Checker *c, const CelType *sofar, const CelType *next)
{
    uint32_t mark = unify_mark(&c->unifier);

    if (!sofar)
        return next;
    if (unify_assign(&c->unifier, next, sofar))
        return unify_general(&c->unifier, sofar, next);
    unify_rewind(&c->unifier, mark);
    return plain(CEL_TYPE_DYN);
}

/* The type of an element or entry marked with `?`, which must be optional. */
static const CelType *unwrap_optional(Checker *c, const CelExpr *expr, const CelType *type)
{
    const CelType *value = unify_variable(&c->unifier);

    require(c, expr, type, optional_of(c, value));
    return is_any(look(c, type)) ? plain(CEL_TYPE_DYN) : value;
}

static const CelType *check_list(Checker *c, CelExpr *expr)
{
    const CelType *element = NULL;

    for (uint32_t i = 0; i < expr->arg_count; i++) {
        const CelType *type = check(c, expr->args[i]);

        if (expr->optional_args && expr->optional_args[i])
            type = unwrap_optional(c, expr->args[i], type);
        element = join(c, element, type);
    }
    return list_of(c, element ? element : unify_variable(&c->unifier));
}

/* Only simple types can be keys; anything else fails at run time, and its type is of no use. */
static const CelType *key_type(Checker *c, const CelType *type)
{
    switch (look(c, type)->kind) {
    case CEL_TYPE_BOOL:
    case CEL_TYPE_INT:
    case CEL_TYPE_UINT:
    case CEL_TYPE_STRING:
    case CEL_TYPE_PARAM:
        return type;
    default:
        return plain(CEL_TYPE_DYN);
    }
}

static const CelType *check_map(Checker *c, CelExpr *expr)
{
    const CelType *key = NULL, *value = NULL;

    for (uint32_t i = 0; i + 1 < expr->arg_count; i += 2) {
        const CelType *type;

        key = join(c, key, key_type(c, check(c, expr->args[i])));
        type = check(c, expr->args[i + 1]);
        if (expr->optional_args && expr->optional_args[i])
            type = unwrap_optional(c, expr->args[i + 1], type);
        value = join(c, value, type);
    }
    return cel_type_new(c->arena, CEL_TYPE_MAP, key ? key : unify_variable(&c->unifier),
                        value ? value : unify_variable(&c->unifier));
}

static const CelType *check_message(Checker *c, CelExpr *expr)
{
    c->failed = true;
    diag_error(c->diags, DIAG_CEL_TYPE, expr->span, "plumb's CEL has no message `%.*s`",
               STR_ARG(expr->name));
    return plain(CEL_TYPE_ERROR);
}

/* macros */

static bool push_local(Checker *c, Str name, const CelType *type)
{
    Local *locals = arena_grow(c->arena, c->locals, c->local_count, &c->local_capacity,
                               c->local_count + 1, sizeof *locals);

    if (!locals)
        return false;
    c->locals = locals;
    c->locals[c->local_count++] = (Local){name, type};
    return true;
}

/* The types of what a macro loops over: key or index, and element or value. */
typedef struct Range {
    const CelType *key;
    const CelType *value;
    bool map;
} Range;

static Range range_of(Checker *c, const CelExpr *range)
{
    const CelType *type = settle(c, type_of(range)), *dyn = plain(CEL_TYPE_DYN);

    if (type->kind == CEL_TYPE_LIST)
        return (Range){plain(CEL_TYPE_INT), type->params[0], false};
    if (type->kind == CEL_TYPE_MAP)
        return (Range){type->params[0], type->params[1], true};
    if (!is_any(type))
        check_fail(c, range->span, "this is %.*s where a list or map is wanted",
                   STR_ARG(check_type_text(c, type)));
    return (Range){dyn, dyn, false};
}

static bool push_range(Checker *c, const CelExpr *expr, const Range *range)
{
    if (expr->iter_var2.size)
        return push_local(c, expr->iter_var, range->key) &&
               push_local(c, expr->iter_var2, range->value);
    return push_local(c, expr->iter_var, range->map ? range->key : range->value);
}

static const CelType *entry_type(Checker *c, const CelExpr *expr, const CelType *type)
{
    const CelType *map = cel_type_new(c->arena, CEL_TYPE_MAP, unify_variable(&c->unifier),
                                      unify_variable(&c->unifier));

    require(c, expr, type, map);
    return is_any(look(c, type)) ? map : type;
}

static const CelType *comprehension_type(Checker *c, CelExpr *expr, const Range *range)
{
    const CelExpr *body = expr->args[1];

    switch (expr->as.macro) {
    case CEL_MACRO_MAP:
    case CEL_MACRO_TRANSFORM_LIST:
        return list_of(c, type_of(body));
    case CEL_MACRO_TRANSFORM_MAP:
        return cel_type_new(c->arena, CEL_TYPE_MAP, range->key, type_of(body));
    case CEL_MACRO_TRANSFORM_MAP_ENTRY:
        return entry_type(c, body, type_of(body));
    case CEL_MACRO_FILTER:
        require_bool(c, body, type_of(body));
        return list_of(c, range->map ? range->key : range->value);
    default:
        require_bool(c, body, type_of(body));
        return plain(CEL_TYPE_BOOL);
    }
}

static const CelType *check_comprehension(Checker *c, CelExpr *expr)
{
    uint32_t scope = c->local_count;
    const CelType *type;
    Range range;

    check(c, expr->args[0]);
    range = range_of(c, expr->args[0]);
    if (!push_range(c, expr, &range))
        return plain(CEL_TYPE_ERROR);
    if (expr->arg_count == 3)
        require_bool(c, expr->args[2], check(c, expr->args[2]));
    check(c, expr->args[1]);
    type = comprehension_type(c, expr, &range);
    c->local_count = scope;
    return type;
}

static const CelType *check_with_local(Checker *c, CelExpr *expr, const CelType *local)
{
    uint32_t scope = c->local_count;
    const CelType *type;

    if (!push_local(c, expr->iter_var, local))
        return plain(CEL_TYPE_ERROR);
    type = check(c, expr->args[1]);
    c->local_count = scope;
    return type;
}

static const CelType *check_opt_map(Checker *c, CelExpr *expr)
{
    const CelType *value = unwrap_optional(c, expr->args[0], check(c, expr->args[0]));
    const CelType *type = check_with_local(c, expr, value);

    if (!expr->flat)
        return optional_of(c, type);
    value = unwrap_optional(c, expr->args[1], type);
    return optional_of(c, value);
}

/* the walk */

static const CelType *check_compound(Checker *c, CelExpr *expr)
{
    switch (expr->kind) {
    case CEL_EXPR_SELECT:
        return check_select(c, expr);
    case CEL_EXPR_CALL:
        return check_function(c, expr);
    case CEL_EXPR_LIST:
        return check_list(c, expr);
    case CEL_EXPR_MAP:
        return check_map(c, expr);
    case CEL_EXPR_MESSAGE:
        return check_message(c, expr);
    case CEL_EXPR_COMPREHENSION:
        return check_comprehension(c, expr);
    case CEL_EXPR_BIND:
        return check_with_local(c, expr, check(c, expr->args[0]));
    case CEL_EXPR_OPT_MAP:
        return check_opt_map(c, expr);
    default:
        check(c, expr->args[0]);
        return plain(CEL_TYPE_BOOL);
    }
}

static const CelType *check_any(Checker *c, CelExpr *expr)
{
    switch (expr->kind) {
    case CEL_EXPR_NULL:
        return plain(CEL_TYPE_NULL);
    case CEL_EXPR_BOOL:
        return plain(CEL_TYPE_BOOL);
    case CEL_EXPR_INT:
        return plain(CEL_TYPE_INT);
    case CEL_EXPR_UINT:
        return plain(CEL_TYPE_UINT);
    case CEL_EXPR_DOUBLE:
        return plain(CEL_TYPE_DOUBLE);
    case CEL_EXPR_STRING:
        return plain(CEL_TYPE_STRING);
    case CEL_EXPR_BYTES:
        return plain(CEL_TYPE_BYTES);
    case CEL_EXPR_IDENT:
        return check_name(c, expr);
    default:
        return check_compound(c, expr);
    }
}

static bool is_type_ident(const CelExpr *expr)
{
    return expr->kind == CEL_EXPR_IDENT && expr->variable == CEL_IDENT_TYPE;
}

/* In the dynamic form every type is dyn, so that nothing is ever refused. */
static const CelType *check(Checker *c, CelExpr *expr)
{
    expr->type = check_any(c, expr);
    if (c->dynamic && !is_type_ident(expr)) {
        expr->type = NULL;
        return plain(CEL_TYPE_DYN);
    }
    return expr->type;
}

static void finish(Checker *c, CelExpr *expr)
{
    if (expr->type)
        expr->type = unify_replace(&c->unifier, expr->type, true);
    for (uint32_t i = 0; i < expr->arg_count; i++)
        finish(c, expr->args[i]);
}

static bool run(CelExpr *expr, const CelEnv *env, Arena *arena, DiagSink *diags, bool dynamic)
{
    Checker c = {.env = env,
                 .arena = arena,
                 .diags = diags,
                 .unifier = {.arena = arena},
                 .dynamic = dynamic};

    check(&c, expr);
    finish(&c, expr);
    return !c.failed && !arena_spent(arena);
}

bool cel_check(CelExpr *expr, const CelEnv *env, Arena *arena, DiagSink *diags)
{
    return run(expr, env, arena, diags, false);
}

bool cel_resolve(CelExpr *expr, const CelEnv *env, Arena *arena, DiagSink *diags)
{
    return run(expr, env, arena, diags, true);
}
