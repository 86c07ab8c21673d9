/*
 * ir/terraform_json.h - Terraform's JSON syntax to the tree that the native syntax gives
 *
 * Strings are templates. JSON does not say which objects are blocks and which are values: without
 * a provider's schema, an object in a resource is a block unless its name is one that maps have.
 */
#ifndef PLUMB_IR_TERRAFORM_JSON_H
#define PLUMB_IR_TERRAFORM_JSON_H

#include "syntax/hcl.h"

/* Reads `source`, a .tf.json file, which is one of `sources`. What is wrong is reported, and as
 * much as can be is read. NULL only when the arena is spent. */
HclBody *tf_json_read(Sources *sources, const Source *source, const Symbols *symbols, Arena *arena,
                      DiagSink *diags);

#endif
