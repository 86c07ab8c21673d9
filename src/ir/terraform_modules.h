/*
 * ir/terraform_modules.h - the modules that a Terraform module calls, with their inputs
 */
#ifndef PLUMB_IR_TERRAFORM_MODULES_H
#define PLUMB_IR_TERRAFORM_MODULES_H

#include "ir/terraform_world.h"

/* Reads the .tf files of the root module in `dir` and makes `world` read the modules that it calls
 * when they are wanted. NULL when the arena is spent, or `dir` cannot be listed. */
TfModule *tf_modules_open(TfWorld *world, Str dir, const TerraformFiles *files);

#endif
