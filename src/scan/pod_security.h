/*
 * scan/pod_security.h - the Pod Security Standard that a namespace says it enforces
 *
 * https://kubernetes.io/docs/concepts/security/pod-security-admission/: by labels of the Namespace,
 * where it is one of the unit. They hold for its pods in place of what plumb.yaml wants.
 */
#ifndef PLUMB_SCAN_POD_SECURITY_H
#define PLUMB_SCAN_POD_SECURITY_H

#include "ir/unit.h"

typedef struct PodStandard {
    uint8_t level;  /* 0 privileged, 1 baseline, 2 restricted */
    uint16_t minor; /* of v1.N; UINT16_MAX for latest */
} PodStandard;

/* Whether some Namespace of the unit enforces a level. */
bool pod_security_any(const Unit *unit);

/* Sets what the namespace of a resource with pods enforces; leaves alone what it does not say. */
void pod_security_of(Unit *unit, const Resource *resource, PodStandard *wanted);

#endif
