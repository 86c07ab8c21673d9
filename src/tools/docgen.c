/*
 * tools/docgen.c - the reference of the shipped rules as Markdown
 *
 * docgen DIR: writes DIR/README.md, a table of all rules, and one page for each rule file. Run by
 * `make docs`; the pages are never edited by hand.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/buf.h"
#include "rules/shipped.h"

#define PAGE_BYTES ((size_t)64 << 20)

typedef struct Writer {
    const RuleSet *rules;
    const char *directory;
    Arena *arena;
} Writer;

/* "aws/ec2" of "rules/aws/ec2.yaml". */
static Str page_of(const Rule *rule)
{
    Str file = rule_file(rule);
    int64_t slash = str_find_char(file, '/');
    int64_t dot;

    file = str_from(file, (uint32_t)(slash + 1));
    dot = str_find_last_char(file, '.');
    return dot < 0 ? file : str_sub(file, 0, (uint32_t)dot);
}

/* Text in a cell of a table, where a bar would end it. */
static void add_cell(Buf *out, Str text)
{
    for (uint32_t i = 0; i < text.size; i++) {
        if (text.data[i] == '|')
            buf_add_char(out, '\\');
        buf_add_char(out, text.data[i] == '\n' ? ' ' : text.data[i]);
    }
}

static void add_paragraph(Buf *out, const char *title, Str text)
{
    if (!text.size)
        return;
    if (title)
        buf_printf(out, "**%s**\n\n", title);
    buf_add(out, text);
    buf_add_z(out, "\n\n");
}

static void add_code(Buf *out, const char *title, Str text)
{
    if (!text.size)
        return;
    buf_printf(out, "%s:\n\n```\n", title);
    buf_add(out, text);
    if (text.data[text.size - 1] != '\n')
        buf_add_char(out, '\n');
    buf_add_z(out, "```\n\n");
}

static const char *default_text(const Rule *rule)
{
    switch (rule_default(rule)) {
    case RULE_OFF:
        return ", off unless asked for";
    case RULE_PREVIEW:
        return ", preview";
    case RULE_ON:
        break;
    }
    return "";
}

static void add_targets(Buf *out, const Rule *rule)
{
    for (uint32_t i = 0; i < rule_target_count(rule); i++)
        buf_printf(out, "%s`%.*s`", i ? ", " : "", STR_ARG(rule_target(rule, i)));
}

static void add_aliases(Buf *out, const Rule *rule)
{
    if (!rule_alias_count(rule))
        return;
    buf_add_z(out, "Also known as ");
    for (uint32_t i = 0; i < rule_alias_count(rule); i++)
        buf_printf(out, "%s`%.*s`%s", i ? ", " : "", STR_ARG(rule_alias(rule, i)),
                   rule_alias_means(rule, i) == ALIASES_ALL ? "" : " (some of its findings)");
    buf_add_z(out, ".\n\n");
}

static void add_frameworks(Buf *out, const Rule *rule)
{
    if (!rule_framework_count(rule))
        return;
    buf_add_z(out, "Part of ");
    for (uint32_t i = 0; i < rule_framework_count(rule); i++)
        buf_printf(out, "%s%.*s %.*s", i ? ", " : "", STR_ARG(rule_framework(rule, i)),
                   STR_ARG(rule_framework_control(rule, i)));
    buf_add_z(out, ".\n\n");
}

static void add_references(Buf *out, const Rule *rule)
{
    for (uint32_t i = 0; i < rule_reference_count(rule); i++)
        buf_printf(out, "- <%.*s>\n", STR_ARG(rule_reference(rule, i)));
    if (rule_reference_count(rule))
        buf_add_char(out, '\n');
}

static void add_params(Writer *writer, Buf *out, const Rule *rule)
{
    Node params = rule_params(rule, writer->arena);

    if (params.kind != NODE_MAP || !params.count)
        return;
    buf_add_z(out, "Parameters:\n\n");
    for (uint32_t i = 0; i < params.count; i++) {
        Str value = node_dump(&params.as.entries[i].value, false, writer->arena);
        buf_printf(out, "- `%.*s`, by default `%.*s`\n", STR_ARG(entry_key(&params.as.entries[i])),
                   STR_ARG(value));
    }
    buf_add_char(out, '\n');
}

static void add_rule(Writer *writer, Buf *out, const Rule *rule)
{
    buf_printf(out, "## %.*s\n\n%.*s. Severity %s, %s%s, for ", STR_ARG(rule_id(rule)),
               STR_ARG(rule_title(rule)), severity_name(rule_severity(rule)),
               category_name(rule_category(rule)), default_text(rule));
    add_targets(out, rule);
    buf_add_z(out, ".\n\n");
    add_paragraph(out, NULL, rule_why(rule));
    add_paragraph(out, "Fix", rule_fix(rule));
    if (rule_can_fix(rule))
        buf_add_z(out, "`plumb scan --fix` does it where that is safe ([fixes](../fixes.md)).\n\n");
    add_paragraph(out, "Note", rule_note(rule));
    add_paragraph(out, "Needed by", rule_needed_by(rule));
    add_params(writer, out, rule);
    add_code(out, "Fails", rule_failing_example(rule));
    add_code(out, "Passes", rule_passing_example(rule));
    add_aliases(out, rule);
    add_frameworks(out, rule);
    add_references(out, rule);
}

/* Makes the directories on the way to `path`. */
static bool make_directories(const char *path)
{
    char copy[4096];

    if (snprintf(copy, sizeof copy, "%s", path) >= (int)sizeof copy)
        return false;
    for (char *p = copy + 1; *p; p++) {
        if (*p != '/')
            continue;
        *p = '\0';
        if (mkdir(copy, 0777) != 0 && errno != EEXIST)
            return false;
        *p = '/';
    }
    return true;
}

static bool write_file(Writer *writer, Str name, const Buf *text)
{
    Str path = str_format(writer->arena, "%s/%.*s.md", writer->directory, STR_ARG(name));
    FILE *out;
    bool good;

    if (!path.data || arena_spent(writer->arena) || !make_directories(path.data) ||
        !(out = fopen(path.data, "w"))) {
        fprintf(stderr, "%.*s: cannot be written\n", STR_ARG(path));
        return false;
    }
    good = fwrite(buf_str(text).data, 1, text->size, out) == text->size;
    return fclose(out) == 0 && good;
}

/* Whether `rule` is the first of its page. */
static bool begins_page(const Writer *writer, uint32_t number)
{
    const Rule *rule = ruleset_rule(writer->rules, number);

    return number == 0 || !str_eq(page_of(ruleset_rule(writer->rules, number - 1)), page_of(rule));
}

static bool write_page(Writer *writer, uint32_t first)
{
    Str page = page_of(ruleset_rule(writer->rules, first));
    Buf out = buf_new(writer->arena);
    uint32_t count = ruleset_rule_count(writer->rules);

    buf_printf(&out, "# Rules: %.*s\n\nMade by `make docs` from `%.*s`.\n\n", STR_ARG(page),
               STR_ARG(rule_file(ruleset_rule(writer->rules, first))));
    for (uint32_t i = first; i < count && (i == first || !begins_page(writer, i)); i++)
        add_rule(writer, &out, ruleset_rule(writer->rules, i));
    while (out.size > 1 && out.data[out.size - 2] == '\n')
        out.size--;
    return write_file(writer, page, &out);
}

static bool write_index(Writer *writer)
{
    Buf out = buf_new(writer->arena);
    uint32_t count = ruleset_rule_count(writer->rules);

    buf_printf(&out,
               "# Rules\n\n%u rules, version %.*s. Made by `make docs` from the rules "
               "themselves.\n",
               count, STR_ARG(ruleset_version(writer->rules)));
    for (uint32_t i = 0; i < count; i++) {
        const Rule *rule = ruleset_rule(writer->rules, i);
        Str page = page_of(rule);
        if (begins_page(writer, i))
            buf_printf(&out,
                       "\n## [%.*s](%.*s.md)\n\n| rule | holds when | severity |\n"
                       "| --- | --- | --- |\n",
                       STR_ARG(page), STR_ARG(page));
        buf_printf(&out, "| [%.*s](%.*s.md#%.*s) | ", STR_ARG(rule_id(rule)), STR_ARG(page),
                   STR_ARG(rule_id(rule)));
        add_cell(&out, rule_title(rule));
        buf_printf(&out, " | %s%s |\n", severity_name(rule_severity(rule)), default_text(rule));
    }
    return write_file(writer, STR("README"), &out);
}

int main(int argc, char **argv)
{
    RuleSet rules = ruleset_shipped();
    Writer writer = {.rules = &rules, .arena = arena_new(PAGE_BYTES)};
    bool good;

    if (argc != 2) {
        fputs("usage: docgen DIR\n", stderr);
        return 2;
    }
    if (!writer.arena)
        return 1;
    writer.directory = argv[1];
    good = write_index(&writer);
    for (uint32_t i = 0; i < ruleset_rule_count(&rules); i++)
        if (begins_page(&writer, i))
            good &= write_page(&writer, i);
    arena_free(writer.arena);
    return good ? 0 : 1;
}
