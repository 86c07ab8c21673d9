/*
 * report/html_score.h - scores of the HTML report: dials, what caps them, where points were lost
 */
#ifndef PLUMB_REPORT_HTML_SCORE_H
#define PLUMB_REPORT_HTML_SCORE_H

#include "base/out.h"
#include "scan/score.h"

/* The section; nothing where nothing was judged. `score` may be NULL. */
void html_score(Out *out, const Score *score);

#endif
