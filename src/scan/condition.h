/*
 * scan/condition.h - what a rule came to where it hangs on the rest of the tree
 *
 * Undecided, as long as another directory may hold what the resource lacks here; something else if
 * none does (ir/scope.h). Both are kept until that is known (scan/held.h): a verdict that hangs on
 * it is one of either.
 */
#ifndef PLUMB_SCAN_CONDITION_H
#define PLUMB_SCAN_CONDITION_H

#include "scan/tally.h"

/* What one rule came to on one resource, in numbers. */
typedef struct RuleCounts {
    uint32_t passed;
    uint32_t failed;
    uint32_t unknown;
    uint32_t suppressed;
    Severity worst; /* of failures that count */
    bool any_failed;
    RuleTally tally;
} RuleCounts;

typedef enum ConditionState {
    CONDITION_PENDING,
    CONDITION_OPEN,   /* something elsewhere may belong to it, or nobody knows */
    CONDITION_CLOSED, /* nothing does */
} ConditionState;

typedef struct Condition {
    const uint64_t *questions; /* of which none may be a fact of another unit */
    uint32_t question_count;
    uint32_t rule; /* number among those of all sets */
    uint32_t unit; /* number of the unit, among those of the file; in scan/held.h, of all */
    RuleCounts open;
    RuleCounts closed;
    bool touched; /* the unit is, by changes (scan/selection.h) */
    ConditionState state;
    struct Condition *kept; /* the copy that says more of its state, or NULL */
    struct Condition *next;
} Condition;

#endif
