/*
 * scan/problem.h - diagnostics outside of a unit, as reports print them
 */
#ifndef PLUMB_SCAN_PROBLEM_H
#define PLUMB_SCAN_PROBLEM_H

#include "scan/verdict.h"

typedef struct ProblemList {
    Arena *arena;
    Problem *items;
    uint32_t count;
    uint32_t capacity;
    uint32_t errors;
} ProblemList;

static inline ProblemList problem_list(Arena *arena)
{
    return (ProblemList){.arena = arena};
}

/* Adds a problem whose texts are kept. */
void problem_add(ProblemList *list, const Problem *problem);

/* Adds an error about a file or option of which there is no text; `path` may be empty. The message
 * is kept. */
void problem_error(ProblemList *list, DiagCode code, Str path, Str message, Str help);

/* Adds all of `diags`, resolved to places in `sources` (NULL where they have none), which are files
 * that the user named, with their texts copied. */
void problem_add_diags(ProblemList *list, const DiagSink *diags, const Sources *sources);

/* By file, line, column; what is said twice about a place is then there once. */
void problem_sort(ProblemList *list);

#endif
