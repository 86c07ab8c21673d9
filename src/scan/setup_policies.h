/*
 * scan/setup_policies.h - the rules of admission policies that a scan meets; for scan/setup.c
 */
#ifndef PLUMB_SCAN_SETUP_POLICIES_H
#define PLUMB_SCAN_SETUP_POLICIES_H

#include "scan/setup.h"

/* What is said of the rules of some sets; the options of the setup are kept. */
SettingsRequest setup_request(const Setup *setup, const RuleSet *const *sets, uint32_t set_count);

/* A JudgePolicies; the context is the Setup. */
bool setup_judge_policies(void *context, const PolicyText *texts, uint32_t count,
                          ProblemList *problems, EvalOptions *eval);

void setup_policies_free(Setup *setup);

#endif
