/*
 * cel/unify.h - type variables and what they stand for, while an expression is checked
 *
 * `[]` is a list of something, which its use tells. Each such open type is a variable, bound when
 * it meets another type. What is never bound is dyn in the end.
 */
#ifndef PLUMB_CEL_UNIFY_H
#define PLUMB_CEL_UNIFY_H

#include "cel/types.h"

typedef struct Binding {
    uint32_t variable;
    const CelType *before;
} Binding;

typedef struct Unifier {
    Arena *arena;
    const CelType **bound; /* by variable number, from 1 on; NULL while open */
    uint32_t count;
    uint32_t capacity;
    Binding *trail; /* bindings in the order they were made, so that a try can be taken back */
    uint32_t trail_count;
    uint32_t trail_capacity;
} Unifier;

/* A type of which only its kind is known; never NULL, shared. */
const CelType *cel_type_plain(CelTypeKind kind);

/* A type with parameters; dyn when the arena is spent. */
const CelType *cel_type_new(Arena *arena, CelTypeKind kind, const CelType *a, const CelType *b);

/* A new open type. */
const CelType *unify_variable(Unifier *unifier);

/* A declared type with its parameters made variables, the same ones in all calls with the same
 * `variables` (by letter, all NULL at first). */
const CelType *unify_instance(Unifier *unifier, const CelType *type, const CelType *variables[26]);

/* Whether a value of type `from` may stand where `to` is wanted; binds variables of both. What a
 * failed try has bound stays bound: take it back with unify_rewind(). */
bool unify_assign(Unifier *unifier, const CelType *from, const CelType *to);

static inline uint32_t unify_mark(const Unifier *unifier)
{
    return unifier->trail_count;
}
void unify_rewind(Unifier *unifier, uint32_t mark);

/* The one of two types that are assignable that says less. */
const CelType *unify_general(const Unifier *unifier, const CelType *a, const CelType *b);

/* What `type` is now: a variable replaced by what it is bound to, at the top only. */
const CelType *unify_look(const Unifier *unifier, const CelType *type);

/* `type` with all variables replaced; open ones stay, or become dyn when `close`. */
const CelType *unify_replace(Unifier *unifier, const CelType *type, bool close);

bool cel_type_same(const CelType *a, const CelType *b);

#endif
