/*
 * report/gitlab.h - the report as GitLab's code quality reads it
 */
#ifndef PLUMB_REPORT_GITLAB_H
#define PLUMB_REPORT_GITLAB_H

#include "report/report.h"

void gitlab_begin(Report *report);
void gitlab_verdicts(Report *report, const Verdict *verdicts, uint32_t count);
void gitlab_end(Report *report, const ScanResult *result);

#endif
