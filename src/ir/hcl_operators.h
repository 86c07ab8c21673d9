/*
 * ir/hcl_operators.h - operators of HCL: arithmetic, comparison, logic, the conditional
 *
 * An operand that is not known makes the result unknown unless the other one decides it.
 */
#ifndef PLUMB_IR_HCL_OPERATORS_H
#define PLUMB_IR_HCL_OPERATORS_H

#include "ir/hcl_eval.h"

/* An operand as a bool; an unknown stays one. False, and reported, for all else. */
bool hcl_operand_bool(HclEval *eval, const HclExpr *expr, Node *value);

/* The value of an HCL_UNARY, HCL_BINARY, HCL_CONDITIONAL, as hcl_eval() gives it. */
Node hcl_eval_unary(HclEval *eval, const HclExpr *expr);
Node hcl_eval_binary(HclEval *eval, const HclExpr *expr);
Node hcl_eval_conditional(HclEval *eval, const HclExpr *expr);

#endif
