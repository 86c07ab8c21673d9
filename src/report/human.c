#include "report/human.h"

#include "report/score_text.h"
#include "report/standing_text.h"

/* Columns of a source line that are shown; a longer one is cut around what it is shown for. */
#define EXCERPT_COLUMNS 110u
#define EXCERPT_LINES 3u
#define GUTTER 6u
#define SHOWN_WARNINGS 10u
/* Where messages begin, after the severity. */
#define MESSAGE_COLUMN 12u

static void pad(Out *out, uint32_t count)
{
    while (count--)
        out_char(out, ' ');
}

static void add_number(Out *out, uint32_t number, uint32_t width)
{
    char digits[STR_DIGITS];
    Str text = str_number(number, digits);

    for (uint32_t used = text.size; used < width; used++)
        out_char(out, ' ');
    out_add(out, text);
}

/* --- source lines --- */

/* A line and the part of it that is pointed at, cut to what fits. */
typedef struct Cut {
    Str line;
    uint32_t start;
    uint32_t end;
    bool before; /* something was cut off there */
    bool after;
} Cut;

static Cut cut_line(Str line, uint32_t start, uint32_t end)
{
    Cut cut = {.line = line, .start = start, .end = end < start ? start : end};
    uint32_t from = 0;

    if (line.size <= EXCERPT_COLUMNS)
        return cut;
    if (start > EXCERPT_COLUMNS / 2)
        from = start - EXCERPT_COLUMNS / 4;
    while (from && ((unsigned char)line.data[from] & 0xc0) == 0x80)
        from--;
    cut.line = str_sub(line, from, EXCERPT_COLUMNS);
    while (cut.line.size && from + cut.line.size < line.size &&
           ((unsigned char)line.data[from + cut.line.size] & 0xc0) == 0x80)
        cut.line.size--;
    cut.before = from > 0;
    cut.after = from + cut.line.size < line.size;
    cut.start -= from;
    cut.end = cut.end - from < cut.line.size ? cut.end - from : cut.line.size;
    if (cut.start > cut.end)
        cut.start = cut.end;
    return cut;
}

static void add_gutter(const Terminal *terminal, uint32_t number)
{
    if (number)
        add_number(terminal->out, number, GUTTER);
    else
        pad(terminal->out, GUTTER);
    terminal_styled(terminal, STYLE_FAINT, STR(" | "));
}

static void add_underline(const Terminal *terminal, const Cut *cut, Style style)
{
    Str marked = str_sub(cut->line, cut->start, cut->end - cut->start);
    uint32_t width = terminal_width(marked);
    char carets[EXCERPT_COLUMNS * 2];

    if (width < 1)
        width = 1;
    if (width > sizeof carets)
        width = sizeof carets;
    memset(carets, '^', width);
    add_gutter(terminal, 0);
    pad(terminal->out, terminal_width(str_sub(cut->line, 0, cut->start)) + 3 * cut->before);
    terminal_styled(terminal, style, (Str){carets, width});
    out_char(terminal->out, '\n');
}

static void add_line(const Terminal *terminal, uint32_t number, const Cut *cut)
{
    add_gutter(terminal, number);
    out_add(terminal->out, cut->before ? STR("...") : STR(""));
    terminal_text(terminal, cut->line);
    out_add(terminal->out, cut->after ? STR("...") : STR(""));
    out_char(terminal->out, '\n');
}

/* The lines of `place`, what it covers underlined. Of more than one line the first few are shown,
 * the first underlined to its end. */
static void add_excerpt(const Terminal *terminal, const Place *place, Str excerpt, Style style)
{
    uint32_t number = place->start.line;
    Str line;

    for (uint32_t i = 0; i < EXCERPT_LINES && str_split(&excerpt, '\n', &line); i++, number++) {
        bool first = i == 0;
        uint32_t start, end;
        Cut cut;
        if (str_ends(line, STR("\r")))
            line.size--;
        start = first ? terminal_offset(line, place->start.column) : 0;
        end = place->end.line == number ? terminal_offset(line, place->end.column) : line.size;
        cut = cut_line(line, start, end);
        add_line(terminal, number, &cut);
        if (first)
            add_underline(terminal, &cut, style);
    }
}

/* --- one verdict --- */

/* "= text", below an excerpt. */
static void begin_note(const Terminal *terminal)
{
    pad(terminal->out, GUTTER);
    terminal_styled(terminal, STYLE_FAINT, STR(" = "));
}

static void add_position(const Terminal *terminal, const Place *place)
{
    if (!place->start.line)
        return;
    out_char(terminal->out, ':');
    add_number(terminal->out, place->start.line, 0);
    out_char(terminal->out, ':');
    add_number(terminal->out, place->start.column, 0);
}

static bool same_related(const Verdict *a, const Verdict *b)
{
    if (a->related_count != b->related_count)
        return false;
    for (uint32_t i = 0; i < a->related_count; i++)
        if (!str_eq(a->related[i].place.file, b->related[i].place.file) ||
            a->related[i].place.start.line != b->related[i].place.start.line ||
            !str_eq(a->related[i].message, b->related[i].message))
            return false;
    return true;
}

static void add_related(const Terminal *terminal, const Verdict *verdict)
{
    for (uint32_t i = 0; i < verdict->related_count; i++) {
        const Related *related = &verdict->related[i];
        begin_note(terminal);
        if (related->place.start.line)
            terminal_file(terminal, STYLE_PLAIN, related->place.file);
        else
            terminal_text(terminal, related->place.file);
        add_position(terminal, &related->place);
        out_add(terminal->out, STR(": "));
        terminal_text(terminal, related->message);
        out_char(terminal->out, '\n');
    }
}

/* The first paragraph, on one line. */
static void add_fix(const Terminal *terminal, Str fix)
{
    Str line;
    bool first = true;

    fix = str_trim(fix);
    if (fix.size == 0)
        return;
    pad(terminal->out, MESSAGE_COLUMN);
    out_add(terminal->out, STR("fix: "));
    while (str_split(&fix, '\n', &line)) {
        line = str_trim(line);
        if (line.size == 0)
            break;
        if (!first)
            out_char(terminal->out, ' ');
        terminal_text(terminal, line);
        first = false;
    }
    out_char(terminal->out, '\n');
}

static Style verdict_style(const Verdict *verdict)
{
    if (verdict->status == STATUS_PASS)
        return STYLE_GREEN;
    return verdict->status == STATUS_FAIL ? terminal_severity(verdict->severity) : STYLE_FAINT;
}

/* "12:9 Pod/default/web" and the source line: what the findings below it share. */
static void add_place(const Terminal *terminal, const Verdict *verdict)
{
    pad(terminal->out, 2);
    if (verdict->place.start.line) {
        add_number(terminal->out, verdict->place.start.line, 0);
        out_char(terminal->out, ':');
        add_number(terminal->out, verdict->place.start.column, 0);
        out_char(terminal->out, ' ');
    }
    terminal_text(terminal, verdict->resource);
    out_char(terminal->out, '\n');
    if (verdict->place.start.line)
        add_excerpt(terminal, &verdict->place, verdict->excerpt, verdict_style(verdict));
}

/* "  high    message  rule-id" */
static void add_headline(const Terminal *terminal, const Verdict *verdict)
{
    Str word = str_of(verdict->status == STATUS_FAIL ? severity_name(verdict->severity)
                                                     : status_name(verdict->status));

    pad(terminal->out, 2);
    terminal_styled(terminal, verdict_style(verdict), word);
    pad(terminal->out, word.size + 4 < MESSAGE_COLUMN ? MESSAGE_COLUMN - word.size - 2 : 2);
    terminal_text(terminal, verdict_message(verdict));
    pad(terminal->out, 2);
    terminal_styled(terminal, STYLE_FAINT, rule_id(verdict->rule));
    if (!verdict->enabled)
        out_add(terminal->out, STR("  (does not block)"));
    out_char(terminal->out, '\n');
}

static void add_verdict(const Terminal *terminal, const Verdict *verdict)
{
    add_headline(terminal, verdict);
    if (verdict->status == STATUS_UNKNOWN) {
        pad(terminal->out, MESSAGE_COLUMN);
        out_add(terminal->out, STR("not known: "));
        terminal_text(terminal, verdict->cause);
        out_char(terminal->out, '\n');
    }
    if (verdict->status == STATUS_FAIL)
        add_fix(terminal, rule_fix(verdict->rule));
}

static bool same_place(const Verdict *a, const Verdict *b)
{
    return str_eq(a->place.file, b->place.file) && a->place.start.line == b->place.start.line &&
           a->place.start.column == b->place.start.column && str_eq(a->resource, b->resource) &&
           a->excerpt.size == b->excerpt.size && same_related(a, b);
}

void human_begin(Report *report)
{
    (void)report;
}

void human_verdicts(Report *report, const Verdict *verdicts, uint32_t count)
{
    const Terminal *terminal = &report->terminal;

    for (uint32_t i = 0; i < count; i++) {
        const Verdict *before = i ? &verdicts[i - 1] : NULL;
        if (!before || !str_eq(verdicts[i].place.file, before->place.file)) {
            out_add(terminal->out, report->shown + i ? STR("\n") : STR(""));
            terminal_file(terminal, STYLE_BOLD, verdicts[i].place.file);
            out_char(terminal->out, '\n');
        }
        if (!before || !same_place(before, &verdicts[i])) {
            add_place(terminal, &verdicts[i]);
            add_related(terminal, &verdicts[i]);
        }
        add_verdict(terminal, &verdicts[i]);
    }
}

/* --- the end --- */

void human_problem(const Terminal *terminal, const Problem *problem)
{
    bool is_error = problem->level == DIAG_ERROR;
    Style style = is_error ? STYLE_RED_BOLD : STYLE_YELLOW;
    Str word = is_error                         ? STR("error")
               : problem->level == DIAG_WARNING ? STR("warning")
                                                : STR("note");

    if (problem->place.file.size) {
        if (problem->from_here)
            terminal_styled(terminal, STYLE_BOLD, problem->place.file);
        else
            terminal_file(terminal, STYLE_BOLD, problem->place.file);
        add_position(terminal, &problem->place);
        out_add(terminal->out, STR(": "));
    }
    terminal_styled(terminal, style, word);
    out_add(terminal->out, STR("["));
    out_z(terminal->out, problem->code);
    out_add(terminal->out, STR("]: "));
    terminal_text(terminal, problem->message);
    out_char(terminal->out, '\n');
    if (problem->place.start.line && problem->excerpt.size)
        add_excerpt(terminal, &problem->place, problem->excerpt, style);
    if (problem->help.size) {
        begin_note(terminal);
        terminal_text(terminal, problem->help);
        out_char(terminal->out, '\n');
    }
}

/* Warnings are one line each and not many of them; the other reports have all. */
static uint32_t add_warnings(const Report *report, const ScanResult *result)
{
    const Terminal *terminal = &report->terminal;
    uint32_t count = 0;

    for (uint32_t i = 0; i < result->problem_count; i++) {
        Problem problem = result->problems[i];
        if (problem.level == DIAG_ERROR || count++ >= SHOWN_WARNINGS)
            continue;
        problem.excerpt = problem.help = STR("");
        human_problem(terminal, &problem);
    }
    if (count > SHOWN_WARNINGS) {
        out_add(terminal->out, STR("and "));
        add_number(terminal->out, count - SHOWN_WARNINGS, 0);
        out_add(terminal->out, STR(" more, which the json report has\n"));
    }
    return count;
}

static uint32_t add_errors(const Report *report, const ScanResult *result)
{
    uint32_t count = 0;

    for (uint32_t i = 0; i < result->problem_count; i++) {
        if (result->problems[i].level != DIAG_ERROR)
            continue;
        if (count++ == 0 && report->shown)
            out_char(report->terminal.out, '\n');
        human_problem(&report->terminal, &result->problems[i]);
    }
    return count;
}

static void add_problems(const Report *report, const ScanResult *result)
{
    bool quiet = report->options.quiet;
    uint32_t errors = add_errors(report, result);

    if (quiet)
        return;
    if (report->shown || errors)
        out_char(report->terminal.out, '\n');
    if (add_warnings(report, result))
        out_char(report->terminal.out, '\n');
}

static void add_count(Out *out, uint32_t count, const char *one, const char *many)
{
    add_number(out, count, 0);
    out_char(out, ' ');
    out_z(out, count == 1 ? one : many);
}

/* One line for each reason: how many, and the first. */
static void add_ignored(Out *out, const Terminal *terminal, const ScanResult *result)
{
    for (uint32_t i = 0; i < result->ignored_count; i++) {
        Str reason = result->ignored[i].reason;
        uint32_t count = 0;
        bool before = false;
        for (uint32_t j = 0; j < i && !before; j++)
            before = result->ignored[j].reason.data == reason.data;
        if (before)
            continue;
        for (uint32_t j = i; j < result->ignored_count; j++)
            count += result->ignored[j].reason.data == reason.data;
        out_add(out, STR("left alone: "));
        terminal_file(terminal, STYLE_PLAIN, result->ignored[i].path);
        if (count > 1) {
            out_add(out, STR(" and "));
            add_count(out, count - 1, "other", "others");
        }
        out_add(out, STR(" ("));
        terminal_text(terminal, reason);
        out_add(out, STR(")\n"));
    }
}

static void add_severities(const Terminal *terminal, const ScanResult *result)
{
    Str before = STR(" (");

    for (int i = SEVERITY_CRITICAL; i >= SEVERITY_INFO; i--) {
        if (!result->failed[i])
            continue;
        out_add(terminal->out, before);
        add_number(terminal->out, result->failed[i], 0);
        out_char(terminal->out, ' ');
        terminal_styled(terminal, terminal_severity((Severity)i),
                        str_of(severity_name((Severity)i)));
        before = STR(", ");
    }
    out_add(terminal->out, str_eq(before, STR(", ")) ? STR(")") : STR(""));
}

static void add_coverage(Out *out, const Coverage *coverage)
{
    add_count(out, coverage->files_read, "input", "inputs");
    out_add(out, STR(" read of "));
    add_count(out, coverage->files_seen, "file", "files");
    out_add(out, STR(" ("));
    add_count(out, coverage->files_broken, "broken", "broken");
    out_add(out, STR(", "));
    add_count(out, coverage->files_ignored, "ignored", "ignored");
    out_add(out, STR("), "));
    add_count(out, coverage->resources, "resource", "resources");
    out_add(out, STR(", "));
    add_count(out, coverage->rules, "rule", "rules");
    out_char(out, '\n');
}

static void add_outcome(const Terminal *terminal, const ScanResult *result)
{
    Out *out = terminal->out;
    const Coverage *coverage = &result->coverage;

    add_count(out, coverage->passed, "passed", "passed");
    out_add(out, STR(", "));
    add_count(out, coverage->failed, "failed", "failed");
    add_severities(terminal, result);
    out_add(out, STR(", "));
    add_count(out, coverage->unknown, "undecided", "undecided");
    if (coverage->suppressed) {
        out_add(out, STR(", "));
        add_count(out, coverage->suppressed, "suppressed", "suppressed");
    }
    out_char(out, '\n');
}

static void add_verdict_of_scan(const Report *report, const ScanResult *result)
{
    Out *out = report->terminal.out;

    if (result->status == SCAN_INCOMPLETE) {
        terminal_styled(&report->terminal, STYLE_RED_BOLD, STR("no verdict"));
        out_add(out, STR(": the scan is incomplete\n"));
    } else if (result->blocking) {
        add_count(out, result->blocking, "finding blocks", "findings block");
        out_add(out, STR(" (--fail-on "));
        out_z(out, severity_name(report->options.fail_on));
        out_add(out, STR(")\n"));
    } else if (result->status == SCAN_FAILED) {
        out_printf(out, "findings that are not shown block (--fail-on %s)\n",
                   severity_name(report->options.fail_on));
    }
    if (result->score)
        score_text_wanted(&report->terminal, result->score);
    if (report->shown)
        out_add(out, STR("`plumb explain RULE` says why a rule is there and how to meet it\n"));
}

void human_end(Report *report, const ScanResult *result)
{
    Out *out = report->terminal.out;

    add_problems(report, result);
    if (report->options.quiet) {
        if (result->score)
            score_text_wanted(&report->terminal, result->score);
        return;
    }
    add_ignored(out, &report->terminal, result);
    add_coverage(out, &result->coverage);
    add_outcome(&report->terminal, result);
    standing_text(&report->terminal, result);
    if (result->score)
        score_text_table(&report->terminal, result->score);
    add_verdict_of_scan(report, result);
}
