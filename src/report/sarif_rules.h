/*
 * report/sarif_rules.h - the rules of a SARIF log, with all that their pages show
 */
#ifndef PLUMB_REPORT_SARIF_RULES_H
#define PLUMB_REPORT_SARIF_RULES_H

#include "report/report.h"

/* "error", "warning", "note" */
const char *sarif_level(Severity severity);

/* Writes the array of the rules that ran. Texts are put together in `arena`, which is rewound. */
void sarif_put_rules(JsonDoc *doc, const ScanResult *result, Arena *arena);

#endif
