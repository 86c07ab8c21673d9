#include "report/junit.h"

#include <stdlib.h>

#include "report/clock.h"
#include "report/xml.h"

/* In the order of which says most about a case of several verdicts. */
typedef enum CaseKind {
    CASE_ERROR,
    CASE_FAILURE,
    CASE_UNKNOWN,
    CASE_SUPPRESSED,
    CASE_PASS,
} CaseKind;

/* A verdict, or an input that could not be read (then `rule` is NULL). */
struct JunitCase {
    const Rule *rule;
    Str path;
    Str resource; /* of an error: its code */
    Str message;  /* of a failure, of what was skipped, and of an error */
    Str where;    /* "12:3 spec.containers[0].image", of a failure */
    uint32_t line;
    uint32_t number; /* as they came */
    uint8_t kind;
    uint8_t severity;
};

typedef struct Sums {
    uint32_t tests;
    uint32_t by_kind[CASE_PASS + 1];
} Sums;

/* --- collecting --- */

static JunitCase *new_case(Report *report)
{
    JunitState *state = report->state;
    JunitCase *cases = arena_grow(report->arena, state->cases, state->count, &state->capacity,
                                  (size_t)state->count + 1, sizeof *cases);

    if (!cases)
        return NULL;
    state->cases = cases;
    cases[state->count] = (JunitCase){.number = state->count};
    return &cases[state->count++];
}

static Str copy_again(Report *report, Str *last, Str text)
{
    if (!last->data || !str_eq(*last, text))
        *last = str_copy(report->arena, text);
    return *last;
}

static CaseKind kind_of(Status status)
{
    static const CaseKind kinds[] = {
        [STATUS_PASS] = CASE_PASS,
        [STATUS_FAIL] = CASE_FAILURE,
        [STATUS_UNKNOWN] = CASE_UNKNOWN,
        [STATUS_SUPPRESSED] = CASE_SUPPRESSED,
    };

    return kinds[status];
}

static Str message_of(const Verdict *verdict)
{
    if (verdict->status == STATUS_UNKNOWN)
        return verdict->cause;
    return verdict->status == STATUS_SUPPRESSED ? verdict->reason : verdict_message(verdict);
}

static Str where_of(Report *report, const Verdict *verdict)
{
    if (!verdict->place.start.line)
        return str_copy(report->arena, verdict->attribute);
    return str_format(report->arena, "%u:%u %.*s", verdict->place.start.line,
                      verdict->place.start.column, STR_ARG(verdict->attribute));
}

static void add_case(Report *report, const Verdict *verdict)
{
    JunitState *state = report->state;
    JunitCase *item = new_case(report);

    if (!item)
        return;
    item->rule = verdict->rule;
    item->path = copy_again(report, &state->path, place_path(&verdict->place));
    item->resource = copy_again(report, &state->resource, verdict->resource);
    item->line = verdict->place.start.line;
    item->kind = (uint8_t)kind_of(verdict->status);
    item->severity = (uint8_t)verdict->severity;
    if (verdict->status != STATUS_PASS)
        item->message = str_copy(report->arena, message_of(verdict));
    if (verdict->status == STATUS_FAIL)
        item->where = where_of(report, verdict);
}

void junit_begin(Report *report)
{
    (void)report;
}

void junit_verdicts(Report *report, const Verdict *verdicts, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        if (verdicts[i].status == STATUS_FAIL || !report->options.junit_only_failures)
            add_case(report, &verdicts[i]);
}

static void add_errors(Report *report, const ScanResult *result)
{
    for (uint32_t i = 0; i < result->problem_count; i++) {
        const Problem *problem = &result->problems[i];
        JunitCase *item = problem->level == DIAG_ERROR ? new_case(report) : NULL;
        if (!item)
            continue;
        item->path = place_path(&problem->place);
        item->resource = str_of(problem->code);
        item->message = problem->message;
        item->line = problem->place.start.line;
        item->kind = CASE_ERROR;
    }
}

/* --- order --- */

static int compare_cases(const void *a, const void *b)
{
    const JunitCase *x = a, *y = b;
    int order = str_cmp(x->path, y->path);

    if (order == 0)
        order = (x->rule != NULL) - (y->rule != NULL);
    if (order == 0)
        order = str_cmp(x->resource, y->resource);
    if (order == 0 && x->rule && x->rule != y->rule)
        order = str_cmp(rule_id(x->rule), rule_id(y->rule));
    return order ? order : (x->number > y->number) - (x->number < y->number);
}

/* Verdicts that are one case: of one rule about one resource. */
static bool same_case(const JunitCase *a, const JunitCase *b)
{
    return a->rule && a->rule == b->rule && str_eq(a->path, b->path) &&
           str_eq(a->resource, b->resource);
}

static uint32_t case_end(const JunitState *state, uint32_t at)
{
    uint32_t end = at + 1;

    while (end < state->count && same_case(&state->cases[at], &state->cases[end]))
        end++;
    return end;
}

/* The verdict that decides the case: the worst, and of these the first. */
static const JunitCase *deciding(const JunitState *state, uint32_t at, uint32_t end)
{
    const JunitCase *worst = &state->cases[at];

    for (uint32_t i = at + 1; i < end; i++) {
        const JunitCase *item = &state->cases[i];
        if (item->kind < worst->kind ||
            (item->kind == worst->kind && item->severity > worst->severity))
            worst = item;
    }
    return worst;
}

static uint32_t suite_end(const JunitState *state, uint32_t at)
{
    uint32_t end = at + 1;

    while (end < state->count && str_eq(state->cases[at].path, state->cases[end].path))
        end++;
    return end;
}

static Sums sum_cases(const JunitState *state, uint32_t at, uint32_t end)
{
    Sums sums = {0};

    while (at < end) {
        uint32_t next = case_end(state, at);
        sums.tests++;
        sums.by_kind[deciding(state, at, next)->kind]++;
        at = next;
    }
    return sums;
}

/* --- writing --- */

static void put_number(Out *out, const char *name, uint32_t number)
{
    out_char(out, ' ');
    out_z(out, name);
    out_z(out, "=\"");
    out_number(out, number);
    out_char(out, '"');
}

static void put_sums(Out *out, const Sums *sums)
{
    put_number(out, "tests", sums->tests);
    put_number(out, "failures", sums->by_kind[CASE_FAILURE]);
    put_number(out, "errors", sums->by_kind[CASE_ERROR]);
    put_number(out, "skipped", sums->by_kind[CASE_UNKNOWN] + sums->by_kind[CASE_SUPPRESSED]);
    put_number(out, "time", 0);
}

/* Every failing verdict of the case, then what to do. */
static void put_failure(Out *out, const JunitState *state, uint32_t at, uint32_t end,
                        const JunitCase *worst)
{
    out_z(out, "<failure");
    xml_attribute(out, "type", str_of(severity_name((Severity)worst->severity)));
    xml_attribute(out, "message", worst->message);
    out_char(out, '>');
    for (; at < end; at++) {
        const JunitCase *item = &state->cases[at];
        if (item->kind != CASE_FAILURE)
            continue;
        xml_text(out, item->path);
        out_char(out, ':');
        xml_text(out, str_trim(item->where));
        out_z(out, ": ");
        xml_text(out, item->message);
        out_char(out, '\n');
    }
    if (rule_fix(worst->rule).size) {
        out_z(out, "fix: ");
        xml_text(out, str_trim(rule_fix(worst->rule)));
    }
    out_z(out, "</failure>");
}

static void put_skipped(Out *out, const JunitCase *item)
{
    out_z(out, "<skipped message=\"");
    out_z(out, item->kind == CASE_UNKNOWN ? "undecided" : "suppressed");
    if (item->message.size)
        out_z(out, ": ");
    xml_text(out, item->message);
    out_z(out, "\"/>");
}

static void put_error(Out *out, const JunitCase *item)
{
    out_z(out, "<error");
    xml_attribute(out, "type", item->resource);
    xml_attribute(out, "message", item->message);
    out_z(out, "/>");
}

static void put_name(Out *out, const JunitCase *item)
{
    out_z(out, "    <testcase");
    xml_attribute(out, "classname", item->resource);
    out_z(out, " name=\"");
    if (item->rule) {
        xml_text(out, rule_id(item->rule));
        out_z(out, ": ");
        xml_text(out, str_trim(rule_title(item->rule)));
    } else {
        out_z(out, "the input is read");
        if (item->line)
            out_printf(out, " at line %u", item->line);
    }
    out_char(out, '"');
    if (item->path.size)
        xml_attribute(out, "file", item->path);
    if (item->line)
        put_number(out, "line", item->line);
    put_number(out, "time", 0);
}

static void put_case(Out *out, const JunitState *state, uint32_t at, uint32_t end)
{
    const JunitCase *item = deciding(state, at, end);

    put_name(out, item);
    if (item->kind == CASE_PASS) {
        out_z(out, "/>\n");
        return;
    }
    out_char(out, '>');
    if (item->kind == CASE_FAILURE)
        put_failure(out, state, at, end, item);
    else if (item->kind == CASE_ERROR)
        put_error(out, item);
    else
        put_skipped(out, item);
    out_z(out, "</testcase>\n");
}

static void put_suite(Out *out, const JunitState *state, uint32_t at, uint32_t end,
                      const char *timestamp)
{
    Sums sums = sum_cases(state, at, end);
    Str path = state->cases[at].path;

    out_z(out, "  <testsuite");
    xml_attribute(out, "name", path.size ? path : STR("plumb"));
    put_sums(out, &sums);
    xml_attribute(out, "timestamp", str_of(timestamp));
    out_z(out, ">\n");
    while (at < end) {
        uint32_t next = case_end(state, at);
        put_case(out, state, at, next);
        at = next;
    }
    out_z(out, "  </testsuite>\n");
}

void junit_end(Report *report, const ScanResult *result)
{
    JunitState *state = report->state;
    Out *out = &report->out;
    char timestamp[CLOCK_BYTES];
    Sums sums;

    add_errors(report, result);
    if (state->count)
        qsort(state->cases, state->count, sizeof *state->cases, compare_cases);
    clock_format(report->options.now, "%Y-%m-%dT%H:%M:%S", timestamp);
    sums = sum_cases(state, 0, state->count);
    out_z(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"plumb\"");
    put_sums(out, &sums);
    out_z(out, ">\n");
    for (uint32_t at = 0, end; at < state->count; at = end) {
        end = suite_end(state, at);
        put_suite(out, state, at, end, timestamp);
    }
    out_z(out, "</testsuites>\n");
}
