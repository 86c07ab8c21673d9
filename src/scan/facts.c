#include "scan/facts.h"

#include <stdlib.h>

#include "base/limits.h"

#define SEVERAL UINT32_MAX
#define FIRST_CAPACITY 256u

/* The place of a fact, or the free one where it belongs. */
static uint32_t place_of(const Facts *facts, uint64_t fact)
{
    uint32_t at = (uint32_t)(fact >> 32) & (facts->capacity - 1);

    while (facts->numbers[at] && facts->numbers[at] != fact)
        at = (at + 1) & (facts->capacity - 1);
    return at;
}

static bool grow(Facts *facts)
{
    Facts grown = {.capacity = facts->capacity ? facts->capacity * 2 : FIRST_CAPACITY,
                   .count = facts->count};

    grown.numbers = calloc(grown.capacity, sizeof *grown.numbers);
    grown.units = calloc(grown.capacity, sizeof *grown.units);
    if (!grown.numbers || !grown.units) {
        facts_free(&grown);
        return false;
    }
    for (uint32_t i = 0; i < facts->capacity; i++) {
        uint32_t at;
        if (!facts->numbers[i])
            continue;
        at = place_of(&grown, facts->numbers[i]);
        grown.numbers[at] = facts->numbers[i];
        grown.units[at] = facts->units[i];
    }
    facts_free(facts);
    *facts = grown;
    return true;
}

bool facts_add(Facts *facts, uint64_t fact, uint32_t unit)
{
    uint32_t at;

    fact += !fact;
    if (facts->count >= facts->capacity / 2 && !grow(facts))
        return false;
    at = place_of(facts, fact);
    if (facts->numbers[at]) {
        if (facts->units[at] != unit + 1)
            facts->units[at] = SEVERAL;
        return true;
    }
    facts->numbers[at] = fact;
    facts->units[at] = unit + 1;
    return ++facts->count <= LIMIT_SCOPE_FACTS;
}

bool facts_elsewhere(const Facts *facts, uint64_t fact, uint32_t unit)
{
    uint32_t at;

    fact += !fact;
    if (!facts->capacity)
        return false;
    at = place_of(facts, fact);
    return facts->numbers[at] && facts->units[at] != unit + 1;
}

void facts_free(Facts *facts)
{
    free(facts->numbers);
    free(facts->units);
    *facts = (Facts){0};
}
