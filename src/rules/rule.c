#include "rules/rule.h"

#include "rules/blob.h"

static const char *const severity_names[] = {"info", "low", "medium", "high", "critical"};
static const char *const category_names[] = {
    "security", "reliability", "automation", "gitops", "cost", "observability", "documentation",
};

/* The number of `text` among `names`, or -1. */
static int find_name(const char *const *names, size_t count, Str text)
{
    for (size_t i = 0; i < count; i++)
        if (str_eq(text, str_of(names[i])))
            return (int)i;
    return -1;
}

const char *severity_name(Severity severity)
{
    return severity_names[severity];
}

bool severity_parse(Str text, Severity *severity)
{
    int number = find_name(severity_names, sizeof severity_names / sizeof *severity_names, text);

    if (number >= 0)
        *severity = (Severity)number;
    return number >= 0;
}

const char *category_name(Category category)
{
    return category_names[category];
}

bool category_parse(Str text, Category *category)
{
    int number = find_name(category_names, sizeof category_names / sizeof *category_names, text);

    if (number >= 0)
        *category = (Category)number;
    return number >= 0;
}

static Str text_of(const Rule *rule, BlobText text)
{
    return (Str){(const char *)rule - rule->self + text.offset, text.size};
}

static const void *item_of(const Rule *rule, BlobList list, uint32_t index, size_t size)
{
    return (const char *)rule - rule->self + list.offset + index * size;
}

static Str list_text(const Rule *rule, BlobList list, uint32_t index)
{
    return text_of(rule, *(const BlobText *)item_of(rule, list, index, sizeof(BlobText)));
}

Str rule_id(const Rule *rule)
{
    return text_of(rule, rule->id);
}

Str rule_title(const Rule *rule)
{
    return text_of(rule, rule->title);
}

Severity rule_severity(const Rule *rule)
{
    return (Severity)rule->severity;
}

Category rule_category(const Rule *rule)
{
    return (Category)rule->category;
}

RuleDefault rule_default(const Rule *rule)
{
    return (RuleDefault)rule->life;
}

Str rule_why(const Rule *rule)
{
    return text_of(rule, rule->why);
}

Str rule_fix(const Rule *rule)
{
    return text_of(rule, rule->fix);
}

bool rule_can_fix(const Rule *rule)
{
    return rule->edits.count > 0;
}

Str rule_note(const Rule *rule)
{
    return text_of(rule, rule->note);
}

Str rule_since(const Rule *rule)
{
    return text_of(rule, rule->since);
}

bool rule_is_secret(const Rule *rule)
{
    return rule->secret != 0;
}

Str rule_replaced_by(const Rule *rule)
{
    return text_of(rule, rule->replaced_by);
}

Str rule_needed_by(const Rule *rule)
{
    return text_of(rule, rule->needed_by);
}

Str rule_file(const Rule *rule)
{
    return text_of(rule, rule->file);
}

uint32_t rule_line(const Rule *rule)
{
    return rule->line;
}

uint32_t rule_target_count(const Rule *rule)
{
    return rule->targets.count;
}

Str rule_target(const Rule *rule, uint32_t index)
{
    return list_text(rule, rule->targets, index);
}

uint32_t rule_alias_count(const Rule *rule)
{
    return rule->aliases.count;
}

Str rule_alias(const Rule *rule, uint32_t index)
{
    return list_text(rule, rule->aliases, index);
}

AliasSet rule_alias_means(const Rule *rule, uint32_t index)
{
    for (uint32_t i = 0; i < rule->alias_parts.count; i++) {
        const BlobAliasPart *part = item_of(rule, rule->alias_parts, i, sizeof *part);
        if (index >= part->first && index - part->first < part->count)
            return (AliasSet)1 << i;
    }
    return ALIASES_ALL;
}

bool rule_alias_holds(const Rule *rule, uint32_t index, AliasSet holding)
{
    AliasSet means = rule_alias_means(rule, index);

    return means == ALIASES_ALL || means & holding;
}

uint32_t rule_reference_count(const Rule *rule)
{
    return rule->references.count;
}

Str rule_reference(const Rule *rule, uint32_t index)
{
    return list_text(rule, rule->references, index);
}

uint32_t rule_framework_count(const Rule *rule)
{
    return rule->frameworks.count;
}

static const BlobFramework *framework(const Rule *rule, uint32_t index)
{
    return item_of(rule, rule->frameworks, index, sizeof(BlobFramework));
}

Str rule_framework(const Rule *rule, uint32_t index)
{
    return text_of(rule, framework(rule, index)->name);
}

Str rule_framework_control(const Rule *rule, uint32_t index)
{
    return text_of(rule, framework(rule, index)->control);
}

Str rule_failing_example(const Rule *rule)
{
    return text_of(rule, rule->failing);
}

Str rule_passing_example(const Rule *rule)
{
    return text_of(rule, rule->passing);
}
