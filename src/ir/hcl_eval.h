/*
 * ir/hcl_eval.h - HCL expressions to values
 *
 * What names mean is told by a world: Terraform's (ir/terraform.h), or a plain map in tests. A
 * value that cannot be known is an unknown that keeps its cause; an unknown operand makes the
 * result unknown unless the other one decides it.
 */
#ifndef PLUMB_IR_HCL_EVAL_H
#define PLUMB_IR_HCL_EVAL_H

#include "ir/hcl_value.h"
#include "syntax/hcl.h"

typedef struct HclEval HclEval;

/* Variables of `for` and of a template that is called, from the inside out. */
typedef struct HclScope {
    Str name;
    Node value;
    const struct HclScope *outer;
} HclScope;

/* A value into which the world looks only when something of it is asked for: `var`, a resource, a
 * module. To everybody else it is an unknown. A Node of kind NODE_UNKNOWN with the tag
 * NODE_TAG_OTHER is one. */
typedef struct HclHandle {
    Unknown unknown; /* first, so that a pointer to it is one to the handle */
    uint32_t kind;   /* the world's own */
    const void *object;
    const void *part;
} HclHandle;

/* What names mean. */
typedef struct HclWorld {
    void *context;
    /* The value of the name that `name`, an HCL_NAME, is. False, and reported, where there is none.
     */
    bool (*root)(HclEval *eval, const HclExpr *name, Node *value);
    /* handle.key, handle[key]; `key` is a string, a number or an unknown. */
    Node (*step)(HclEval *eval, const HclHandle *handle, const Node *key, Span at);
    /* A function that needs the world: file(), templatefile(). NULL where there is none. */
    bool (*file)(HclEval *eval, Str path, Span at, Str *text);
    /* fileset(): the names in a directory, sorted, a slash at the end of a directory's. May be NULL. */
    bool (*entries)(HclEval *eval, Str dir, Str **names, uint32_t *count);
} HclWorld;

struct HclEval {
    Arena *arena;
    const Symbols *symbols;
    Sources *sources;
    DiagSink *diags;
    const HclWorld *world;
    const HclScope *scope;
    const Node *splat_item;
    uint32_t depth;
    uint32_t quiet; /* inside of try() and can(): mistakes are not reported */
    bool failed;    /* a mistake was met since this was last cleared */
    bool too_long;  /* the limit on work was reached: everything is unknown from then on */
    uint64_t work;
};

/* The value of `expr`, with `expr`'s place. A mistake is reported once an expression to
 * `eval->diags` (DIAG_HCL_EVALUATE), sets `eval->failed`, and gives an unknown. */
Node hcl_eval(HclEval *eval, const HclExpr *expr);

/* Reports a mistake, unless one was reported since `failed` was cleared, and gives an unknown. */
Node hcl_fail(HclEval *eval, Span at, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Counts work that is not an expression of its own. False once there was too much. */
bool hcl_work(HclEval *eval, uint64_t amount, Span at);

/* target.key, target[key], as HCL does it. */
Node hcl_step(HclEval *eval, const Node *target, const Node *key, Span at);

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

/* Puts `value` at another place of the source. */
static inline Node hcl_at(Node value, Span at)
{
    value.source = (uint16_t)at.source;
    value.start = at.start;
    value.end = at.end;
    return value;
}

#endif
