/*
 * scan/tally.h - how often a rule was met, for the score
 *
 * Every worker counts for itself; sums do not depend on who judged what. Most rules are never met,
 * and cost nothing here but a number.
 */
#ifndef PLUMB_SCAN_TALLY_H
#define PLUMB_SCAN_TALLY_H

#include "base/arena.h"
#include "scan/verdict.h"

typedef struct RuleTally {
    uint32_t rule;      /* its number among all sets */
    uint32_t resources; /* with at least one verdict that counts: a pass or a failure above info */
    uint32_t passed;
    uint32_t failed[SEVERITY_CRITICAL + 1]; /* by the verdict's severity */
    uint32_t unknown;
    uint32_t suppressed;
    uint64_t last; /* the last one of `resources` */
} RuleTally;

/* The rules that were met, in the order in which they were. */
typedef struct Tallies {
    RuleTally *items; /* with room for all rules */
    uint32_t count;
    uint32_t *places; /* for each rule, 1 more than its place in `items`; 0: it was not met */
} Tallies;

/* Of so many rules, none of them met. NULL if `arena` is spent. */
Tallies *tallies_new(uint32_t rules, Arena *arena);

/* The tally of a rule, which counts as met from now on. Good as long as the tallies. */
RuleTally *tallies_at(Tallies *tallies, uint32_t rule);

/* Adds what another worker counted, of other resources; of no more rules. */
void tallies_merge(Tallies *sum, const Tallies *part);

/* Counts a verdict about the resource with that number (not 0); those of one resource come one
 * after the other. A suppression that gives no valid reason is to be counted as a failure. */
void tally_add(RuleTally *tally, Status status, Severity severity, uint64_t resource);

/* The same of one rule. */
void tally_merge(RuleTally *sum, const RuleTally *part);

/* Failures above info. */
uint32_t tally_failed(const RuleTally *tally);

#endif
