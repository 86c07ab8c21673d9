#include "ir/kubernetes_kinds.h"

Str kubernetes_group(Str api_version)
{
    int64_t slash = str_find_char(api_version, '/');

    return str_sub(api_version, 0, slash < 0 ? 0 : (uint32_t)slash);
}

Str kubernetes_version(Str api_version)
{
    return str_from(api_version, (uint32_t)(str_find_char(api_version, '/') + 1));
}

static bool is_other(Str resource, Str kind, Str ending)
{
    return str_ends(resource, ending) &&
           str_eq_nocase(str_sub(resource, 0, resource.size - ending.size), kind);
}

bool kubernetes_is_plural(Str resource, Str kind)
{
    bool same = str_eq_nocase(resource, kind);

    if (same || is_other(resource, kind, STR("s")) || is_other(resource, kind, STR("es")))
        return true;
    return kind.size && (kind.data[kind.size - 1] | 0x20) == 'y' &&
           is_other(resource, str_sub(kind, 0, kind.size - 1), STR("ies"));
}

static bool is_vowel(char c)
{
    return str_find_char(STR("aeiou"), c) >= 0;
}

Str kubernetes_plural(Str kind, Arena *arena)
{
    Str lower = str_format(arena, "%.*s", STR_ARG(kind));
    char *letters = (char *)lower.data;
    char last = kind.size ? kind.data[kind.size - 1] : 's';

    for (uint32_t i = 0; letters && i < lower.size; i++)
        if (letters[i] >= 'A' && letters[i] <= 'Z')
            letters[i] = (char)(letters[i] | 0x20);
    if (str_eq(lower, STR("endpoints")))
        return lower;
    if (last == 'y' && kind.size > 1 && !is_vowel(kind.data[kind.size - 2]))
        return str_format(arena, "%.*sies", (int)lower.size - 1, lower.data);
    return str_format(arena, "%.*s%s", STR_ARG(lower), last == 's' || last == 'x' ? "es" : "s");
}

static bool is_builtin_group(Str group)
{
    static const Str groups[] = {
        STR_INIT(""),
        STR_INIT("admissionregistration.k8s.io"),
        STR_INIT("apiextensions.k8s.io"),
        STR_INIT("apiregistration.k8s.io"),
        STR_INIT("apps"),
        STR_INIT("authentication.k8s.io"),
        STR_INIT("authorization.k8s.io"),
        STR_INIT("autoscaling"),
        STR_INIT("batch"),
        STR_INIT("certificates.k8s.io"),
        STR_INIT("coordination.k8s.io"),
        STR_INIT("discovery.k8s.io"),
        STR_INIT("events.k8s.io"),
        STR_INIT("extensions"),
        STR_INIT("flowcontrol.apiserver.k8s.io"),
        STR_INIT("networking.k8s.io"),
        STR_INIT("node.k8s.io"),
        STR_INIT("policy"),
        STR_INIT("rbac.authorization.k8s.io"),
        STR_INIT("resource.k8s.io"),
        STR_INIT("scheduling.k8s.io"),
        STR_INIT("storage.k8s.io"),
    };

    return STR_IS_ANY(group, groups);
}

/* Of the built-in groups. */
static bool is_cluster_kind(Str group, Str kind)
{
    static const Str kinds[] = {
        STR_INIT("APIService"),
        STR_INIT("CSIDriver"),
        STR_INIT("CSINode"),
        STR_INIT("CertificateSigningRequest"),
        STR_INIT("ClusterRole"),
        STR_INIT("ClusterRoleBinding"),
        STR_INIT("ClusterTrustBundle"),
        STR_INIT("ComponentStatus"),
        STR_INIT("CustomResourceDefinition"),
        STR_INIT("DeviceClass"),
        STR_INIT("FlowSchema"),
        STR_INIT("IPAddress"),
        STR_INIT("IngressClass"),
        STR_INIT("Namespace"),
        STR_INIT("Node"),
        STR_INIT("PersistentVolume"),
        STR_INIT("PodSecurityPolicy"),
        STR_INIT("PriorityClass"),
        STR_INIT("PriorityLevelConfiguration"),
        STR_INIT("ResourceSlice"),
        STR_INIT("RuntimeClass"),
        STR_INIT("SelfSubjectAccessReview"),
        STR_INIT("SelfSubjectReview"),
        STR_INIT("SelfSubjectRulesReview"),
        STR_INIT("ServiceCIDR"),
        STR_INIT("StorageClass"),
        STR_INIT("SubjectAccessReview"),
        STR_INIT("TokenReview"),
        STR_INIT("VolumeAttachment"),
        STR_INIT("VolumeAttributesClass"),
    };

    return str_eq(group, STR("admissionregistration.k8s.io")) || STR_IS_ANY(kind, kinds);
}

/* Of those that rules name. */
static bool is_namespaced_kind(Str kind)
{
    static const Str kinds[] = {
        STR_INIT("ConfigMap"),
        STR_INIT("CronJob"),
        STR_INIT("DaemonSet"),
        STR_INIT("Deployment"),
        STR_INIT("Endpoints"),
        STR_INIT("Event"),
        STR_INIT("HorizontalPodAutoscaler"),
        STR_INIT("Ingress"),
        STR_INIT("Job"),
        STR_INIT("LimitRange"),
        STR_INIT("NetworkPolicy"),
        STR_INIT("PersistentVolumeClaim"),
        STR_INIT("Pod"),
        STR_INIT("PodDisruptionBudget"),
        STR_INIT("PodTemplate"),
        STR_INIT("ReplicaSet"),
        STR_INIT("ReplicationController"),
        STR_INIT("ResourceQuota"),
        STR_INIT("Role"),
        STR_INIT("RoleBinding"),
        STR_INIT("Secret"),
        STR_INIT("Service"),
        STR_INIT("ServiceAccount"),
        STR_INIT("StatefulSet"),
    };

    return STR_IS_ANY(kind, kinds);
}

bool kubernetes_is_namesake(Str api_version, Str kind)
{
    static const Str alike[] = {
        STR_INIT("apps.kruise.io"),             /* StatefulSet, DaemonSet: Kubernetes' and more */
        STR_INIT("authorization.openshift.io"), /* roles and bindings, as Kubernetes' */
    };
    Str group = kubernetes_group(api_version);

    return str_find_char(group, '.') >= 0 && !str_ends(group, STR(".k8s.io")) &&
           !STR_IS_ANY(group, alike) && (is_cluster_kind(group, kind) || is_namespaced_kind(kind));
}

/* The scope that a CustomResourceDefinition of the unit gives a kind. */
static KubernetesScope defined_scope(const Unit *unit, Str group, Str kind)
{
    for (uint32_t i = 0; i < unit->resource_count; i++) {
        const Resource *r = &unit->resources[i];
        const Node *spec = node_get_named(&r->body, STR("spec"));
        Str scope = node_string(node_get_named(spec, STR("scope")));

        if (!str_eq(r->type_name, STR("CustomResourceDefinition")) ||
            !str_eq(node_string(node_get_named(spec, STR("group"))), group) ||
            !str_eq(node_string(node_path(spec, "names.kind")), kind))
            continue;
        return str_eq(scope, STR("Cluster")) ? SCOPE_CLUSTER : SCOPE_NAMESPACED;
    }
    return SCOPE_UNKNOWN;
}

KubernetesScope kubernetes_scope(const Unit *unit, const Resource *resource)
{
    Str group = kubernetes_group(resource->api_version);

    if (is_builtin_group(group))
        return is_cluster_kind(group, resource->type_name) ? SCOPE_CLUSTER : SCOPE_NAMESPACED;
    if (resource->namespace_given)
        return SCOPE_NAMESPACED;
    return defined_scope(unit, group, resource->type_name);
}
