/*
 * report/html_findings.h - findings of the HTML report, by file and place, and their rules
 */
#ifndef PLUMB_REPORT_HTML_FINDINGS_H
#define PLUMB_REPORT_HTML_FINDINGS_H

#include "base/out.h"
#include "report/worst.h"

/* A file's findings: `count` of the list from `first` on. */
typedef struct HtmlFile {
    Str path;
    uint32_t first;
    uint32_t count;
    uint32_t failed[SEVERITY_CRITICAL + 1];
} HtmlFile;

typedef struct HtmlFindings {
    const Kept **items; /* by path, line, column, resource; then the worst first */
    uint32_t count;
    HtmlFile *files; /* by path */
    uint32_t file_count;
    const Rule **rules; /* those of the items, by id */
    uint32_t rule_count;
} HtmlFindings;

/* The kept findings in the page's order. Everything is in `arena`; empty if that is spent. */
HtmlFindings html_findings_of(const Worst *worst, Arena *arena);

/* A group for each file, and in it a block for each place. */
void html_findings_groups(Out *out, const HtmlFindings *findings);

/* What there is to say of each rule that fails, with the severity that `result` has for it. */
void html_findings_rules(Out *out, const HtmlFindings *findings, const ScanResult *result);

#endif
