#include "ir/pod_makers.h"

typedef struct PodMaker {
    const Resource *resource;
    Str namespace; /* empty for any */
} PodMaker;

struct PodMakers {
    PodMaker *items;
    uint32_t count;
    uint32_t capacity;
};

/* Groups of kinds that start no pods, or none that anybody selects. Those of Kubernetes itself have
 * no dot or end with `.k8s.io`. */
static const Str quiet_groups[] = {
    STR_INIT("acme.cert-manager.io"),
    STR_INIT("bitnami.com"),
    STR_INIT("cert-manager.io"),
    STR_INIT("chaos-mesh.org"),
    STR_INIT("cilium.io"),
    STR_INIT("cloud.google.com"),
    STR_INIT("constraints.gatekeeper.sh"),
    STR_INIT("crd.projectcalico.org"),
    STR_INIT("elbv2.k8s.aws"),
    STR_INIT("external-secrets.io"),
    STR_INIT("karpenter.k8s.aws"),
    STR_INIT("karpenter.sh"),
    STR_INIT("keda.sh"),
    STR_INIT("kustomize.toolkit.fluxcd.io"),
    STR_INIT("kyverno.io"),
    STR_INIT("metallb.io"),
    STR_INIT("networking.gke.io"),
    STR_INIT("networking.istio.io"),
    STR_INIT("notification.toolkit.fluxcd.io"),
    STR_INIT("policies.kyverno.io"),
    STR_INIT("policy.linkerd.io"),
    STR_INIT("projectcalico.org"),
    STR_INIT("secrets-store.csi.x-k8s.io"),
    STR_INIT("security.istio.io"),
    STR_INIT("source.toolkit.fluxcd.io"),
    STR_INIT("telemetry.istio.io"),
    STR_INIT("templates.gatekeeper.sh"),
    STR_INIT("traefik.containo.us"),
    STR_INIT("traefik.io"),
    STR_INIT("velero.io"),
};

/* The same of groups that have both. */
static const Str quiet_kinds[] = {
    STR_INIT("AlertmanagerConfig"),
    STR_INIT("AnalysisTemplate"),
    STR_INIT("AppProject"),
    STR_INIT("PodMonitor"),
    STR_INIT("Probe"),
    STR_INIT("PrometheusRule"),
    STR_INIT("ScrapeConfig"),
    STR_INIT("ServiceMonitor"),
};

static bool is_quiet(const Resource *resource)
{
    int64_t slash = str_find_char(resource->api_version, '/');
    Str group = slash < 0 ? STR("") : str_sub(resource->api_version, 0, (uint32_t)slash);

    return str_find_char(group, '.') < 0 || str_ends(group, STR(".k8s.io")) ||
           STR_IS_ANY(group, quiet_groups) || STR_IS_ANY(resource->type_name, quiet_kinds);
}

bool pod_maker_is(const Resource *resource)
{
    return resource->format == FORMAT_KUBERNETES && !resource->pod && !is_quiet(resource);
}

bool pod_maker(const Resource *resource, Str *namespace)
{
    const Node *target;

    if (!resource->makes_pods)
        return false;
    *namespace = resource->namespace;
    if (str_eq(resource->type_name, STR("ApplicationSet"))) {
        *namespace = STR("");
    } else if (str_eq(resource->type_name, STR("Application"))) {
        target = node_path(&resource->body, "spec.destination.namespace");
        *namespace = node_string(target);
    } else if (str_eq(resource->type_name, STR("HelmRelease"))) {
        target = node_path(&resource->body, "spec.targetNamespace");
        if (node_string(target).size)
            *namespace = node_string(target);
    }
    return true;
}

static bool is_default(Str namespace)
{
    return str_eq(namespace, STR("default"));
}

/* The makers of a unit, made at the first question; NULL when its arena is spent. */
static const PodMakers *makers_of(Unit *unit)
{
    PodMakers *makers = unit->pod_makers;

    if (makers)
        return makers;
    makers = ARENA_NEW(unit->arena, PodMakers);
    for (uint32_t i = 0; makers && i < unit->resource_count; i++) {
        PodMaker maker = {.resource = &unit->resources[i]};
        PodMaker *items = makers->items;

        if (!pod_maker(maker.resource, &maker.namespace))
            continue;
        items = arena_grow(unit->arena, items, makers->count, &makers->capacity, makers->count + 1u,
                           sizeof *items);
        if (!items)
            return NULL;
        makers->items = items;
        items[makers->count++] = maker;
    }
    unit->pod_makers = makers;
    return makers;
}

const Resource *pod_maker_find(Unit *unit, Str namespace)
{
    const PodMakers *makers = makers_of(unit);

    for (uint32_t i = 0; makers && i < makers->count; i++) {
        Str theirs = makers->items[i].namespace;
        if (!theirs.size || str_eq(theirs, namespace) || is_default(theirs) ||
            is_default(namespace))
            return makers->items[i].resource;
    }
    return NULL;
}
