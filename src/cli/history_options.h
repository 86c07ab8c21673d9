/*
 * cli/history_options.h - what --history, --branch and --commit ask for
 */
#ifndef PLUMB_CLI_HISTORY_OPTIONS_H
#define PLUMB_CLI_HISTORY_OPTIONS_H

#include "cli/options.h"
#include "scan/history.h"

/* Scans whose scores a report or a table shows, where nobody asks for another number. */
#define HISTORY_SHOWN 20u

/* Whether what is asked for can be recorded: a whole scan. False after an error that was told. */
bool history_check(const Options *options);

/* Records the scan in the file of --history, if there is one, and gives its score what was recorded
 * before of the same name and branch. `report` says what was scanned. False after an error that was
 * told. */
bool history_keep(const Options *options, const ReportOptions *report, ScanResult *result,
                  Arena *arena);

#endif
