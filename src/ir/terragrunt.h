/*
 * ir/terragrunt.h - the module that a terragrunt.hcl runs, with the inputs that it gives
 *
 * Its `terraform` block names the module's source and `inputs` the values of variables; local
 * values and Terraform's functions in them are evaluated. What only Terragrunt knows (includes,
 * outputs of dependencies, its own functions) is unknown, and with an include so are the variables
 * that this file does not set.
 */
#ifndef PLUMB_IR_TERRAGRUNT_H
#define PLUMB_IR_TERRAGRUNT_H

#include "ir/terraform.h"
#include "syntax/hcl.h"

/* The directory of the module that `file`, the terragrunt.hcl in `dir`, runs from a directory
 * beside it; empty where it names another one or none. */
Str terragrunt_module(const HclBody *file, Str dir, Arena *arena);

/* Adds the resources of that module to `unit`, as terraform_build_tree(). What cannot be read is
 * noted and left out. False when the arena is spent. */
bool terragrunt_build(Unit *unit, const Source *source, Str dir, const TerraformFiles *files,
                      const TerraformOptions *options);

#endif
