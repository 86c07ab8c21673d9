#include "report/worst.h"

Worst worst_new(uint32_t limit, Arena *arena)
{
    return (Worst){.arena = arena, .limit = limit};
}

static uint32_t level_of(const Verdict *verdict)
{
    return verdict->status == STATUS_FAIL ? (uint32_t)verdict->severity + 1 : 0;
}

/* --- copies --- */

/* A copy of `text`, or the last one if that says the same. */
static Str copy_again(Worst *worst, Str *last, Str text)
{
    if (!last->data || !str_eq(*last, text))
        *last = str_copy(worst->arena, text);
    return *last;
}

static void copy_place(Worst *worst, Place *place)
{
    place->file = copy_again(worst, &worst->file, place->file);
    place->path = copy_again(worst, &worst->path, place->path);
}

static void copy_related(Worst *worst, Verdict *verdict)
{
    const Related *from = verdict->related;
    Related *related =
        verdict->related_count ? ARENA_ARRAY(worst->arena, Related, verdict->related_count) : NULL;

    verdict->related = related;
    if (!related)
        verdict->related_count = 0;
    for (uint32_t i = 0; i < verdict->related_count; i++) {
        related[i] = from[i];
        related[i].place.file = str_copy(worst->arena, from[i].place.file);
        related[i].place.path = str_copy(worst->arena, from[i].place.path);
        related[i].message = str_copy(worst->arena, from[i].message);
    }
}

static void copy_verdict(Worst *worst, const Verdict *from, Verdict *verdict)
{
    *verdict = *from;
    copy_place(worst, &verdict->place);
    verdict->resource = copy_again(worst, &worst->resource, from->resource);
    verdict->type_name = copy_again(worst, &worst->type_name, from->type_name);
    verdict->attribute = str_copy(worst->arena, from->attribute);
    verdict->element = str_copy(worst->arena, from->element);
    verdict->excerpt = (Str){"", 0};
    verdict->message = str_copy(worst->arena, from->message);
    verdict->cause = str_copy(worst->arena, from->cause);
    verdict->reason = str_copy(worst->arena, from->reason);
    copy_related(worst, verdict);
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
    copy_verdict(worst, verdict, &kept->verdict);
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
