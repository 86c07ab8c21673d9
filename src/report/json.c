#include "report/json.h"

#include "report/parts_json.h"
#include "report/score_json.h"

static void put_place(JsonDoc *doc, const Place *place)
{
    json_put_string(doc, "file", place->file);
    json_put_region(doc, place);
}

static void put_related(JsonDoc *doc, const Verdict *verdict)
{
    json_key(doc, "related");
    json_begin(doc, '[');
    for (uint32_t i = 0; i < verdict->related_count; i++) {
        json_begin(doc, '{');
        put_place(doc, &verdict->related[i].place);
        json_put_string(doc, "message", verdict->related[i].message);
        json_end(doc, '}');
    }
    json_end(doc, ']');
}

static void put_rule(JsonDoc *doc, const Rule *rule, AliasSet aliases)
{
    json_put_string(doc, "rule", rule_id(rule));
    json_key(doc, "aliases");
    json_begin(doc, '[');
    for (uint32_t i = 0; i < rule_alias_count(rule); i++)
        if (rule_alias_holds(rule, i, aliases))
            json_string(doc, rule_alias(rule, i));
    json_end(doc, ']');
    json_put_string(doc, "title", rule_title(rule));
}

static void put_fix(JsonDoc *doc, const Rule *rule)
{
    json_put_string(doc, "fix", rule_fix(rule));
}

/* Writes what results of the rule by these aliases have in common where `doc` has just begun one,
 * but to memory. */
static void make_text(Report *report, const JsonDoc *doc, const Verdict *verdict, RuleText *text)
{
    const Rule *rule = verdict->rule;
    size_t mark = arena_mark(report->scratch);
    Out out = out_new(-1, report->scratch);
    JsonDoc side = *doc;
    uint32_t head;
    Str all;

    text->rule = rule;
    text->aliases = verdict->aliases;
    side.out = &out;
    put_rule(&side, rule, verdict->aliases);
    head = out.used;
    put_fix(&side, rule);
    all = out.error ? STR("") : str_copy(report->arena, (Str){out.data, out.used});
    text->head = str_sub(all, 0, head);
    text->fix = str_from(all, head);
    arena_rewind(report->scratch, mark);
}

/* NULL where another has its place, or the texts of this one are too long. */
static const RuleText *text_of(Report *report, const JsonDoc *doc, const Verdict *verdict)
{
    JsonState *state = report->state;
    size_t slot = (uintptr_t)verdict->rule / sizeof *verdict->rule + verdict->aliases * (size_t)37;
    RuleText *text = &state->rules[slot % RULE_TEXTS];

    if (!text->rule)
        make_text(report, doc, verdict, text);
    return text->rule == verdict->rule && text->aliases == verdict->aliases && text->head.size
               ? text
               : NULL;
}

static void put_verdict(Report *report, const Verdict *verdict)
{
    JsonDoc *doc = &report->doc;
    const RuleText *text;

    json_begin(doc, '{');
    text = text_of(report, doc, verdict);
    if (text)
        json_again(doc, text->head);
    else
        put_rule(doc, verdict->rule, verdict->aliases);
    json_put_string(doc, "resource", verdict->resource);
    json_put_string(doc, "type", verdict->type_name);
    put_place(doc, &verdict->place);
    json_put_string(doc, "attribute", verdict->attribute);
    json_put_string(doc, "element", verdict->element);
    json_put_word(doc, "status", status_name(verdict->status));
    json_put_word(doc, "severity", severity_name(verdict->severity));
    json_put_word(doc, "category", category_name(rule_category(verdict->rule)));
    json_key(doc, "enabled");
    json_bool(doc, verdict->enabled);
    json_put_some(doc, "render", verdict->render);
    if (verdict->instances)
        json_put_number(doc, "instances", verdict->instances);
    json_put_string(doc, "message", verdict_message(verdict));
    if (verdict->standing != STANDING_NONE)
        json_put_string(doc, "standing",
                        verdict->standing == STANDING_NEW ? STR("new") : STR("fixed"));
    if (verdict->status == STATUS_UNKNOWN)
        json_put_string(doc, "cause", verdict->cause);
    if (verdict->status == STATUS_SUPPRESSED)
        json_put_string(doc, "suppressed_reason", verdict->reason);
    if (text)
        json_again(doc, text->fix);
    else
        put_fix(doc, verdict->rule);
    json_put_word(doc, "fingerprint", verdict->fingerprint);
    put_related(doc, verdict);
    json_end(doc, '}');
}

void json_report_begin(Report *report)
{
    JsonDoc *doc = &report->doc;

    json_begin(doc, '{');
    json_put_string(doc, "schema", STR("plumb/report/v1"));
    json_put_string(doc, "version", report->options.version);
    json_put_string(doc, "ruleset", report->options.ruleset);
    json_key(doc, "results");
    json_begin(doc, '[');
}

void json_report_verdicts(Report *report, const Verdict *verdicts, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        put_verdict(report, &verdicts[i]);
}

static void put_problems(JsonDoc *doc, const char *key, const ScanResult *result, bool errors)
{
    json_key(doc, key);
    json_begin(doc, '[');
    for (uint32_t i = 0; i < result->problem_count; i++) {
        const Problem *problem = &result->problems[i];
        if ((problem->level == DIAG_ERROR) != errors)
            continue;
        json_begin(doc, '{');
        json_put_string(doc, "code", str_of(problem->code));
        put_place(doc, &problem->place);
        json_put_string(doc, "message", problem->message);
        json_put_some(doc, "help", problem->help);
        json_end(doc, '}');
    }
    json_end(doc, ']');
}

static void put_ignored(JsonDoc *doc, const ScanResult *result)
{
    json_key(doc, "ignored");
    json_begin(doc, '[');
    for (uint32_t i = 0; i < result->ignored_count; i++) {
        json_begin(doc, '{');
        json_put_string(doc, "file", result->ignored[i].path);
        json_put_string(doc, "reason", result->ignored[i].reason);
        json_end(doc, '}');
    }
    json_end(doc, ']');
}

static void put_since(Report *report, const Difference *since)
{
    JsonDoc *doc = &report->doc;

    json_key(doc, "since");
    json_begin(doc, '{');
    json_put_string(doc, "ref", since->ref);
    json_put_string(doc, "commit", since->commit);
    json_put_number(doc, "new", since->added);
    json_put_number(doc, "unchanged", since->unchanged);
    json_put_number(doc, "fixed", since->fixed_count);
    json_end(doc, '}');
    json_key(doc, "fixed");
    json_begin(doc, '[');
    for (uint32_t i = 0; i < since->fixed_count; i++)
        put_verdict(report, &since->fixed[i]);
    json_end(doc, ']');
}

static void put_baseline(JsonDoc *doc, const BaselineUse *use)
{
    json_key(doc, "baseline");
    json_begin(doc, '{');
    json_put_string(doc, "file", use->file);
    json_put_number(doc, "excused", use->excused);
    json_put_number(doc, "expired", use->expired);
    json_put_number(doc, "stale", use->stale);
    json_end(doc, '}');
}

static void put_coverage(JsonDoc *doc, const Coverage *coverage)
{
    json_key(doc, "coverage");
    json_begin(doc, '{');
    json_put_coverage(doc, coverage);
    json_end(doc, '}');
}

static void put_summary(const Report *report, JsonDoc *doc, const ScanResult *result)
{
    json_key(doc, "summary");
    json_begin(doc, '{');
    for (int i = SEVERITY_CRITICAL; i >= SEVERITY_INFO; i--)
        json_put_number(doc, severity_name((Severity)i), result->failed[i]);
    json_put_number(doc, "blocking", result->blocking);
    json_put_string(
        doc, "fail_on",
        str_of(report->options.blocks ? severity_name(report->options.fail_on) : "none"));
    json_put_number(doc, "status", result->status);
    json_end(doc, '}');
}

void json_report_end(Report *report, const ScanResult *result)
{
    JsonDoc *doc = &report->doc;

    json_end(doc, ']');
    if (result->since)
        put_since(report, result->since);
    if (result->baseline)
        put_baseline(doc, result->baseline);
    put_problems(doc, "errors", result, true);
    put_problems(doc, "warnings", result, false);
    put_ignored(doc, result);
    put_coverage(doc, &result->coverage);
    put_summary(report, doc, result);
    json_key(doc, "score");
    score_json(doc, result->score, report->options.ruleset);
    json_end(doc, '}');
}
