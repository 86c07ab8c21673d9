/*
 * scan/repeats.h - findings that several kustomizations have in common
 *
 * What is wrong in a base is wrong in each overlay of it, and is put right once.
 */
#ifndef PLUMB_SCAN_REPEATS_H
#define PLUMB_SCAN_REPEATS_H

#include "scan/verdict.h"

/* A finding that was met, by the first half of its fingerprint. */
typedef struct MetFinding {
    uint64_t name[2];
    uint32_t severity; /* + 1; 0: a free slot */
} MetFinding;

/* All zeros at first. */
typedef struct Repeats {
    MetFinding *slots;
    uint32_t capacity;
    uint32_t count;
} Repeats;

/* Drops the findings of a kustomization that an earlier one has too: those with the same
 * fingerprint and severity, which `repeats` keeps, and takes them off `coverage`. A finding of
 * another severity, and a verdict that is none, gets a fingerprint of its own by `label`. Returns
 * how many verdicts are left. */
uint32_t repeats_drop(Repeats *repeats, Str label, Verdict *verdicts, uint32_t count,
                      Coverage *coverage);

void repeats_free(Repeats *repeats);

#endif
