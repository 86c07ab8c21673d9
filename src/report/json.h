/*
 * report/json.h - the report as one JSON object
 *
 * docs/output.md says every field. Results are written as they come; what counts them follows.
 */
#ifndef PLUMB_REPORT_JSON_H
#define PLUMB_REPORT_JSON_H

#include "report/report.h"

void json_report_begin(Report *report);
void json_report_verdicts(Report *report, const Verdict *verdicts, uint32_t count);
void json_report_end(Report *report, const ScanResult *result);

#endif
