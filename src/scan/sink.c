#include "scan/sink.h"

#include <stdlib.h>

#include "scan/place.h"
#include "scan/secret_lines.h"

Verdict *sink_verdict(VerdictSink *sink)
{
    Arena *arena = sink->growing ? sink->growing : sink->arena;
    Verdict *verdicts = arena_grow(arena, sink->verdicts, sink->count, &sink->capacity,
                                   sink->count + 1u, sizeof *verdicts);

    if (!verdicts)
        return NULL;
    sink->verdicts = verdicts;
    memset(&verdicts[sink->count], 0, sizeof *verdicts);
    return &verdicts[sink->count++];
}

Problem *sink_problem(VerdictSink *sink)
{
    Problem *problems =
        arena_grow(sink->arena, sink->problems, sink->problem_count, &sink->problem_capacity,
                   sink->problem_count + 1u, sizeof *problems);

    if (!problems)
        return NULL;
    sink->problems = problems;
    memset(&problems[sink->problem_count], 0, sizeof *problems);
    return &problems[sink->problem_count++];
}

Place sink_place(VerdictSink *sink, const Unit *unit, Span span)
{
    Place place = place_of(unit, span);

    place.file = str_copy_again(sink->arena, &sink->file, place.file);
    if (place.path.size)
        place.path = str_copy_again(sink->arena, &sink->path, place.path);
    return place;
}

void sink_problems(VerdictSink *sink, Unit *unit)
{
    SecretSuspect suspect = {NULL, false};

    for (const Diag *diag = unit->diags.first; diag; diag = diag->next) {
        Problem *problem = sink_problem(sink);
        if (!problem)
            return;
        problem->level = diag->level;
        problem->code = diag_code_id(diag->code);
        problem->place = sink_place(sink, unit, diag->span);
        if (span_is_none(diag->span) && diag->path.size)
            problem->place.file = str_copy(sink->arena, diag->path);
        problem->message = str_copy(sink->arena, diag->message);
        problem->help = str_copy(sink->arena, diag->help);
        /* Reports show the lines of errors alone. */
        if (diag->level == DIAG_ERROR && !secret_lines_suspect(&suspect, unit, diag->span))
            problem->excerpt = place_excerpt(unit, NULL, diag->span, sink->arena);
    }
}

/* Of the same, in the order in which they came. */
static int compare(const void *a, const void *b)
{
    const Verdict *const *x = a, *const *y = b;
    int order = verdict_cmp(*x, *y);

    if (!order)
        order = str_cmp((*x)->message, (*y)->message);
    return order ? order : (*x > *y) - (*x < *y);
}

bool sink_close(VerdictSink *sink)
{
    bool good = !sink->growing || !arena_spent(sink->growing);
    const Verdict **order = good ? malloc((sink->count + (size_t)1) * sizeof *order) : NULL;
    Verdict *sorted = order ? arena_raw(sink->arena, sink->count, sizeof *sorted) : NULL;

    if (sorted) {
        for (uint32_t i = 0; i < sink->count; i++)
            order[i] = &sink->verdicts[i];
        qsort(order, sink->count, sizeof *order, compare);
        for (uint32_t i = 0; i < sink->count; i++)
            sorted[i] = *order[i];
    }
    free(order);
    sink->verdicts = sorted;
    sink->count = sink->capacity = sorted ? sink->count : 0;
    sink->growing = NULL;
    return sorted != NULL;
}

void sink_settle(VerdictSink *sink, const EvalOptions *options)
{
    uint32_t left = 0;

    if (!sink->keep_all && !sink->keep_failures)
        return;
    for (uint32_t i = 0; i < sink->count; i++) {
        const Verdict *verdict = &sink->verdicts[i];
        if (eval_is_kept(options, verdict->status, verdict->severity))
            sink->verdicts[left++] = *verdict;
    }
    sink->count = left;
    sink->keep_all = sink->keep_failures = false;
}

void coverage_count(Coverage *coverage, const RuleCounts *counts)
{
    coverage->passed += counts->passed;
    coverage->failed += counts->failed;
    coverage->unknown += counts->unknown;
    coverage->suppressed += counts->suppressed;
}
