/*
 * cel/checker.h - what the parts of the checker share
 *
 * check.c walks the tree, names.c finds out what names mean, overloads.c what calls mean. With
 * `dynamic` set no type is deduced and no type error reported: names and functions are looked up,
 * and that is all.
 */
#ifndef PLUMB_CEL_CHECKER_H
#define PLUMB_CEL_CHECKER_H

#include "cel/ast.h"
#include "cel/unify.h"

/* A variable of a macro. Slots of the machine are numbered by nesting. */
typedef struct Local {
    Str name;
    const CelType *type;
} Local;

typedef struct Checker {
    const CelEnv *env;
    Arena *arena;
    DiagSink *diags;
    Unifier unifier;
    Local *locals;
    uint32_t local_count;
    uint32_t local_capacity;
    bool dynamic;
    bool failed;
} Checker;

/* Reports a type error and gives the type that goes with everything, so that one mistake is
 * reported once. Silent in the dynamic form. */
const CelType *check_fail(Checker *checker, Span span, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The same with "did you mean" where one of `candidates` is near to `word`. */
const CelType *check_fail_word(Checker *checker, Span span, Str word, const Str *candidates,
                               uint32_t count, const char *what);

Str check_type_text(Checker *checker, const CelType *type);

/* names.c */

/* What a name means: sets `variable` and gives its type. NULL when nothing has that name. */
const CelType *check_ident(Checker *checker, CelExpr *ident);

/* Makes an IDENT of a SELECT whose whole path names a variable or type: x.y where "x.y" is
 * declared. NULL, and no change, when it does not. */
const CelType *check_qualified(Checker *checker, CelExpr *select);

/* "a.b.c" for names and fields of names that no local variable hides; else an empty Str. */
Str check_path(Checker *checker, const CelExpr *expr);

/* An unknown name, reported with a suggestion. */
const CelType *check_undeclared(Checker *checker, CelExpr *ident);

/* The names to look up, one by one: container "a.b" and name "c" give a.b.c, a.c, c. `*length` is
 * that of the container's part to use; starts with UINT32_MAX. False when there is no more. */
bool check_next_name(Checker *checker, Str name, bool absolute, uint32_t *length, Str *candidate);

/* overloads.c */

/* The type of a call whose arguments have `types`; sets `function`. A member call of a namespaced
 * function (math.abs(x)) must be made a plain one before. */
const CelType *check_call(Checker *checker, CelExpr *call, const CelType *const *types);

/* A call of a function that there is not, reported with a suggestion. */
const CelType *check_unknown_function(Checker *checker, const CelExpr *call);

/* Whether there is a function of that name and form with any number of arguments. */
bool check_function_known(Checker *checker, Str name, bool member);

#endif
