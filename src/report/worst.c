#include "report/worst.h"

Worst worst_new(uint32_t limit, Arena *arena)
{
    return (Worst){.arena = arena, .limit = limit, .copier = {.arena = arena}};
}

static uint32_t level_of(const Verdict *verdict)
{
    bool is_finding = verdict->status == STATUS_FAIL && verdict->standing <= STANDING_NEW;

    return is_finding ? (uint32_t)verdict->severity + 1 : 0;
}

/* --- lists --- */

static void drop_mildest(Worst *worst)
{
    uint32_t level = 0;
    Kept *kept;

    while (!worst->last[level])
        level++;
    kept = worst->last[level];
    worst->last[level] = kept->before;
    if (kept->before)
        kept->before->after = NULL;
    else
        worst->first[level] = NULL;
    kept->after = worst->unused;
    worst->unused = kept;
    worst->count--;
}

static bool has_milder(const Worst *worst, uint32_t level)
{
    for (uint32_t i = 0; i < level; i++)
        if (worst->first[i])
            return true;
    return false;
}

static Kept *take_kept(Worst *worst)
{
    Kept *kept = worst->unused;

    if (!kept)
        return ARENA_NEW(worst->arena, Kept);
    worst->unused = kept->after;
    memset(kept, 0, sizeof *kept);
    return kept;
}

Kept *worst_add(Worst *worst, const Verdict *verdict)
{
    uint32_t level = level_of(verdict);
    Kept *kept;

    worst->seen++;
    if (worst->count == worst->limit) {
        if (!has_milder(worst, level))
            return NULL;
        drop_mildest(worst);
    }
    kept = take_kept(worst);
    if (!kept)
        return NULL;
    kept->verdict = verdict_copy(&worst->copier, verdict);
    kept->before = worst->last[level];
    if (kept->before)
        kept->before->after = kept;
    else
        worst->first[level] = kept;
    worst->last[level] = kept;
    worst->count++;
    return kept;
}

/* --- order --- */

static const Kept *first_below(const Worst *worst, uint32_t level)
{
    while (level--)
        if (worst->first[level])
            return worst->first[level];
    return NULL;
}

const Kept *worst_first(const Worst *worst)
{
    return first_below(worst, WORST_LEVELS);
}

const Kept *worst_next(const Worst *worst, const Kept *kept)
{
    return kept->after ? kept->after : first_below(worst, level_of(&kept->verdict));
}
