#include "cel/unify.h"

const CelType *cel_type_plain(CelTypeKind kind)
{
    static const CelType types[] = {
        [CEL_TYPE_DYN] = {.kind = CEL_TYPE_DYN},
        [CEL_TYPE_NULL] = {.kind = CEL_TYPE_NULL},
        [CEL_TYPE_BOOL] = {.kind = CEL_TYPE_BOOL},
        [CEL_TYPE_INT] = {.kind = CEL_TYPE_INT},
        [CEL_TYPE_UINT] = {.kind = CEL_TYPE_UINT},
        [CEL_TYPE_DOUBLE] = {.kind = CEL_TYPE_DOUBLE},
        [CEL_TYPE_STRING] = {.kind = CEL_TYPE_STRING},
        [CEL_TYPE_BYTES] = {.kind = CEL_TYPE_BYTES},
        [CEL_TYPE_DURATION] = {.kind = CEL_TYPE_DURATION},
        [CEL_TYPE_TIMESTAMP] = {.kind = CEL_TYPE_TIMESTAMP},
        [CEL_TYPE_LIST] = {.kind = CEL_TYPE_LIST},
        [CEL_TYPE_MAP] = {.kind = CEL_TYPE_MAP},
        [CEL_TYPE_TYPE] = {.kind = CEL_TYPE_TYPE},
        [CEL_TYPE_OPTIONAL] = {.kind = CEL_TYPE_OPTIONAL},
        [CEL_TYPE_ERROR] = {.kind = CEL_TYPE_ERROR},
    };

    return &types[kind];
}

const CelType *cel_type_new(Arena *arena, CelTypeKind kind, const CelType *a, const CelType *b)
{
    CelType *type = ARENA_NEW(arena, CelType);

    if (!type)
        return cel_type_plain(CEL_TYPE_DYN);
    type->kind = kind;
    type->params[0] = a;
    type->params[1] = b;
    return type;
}

const CelType *unify_variable(Unifier *u)
{
    const CelType **bound =
        arena_grow(u->arena, u->bound, u->count, &u->capacity, u->count + 1, sizeof *bound);
    CelType *type;

    if (!bound)
        return cel_type_plain(CEL_TYPE_DYN);
    u->bound = bound;
    type = ARENA_NEW(u->arena, CelType);
    if (!type)
        return cel_type_plain(CEL_TYPE_DYN);
    u->bound[u->count++] = NULL;
    type->kind = CEL_TYPE_PARAM;
    type->variable = u->count;
    return type;
}

/* `type` with its parameters passed through `change`. */
typedef struct Change {
    Unifier *unifier;
    const CelType **variables; /* of unify_instance() */
    bool close;                /* of unify_replace() */
} Change;

typedef const CelType *Changer(const Change *change, const CelType *type);

static const CelType *change_params(const Change *change, const CelType *type, Changer *changer)
{
    CelType *copy = NULL;

    for (int i = 0; i < 3 && type->params[i]; i++) {
        const CelType *param = changer(change, type->params[i]);

        if (param == type->params[i])
            continue;
        if (!copy) {
            copy = ARENA_NEW(change->unifier->arena, CelType);
            if (!copy)
                return cel_type_plain(CEL_TYPE_DYN);
            *copy = *type;
        }
        copy->params[i] = param;
    }
    return copy ? copy : type;
}

static const CelType *instance(const Change *change, const CelType *type)
{
    const CelType **variable;

    if (type->kind != CEL_TYPE_PARAM || type->variable)
        return change_params(change, type, instance);
    variable = &change->variables[(unsigned char)(type->name.data[0] - 'A') % 26];
    if (!*variable)
        *variable = unify_variable(change->unifier);
    return *variable;
}

const CelType *unify_instance(Unifier *u, const CelType *type, const CelType *variables[26])
{
    Change change = {.unifier = u, .variables = variables};

    return instance(&change, type);
}

const CelType *unify_look(const Unifier *u, const CelType *type)
{
    while (type->variable && u->bound[type->variable - 1])
        type = u->bound[type->variable - 1];
    return type;
}

static const CelType *replace(const Change *change, const CelType *type)
{
    type = unify_look(change->unifier, type);
    if (type->variable && change->close)
        return cel_type_plain(CEL_TYPE_DYN);
    return change_params(change, type, replace);
}

const CelType *unify_replace(Unifier *u, const CelType *type, bool close)
{
    Change change = {.unifier = u, .close = close};

    return replace(&change, type);
}

bool cel_type_same(const CelType *a, const CelType *b)
{
    if (a == b)
        return true;
    if (!a || !b || a->kind != b->kind || a->variable != b->variable)
        return false;
    if (a->kind == CEL_TYPE_OPAQUE && !str_eq(a->name, b->name))
        return false;
    for (int i = 0; i < 3; i++)
        if (!cel_type_same(a->params[i], b->params[i]))
            return false;
    return true;
}

/* Whether `a` says no more than `b` does. */
static bool says_less(const Unifier *u, const CelType *a, const CelType *b)
{
    a = unify_look(u, a);
    b = unify_look(u, b);
    if (a->kind == CEL_TYPE_DYN || a->kind == CEL_TYPE_PARAM)
        return true;
    if (b->kind == CEL_TYPE_DYN || b->kind == CEL_TYPE_PARAM)
        return false;
    if (a->kind == CEL_TYPE_WRAPPER && b->kind != CEL_TYPE_WRAPPER)
        return true;
    if (b->kind == CEL_TYPE_NULL)
        return true;
    if (a->kind != b->kind)
        return false;
    for (int i = 0; i < 3 && a->params[i] && b->params[i]; i++)
        if (!says_less(u, a->params[i], b->params[i]))
            return false;
    return true;
}

const CelType *unify_general(const Unifier *u, const CelType *a, const CelType *b)
{
    return says_less(u, a, b) ? a : b;
}

static bool occurs_in(const Unifier *u, const CelType *variable, const CelType *type)
{
    for (; type->variable; type = u->bound[type->variable - 1]) {
        if (type->variable == variable->variable)
            return true;
        if (!u->bound[type->variable - 1])
            return false;
    }
    for (int i = 0; i < 3 && type->params[i]; i++)
        if (occurs_in(u, variable, type->params[i]))
            return true;
    return false;
}

static bool bind(Unifier *u, const CelType *variable, const CelType *type)
{
    Binding *trail;

    if (occurs_in(u, variable, type))
        return false;
    trail = arena_grow(u->arena, u->trail, u->trail_count, &u->trail_capacity, u->trail_count + 1,
                       sizeof *trail);
    if (!trail)
        return false;
    u->trail = trail;
    u->trail[u->trail_count++] = (Binding){variable->variable, u->bound[variable->variable - 1]};
    u->bound[variable->variable - 1] = type;
    return true;
}

void unify_rewind(Unifier *u, uint32_t mark)
{
    while (u->trail_count > mark) {
        const Binding *last = &u->trail[--u->trail_count];

        u->bound[last->variable - 1] = last->before;
    }
}

/* A variable that stands for `now` meets `other`: it stands for the more general one from then on.
 */
static bool rebind(Unifier *u, const CelType *variable, const CelType *now, const CelType *other)
{
    const CelType *general = unify_general(u, other, now);

    if (general != now && !occurs_in(u, variable, general))
        return bind(u, variable, general);
    return true;
}

static bool assign_variable(Unifier *u, const CelType *variable, const CelType *other, bool to)
{
    const CelType *now = unify_look(u, variable), *then = unify_look(u, other);

    if (cel_type_same(now, then))
        return true;
    if (now->variable)
        return bind(u, now, other);
    if (then->variable)
        return bind(u, then, now);
    if (!(to ? unify_assign(u, then, now) : unify_assign(u, now, then)))
        return false;
    return rebind(u, variable, now, then);
}

static bool takes_null(const CelType *type)
{
    switch (type->kind) {
    case CEL_TYPE_NULL:
    case CEL_TYPE_WRAPPER:
    case CEL_TYPE_DURATION:
    case CEL_TYPE_TIMESTAMP:
    case CEL_TYPE_OPAQUE:
        return true;
    default:
        return false;
    }
}

static const CelType *unwrapped(const CelType *type)
{
    return type->kind == CEL_TYPE_WRAPPER ? type->params[0] : type;
}

bool unify_assign(Unifier *u, const CelType *from, const CelType *to)
{
    if (to->variable)
        return assign_variable(u, to, from, true);
    if (from->variable)
        return assign_variable(u, from, to, false);
    if (from->kind == CEL_TYPE_DYN || to->kind == CEL_TYPE_DYN || from->kind == CEL_TYPE_ERROR ||
        to->kind == CEL_TYPE_ERROR)
        return true;
    if (from->kind == CEL_TYPE_NULL || to->kind == CEL_TYPE_NULL)
        return takes_null(from->kind == CEL_TYPE_NULL ? to : from);
    from = unwrapped(from);
    to = unwrapped(to);
    if (from->kind != to->kind || (from->kind == CEL_TYPE_OPAQUE && !str_eq(from->name, to->name)))
        return false;
    if (from->kind == CEL_TYPE_TYPE) /* type(1) == type("a") is false, and no mistake */
        return true;
    for (int i = 0; i < 3 && from->params[i] && to->params[i]; i++)
        if (!unify_assign(u, from->params[i], to->params[i]))
            return false;
    return true;
}
