/*
 * scan/filter.h - what decides which verdicts of a scan are its findings
 *
 * A filter sees all verdicts on their way to the report, unit by unit. It can take some out, mark
 * some, and hold some back until the end, of which it keeps copies.
 */
#ifndef PLUMB_SCAN_FILTER_H
#define PLUMB_SCAN_FILTER_H

#include "scan/problem.h"

typedef struct VerdictFilter {
    void *context;

    /* Puts what is to be reported first, in the same order, and returns how many those are.
     * `touched`: the unit is one that the changes of Selection touch. */
    uint32_t (*take)(void *context, bool touched, Verdict *verdicts, uint32_t count);

    /* After the last unit: what was held back and is to be reported after all. May be NULL. */
    uint32_t (*end)(void *context, Verdict **verdicts);

    /* After that: what else there is to say. May be NULL. */
    void (*finish)(void *context, ProblemList *problems);
} VerdictFilter;

#endif
