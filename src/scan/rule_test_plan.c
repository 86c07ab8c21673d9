#include "scan/rule_test_plan.h"

#include "ir/plan_write.h"

static bool has_verdict(const Trial *trial, Str address, Status status)
{
    for (uint32_t i = 0; i < trial->sink.count; i++)
        if (trial->sink.verdicts[i].status == status &&
            str_eq(trial->sink.verdicts[i].resource, address))
            return true;
    return false;
}

static bool has_resource(const Trial *trial, Str address)
{
    for (uint32_t i = 0; i < trial->unit.resource_count; i++)
        if (str_eq(trial->unit.resources[i].address, address))
            return true;
    return false;
}

/* Whether each resource with a finding in `one` has one in `other`. */
static bool agree(const Trial *one, const Trial *other, const char *form)
{
    for (uint32_t i = 0; i < one->sink.count; i++) {
        const Verdict *verdict = &one->sink.verdicts[i];
        if (verdict->status != STATUS_FAIL || !has_resource(other, verdict->resource) ||
            has_verdict(other, verdict->resource, STATUS_FAIL) ||
            has_verdict(other, verdict->resource, STATUS_UNKNOWN))
            continue;
        trial_failed(one, "%.*s has a finding in the %s only", STR_ARG(verdict->resource), form);
        return false;
    }
    return true;
}

bool rule_test_plan(const Trial *trial)
{
    RuleTestFile file = {.path = {"", 0}};
    RuleTest test = *trial->test;
    Trial twin;
    Str plan;
    bool good;

    if (trial->format != FORMAT_TERRAFORM || test.as.size)
        return true;
    plan = plan_write(&trial->unit);
    if (!plan.size)
        return true;
    test.files = &file;
    test.file_count = 1;
    if (!trial_begin(trial->runner, trial->draft, &test, &twin))
        return false;
    twin.format = FORMAT_PLAN;
    twin.texts = &plan;
    good = trial_judge(&twin) && agree(trial, &twin, "source") && agree(&twin, trial, "plan");
    trial_free(&twin);
    return good;
}
