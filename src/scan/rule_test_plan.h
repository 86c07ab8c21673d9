/*
 * scan/rule_test_plan.h - whether a rule judges Terraform source as it judges the plan of it
 */
#ifndef PLUMB_SCAN_RULE_TEST_PLAN_H
#define PLUMB_SCAN_RULE_TEST_PLAN_H

#include "scan/rule_trial.h"

/* Judges the plan that the source of `trial`, which was judged, would become (ir/plan_write.h). The
 * same resources must have findings. What a plan cannot say, and the resources that only source
 * has, count for nothing; nor does what is undecided in one form. A test that names its form with
 * `as` is about that form. False, and reported, where they differ. */
bool rule_test_plan(const Trial *trial);

#endif
