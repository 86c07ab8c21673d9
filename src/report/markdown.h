/*
 * report/markdown.h - the report for a step summary or a comment on a pull request
 *
 * Short: the verdict, sums, the worst findings in a table, what could not be read. Whatever comes
 * out of an input is escaped, so that it formats nothing, links nowhere and calls nobody.
 */
#ifndef PLUMB_REPORT_MARKDOWN_H
#define PLUMB_REPORT_MARKDOWN_H

#include "report/report.h"
#include "report/worst.h"

typedef struct MarkdownState {
    Worst findings;
} MarkdownState;

void markdown_begin(Report *report);
void markdown_verdicts(Report *report, const Verdict *verdicts, uint32_t count);
void markdown_end(Report *report, const ScanResult *result);

#endif
