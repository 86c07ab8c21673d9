/*
 * ir/terraform.h - a Terraform root module to resources, as its plan would show them
 *
 * The module is evaluated like Terraform does it: variables, local values, count, for_each, dynamic
 * blocks, functions, references. What only the run can tell is an unknown with its cause; a
 * reference to another resource's attribute counts as set.
 *
 * A resource's body holds its arguments, and under each block type the list of its blocks. A block
 * with a label has it as `type`. The meta-arguments are there under their names; in depends_on,
 * provider and lifecycle the references are texts. Beside resources and data sources ("data.TYPE")
 * there are, for rules about the code itself, `terraform` (one for all blocks of that type),
 * `variable.x`, `output.x`, `module.x`, and providers ("provider.aws" at `aws.default` and
 * `aws.ALIAS`).
 */
#ifndef PLUMB_IR_TERRAFORM_H
#define PLUMB_IR_TERRAFORM_H

#include "ir/unit.h"

/* A value for a variable, as from --var or the environment: text that is taken as it is where the
 * variable is a string, else read as an expression. */
typedef struct TerraformVar {
    Str name;
    Str text;
} TerraformVar;

typedef struct TerraformOptions {
    Source *const *var_files; /* terraform.tfvars and the like, a later one wins */
    uint32_t var_file_count;
    const TerraformVar *vars; /* these win over files */
    uint32_t var_count;
    Str workspace; /* terraform.workspace; empty where it is not known */
} TerraformOptions;

/* Adds the resources of a root module, given as its .tf files in the order of their names, to
 * `unit`. A broken file or block is reported and the rest is read. False when the arena is spent. */
bool terraform_build(Unit *unit, Source *const *sources, uint32_t count);

/* The same with what a run would be given; `options` may be NULL. */
bool terraform_build_with(Unit *unit, Source *const *sources, uint32_t count,
                          const TerraformOptions *options);

#endif
