/*
 * report/sarif.h - the report as SARIF 2.1.0, as GitHub's code scanning reads it
 *
 * One run: every rule that ran, and what fails, worst first, each at its attribute. Paths are
 * relative to the repository's root. Beyond what GitHub keeps of a run the mildest results are left
 * out, with a notification.
 */
#ifndef PLUMB_REPORT_SARIF_H
#define PLUMB_REPORT_SARIF_H

#include "report/line_hash.h"
#include "report/report.h"
#include "report/worst.h"

/* Results of a run that GitHub keeps. */
#define SARIF_MAX_RESULTS 5000u

typedef struct SarifState {
    Worst results;
    Arena *arena; /* of the lines; NULL if memory is short */
    Str file;     /* the file whose lines these are */
    LineHash *lines;
    uint32_t line_count; /* 0: it cannot be read again */
} SarifState;

void sarif_begin(Report *report);
void sarif_verdicts(Report *report, const Verdict *verdicts, uint32_t count);
void sarif_end(Report *report, const ScanResult *result);

#endif
