#include "cli/rule_json.h"

#include "report/ir_json.h"
#include "report/parts_json.h"

Str rule_default_name(const Rule *rule)
{
    switch (rule_default(rule)) {
    case RULE_OFF:
        return STR("off");
    case RULE_PREVIEW:
        return STR("preview");
    case RULE_ON:
        break;
    }
    return STR("on");
}

static void put_frameworks(JsonDoc *doc, const Rule *rule)
{
    json_key(doc, "frameworks");
    json_begin(doc, '[');
    for (uint32_t i = 0; i < rule_framework_count(rule); i++) {
        json_begin(doc, '{');
        json_put_string(doc, "framework", rule_framework(rule, i));
        json_put_string(doc, "control", rule_framework_control(rule, i));
        json_end(doc, '}');
    }
    json_end(doc, ']');
}

/* The parameters with the values that they have where nobody sets them. */
static void put_params(JsonDoc *doc, const Rule *rule, Arena *arena)
{
    Node params = rule_params(rule, arena);

    json_key(doc, "params");
    json_begin(doc, '{');
    for (uint32_t i = 0; params.kind == NODE_MAP && i < params.count; i++) {
        const Entry *entry = &params.as.entries[i];
        json_key(doc, str_copy_z(arena, entry_key(entry)));
        ir_json_value(doc, &entry->value);
    }
    json_end(doc, '}');
}

void rule_json(JsonDoc *doc, const Rule *rule, Arena *details)
{
    json_begin(doc, '{');
    json_put_string(doc, "id", rule_id(rule));
    json_put_string(doc, "title", rule_title(rule));
    json_put_string(doc, "severity", str_of(severity_name(rule_severity(rule))));
    json_put_string(doc, "category", str_of(category_name(rule_category(rule))));
    json_put_string(doc, "default", rule_default_name(rule));
    json_put_rule_texts(doc, "aliases", rule, rule_alias_count(rule), rule_alias);
    json_put_rule_texts(doc, "resources", rule, rule_target_count(rule), rule_target);
    json_put_string(doc, "since", rule_since(rule));
    json_put_string(doc, "replaced_by", rule_replaced_by(rule));
    if (rule_needed_by(rule).size)
        json_put_string(doc, "needed_by", rule_needed_by(rule));
    json_put_string(doc, "why", rule_why(rule));
    json_put_string(doc, "fix", rule_fix(rule));
    json_key(doc, "fixable");
    json_bool(doc, rule_can_fix(rule));
    json_put_rule_texts(doc, "references", rule, rule_reference_count(rule), rule_reference);
    put_frameworks(doc, rule);
    if (details) {
        put_params(doc, rule, details);
        json_put_string(doc, "failing_example", rule_failing_example(rule));
        json_put_string(doc, "passing_example", rule_passing_example(rule));
    }
    json_end(doc, '}');
}
