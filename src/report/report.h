/*
 * report/report.h - a report in one of its forms, written while the scan goes on
 *
 * Verdicts come unit by unit, in the report's order. Most forms write them at once and hold none;
 * those whose readers want the worst first, or sums before parts, keep what they need of them
 * (report/worst.h). Problems and coverage follow at the end.
 */
#ifndef PLUMB_REPORT_REPORT_H
#define PLUMB_REPORT_REPORT_H

#include "base/json_doc.h"
#include "report/terminal.h"
#include "scan/file_tree.h"
#include "scan/verdict.h"

typedef enum ReportFormat {
#define REPORT(name, id, prefix, state) REPORT_##name,
#include "report/formats.def"
#undef REPORT
    REPORT_COUNT
} ReportFormat;

/* "human", "json", ...; the parse takes the same words and returns false for others. */
Str report_format_name(ReportFormat format);
bool report_format_parse(Str text, ReportFormat *format);

/* Which version of which repository was scanned; empty where that is not known. */
typedef struct ReportVersion {
    Str repository; /* URL */
    Str commit;
    Str ref; /* branch or tag */
} ReportVersion;

typedef struct ReportOptions {
    Str version; /* of plumb */
    Str ruleset; /* version and hash: "2026.1#ab12cd34" */
    Str prefix;  /* the directory that paths are relative to, its slash at the end; or empty. What
                    people read names files as they would from where they are */
    Severity fail_on;
    bool blocks; /* false: no finding makes the scan fail */
    bool color;
    bool quiet;        /* findings and errors only */
    bool every;        /* every verdict was asked for, ... */
    bool show_unknown; /* ... or what could not be decided */
    Str name;          /* of what is scanned, from the boundary: "infra/prod" */
    int64_t now;       /* seconds since 1970 */
    ReportVersion scanned;
    const FileTree *tree;       /* what is scanned in place of the disk, or NULL */
    bool sarif_suppressed;      /* SARIF holds suppressed results too */
    uint32_t sarif_max_results; /* 0: as many as GitHub keeps */
    bool junit_only_failures;   /* JUnit holds neither passes nor what was skipped */
} ReportOptions;

typedef struct Report {
    ReportFormat format;
    ReportOptions options;
    Out out;
    Terminal terminal; /* human */
    JsonDoc doc;       /* json and what is made of it */
    uint32_t shown;    /* verdicts so far */
    Arena *arena;      /* the report's own, for what it keeps; NULL if memory is short */
    void *state;       /* the form's own, in `arena`; never NULL while the form is called */
    Arena *scratch;    /* for one call */
    Arena *outer;      /* the one that was given; outlives the report, ... */
    Str notice;        /* ... as does what whoever runs plumb should know of it; may be empty */
} Report;

/* Whether reports in that form show verdicts that are neither failing nor asked for. */
bool report_wants_every(ReportFormat format, const ReportOptions *options);

/* Whether they show findings that are as they were in the tree that a scan is held against. */
bool report_wants_unchanged(ReportFormat format);

/* Whether the form says which version of which repository was scanned. */
bool report_wants_version(ReportFormat format);

/* A report that writes to `fd`. It may not be moved after report_begin(), and ends with
 * report_end(), which frees what it holds. */
Report report_new(ReportFormat format, int fd, const ReportOptions *options, Arena *arena);

void report_begin(Report *report);

/* The verdicts of one unit, sorted by file and place. Nothing of them is kept. */
void report_verdicts(Report *report, const Verdict *verdicts, uint32_t count);

/* The rest. False, with errno set, if anything of the report could not be written. */
bool report_end(Report *report, const ScanResult *result);

/* The path of a place for those who know the repository: from its root, else as it was given. */
Str place_path(const Place *place);

/* What a verdict says: of a failing one its message, of others what the rule asks for. */
Str verdict_message(const Verdict *verdict);

/* "pass", "fail", "unknown", "suppressed" */
const char *status_name(Status status);

#endif
