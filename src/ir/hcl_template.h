/*
 * ir/hcl_template.h - templates of HCL to texts
 *
 * What stands before the first unknown of a text stays known, and JSON around an unknown does too.
 */
#ifndef PLUMB_IR_HCL_TEMPLATE_H
#define PLUMB_IR_HCL_TEMPLATE_H

#include "base/buf.h"
#include "ir/hcl_eval.h"

/* A text that is put together. */
typedef struct HclText {
    Buf buf;
    Str prefix;   /* what is known before the first unknown */
    Node unknown; /* the first one, of kind NODE_NULL before there is one */
    uint8_t flags;
} HclText;

HclText hcl_text_new(HclEval *eval, Span at);

/* Adds a part; false, and reported, for what cannot be part of a text or makes it too long. */
bool hcl_text_add(HclEval *eval, HclText *text, const Node *part);

/* The text, or an unknown one. */
Node hcl_text_done(HclEval *eval, Span at, const HclText *text);

/* The value of an HCL_TEMPLATE, as hcl_eval() gives it. */
Node hcl_eval_template(HclEval *eval, const HclExpr *expr);

#endif
