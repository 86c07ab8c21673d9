/*
 * ir/plan.h - Terraform's and OpenTofu's plan and state JSON to resources
 *
 * What `terraform show -json` prints (developer.hashicorp.com/terraform/internals/json-format):
 * of a plan, each resource as it will be after apply, with what is unknown until then and what is
 * sensitive; of a state, each resource as it is. Data sources are resources of type "data.TYPE",
 * provider configurations of type "provider.NAME" at "NAME.default" or "NAME.ALIAS".
 */
#ifndef PLUMB_IR_PLAN_H
#define PLUMB_IR_PLAN_H

#include "ir/unit.h"

/* Adds the resources of `source`, a plan or state in UTF-8, to `unit`. What will be destroyed or
 * forgotten is left out. A unit whose plan is errored or not complete becomes incomplete, which is
 * reported. False when it cannot be read at all: that is reported too, or the arena is spent. */
bool plan_build(Unit *unit, Source *source);

#endif
