/*
 * report/standing_text.h - how findings stand to what is known of before, for people
 */
#ifndef PLUMB_REPORT_STANDING_TEXT_H
#define PLUMB_REPORT_STANDING_TEXT_H

#include "report/terminal.h"
#include "scan/verdict.h"

/* What is new since an earlier tree, and what was fixed; nothing where none was compared. */
void standing_text(const Terminal *terminal, const ScanResult *result);

#endif
