/*
 * report/junit.h - the report as JUnit XML, in the dialect that CI systems have in common
 *
 * A suite for each file, a case for each rule and resource. What is undecided or suppressed was
 * skipped; an input that could not be read is an error. Sums stand before parts, so cases are kept,
 * small, until the end.
 */
#ifndef PLUMB_REPORT_JUNIT_H
#define PLUMB_REPORT_JUNIT_H

#include "report/report.h"

typedef struct JunitCase JunitCase;

typedef struct JunitState {
    JunitCase *cases;
    uint32_t count;
    uint32_t capacity;
    Str path; /* of the last one: most share their texts with the one before */
    Str resource;
} JunitState;

void junit_begin(Report *report);
void junit_verdicts(Report *report, const Verdict *verdicts, uint32_t count);
void junit_end(Report *report, const ScanResult *result);

#endif
