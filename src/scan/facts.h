/*
 * scan/facts.h - which units of a tree have a fact (ir/scope.h)
 */
#ifndef PLUMB_SCAN_FACTS_H
#define PLUMB_SCAN_FACTS_H

#include <stdbool.h>
#include <stdint.h>

/* Zeroed in the beginning. */
typedef struct Facts {
    uint64_t *numbers; /* 0: free */
    uint32_t *units;   /* that have it, + 1; UINT32_MAX: several */
    uint32_t capacity; /* a power of two, or 0 */
    uint32_t count;
} Facts;

/* False when there are more than base/limits.h allows, or memory is short. */
bool facts_add(Facts *facts, uint64_t fact, uint32_t unit);

/* Whether a unit other than `unit` has it. */
bool facts_elsewhere(const Facts *facts, uint64_t fact, uint32_t unit);

void facts_free(Facts *facts);

#endif
