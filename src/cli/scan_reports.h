/*
 * cli/scan_reports.h - the reports of a scan, each to its file or to standard output
 */
#ifndef PLUMB_CLI_SCAN_REPORTS_H
#define PLUMB_CLI_SCAN_REPORTS_H

#include "cli/options.h"
#include "cli/progress.h"

typedef struct Reports {
    Report *items;
    uint32_t count;
    bool for_people; /* one of them is read at the terminal */
    Progress progress;
} Reports;

/* What the scan must hand over for these reports, beside what the user asked for. */
void reports_want(const Options *options, SetupOptions *wanted);

/* What every report says of the scan that `setup` prepares. */
ReportOptions reports_options(const Options *options, const Setup *setup, Arena *arena);

/* Opens every output that was asked for. False, after saying why, if one cannot be; the caller
 * closes either way. */
bool reports_open(const Options *options, const Setup *setup, Arena *arena, Reports *reports);

/* For a ScanObserver; `context` is Reports. */
void reports_observe(void *context, const Verdict *verdicts, uint32_t count);
void reports_count_files(void *context, uint64_t files);

/* Ends them all. False, after saying why, if any could not be written. */
bool reports_close(Reports *reports, const ScanResult *result, Arena *arena);

#endif
