/*
 * report/human.h - the report for people
 *
 * Grouped by file, each finding with its source line, what to do about it, and the rule's id; at
 * the end what could not be read and what was covered.
 */
#ifndef PLUMB_REPORT_HUMAN_H
#define PLUMB_REPORT_HUMAN_H

#include "report/report.h"

void human_begin(Report *report);
void human_verdicts(Report *report, const Verdict *verdicts, uint32_t count);
void human_end(Report *report, const ScanResult *result);

/* One problem of an input or a rule file, with its line and a caret below. */
void human_problem(const Terminal *terminal, const Problem *problem);

#endif
