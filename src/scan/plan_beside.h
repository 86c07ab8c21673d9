/*
 * scan/plan_beside.h - a plan that lies beside the files that it was made of
 *
 * Both tell of the same resources, and the plan knows more of them: values that only the run had,
 * and what data sources gave. So what the files say as the plan does is judged in the plan alone,
 * at its place in the files, and what they say otherwise in both: a plan that is older than they
 * are must not hide what was changed since.
 */
#ifndef PLUMB_SCAN_PLAN_BESIDE_H
#define PLUMB_SCAN_PLAN_BESIDE_H

#include "ir/terraform.h"
#include "scan/discover.h"

typedef struct PlanBeside PlanBeside;

/* Reads the plans beside `file`, a module or a saved plan, that were made of the files of `reach`.
 * They live in `unit`'s arena. NULL where there is none. */
PlanBeside *plan_beside_read(Unit *unit, const ScanRoot *root, const FoundFile *file,
                             const TerraformFiles *reach);

/* Has the module evaluated with what the first of the plans was made with. */
void plan_beside_inputs(const PlanBeside *beside, TerraformOptions *options, Arena *arena);

/* Leaves alone the resources of `unit` that a plan speaks for, and notes the first that none does.
 */
void plan_beside_settle(PlanBeside *beside, Unit *unit);

#endif
