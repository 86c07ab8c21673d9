/*
 * cel/ast.h - the tree of a CEL expression
 *
 * cel_parse() makes it, with macros expanded to nodes of their own (a comprehension keeps its kind:
 * no accumulator folding, so that it compiles to one loop and prints as it was written);
 * cel_check() resolves names and overloads and notes types in it; cel_compile() reads it.
 * The language is that of https://github.com/google/cel-spec, doc/langdef.md.
 */
#ifndef PLUMB_CEL_AST_H
#define PLUMB_CEL_AST_H

#include "base/diag.h"
#include "cel/types.h"

typedef enum CelExprKind {
    CEL_EXPR_NULL,
    CEL_EXPR_BOOL,
    CEL_EXPR_INT,
    CEL_EXPR_UINT,
    CEL_EXPR_DOUBLE,
    CEL_EXPR_STRING,
    CEL_EXPR_BYTES,
    CEL_EXPR_IDENT,   /* name, may begin with '.' (absolute); after cel_check(): `variable` */
    CEL_EXPR_SELECT,  /* args[0].name, args[0].?name when optional; has(args[0].name) when test */
    CEL_EXPR_CALL,    /* name(args), or args[0].name(args[1]...) when member. Operators are calls
                         with the names of cel/operators.def ("_+_", "_[_]", "_?_:_", "_[?_]") */
    CEL_EXPR_LIST,    /* args; an optional element is marked in `optional_args` */
    CEL_EXPR_MAP,     /* args: key, value, key, value ...; an optional entry is marked at its key */
    CEL_EXPR_MESSAGE, /* `name{...}`: parsed for its span, refused by the checker */
    CEL_EXPR_COMPREHENSION,
    CEL_EXPR_BIND,    /* cel.bind(iter_var, args[0], args[1]) */
    CEL_EXPR_OPT_MAP, /* args[0].optMap(iter_var, args[1]); optFlatMap when flat */
    CEL_EXPR_IS_SET,  /* isSet(args[0]): plumb's; args[0] is a path into the input (docs/cel.md) */
} CelExprKind;

/* What a comprehension makes. Range is args[0]; the other arguments as noted. */
typedef enum CelMacro {
    CEL_MACRO_ALL,                 /* args[1]: predicate */
    CEL_MACRO_EXISTS,              /* args[1]: predicate */
    CEL_MACRO_EXISTS_ONE,          /* args[1]: predicate */
    CEL_MACRO_MAP,                 /* args[1]: transform, args[2]: filter or NULL. To a list */
    CEL_MACRO_FILTER,              /* args[1]: predicate. To a list */
    CEL_MACRO_TRANSFORM_LIST,      /* args[1]: transform, args[2]: filter or NULL; two variables */
    CEL_MACRO_TRANSFORM_MAP,       /* the same, to a map with the same keys */
    CEL_MACRO_TRANSFORM_MAP_ENTRY, /* args[1] gives a map of one entry each time */
} CelMacro;

typedef struct CelExpr CelExpr;
struct CelExpr {
    CelExprKind kind;
    Span span;
    Str name; /* of a variable, field, function; text of a STRING or BYTES, unescaped */
    union {
        bool boolean;
        int64_t integer;
        uint64_t unsigned_integer;
        double number;
        CelMacro macro;
    } as;
    bool absolute;  /* IDENT or CALL written with a leading dot */
    bool member;    /* CALL */
    bool optional;  /* SELECT: `.?`; OPT_MAP: unused */
    bool test;      /* SELECT: has() */
    bool flat;      /* OPT_MAP: optFlatMap */
    uint16_t depth; /* 1 for a leaf; at most LIMIT_CEL_DEPTH, so that recursion over a tree is
                       safe */
    CelExpr **args;
    uint32_t arg_count;
    const bool *optional_args; /* LIST and MAP; NULL when none is optional */
    Str iter_var;              /* comprehensions, BIND, OPT_MAP; with two variables index or key */
    Str iter_var2;             /* empty with one variable; else element or value */

    /* set by cel_check() */
    const CelType *type;
    uint16_t function; /* CALL: number in cel/functions.def; CEL_FUNCTION_NONE when unresolved or
                          when only run time can tell the overload */
    int32_t variable;  /* IDENT: number in CelEnv.variables; -1 - slot for a local of a macro, slots
                          counted from 0 outermost first; CEL_IDENT_TYPE for the name of a type,
                          which is type->params[0]; CEL_IDENT_UNDECLARED after cel_resolve():
                          an error when it is evaluated */
};

#define CEL_IDENT_TYPE INT32_MIN
#define CEL_IDENT_UNDECLARED (INT32_MIN + 1)
#define CEL_FUNCTION_NONE UINT16_MAX

static inline bool cel_is_literal(const CelExpr *expr)
{
    return expr->kind <= CEL_EXPR_BYTES;
}

/* Whether `expr` calls the function or operator `name`, as in STR("_&&_"). */
static inline bool cel_is_call(const CelExpr *expr, Str name)
{
    return expr->kind == CEL_EXPR_CALL && str_eq(expr->name, name);
}

typedef struct CelParseOptions {
    bool no_macros;  /* has(), all() and the like are plain calls */
    uint32_t offset; /* of the expression in its source, added to all spans */
    uint32_t source; /* number of the source, for all spans */
} CelParseOptions;

/* Parses `text`. The tree is in `arena` and points into `text`. On a syntax error, or nesting
 * beyond LIMIT_CEL_DEPTH, reports to `diags` at its span and returns NULL; NULL alone if `arena` is
 * spent. */
CelExpr *cel_parse(Str text, const CelParseOptions *options, Arena *arena, DiagSink *diags);

/* The tree as text with all operators as calls, types after a tilde where they are known. */
Str cel_dump(const CelExpr *expr, Arena *arena);

#endif
