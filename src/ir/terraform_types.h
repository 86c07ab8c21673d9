/*
 * ir/terraform_types.h - type constraints of variables
 */
#ifndef PLUMB_IR_TERRAFORM_TYPES_H
#define PLUMB_IR_TERRAFORM_TYPES_H

#include "ir/hcl_eval.h"

/* `value` converted to the type that `type` names, such as list(object({a = optional(string)})).
 * What cannot be converted is a mistake, as with hcl_eval(). `type` may be NULL: any. */
Node tf_convert(HclEval *eval, const HclExpr *type, Node value);

/* The kind of node that a value of the type is; NODE_UNKNOWN for any. */
NodeKind tf_type_kind(const HclExpr *type);

#endif
