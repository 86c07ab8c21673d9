/*
 * ir/terraform_expand.h - count and for_each to instances
 */
#ifndef PLUMB_IR_TERRAFORM_EXPAND_H
#define PLUMB_IR_TERRAFORM_EXPAND_H

#include "ir/terraform_world.h"

/* The instances of a resource, data source or module call of `module`. */
const TfObject *tf_expand(TfWorld *world, TfModule *module, const TfItem *item);

#endif
