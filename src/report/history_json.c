#include "report/history_json.h"

#include "report/clock.h"

static void put_score(JsonDoc *doc, const char *key, int32_t value)
{
    json_key(doc, key);
    if (value < 0) {
        json_null(doc);
        return;
    }
    json_begin(doc, '{');
    json_put_number(doc, "value", (uint64_t)value);
    json_put_string(doc, "grade", str_of(score_grade((uint32_t)value)));
    json_end(doc, '}');
}

static void put_entry(JsonDoc *doc, const HistoryEntry *entry)
{
    char time[CLOCK_BYTES];

    clock_format(entry->time, CLOCK_EXACT, time);
    json_begin(doc, '{');
    json_put_string(doc, "time", str_of(time));
    json_put_string(doc, "name", entry->name);
    json_put_string(doc, "branch", entry->branch);
    json_put_string(doc, "commit", entry->commit);
    json_put_string(doc, "score_version", entry->score.version);
    json_put_string(doc, "ruleset", entry->score.ruleset);
    json_put_string(doc, "selection", entry->score.selection);
    json_key(doc, "incomplete");
    json_bool(doc, entry->incomplete);
    put_score(doc, "overall", entry->score.overall);
    json_key(doc, "categories");
    json_begin(doc, '{');
    for (uint32_t i = 0; i < SCORE_CATEGORIES; i++)
        put_score(doc, category_name((Category)i), entry->score.categories[i]);
    json_end(doc, '}');
    json_key(doc, "failed");
    json_begin(doc, '{');
    for (int i = SEVERITY_CRITICAL; i >= SEVERITY_LOW; i--)
        json_put_number(doc, severity_name((Severity)i), entry->failed[i]);
    json_end(doc, '}');
    json_end(doc, '}');
}

void history_json(JsonDoc *doc, const History *history)
{
    json_begin(doc, '[');
    for (uint32_t i = 0; i < history->count; i++)
        put_entry(doc, &history->entries[i]);
    json_end(doc, ']');
}
