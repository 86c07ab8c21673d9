#include "report/github.h"

#define SHOWN_OF_A_KIND 10u

typedef enum Kind {
    KIND_ERROR,
    KIND_WARNING,
    KIND_NOTICE,
} Kind;

static const char *const kind_names[] = {"error", "warning", "notice"};

static Kind kind_of(Severity severity)
{
    if (severity >= SEVERITY_HIGH)
        return KIND_ERROR;
    return severity == SEVERITY_MEDIUM ? KIND_WARNING : KIND_NOTICE;
}

/* --- escapes --- */

static void add_code(Out *out, unsigned char c)
{
    static const char digits[] = "0123456789ABCDEF";
    char code[3] = {'%', digits[c >> 4], digits[c & 15]};

    out_add(out, (Str){code, 3});
}

/* A text that a runner decodes; `special` is what has a meaning where it stands. Of other controls
 * nothing is left: a log would obey them. */
static void add_escaped(Out *out, Str text, const char *special)
{
    for (uint32_t i = 0; i < text.size; i++) {
        char c = text.data[i];
        if (c == '\0' || (strchr("\t\x7f", c) && !strchr(special, c)))
            out_char(out, ' ');
        else if (strchr(special, c))
            add_code(out, (unsigned char)c);
        else
            out_char(out, (unsigned char)c < 0x20 ? ' ' : c);
    }
}

static void add_property(Out *out, Str text)
{
    add_escaped(out, text, "%\r\n:,");
}

static bool starts_line(Str text, uint32_t at)
{
    while (at && (text.data[at - 1] == ' ' || text.data[at - 1] == '\t'))
        at--;
    return at == 0 || text.data[at - 1] == '\n' || text.data[at - 1] == '\r';
}

/* A line of the text that would be a command itself, were it printed by another step, is none. */
static void add_data(Out *out, Str text)
{
    uint32_t begin = 0;

    for (uint32_t i = 0; i + 1 < text.size; i++) {
        if (text.data[i] != ':' || text.data[i + 1] != ':' || !starts_line(text, i))
            continue;
        add_escaped(out, str_sub(text, begin, i + 1 - begin), "%\r\n");
        out_char(out, ' ');
        begin = i + 1;
    }
    add_escaped(out, str_from(text, begin), "%\r\n");
}

/* --- commands --- */

static void add_number(Out *out, const char *name, uint32_t number)
{
    out_z(out, name);
    out_number(out, number);
}

static void add_place(Out *out, const Place *place)
{
    if (!place_path(place).size)
        return;
    out_z(out, "file=");
    add_property(out, place_path(place));
    if (place->start.line) {
        add_number(out, ",line=", place->start.line);
        add_number(out, ",endLine=", place->end.line);
        add_number(out, ",col=", place->start.column);
        add_number(out, ",endColumn=", place->end.column);
    }
    out_char(out, ',');
}

static void begin_command(Out *out, Kind kind, const Place *place)
{
    out_z(out, "::");
    out_z(out, kind_names[kind]);
    out_char(out, ' ');
    add_place(out, place);
    out_z(out, "title=");
}

static void add_verdict(Out *out, Kind kind, const Verdict *verdict)
{
    begin_command(out, kind, &verdict->place);
    add_property(out, str_of(severity_name(verdict->severity)));
    out_char(out, ' ');
    add_property(out, rule_id(verdict->rule));
    out_z(out, "::");
    add_data(out, verdict_message(verdict));
    if (rule_fix(verdict->rule).size) {
        out_z(out, "%0Afix: ");
        add_data(out, str_trim(rule_fix(verdict->rule)));
    }
    out_char(out, '\n');
}

static void add_problem(Out *out, const Problem *problem)
{
    begin_command(out, KIND_ERROR, &problem->place);
    out_z(out, "not read");
    out_z(out, "::");
    add_data(out, problem->message);
    out_char(out, '\n');
}

/* What could not be read stands first. How many were left out. */
static uint32_t add_problems(Out *out, const ScanResult *result, uint32_t *shown)
{
    uint32_t errors = 0;

    for (uint32_t i = 0; i < result->problem_count; i++) {
        if (result->problems[i].level != DIAG_ERROR)
            continue;
        if (errors++ < SHOWN_OF_A_KIND)
            add_problem(out, &result->problems[i]);
    }
    *shown = errors < SHOWN_OF_A_KIND ? errors : SHOWN_OF_A_KIND;
    return errors - *shown;
}

void github_begin(Report *report)
{
    GithubState *state = report->state;

    for (uint32_t i = 0; i < GITHUB_KINDS; i++)
        state->kinds[i] = worst_new(SHOWN_OF_A_KIND, report->arena);
}

void github_verdicts(Report *report, const Verdict *verdicts, uint32_t count)
{
    GithubState *state = report->state;

    for (uint32_t i = 0; i < count; i++)
        if (verdicts[i].status == STATUS_FAIL)
            worst_add(&state->kinds[kind_of(verdicts[i].severity)], &verdicts[i]);
}

void github_end(Report *report, const ScanResult *result)
{
    const GithubState *state = report->state;
    uint32_t shown;
    uint64_t more = add_problems(&report->out, result, &shown);

    for (uint32_t i = 0; i < GITHUB_KINDS; i++) {
        const Kept *kept = worst_first(&state->kinds[i]);
        more += state->kinds[i].seen;
        for (; kept && shown < SHOWN_OF_A_KIND; kept = worst_next(&state->kinds[i], kept)) {
            add_verdict(&report->out, (Kind)i, &kept->verdict);
            shown++;
            more--;
        }
        shown = 0;
    }
    if (more)
        out_printf(&report->out, "plumb: and %llu more\n", (unsigned long long)more);
}
