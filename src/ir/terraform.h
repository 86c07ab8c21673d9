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

/* One that is known already. */
typedef struct TerraformValue {
    Str name;
    Node value;
} TerraformValue;

/* Values that are given so have no place in reports: a finding points at what uses them. What the
 * environment gives counts as sensitive. */
typedef struct TerraformOptions {
    const TerraformVar *environment; /* TF_VAR_*: everything else wins */
    uint32_t environment_count;
    Source *const *var_files; /* terraform.tfvars and the like, a later one wins */
    uint32_t var_file_count;
    const TerraformVar *vars; /* these win over files */
    uint32_t var_count;
    const TerraformValue *values; /* of a saved plan */
    uint32_t value_count;
    bool open;     /* somebody else may give more: what is not given is unknown, default or not */
    bool wrapped;  /* nor is what the module says of itself all: no resource `terraform` */
    Str workspace; /* terraform.workspace; empty where it is not known */
} TerraformOptions;

/* Adds the resources of a root module, given as its .tf files in the order of their names, to
 * `unit`. A broken file or block is reported and the rest is read. False when the arena is spent.
 */
bool terraform_build(Unit *unit, Source *const *sources, uint32_t count);

/* The same with what a run would be given; `options` may be NULL. */
bool terraform_build_with(Unit *unit, Source *const *sources, uint32_t count,
                          const TerraformOptions *options);

/* How the files of a module tree are reached. Paths are relative to the root of the scan, with `/`
 * between their parts, `.` for the root itself, and never with `..`; nothing outside of the
 * boundary may be given. */
typedef struct TerraformFiles {
    void *context;
    /* The names of the files in a directory, sorted by bytes. False where it is none. */
    bool (*list)(void *context, Str dir, Arena *arena, Str **names, uint32_t *count);
    /* The bytes of a file. False where it cannot be read. */
    bool (*read)(void *context, Str path, Arena *arena, Str *text);
    /* All names in a directory, sorted, those of directories with a slash at the end; links are
     * left out. False where it is none. May be NULL: nobody knows. */
    bool (*entries)(void *context, Str dir, Arena *arena, Str **names, uint32_t *count);
    Str modules; /* where the user keeps modules that are not downloaded; or empty */
    bool whole;  /* nothing but these files can be reached, so that paths may lead anywhere */
} TerraformFiles;

/* The root module in directory `dir`, with all modules that it calls and whose files are there:
 * local ones, and those that .terraform/modules/modules.json names. Resources of a called module
 * have its path and lie related to the call. False when `dir` has no module or the arena is spent.
 */
bool terraform_build_tree(Unit *unit, Str dir, const TerraformFiles *files,
                          const TerraformOptions *options);

/* The same, and the value of `expression`, which must live as long, as if it stood in the root
 * module. A resource has its body for its value. Where `dir` has no module nothing can be referred
 * to, but functions do their work. False where the expression is none, which is reported, or the
 * arena is spent. */
bool terraform_value(Unit *unit, Str dir, const TerraformFiles *files,
                     const TerraformOptions *options, Str expression, Node *value);

#endif
