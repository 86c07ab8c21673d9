/*
 * scan/since.h - a scan that is held against an earlier tree
 *
 * Judges of the earlier tree what the changes touch, then the present one as a whole, so that what
 * is the same on both sides is judged once. Findings are told apart by their fingerprints.
 */
#ifndef PLUMB_SCAN_SINCE_H
#define PLUMB_SCAN_SINCE_H

#include "scan/scan.h"
#include "scan/sides.h"

/* Scans as scan_run() does, with new findings only; `result->since` says what became of the others.
 * With `keep_unchanged` the observer gets those that are unchanged too, marked as such. `options`
 * reads the newer of `sides`. */
void since_run(const ScanOptions *options, Sides *sides, bool keep_unchanged,
               const ScanObserver *observer, Arena *arena, ScanResult *result);

/* Scans what the changes touch, and reports what stands in files that they touch. */
void staged_run(const ScanOptions *options, Sides *sides, const ScanObserver *observer,
                Arena *arena, ScanResult *result);

#endif
