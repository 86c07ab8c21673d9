#include "scan/renders.h"

#include <stdlib.h>

static int compare_findings(const Verdict *x, const Verdict *y)
{
    int order = verdict_cmp(x, y);

    return order ? order : (int)x->status - (int)y->status;
}

/* Of the same, in the order of the renders. */
static int compare(const void *a, const void *b)
{
    const Verdict *const *x = a, *const *y = b;
    int order = compare_findings(*x, *y);

    return order ? order : (*x > *y) - (*x < *y);
}

/* Takes a verdict out of what was counted. */
static void uncount(Coverage *coverage, const Verdict *verdict)
{
    if (verdict->status == STATUS_FAIL)
        coverage->failed--;
    else if (verdict->status == STATUS_UNKNOWN)
        coverage->unknown--;
    else if (verdict->status == STATUS_SUPPRESSED)
        coverage->suppressed--;
    else
        coverage->passed--;
}

/* Makes one of `size` equal verdicts. One render may have it more than once. */
static Verdict merge(VerdictSink *sink, Verdict *const *same, uint32_t size, uint32_t count)
{
    Verdict verdict = *same[0];
    uint32_t renders = 1;

    for (uint32_t i = 1; i < size; i++) {
        uncount(&sink->coverage, same[i]);
        if (str_eq(same[i]->render, same[i - 1]->render))
            continue;
        verdict.render = str_format(sink->arena, "%.*s, %.*s", STR_ARG(verdict.render),
                                    STR_ARG(same[i]->render));
        renders++;
    }
    if (renders == count)
        verdict.render = STR("");
    else
        verdict.message = str_format(sink->arena, "%.*s, rendered with %.*s",
                                     STR_ARG(verdict.message), STR_ARG(verdict.render));
    return verdict;
}

static void merge_verdicts(VerdictSink *sink, uint32_t count)
{
    Verdict **order = calloc(sink->count + 1u, sizeof *order);
    Verdict *merged = ARENA_ARRAY(sink->arena, Verdict, sink->count + 1u);
    uint32_t left = 0;

    for (uint32_t i = 0; order && i < sink->count; i++)
        order[i] = &sink->verdicts[i];
    if (order && merged) {
        qsort(order, sink->count, sizeof *order, compare);
        for (uint32_t first = 0, next; first < sink->count; first = next) {
            for (next = first + 1;
                 next < sink->count && compare_findings(order[first], order[next]) == 0; next++)
                ;
            merged[left++] = merge(sink, order + first, next - first, count);
        }
        sink->verdicts = merged;
        sink->capacity = sink->count + 1u;
        sink->count = left;
    }
    free(order);
}

static bool is_failure(const Problem *problem)
{
    return problem->level == DIAG_ERROR &&
           strcmp(problem->code, diag_code_id(DIAG_HELM_TEMPLATE)) == 0;
}

/* Charts are often made for other values than their own. */
static void excuse_failures(VerdictSink *sink, uint32_t count)
{
    uint32_t failures = 0, errors = 0;

    for (uint32_t i = 0; i < sink->problem_count; i++) {
        errors += sink->problems[i].level == DIAG_ERROR;
        failures += is_failure(&sink->problems[i]);
    }
    if (failures == 0 || failures >= count)
        return;
    for (uint32_t i = 0; i < sink->problem_count; i++)
        if (is_failure(&sink->problems[i]))
            sink->problems[i].level = DIAG_WARNING;
    sink->coverage.files_broken = errors > failures;
}

void renders_merge(VerdictSink *sink, uint32_t count, bool strict)
{
    if (sink->count)
        merge_verdicts(sink, count);
    if (!strict)
        excuse_failures(sink, count);
}
