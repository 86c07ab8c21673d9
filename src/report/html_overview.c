#include "report/html_overview.h"

#include "report/html_problems.h"
#include "report/html_text.h"

#define SHOWN_FILES 10u

/* Bars of all severities, side by side; `most` fills the whole width. */
static void add_bar(Out *out, const uint32_t counts[SEVERITY_CRITICAL + 1], uint32_t most)
{
    uint64_t at = 0;

    out_z(out, "<svg class=\"bar\" viewBox=\"0 0 1000 8\" preserveAspectRatio=\"none\" "
               "aria-hidden=\"true\">");
    for (int i = SEVERITY_CRITICAL; i >= SEVERITY_INFO; i--) {
        uint64_t width = most ? (uint64_t)counts[i] * 1000 / most : 0;
        if (counts[i] && !width)
            width = 1;
        if (width)
            out_printf(out, "<rect class=\"%s\" x=\"%llu\" width=\"%llu\" height=\"8\"/>",
                       severity_name((Severity)i), (unsigned long long)at,
                       (unsigned long long)width);
        at += width;
    }
    out_z(out, "</svg>");
}

static uint32_t sum_counts(const uint32_t counts[SEVERITY_CRITICAL + 1])
{
    uint32_t sum = 0;

    for (int i = SEVERITY_INFO; i <= SEVERITY_CRITICAL; i++)
        sum += counts[i];
    return sum;
}

static void end_row(Out *out, const uint32_t counts[SEVERITY_CRITICAL + 1], uint32_t most)
{
    out_z(out, "</a></th><td>");
    add_bar(out, counts, most);
    out_z(out, "</td><td class=\"r\">");
    html_number(out, sum_counts(counts));
    out_z(out, "</td></tr>\n");
}

static void add_severities(Out *out, const ScanResult *result)
{
    uint32_t most = 1;

    for (int i = SEVERITY_INFO; i <= SEVERITY_CRITICAL; i++)
        most = result->failed[i] > most ? result->failed[i] : most;
    out_z(out, "<table><caption>By severity</caption><tbody>\n");
    for (int i = SEVERITY_CRITICAL; i >= SEVERITY_INFO; i--) {
        const char *name = severity_name((Severity)i);
        uint32_t counts[SEVERITY_CRITICAL + 1] = {0};
        counts[i] = result->failed[i];
        out_printf(out, "<tr><th><a href=\"#severity=%s\"><b class=\"sev %s\">%s</b>", name, name,
                   name);
        end_row(out, counts, most);
    }
    out_z(out, "</tbody></table>\n");
}

static void add_categories(Out *out, const HtmlCounts *counts)
{
    uint32_t most = 1;

    for (uint32_t i = 0; i < SCORE_CATEGORIES; i++)
        most = sum_counts(counts->failed[i]) > most ? sum_counts(counts->failed[i]) : most;
    out_z(out, "<table><caption>By category</caption><tbody>\n");
    for (uint32_t i = 0; i < SCORE_CATEGORIES; i++) {
        if (!sum_counts(counts->failed[i]))
            continue;
        out_printf(out, "<tr><th><a href=\"#category=%s\">%s", category_name((Category)i),
                   category_name((Category)i));
        end_row(out, counts->failed[i], most);
    }
    out_z(out, "</tbody></table>\n");
}

/* Whether `a` has worse findings than `b`, or more of the worst. */
static bool is_worse(const HtmlFile *a, const HtmlFile *b)
{
    for (int i = SEVERITY_CRITICAL; i >= SEVERITY_INFO; i--)
        if (a->failed[i] != b->failed[i])
            return a->failed[i] > b->failed[i];
    return false;
}

/* The worst files into `shown`, and how many there are. */
static uint32_t pick_worst(const HtmlFindings *findings, uint32_t shown[SHOWN_FILES])
{
    uint32_t count = 0;

    for (uint32_t i = 0; i < findings->file_count; i++) {
        uint32_t at = count < SHOWN_FILES ? count++ : SHOWN_FILES;
        while (at > 0 && is_worse(&findings->files[i], &findings->files[shown[at - 1]])) {
            if (at < SHOWN_FILES)
                shown[at] = shown[at - 1];
            at--;
        }
        if (at < SHOWN_FILES)
            shown[at] = i;
    }
    return count;
}

static void add_files(Out *out, const HtmlFindings *findings)
{
    uint32_t shown[SHOWN_FILES] = {0};
    uint32_t count = pick_worst(findings, shown), most = 1;

    for (uint32_t i = 0; i < count; i++)
        most = findings->files[shown[i]].count > most ? findings->files[shown[i]].count : most;
    out_printf(out, "<table class=\"files\"><caption>By file%s</caption><tbody>\n",
               findings->file_count > count ? ", the worst" : "");
    for (uint32_t i = 0; i < count; i++) {
        const HtmlFile *file = &findings->files[shown[i]];
        out_printf(out, "<tr><th><a href=\"#file-%u\">", shown[i] + 1);
        html_text(out, file->path);
        end_row(out, file->failed, most);
    }
    out_z(out, "</tbody></table>\n");
}

static void add_coverage(Out *out, const Coverage *coverage)
{
    out_z(out, "<p class=\"coverage\">");
    html_count(out, coverage->files_read, "file", "files");
    out_z(out, " read of ");
    html_number(out, coverage->files_seen);
    out_z(out, ", ");
    html_count(out, coverage->resources, "resource", "resources");
    out_z(out, ", ");
    html_count(out, coverage->rules, "rule", "rules");
    out_z(out, "; verdicts: ");
    html_number(out, coverage->passed);
    out_z(out, " passed, ");
    html_number(out, coverage->failed);
    out_z(out, " failed, ");
    html_number(out, coverage->unknown);
    out_z(out, " undecided, ");
    html_number(out, coverage->suppressed);
    out_z(out, " suppressed.</p>\n");
}

void html_overview(Out *out, const ScanResult *result, const HtmlCounts *counts,
                   const HtmlFindings *findings)
{
    out_z(out, "<section id=\"overview\" aria-labelledby=\"overview-title\">"
               "<h2 id=\"overview-title\">Overview</h2>\n");
    if (findings->count) {
        out_z(out, "<div class=\"overview\">\n");
        add_severities(out, result);
        add_categories(out, counts);
        add_files(out, findings);
        out_z(out, "</div>\n");
    }
    add_coverage(out, &result->coverage);
    html_notes(out, result);
    out_z(out, "</section>\n");
}
