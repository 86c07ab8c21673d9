/*
 * scan/admission.h - whether an admission policy speaks of an object
 *
 * The part of a policy that is no expression: match constraints of it and of its binding
 * (https://kubernetes.io/docs/reference/access-authn-authz/validating-admission-policy/).
 */
#ifndef PLUMB_SCAN_ADMISSION_H
#define PLUMB_SCAN_ADMISSION_H

#include "cel/value.h"
#include "ir/unit.h"
#include "rules/ruleset.h"

/* What a rule has of its policy. */
typedef struct Admission {
    const Node *match;       /* MatchResources, or NULL: none match */
    const Node *binding;     /* those of the binding, or NULL: all match */
    Str namespace;           /* the only one, or empty */
    const Node *controllers; /* of Kyverno: resources judged by their pod template; or NULL */
    bool ignores_errors;     /* failurePolicy: Ignore */
    bool met;                /* the scan has met it; its path is from the boundary */
    CelValue params;
} Admission;

/* What of a rule is no expression, in `arena`; NULL of rules that are made of no policy, or when
 * memory is short. */
const Admission *admission_read(const Rule *rule, Arena *arena);

/* Whether the policy may speak of objects of this kind; of others it does not. */
bool admission_may_mean(const Admission *admission, Str kind);

typedef enum AdmissionMatch {
    ADMISSION_NO,
    ADMISSION_CREATE, /* when the object is made */
    ADMISSION_UPDATE, /* only when it is changed: what it was is not known */
    ADMISSION_UNKNOWN,
} AdmissionMatch;

typedef struct AdmissionView {
    AdmissionMatch match;
    bool template; /* the policy is about pods, and sees the pod template as one */
    Str cause;     /* of ADMISSION_UNKNOWN */
} AdmissionView;

/* How the policy sees a resource of the unit. */
AdmissionView admission_view(const Admission *admission, Unit *unit, const Resource *resource);

#endif
