/*
 * ir/terraform_provider.h - which provider configuration a resource is made with
 *
 * A resource names one of its module's, or none and means the default one of its type. A module
 * that does not configure it has it from its caller: under the name that `providers` of the call
 * gives, or the default one by the same name.
 */
#ifndef PLUMB_IR_TERRAFORM_PROVIDER_H
#define PLUMB_IR_TERRAFORM_PROVIDER_H

#include "ir/terraform_world.h"

/* The address of the configuration that `item`, a resource or data source of `module`, is made
 * with: "aws.west", "module.m.aws.default". Empty where it is written nowhere. */
Str tf_provider_address(TfWorld *world, const TfModule *module, const TfItem *item);

#endif
