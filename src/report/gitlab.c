#include "report/gitlab.h"

#include <stdio.h>

#include "base/sha256.h"

static const char *severity_word(Severity severity)
{
    static const char *const words[] = {
        [SEVERITY_INFO] = "info",     [SEVERITY_LOW] = "minor",        [SEVERITY_MEDIUM] = "major",
        [SEVERITY_HIGH] = "critical", [SEVERITY_CRITICAL] = "blocker",
    };

    return words[severity];
}

/* An entry needs a path, also one about the scan as a whole. */
static Str entry_path(const Place *place)
{
    Str path = place_path(place);

    return path.size ? path : STR(".");
}

static void put_entry(JsonDoc *doc, Str description, Str check, const char *fingerprint,
                      const char *severity, const Place *place)
{
    json_begin(doc, '{');
    json_put_string(doc, "description", description);
    json_put_string(doc, "check_name", check);
    json_put_string(doc, "fingerprint", str_of(fingerprint));
    json_put_string(doc, "severity", str_of(severity));
    json_key(doc, "location");
    json_begin(doc, '{');
    json_put_string(doc, "path", entry_path(place));
    json_key(doc, "lines");
    json_begin(doc, '{');
    json_put_number(doc, "begin", place->start.line ? place->start.line : 1);
    json_end(doc, '}');
    json_end(doc, '}');
    json_end(doc, '}');
}

void gitlab_begin(Report *report)
{
    json_begin(&report->doc, '[');
}

void gitlab_verdicts(Report *report, const Verdict *verdicts, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        if (verdicts[i].status == STATUS_FAIL)
            put_entry(&report->doc, verdict_message(&verdicts[i]), rule_id(verdicts[i].rule),
                      verdicts[i].fingerprint, severity_word(verdicts[i].severity),
                      &verdicts[i].place);
}

/* Problems have no fingerprint of their own. Two of one code in one place would be one entry, so
 * each counts those before it that are the same. */
static void hash_problem(const ScanResult *result, uint32_t index, char digits[65])
{
    const Problem *problem = &result->problems[index];
    Sha256 hash = sha256_new();
    uint32_t same = 0;
    char number[16];
    int size;

    while (same < index &&
           str_eq(result->problems[index - 1 - same].place.file, problem->place.file))
        same++;
    size = snprintf(number, sizeof number, "%u", same);
    sha256_add(&hash, str_of(problem->code));
    sha256_add(&hash, (Str){"", 1});
    sha256_add(&hash, place_path(&problem->place));
    sha256_add(&hash, (Str){"", 1});
    sha256_add(&hash, (Str){number, (uint32_t)size});
    sha256_hex(&hash, digits);
}

/* What could not be read is worse than any finding in it. */
void gitlab_end(Report *report, const ScanResult *result)
{
    for (uint32_t i = 0; i < result->problem_count; i++) {
        const Problem *problem = &result->problems[i];
        char digits[65];
        if (problem->level != DIAG_ERROR)
            continue;
        hash_problem(result, i, digits);
        put_entry(&report->doc, problem->message, str_of(problem->code), digits, "blocker",
                  &problem->place);
    }
    json_end(&report->doc, ']');
}
