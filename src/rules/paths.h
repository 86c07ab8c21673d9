/*
 * rules/paths.h - fields that a rule reads and that none of its tests sets
 *
 * Absence is ordinary in the input, so a misspelt field would pass in silence. A rule therefore may
 * read only such fields as occur in one of its tests, or that it lists under `absent`.
 */
#ifndef PLUMB_RULES_PATHS_H
#define PLUMB_RULES_PATHS_H

#include "cel/ast.h"
#include "rules/schema.h"

/* Reports each field that `expr` reads from the input and that no test of `draft` sets. */
bool paths_check(const RuleDraft *draft, const CelExpr *expr, DiagSink *diags);

/* The format of the inputs that a target of `for` stands for. */
Format rule_target_format(Str target);

#endif
