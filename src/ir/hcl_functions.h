/*
 * ir/hcl_functions.h - Terraform's functions
 *
 * https://developer.hashicorp.com/terraform/language/functions. What differs from run to run
 * (time, random numbers, the place where Terraform runs) is unknown.
 */
#ifndef PLUMB_IR_HCL_FUNCTIONS_H
#define PLUMB_IR_HCL_FUNCTIONS_H

#include "ir/hcl_eval.h"

typedef struct HclCall {
    const HclExpr *expr;
    Span at;
    Str name;
    const Node *args;
    uint32_t count;
} HclCall;

/* Calls function `call->name`; mistakes as hcl_eval(). */
Node hcl_call(HclEval *eval, const HclCall *call);

/* Whether there is a function of that name. */
bool hcl_function_exists(Str name);

#endif
