/*
 * scan/scan_policies.h - admission policies that are among the manifests
 *
 * Which policies a tree holds is known when all of it was read. Where it holds any, manifests are
 * read a second time and judged by those alone; a tree without any pays nothing for it. For the
 * files that a scan is made of.
 */
#ifndef PLUMB_SCAN_SCAN_POLICIES_H
#define PLUMB_SCAN_SCAN_POLICIES_H

#include "scan/scan_state.h"

/* Notes the policies and bindings of a unit; what a chart renders is no text to be read again.
 * Called by workers. */
void policies_note(Scan *scan, const FoundFile *file, const Unit *unit);

/* The options by which manifests are to be judged again; NULL where they are not. */
const ScanOptions *policies_options(Scan *scan);

/* Whether a file may hold manifests. */
bool policies_may_hold(const FoundFile *file);

/* Adds the results of the second scan, which has more rules, to those of the first. */
void policies_merge(Scan *scan, const Scan *again);

#endif
