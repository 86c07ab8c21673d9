#include "report/markdown.h"

#include "base/utf8.h"
#include "scan/score.h"

/* A comment may have 65536 characters; a row has 500 or so. */
#define SHOWN_FINDINGS 50u
#define SHOWN_FIXED 20u
#define SHOWN_PROBLEMS 20u
#define TEXT_BYTES 300u

/* --- text --- */

/* A word joiner: seen by nobody, and no name or number follows the sign before it. */
#define JOINER "\xe2\x81\xa0"

static bool is_obeyed(uint32_t code)
{
    return code < 0x20 || (code >= 0x7f && code < 0xa0) || code == 0x61c ||
           (code >= 0x200b && code <= 0x200f) || (code >= 0x2028 && code <= 0x202e) ||
           (code >= 0x2066 && code <= 0x2069) || code == 0xfeff;
}

/* The first code point of `rest`, `code` of `size` bytes. */
static void add_codepoint(Out *out, Str rest, uint32_t code, uint32_t size)
{
    if (code == 0xfffd)
        out_z(out, "\xef\xbf\xbd");
    else if (is_obeyed(code))
        out_char(out, ' ');
    else if (code == '<')
        out_z(out, "&lt;");
    else if (code == '&')
        out_z(out, "&amp;");
    else if (code == '@' || code == '#')
        out_printf(out, "%c" JOINER, (int)code);
    else if (code == ':' && rest.size > 1 && rest.data[1] == '/')
        out_z(out, ":" JOINER);
    else if (code < 128 && strchr("\\`*_[]>!|~$", (int)code))
        out_printf(out, "\\%c", (int)code);
    else
        out_add(out, str_sub(rest, 0, size));
}

/* One line of a cell or paragraph, at most TEXT_BYTES of it. */
static void add_text(Out *out, Str text)
{
    uint32_t left = TEXT_BYTES;

    text = str_trim(text);
    while (text.size) {
        uint32_t size;
        uint32_t code = utf8_first(text, &size);
        if (size > left) {
            out_z(out, "...");
            return;
        }
        add_codepoint(out, text, code, size);
        left -= size;
        text = str_from(text, size);
    }
}

/* --- parts --- */

static const char *plural(uint64_t count, const char *one, const char *many)
{
    return count == 1 ? one : many;
}

static void add_headline(Out *out, const ScanResult *result)
{
    static const char *const words[] = {
        [SCAN_PASSED] = "passed",
        [SCAN_FAILED] = "failed",
        [SCAN_INCOMPLETE] = "no verdict: not all of the input was read",
        [SCAN_FAULT] = "no verdict: a fault of plumb's own",
    };

    out_printf(out, "## plumb: %s\n\n", words[result->status]);
}

static void add_sums(Out *out, const ScanResult *result)
{
    out_z(out, "| critical | high | medium | low | info |\n| --: | --: | --: | --: | --: |\n|");
    for (int i = SEVERITY_CRITICAL; i >= SEVERITY_INFO; i--)
        out_printf(out, " %u |", result->failed[i]);
    out_z(out, "\n\n");
}

static void add_score_row(Out *out, const char *title, const ScoreValue *value, int32_t before)
{
    if (!value->applicable)
        return;
    out_printf(out, "| %s | %u | %s |", title, value->value, score_value_grade(value));
    if (before >= 0)
        out_printf(out, " %+d |", (int)value->value - (int)before);
    out_char(out, '\n');
}

/* Overall and by category; with something to compare with, the difference too. */
static void add_score(Out *out, const Score *score)
{
    const ScoreRecord *before = score ? score->before : NULL;

    if (!score || !score->overall.applicable)
        return;
    out_printf(out, "| score | of 100 | grade |%s\n| --- | --: | --- |%s\n",
               before ? " change |" : "", before ? " --: |" : "");
    add_score_row(out, "**overall**", &score->overall, before ? before->overall : -1);
    for (uint32_t i = 0; i < SCORE_CATEGORIES; i++)
        add_score_row(out, score_category_title((Category)i), &score->categories[i],
                      before ? before->categories[i] : -1);
    out_char(out, '\n');
}

static void add_place(Out *out, const Place *place)
{
    add_text(out, place_path(place));
    if (place->start.line)
        out_printf(out, ":%u", place->start.line);
}

static void add_finding(Out *out, const Verdict *verdict)
{
    out_printf(out, "| %s | ", severity_name(verdict->severity));
    add_text(out, verdict_message(verdict));
    out_z(out, " | ");
    add_text(out, verdict->resource);
    out_z(out, " | ");
    add_place(out, &verdict->place);
    out_z(out, " | ");
    add_text(out, rule_id(verdict->rule));
    out_z(out, verdict->enabled ? " |\n" : " (does not block) |\n");
}

static void add_findings(Out *out, const Worst *findings)
{
    if (!findings->count)
        return;
    out_z(out, "| severity | finding | resource | place | rule |\n"
               "| --- | --- | --- | --- | --- |\n");
    for (const Kept *kept = worst_first(findings); kept; kept = worst_next(findings, kept))
        add_finding(out, &kept->verdict);
    out_char(out, '\n');
    if (findings->seen > findings->count)
        out_printf(out, "The worst %u of %llu findings.\n\n", findings->count,
                   (unsigned long long)findings->seen);
}

static void add_since(Out *out, const Difference *since)
{
    out_z(out, "Since ");
    add_text(out, since->ref);
    out_printf(out, " (%.7s): %u new, %u fixed, %u unchanged.\n\n", since->commit.data,
               since->added, since->fixed_count, since->unchanged);
}

static void add_baseline(Out *out, const BaselineUse *use)
{
    out_z(out, "Baseline ");
    add_text(out, use->file);
    out_printf(out, ": %u excused, %u whose date is over, %u stale.\n\n", use->excused,
               use->expired, use->stale);
}

static void add_fixed(Out *out, const Difference *since)
{
    if (!since->fixed_count)
        return;
    out_printf(out,
               "<details><summary>%u fixed</summary>\n\n| resource | place | rule |\n"
               "| --- | --- | --- |\n",
               since->fixed_count);
    for (uint32_t i = 0; i < since->fixed_count && i < SHOWN_FIXED; i++) {
        out_z(out, "| ");
        add_text(out, since->fixed[i].resource);
        out_z(out, " | ");
        add_place(out, &since->fixed[i].place);
        out_z(out, " | ");
        add_text(out, rule_id(since->fixed[i].rule));
        out_z(out, " |\n");
    }
    out_z(out, "\n</details>\n\n");
}

static uint32_t count_errors(const ScanResult *result)
{
    uint32_t errors = 0;

    for (uint32_t i = 0; i < result->problem_count; i++)
        errors += result->problems[i].level == DIAG_ERROR;
    return errors;
}

static void add_problems(Out *out, const ScanResult *result)
{
    uint32_t errors = count_errors(result), shown = 0;

    if (!errors)
        return;
    out_z(out, "### Not read\n\n");
    for (uint32_t i = 0; i < result->problem_count && shown < SHOWN_PROBLEMS; i++) {
        const Problem *problem = &result->problems[i];
        if (problem->level != DIAG_ERROR)
            continue;
        out_z(out, "- ");
        add_place(out, &problem->place);
        out_z(out, place_path(&problem->place).size ? ": " : "");
        add_text(out, problem->message);
        out_char(out, '\n');
        shown++;
    }
    if (errors > shown)
        out_printf(out, "- and %u more\n", errors - shown);
    out_char(out, '\n');
}

static void add_coverage(Out *out, const Coverage *coverage)
{
    out_printf(out, "%u %s read of %u, %u %s, %u %s; ", coverage->files_read,
               plural(coverage->files_read, "file", "files"), coverage->files_seen,
               coverage->resources, plural(coverage->resources, "resource", "resources"),
               coverage->rules, plural(coverage->rules, "rule", "rules"));
    out_printf(out, "verdicts: %u passed, %u failed, %u undecided, %u suppressed.\n",
               coverage->passed, coverage->failed, coverage->unknown, coverage->suppressed);
}

void markdown_begin(Report *report)
{
    MarkdownState *state = report->state;

    state->findings = worst_new(SHOWN_FINDINGS, report->arena);
}

void markdown_verdicts(Report *report, const Verdict *verdicts, uint32_t count)
{
    MarkdownState *state = report->state;

    for (uint32_t i = 0; i < count; i++)
        if (verdicts[i].status == STATUS_FAIL)
            worst_add(&state->findings, &verdicts[i]);
}

void markdown_end(Report *report, const ScanResult *result)
{
    const MarkdownState *state = report->state;
    Out *out = &report->out;

    add_headline(out, result);
    if (result->since)
        add_since(out, result->since);
    if (result->baseline)
        add_baseline(out, result->baseline);
    add_score(out, result->score);
    add_sums(out, result);
    add_findings(out, &state->findings);
    if (result->since)
        add_fixed(out, result->since);
    add_problems(out, result);
    add_coverage(out, &result->coverage);
}
