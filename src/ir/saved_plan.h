/*
 * ir/saved_plan.h - a plan as `terraform plan -out` saves it
 *
 * A zip archive that holds, beside the plan, the configuration of every module, remote ones too, as
 * it was (`tfconfig/`). That is evaluated, with the variables and the workspace of the plan, so
 * that findings lie in its files; nothing has to be downloaded.
 */
#ifndef PLUMB_IR_SAVED_PLAN_H
#define PLUMB_IR_SAVED_PLAN_H

#include "ir/terraform.h"

/* Adds the resources of the saved plan `bytes`, whose root module was in directory `dir`, to
 * `unit`. `beside`, or NULL, gives other files than those of the configuration, such as file()
 * reads. False where it cannot be read: that is reported, or the arena is spent. */
bool saved_plan_build(Unit *unit, Str bytes, Str dir, const TerraformFiles *beside);

#endif
