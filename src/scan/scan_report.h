/*
 * scan/scan_report.h - from what workers found to the scan's result and its observer
 */
#ifndef PLUMB_SCAN_SCAN_REPORT_H
#define PLUMB_SCAN_SCAN_REPORT_H

#include "scan/scan_state.h"

/* Reports all files whose turn it is. Called with the lock held. */
void report_ready(Scan *scan);

/* What filters held back, after the last file. */
void report_end_filters(Scan *scan);

#endif
