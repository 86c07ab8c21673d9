/*
 * scan/suppress_condition.h - `rule[attribute]` and `rule[attribute=value]`
 */
#ifndef PLUMB_SCAN_SUPPRESS_CONDITION_H
#define PLUMB_SCAN_SUPPRESS_CONDITION_H

#include "ir/resource.h"

/* Whether a finding at `attribute` of `resource` meets all parts, separated by commas, of
 * `condition`: a path holds for itself and what is below it, with any list positions where it has
 * none; path=value looks into the resource and the blocks that hold the finding. An empty one
 * always holds. */
bool condition_meets(const Resource *resource, Str attribute, Str condition);

#endif
