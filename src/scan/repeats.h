/*
 * scan/repeats.h - findings that several kustomizations have in common
 *
 * What is wrong in a base is wrong in each overlay of it, and is put right once.
 */
#ifndef PLUMB_SCAN_REPEATS_H
#define PLUMB_SCAN_REPEATS_H

#include "ir/str_map.h"
#include "scan/verdict.h"

/* Drops the verdicts of a kustomization that an earlier one has too: those with the same
 * fingerprint and severity, which `seen` keeps. One that differs in severity or outcome gets a
 * fingerprint of its own by `label`. Takes what it drops off `coverage`, and returns how many are
 * left. */
uint32_t repeats_drop(StrMap *seen, Str label, Verdict *verdicts, uint32_t count,
                      Coverage *coverage);

#endif
