/*
 * report/worst.h - the worst verdicts of a scan, as many as a reader takes
 *
 * Memory is bounded by the limit, whatever the number of findings: a worse one takes the place of
 * the last of the mildest.
 */
#ifndef PLUMB_REPORT_WORST_H
#define PLUMB_REPORT_WORST_H

#include "scan/copy.h"

/* A copy of a verdict, without its excerpt. */
typedef struct Kept {
    Verdict verdict;
    Str extra; /* the report's own; starts empty */
    struct Kept *before;
    struct Kept *after;
} Kept;

/* Findings by severity; below them the others: what does not fail, and what did before. */
#define WORST_LEVELS (SEVERITY_CRITICAL + 2)

typedef struct Worst {
    Arena *arena;
    uint32_t limit;
    uint32_t count;
    uint64_t seen;
    Kept *first[WORST_LEVELS];
    Kept *last[WORST_LEVELS];
    Kept *unused;
    Copier copier;
} Worst;

Worst worst_new(uint32_t limit, Arena *arena);

/* Keeps a copy if there is room, or something milder to drop. NULL if not, or if memory is short.
 */
Kept *worst_add(Worst *worst, const Verdict *verdict);

/* The worst, and the next one; verdicts of one severity in the order in which they came. NULL after
 * the last. */
const Kept *worst_first(const Worst *worst);
const Kept *worst_next(const Worst *worst, const Kept *kept);

#endif
