/*
 * ir/hcl_eval.h - HCL expressions to values
 *
 * What names mean is told by a world: Terraform's (ir/terraform.h), or a plain map in tests. Names,
 * steps, loops and calls are here, the rest in ir/hcl_operators.h and ir/hcl_template.h.
 */
#ifndef PLUMB_IR_HCL_EVAL_H
#define PLUMB_IR_HCL_EVAL_H

#include "ir/hcl_unknown.h"
#include "ir/hcl_value.h"
#include "syntax/hcl.h"

/* Variables of `for` and of a template that is called, from the inside out. */
typedef struct HclScope {
    Str name;
    Node value;
    const struct HclScope *outer;
} HclScope;

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
    /* fileset(): the names in a directory, sorted, a slash at the end of a directory's. May be
     * NULL. */
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

/* Counts work that is not an expression of its own. False once there was too much. */
bool hcl_work(HclEval *eval, uint64_t amount, Span at);

/* target.key, target[key], as HCL does it. */
Node hcl_step(HclEval *eval, const Node *target, const Node *key, Span at);

/* Puts `value` at another place of the source. */
static inline Node hcl_at(Node value, Span at)
{
    value.source = (uint16_t)at.source;
    value.start = at.start;
    value.end = at.end;
    return value;
}

#endif
