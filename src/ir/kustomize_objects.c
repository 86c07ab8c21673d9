#include <stdarg.h>

#include "ir/kustomize_parts.h"
#include "ir/node_edit.h"

enum { LOOKS_A_STEP = 16 };

/* --- the build --- */

bool kust_spend(KustBuild *build, uint64_t steps)
{
    if (build->budget <= steps) {
        build->budget = 0;
        return false;
    }
    build->budget -= steps;
    return true;
}

bool kust_spend_look(KustBuild *build, const KustSet *set)
{
    return kust_spend(build, set->count / LOOKS_A_STEP + 1);
}

bool kust_error(const KustBuild *build, const Node *node, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    diag_add(&build->unit->diags, DIAG_ERROR, DIAG_KUSTOMIZE, node_span(node), format, args);
    va_end(args);
    return false;
}

void kust_leave_out(KustBuild *build, const Node *node, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    diag_add(&build->unit->diags, DIAG_NOTE, DIAG_KUSTOMIZE, node_span(node), format, args);
    va_end(args);
    build->open = true;
}

Str kust_text(const KustBuild *build, const Node *node)
{
    const Source *source = node ? sources_get(&build->unit->sources, node->source) : NULL;

    if (!node || node->kind == NODE_STRING)
        return node_string(node);
    if (!source || node->end < node->start || node->kind == NODE_NULL || node->kind == NODE_LIST ||
        node->kind == NODE_MAP || node->kind == NODE_UNKNOWN)
        return (Str){"", 0};
    return str_sub(source->text, node->start, node->end - node->start);
}

Str kust_field(const KustBuild *build, const Node *map, const char *key)
{
    return kust_text(build, node_get_named(map, str_of(key)));
}

bool kust_is_true(const Node *map, const char *key)
{
    const Node *value = node_get_named(map, str_of(key));

    return value && value->kind == NODE_BOOL && value->as.boolean;
}

const Node *kust_list(const Node *map, const char *key)
{
    const Node *list = node_get_named(map, str_of(key));

    return list && list->kind == NODE_LIST ? list : NULL;
}

bool kust_add_word(const KustBuild *build, KustWords *words, Str word)
{
    Str *grown = arena_grow(build->unit->arena, words->items, words->count, &words->capacity,
                            (size_t)words->count + 1, sizeof *grown);

    if (!grown)
        return false;
    words->items = grown;
    grown[words->count++] = word;
    return true;
}

/* --- objects --- */

static Str body_text(const Node *body, const char *key)
{
    return node_string(node_get_named(body, str_of(key)));
}

static Str metadata_text(const Node *body, const char *key)
{
    return body_text(node_get_named(body, STR("metadata")), key);
}

Str kust_kind(const KustObject *object)
{
    return body_text(&object->body, "kind");
}

Str kust_name(const KustObject *object)
{
    return metadata_text(&object->body, "name");
}

Str kust_namespace(const KustObject *object)
{
    return metadata_text(&object->body, "namespace");
}

static Str group_of(Str api_version)
{
    int64_t slash = str_find_char(api_version, '/');

    return str_sub(api_version, 0, slash < 0 ? 0 : (uint32_t)slash);
}

Str kust_group(const KustObject *object)
{
    return group_of(body_text(&object->body, "apiVersion"));
}

Str kust_version(const KustObject *object)
{
    Str text = body_text(&object->body, "apiVersion");

    return str_from(text, (uint32_t)(str_find_last_char(text, '/') + 1));
}

/* Kinds that kustomize knows to have no namespace: those of Kubernetes 1.21. It gives one to
 * younger ones. */
static bool is_cluster_kind(Str group, Str kind)
{
    static const struct {
        Str group;
        Str kind;
    } kinds[] = {
        {STR_INIT(""), STR_INIT("ComponentStatus")},
        {STR_INIT(""), STR_INIT("Namespace")},
        {STR_INIT(""), STR_INIT("Node")},
        {STR_INIT(""), STR_INIT("PersistentVolume")},
        {STR_INIT("admissionregistration.k8s.io"), STR_INIT("MutatingWebhookConfiguration")},
        {STR_INIT("admissionregistration.k8s.io"), STR_INIT("ValidatingWebhookConfiguration")},
        {STR_INIT("apiextensions.k8s.io"), STR_INIT("CustomResourceDefinition")},
        {STR_INIT("apiregistration.k8s.io"), STR_INIT("APIService")},
        {STR_INIT("certificates.k8s.io"), STR_INIT("CertificateSigningRequest")},
        {STR_INIT("flowcontrol.apiserver.k8s.io"), STR_INIT("FlowSchema")},
        {STR_INIT("flowcontrol.apiserver.k8s.io"), STR_INIT("PriorityLevelConfiguration")},
        {STR_INIT("networking.k8s.io"), STR_INIT("IngressClass")},
        {STR_INIT("node.k8s.io"), STR_INIT("RuntimeClass")},
        {STR_INIT("policy"), STR_INIT("PodSecurityPolicy")},
        {STR_INIT("rbac.authorization.k8s.io"), STR_INIT("ClusterRole")},
        {STR_INIT("rbac.authorization.k8s.io"), STR_INIT("ClusterRoleBinding")},
        {STR_INIT("scheduling.k8s.io"), STR_INIT("PriorityClass")},
        {STR_INIT("storage.k8s.io"), STR_INIT("CSIDriver")},
        {STR_INIT("storage.k8s.io"), STR_INIT("CSINode")},
        {STR_INIT("storage.k8s.io"), STR_INIT("StorageClass")},
        {STR_INIT("storage.k8s.io"), STR_INIT("VolumeAttachment")},
    };

    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (str_eq(kinds[i].kind, kind) && str_eq(kinds[i].group, group))
            return true;
    return false;
}

bool kust_is_cluster_scoped(const KustObject *object)
{
    return is_cluster_kind(kust_group(object), kust_kind(object));
}

Str kust_effective_namespace(Str api_version, Str kind, Str given)
{
    if (is_cluster_kind(group_of(api_version), kind))
        return STR("");
    return given.size ? given : STR("default");
}

static KustId id_of(const Node *body)
{
    Str kind = body_text(body, "kind");

    return (KustId){.kind = kind,
                    .name = metadata_text(body, "name"),
                    .namespace = kust_effective_namespace(body_text(body, "apiVersion"), kind,
                                                          metadata_text(body, "namespace"))};
}

KustId kust_id(const KustObject *object)
{
    return id_of(&object->body);
}

void kust_remember(const KustBuild *build, KustObject *object)
{
    KustId *grown =
        arena_grow(build->unit->arena, object->previous, object->previous_count,
                   &object->previous_capacity, (size_t)object->previous_count + 1, sizeof *grown);

    if (!grown)
        return;
    object->previous = grown;
    grown[object->previous_count++] = kust_id(object);
}

uint32_t kust_id_count(const KustObject *object)
{
    return object->previous_count + 1;
}

KustId kust_id_at(const KustObject *object, uint32_t number)
{
    return number < object->previous_count ? object->previous[number] : kust_id(object);
}

void kust_set_metadata(const KustBuild *build, KustObject *object, const char *field, Node value)
{
    Unit *unit = build->unit;
    Node *metadata = node_at(&object->body, STR("metadata"));

    if (!metadata || metadata->kind != NODE_MAP)
        metadata = node_put(&object->body, unit->symbols, STR("metadata"),
                            node_make_map(node_span(&object->body), NULL, 0), unit->arena);
    if (metadata)
        node_put(metadata, unit->symbols, str_of(field), value, unit->arena);
}

/* --- sets --- */

KustObject *kust_object(KustBuild *build, const Node *body)
{
    KustObject *object = ARENA_NEW(build->unit->arena, KustObject);

    if (object)
        object->body = node_copy(body, &build->budget, build->unit->arena);
    return object;
}

bool kust_append(const KustBuild *build, KustSet *set, KustObject *object)
{
    KustObject **grown = arena_grow(build->unit->arena, set->items, set->count, &set->capacity,
                                    (size_t)set->count + 1, sizeof(KustObject *));

    if (!grown)
        return false;
    set->items = grown;
    grown[set->count++] = object;
    return true;
}

static bool same_id(KustId a, KustId b)
{
    return str_eq(a.name, b.name) && str_eq(a.kind, b.kind) && str_eq(a.namespace, b.namespace);
}

static bool same_api(const Node *a, const Node *b)
{
    return str_eq(body_text(a, "apiVersion"), body_text(b, "apiVersion"));
}

void kust_add(KustBuild *build, KustSet *set, KustObject *object, const Node *at)
{
    KustId id = kust_id(object);

    if (!kust_spend_look(build, set))
        return;
    for (uint32_t i = 0; i < set->count; i++) {
        const KustObject *other = set->items[i];
        if (same_api(&other->body, &object->body) && same_id(kust_id(other), id)) {
            kust_error(build, at, "%.*s %.*s is there already", STR_ARG(id.kind), STR_ARG(id.name));
            return;
        }
    }
    kust_append(build, set, object);
}

KustObject *kust_find(const KustSet *set, const Node *body, uint32_t *count)
{
    KustId wanted = id_of(body);
    KustObject *found = NULL;

    *count = 0;
    for (uint32_t i = 0; i < set->count; i++) {
        KustObject *object = set->items[i];
        bool same = false;
        for (uint32_t n = 0; !same && n < kust_id_count(object); n++)
            same = same_id(kust_id_at(object, n), wanted);
        if (!same || object->gone || !same_api(&object->body, body))
            continue;
        found = object;
        ++*count;
    }
    return found;
}

void kust_sweep(KustSet *set)
{
    uint32_t left = 0;

    for (uint32_t i = 0; i < set->count; i++)
        if (!set->items[i]->gone)
            set->items[left++] = set->items[i];
    set->count = left;
}
