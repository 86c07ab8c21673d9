/* What calls mean: which overloads of a function take the arguments, and what comes out. */
#include "base/buf.h"
#include "cel/checker.h"
#include "cel/functions.h"

typedef struct Overload {
    uint16_t function;
    Str params;
    Str result;
} Overload;

static const Overload overloads[] = {
#define OPERATOR(id, name, arity)
#define FUNCTION(id, name, member, arity, implementation, flags)
#define OVERLOAD(id, params, result) {CEL_FN_##id, STR_INIT(params), STR_INIT(result)},
#include "cel/functions.def"
};
#define OVERLOAD_COUNT (sizeof overloads / sizeof *overloads)

/* One way to call it, made ready for one call. */
typedef struct Signature {
    const CelType *params[8];
    uint32_t count;
    const CelType *result;
} Signature;

/* A call while its overloads are tried. */
typedef struct Attempt {
    const CelExpr *call;
    const CelType *const *types; /* of the arguments */
    const CelType *result;       /* NULL while no overload fits */
} Attempt;

/* looking up */

static bool is_declared(const CelDeclaration *d, Str name, bool member)
{
    return d->member == member && str_eq(d->name, name);
}

static bool name_known(const Checker *c, Str name, bool member)
{
    for (uint16_t i = 0; i < CEL_FN_COUNT; i++)
        if (cel_function(i)->member == member && str_eq(cel_function(i)->name, name))
            return true;
    for (uint32_t i = 0; i < c->env->declaration_count; i++)
        if (is_declared(&c->env->declarations[i], name, member))
            return true;
    return false;
}

/* The full name of a function by the container; empty when there is none. */
static Str resolve_name(Checker *c, Str name, bool member, bool absolute)
{
    uint32_t length = UINT32_MAX;
    Str candidate;

    if (member)
        return name_known(c, name, true) ? name : STR("");
    while (check_next_name(c, name, absolute, &length, &candidate))
        if (name_known(c, candidate, false))
            return candidate;
    return STR("");
}

bool check_function_known(Checker *c, Str name, bool member)
{
    return resolve_name(c, name, member, false).size > 0;
}

/* signatures */

/* The comma outside parentheses that ends the first type of a list of them. */
static Str take_param(Str *rest)
{
    uint32_t depth = 0, i = 0;
    Str param;

    for (; i < rest->size; i++) {
        char ch = rest->data[i];

        if (ch == ',' && depth == 0)
            break;
        depth += ch == '(';
        depth -= ch == ')';
    }
    param = str_sub(*rest, 0, i);
    *rest = str_trim(str_from(*rest, i + 1));
    return param;
}

static bool read_signature(Checker *c, const Overload *overload, Signature *signature)
{
    Str rest = overload->params;

    signature->count = 0;
    while (rest.size && signature->count < 8) {
        const CelType *type = cel_type_parse(take_param(&rest), c->arena);

        if (!type)
            return false;
        signature->params[signature->count++] = type;
    }
    signature->result = cel_type_parse(overload->result, c->arena);
    return signature->result && (signature->count > 0 || overload->params.size == 0);
}

/* A result that only a dyn argument could have told is dyn, and not open. */
static const CelType *result_of(Checker *c, const Attempt *attempt, const CelType *result)
{
    bool any = false;

    for (uint32_t i = 0; i < attempt->call->arg_count; i++)
        any |= unify_look(&c->unifier, attempt->types[i])->kind == CEL_TYPE_DYN;
    return unify_replace(&c->unifier, result, any);
}

/* Tries one overload. Two that fit with different results leave the result to run time. */
static void try_signature(Checker *c, Attempt *attempt, const Signature *signature)
{
    const CelType *variables[26] = {NULL};
    uint32_t mark = unify_mark(&c->unifier);
    const CelType *result;

    for (uint32_t i = 0; i < attempt->call->arg_count; i++) {
        uint32_t param = i < signature->count ? i : signature->count - 1;

        if (signature->count == 0 ||
            !unify_assign(&c->unifier, attempt->types[i],
                          unify_instance(&c->unifier, signature->params[param], variables))) {
            unify_rewind(&c->unifier, mark);
            return;
        }
    }
    result = result_of(c, attempt, unify_instance(&c->unifier, signature->result, variables));
    if (!attempt->result)
        attempt->result = result;
    else if (!cel_type_same(attempt->result, result))
        attempt->result = cel_type_plain(CEL_TYPE_DYN);
}

static void try_table(Checker *c, Attempt *attempt, uint16_t function)
{
    for (size_t i = 0; i < OVERLOAD_COUNT; i++) {
        Signature signature;

        if (overloads[i].function == function && read_signature(c, &overloads[i], &signature))
            try_signature(c, attempt, &signature);
    }
}

static void try_declarations(Checker *c, Attempt *attempt, Str name)
{
    for (uint32_t i = 0; i < c->env->declaration_count; i++) {
        const CelDeclaration *d = &c->env->declarations[i];
        Signature signature = {.count = d->param_count, .result = d->result};

        if (!is_declared(d, name, attempt->call->member) || d->param_count > 8 ||
            d->param_count != attempt->call->arg_count)
            continue;
        for (uint32_t k = 0; k < d->param_count; k++)
            signature.params[k] = d->params[k];
        try_signature(c, attempt, &signature);
    }
}

/* math.greatest(1, 2.0): each argument fits an overload of its own. */
static const CelType *try_each(Checker *c, const CelExpr *call, const CelType *const *types,
                               uint16_t function)
{
    CelExpr single = *call;

    single.arg_count = 1;
    for (uint32_t i = 0; i < call->arg_count; i++) {
        Attempt attempt = {&single, &types[i], NULL};

        if (unify_look(&c->unifier, types[i])->kind == CEL_TYPE_LIST)
            return NULL;
        try_table(c, &attempt, function);
        if (!attempt.result)
            return NULL;
    }
    return cel_type_plain(CEL_TYPE_DYN);
}

/* mistakes */

static Str types_text(Checker *c, const CelExpr *call, const CelType *const *types)
{
    Buf out = buf_new(c->arena);

    for (uint32_t i = call->member ? 1 : 0; i < call->arg_count; i++) {
        if (out.size)
            buf_add_z(&out, ", ");
        buf_add(&out, check_type_text(c, types[i]));
    }
    return buf_str(&out);
}

/* An operator as it is written: "_+_" gives "+", "@in" gives "in". */
static Str operator_text(Checker *c, Str name)
{
    Buf out = buf_new(c->arena);

    for (uint32_t i = 0; i < name.size; i++)
        if (name.data[i] != '_' && name.data[i] != '@')
            buf_add_char(&out, name.data[i]);
    return buf_str(&out);
}

static const CelType *fail_types(Checker *c, const CelExpr *call, const CelType *const *types)
{
    Str text = types_text(c, call, types);

    if (str_find_char(call->name, '_') == 0 || str_ends(call->name, STR("_")) ||
        str_eq(call->name, STR("@in")))
        return check_fail(c, call->span, "`%.*s` does not take %.*s",
                          STR_ARG(operator_text(c, call->name)), STR_ARG(text));
    if (call->member)
        return check_fail(c, call->span, "%.*s has no function %.*s(%.*s)",
                          STR_ARG(check_type_text(c, types[0])), STR_ARG(call->name),
                          STR_ARG(text));
    return check_fail(c, call->span, "%.*s() does not take (%.*s)", STR_ARG(call->name),
                      STR_ARG(text));
}

/* Names to suggest: functions of the same form, and macros. */
static uint32_t candidates(const Checker *c, bool member, Str *names)
{
    static const Str member_macros[] = {STR_INIT("all"), STR_INIT("exists"), STR_INIT("filter"),
                                        STR_INIT("map"), STR_INIT("exists_one")};
    static const Str macros[] = {STR_INIT("has"), STR_INIT("isSet"), STR_INIT("cel.bind")};
    size_t macro_count =
        member ? sizeof member_macros / sizeof *member_macros : sizeof macros / sizeof *macros;
    uint32_t count = 0;

    for (uint16_t i = 0; i < CEL_FN_COUNT; i++)
        if (cel_function(i)->member == member)
            names[count++] = cel_function(i)->name;
    for (uint32_t i = 0; i < c->env->declaration_count; i++)
        names[count++] = c->env->declarations[i].name;
    for (size_t i = 0; i < macro_count; i++)
        names[count++] = member ? member_macros[i] : macros[i];
    return count;
}

/* sets.contain(a, b) is more likely a slip in the name than a call of a member of a variable
 * `sets`. */
static bool is_namespaced_slip(Checker *c, const CelExpr *call, Str *name)
{
    Str path = call->member ? check_path(c, call->args[0]) : STR("");
    CelExpr root = call->member ? *call->args[0] : *call;

    if (!path.size || root.kind != CEL_EXPR_IDENT || check_ident(c, &root))
        return false;
    *name = str_format(c->arena, "%.*s.%.*s", STR_ARG(path), STR_ARG(call->name));
    return name->data != NULL;
}

const CelType *check_unknown_function(Checker *c, const CelExpr *call)
{
    Str *names = ARENA_ARRAY(c->arena, Str, CEL_FN_COUNT + c->env->declaration_count + 8);
    Str name = call->name;
    bool slip = is_namespaced_slip(c, call, &name);

    if (!slip && name_known(c, name, !call->member))
        return check_fail(c, call->span,
                          call->member ? "%.*s() is no function of a value: write %.*s(a, ...)"
                                       : "%.*s() is a function of a value: write a.%.*s(...)",
                          STR_ARG(name), STR_ARG(name));
    return check_fail_word(c, call->span, name, names,
                           names ? candidates(c, call->member && !slip, names) : 0, "function");
}

/* calls */

/* Indexing what only run time knows gives what only run time knows. */
static bool indexes_dyn(Checker *c, const CelExpr *call, const CelType *const *types)
{
    return (call->function == CEL_FN_INDEX || call->function == CEL_FN_OPTIONAL_INDEX) &&
           unify_look(&c->unifier, types[0])->kind == CEL_TYPE_DYN;
}

static const CelType *dyn_index(Checker *c, const CelExpr *call)
{
    const CelType *dyn = cel_type_plain(CEL_TYPE_DYN);

    return call->function == CEL_FN_INDEX ? dyn
                                          : cel_type_new(c->arena, CEL_TYPE_OPTIONAL, dyn, NULL);
}

/* Whatever is made of the input may be null, so that anything may be asked whether it is. */
static bool asks_for_null(Checker *c, const CelExpr *call, const CelType *const *types)
{
    return (call->function == CEL_FN_EQUAL || call->function == CEL_FN_NOT_EQUAL) &&
           (unify_look(&c->unifier, types[0])->kind == CEL_TYPE_NULL ||
            unify_look(&c->unifier, types[1])->kind == CEL_TYPE_NULL);
}

const CelType *check_call(Checker *c, CelExpr *call, const CelType *const *types)
{
    Str name = resolve_name(c, call->name, call->member, call->absolute);
    Attempt attempt = {call, types, NULL};

    if (!name.size)
        return check_unknown_function(c, call);
    call->name = name;
    call->function = cel_function_find(name, call->member, call->arg_count);
    if (c->dynamic)
        return cel_type_plain(CEL_TYPE_DYN);
    if (indexes_dyn(c, call, types))
        return dyn_index(c, call);
    if (asks_for_null(c, call, types))
        return cel_type_plain(CEL_TYPE_BOOL);
    if (call->function != CEL_FUNCTION_NONE)
        try_table(c, &attempt, call->function);
    try_declarations(c, &attempt, name);
    if (!attempt.result && call->function != CEL_FUNCTION_NONE && call->arg_count > 1 &&
        cel_function(call->function)->arity == CEL_ANY_ARITY)
        attempt.result = try_each(c, call, types, call->function);
    return attempt.result ? attempt.result : fail_types(c, call, types);
}
