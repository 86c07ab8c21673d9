#include "scan/repeats.h"

#include "scan/fingerprint.h"

/* Whether another kustomization had the same finding. */
static bool is_repeated(StrMap *seen, Str label, Verdict *finding)
{
    uint32_t own = (uint32_t)finding->severity + 1;
    Str key = str_copy(seen->arena, (Str){finding->fingerprint, 64});
    uint32_t *severity = key.data ? str_map_at(seen, key) : NULL;

    if (!severity)
        return false;
    if (!*severity)
        *severity = own;
    else if (*severity != own)
        fingerprint_label(finding, label);
    else
        return true;
    return false;
}

uint32_t repeats_drop(StrMap *seen, Str label, Verdict *verdicts, uint32_t count,
                      Coverage *coverage)
{
    uint32_t left = 0;

    for (uint32_t i = 0; i < count; i++) {
        bool finding = verdicts[i].status == STATUS_FAIL;
        if (finding && is_repeated(seen, label, &verdicts[i])) {
            coverage->failed--;
            continue;
        }
        if (!finding)
            fingerprint_label(&verdicts[i], label);
        verdicts[left++] = verdicts[i];
    }
    return left;
}
