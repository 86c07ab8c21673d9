/*
 * scan/suppress_range.h - what the comments of a text cover
 *
 * Whoever suppresses something has written a comment, which is rare: only then is a text read a
 * second time, to find its comments and the blocks, instructions or entries beside them.
 */
#ifndef PLUMB_SCAN_SUPPRESS_RANGE_H
#define PLUMB_SCAN_SUPPRESS_RANGE_H

#include "ir/unit.h"
#include "scan/suppress_marks.h"

/* Adds the marks in the comments of `source`, one of `unit`'s, with their ranges. */
void suppress_hcl(Unit *unit, const Source *source, MarkList *list);
void suppress_dockerfile(Unit *unit, const Source *source, MarkList *list);
void suppress_yaml(Unit *unit, const Source *source, MarkList *list);

#endif
