/*
 * report/json.h - the report as one JSON object
 *
 * docs/output.md says every field. Results are written as they come; what counts them follows.
 */
#ifndef PLUMB_REPORT_JSON_H
#define PLUMB_REPORT_JSON_H

#include "report/report.h"

/* What all results of a rule that go by the same aliases have in common: written once, then
 * copied. */
typedef struct RuleText {
    const Rule *rule; /* NULL: nobody has the place */
    AliasSet aliases;
    Str head; /* up to the title; empty where it is too long to be kept */
    Str fix;
} RuleText;

/* The first that takes a place keeps it. The rules of a set lie side by side, so that those of
 * a platform seldom meet. */
#define RULE_TEXTS 512u
typedef struct JsonState {
    RuleText rules[RULE_TEXTS];
} JsonState;

void json_report_begin(Report *report);
void json_report_verdicts(Report *report, const Verdict *verdicts, uint32_t count);
void json_report_end(Report *report, const ScanResult *result);

#endif
