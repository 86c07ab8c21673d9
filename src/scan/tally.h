/*
 * scan/tally.h - how often a rule was met, for the score
 *
 * Every worker counts for itself; sums do not depend on who judged what.
 */
#ifndef PLUMB_SCAN_TALLY_H
#define PLUMB_SCAN_TALLY_H

#include "scan/verdict.h"

typedef struct RuleTally {
    uint32_t resources; /* with at least one verdict that counts: a pass or a failure above info */
    uint32_t passed;
    uint32_t failed[SEVERITY_CRITICAL + 1]; /* by the verdict's severity */
    uint32_t unknown;
    uint32_t suppressed;
    uint64_t last; /* the last one of `resources` */
} RuleTally;

/* Counts a verdict about the resource with that number (not 0); those of one resource come one
 * after the other. A suppression that gives no valid reason is to be counted as a failure. */
void tally_add(RuleTally *tally, Status status, Severity severity, uint64_t resource);

/* Adds what another worker counted, of other resources. */
void tally_merge(RuleTally *sum, const RuleTally *part);

/* Failures above info. */
uint32_t tally_failed(const RuleTally *tally);

#endif
