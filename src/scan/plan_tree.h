/*
 * scan/plan_tree.h - the .tf files that a plan was made of, for its findings to point at
 *
 * They are looked for when the first verdict wants a place, so that a plan in which all is well
 * costs no look beside it.
 */
#ifndef PLUMB_SCAN_PLAN_TREE_H
#define PLUMB_SCAN_PLAN_TREE_H

#include "ir/plan_source.h"
#include "scan/discover.h"

typedef struct PlanTree PlanTree;

/* Lets the plan of `unit` look for its source in directory `dir` of `root`, which are kept. With
 * `given` the user named it, and what is missing there is reported. */
void plan_tree_offer(Unit *unit, const ScanRoot *root, Str dir, bool given);

/* Whether the unit is a plan whose source is there; it is read then. */
bool plan_tree_has(Unit *unit);

/* Where `attribute` of a resource of the plan stands in the source; false where it does not, or
 * there is no source. */
bool plan_tree_find(Unit *unit, const Resource *resource, Str attribute, PlanPlace *place);

/* Of a file of that source: how reports show it. False for any other source of the unit. */
bool plan_tree_shown(const Unit *unit, const Source *source, Arena *arena, Str *shown);

/* The directory of the source's root module. */
Str plan_tree_dir(const Unit *unit);

#endif
