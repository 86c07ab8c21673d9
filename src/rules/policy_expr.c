#include "rules/policy_expr.h"

#include "base/limits.h"

/* The variables of macros around an expression. */
typedef struct Scope {
    Str names[2];
    const struct Scope *outer;
} Scope;

typedef struct Walk {
    ExprReader *reader;
    const RuleAdmission *policy;
    bool *used;     /* for each variable of the policy: the expression names it */
    uint32_t known; /* variables before this one may be named */
    bool failed;
} Walk;

/* Names of Kubernetes, and what a rule calls them. */
static const struct {
    Str name;
    RuleVariable variable;
} plain_names[] = {
    {STR_INIT("object"), RULE_VAR_OBJECT},
    {STR_INIT("oldObject"), RULE_VAR_OLD_OBJECT},
    {STR_INIT("request"), RULE_VAR_REQUEST},
    {STR_INIT("namespaceObject"), RULE_VAR_NAMESPACE_OBJECT},
    {STR_INIT("authorizer"), RULE_VAR_CLUSTER},
};

/* What Kyverno's libraries ask of a cluster, of a registry or of the network, or make of texts in
 * ways of their own: libraries, functions, and members of an image. */
static const Str kyverno_names[] = {
    STR_INIT("attestors"),     STR_INIT("envoy"),  STR_INIT("exceptions"), STR_INIT("generator"),
    STR_INIT("globalContext"), STR_INIT("gzip"),   STR_INIT("hash"),       STR_INIT("http"),
    STR_INIT("image"),         STR_INIT("images"), STR_INIT("json"),       STR_INIT("jwt"),
    STR_INIT("resource"),      STR_INIT("time"),   STR_INIT("user"),       STR_INIT("x509"),
    STR_INIT("yaml"),
};
static const Str kyverno_functions[] = {
    STR_INIT("image"),
    STR_INIT("isImage"),
    STR_INIT("listObjToMap"),
    STR_INIT("md5"),
    STR_INIT("parseImageReference"),
    STR_INIT("parseServiceAccount"),
    STR_INIT("random"),
    STR_INIT("sha1"),
    STR_INIT("sha256"),
};
static const Str kyverno_members[] = {
    STR_INIT("containsDigest"), STR_INIT("digest"),     STR_INIT("identifier"),
    STR_INIT("registry"),       STR_INIT("repository"), STR_INIT("tag"),
};

static bool in_scope(const Scope *scope, Str name)
{
    for (; scope; scope = scope->outer)
        if (str_eq(scope->names[0], name) || str_eq(scope->names[1], name))
            return true;
    return false;
}

static void refuse(Walk *w, const CelExpr *expr, const char *before, Str name, const char *after)
{
    diag_error(w->reader->diags, DIAG_CEL_TYPE, expr->span, "there is no variable `%s%.*s`%s",
               before, STR_ARG(name), after);
    w->failed = true;
}

/* Makes `expr` the name of a variable of rules. */
static void put_variable(Walk *w, CelExpr *expr, RuleVariable variable)
{
    *expr = (CelExpr){.kind = CEL_EXPR_IDENT,
                      .span = expr->span,
                      .name = rule_variable_name(variable),
                      .depth = 1};
    w->reader->variables |= 1u << variable;
}

static bool is_cluster(const CelExpr *expr)
{
    return expr->kind == CEL_EXPR_IDENT && str_eq(expr->name, rule_variable_name(RULE_VAR_CLUSTER));
}

static void walk_name(Walk *w, CelExpr *expr, const Scope *scope)
{
    Str name = expr->name;

    if (in_scope(scope, name))
        return;
    for (size_t i = 0; i < sizeof plain_names / sizeof *plain_names; i++)
        if (str_eq(name, plain_names[i].name)) {
            put_variable(w, expr, plain_names[i].variable);
            return;
        }
    if (str_eq(name, STR("params")))
        put_variable(w, expr, w->policy->params_known ? RULE_VAR_PARAMS : RULE_VAR_CLUSTER);
    else if (w->policy->kyverno && STR_IS_ANY(name, kyverno_names))
        put_variable(w, expr, RULE_VAR_CLUSTER);
    else
        for (uint32_t i = 0; i < RULE_VAR_COUNT; i++)
            if (str_eq(name, rule_variable_name((RuleVariable)i)))
                refuse(w, expr, "", name, ""); /* rules' own names are none of a policy */
}

/* The name that a local variable has which stands for `variables.NAME`; no expression can write it.
 */
static Str local_name(const Walk *w, Str name)
{
    return str_format(w->reader->arena, "variables.%.*s", STR_ARG(name));
}

static Str variable_name(const RuleAdmission *policy, uint32_t index)
{
    return scalar_text(node_get_named(&policy->variables->as.items[index], STR("name")));
}

/* Whether `expr` is `variables.NAME`, which becomes a local variable. */
static bool walk_variable(Walk *w, CelExpr *expr, const Scope *scope)
{
    const CelExpr *of = expr->args[0];
    uint32_t all = w->policy->variables ? w->policy->variables->count : 0, i = 0;

    if (of->kind != CEL_EXPR_IDENT || !str_eq(of->name, STR("variables")) ||
        in_scope(scope, of->name))
        return false;
    while (i < w->known && !str_eq(variable_name(w->policy, i), expr->name))
        i++;
    if (i == w->known) {
        refuse(w, expr, "variables.", expr->name, w->known < all ? " before this one" : "");
        return true;
    }
    w->used[i] = true;
    if (expr->test)
        *expr =
            (CelExpr){.kind = CEL_EXPR_BOOL, .span = expr->span, .as.boolean = true, .depth = 1};
    else
        *expr = (CelExpr){.kind = CEL_EXPR_IDENT,
                          .span = expr->span,
                          .name = local_name(w, expr->name),
                          .depth = 1};
    return true;
}

static bool binds(const CelExpr *expr)
{
    return expr->kind == CEL_EXPR_COMPREHENSION || expr->kind == CEL_EXPR_BIND ||
           expr->kind == CEL_EXPR_OPT_MAP;
}

static bool asks_cluster(const Walk *w, const CelExpr *expr)
{
    bool call = expr->kind == CEL_EXPR_CALL;

    if ((expr->kind == CEL_EXPR_SELECT || (call && expr->member)) && is_cluster(expr->args[0]))
        return true;
    if (!call || !w->policy->kyverno)
        return false;
    return expr->member ? expr->arg_count == 1 && STR_IS_ANY(expr->name, kyverno_members)
                        : STR_IS_ANY(expr->name, kyverno_functions);
}

static void walk(Walk *w, CelExpr *expr, const Scope *scope, uint32_t depth)
{
    Scope inner = {{expr->iter_var, expr->iter_var2}, scope};

    if (depth > LIMIT_CEL_DEPTH)
        w->failed = true;
    if (w->failed)
        return;
    if (expr->kind == CEL_EXPR_IDENT) {
        walk_name(w, expr, scope);
        return;
    }
    if (expr->kind == CEL_EXPR_SELECT && walk_variable(w, expr, scope))
        return;
    for (uint32_t i = 0; i < expr->arg_count && !w->failed; i++)
        if (expr->args[i])
            walk(w, expr->args[i], i > 0 && binds(expr) ? &inner : scope, depth + 1);
    if (asks_cluster(w, expr))
        put_variable(w, expr, RULE_VAR_CLUSTER);
}

/* The tree of a text that may name the first `known` variables. */
static CelExpr *read_text(Walk *w, const Node *scalar, uint32_t known)
{
    ExprText text;
    CelParseOptions options;
    CelExpr *expr;

    if (!expr_text(w->reader, scalar, &text))
        return NULL;
    options = (CelParseOptions){.offset = text.offset, .source = text.source};
    expr = cel_parse(text.text, &options, w->reader->arena, w->reader->diags);
    w->known = known;
    if (expr)
        walk(w, expr, NULL, 0);
    return w->failed ? NULL : expr;
}

static CelExpr *with_args(ExprReader *reader, CelExpr expr, CelExpr *a, CelExpr *b)
{
    CelExpr *made = ARENA_NEW(reader->arena, CelExpr);
    CelExpr **args = ARENA_ARRAY(reader->arena, CelExpr *, 2);

    if (!made || !args)
        return NULL;
    args[0] = a;
    args[1] = b;
    *made = expr;
    made->args = args;
    made->arg_count = 2;
    made->depth = (uint16_t)((a->depth > b->depth ? a->depth : b->depth) + 1);
    if (made->depth <= LIMIT_CEL_DEPTH)
        return made;
    diag_error(reader->diags, DIAG_CEL_SYNTAX, b->span,
               "the expression nests deeper than %u with the variables that it names",
               LIMIT_CEL_DEPTH);
    return NULL;
}

/* Puts the variables that `expr` names around it. What one of them fails with matters only where it
 * is asked for, as Kubernetes has it, since an error is a value until then. */
static CelExpr *with_variables(Walk *w, CelExpr *expr)
{
    const Node *variables = w->policy->variables;

    for (uint32_t i = variables ? variables->count : 0; expr && i-- > 0;) {
        CelExpr *value, bind = {.kind = CEL_EXPR_BIND, .span = expr->span};

        if (!w->used[i])
            continue;
        value = read_text(w, node_get_named(&variables->as.items[i], STR("expression")), i);
        bind.iter_var = local_name(w, variable_name(w->policy, i));
        expr = value ? with_args(w->reader, bind, value, expr) : NULL;
    }
    return expr;
}

static bool walk_begin(Walk *w, ExprReader *reader, const RuleAdmission *policy)
{
    uint32_t count = policy->variables ? policy->variables->count : 0;

    *w = (Walk){.reader = reader, .policy = policy};
    w->used = ARENA_ARRAY(reader->arena, bool, count + 1u);
    return w->used != NULL;
}

CelExpr *policy_expr_read(ExprReader *reader, const RuleAdmission *policy, const Node *scalar)
{
    CelExpr *expr;
    Walk w;

    if (!walk_begin(&w, reader, policy))
        return NULL;
    expr = read_text(&w, scalar, policy->variables ? policy->variables->count : 0);
    return expr ? with_variables(&w, expr) : NULL;
}

/* A call of an operator. */
static CelExpr *apply(ExprReader *reader, Str name, CelExpr *a, CelExpr *b)
{
    CelExpr call = {.kind = CEL_EXPR_CALL, .name = name, .span = a->span};
    CelExpr *made = with_args(reader, call, a, b ? b : a);

    if (made && !b)
        made->arg_count = 1;
    return made;
}

/* `all` and one more; `all` is NULL at first. */
static CelExpr *join(ExprReader *reader, CelExpr *all, CelExpr *one)
{
    return all && one ? apply(reader, STR("_&&_"), all, one) : one;
}

/* Whether all expressions of a list hold; an empty one does. */
static CelExpr *read_all(ExprReader *reader, const RuleAdmission *policy, const Node *list)
{
    CelExpr *all = NULL;

    for (uint32_t i = 0; list && i < list->count; i++) {
        const Node *text = node_get_named(&list->as.items[i], STR("expression"));
        all = join(reader, all, policy_expr_read(reader, policy, text));
        if (!all)
            return NULL;
    }
    if (!all && (all = ARENA_NEW(reader->arena, CelExpr)))
        *all = (CelExpr){.kind = CEL_EXPR_BOOL, .as.boolean = true, .depth = 1};
    return all;
}

CelExpr *policy_expr_conditions(ExprReader *reader, const RuleAdmission *policy, bool *none)
{
    CelExpr *all, *excepted;

    *none = (!policy->conditions || policy->conditions->count == 0) && !policy->exception_count;
    all = *none ? NULL : read_all(reader, policy, policy->conditions);
    for (uint32_t i = 0; all && i < policy->exception_count; i++) {
        excepted = read_all(reader, policy, policy->exceptions[i]);
        all = excepted ? join(reader, all, apply(reader, STR("!_"), excepted, NULL)) : NULL;
    }
    return all;
}
