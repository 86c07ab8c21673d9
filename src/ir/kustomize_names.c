#include "ir/kustomize_names.h"

#include "ir/kustomize_fields.h"
#include "ir/node_edit.h"

/* What is named; of a KustReference. */
typedef struct Target {
    Str kind;
    Str group;
    Str version;
} Target;

static const KustReference references[] = {
#define KUST_REFERENCE(kind, group, version, from_kind, from_group, from_version, path)            \
    {STR_INIT(kind),                                                                               \
     STR_INIT(group),                                                                              \
     STR_INIT(version),                                                                            \
     {STR_INIT(from_group), STR_INIT(from_version), STR_INIT(from_kind), STR_INIT(path), false}},
#define KUST_POD_REFERENCE(kind, group, version, holders, path)
#include "ir/kustomize_references.def"
#undef KUST_REFERENCE
#undef KUST_POD_REFERENCE
};

/* Kinds with pods, by what kustomize follows from them. */
enum {
    CONFIG = 1,
    ACCOUNT = 2,
    BOTH = CONFIG | ACCOUNT,
};

typedef struct PodReference {
    Target target;
    int holders;
    Str path;
} PodReference;

static const PodReference pod_references[] = {
#define KUST_REFERENCE(kind, group, version, from_kind, from_group, from_version, path)
#define KUST_POD_REFERENCE(kind, group, version, holders, path)                                    \
    {{STR_INIT(kind), STR_INIT(group), STR_INIT(version)}, holders, STR_INIT(path)},
#include "ir/kustomize_references.def"
#undef KUST_REFERENCE
#undef KUST_POD_REFERENCE
};

static const struct {
    Str kind;
    int holders;
    Str spec; /* where its pods' is */
} pods[] = {
    {STR_INIT("Pod"), BOTH, STR_INIT("spec/")},
    {STR_INIT("PodTemplate"), CONFIG, STR_INIT("template/spec/")},
    {STR_INIT("Deployment"), BOTH, STR_INIT("spec/template/spec/")},
    {STR_INIT("ReplicaSet"), CONFIG, STR_INIT("spec/template/spec/")},
    {STR_INIT("DaemonSet"), BOTH, STR_INIT("spec/template/spec/")},
    {STR_INIT("StatefulSet"), BOTH, STR_INIT("spec/template/spec/")},
    {STR_INIT("ReplicationController"), ACCOUNT, STR_INIT("spec/template/spec/")},
    {STR_INIT("Job"), BOTH, STR_INIT("spec/template/spec/")},
    {STR_INIT("CronJob"), BOTH, STR_INIT("spec/jobTemplate/spec/template/spec/")},
};

/* One reference, from one object. */
typedef struct Follower {
    KustBuild *build;
    const KustSet *set;
    const KustObject *referrer;
    const Target *target;
    Str path;
} Follower;

/* --- candidates --- */

static bool was_called(const KustObject *object, Str name)
{
    for (uint32_t i = 0; i < object->previous_count; i++)
        if (str_eq(object->previous[i].name, name))
            return true;
    return false;
}

static bool is_target(const KustObject *object, const Target *target)
{
    if (!kust_is_word(target->group, kust_group(object)) ||
        !kust_is_word(target->version, kust_version(object)))
        return false;
    for (uint32_t i = 0; i < object->previous_count; i++)
        if (str_eq(object->previous[i].kind, target->kind))
            return true;
    return false;
}

/* Of the roles that a binding may mean, it says which kind. */
static bool is_role_meant(const Follower *f, const KustObject *object)
{
    const Node *role = node_get_named(&f->referrer->body, STR("roleRef"));
    Str kind = node_string(node_get_named(role, STR("kind")));
    Str group = node_string(node_get_named(role, STR("apiGroup")));
    Target target = {kind, group, STR("")};

    return !str_eq(f->path, STR("roleRef/name")) || !kind.size || !group.size ||
           is_target(object, &target);
}

/* A role binding reaches accounts of the namespaces that its subjects name. */
static bool is_subject_namespace(const KustObject *binding, Str namespace)
{
    const Node *subjects = node_get_named(&binding->body, STR("subjects"));

    if (!str_eq(kust_kind(binding), STR("RoleBinding")))
        return false;
    for (uint32_t i = 0; subjects && subjects->kind == NODE_LIST && i < subjects->count; i++) {
        const Node *subject = &subjects->as.items[i];
        if (str_eq(node_string(node_get_named(subject, STR("kind"))), STR("ServiceAccount")) &&
            str_eq(node_string(node_get_named(subject, STR("namespace"))), namespace))
            return true;
    }
    return false;
}

static bool is_within_reach(const Follower *f, const KustObject *object)
{
    Str own = kust_id(f->referrer).namespace, other = kust_id(object).namespace;

    return !own.size || !other.size || str_eq(own, other) ||
           (str_eq(kust_kind(object), STR("ServiceAccount")) &&
            is_subject_namespace(f->referrer, kust_namespace(object)));
}

/* Whether the shorter of two lists is the end of the longer one. */
static bool same_ending(const KustWords *a, const KustWords *b)
{
    const KustWords *shorter = a->count < b->count ? a : b, *longer = shorter == a ? b : a;
    uint32_t more = longer->count - shorter->count;

    if (!shorter->count)
        return !more;
    for (uint32_t i = 0; i < shorter->count; i++)
        if (!str_eq(shorter->items[i], longer->items[i + more]))
            return false;
    return true;
}

static bool same_affixes(const KustObject *a, const KustObject *b, bool allow_none)
{
    return ((allow_none && (!a->prefixes.count || !b->prefixes.count)) ||
            same_ending(&a->prefixes, &b->prefixes)) &&
           ((allow_none && (!a->suffixes.count || !b->suffixes.count)) ||
            same_ending(&a->suffixes, &b->suffixes));
}

/* Of several, those that went the same way through prefixes and suffixes. */
static void keep_alike(const Follower *f, KustSet *candidates, bool allow_none)
{
    uint32_t left = 0;

    for (uint32_t i = 0; i < candidates->count; i++)
        if (same_affixes(candidates->items[i], f->referrer, allow_none))
            candidates->items[left++] = candidates->items[i];
    candidates->count = left;
}

/* The namespace that a reference names is that of the object at first or, failing that, now. */
static void keep_namespace(KustSet *candidates, Str namespace)
{
    uint32_t left = 0;

    for (int now = 0; !left && now < 2; now++)
        for (uint32_t i = 0; i < candidates->count; i++) {
            const KustObject *object = candidates->items[i];
            KustId id = now ? kust_id(object) : kust_id_at(object, 0);
            if (str_eq(id.namespace, namespace))
                candidates->items[left++] = candidates->items[i];
        }
    candidates->count = left;
}

/* The object that `name` means by now, or NULL. `namespace` is what the reference says of it; data
 * NULL where it does not. */
static const KustObject *find(const Follower *f, Str name, Str namespace)
{
    KustSet candidates = {0};

    if (!name.size || !kust_spend_look(f->build, f->set))
        return NULL;
    for (uint32_t i = 0; i < f->set->count; i++) {
        KustObject *object = f->set->items[i];
        if (was_called(object, name) && is_target(object, f->target) && is_role_meant(f, object) &&
            is_within_reach(f, object))
            kust_append(f->build, &candidates, object);
    }
    if (namespace.data)
        keep_namespace(&candidates, namespace);
    if (candidates.count > 1)
        keep_alike(f, &candidates, true);
    if (candidates.count > 1)
        keep_alike(f, &candidates, false);
    for (uint32_t i = 1; i < candidates.count; i++)
        if (!str_eq(kust_name(candidates.items[0]), kust_name(candidates.items[i])))
            return NULL;
    return candidates.count ? candidates.items[0] : NULL;
}

/* --- references --- */

/* The place stays where the user wrote the reference. */
static void set_name(const Follower *f, Node *field)
{
    const KustObject *object = find(f, node_string(field), (Str){NULL, 0});

    if (object && !str_eq(kust_name(object), node_string(field)))
        *field = node_make_string(node_span(field), kust_name(object));
}

static void set_map(const Follower *f, Node *map)
{
    const Unit *unit = f->build->unit;
    Node *name = node_at(map, STR("name"));
    const Node *namespace = node_at(map, STR("namespace"));
    const KustObject *object;
    Str given;

    if (!name || name->kind != NODE_STRING)
        return;
    object = find(f, node_string(name), namespace ? node_string(namespace) : (Str){NULL, 0});
    if (!object)
        return;
    *name = node_make_string(node_span(name), kust_name(object));
    given = kust_namespace(object);
    if (given.size && !(namespace && str_eq(node_string(namespace), given)))
        node_put(map, unit->symbols, STR("namespace"),
                 node_make_string(node_span(namespace ? namespace : map), given), unit->arena);
}

static void follow(void *context, Node *field)
{
    const Follower *f = context;

    if (field->kind == NODE_STRING)
        set_name(f, field);
    else if (field->kind == NODE_MAP)
        set_map(f, field);
    for (uint32_t i = 0; field->kind == NODE_LIST && i < field->count; i++)
        follow(context, &field->as.items[i]);
}

static void follow_field(Follower *f, KustObject *referrer, const Target *target,
                         const KustField *field)
{
    KustSetter setter = {follow, f, NODE_NULL, &referrer->body};

    f->referrer = referrer;
    f->target = target;
    f->path = field->path;
    kust_set_field(f->build, referrer, field, &setter);
}

static void follow_pods(Follower *f, KustObject *referrer)
{
    Arena *arena = f->build->unit->arena;
    Str kind = kust_kind(referrer);

    for (size_t i = 0; i < sizeof pods / sizeof *pods; i++) {
        if (!str_eq(pods[i].kind, kind))
            continue;
        for (size_t j = 0; j < sizeof pod_references / sizeof *pod_references; j++) {
            const PodReference *reference = &pod_references[j];
            KustField field = {.kind = kind,
                               .path = str_join(arena, pods[i].spec, reference->path)};
            if (reference->holders & pods[i].holders)
                follow_field(f, referrer, &reference->target, &field);
        }
    }
}

static void follow_reference(Follower *f, KustObject *referrer, const KustReference *reference)
{
    Target target = {reference->kind, reference->group, reference->version};

    if (kust_field_matches(&reference->field, referrer))
        follow_field(f, referrer, &target, &reference->field);
}

static bool is_any_renamed(const KustSet *set)
{
    for (uint32_t i = 0; i < set->count; i++)
        if (set->items[i]->previous_count)
            return true;
    return false;
}

void kust_follow_names(KustBuild *build, KustSet *set)
{
    Follower f = {.build = build, .set = set};
    bool any = is_any_renamed(set);

    for (uint32_t i = 0; any && i < set->count; i++) {
        follow_pods(&f, set->items[i]);
        for (size_t j = 0; j < sizeof references / sizeof *references; j++)
            follow_reference(&f, set->items[i], &references[j]);
        for (uint32_t j = 0; j < build->own_reference_count; j++)
            follow_reference(&f, set->items[i], &build->own_references[j]);
    }
}
