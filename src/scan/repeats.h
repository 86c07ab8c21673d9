/*
 * scan/repeats.h - findings that several kustomizations have in common
 *
 * What is wrong in a base is wrong in each overlay of it, and is put right once.
 */
#ifndef PLUMB_SCAN_REPEATS_H
#define PLUMB_SCAN_REPEATS_H

#include "ir/str_map.h"
#include "scan/verdict.h"

/* Drops the findings of a kustomization that an earlier one has too: those with the same
 * fingerprint and severity, which `seen` keeps, and takes them off `coverage`. A finding of another
 * severity, and a verdict that is none, gets a fingerprint of its own by `label`. Returns how many
 * verdicts are left. */
uint32_t repeats_drop(StrMap *seen, Str label, Verdict *verdicts, uint32_t count,
                      Coverage *coverage);

#endif
