/*
 * ir/terraform_modules.h - the modules that a Terraform module calls
 *
 * A local source is a directory beside the caller's; another one is looked up among what
 * `terraform init` has downloaded (.terraform/modules/modules.json). Files come from whoever scans.
 */
#ifndef PLUMB_IR_TERRAFORM_MODULES_H
#define PLUMB_IR_TERRAFORM_MODULES_H

#include "ir/terraform_world.h"

/* Reads the .tf files of the root module in `dir` and makes `world` read the modules that it calls
 * when they are wanted. NULL when the arena is spent, or `dir` cannot be listed. */
TfModule *tf_modules_open(TfWorld *world, Str dir, const TerraformFiles *files);

/* `path` inside of `dir`, both relative: without `.` and with `..` carried out as far as it can be.
 */
Str tf_path_join(Arena *arena, Str dir, Str path);

/* Whether the `number`th file of a directory, by sorted names or paths, is one of its module: a .tofu file
 * stands in for the .tf file of the same name. */
bool tf_is_module_file(const Str *names, uint32_t count, uint32_t number);

/* Whether a call's source is a directory beside the caller's. */
bool tf_source_is_local(Str source);

#endif
