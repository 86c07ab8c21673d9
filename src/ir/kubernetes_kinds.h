/*
 * ir/kubernetes_kinds.h - what the API server knows of kinds
 *
 * Manifests name kinds, admission policies the resources of the API: `pods` for Pod. For built-in
 * kinds (https://kubernetes.io/docs/reference/kubernetes-api/), and as far as it can be told for
 * others.
 */
#ifndef PLUMB_IR_KUBERNETES_KINDS_H
#define PLUMB_IR_KUBERNETES_KINDS_H

#include "ir/unit.h"

/* "apps" and "v1" of "apps/v1"; the group of "v1" is empty. */
Str kubernetes_group(Str api_version);
Str kubernetes_version(Str api_version);

/* Whether `resource` is the plural of `kind`, in lower case: `networkpolicies` of NetworkPolicy. */
bool kubernetes_is_plural(Str resource, Str kind);

/* The most likely plural of a kind. */
Str kubernetes_plural(Str kind, Arena *arena);

/* Whether a custom resource only bears the name of one of Kubernetes' own kinds: Knative's Service,
 * Calico's NetworkPolicy. Rules that name the kind do not mean it. */
bool kubernetes_is_namesake(Str api_version, Str kind);

typedef enum KubernetesScope {
    SCOPE_CLUSTER,
    SCOPE_NAMESPACED,
    SCOPE_UNKNOWN, /* of a custom resource that the unit does not define */
} KubernetesScope;

/* Whether objects of its kind lie in namespaces. */
KubernetesScope kubernetes_scope(const Unit *unit, const Resource *resource);

#endif
