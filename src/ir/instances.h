/*
 * ir/instances.h - the resources of a unit by their Terraform address
 */
#ifndef PLUMB_IR_INSTANCES_H
#define PLUMB_IR_INSTANCES_H

#include "ir/unit.h"

typedef struct Instances Instances;

/* Indexes all resources of `unit` as they are now, in its arena. NULL when that is spent. */
Instances *instances_new(const Unit *unit);

/* The resource with exactly this address, or NULL. */
const Resource *instances_at(const Instances *instances, Str address);

/* The first resource that the block at `base`, an address without the resource's own key, makes,
 * and the one after `instance`; NULL at the end. */
const Resource *instances_first(const Instances *instances, Str base);
const Resource *instances_next(const Instances *instances, const Resource *instance);

/* The address without the resource's own key: "module.a[0].aws_x.b" of "module.a[0].aws_x.b[1]". */
Str instances_base(Str address);

#endif
