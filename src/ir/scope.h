/*
 * ir/scope.h - what a unit cannot know of the tree that it is a part of
 *
 * Manifests of one directory are a unit, and others may lie elsewhere. "No PodDisruptionBudget
 * covers these pods" is right only if no other directory holds one. Such a question is noted by a
 * number, and each unit gives the numbers of all questions that something of it may belong to: its
 * facts. An answer stands where no other unit has the fact of its question.
 *
 * The numbers are hashes. Two that are the same by chance make an answer uncertain, never wrong.
 */
#ifndef PLUMB_IR_SCOPE_H
#define PLUMB_IR_SCOPE_H

#include "base/str.h"
#include "syntax/node.h"

/* Of one rule on one resource; nobody asks more. */
#define SCOPE_QUESTIONS 16u

typedef struct ScopeQuestions {
    bool met;       /* an answer was left open for what other files may define */
    bool supposing; /* answers are given as if nothing else were there, and noted */
    bool too_many;  /* not all of them were */
    uint32_t count;
    uint64_t items[SCOPE_QUESTIONS];
} ScopeQuestions;

/* Notes the question who is of this type, ... */
void scope_ask_type(ScopeQuestions *questions, Str type);

/* ... who of them has this name, in whatever namespace, or may make one, ... */
void scope_ask_name(ScopeQuestions *questions, Str type, Str name);

/* ... who of them is in this namespace, ... */
void scope_ask_namespace(ScopeQuestions *questions, Str type, Str namespace);

/* ... and which pods in it meet a selector, as unit_selected() takes it. A namespace that is not
 * written may be any when the manifest is applied, and so may `default`. */
void scope_ask_pods(ScopeQuestions *questions, Str namespace, const Node *selector);

/* Takes one fact; the same may come again. */
typedef void ScopeFactFn(void *context, uint64_t fact);

struct Unit;

/* The facts of a unit. */
void scope_facts(const struct Unit *unit, ScopeFactFn *each, void *context);

#endif
