/*
 * ir/hcl_unknown.h - what an expression comes to that has no known value
 *
 * It is an unknown that keeps its cause, and what is known of it all the same: its type, how a text
 * begins, what a text is the encoding of.
 */
#ifndef PLUMB_IR_HCL_UNKNOWN_H
#define PLUMB_IR_HCL_UNKNOWN_H

#include "syntax/node.h"

typedef struct HclEval HclEval;

/* A value into which the world looks only when something of it is asked for: `var`, a resource, a
 * module. To everybody else it is an unknown. A Node of kind NODE_UNKNOWN with the tag
 * NODE_TAG_OTHER is one. */
typedef struct HclHandle {
    Unknown unknown; /* first, so that a pointer to it is one to the handle */
    uint32_t kind;   /* the world's own */
    const void *object;
    const void *part;
} HclHandle;

/* What a mistake that is reported gives, and a spent arena. */
Node hcl_nothing(Span at);

/* Reports a mistake, unless one was reported since `failed` was cleared, and gives an unknown. */
Node hcl_fail(HclEval *eval, Span at, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The handle that a node is, or NULL. */
const HclHandle *hcl_handle(const Node *value);
Node hcl_make_handle(const HclHandle *handle, Span at);

/* An unknown of a NodeKind (NODE_UNKNOWN for any) because of `cause`. */
Node hcl_unknown(HclEval *eval, Span at, Str cause, NodeKind type);

/* An unknown because of `from`, or of the first unknown in it. */
Node hcl_unknown_from(HclEval *eval, Span at, const Node *from, NodeKind type);

/* The same with what is known of the text's beginning. */
Node hcl_unknown_text(HclEval *eval, Span at, const Node *from, Str prefix);

/* What an unknown text is the encoding of, where parts of that are known: jsonencode() of an object
 * with a reference in it. Setting it changes an unknown that was just made. */
const Node *hcl_decoded(const Node *value);
void hcl_set_decoded(HclEval *eval, Node *value, const Node *decoded);

#endif
