/*
 * report/html_overview.h - sums of the HTML report: by severity, category and file, and what was
 * read
 */
#ifndef PLUMB_REPORT_HTML_OVERVIEW_H
#define PLUMB_REPORT_HTML_OVERVIEW_H

#include "report/html_findings.h"
#include "scan/score.h"

/* Findings of each category, by severity; all of them, kept or not. */
typedef struct HtmlCounts {
    uint32_t failed[SCORE_CATEGORIES][SEVERITY_CRITICAL + 1];
} HtmlCounts;

/* The section. */
void html_overview(Out *out, const ScanResult *result, const HtmlCounts *counts,
                   const HtmlFindings *findings);

#endif
