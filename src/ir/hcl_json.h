/*
 * ir/hcl_json.h - values as JSON text, as jsonencode() writes it
 */
#ifndef PLUMB_IR_HCL_JSON_H
#define PLUMB_IR_HCL_JSON_H

#include "base/buf.h"
#include "ir/hcl_eval.h"

/* Adds `value`, which holds no unknown, to `buf`: keys sorted, no blanks, and what HTML could take
 * for its own escaped. Stops where the text is longer than LIMIT_HCL_TEXT. */
void hcl_json_write(HclEval *eval, Buf *buf, const Node *value);

/* A text in JSON's quotes. */
void hcl_json_quote(Buf *buf, Str text);

#endif
