#include "report/config_file.h"

#include "base/utf8.h"
#include "report/terminal.h"
#include "scan/config_keys.h"

/* --- texts --- */

/* Text of somebody else in a comment, which it must not end. */
static void add_comment(Out *out, Str text)
{
    while (text.size) {
        char number[16];
        uint32_t size;
        out_add(out, terminal_visible(text, number, &size));
        text = str_from(text, size);
    }
}

/* What YAML takes for a text without quotes. */
static bool is_plain(Str text)
{
    bool letter = false;

    for (uint32_t i = 0; i < text.size; i++) {
        char c = text.data[i];
        bool alpha = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        letter |= alpha;
        if (!alpha && !(c >= '0' && c <= '9') && !(i && strchr("-_/.", c)))
            return false;
        if (!c)
            return false;
    }
    return letter && text.size > 5;
}

static void add_text(Out *out, Str text)
{
    if (is_plain(text)) {
        out_add(out, text);
        return;
    }
    out_char(out, '"');
    while (text.size) {
        uint32_t size;
        uint32_t code = utf8_first(text, &size);
        if (code == '"' || code == '\\')
            out_printf(out, "\\%c", (char)code);
        else if (code >= ' ' && code < 127)
            out_char(out, (char)code);
        else
            out_printf(out, "\\U%08x", code);
        text = str_from(text, size);
    }
    out_char(out, '"');
}

static void add_note(Out *out, Str note)
{
    if (note.size) {
        out_z(out, " # ");
        add_comment(out, note);
    }
    out_char(out, '\n');
}

/* The key's help as a comment above it. */
static void add_help(Out *out, ConfigKey key)
{
    out_printf(out, "\n# %s\n", config_key(key)->help);
}

/* --- lists --- */

static void add_items(Out *out, const DraftList *list, const char *indent)
{
    for (uint32_t i = 0; i < list->count; i++) {
        out_printf(out, "%s- ", indent);
        add_text(out, list->items[i].text);
        add_note(out, list->items[i].note);
    }
}

/* A list with its help; where it is empty, an example in a comment. */
static void add_list(Out *out, ConfigKey key, const DraftList *list, const char *example)
{
    add_help(out, key);
    if (list->count) {
        out_printf(out, "%s:\n", config_key(key)->name.data);
        add_items(out, list, "  ");
    } else {
        out_printf(out, "# %s: %s\n", config_key(key)->name.data, example);
    }
}

static void add_severities(Out *out, const DraftList *list)
{
    add_help(out, CONFIG_SEVERITIES);
    if (!list->count)
        out_z(out, "# severities: {k8s-image-digest: low, \"aws-iam-*\": critical}\n");
    else
        out_z(out, "severities:\n");
    for (uint32_t i = 0; i < list->count; i++) {
        out_z(out, "  ");
        add_text(out, list->items[i].text);
        out_z(out, ": ");
        out_add(out, list->items[i].value);
        add_note(out, list->items[i].note);
    }
}

/* Directories for which somebody may want something, in a comment. */
static void add_hints(Out *out, const DraftList *list)
{
    for (uint32_t i = 0; i < list->count; i++) {
        out_z(out, "#   - ");
        add_comment(out, list->items[i].text);
        out_char(out, '\n');
    }
}

/* --- sections --- */

static void add_header(const ConfigDraft *draft, Out *out)
{
    out_z(
        out,
        "# What plumb looks at, by which rules, and what blocks. `plumb config` shows what holds\n"
        "# and who says so, `plumb rules` all rules, `plumb explain RULE` one of them.\n");
    if (!draft->files.count)
        return;
    out_z(out, "# Taken over from");
    for (uint32_t i = 0; i < draft->files.count; i++)
        out_printf(out, "%s %.*s", i ? "," : "", STR_ARG(draft->files.items[i].text));
    out_char(out, '\n');
}

static void add_left(const ConfigDraft *draft, Out *out)
{
    if (!draft->left.count)
        return;
    out_z(out, "\n# What could not be taken over:\n");
    for (uint32_t i = 0; i < draft->left.count; i++) {
        out_z(out, "#   ");
        add_comment(out, draft->left.items[i].text);
        out_char(out, '\n');
    }
}

static void add_rules(const ConfigDraft *draft, Out *out)
{
    add_help(out, CONFIG_RULESET);
    out_printf(out, "# ruleset: \"%.*s\"\n", STR_ARG(ruleset_version(draft->sets[0])));
    add_help(out, CONFIG_RULES);
    out_z(out, "# rules: [policies/]\n");
    if (draft->only.count)
        add_list(out, CONFIG_ONLY, &draft->only, "");
    add_list(out, CONFIG_ENABLE, &draft->enable, "[k8s-run-as-very-high-uid]");
    add_list(out, CONFIG_DISABLE, &draft->disable, "[k8s-image-digest, \"aws-iam-*\", CKV_K8S_43]");
    add_severities(out, &draft->severities);
    add_help(out, CONFIG_PARAMS);
    out_z(out, "# params:\n"
               "#   k8s-run-as-high-uid: {minimum: 10000}\n");
}

static void add_overrides(const ConfigDraft *draft, Out *out)
{
    add_help(out, CONFIG_OVERRIDES);
    if (!draft->override_count) {
        out_z(out, "# overrides:\n"
                   "#   - paths: [legacy/]\n"
                   "#     disable: [\"CKV_AWS_*\"]\n"
                   "#     severities: {CKV_K8S_16: low}\n");
        return;
    }
    out_z(out, "overrides:\n");
    for (uint32_t i = 0; i < draft->override_count; i++) {
        out_z(out, "  - paths:\n");
        add_items(out, &draft->overrides[i].paths, "      ");
        out_z(out, "    disable:\n");
        add_items(out, &draft->overrides[i].disable, "      ");
    }
}

static void add_files(const ConfigDraft *draft, Out *out)
{
    add_list(out, CONFIG_EXCLUDE, &draft->exclude, "[vendor/, \"**/testdata/\"]");
    if (draft->asides.count) {
        out_z(out, "# Such as these?\n");
        add_hints(out, &draft->asides);
    }
    add_overrides(draft, out);
}

static void add_environments(const ConfigDraft *draft, Out *out)
{
    add_help(out, CONFIG_ENVIRONMENTS);
    out_z(out, "# Without a word here, prod is what has `prod` or `production` in its path, "
               "namespace, workspace,\n"
               "# or in its tag, label or variable `environment` or `env`.\n");
    if (draft->production.count) {
        out_z(out, "# Here that is:\n");
        add_hints(out, &draft->production);
    }
    out_z(out, "# environments:\n"
               "#   prod:\n"
               "#     paths: [live/]\n");
    if (draft->manifests)
        out_z(out, "#     namespaces: [shop, \"*-live\"]\n");
    if (draft->modules)
        out_z(out, "#     workspaces: [live]\n"
                   "#     values: [live] # of the variable or tag `environment` or `env`\n");
}

static void add_kubernetes(const ConfigDraft *draft, Out *out)
{
    if (!draft->manifests)
        return;
    add_help(out, CONFIG_KUBERNETES);
    out_z(out, "kubernetes:\n"
               "  # version: v1.31\n"
               "  pod-security:\n"
               "    level: restricted # or baseline, privileged\n");
}

static void add_switch(Out *out, ConfigKey key, const DraftItem *item, const char *otherwise)
{
    const char *name = config_key(key)->name.data;

    add_help(out, key);
    if (!item->text.size) {
        out_printf(out, "%s: %s\n", name, otherwise);
        return;
    }
    out_printf(out, "%s: %.*s", name, STR_ARG(item->text));
    add_note(out, item->note);
}

static void add_suppressions(Out *out)
{
    add_help(out, CONFIG_SUPPRESSIONS);
    out_z(out, "# suppressions:\n"
               "#   require-reason: true\n"
               "#   max-days: 180\n"
               "#   forbid-from: critical\n"
               "#   accept: [plumb]\n");
}

void config_file_write(const ConfigDraft *draft, Out *out)
{
    add_header(draft, out);
    add_left(draft, out);
    add_rules(draft, out);
    add_files(draft, out);
    add_environments(draft, out);
    add_kubernetes(draft, out);
    add_switch(out, CONFIG_FAIL_ON, &draft->fail_on, "high");
    add_switch(out, CONFIG_REPORT_AT, &draft->report_at, "info");
    add_suppressions(out);
}
