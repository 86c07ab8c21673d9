/*
 * scan/rule_test.h - the tests inside rule files
 *
 * Each test is an input that the rule is judged on by the same evaluator as a scan's. What a test
 * may say is in docs/writing-rules.md.
 */
#ifndef PLUMB_SCAN_RULE_TEST_H
#define PLUMB_SCAN_RULE_TEST_H

#include "rules/load.h"
#include "scan/evaluate.h"

typedef struct RuleTestSummary {
    uint32_t files; /* rule files read */
    uint32_t rules;
    uint32_t tests;
    uint32_t failed;
    uint32_t untested; /* rules without a failing or without a passing test */
} RuleTestSummary;

/* Compiles the rule files below `paths` and runs their tests. A test that fails is an error with
 * code DIAG_RULE_TEST at the test's place in `context`, beside the mistakes in the rules
 * themselves. Provider defaults are those below `paths`, or else those of `base`, which may be
 * NULL. False when a path could not be read or memory is short. */
bool rules_test(const char *const *paths, uint32_t count, const RuleSet *base, RuleContext *context,
                RuleTestSummary *summary);

#endif
