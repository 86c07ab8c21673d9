/*
 * report/history_text.h - the scores of earlier scans, as a table
 */
#ifndef PLUMB_REPORT_HISTORY_TEXT_H
#define PLUMB_REPORT_HISTORY_TEXT_H

#include "report/terminal.h"
#include "scan/history.h"

/* A table for each name: a line for each scan, the newest last, and below it how each score moved.
 */
void history_text(const Terminal *terminal, const History *history);

#endif
