#include "scan/repeats.h"

#include "scan/fingerprint.h"

/* What must be the same of two verdicts beside their fingerprints; not 0. */
static uint32_t outcome_of(const Verdict *verdict)
{
    return 1 + (uint32_t)verdict->status * (SEVERITY_CRITICAL + 1) + (uint32_t)verdict->severity;
}

static uint32_t *counter_of(Coverage *coverage, Status status)
{
    switch (status) {
    case STATUS_PASS:
        return &coverage->passed;
    case STATUS_FAIL:
        return &coverage->failed;
    case STATUS_UNKNOWN:
        return &coverage->unknown;
    case STATUS_SUPPRESSED:
        break;
    }
    return &coverage->suppressed;
}

/* Whether another kustomization had the same verdict. */
static bool is_repeated(StrMap *seen, Str label, Verdict *verdict)
{
    Str key = str_copy(seen->arena, (Str){verdict->fingerprint, 64});
    uint32_t *outcome = key.data ? str_map_at(seen, key) : NULL;

    if (!outcome)
        return false;
    if (*outcome == outcome_of(verdict))
        return true;
    if (*outcome)
        fingerprint_label(verdict, label);
    else
        *outcome = outcome_of(verdict);
    return false;
}

uint32_t repeats_drop(StrMap *seen, Str label, Verdict *verdicts, uint32_t count,
                      Coverage *coverage)
{
    uint32_t left = 0;

    for (uint32_t i = 0; i < count; i++) {
        if (is_repeated(seen, label, &verdicts[i]))
            --*counter_of(coverage, verdicts[i].status);
        else
            verdicts[left++] = verdicts[i];
    }
    return left;
}
