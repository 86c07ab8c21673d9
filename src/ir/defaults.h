/*
 * ir/defaults.h - what a provider does with arguments that are left unset, as values
 *
 * So that a rule reads `resource.publicly_accessible` and need not know what its absence means.
 */
#ifndef PLUMB_IR_DEFAULTS_H
#define PLUMB_IR_DEFAULTS_H

#include "ir/unit.h"

/* Puts the unit's provider defaults for the type of `resource` into its body, where the argument is
 * absent, null, or unknown for the only reason that the provider sets it. A default inside a block
 * goes into each such block that is there. The values are flagged NODE_DEFAULTED and lie at the
 * resource's header. */
void defaults_apply(Unit *unit, Resource *resource);

#endif
