/*
 * report/ndjson.h - a flat JSON object on each line, for databases
 *
 * Findings as they come, then what is wrong with inputs, then one line of sums (docs/output.md).
 */
#ifndef PLUMB_REPORT_NDJSON_H
#define PLUMB_REPORT_NDJSON_H

#include "report/report.h"

void ndjson_begin(Report *report);
void ndjson_verdicts(Report *report, const Verdict *verdicts, uint32_t count);
void ndjson_end(Report *report, const ScanResult *result);

#endif
