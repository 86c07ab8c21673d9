#include "report/parts_json.h"

void json_put_region(JsonDoc *doc, const Place *place)
{
    if (!place->start.line)
        return;
    json_put_number(doc, "line", place->start.line);
    json_put_number(doc, "column", place->start.column);
    json_put_number(doc, "end_line", place->end.line);
    json_put_number(doc, "end_column", place->end.column);
}

void json_put_coverage(JsonDoc *doc, const Coverage *coverage)
{
    json_put_number(doc, "files_seen", coverage->files_seen);
    json_put_number(doc, "files_read", coverage->files_read);
    json_put_number(doc, "files_broken", coverage->files_broken);
    json_put_number(doc, "files_ignored", coverage->files_ignored);
    json_put_number(doc, "resources", coverage->resources);
    json_put_number(doc, "rules", coverage->rules);
    json_put_number(doc, "passed", coverage->passed);
    json_put_number(doc, "failed", coverage->failed);
    json_put_number(doc, "unknown", coverage->unknown);
    json_put_number(doc, "suppressed", coverage->suppressed);
}

void json_put_rule_texts(JsonDoc *doc, const char *key, const Rule *rule, uint32_t count,
                         Str (*get)(const Rule *, uint32_t))
{
    json_key(doc, key);
    json_begin(doc, '[');
    for (uint32_t i = 0; i < count; i++)
        json_string(doc, get(rule, i));
    json_end(doc, ']');
}
