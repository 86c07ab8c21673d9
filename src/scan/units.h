/*
 * scan/units.h - what is judged together, one after the other, for those who look and do not judge
 */
#ifndef PLUMB_SCAN_UNITS_H
#define PLUMB_SCAN_UNITS_H

#include "scan/problem.h"
#include "scan/scan.h"

typedef void UnitFn(void *context, Unit *unit, const ScanRoot *root);

/* Reads what scan_run() would with the same options and hands each unit over; it is gone when
 * `each` returns. What is wrong with it goes to `problems`. False when an argument cannot be read
 * or memory is short. */
bool units_each(const ScanOptions *options, ProblemList *problems, UnitFn *each, void *context);

/* Evaluates an expression in the Terraform module that the one argument of `options` names, as if
 * it stood there. A module without files has no names, but its functions. `unit`, which is new, and
 * `*root` for places in it must live as long as `*value`. False where the expression is none, or
 * memory is short: that is reported to the unit. */
bool units_value(const ScanOptions *options, Str expression, Unit *unit, Discovery *found,
                 Node *value);

#endif
