#include "report/report.h"

#include <errno.h>

#include "report/human.h"
#include "report/json.h"

typedef struct Form {
    Str name;
    void (*begin)(Report *report);
    void (*verdicts)(Report *report, const Verdict *verdicts, uint32_t count);
    void (*end)(Report *report, const ScanResult *result);
} Form;

static const Form forms[] = {
#define REPORT(name, id, prefix) {STR_INIT(id), prefix##_begin, prefix##_verdicts, prefix##_end},
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

Report report_new(ReportFormat format, int fd, const ReportOptions *options, Arena *arena)
{
    return (Report){.format = format, .options = *options, .out = out_new(fd, arena)};
}

void report_begin(Report *report)
{
    report->terminal = (Terminal){&report->out, report->options.color, report->options.prefix};
    report->doc = json_doc(&report->out);
    forms[report->format].begin(report);
}

void report_verdicts(Report *report, const Verdict *verdicts, uint32_t count)
{
    if (count)
        forms[report->format].verdicts(report, verdicts, count);
    report->shown += count;
}

bool report_end(Report *report, const ScanResult *result)
{
    forms[report->format].end(report, result);
    out_flush(&report->out);
    errno = report->out.error;
    return report->out.error == 0;
}
