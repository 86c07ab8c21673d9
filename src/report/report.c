#include "report/report.h"

#include <errno.h>

#include "base/limits.h"
#include "report/github.h"
#include "report/gitlab.h"
#include "report/html.h"
#include "report/human.h"
#include "report/json.h"
#include "report/junit.h"
#include "report/markdown.h"
#include "report/ndjson.h"
#include "report/sarif.h"

typedef struct Form {
    Str name;
    void (*begin)(Report *report);
    void (*verdicts)(Report *report, const Verdict *verdicts, uint32_t count);
    void (*end)(Report *report, const ScanResult *result);
    uint32_t state_size;
} Form;

static const Form forms[] = {
#define REPORT(name, id, prefix, state)                                                            \
    {STR_INIT(id), prefix##_begin, prefix##_verdicts, prefix##_end, state},
#include "report/formats.def"
#undef REPORT
};

Str report_format_name(ReportFormat format)
{
    return forms[format].name;
}

bool report_format_parse(Str text, ReportFormat *format)
{
    for (uint32_t i = 0; i < REPORT_COUNT; i++) {
        if (str_eq(text, forms[i].name)) {
            *format = (ReportFormat)i;
            return true;
        }
    }
    return false;
}

const char *status_name(Status status)
{
    static const char *const names[] = {
        [STATUS_PASS] = "pass",
        [STATUS_FAIL] = "fail",
        [STATUS_UNKNOWN] = "unknown",
        [STATUS_SUPPRESSED] = "suppressed",
    };

    return names[status];
}

Str verdict_message(const Verdict *verdict)
{
    return verdict->status == STATUS_FAIL && verdict->message.size ? verdict->message
                                                                   : rule_title(verdict->rule);
}

Str place_path(const Place *place)
{
    return place->path.size ? place->path : place->file;
}

bool report_wants_every(ReportFormat format, const ReportOptions *options)
{
    if (format == REPORT_JUNIT)
        return !options->junit_only_failures;
    return format == REPORT_SARIF && options->sarif_suppressed;
}

bool report_wants_unchanged(ReportFormat format)
{
    return format == REPORT_SARIF;
}

bool report_wants_version(ReportFormat format)
{
    return format == REPORT_SARIF || format == REPORT_NDJSON || format == REPORT_HTML;
}

Report report_new(ReportFormat format, int fd, const ReportOptions *options, Arena *arena)
{
    return (Report){
        .format = format, .options = *options, .out = out_new(fd, arena), .outer = arena};
}

void report_begin(Report *report)
{
    uint32_t size = forms[report->format].state_size;

    report->terminal = (Terminal){&report->out, report->options.color, report->options.prefix};
    report->doc = json_doc(&report->out);
    report->arena = arena_new(LIMIT_UNIT_BYTES);
    report->scratch = arena_new(LIMIT_UNIT_BYTES);
    if (report->arena && report->scratch)
        report->state = arena_alloc(report->arena, 1, size ? size : 1);
    if (report->state)
        forms[report->format].begin(report);
}

/* Another report may have asked the scan for more than this one shows. */
static bool is_wanted(const Report *report, const Verdict *verdict)
{
    if (verdict->standing == STANDING_UNCHANGED)
        return report_wants_unchanged(report->format);
    if (verdict->status == STATUS_FAIL || report->options.every)
        return true;
    if (verdict->status == STATUS_UNKNOWN && report->options.show_unknown)
        return true;
    return report_wants_every(report->format, &report->options);
}

static uint32_t count_wanted(const Report *report, const Verdict *verdicts, uint32_t count)
{
    uint32_t wanted = 0;

    for (uint32_t i = 0; i < count; i++)
        wanted += is_wanted(report, &verdicts[i]);
    return wanted;
}

/* The wanted ones side by side; NULL if memory is short. */
static const Verdict *pick_wanted(Report *report, const Verdict *verdicts, uint32_t count,
                                  uint32_t wanted)
{
    Verdict *picked = ARENA_ARRAY(report->scratch, Verdict, wanted);

    for (uint32_t i = 0, used = 0; picked && i < count; i++)
        if (is_wanted(report, &verdicts[i]))
            picked[used++] = verdicts[i];
    return picked;
}

void report_verdicts(Report *report, const Verdict *verdicts, uint32_t count)
{
    uint32_t wanted = report->state ? count_wanted(report, verdicts, count) : 0;

    if (!wanted)
        return;
    arena_rewind(report->scratch, 0);
    if (wanted < count)
        verdicts = pick_wanted(report, verdicts, count, wanted);
    if (!verdicts)
        return;
    forms[report->format].verdicts(report, verdicts, wanted);
    report->shown += wanted;
}

/* Whether nothing that the report should hold is missing for want of memory. */
static bool is_whole(const Report *report)
{
    return report->state && !arena_spent(report->arena) && !arena_spent(report->scratch);
}

bool report_end(Report *report, const ScanResult *result)
{
    bool whole;

    if (report->state)
        forms[report->format].end(report, result);
    whole = is_whole(report);
    out_flush(&report->out);
    arena_free(report->arena);
    arena_free(report->scratch);
    errno = report->out.error ? report->out.error : whole ? 0 : ENOMEM;
    return errno == 0;
}
