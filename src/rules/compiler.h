/*
 * rules/compiler.h - what the parts of the rule compiler share: the rule at hand, its expressions
 * and its texts with expressions in them
 */
#ifndef PLUMB_RULES_COMPILER_H
#define PLUMB_RULES_COMPILER_H

#include "rules/compile.h"
#include "rules/expr.h"
#include "rules/guards.h"
#include "rules/writer.h"

/* A type that a rule names. */
typedef struct TypeRule {
    Symbol type;
    uint32_t rule;
} TypeRule;

/* A list that grows. */
typedef struct Vec {
    void *items;
    uint32_t count;
    uint32_t capacity;
} Vec;

typedef struct Compiler {
    RuleContext *context;
    const CompileOptions *options;
    BlobWriter writer;
    ExprReader reader;
    const RuleDraft *draft; /* at hand */
    Guards guards;
    Vec rules;    /* Rule */
    Vec types;    /* TypeRule */
    Vec globs;    /* BlobGlob */
    Vec pod, any; /* uint32_t */
    const RuleDraft **drafts;
} Compiler;

/* The variables that are about the element of `each`. */
#define ELEMENT_VARIABLES (1u << RULE_VAR_IT | 1u << RULE_VAR_INDEX)

static inline DiagSink *compiler_diags(Compiler *c)
{
    return &c->context->diags;
}

/* Adds a copy of an item of `size` bytes; nothing when the arena is spent. */
void compiler_push(Compiler *c, Vec *vec, const void *item, size_t size);

typedef enum ExprUse {
    EXPR_VALUE,
    EXPR_INPUT, /* reads the input: its fields must be known to the tests */
    EXPR_PATH,
} ExprUse;

/* The tree of a scalar that is an expression; NULL after a report. */
CelExpr *compiler_read(Compiler *c, const Node *scalar, ExprUse use);

/* The code of a tree; false after a report, and for NULL. */
bool compiler_code(Compiler *c, CelExpr *expr, BlobCode *code);

/* The code of a scalar that is an expression; none where `scalar` is NULL. False after a report. */
bool compiler_expr(Compiler *c, const Node *scalar, ExprUse use, BlobCode *code);

/* The BlobParts of a text with expressions in braces; none where `scalar` is NULL. False after a
 * report. */
bool compiler_message(Compiler *c, const Node *scalar, BlobList *list);

/* The variables that expressions have named since the last call. */
uint32_t compiler_variables(Compiler *c);

#endif
