/* What the names in an expression mean: local and declared variables, and types. */
#include "base/buf.h"
#include "cel/checker.h"

static const CelType *find_local(const Checker *c, Str name, int32_t *variable)
{
    for (uint32_t i = c->local_count; i-- > 0;)
        if (str_eq(c->locals[i].name, name)) {
            *variable = -1 - (int32_t)i;
            return c->locals[i].type;
        }
    return NULL;
}

static const CelType *find_variable(const Checker *c, Str name, int32_t *variable)
{
    for (uint32_t i = 0; i < c->env->variable_count; i++)
        if (str_eq(c->env->variables[i].name, name)) {
            *variable = (int32_t)i;
            return c->env->variables[i].type ? c->env->variables[i].type
                                             : cel_type_plain(CEL_TYPE_DYN);
        }
    return NULL;
}

/* Names of types are values: type(x) == int. */
static const CelType *find_type(Checker *c, Str name, int32_t *variable)
{
    static const struct {
        Str name;
        Str type;
    } types[] = {
        {STR_INIT("bool"), STR_INIT("type(bool)")},
        {STR_INIT("int"), STR_INIT("type(int)")},
        {STR_INIT("uint"), STR_INIT("type(uint)")},
        {STR_INIT("double"), STR_INIT("type(double)")},
        {STR_INIT("string"), STR_INIT("type(string)")},
        {STR_INIT("bytes"), STR_INIT("type(bytes)")},
        {STR_INIT("list"), STR_INIT("type(list(dyn))")},
        {STR_INIT("map"), STR_INIT("type(map(dyn, dyn))")},
        {STR_INIT("null_type"), STR_INIT("type(null_type)")},
        {STR_INIT("type"), STR_INIT("type(type)")},
        {STR_INIT("optional_type"), STR_INIT("type(optional_type(dyn))")},
        {STR_INIT("google.protobuf.Duration"), STR_INIT("type(duration)")},
        {STR_INIT("google.protobuf.Timestamp"), STR_INIT("type(timestamp)")},
        {STR_INIT("net.IP"), STR_INIT("type(net.IP)")},
        {STR_INIT("net.CIDR"), STR_INIT("type(net.CIDR)")},
        {STR_INIT("kubernetes.Quantity"), STR_INIT("type(kubernetes.Quantity)")},
        {STR_INIT("kubernetes.Semver"), STR_INIT("type(kubernetes.Semver)")},
        {STR_INIT("kubernetes.URL"), STR_INIT("type(kubernetes.URL)")},
    };

    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (str_eq(types[i].name, name)) {
            *variable = CEL_IDENT_TYPE;
            return cel_type_parse(types[i].type, c->arena);
        }
    return NULL;
}

bool check_next_name(Checker *c, Str name, bool absolute, uint32_t *length, Str *candidate)
{
    Str container = absolute ? STR("") : c->env->container;

    if (*length == 0)
        return false;
    if (*length == UINT32_MAX) {
        *length = container.size;
    } else {
        int64_t dot = str_find_last_char(str_sub(container, 0, *length), '.');

        *length = dot < 0 ? 0 : (uint32_t)dot;
    }
    *candidate =
        *length ? str_format(c->arena, "%.*s.%.*s", (int)*length, container.data, STR_ARG(name))
                : name;
    return candidate->data != NULL;
}

static const CelType *find_declared(Checker *c, Str name, bool absolute, int32_t *variable)
{
    uint32_t length = UINT32_MAX;
    Str candidate;

    while (check_next_name(c, name, absolute, &length, &candidate)) {
        const CelType *type = find_variable(c, candidate, variable);

        if (!type)
            type = find_type(c, candidate, variable);
        if (type)
            return type;
    }
    return NULL;
}

const CelType *check_ident(Checker *c, CelExpr *ident)
{
    const CelType *type = ident->absolute ? NULL : find_local(c, ident->name, &ident->variable);

    return type ? type : find_declared(c, ident->name, ident->absolute, &ident->variable);
}

static bool add_path(const Checker *c, const CelExpr *expr, Buf *out)
{
    int32_t variable;

    if (expr->kind == CEL_EXPR_IDENT) {
        if (!expr->absolute && find_local(c, expr->name, &variable))
            return false;
        buf_add(out, expr->name);
        return true;
    }
    if (expr->kind != CEL_EXPR_SELECT || expr->optional || expr->test ||
        !add_path(c, expr->args[0], out))
        return false;
    buf_add_char(out, '.');
    buf_add(out, expr->name);
    return true;
}

Str check_path(Checker *c, const CelExpr *expr)
{
    Buf out = buf_new(c->arena);

    return add_path(c, expr, &out) ? buf_str(&out) : STR("");
}

static bool is_absolute(const CelExpr *expr)
{
    while (expr->kind == CEL_EXPR_SELECT)
        expr = expr->args[0];
    return expr->absolute;
}

const CelType *check_qualified(Checker *c, CelExpr *select)
{
    Str path = check_path(c, select);
    const CelType *type;
    int32_t variable;

    if (!path.size)
        return NULL;
    type = find_declared(c, path, is_absolute(select), &variable);
    if (type) {
        select->kind = CEL_EXPR_IDENT;
        select->name = path;
        select->variable = variable;
        select->args = NULL;
        select->arg_count = 0;
    }
    return type;
}

const CelType *check_undeclared(Checker *c, CelExpr *ident)
{
    uint32_t count = c->local_count + c->env->variable_count;
    Str *names = ARENA_ARRAY(c->arena, Str, count + 1);

    ident->variable = CEL_IDENT_UNDECLARED;
    if (!names)
        count = 0;
    for (uint32_t i = 0; i < count; i++)
        names[i] =
            i < c->local_count ? c->locals[i].name : c->env->variables[i - c->local_count].name;
    return check_fail_word(c, ident->span, ident->name, names, count, "variable");
}
