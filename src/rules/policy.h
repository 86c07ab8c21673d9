/*
 * rules/policy.h - admission policies to drafts of rules
 *
 * Kubernetes' ValidatingAdmissionPolicy with its bindings and parameters, and Kyverno's CEL policy,
 * ValidatingPolicy (docs/policies.md). Each validation of a policy becomes a rule `policy/NAME`, so
 * that what is true of rules is true of policies: views, suppression, reports.
 */
#ifndef PLUMB_RULES_POLICY_H
#define PLUMB_RULES_POLICY_H

#include "rules/policy_documents.h"

/* A file of manifests in which a scan has met policies. */
typedef struct PolicyText {
    Str path; /* from the boundary */
    Str text;
    uint32_t root; /* of the scan */
} PolicyText;

/* The rules that the policies among the documents make, as one rule file for each policy. One that
 * was met and has no binding is a preview: in a cluster it is in force nowhere. A policy with a
 * mistake is reported and left out, and one of a name that is there already. NULL where there are
 * none. */
RuleFile *policy_rules(const PolicyDocuments *documents, RuleContext *context);

#endif
