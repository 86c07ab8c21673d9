/*
 * report/github.h - findings as annotations of a GitHub workflow
 *
 * Workflow commands, worst first. GitHub takes ten of each kind from a step; the rest is counted.
 */
#ifndef PLUMB_REPORT_GITHUB_H
#define PLUMB_REPORT_GITHUB_H

#include "report/report.h"
#include "report/worst.h"

#define GITHUB_KINDS 3u

typedef struct GithubState {
    Worst kinds[GITHUB_KINDS]; /* errors, warnings, notices */
} GithubState;

void github_begin(Report *report);
void github_verdicts(Report *report, const Verdict *verdicts, uint32_t count);
void github_end(Report *report, const ScanResult *result);

#endif
