/*
 * report/parts_json.h - what several JSON forms say in the same words
 */
#ifndef PLUMB_REPORT_PARTS_JSON_H
#define PLUMB_REPORT_PARTS_JSON_H

#include "base/json_doc.h"
#include "scan/verdict.h"

/* Members "line" to "end_column"; none for a place of which only the file is known. */
void json_put_region(JsonDoc *doc, const Place *place);

/* Members "files_seen" to "suppressed". */
void json_put_coverage(JsonDoc *doc, const Coverage *coverage);

/* A list of `count` texts of a rule, as rule_alias() gives them. */
void json_put_rule_texts(JsonDoc *doc, const char *key, const Rule *rule, uint32_t count,
                         Str (*get)(const Rule *, uint32_t));

#endif
