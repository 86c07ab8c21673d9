/*
 * rules/policy_rule.h - what one validation of an admission policy is as a rule
 *
 * Its id, texts and severity, and the data that say when it speaks (scan/admission.h).
 */
#ifndef PLUMB_RULES_POLICY_RULE_H
#define PLUMB_RULES_POLICY_RULE_H

#include "rules/policy_documents.h"

/* The keys of RuleAdmission.data. */
#define POLICY_MATCH "match"             /* MatchResources of the policy */
#define POLICY_BINDING "binding"         /* those of its binding; absent where that says nothing */
#define POLICY_NAMESPACE "namespace"     /* the only one that it speaks of; absent for all */
#define POLICY_CONTROLLERS "controllers" /* resources that are judged by their pod template */
#define POLICY_IGNORE "ignoreErrors"     /* true where failurePolicy is Ignore */
#define POLICY_PARAMS "params"           /* what `params` is; absent: null */
#define POLICY_MET "met"                 /* true where a scan has met it: PolicyDocument.met */

/* A policy as one of its bindings has it. */
typedef struct BoundPolicy {
    Arena *arena; /* of the rules */
    const PolicyDocument *document;
    const Node *spec;
    Str name;
    bool kyverno;
    const Node *binding; /* or NULL */
    Str mark;            /* of its ids, where others are of that name: its scope, or the binding */
} BoundPolicy;

/* Makes of a draft, which has its file, the rule of validation `number` for the parameter that goes
 * by `param` in its id; empty where it goes without. `common` is what the rules of the policy have
 * in common. Left without `admission` if memory is short. */
void policy_rule_fill(const BoundPolicy *policy, const RuleAdmission *common, uint32_t number,
                      Str param, RuleDraft *draft);

/* What RuleAdmission.data is for these parameters, or NULL, which lie in a namespace, or in none
 * that is known: empty. */
Node policy_rule_data(const BoundPolicy *policy, const Node *params, Str lies_in);

#endif
