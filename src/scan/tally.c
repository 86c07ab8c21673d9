#include "scan/tally.h"

Tallies *tallies_new(uint32_t rules, Arena *arena)
{
    Tallies *tallies = ARENA_NEW(arena, Tallies);

    if (!tallies)
        return NULL;
    tallies->items = arena_raw(arena, rules + (size_t)1, sizeof *tallies->items);
    tallies->places = ARENA_ARRAY(arena, uint32_t, rules + (size_t)1);
    return tallies->items && tallies->places ? tallies : NULL;
}

RuleTally *tallies_at(Tallies *tallies, uint32_t rule)
{
    uint32_t *place = &tallies->places[rule];

    if (!*place) {
        tallies->items[tallies->count++] = (RuleTally){.rule = rule};
        *place = tallies->count;
    }
    return &tallies->items[*place - 1];
}

void tallies_merge(Tallies *sum, const Tallies *part)
{
    for (uint32_t i = 0; i < part->count; i++)
        tally_merge(tallies_at(sum, part->items[i].rule), &part->items[i]);
}

static void count_resource(RuleTally *tally, uint64_t resource)
{
    if (tally->last == resource)
        return;
    tally->last = resource;
    tally->resources++;
}

void tally_add(RuleTally *tally, Status status, Severity severity, uint64_t resource)
{
    switch (status) {
    case STATUS_PASS:
        tally->passed++;
        count_resource(tally, resource);
        break;
    case STATUS_FAIL:
        tally->failed[severity]++;
        if (severity > SEVERITY_INFO)
            count_resource(tally, resource);
        break;
    case STATUS_UNKNOWN:
        tally->unknown++;
        break;
    case STATUS_SUPPRESSED:
        tally->suppressed++;
        break;
    }
}

void tally_merge(RuleTally *sum, const RuleTally *part)
{
    sum->resources += part->resources;
    sum->passed += part->passed;
    for (int i = SEVERITY_INFO; i <= SEVERITY_CRITICAL; i++)
        sum->failed[i] += part->failed[i];
    sum->unknown += part->unknown;
    sum->suppressed += part->suppressed;
}

uint32_t tally_failed(const RuleTally *tally)
{
    uint32_t failed = 0;

    for (int i = SEVERITY_LOW; i <= SEVERITY_CRITICAL; i++)
        failed += tally->failed[i];
    return failed;
}
