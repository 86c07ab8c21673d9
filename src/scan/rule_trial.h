/*
 * scan/rule_trial.h - the input of one test of a rule, judged
 *
 * Of scan/rule_test.c and scan/rule_test_fix.c only.
 */
#ifndef PLUMB_SCAN_RULE_TRIAL_H
#define PLUMB_SCAN_RULE_TRIAL_H

#include "rules/load.h"
#include "scan/evaluate.h"
#include "scan/rule_test.h"

/* A line of a test's input that `# here` marks. */
typedef struct TrialMark {
    Str file;
    uint32_t line;
} TrialMark;

/* What all tests have in common. */
typedef struct TrialRunner {
    RuleContext *context;
    const RuleSet *set;
    Symbols symbols;
    const ObjectTypes *objects;
    ProviderDefaults defaults;
    CelPatterns *patterns;
    bool *selected; /* one for each rule of the set: the one at hand */
    RuleTestSummary *summary;
} TrialRunner;

/* One test at work. */
typedef struct Trial {
    TrialRunner *runner;
    const RuleDraft *draft;
    const RuleTest *test;
    const Str *texts; /* in the place of those of the test; NULL: those */
    Format format;
    Arena *arena;
    Unit unit;
    VerdictSink sink;
    TrialMark *marks;
    uint32_t mark_count;
    uint32_t mark_capacity;
} Trial;

/* A trial with memory of its own, which ends with trial_free(). False where there is none left. */
bool trial_begin(TrialRunner *runner, const RuleDraft *draft, const RuleTest *test, Trial *trial);
void trial_free(Trial *trial);

/* Reads and judges the input. False, and reported, where it is broken. */
bool trial_judge(Trial *trial);

/* Reports that the test does not hold. */
void trial_failed(const Trial *trial, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
