/*
 * scan/rule_test_fix.h - whether the edit of a rule does what it is for
 */
#ifndef PLUMB_SCAN_RULE_TEST_FIX_H
#define PLUMB_SCAN_RULE_TEST_FIX_H

#include "scan/rule_trial.h"

/* Makes the fixes of the findings of `trial`, a test that fails as it should, again and again until
 * there are none. The input must still be read then, with no finding left but those that had no fix
 * from the start, and be as `fixed` says. Adds to `*fixed` how many findings had one. False, and
 * reported, where it is otherwise. */
bool rule_test_fix(const Trial *trial, uint32_t *fixed);

#endif
