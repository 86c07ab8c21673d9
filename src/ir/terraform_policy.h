/*
 * ir/terraform_policy.h - data sources whose result follows from their arguments
 *
 * aws_iam_policy_document only makes JSON of its statements, so the policy is known before the run
 * where they are.
 */
#ifndef PLUMB_IR_TERRAFORM_POLICY_H
#define PLUMB_IR_TERRAFORM_POLICY_H

#include "ir/terraform_world.h"

/* The value of a computed attribute. False where it cannot be told from the arguments. */
bool tf_policy_attribute(TfWorld *world, const TfInstance *instance, Str name, Span at,
                         Node *value);

#endif
