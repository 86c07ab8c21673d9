/*
 * rules/policy.h - admission policies to drafts of rules
 *
 * Kubernetes' ValidatingAdmissionPolicy with its bindings and parameters, and Kyverno's CEL policy,
 * ValidatingPolicy (docs/policies.md). Each validation of a policy becomes a rule `policy/NAME`, so
 * that what is true of rules is true of policies: views, suppression, reports.
 */
#ifndef PLUMB_RULES_POLICY_H
#define PLUMB_RULES_POLICY_H

#include "rules/compile.h"

/* A file of manifests in which a scan has met policies. */
typedef struct PolicyText {
    Str path; /* from the boundary */
    Str text;
    uint32_t root; /* of the scan */
} PolicyText;

typedef struct PolicyDocument {
    Str path;
    const Node *root; /* an object of Kubernetes, scalars typed */
    bool met;         /* in a PolicyText: nobody has named it */
} PolicyDocument;

/* Objects among which policies, bindings and parameters are. */
typedef struct PolicyDocuments {
    PolicyDocument *items;
    uint32_t count;
    uint32_t capacity;
} PolicyDocuments;

/* The keys of RuleAdmission.data, which say when the policy speaks (scan/admission.h). */
#define POLICY_MATCH "match"             /* MatchResources of the policy */
#define POLICY_BINDING "binding"         /* those of its binding; absent where that says nothing */
#define POLICY_NAMESPACE "namespace"     /* the only one that it speaks of; absent for all */
#define POLICY_CONTROLLERS "controllers" /* resources that are judged by their pod template */
#define POLICY_IGNORE "ignoreErrors"     /* true where failurePolicy is Ignore */
#define POLICY_PARAMS "params"           /* what `params` is; absent: null */
#define POLICY_MET "met"                 /* true where a scan has met it: PolicyDocument.met */

/* Adds the objects of a YAML or JSON text; other documents are passed over. What is wrong is
 * reported to the context. False if memory is short. */
bool policy_documents_add(PolicyDocuments *documents, Str path, Str text, bool met,
                          RuleContext *context);

/* The rules that the policies among the documents make, as one rule file for each policy. One that
 * was met and has no binding is a preview: in a cluster it is in force nowhere. A policy with a
 * mistake is reported and left out, and one of a name that is there already. NULL where there are
 * none. */
RuleFile *policy_rules(const PolicyDocuments *documents, RuleContext *context);

#endif
