/*
 * rules/shipped.h - the rules inside the binary
 */
#ifndef PLUMB_RULES_SHIPPED_H
#define PLUMB_RULES_SHIPPED_H

#include "rules/ruleset.h"

/* A view of the shipped set, which rulec wrote; nothing is read or made for it. */
RuleSet ruleset_shipped(void);

#endif
