/*
 * cli/rule_json.h - a rule as a JSON object (docs/output.md)
 */
#ifndef PLUMB_CLI_RULE_JSON_H
#define PLUMB_CLI_RULE_JSON_H

#include "base/json_doc.h"
#include "rules/ruleset.h"

/* Identity and texts; with memory for `details` also the parameters, and the tests that show it
 * failing and passing. */
void rule_json(JsonDoc *doc, const Rule *rule, Arena *details);

/* "on", "off", "preview" */
Str rule_default_name(const Rule *rule);

#endif
