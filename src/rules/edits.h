/*
 * rules/edits.h - the `edit` of a rule: how a finding would be put right
 */
#ifndef PLUMB_RULES_EDITS_H
#define PLUMB_RULES_EDITS_H

#include "rules/compiler.h"

/* The BlobEdits of the rule at hand; false after a report. */
bool edits_compile(Compiler *c, BlobList *list);

#endif
