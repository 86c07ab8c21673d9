/*
 * ir/hcl_functions_parts.h - what the files of Terraform's functions share
 *
 * Each function of hcl_functions.def is hcl_fn_NAME() in one of ir/hcl_functions_*.c. The number of
 * its arguments is right when it is called.
 */
#ifndef PLUMB_IR_HCL_FUNCTIONS_PARTS_H
#define PLUMB_IR_HCL_FUNCTIONS_PARTS_H

#include "base/buf.h"
#include "base/limits.h"
#include "ir/hcl_functions.h"

#define FUNCTION(name, min, max, flags) Node hcl_fn_##name(HclEval *eval, const HclCall *call);
#include "ir/hcl_functions.def"
#undef FUNCTION

/* An argument as what the function wants. False where it is something else, which is reported. */
bool hcl_arg_text(HclEval *eval, const HclCall *call, uint32_t i, Str *text);
bool hcl_arg_number(HclEval *eval, const HclCall *call, uint32_t i, double *number);
bool hcl_arg_integer(HclEval *eval, const HclCall *call, uint32_t i, int64_t *integer);
bool hcl_arg_list(HclEval *eval, const HclCall *call, uint32_t i, const Node **list);
bool hcl_arg_map(HclEval *eval, const HclCall *call, uint32_t i, const Node **map);

/* An unknown, for a function that has said what is wrong. */
Node hcl_failed(HclEval *eval, const HclCall *call);

/* A text as the result of a call; an unknown where the arena is spent. */
Node hcl_text_result(HclEval *eval, const HclCall *call, Str text);

/* A list as the result; `items` may be NULL where the arena is spent. */
Node hcl_list_result(HclEval *eval, const HclCall *call, Node *items, uint32_t count);

/* The number of characters of a text, as people count them. */
Node hcl_text_length(const HclCall *call, Str text);

/* Room for the elements of a result; counts the work. */
Node *hcl_items(HclEval *eval, const HclCall *call, size_t count);

#endif
