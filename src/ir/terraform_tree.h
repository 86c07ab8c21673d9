/*
 * ir/terraform_tree.h - the files of a Terraform module and of those that it calls
 *
 * What they declare, before anything is evaluated. A local source is a directory beside the
 * caller's; another one is looked up among what `terraform init` has downloaded
 * (.terraform/modules/modules.json), then in the directory that the user keeps modules in. Files
 * come from whoever scans; each directory is read once.
 */
#ifndef PLUMB_IR_TERRAFORM_TREE_H
#define PLUMB_IR_TERRAFORM_TREE_H

#include "ir/terraform.h"
#include "ir/terraform_config.h"

typedef struct TfTree TfTree;

/* A tree whose root module is in `dir`. Its sources go to `unit`, what is wrong with them to
 * `diags`. `files` and `diags` are kept. NULL when the arena is spent. */
TfTree *tf_tree_new(Unit *unit, DiagSink *diags, Str dir, const TerraformFiles *files);

/* The directory of the root module. */
Str tf_tree_root(const TfTree *tree);

/* What the files of a directory declare. NULL where it cannot be listed or has none, and when the
 * arena is spent. */
TfConfig *tf_tree_load(TfTree *tree, Str dir);

/* The directory that `call`, a module block of `caller`, means; empty where it is not here. `key`
 * is the way to it as modules.json names it: "vpc.nat". It may lead out (tf_tree_leads_out()). */
Str tf_tree_called(TfTree *tree, const TfConfig *caller, const TfItem *call, Str key);

/* The bytes of a file; `path` is seen from the root module. False where it is not there, or lies
 * outside of what may be read. */
bool tf_tree_read(const TfTree *tree, Str path, Str *text);

/* The names in a directory that is seen from the root module (TerraformFiles.entries). */
bool tf_tree_entries(const TfTree *tree, Str dir, Str **names, uint32_t *count);

/* The source of a module block as it is written, and its place. */
Str tf_call_source(const TfItem *call, Span *at);

/* `path` inside of `dir`: without `.` and with `..` carried out as far as it can be. Relative,
 * unless `dir` is absolute. */
Str tf_path_join(Arena *arena, Str dir, Str path);

bool tf_path_leads_out(Str path);

/* Whether a directory lies outside of what the tree may read. */
bool tf_tree_leads_out(const TfTree *tree, Str dir);

/* Whether the `number`th file of a directory, by sorted names or paths, is one of its module: a
 * .tofu file stands in for the .tf file of the same name. */
bool tf_is_module_file(const Str *names, uint32_t count, uint32_t number);

/* Whether a call's source is a directory beside the caller's. */
bool tf_source_is_local(Str source);

#endif
