/*
 * report/score_json.h - a score as a JSON object (docs/scores.md)
 */
#ifndef PLUMB_REPORT_SCORE_JSON_H
#define PLUMB_REPORT_SCORE_JSON_H

#include "base/json_doc.h"
#include "scan/score.h"

/* Writes one value: the object, or null for a NULL score. `ruleset` as in ReportOptions. */
void score_json(JsonDoc *doc, const Score *score, Str ruleset);

#endif
