#include <unistd.h>

#include "cli/commands.h"
#include "cli/rule_json.h"

/* A filter is an id, an alias, a pattern of either, a resource type, a category, a severity, or
 * the word `fixable`. */
static bool meets(const Rule *rule, Str filter)
{
    if (rule_can_fix(rule) && str_eq(filter, STR("fixable")))
        return true;
    if (rule_matches(rule, filter) || str_eq(filter, str_of(category_name(rule_category(rule)))) ||
        str_eq(filter, str_of(severity_name(rule_severity(rule)))))
        return true;
    for (uint32_t i = 0; i < rule_target_count(rule); i++)
        if (str_glob(filter, rule_target(rule, i)))
            return true;
    return false;
}

/* All filters have to be met. */
static bool is_listed(const Rule *rule, const StrList *filters)
{
    for (uint32_t i = 0; i < filters->count; i++)
        if (!meets(rule, filters->items[i]))
            return false;
    return true;
}

static void list_rule(const Terminal *terminal, const Rule *rule)
{
    char id[64];
    Str severity = str_of(severity_name(rule_severity(rule)));
    Str name = rule_id(rule);

    terminal_styled(terminal, terminal_severity(rule_severity(rule)), severity);
    for (uint32_t i = severity.size; i < 10; i++)
        out_char(terminal->out, ' ');
    memset(id, ' ', sizeof id);
    terminal_styled(terminal, STYLE_BOLD, name);
    out_add(terminal->out, (Str){id, name.size < 44 ? 44 - name.size : 2});
    terminal_text(terminal, rule_title(rule));
    if (rule_default(rule) != RULE_ON)
        out_printf(terminal->out, " (%.*s)", STR_ARG(rule_default_name(rule)));
    if (rule_can_fix(rule))
        out_add(terminal->out, STR(" (fixable)"));
    out_char(terminal->out, '\n');
}

static uint32_t list_rules(const Setup *setup, const Options *options, Out *out)
{
    Terminal terminal = {.out = out, .color = terminal_color(options->color, out->fd)};
    JsonDoc doc = json_doc(out);
    bool json = options->format == REPORT_JSON;
    uint32_t count = 0;

    if (json)
        json_begin(&doc, '[');
    for (uint32_t i = 0; i < setup->set_count; i++) {
        for (uint32_t j = 0; j < ruleset_rule_count(setup->sets[i]); j++) {
            const Rule *rule = ruleset_rule(setup->sets[i], j);
            if (!is_listed(rule, &options->setup.arguments))
                continue;
            count++;
            if (json)
                rule_json(&doc, rule, NULL);
            else
                list_rule(&terminal, rule);
        }
    }
    if (json)
        json_end(&doc, ']');
    return count;
}

static bool is_met(const Setup *setup, Str filter)
{
    for (uint32_t i = 0; i < setup->set_count; i++)
        for (uint32_t j = 0; j < ruleset_rule_count(setup->sets[i]); j++)
            if (meets(ruleset_rule(setup->sets[i], j), filter))
                return true;
    return false;
}

/* The word that a filter which no rule meets was meant to be, or an empty Str. */
static Str nearest_filter(const Setup *setup, Str filter)
{
    Str words[CATEGORY_DOCUMENTATION + 1 + SEVERITY_CRITICAL + 1 + 1] = {STR("fixable")};
    uint32_t count = 1;
    Str near = setup_nearest_rule(setup, filter);

    for (Category category = 0; category <= CATEGORY_DOCUMENTATION; category++)
        words[count++] = str_of(category_name(category));
    for (Severity severity = 0; severity <= SEVERITY_CRITICAL; severity++)
        words[count++] = str_of(severity_name(severity));
    return near.size ? near : str_nearest(filter, words, count);
}

static void explain_nothing(const Setup *setup, const StrList *filters, Arena *arena)
{
    for (uint32_t i = 0; i < filters->count; i++) {
        Str filter = filters->items[i], near;
        if (is_met(setup, filter))
            continue;
        near = nearest_filter(setup, filter);
        cli_error(str_format(arena, "no rule meets `%.*s`", STR_ARG(filter)),
                  near.size ? str_format(arena, "did you mean `%.*s`?", STR_ARG(near)) : STR(""));
        return;
    }
    cli_error(STR("no rule meets all filters"), STR(""));
}

int cmd_rules(const Options *options, Arena *arena)
{
    Out out = out_new(STDOUT_FILENO, arena);
    Setup setup;
    bool ready = setup_rules(&options->setup, arena, &setup);
    int status = SCAN_PASSED;

    if (ready) {
        if (list_rules(&setup, options, &out) == 0)
            explain_nothing(&setup, &options->setup.arguments, arena);
    } else {
        cli_problems(&setup.problems, options->color, arena);
        status = SCAN_INCOMPLETE;
    }
    if (!out_flush(&out))
        status = SCAN_INCOMPLETE;
    setup_free(&setup);
    return status;
}
