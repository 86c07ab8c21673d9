/*
 * syntax/hcl_expr.h - expressions of HCL, for the parser of bodies and that of templates
 */
#ifndef PLUMB_SYNTAX_HCL_EXPR_H
#define PLUMB_SYNTAX_HCL_EXPR_H

#include "syntax/hcl_lex.h"

/* Reads an expression from the next token on. NULL after a mistake, which is reported, or when the
 * arena is spent; where reading stands is then left open. */
const HclExpr *hcl_expression(HclParser *p);

/* A new expression over [start, end); NULL when the arena is spent. */
HclExpr *hcl_new(HclParser *p, HclKind kind, uint32_t start, uint32_t end);

/* To be called once an expression has its parts: gives it its height. NULL, and reported, where the
 * tree is too deep. */
const HclExpr *hcl_finish(HclParser *p, HclExpr *expr);

const HclExpr *hcl_new_string(HclParser *p, Str text, uint32_t start, uint32_t end);

/* for NAME[, NAME] in EXPRESSION, of an expression and of a template's directive. */
bool hcl_for_header(HclParser *p, HclFor *loop);

/* Expressions that are put together one by one. */
typedef struct HclList {
    const HclExpr **items;
    uint32_t count;
    uint32_t capacity;
} HclList;

/* False when the arena is spent. */
bool hcl_list_add(HclParser *p, HclList *list, const HclExpr *expr);

#endif
