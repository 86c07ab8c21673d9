#include "scan/problem.h"

#include <stdlib.h>

void problem_add(ProblemList *list, const Problem *problem)
{
    Problem *grown = arena_grow(list->arena, list->items, list->count, &list->capacity,
                                (size_t)list->count + 1, sizeof *grown);

    list->errors += problem->level == DIAG_ERROR;
    if (!grown)
        return;
    list->items = grown;
    grown[list->count++] = *problem;
}

void problem_error(ProblemList *list, DiagCode code, Str path, Str message, Str help)
{
    Problem problem = {.level = DIAG_ERROR,
                       .code = diag_code_id(code),
                       .place.file = path,
                       .message = message,
                       .help = help};

    problem_add(list, &problem);
}

/* The place of a span in the file that the user can edit. */
static void resolve(Problem *problem, const Sources *sources, Span span, Arena *arena)
{
    Source *source;

    span = sources_origin(sources, span);
    source = sources_get(sources, span.source);
    if (!source)
        return;
    problem->place.file = str_copy(arena, source->path);
    problem->from_here = true;
    problem->place.start = source_position(sources, source, span.start);
    problem->place.end = source_position(sources, source, span.end);
    problem->excerpt = str_copy(arena, source_line(sources, source, problem->place.start.line));
}

void problem_add_diags(ProblemList *list, const DiagSink *diags, const Sources *sources)
{
    for (const Diag *diag = diags->first; diag; diag = diag->next) {
        Problem problem = {.level = diag->level,
                           .code = diag_code_id(diag->code),
                           .place.file = str_copy(list->arena, diag->path),
                           .message = str_copy(list->arena, diag->message),
                           .help = str_copy(list->arena, diag->help)};
        if (sources && !span_is_none(diag->span))
            resolve(&problem, sources, diag->span, list->arena);
        problem_add(list, &problem);
    }
}

static int compare_problems(const void *a, const void *b)
{
    const Problem *x = a, *y = b;
    int order = str_cmp(x->place.file, y->place.file);

    if (order == 0)
        order = position_cmp(x->place.start, y->place.start);
    if (order == 0)
        order = strcmp(x->code, y->code);
    return order ? order : str_cmp(x->message, y->message);
}

/* What is wrong in a Terraform module is met with each of its callers. */
static void drop_repeated(ProblemList *list)
{
    uint32_t kept = 1;

    for (uint32_t i = 1; i < list->count; i++)
        if (list->items[i].place.start.line == 0 ||
            compare_problems(&list->items[kept - 1], &list->items[i]) != 0)
            list->items[kept++] = list->items[i];
    list->count = kept;
}

void problem_sort(ProblemList *list)
{
    if (!list->count)
        return;
    qsort(list->items, list->count, sizeof *list->items, compare_problems);
    drop_repeated(list);
}
