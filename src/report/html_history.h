/*
 * report/html_history.h - earlier scans in the HTML report
 */
#ifndef PLUMB_REPORT_HTML_HISTORY_H
#define PLUMB_REPORT_HTML_HISTORY_H

#include "base/out.h"
#include "scan/history.h"

/* A line of how a score moved: the category's, or with SCORE_CATEGORIES the overall one. Nothing
 * where there are no two scans that compare; `history` may be NULL. */
void html_trend(Out *out, const History *history, uint32_t category, const char *title);

/* The scans, the newest first. */
void html_history(Out *out, const History *history);

#endif
