/*
 * ir/plan_write.h - Terraform source as the plan that it would become
 *
 * What `terraform show -json` would print of the plan for a module that makes everything anew, as
 * far as the source tells: attributes that a provider would add are not there. For tests that want
 * both forms judged alike.
 */
#ifndef PLUMB_IR_PLAN_WRITE_H
#define PLUMB_IR_PLAN_WRITE_H

#include "ir/unit.h"

/* The plan of `unit`, which terraform_build() has made, in its arena. An empty Str where no plan
 * can say it: with modules, or resources of which it is unknown how many there are. */
Str plan_write(const Unit *unit);

#endif
