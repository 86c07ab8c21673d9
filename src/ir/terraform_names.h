/*
 * ir/terraform_names.h - `var.x`, `aws_s3_bucket.a[0].arn`, `each.key`: what names and their steps
 * mean
 *
 * A name is a handle (ir/hcl_unknown.h) until a step leads to a value, so that nothing is evaluated
 * which is not asked for.
 */
#ifndef PLUMB_IR_TERRAFORM_NAMES_H
#define PLUMB_IR_TERRAFORM_NAMES_H

#include "ir/terraform_world.h"

/* HclWorld.root and HclWorld.step of a TfWorld. */
bool tf_names_root(HclEval *eval, const HclExpr *name, Node *value);
Node tf_names_step(HclEval *eval, const HclHandle *handle, const Node *key, Span at);

/* Notes references to the resources that `value` names as a whole. */
void tf_names_note(TfWorld *world, const Node *value);

#endif
