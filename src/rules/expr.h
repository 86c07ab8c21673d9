/*
 * rules/expr.h - the expressions of a rule file
 *
 * Between the YAML that holds an expression and the CEL front end: spans that lead back into the
 * file, names of `define` put in, and paths of `at`, which may leave out `resource.`.
 */
#ifndef PLUMB_RULES_EXPR_H
#define PLUMB_RULES_EXPR_H

#include "cel/machine.h"
#include "rules/ruleset.h"

/* Expressions that a file's `define` names; made once a file. */
typedef struct Defines Defines;

typedef struct ExprReader {
    Sources *sources;
    Arena *arena;
    DiagSink *diags;
    Defines *defines;   /* or NULL */
    bool asks;          /* set when an expression looks at other resources of the unit */
    uint32_t variables; /* bit n is set when an expression names variable n of RULE_VAR_* */
    uint32_t define_depth;
} ExprReader;

/* The text of a scalar with the place where it stands; decoded text becomes a source of its own. */
typedef struct ExprText {
    Str text;
    uint32_t source;
    uint32_t offset; /* of its first byte */
} ExprText;

/* `map` is the value of a file's `define`, or NULL. NULL if the arena is spent. Each expression is
 * read when it is first named; defines_check() reads the rest. */
Defines *defines_new(const Node *map, Arena *arena);
void defines_check(ExprReader *reader);

/* False when memory is short. */
bool expr_text(const ExprReader *reader, const Node *scalar, ExprText *text);

/* The tree of a part of `text`, with what `define` names put in; NULL after a report. With `path`,
 * a name that is no variable is a field of the resource. */
CelExpr *expr_read(ExprReader *reader, const ExprText *text, uint32_t from, uint32_t size,
                   bool path);

/* Checks and compiles a tree. False after a report. */
bool expr_compile(ExprReader *reader, CelExpr *expr, SymbolBuilder *symbols, CelCode *code);

/* What expressions of rules may name. */
const CelEnv *expr_env(void);

#endif
