/*
 * scan/discover_roots.h - where a walk begins: what the user named, and its boundary
 */
#ifndef PLUMB_SCAN_DISCOVER_ROOTS_H
#define PLUMB_SCAN_DISCOVER_ROOTS_H

#include "scan/discover.h"

/* Finds what is named, on disk or in the tree that is read. False, with a diagnostic, where
 * something is not there or lies outside of `boundary`, which may be empty. */
bool roots_find(Discovery *found, const Str *arguments, uint32_t count, Str boundary);

/* Whether one before it is the same. */
bool roots_is_repeated(const Discovery *found, const ScanRoot *root);

/* Whether the user named this path beside the root at hand: it is met there. */
bool roots_have_other(const Discovery *found, Str path, bool is_directory);

#endif
