/*
 * scan/scan_report.h - from what workers found to the scan's result and its observer
 */
#ifndef PLUMB_SCAN_SCAN_REPORT_H
#define PLUMB_SCAN_SCAN_REPORT_H

#include "scan/scan_state.h"

/* Reports all files whose turn it is. Called with the lock held. */
void scan_report_ready(Scan *scan);

/* Hands over verdicts of files of one root; paths are put together in `arena`. */
void scan_report_verdicts(Scan *scan, const ScanRoot *root, bool touched, Verdict *verdicts,
                          uint32_t count, Arena *arena);

/* Notes a finding that counts. */
void scan_note_failed(Scan *scan, Severity severity);

/* After the last file: what is left, ... */
void scan_report_rest(Scan *scan);

/* ... at the very end what filters held back, ... */
void scan_report_filtered(Scan *scan);

/* ... and what is wrong with files, which goes to the scan's problems. */
void scan_report_problems(Scan *scan);

#endif
