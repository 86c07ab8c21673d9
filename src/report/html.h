/*
 * report/html.h - the report as one page for a browser
 *
 * One file that loads nothing: styles and script are in it, and a Content-Security-Policy lets
 * nothing else run. Without the script all of it can be read; with it, it is filtered, searched and
 * grouped anew. Sums and scores stand before the findings, so these are kept until the end.
 */
#ifndef PLUMB_REPORT_HTML_H
#define PLUMB_REPORT_HTML_H

#include "report/html_overview.h"
#include "report/report.h"
#include "report/worst.h"

typedef struct HtmlState {
    Worst findings; /* `extra` of each is the source line */
    Str excerpt;    /* the last one; most share it with the one before */
    HtmlCounts counts;
} HtmlState;

void html_begin(Report *report);
void html_verdicts(Report *report, const Verdict *verdicts, uint32_t count);
void html_end(Report *report, const ScanResult *result);

#endif
