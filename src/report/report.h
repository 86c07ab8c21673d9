/*
 * report/report.h - a report in one of its forms, written while the scan goes on
 *
 * Verdicts come unit by unit, in the report's order, and are written at once, so that a report
 * holds none of them; problems and coverage follow at the end.
 */
#ifndef PLUMB_REPORT_REPORT_H
#define PLUMB_REPORT_REPORT_H

#include "base/json_doc.h"
#include "report/terminal.h"
#include "scan/verdict.h"

typedef enum ReportFormat {
#define REPORT(name, id, prefix) REPORT_##name,
#include "report/formats.def"
#undef REPORT
    REPORT_COUNT
} ReportFormat;

/* "human", "json", ...; the parse takes the same words and returns false for others. */
Str report_format_name(ReportFormat format);
bool report_format_parse(Str text, ReportFormat *format);

typedef struct ReportOptions {
    Str version; /* of plumb */
    Str ruleset; /* version and hash: "2026.1#ab12cd34" */
    Str prefix;  /* the directory that paths are relative to, its slash at the end; or empty. What
                    people read names files as they would from where they are */
    Severity fail_on;
    bool blocks; /* false: no finding makes the scan fail */
    bool color;
    bool quiet; /* findings and errors only */
} ReportOptions;

typedef struct Report {
    ReportFormat format;
    ReportOptions options;
    Out out;
    Terminal terminal; /* human */
    JsonDoc doc;       /* json */
    uint32_t shown;    /* verdicts so far */
} Report;

/* A report that writes to `fd`. It may not be moved after report_begin(). */
Report report_new(ReportFormat format, int fd, const ReportOptions *options, Arena *arena);

void report_begin(Report *report);

/* The verdicts of one unit, sorted by file and place. Nothing of them is kept. */
void report_verdicts(Report *report, const Verdict *verdicts, uint32_t count);

/* The rest. False, with errno set, if anything of the report could not be written. */
bool report_end(Report *report, const ScanResult *result);

/* What a verdict says: of a failing one its message, of others what the rule asks for. */
Str verdict_message(const Verdict *verdict);

/* "pass", "fail", "unknown", "suppressed" */
const char *status_name(Status status);

#endif
