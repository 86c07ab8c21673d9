/*
 * cel/types.h - static types of CEL expressions, and what the checker knows from outside
 */
#ifndef PLUMB_CEL_TYPES_H
#define PLUMB_CEL_TYPES_H

#include "base/diag.h"

typedef struct CelExpr CelExpr;

typedef enum CelTypeKind {
    CEL_TYPE_DYN,
    CEL_TYPE_NULL,
    CEL_TYPE_BOOL,
    CEL_TYPE_INT,
    CEL_TYPE_UINT,
    CEL_TYPE_DOUBLE,
    CEL_TYPE_STRING,
    CEL_TYPE_BYTES,
    CEL_TYPE_DURATION,
    CEL_TYPE_TIMESTAMP,
    CEL_TYPE_LIST,     /* params[0] */
    CEL_TYPE_MAP,      /* params[0], params[1] */
    CEL_TYPE_TYPE,     /* params[0], the type it names */
    CEL_TYPE_OPTIONAL, /* params[0] */
    CEL_TYPE_PARAM,    /* name: a type parameter of a declaration; `variable` inside the checker */
    CEL_TYPE_WRAPPER,  /* params[0]: may also be null */
    CEL_TYPE_OPAQUE,   /* name: net.IP, net.CIDR, kubernetes.Quantity, kubernetes.URL, ...; a
                          declared one may have up to three params: tuple(A, B, C) */
    CEL_TYPE_ERROR,
} CelTypeKind;

typedef struct CelType CelType;
struct CelType {
    CelTypeKind kind;
    Str name;
    const CelType *params[3];
    uint32_t
        variable; /* cel/unify.h: number of a type variable; 0 in every type that is seen outside */
};

/* As the specification's tests write types: "list(int)", "map(string, dyn)", "wrapper(int)",
 * "optional_type(dyn)". cel_type_parse() gives NULL for anything else. */
Str cel_type_text(const CelType *type, Arena *arena);
const CelType *cel_type_parse(Str text, Arena *arena);

typedef struct CelVariable {
    Str name; /* may be qualified: "x.y" */
    const CelType *type;
} CelVariable;

/* A function beyond cel/functions.def, of which only the types are known (for type checks). */
typedef struct CelDeclaration {
    Str name;
    bool member;
    const CelType *const *params;
    uint32_t param_count;
    const CelType *result;
} CelDeclaration;

/* What an expression may name. The machine is given the values of `variables` in this order. */
typedef struct CelEnv {
    Str container; /* names are looked up in it first; usually empty */
    const CelVariable *variables;
    uint32_t variable_count;
    const CelDeclaration *declarations;
    uint32_t declaration_count;
} CelEnv;

/* Resolves the names, overloads and types of `expr` and notes them in it. Mistakes are reported at
 * their spans, with a suggestion for a misspelt name; false after any. Without it (the `dynamic`
 * form), names are resolved and overloads left to run time: no type error is reported, and a name
 * that is not declared becomes an evaluation error. Types made on the way are in `arena`. */
bool cel_check(CelExpr *expr, const CelEnv *env, Arena *arena, DiagSink *diags);
bool cel_resolve(CelExpr *expr, const CelEnv *env, Arena *arena, DiagSink *diags);

#endif
