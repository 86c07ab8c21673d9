#include "scan/repeats.h"

#include <stdlib.h>

#include "scan/fingerprint.h"

#define FIRST_CAPACITY 64u

static uint64_t read_hex(const char *digits)
{
    uint64_t number = 0;

    for (uint32_t i = 0; i < 16; i++)
        number =
            number << 4 | (uint64_t)(digits[i] <= '9' ? digits[i] - '0' : digits[i] - 'a' + 10);
    return number;
}

/* Where a finding is, or the free slot where it belongs. */
static MetFinding *slot_of(const Repeats *repeats, const uint64_t name[2])
{
    uint32_t at = (uint32_t)name[0] & (repeats->capacity - 1);

    while (repeats->slots[at].severity &&
           (repeats->slots[at].name[0] != name[0] || repeats->slots[at].name[1] != name[1]))
        at = (at + 1) & (repeats->capacity - 1);
    return &repeats->slots[at];
}

static bool grow(Repeats *repeats)
{
    Repeats grown = {.capacity = repeats->capacity ? repeats->capacity * 2 : FIRST_CAPACITY,
                     .count = repeats->count};

    grown.slots = calloc(grown.capacity, sizeof *grown.slots);
    if (!grown.slots)
        return false;
    for (uint32_t i = 0; i < repeats->capacity; i++)
        if (repeats->slots[i].severity)
            *slot_of(&grown, repeats->slots[i].name) = repeats->slots[i];
    free(repeats->slots);
    *repeats = grown;
    return true;
}

/* The slot of a finding, whose severity is 0 if it was not met; NULL when memory is short. */
static MetFinding *meet(Repeats *repeats, const Verdict *finding)
{
    const uint64_t name[2] = {read_hex(finding->fingerprint), read_hex(finding->fingerprint + 16)};
    MetFinding *met;

    if (repeats->count >= repeats->capacity / 4 * 3 && !grow(repeats))
        return NULL;
    met = slot_of(repeats, name);
    repeats->count += !met->severity;
    memcpy(met->name, name, sizeof name);
    return met;
}

/* Whether another kustomization had the same finding. */
static bool is_repeated(Repeats *repeats, Str label, Verdict *finding)
{
    uint32_t own = (uint32_t)finding->severity + 1;
    MetFinding *met = meet(repeats, finding);

    if (!met)
        return false;
    if (!met->severity)
        met->severity = own;
    else if (met->severity != own)
        fingerprint_label(finding, label);
    else
        return true;
    return false;
}

uint32_t repeats_drop(Repeats *repeats, Str label, Verdict *verdicts, uint32_t count,
                      Coverage *coverage)
{
    uint32_t left = 0;

    for (uint32_t i = 0; i < count; i++) {
        bool finding = verdicts[i].status == STATUS_FAIL;
        if (finding && is_repeated(repeats, label, &verdicts[i])) {
            coverage->failed--;
            continue;
        }
        if (!finding)
            fingerprint_label(&verdicts[i], label);
        verdicts[left++] = verdicts[i];
    }
    return left;
}

void repeats_free(Repeats *repeats)
{
    free(repeats->slots);
    *repeats = (Repeats){0};
}
