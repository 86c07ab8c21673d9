#include "scan/copy.h"

static void copy_related(Copier *copier, Verdict *verdict)
{
    const Related *from = verdict->related;
    Related *related =
        verdict->related_count ? ARENA_ARRAY(copier->arena, Related, verdict->related_count) : NULL;

    verdict->related = related;
    if (!related)
        verdict->related_count = 0;
    for (uint32_t i = 0; i < verdict->related_count; i++) {
        related[i] = from[i];
        related[i].place.file = str_copy(copier->arena, from[i].place.file);
        related[i].place.path = str_copy(copier->arena, from[i].place.path);
        related[i].message = str_copy(copier->arena, from[i].message);
    }
}

static Fix *copy_fix(Arena *arena, const Fix *from)
{
    Fix *fix = from ? ARENA_NEW(arena, Fix) : NULL;
    Edit *edits = fix ? ARENA_ARRAY(arena, Edit, from->count) : NULL;
    Position *places = edits ? ARENA_ARRAY(arena, Position, (size_t)from->count * 2) : NULL;

    if (!places)
        return NULL;
    for (uint32_t i = 0; i < from->count; i++) {
        edits[i] = edit_copy(&from->edits[i], arena);
        places[i] = from->starts[i];
        places[from->count + i] = from->ends[i];
    }
    *fix = *from;
    fix->path = str_copy(arena, from->path);
    fix->edits = edits;
    fix->starts = places;
    fix->ends = places + from->count;
    return fix;
}

Verdict verdict_copy(Copier *copier, const Verdict *verdict)
{
    Verdict copy = *verdict;

    copy.place.file = str_copy_again(copier->arena, &copier->file, verdict->place.file);
    copy.place.path = str_copy_again(copier->arena, &copier->path, verdict->place.path);
    copy.resource = str_copy_again(copier->arena, &copier->resource, verdict->resource);
    copy.type_name = str_copy_again(copier->arena, &copier->type_name, verdict->type_name);
    copy.attribute = str_copy(copier->arena, verdict->attribute);
    copy.element = str_copy(copier->arena, verdict->element);
    copy.excerpt = (Str){"", 0};
    copy.message = str_copy(copier->arena, verdict->message);
    copy.cause = str_copy(copier->arena, verdict->cause);
    copy.reason = str_copy(copier->arena, verdict->reason);
    copy_related(copier, &copy);
    copy.fix = copy_fix(copier->arena, verdict->fix);
    return copy;
}

Verdict verdict_copy_whole(Copier *copier, const Verdict *verdict)
{
    Verdict copy = verdict_copy(copier, verdict);

    copy.excerpt = str_copy(copier->arena, verdict->excerpt);
    return copy;
}
