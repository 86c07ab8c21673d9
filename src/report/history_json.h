/*
 * report/history_json.h - the scores of earlier scans, for programs
 */
#ifndef PLUMB_REPORT_HISTORY_JSON_H
#define PLUMB_REPORT_HISTORY_JSON_H

#include "base/json_doc.h"
#include "scan/history.h"

/* The array of scans, as docs/history.md has it. */
void history_json(JsonDoc *doc, const History *history);

#endif
