/*
 * rules/policy_expr.h - the expressions of admission policies
 *
 * They are CEL as Kubernetes has it, with names of its own: `object`, `variables.x`, `authorizer`,
 * ... (docs/policies.md). Here they become expressions of a rule.
 */
#ifndef PLUMB_RULES_POLICY_EXPR_H
#define PLUMB_RULES_POLICY_EXPR_H

#include "rules/expr.h"
#include "rules/schema.h"

/* The tree of one expression of the policy, around it the variables that it names. NULL after a
 * report, or when the reader's arena is spent. */
CelExpr *policy_expr_read(ExprReader *reader, const RuleAdmission *policy, const Node *scalar);

/* The tree of all conditions of the policy, joined by `&&`: false when any is, as Kubernetes has
 * it, and where an exception holds. `*none` where there are none. */
CelExpr *policy_expr_conditions(ExprReader *reader, const RuleAdmission *policy, bool *none);

#endif
