/*
 * ir/plan_refs.h - what the arguments of a plan's resources refer to
 *
 * The configuration of a plan lists the references of each argument without saying which instance
 * is meant. They are followed through variables into the calling module, through outputs into the
 * called one, and joined by instance key where both sides repeat over the same.
 */
#ifndef PLUMB_IR_PLAN_REFS_H
#define PLUMB_IR_PLAN_REFS_H

#include "ir/instances.h"

/* Makes `resource->refs`, once. A reference that cannot be followed (`local.x`, `var.x` of the root
 * module, an output of no certain instance) keeps its text as its target. */
void plan_refs_build(Unit *unit, const Instances *instances, Resource *resource);

#endif
