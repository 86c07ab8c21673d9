#include <unistd.h>

#include "cli/commands.h"
#include "cli/rule_json.h"

static void add_heading(const Terminal *terminal, const char *heading)
{
    out_char(terminal->out, '\n');
    terminal_styled(terminal, STYLE_BOLD, str_of(heading));
    out_char(terminal->out, '\n');
}

static void add_section(const Terminal *terminal, const char *heading, Str text)
{
    if (!str_trim(text).size)
        return;
    add_heading(terminal, heading);
    out_add(terminal->out, STR("  "));
    terminal_lines(terminal, text, 2);
    out_char(terminal->out, '\n');
}

static void add_list(const Terminal *terminal, const char *heading, const Rule *rule,
                     uint32_t count, Str (*get)(const Rule *, uint32_t))
{
    if (!count)
        return;
    add_heading(terminal, heading);
    for (uint32_t i = 0; i < count; i++) {
        out_add(terminal->out, STR("  "));
        terminal_text(terminal, get(rule, i));
        out_char(terminal->out, '\n');
    }
}

/* Of the aliases, those that mean all that the rule finds, or those that mean a part. */
static void add_aliases(const Terminal *terminal, const Rule *rule, const char *heading, bool whole)
{
    bool any = false;

    for (uint32_t i = 0; i < rule_alias_count(rule); i++) {
        if ((rule_alias_means(rule, i) == ALIASES_ALL) != whole)
            continue;
        if (!any)
            add_heading(terminal, heading);
        any = true;
        out_add(terminal->out, STR("  "));
        terminal_text(terminal, rule_alias(rule, i));
        out_char(terminal->out, '\n');
    }
}

/* Severity, category, what it judges, whether it is on. */
static void add_facts(const Terminal *terminal, const Rule *rule)
{
    Out *out = terminal->out;
    Str severity = str_of(severity_name(rule_severity(rule)));

    terminal_styled(terminal, terminal_severity(rule_severity(rule)), severity);
    out_add(out, STR(", "));
    out_z(out, category_name(rule_category(rule)));
    for (uint32_t i = 0; i < rule_target_count(rule); i++) {
        out_add(out, i ? STR(", ") : STR(", for "));
        terminal_text(terminal, rule_target(rule, i));
    }
    if (rule_default(rule) != RULE_ON) {
        out_add(out, STR(", default "));
        out_add(out, rule_default_name(rule));
    }
    if (rule_since(rule).size) {
        out_add(out, STR(", since "));
        terminal_text(terminal, rule_since(rule));
    }
    out_char(out, '\n');
    if (rule_replaced_by(rule).size) {
        out_add(out, STR("replaced by "));
        terminal_text(terminal, rule_replaced_by(rule));
        out_char(out, '\n');
    }
}

static void add_frameworks(const Terminal *terminal, const Rule *rule)
{
    if (rule_framework_count(rule))
        add_heading(terminal, "frameworks");
    for (uint32_t i = 0; i < rule_framework_count(rule); i++) {
        out_add(terminal->out, STR("  "));
        terminal_text(terminal, rule_framework(rule, i));
        out_char(terminal->out, ' ');
        terminal_text(terminal, rule_framework_control(rule, i));
        out_char(terminal->out, '\n');
    }
}

/* What plumb.yaml may set, with what holds where it does not. */
static void add_params(const Terminal *terminal, const Rule *rule, Arena *arena)
{
    Node params = rule_params(rule, arena);

    if (params.kind != NODE_MAP || !params.count)
        return;
    add_heading(terminal, "parameters");
    for (uint32_t i = 0; i < params.count; i++) {
        const Entry *entry = &params.as.entries[i];
        out_add(terminal->out, STR("  "));
        terminal_text(terminal, entry_key(entry));
        out_add(terminal->out, STR(": "));
        terminal_text(terminal, node_dump(&entry->value, false, arena));
        out_char(terminal->out, '\n');
    }
}

static void explain(const Terminal *terminal, const Rule *rule, Arena *arena)
{
    terminal_styled(terminal, STYLE_BOLD, rule_id(rule));
    out_add(terminal->out, STR(": "));
    terminal_text(terminal, rule_title(rule));
    out_char(terminal->out, '\n');
    add_facts(terminal, rule);
    add_section(terminal, "why", rule_why(rule));
    add_section(terminal, "fix", rule_fix(rule));
    if (rule_can_fix(rule))
        out_add(terminal->out, STR("  `plumb scan --fix` does it where that is safe.\n"));
    add_section(terminal, "note", rule_note(rule));
    add_section(terminal, "needed by", rule_needed_by(rule));
    add_params(terminal, rule, arena);
    add_section(terminal, "fails", rule_failing_example(rule));
    add_section(terminal, "passes", rule_passing_example(rule));
    add_list(terminal, "references", rule, rule_reference_count(rule), rule_reference);
    add_aliases(terminal, rule, "also known as", true);
    add_aliases(terminal, rule, "some of its findings also known as", false);
    add_frameworks(terminal, rule);
}

static bool explain_named(const Setup *setup, Str name, const Options *options, Out *out)
{
    Terminal terminal = {.out = out, .color = terminal_color(options->color, out->fd)};
    const Rule *rule = ruleset_find(setup->sets, setup->set_count, name);
    JsonDoc doc = json_doc(out);
    Str near;

    if (rule && options->format == REPORT_JSON)
        rule_json(&doc, rule, setup->arena);
    else if (rule)
        explain(&terminal, rule, setup->arena);
    if (rule)
        return true;
    near = setup_nearest_rule(setup, name);
    cli_error(str_format(setup->arena, "no rule is called `%.*s`", STR_ARG(name)),
              near.size ? str_format(setup->arena, "did you mean `%.*s`?", STR_ARG(near))
                        : STR("`plumb rules` lists them"));
    return false;
}

int cmd_explain(const Options *options, Arena *arena)
{
    const StrList *names = &options->setup.arguments;
    Out out = out_new(STDOUT_FILENO, arena);
    int status = SCAN_PASSED;
    Setup setup;

    if (names->count != 1) {
        cli_error(STR("explain takes the id or an alias of one rule"),
                  STR("`plumb rules` lists them"));
        return SCAN_INCOMPLETE;
    }
    if (!setup_rules(&options->setup, arena, &setup)) {
        cli_problems(&setup.problems, options->color, arena);
        status = SCAN_INCOMPLETE;
    } else if (!explain_named(&setup, names->items[0], options, &out)) {
        status = SCAN_INCOMPLETE;
    }
    if (!out_flush(&out))
        status = SCAN_INCOMPLETE;
    setup_free(&setup);
    return status;
}
