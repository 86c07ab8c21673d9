#include "report/html_findings.h"

#include <stdlib.h>

#include "report/html_text.h"
#include "report/report.h"
#include "report/terminal.h"

/* Digits of a fingerprint that name a finding in the page's address. */
#define ANCHOR_DIGITS 16

/* --- order --- */

static int compare_places(const Verdict *a, const Verdict *b)
{
    int order = str_cmp(place_path(&a->place), place_path(&b->place));

    if (order == 0 && a->place.start.line != b->place.start.line)
        order = a->place.start.line < b->place.start.line ? -1 : 1;
    if (order == 0 && a->place.start.column != b->place.start.column)
        order = a->place.start.column < b->place.start.column ? -1 : 1;
    return order ? order : str_cmp(a->resource, b->resource);
}

static int compare_kept(const void *x, const void *y)
{
    const Verdict *a = &(*(const Kept *const *)x)->verdict,
                  *b = &(*(const Kept *const *)y)->verdict;
    int order = compare_places(a, b);

    if (order == 0)
        order = (int)b->severity - (int)a->severity;
    if (order == 0)
        order = str_cmp(rule_id(a->rule), rule_id(b->rule));
    return order ? order : strcmp(a->fingerprint, b->fingerprint);
}

static int compare_rules(const void *x, const void *y)
{
    return str_cmp(rule_id(*(const Rule *const *)x), rule_id(*(const Rule *const *)y));
}

static void list_files(HtmlFindings *findings)
{
    HtmlFile *file = NULL;

    for (uint32_t i = 0; i < findings->count; i++) {
        const Verdict *verdict = &findings->items[i]->verdict;
        if (!file || !str_eq(file->path, place_path(&verdict->place))) {
            file = &findings->files[findings->file_count++];
            *file = (HtmlFile){.path = place_path(&verdict->place), .first = i};
        }
        file->count++;
        file->failed[verdict->severity]++;
    }
}

static void list_rules(HtmlFindings *findings)
{
    uint32_t count = 0;

    for (uint32_t i = 0; i < findings->count; i++)
        findings->rules[i] = findings->items[i]->verdict.rule;
    if (findings->count)
        qsort(findings->rules, findings->count, sizeof *findings->rules, compare_rules);
    for (uint32_t i = 0; i < findings->count; i++)
        if (!count || findings->rules[count - 1] != findings->rules[i])
            findings->rules[count++] = findings->rules[i];
    findings->rule_count = count;
}

HtmlFindings html_findings_of(const Worst *worst, Arena *arena)
{
    HtmlFindings findings = {.items = ARENA_ARRAY(arena, const Kept *, worst->count + 1),
                             .files = ARENA_ARRAY(arena, HtmlFile, worst->count + 1),
                             .rules = ARENA_ARRAY(arena, const Rule *, worst->count + 1)};

    if (!findings.items || !findings.files || !findings.rules)
        return (HtmlFindings){0};
    for (const Kept *kept = worst_first(worst); kept; kept = worst_next(worst, kept))
        findings.items[findings.count++] = kept;
    if (findings.count)
        qsort(findings.items, findings.count, sizeof *findings.items, compare_kept);
    list_files(&findings);
    list_rules(&findings);
    return findings;
}

/* --- one finding --- */

static void add_position(Out *out, const Place *place)
{
    if (place->start.line)
        out_printf(out, "%u:%u", place->start.line, place->start.column);
}

static void add_related(Out *out, const Verdict *verdict)
{
    for (uint32_t i = 0; i < verdict->related_count; i++) {
        const Related *related = &verdict->related[i];
        out_z(out, "<dt>see also</dt><dd>");
        html_text(out, place_path(&related->place));
        out_z(out, related->place.start.line ? ":" : "");
        add_position(out, &related->place);
        out_z(out, ": ");
        html_text(out, related->message);
        out_z(out, "</dd>");
    }
}

static void add_detail(Out *out, const char *name, Str text)
{
    if (!text.size)
        return;
    out_printf(out, "<dt>%s</dt><dd><code>", name);
    html_text(out, text);
    out_z(out, "</code></dd>");
}

static void add_details(Out *out, const Verdict *verdict)
{
    const Rule *rule = verdict->rule;

    out_z(out, "<div class=\"more\"><div class=\"fix\">");
    html_prose(out, rule_fix(rule));
    out_z(out, "</div><div class=\"why\">");
    html_prose(out, rule_why(rule));
    out_z(out, "</div><dl>");
    add_detail(out, "attribute", verdict->attribute);
    add_detail(out, "element", verdict->element);
    add_related(out, verdict);
    out_z(out, "<dt>rule</dt><dd><a href=\"#rule-");
    html_text(out, rule_id(rule));
    out_z(out, "\">");
    html_text(out, rule_title(rule));
    out_z(out, "</a></dd>");
    add_detail(out, "fingerprint", str_of(verdict->fingerprint));
    out_z(out, "</dl></div>");
}

static void add_finding(Out *out, const Verdict *verdict)
{
    const char *severity = severity_name(verdict->severity);

    out_printf(out, "<details class=\"f\" id=\"f-%.*s\" data-s=\"%s\" data-c=\"%s\"><summary>",
               ANCHOR_DIGITS, verdict->fingerprint, severity,
               category_name(rule_category(verdict->rule)));
    out_printf(out, "<b class=\"sev %s\">%s</b> <span class=\"m\">", severity, severity);
    html_text(out, verdict_message(verdict));
    out_z(out, "</span> ");
    if (!verdict->enabled)
        out_z(out, "<i>does not block</i> ");
    out_z(out, "<code>");
    html_text(out, rule_id(verdict->rule));
    out_z(out, "</code></summary>");
    add_details(out, verdict);
    out_z(out, "</details>\n");
}

/* --- one place --- */

static bool same_place(const Kept *a, const Kept *b)
{
    return compare_places(&a->verdict, &b->verdict) == 0 && a->extra.size == b->extra.size;
}

/* Blanks before what is pointed at, which would only push it to the right. */
static uint32_t indent_of(Str line, uint32_t start)
{
    uint32_t size = 0;

    while (size < start && (line.data[size] == ' ' || line.data[size] == '\t'))
        size++;
    return size;
}

/* The source line with what the place covers marked. */
static void add_excerpt(Out *out, const Place *place, Str line)
{
    uint32_t indent, start, end;

    if (!place->start.line || !line.size)
        return;
    start = terminal_offset(line, place->start.column);
    end = terminal_offset(line, place->end.column);
    if (place->end.line != place->start.line || end < start)
        end = line.size;
    indent = indent_of(line, start);
    out_printf(out, "<pre><span class=\"n\">%u</span><code>", place->start.line);
    html_text(out, str_sub(line, indent, start - indent));
    out_z(out, "<mark>");
    html_text(out, str_sub(line, start, end - start));
    out_z(out, "</mark>");
    html_text(out, str_from(line, end));
    out_z(out, "</code></pre>");
}

static void add_place(Out *out, const Kept *kept)
{
    const Verdict *verdict = &kept->verdict;

    out_z(out, "<div class=\"place\"><div class=\"where\"><p>");
    if (verdict->place.start.line) {
        out_z(out, "<span class=\"at\">");
        add_position(out, &verdict->place);
        out_z(out, "</span> ");
    }
    html_text(out, verdict->resource);
    out_z(out, "</p>");
    add_excerpt(out, &verdict->place, kept->extra);
    out_z(out, "</div>\n");
}

/* --- groups --- */

static void add_group(Out *out, const HtmlFindings *findings, uint32_t number)
{
    const HtmlFile *file = &findings->files[number];

    out_printf(out, "<details class=\"group\" id=\"file-%u\" open><summary><h3>", number + 1);
    html_text(out, file->path);
    out_printf(out, "</h3> <span class=\"count\">%u</span></summary>\n", file->count);
    for (uint32_t i = file->first; i < file->first + file->count; i++) {
        const Kept *kept = findings->items[i];
        if (i == file->first || !same_place(findings->items[i - 1], kept)) {
            out_z(out, i == file->first ? "" : "</div>\n");
            add_place(out, kept);
        }
        add_finding(out, &kept->verdict);
    }
    out_z(out, "</div></details>\n");
}

void html_findings_groups(Out *out, const HtmlFindings *findings)
{
    for (uint32_t i = 0; i < findings->file_count; i++)
        add_group(out, findings, i);
}

/* --- rules --- */

static void add_texts(Out *out, const char *name, const Rule *rule, uint32_t count,
                      Str (*get)(const Rule *, uint32_t))
{
    if (!count)
        return;
    out_printf(out, "<dt>%s</dt><dd>", name);
    for (uint32_t i = 0; i < count; i++) {
        out_z(out, i ? ", " : "");
        html_text(out, get(rule, i));
    }
    out_z(out, "</dd>");
}

static void add_frameworks(Out *out, const Rule *rule)
{
    uint32_t count = rule_framework_count(rule);

    out_z(out, count ? "<dt>controls</dt><dd>" : "");
    for (uint32_t i = 0; i < count; i++) {
        out_z(out, i ? ", " : "");
        html_text(out, rule_framework(rule, i));
        out_char(out, ' ');
        html_text(out, rule_framework_control(rule, i));
    }
    out_z(out, count ? "</dd>" : "");
}

static void add_references(Out *out, const Rule *rule)
{
    uint32_t count = rule_reference_count(rule);

    out_z(out, count ? "<dt>references</dt><dd>" : "");
    for (uint32_t i = 0; i < count; i++) {
        Str address = rule_reference(rule, i);
        bool link = html_is_link(address);
        out_z(out, i ? "<br>" : "");
        if (link) {
            out_z(out, "<a rel=\"noopener noreferrer\" href=\"");
            html_text(out, address);
            out_z(out, "\">");
        }
        html_text(out, address);
        out_z(out, link ? "</a>" : "");
    }
    out_z(out, count ? "</dd>" : "");
}

static void add_sources(Out *out, const Rule *rule)
{
    out_z(out, "<dl>");
    add_texts(out, "elsewhere", rule, rule_alias_count(rule), rule_alias);
    add_frameworks(out, rule);
    add_references(out, rule);
    out_z(out, "</dl>");
}

static Severity severity_of(const ScanResult *result, const Rule *rule)
{
    for (uint32_t i = 0; i < result->rule_count; i++)
        if (result->rules[i] == rule)
            return (Severity)result->rule_severities[i];
    return rule_severity(rule);
}

static void add_rule(Out *out, const Rule *rule, Severity level)
{
    const char *severity = severity_name(level);

    out_z(out, "<article class=\"rule\" id=\"rule-");
    html_text(out, rule_id(rule));
    out_z(out, "\"><h3>");
    html_text(out, rule_title(rule));
    out_printf(out, "</h3><p class=\"line\"><b class=\"sev %s\">%s</b> <span>%s</span> <code>",
               severity, severity, category_name(rule_category(rule)));
    html_text(out, rule_id(rule));
    out_z(out, "</code></p>");
    out_z(out, "<div class=\"why\">");
    html_prose(out, rule_why(rule));
    out_z(out, "</div><div class=\"fix\">");
    html_prose(out, rule_fix(rule));
    out_z(out, "</div>");
    if (rule_alias_count(rule) || rule_framework_count(rule) || rule_reference_count(rule))
        add_sources(out, rule);
    out_z(out, "</article>\n");
}

void html_findings_rules(Out *out, const HtmlFindings *findings, const ScanResult *result)
{
    for (uint32_t i = 0; i < findings->rule_count; i++)
        add_rule(out, findings->rules[i], severity_of(result, findings->rules[i]));
}
