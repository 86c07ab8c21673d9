#include "report/score_json.h"

#include "scan/score_record.h"

static void put_decimal(JsonDoc *doc, const char *key, uint64_t thousandths)
{
    json_key(doc, key);
    json_decimal(doc, thousandths);
}

static void put_lost(JsonDoc *doc, const ScoreValue *value)
{
    json_key(doc, "lost");
    json_begin(doc, '[');
    for (uint32_t i = 0; i < value->lost_count; i++) {
        const RuleScore *rule = &value->lost[i];
        json_begin(doc, '{');
        json_put_string(doc, "rule", rule->id);
        json_put_string(doc, "severity", str_of(severity_name(rule->severity)));
        put_decimal(doc, "points", rule->lost);
        json_put_number(doc, "failed", tally_failed(&rule->tally));
        json_put_number(doc, "passed", rule->tally.passed);
        json_put_number(doc, "unknown", rule->tally.unknown);
        json_put_number(doc, "suppressed", rule->tally.suppressed);
        json_put_number(doc, "weight", rule->weight);
        json_end(doc, '}');
    }
    json_end(doc, ']');
}

/* Whether or not it took anything. */
static void put_cap(JsonDoc *doc, const ScoreValue *value)
{
    json_key(doc, "cap");
    if (value->cap == SCORE_CAP_NONE || !value->applicable) {
        json_null(doc);
        return;
    }
    json_begin(doc, '{');
    json_put_number(doc, "limit", score_cap_limit(value->cap));
    json_put_string(doc, "reason", str_of(score_cap_name(value->cap)));
    if (value->cap_rule)
        json_put_string(doc, "rule", value->cap_rule->id);
    json_end(doc, '}');
}

static void put_number_or_null(JsonDoc *doc, const char *key, bool is_number, uint32_t number)
{
    json_key(doc, key);
    if (is_number)
        json_number(doc, number);
    else
        json_null(doc);
}

static void put_value(JsonDoc *doc, const char *name, const ScoreValue *value, bool lost)
{
    json_key(doc, name);
    json_begin(doc, '{');
    put_number_or_null(doc, "value", value->applicable, value->value);
    json_put_string(doc, "grade", str_of(score_value_grade(value)));
    put_number_or_null(doc, "uncapped", value->applicable, value->uncapped);
    put_cap(doc, value);
    put_decimal(doc, "coverage", score_coverage(value));
    json_put_number(doc, "rules", value->rules);
    if (lost)
        put_lost(doc, value);
    json_end(doc, '}');
}

static void put_change(JsonDoc *doc, const char *name, int32_t before, int32_t after)
{
    json_key(doc, name);
    json_begin(doc, '{');
    put_number_or_null(doc, "before", before >= 0, (uint32_t)before);
    put_number_or_null(doc, "after", after >= 0, (uint32_t)after);
    json_key(doc, "delta");
    if (before >= 0 && after >= 0)
        json_signed(doc, after - before);
    else
        json_null(doc);
    json_end(doc, '}');
}

static void put_changes(JsonDoc *doc, const Score *score)
{
    ScoreRecord after = score_record_of(score, score->before->ruleset);

    json_key(doc, "compare");
    json_begin(doc, '{');
    put_change(doc, "overall", score->before->overall, after.overall);
    for (uint32_t i = 0; i < SCORE_CATEGORIES; i++)
        put_change(doc, category_name((Category)i), score->before->categories[i],
                   after.categories[i]);
    json_end(doc, '}');
}

void score_json(JsonDoc *doc, const Score *score, Str ruleset)
{
    if (!score) {
        json_null(doc);
        return;
    }
    json_begin(doc, '{');
    json_put_string(doc, "version", STR(SCORE_VERSION));
    json_put_string(doc, "ruleset", ruleset);
    json_put_string(doc, "selection", str_of(score->selection));
    json_key(doc, "incomplete");
    json_bool(doc, score->incomplete);
    put_value(doc, "overall", &score->overall, false);
    json_key(doc, "categories");
    json_begin(doc, '{');
    for (uint32_t i = 0; i < SCORE_CATEGORIES; i++)
        put_value(doc, category_name((Category)i), &score->categories[i], true);
    json_end(doc, '}');
    if (score->before)
        put_changes(doc, score);
    json_end(doc, '}');
}
