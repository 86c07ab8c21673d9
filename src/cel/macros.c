/* The macros of the standard and of the extensions, expanded where they are parsed. */
#include "cel/build.h"

typedef struct Call {
    Span span;
    Str name;
    CelExpr *const *args; /* receiver first */
    uint32_t count;
} Call;

/* The name that an argument introduces. False after a report. */
static bool variable_name(CelBuilder *b, const Call *call, uint32_t index, Str *name)
{
    const CelExpr *arg = call->args[index];

    if (arg->kind != CEL_EXPR_IDENT || arg->absolute) {
        cel_build_fail(b, arg->span, "`%.*s` takes the name of a new variable here",
                       STR_ARG(call->name));
        return false;
    }
    *name = arg->name;
    return true;
}

static CelExpr *comprehension(CelBuilder *b, const Call *call, CelMacro macro, uint32_t variables)
{
    uint32_t bodies = call->count - 1 - variables;
    /* a filter is written before what is made of its elements, and kept behind it */
    CelExpr *args[3] = {call->args[0], call->args[call->count - 1],
                        bodies == 2 ? call->args[1 + variables] : NULL};
    CelExpr *expr = cel_build(b, CEL_EXPR_COMPREHENSION, call->span, args, 1 + bodies);

    if (!expr || !variable_name(b, call, 1, &expr->iter_var) ||
        (variables == 2 && !variable_name(b, call, 2, &expr->iter_var2)))
        return NULL;
    if (variables == 2 && str_eq(expr->iter_var, expr->iter_var2)) {
        cel_build_fail(b, call->args[2]->span, "both variables have the name `%.*s`",
                       STR_ARG(expr->iter_var));
        return NULL;
    }
    expr->as.macro = macro;
    return expr;
}

static CelExpr *expand_has(CelBuilder *b, const Call *call)
{
    CelExpr *field = call->args[0];

    if (field->kind != CEL_EXPR_SELECT || field->test || field->optional) {
        cel_build_fail(b, field->span, "has() takes a field, as in has(a.b)");
        return NULL;
    }
    field->test = true;
    field->span = call->span;
    return field;
}

static CelExpr *expand_is_set(CelBuilder *b, const Call *call)
{
    const CelExpr *path = call->args[0];

    if (path->kind != CEL_EXPR_IDENT && path->kind != CEL_EXPR_SELECT &&
        !cel_is_call(path, STR("_[_]"))) {
        cel_build_fail(b, path->span, "isSet() takes a path, as in isSet(resource.a.b)");
        return NULL;
    }
    return cel_build(b, CEL_EXPR_IS_SET, call->span, call->args, 1);
}

static CelExpr *with_variable(CelBuilder *b, const Call *call, CelExprKind kind, uint32_t name,
                              CelExpr *const *args)
{
    CelExpr *expr = cel_build(b, kind, call->span, args, 2);

    return expr && variable_name(b, call, name, &expr->iter_var) ? expr : NULL;
}

static CelExpr *expand_opt_map(CelBuilder *b, const Call *call, bool flat)
{
    CelExpr *args[2] = {call->args[0], call->args[2]};
    CelExpr *expr = with_variable(b, call, CEL_EXPR_OPT_MAP, 1, args);

    if (expr)
        expr->flat = flat;
    return expr;
}

/* list.sortBy(e, key) sorts by the list of keys, which a comprehension makes. The list is bound to
 * a name that nobody can write, so that it is evaluated once. */
static CelExpr *expand_sort_by(CelBuilder *b, const Call *call)
{
    Str list = STR("@list");
    CelExpr *map_args[3] = {cel_build_ident(b, call->args[0]->span, list), call->args[1],
                            call->args[2]};
    Call map = {call->span, call->name, map_args, 3};
    CelExpr *sort_args[2], *bind_args[2], *bind;

    if (!map_args[0])
        return NULL;
    sort_args[0] = cel_build_ident(b, call->args[0]->span, list);
    sort_args[1] = comprehension(b, &map, CEL_MACRO_MAP, 1);
    bind_args[0] = call->args[0];
    bind_args[1] = cel_build_call(b, call->span, STR("@sortByAssociatedKeys"), true, sort_args, 2);
    bind = cel_build(b, CEL_EXPR_BIND, call->span, bind_args, 2);
    if (bind)
        bind->iter_var = list;
    return bind;
}

/* Macros that loop: how many variables and arguments (receiver and variables included) they take.
 */
static const struct {
    Str name;
    CelMacro macro;
    uint8_t variables;
    uint8_t min, max;
} loops[] = {
    {STR_INIT("all"), CEL_MACRO_ALL, 1, 3, 3},
    {STR_INIT("all"), CEL_MACRO_ALL, 2, 4, 4},
    {STR_INIT("exists"), CEL_MACRO_EXISTS, 1, 3, 3},
    {STR_INIT("exists"), CEL_MACRO_EXISTS, 2, 4, 4},
    {STR_INIT("exists_one"), CEL_MACRO_EXISTS_ONE, 1, 3, 3},
    {STR_INIT("exists_one"), CEL_MACRO_EXISTS_ONE, 2, 4, 4},
    {STR_INIT("existsOne"), CEL_MACRO_EXISTS_ONE, 1, 3, 3},
    {STR_INIT("existsOne"), CEL_MACRO_EXISTS_ONE, 2, 4, 4},
    {STR_INIT("map"), CEL_MACRO_MAP, 1, 3, 4},
    {STR_INIT("filter"), CEL_MACRO_FILTER, 1, 3, 3},
    {STR_INIT("transformList"), CEL_MACRO_TRANSFORM_LIST, 2, 4, 5},
    {STR_INIT("transformMap"), CEL_MACRO_TRANSFORM_MAP, 2, 4, 5},
    {STR_INIT("transformMapEntry"), CEL_MACRO_TRANSFORM_MAP_ENTRY, 2, 4, 5},
};

static CelExpr *expand_member(CelBuilder *b, const Call *call, bool *known)
{
    for (size_t i = 0; i < sizeof loops / sizeof *loops; i++)
        if (str_eq(call->name, loops[i].name) && call->count >= loops[i].min &&
            call->count <= loops[i].max)
            return comprehension(b, call, loops[i].macro, loops[i].variables);
    if (str_eq(call->name, STR("optMap")) && call->count == 3)
        return expand_opt_map(b, call, false);
    if (str_eq(call->name, STR("optFlatMap")) && call->count == 3)
        return expand_opt_map(b, call, true);
    if (str_eq(call->name, STR("sortBy")) && call->count == 3)
        return expand_sort_by(b, call);
    if (str_eq(call->name, STR("bind")) && call->count == 4 &&
        call->args[0]->kind == CEL_EXPR_IDENT && str_eq(call->args[0]->name, STR("cel")))
        return with_variable(b, call, CEL_EXPR_BIND, 1, call->args + 2);
    *known = false;
    return NULL;
}

static CelExpr *expand_global(CelBuilder *b, const Call *call, bool *known)
{
    if (str_eq(call->name, STR("has")) && call->count == 1)
        return expand_has(b, call);
    if (str_eq(call->name, STR("isSet")) && call->count == 1)
        return expand_is_set(b, call);
    *known = false;
    return NULL;
}

CelExpr *cel_expand_macro(CelBuilder *b, Span span, Str name, bool member, CelExpr *const *args,
                          uint32_t count, bool *known)
{
    Call call = {span, name, args, count};

    *known = !b->no_macros && !b->failed;
    if (!*known)
        return NULL;
    return member ? expand_member(b, &call, known) : expand_global(b, &call, known);
}
