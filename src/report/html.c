#include "report/html.h"

#include "base/base64.h"
#include "base/sha256.h"
#include "report/clock.h"
#include "report/html_assets.h"
#include "report/html_findings.h"
#include "report/html_score.h"
#include "report/html_text.h"
#include "scan/score.h"

/* More make a page that browsers are slow to open. */
#define SHOWN_FINDINGS 20000u
#define SHOWN_FILES 10u
#define SHOWN_PROBLEMS 200u
#define SHOWN_FIXED 200u
#define COMMIT_DIGITS 8u

static const char *plural(uint64_t count, const char *one, const char *many)
{
    return count == 1 ? one : many;
}

/* --- head --- */

/* The source expression of CSP that allows this text and no other. */
static void add_hash(Report *report, Str text)
{
    Sha256 hash = sha256_new();
    uint8_t bytes[32];

    sha256_add(&hash, text);
    sha256_bytes(&hash, bytes);
    out_z(&report->out, "'sha256-");
    out_add(&report->out, base64_encode(report->scratch, (Str){(const char *)bytes, sizeof bytes}));
    out_z(&report->out, "'");
}

static void add_policy(Report *report)
{
    Out *out = &report->out;

    out_z(out,
          "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src ");
    add_hash(report, html_css);
    out_z(out, "; script-src ");
    add_hash(report, html_js);
    out_z(out, "; base-uri 'none'; form-action 'none'\">\n");
}

static const char *verdict_word(ScanStatus status)
{
    static const char *const words[] = {
        [SCAN_PASSED] = "Passed",
        [SCAN_FAILED] = "Failed",
        [SCAN_INCOMPLETE] = "No verdict",
        [SCAN_FAULT] = "No verdict",
    };

    return words[status];
}

static void add_head(Report *report, const ScanResult *result)
{
    Out *out = &report->out;

    out_z(out, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
    add_policy(report);
    out_z(out, "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
               "<meta name=\"color-scheme\" content=\"light dark\">\n"
               "<meta name=\"referrer\" content=\"no-referrer\">\n<title>");
    html_text(out, report->options.name);
    out_printf(out, ": %s \xe2\x80\x93 plumb</title>\n<style>", verdict_word(result->status));
    out_add(out, html_css);
    out_z(out, "</style>\n</head>\n<body>\n"
               "<a class=\"skip\" href=\"#findings\">Skip to the findings</a>\n");
}

/* --- what was scanned, and what it came to --- */

static void add_fact(Out *out, const char *name, Str text)
{
    if (!text.size)
        return;
    out_printf(out, "<div><dt>%s</dt><dd>", name);
    html_text(out, text);
    out_z(out, "</dd></div>");
}

static void add_time(Out *out, int64_t now)
{
    char exact[CLOCK_BYTES], shown[CLOCK_BYTES];

    clock_format(now, CLOCK_EXACT, exact);
    clock_format(now, CLOCK_SHORT, shown);
    out_printf(out, "<div><dt>time</dt><dd><time datetime=\"%s\">%s UTC</time></dd></div>", exact,
               shown);
}

static void add_facts(Out *out, const ReportOptions *options)
{
    out_z(out, "<dl class=\"facts\">");
    add_time(out, options->now);
    add_fact(out, "repository", options->scanned.repository);
    add_fact(out, "branch", options->scanned.ref);
    add_fact(out, "commit", options->scanned.commit);
    add_fact(out, "rules", options->ruleset);
    add_fact(out, "plumb", options->version);
    out_z(out, "</dl>\n");
}

static uint32_t sum_failed(const ScanResult *result)
{
    uint32_t sum = 0;

    for (int i = SEVERITY_INFO; i <= SEVERITY_CRITICAL; i++)
        sum += result->failed[i];
    return sum;
}

static void add_reason(Out *out, const ReportOptions *options, const ScanResult *result)
{
    uint32_t sum = sum_failed(result);

    if (result->status == SCAN_INCOMPLETE || result->status == SCAN_FAULT)
        out_z(out, "not all of the input was read. ");
    html_number(out, sum);
    out_printf(out, " %s", plural(sum, "finding", "findings"));
    if (!options->blocks)
        return;
    out_z(out, ", ");
    html_number(out, result->blocking);
    out_printf(out, " of %s %s or worse", plural(result->blocking, "which is", "which are"),
               severity_name(options->fail_on));
}

static void add_since(Out *out, const Difference *since)
{
    out_z(out, "<p class=\"note\">Since ");
    html_text(out, since->ref);
    out_z(out, " (<code>");
    html_text(out, str_sub(since->commit, 0, COMMIT_DIGITS));
    out_z(out, "</code>): ");
    html_number(out, since->added);
    out_z(out, " new, ");
    html_number(out, since->fixed_count);
    out_z(out, " fixed, ");
    html_number(out, since->unchanged);
    out_z(out, " unchanged and not listed here.</p>\n");
}

static void add_header(Report *report, const ScanResult *result)
{
    static const char *const classes[] = {"passed", "failed", "none", "none"};
    Out *out = &report->out;

    out_z(out, "<header>\n<div class=\"top\"><span class=\"brand\">plumb</span>"
               "<button type=\"button\" id=\"theme\" hidden>Dark</button></div>\n<h1>");
    html_text(out, report->options.name);
    out_printf(out, "</h1>\n<p class=\"verdict\"><strong class=\"%s\">%s</strong> <span>",
               classes[result->status], verdict_word(result->status));
    add_reason(out, &report->options, result);
    out_z(out, "</span></p>\n");
    if (result->since)
        add_since(out, result->since);
    add_facts(out, &report->options);
    out_z(out, "</header>\n<main>\n");
}

/* --- overview --- */

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

static void add_categories(Out *out, const HtmlState *state)
{
    uint32_t most = 1;

    for (uint32_t i = 0; i < SCORE_CATEGORIES; i++)
        most = sum_counts(state->counts[i]) > most ? sum_counts(state->counts[i]) : most;
    out_z(out, "<table><caption>By category</caption><tbody>\n");
    for (uint32_t i = 0; i < SCORE_CATEGORIES; i++) {
        if (!sum_counts(state->counts[i]))
            continue;
        out_printf(out, "<tr><th><a href=\"#category=%s\">%s", category_name((Category)i),
                   category_name((Category)i));
        end_row(out, state->counts[i], most);
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
    html_number(out, coverage->files_read);
    out_printf(out, " %s read of ", plural(coverage->files_read, "file", "files"));
    html_number(out, coverage->files_seen);
    out_z(out, ", ");
    html_number(out, coverage->resources);
    out_printf(out, " %s, ", plural(coverage->resources, "resource", "resources"));
    html_number(out, coverage->rules);
    out_printf(out, " %s; verdicts: ", plural(coverage->rules, "rule", "rules"));
    html_number(out, coverage->passed);
    out_z(out, " passed, ");
    html_number(out, coverage->failed);
    out_z(out, " failed, ");
    html_number(out, coverage->unknown);
    out_z(out, " undecided, ");
    html_number(out, coverage->suppressed);
    out_z(out, " suppressed.</p>\n");
}

static void add_overview(Report *report, const ScanResult *result, const HtmlFindings *findings)
{
    Out *out = &report->out;

    out_z(out, "<section id=\"overview\" aria-labelledby=\"overview-title\">"
               "<h2 id=\"overview-title\">Overview</h2>\n");
    if (findings->count) {
        out_z(out, "<div class=\"overview\">\n");
        add_severities(out, result);
        add_categories(out, report->state);
        add_files(out, findings);
        out_z(out, "</div>\n");
    }
    add_coverage(out, &result->coverage);
    out_z(out, "</section>\n");
}

/* --- what could not be read --- */

static uint32_t count_problems(const ScanResult *result, bool errors)
{
    uint32_t count = 0;

    for (uint32_t i = 0; i < result->problem_count; i++)
        count += (result->problems[i].level == DIAG_ERROR) == errors;
    return count;
}

/* "path:12:3 ", where anything is known. */
static void add_place(Out *out, const Place *place)
{
    Str path = place_path(place);

    if (!path.size)
        return;
    out_z(out, "<span class=\"at\">");
    html_text(out, path);
    if (place->start.line)
        out_printf(out, ":%u:%u", place->start.line, place->start.column);
    out_z(out, "</span> ");
}

static void add_problem(Out *out, const Problem *problem)
{
    out_z(out, "<li>");
    add_place(out, &problem->place);
    html_text(out, problem->message);
    out_printf(out, " <code>%s</code>", problem->code);
    if (problem->help.size) {
        out_z(out, "<br><small>");
        html_text(out, problem->help);
        out_z(out, "</small>");
    }
    out_z(out, "</li>\n");
}

static void add_problem_list(Out *out, const ScanResult *result, bool errors)
{
    uint32_t shown = 0, count = count_problems(result, errors);

    out_z(out, "<ul class=\"problems\">\n");
    for (uint32_t i = 0; i < result->problem_count && shown < SHOWN_PROBLEMS; i++) {
        if ((result->problems[i].level == DIAG_ERROR) != errors)
            continue;
        add_problem(out, &result->problems[i]);
        shown++;
    }
    if (count > shown)
        out_printf(out, "<li>and %u more, which the JSON report has</li>\n", count - shown);
    out_z(out, "</ul>\n");
}

static void add_problems(Out *out, const ScanResult *result)
{
    uint32_t warnings = count_problems(result, false);

    if (count_problems(result, true)) {
        out_z(out, "<section id=\"errors\" aria-labelledby=\"errors-title\">"
                   "<h2 id=\"errors-title\">Not read</h2>\n");
        add_problem_list(out, result, true);
        out_z(out, "</section>\n");
    }
    if (!warnings)
        return;
    out_printf(out, "<section id=\"warnings\"><details class=\"lost\"><summary>%u %s</summary>\n",
               warnings, plural(warnings, "note on the input", "notes on the input"));
    add_problem_list(out, result, false);
    out_z(out, "</details></section>\n");
}

/* --- findings --- */

/* Shown by the script, without which nothing here would do anything. */
static void add_filter(Out *out, const ScanResult *result)
{
    out_z(out,
          "<form id=\"filter\" role=\"search\" aria-label=\"Findings\" hidden>\n"
          "<input type=\"search\" name=\"q\" placeholder=\"Search\" aria-label=\"Search messages, "
          "files, resources and rules\" autocomplete=\"off\" spellcheck=\"false\">\n"
          "<fieldset><legend>Severity</legend>");
    for (int i = SEVERITY_CRITICAL; i >= SEVERITY_INFO; i--) {
        const char *name = severity_name((Severity)i);
        if (!result->failed[i])
            continue;
        out_printf(out,
                   "<label class=\"chip %s\"><input type=\"checkbox\" name=\"severity\" "
                   "value=\"%s\"><span>%s</span></label>",
                   name, name, name);
    }
    out_z(out, "</fieldset>\n<label>Category <select name=\"category\"><option value=\"\">all"
               "</option>");
    for (uint32_t i = 0; i < SCORE_CATEGORIES; i++)
        out_printf(out, "<option>%s</option>", category_name((Category)i));
    out_z(out,
          "</select></label>\n<label>Group by <select name=\"group\">"
          "<option value=\"\">file</option><option>severity</option><option>category</option>"
          "<option>rule</option></select></label>\n"
          "<span class=\"buttons\"><button type=\"reset\">Clear</button>"
          "<button type=\"button\" id=\"expand\" aria-pressed=\"false\">Details</button></span>\n"
          "</form>\n");
}

static void add_findings(Report *report, const ScanResult *result, const HtmlFindings *findings)
{
    const HtmlState *state = report->state;
    Out *out = &report->out;

    out_z(out, "<section id=\"findings\" aria-labelledby=\"findings-title\" tabindex=\"-1\">"
               "<h2 id=\"findings-title\">Findings <output id=\"shown\" class=\"count\">");
    html_number(out, findings->count);
    out_z(out, "</output></h2>\n");
    if (state->findings.seen > findings->count) {
        out_z(out, "<p class=\"note\">The worst ");
        html_number(out, findings->count);
        out_z(out, " of ");
        html_number(out, state->findings.seen);
        out_z(out, " findings; the JSON report has all.</p>\n");
    }
    if (findings->count)
        add_filter(out, result);
    else
        out_z(out, "<p class=\"note\">None.</p>\n");
    out_z(out, "<p id=\"nothing\" class=\"note\" hidden>No finding matches.</p>\n"
               "<div id=\"groups\">\n");
    html_findings_groups(out, findings);
    out_z(out, "</div></section>\n");
}

static void add_fixed(Out *out, const Difference *since)
{
    if (!since || !since->fixed_count)
        return;
    out_printf(out, "<section id=\"fixed\"><details class=\"lost\"><summary>%u fixed</summary>\n",
               since->fixed_count);
    out_z(out, "<ul class=\"problems\">\n");
    for (uint32_t i = 0; i < since->fixed_count && i < SHOWN_FIXED; i++) {
        const Verdict *verdict = &since->fixed[i];
        out_z(out, "<li>");
        add_place(out, &verdict->place);
        html_text(out, verdict->resource);
        out_z(out, ": ");
        html_text(out, rule_title(verdict->rule));
        out_z(out, " <code>");
        html_text(out, rule_id(verdict->rule));
        out_z(out, "</code></li>\n");
    }
    if (since->fixed_count > SHOWN_FIXED)
        out_printf(out, "<li>and %u more</li>\n", since->fixed_count - SHOWN_FIXED);
    out_z(out, "</ul></details></section>\n");
}

static void add_rules(Out *out, const HtmlFindings *findings)
{
    if (!findings->rule_count)
        return;
    out_printf(out,
               "<section id=\"rules\" aria-labelledby=\"rules-title\"><h2 id=\"rules-title\">Rules "
               "that failed <span class=\"count\">%u</span></h2>\n",
               findings->rule_count);
    html_findings_rules(out, findings);
    out_z(out, "</section>\n");
}

/* --- all of it --- */

void html_begin(Report *report)
{
    HtmlState *state = report->state;

    state->findings = worst_new(SHOWN_FINDINGS, report->arena);
}

static void keep_excerpt(Report *report, Kept *kept, Str excerpt)
{
    HtmlState *state = report->state;

    if (!str_eq(state->excerpt, excerpt))
        state->excerpt = str_copy(report->arena, excerpt);
    kept->extra = state->excerpt;
}

void html_verdicts(Report *report, const Verdict *verdicts, uint32_t count)
{
    HtmlState *state = report->state;

    for (uint32_t i = 0; i < count; i++) {
        const Verdict *verdict = &verdicts[i];
        Kept *kept;
        if (verdict->status != STATUS_FAIL)
            continue;
        state->counts[rule_category(verdict->rule)][verdict->severity]++;
        kept = worst_add(&state->findings, verdict);
        if (kept)
            keep_excerpt(report, kept, verdict->excerpt);
    }
}

void html_end(Report *report, const ScanResult *result)
{
    HtmlState *state = report->state;
    HtmlFindings findings = html_findings_of(&state->findings, report->arena);
    Out *out = &report->out;

    add_head(report, result);
    add_header(report, result);
    add_problems(out, result);
    html_score(out, result->score);
    add_overview(report, result, &findings);
    add_findings(report, result, &findings);
    add_fixed(out, result->since);
    add_rules(out, &findings);
    out_z(out, "</main>\n<footer><p>Written by plumb; this page loads nothing and sends "
               "nothing.</p></footer>\n<script>");
    out_add(out, html_js);
    out_z(out, "</script>\n</body>\n</html>\n");
    if (state->findings.seen > findings.count)
        report->notice = STR("the HTML report holds the worst 20000 findings; JSON has all");
}
