#include "report/ndjson.h"

#include <stdio.h>

#include "report/parts_json.h"
#include "scan/score.h"

/* What every line says, so that each can be read alone. */
static void begin_line(Report *report, const char *record)
{
    const ReportVersion *scanned = &report->options.scanned;
    JsonDoc *doc = &report->doc;

    *doc = json_doc_compact(&report->out);
    json_begin(doc, '{');
    json_put_string(doc, "schema_version", STR("plumb/line/v1"));
    json_put_string(doc, "record", str_of(record));
    json_put_some(doc, "repo", scanned->repository);
    json_put_some(doc, "commit", scanned->commit);
    json_put_some(doc, "ref", scanned->ref);
    json_put_string(doc, "version", report->options.version);
    json_put_string(doc, "ruleset", report->options.ruleset);
}

static void put_place(JsonDoc *doc, const Place *place)
{
    json_put_string(doc, "path", place_path(place));
    json_put_region(doc, place);
}

static void put_verdict(Report *report, const Verdict *verdict)
{
    JsonDoc *doc = &report->doc;

    begin_line(report, "finding");
    put_place(doc, &verdict->place);
    json_put_string(doc, "rule", rule_id(verdict->rule));
    json_put_string(doc, "title", rule_title(verdict->rule));
    json_put_string(doc, "severity", str_of(severity_name(verdict->severity)));
    json_put_string(doc, "category", str_of(category_name(rule_category(verdict->rule))));
    json_put_string(doc, "outcome", str_of(status_name(verdict->status)));
    json_key(doc, "enabled");
    json_bool(doc, verdict->enabled);
    json_put_string(doc, "address", verdict->resource);
    json_put_string(doc, "type", verdict->type_name);
    json_put_string(doc, "attribute", verdict->attribute);
    json_put_string(doc, "element", verdict->element);
    json_put_some(doc, "render", verdict->render);
    if (verdict->instances)
        json_put_number(doc, "instances", verdict->instances);
    json_put_string(doc, "message", verdict_message(verdict));
    if (verdict->status == STATUS_UNKNOWN)
        json_put_string(doc, "cause", verdict->cause);
    if (verdict->status == STATUS_SUPPRESSED)
        json_put_string(doc, "suppressed_reason", verdict->reason);
    json_put_string(doc, "fingerprint", str_of(verdict->fingerprint));
    json_end(doc, '}');
}

static void put_problem(Report *report, const Problem *problem)
{
    JsonDoc *doc = &report->doc;

    begin_line(report, problem->level == DIAG_ERROR ? "error" : "warning");
    put_place(doc, &problem->place);
    json_put_string(doc, "code", str_of(problem->code));
    json_put_string(doc, "message", problem->message);
    json_put_some(doc, "help", problem->help);
    json_end(doc, '}');
}

/* Flat, so that a database has a column for each: "score", "score_security", ... */
static void put_score(Report *report, const Score *score)
{
    JsonDoc *doc = &report->doc;

    if (!score || !score->overall.applicable)
        return;
    json_put_number(doc, "score", score->overall.value);
    json_put_string(doc, "grade", str_of(score_value_grade(&score->overall)));
    for (uint32_t i = 0; i < SCORE_CATEGORIES; i++) {
        char key[64];
        snprintf(key, sizeof key, "score_%s", category_name((Category)i));
        if (score->categories[i].applicable)
            json_put_number(doc, key, score->categories[i].value);
    }
}

static void put_summary(Report *report, const ScanResult *result)
{
    JsonDoc *doc = &report->doc;

    begin_line(report, "summary");
    json_put_coverage(doc, &result->coverage);
    for (int i = SEVERITY_CRITICAL; i >= SEVERITY_INFO; i--)
        json_put_number(doc, severity_name((Severity)i), result->failed[i]);
    json_put_number(doc, "blocking", result->blocking);
    json_put_number(doc, "status", result->status);
    put_score(report, result->score);
    json_end(doc, '}');
}

void ndjson_begin(Report *report)
{
    (void)report;
}

void ndjson_verdicts(Report *report, const Verdict *verdicts, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        put_verdict(report, &verdicts[i]);
}

void ndjson_end(Report *report, const ScanResult *result)
{
    for (uint32_t i = 0; i < result->problem_count; i++)
        put_problem(report, &result->problems[i]);
    put_summary(report, result);
}
