#include "report/html.h"

#include "base/base64.h"
#include "base/sha256.h"
#include "report/clock.h"
#include "report/html_assets.h"
#include "report/html_findings.h"
#include "report/html_overview.h"
#include "report/html_problems.h"
#include "report/html_score.h"
#include "report/html_text.h"
#include "scan/score.h"

/* More make a page that browsers are slow to open. */
#define SHOWN_FINDINGS 20000u
#define SHOWN_FIXED 200u
#define COMMIT_DIGITS 8u

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

static void add_sum(Out *out, const ReportOptions *options, const ScanResult *result)
{
    uint32_t sum = sum_failed(result);

    if (!sum) {
        out_z(out, "no finding");
        return;
    }
    html_count(out, sum, "finding", "findings");
    if (!options->blocks)
        return;
    out_z(out, ", ");
    html_number(out, result->blocking);
    out_z(out, result->blocking == 1 ? " of which is " : " of which are ");
    out_printf(out, "%s or worse", severity_name(options->fail_on));
}

/* Why the verdict is what it is. */
static void add_reason(Out *out, const ReportOptions *options, const ScanResult *result)
{
    const Score *score = result->score;

    if (result->status == SCAN_INCOMPLETE || result->status == SCAN_FAULT)
        out_z(out, "not all of the input was read; ");
    if (score && score_is_below(score))
        out_printf(out, "a score of %u, where %u is asked for; ", score->overall.value,
                   score->wanted);
    add_sum(out, options, result);
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
    out_z(out, "</select></label>\n<label>Group by <select name=\"group\">"
               "<option value=\"\">file</option><option>severity</option><option>category</option>"
               "<option>rule</option></select></label>\n"
               "<span class=\"buttons\"><button type=\"reset\">Clear</button>"
               "<button type=\"button\" id=\"expand\">Open all</button></span>\n"
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
        html_place(out, &verdict->place);
        out_char(out, ' ');
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

static void add_rules(Out *out, const HtmlFindings *findings, const ScanResult *result)
{
    if (!findings->rule_count)
        return;
    out_printf(out,
               "<section id=\"rules\" aria-labelledby=\"rules-title\"><h2 id=\"rules-title\">Rules "
               "that failed <span class=\"count\">%u</span></h2>\n",
               findings->rule_count);
    html_findings_rules(out, findings, result);
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
        state->counts.failed[rule_category(verdict->rule)][verdict->severity]++;
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
    html_errors(out, result);
    html_score(out, result->score);
    html_overview(out, result, &state->counts, &findings);
    add_findings(report, result, &findings);
    add_fixed(out, result->since);
    add_rules(out, &findings, result);
    out_z(out, "</main>\n<footer><p>Written by plumb; this page loads nothing and sends "
               "nothing.</p></footer>\n<script>");
    out_add(out, html_js);
    out_z(out, "</script>\n</body>\n</html>\n");
    if (state->findings.seen > findings.count)
        report->notice =
            str_format(report->outer, "the HTML report holds the worst %u findings; JSON has all",
                       findings.count);
}
