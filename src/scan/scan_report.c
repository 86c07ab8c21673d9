#include "scan/scan_report.h"

#include <stdlib.h>

#include "scan/fingerprint.h"
#include "scan/secret_lines.h"

/* --- order --- */

static int compare_verdicts(const void *a, const void *b)
{
    const Verdict *x = a, *y = b;
    int order = str_cmp(x->place.file, y->place.file);

    if (order == 0)
        order = position_cmp(x->place.start, y->place.start);
    if (order == 0)
        order = str_cmp(rule_id(x->rule), rule_id(y->rule));
    if (order == 0)
        order = str_cmp(x->resource, y->resource);
    if (order == 0)
        order = str_cmp(x->attribute, y->attribute);
    if (order == 0)
        order = str_cmp(x->element, y->element);
    return order ? order : str_cmp(x->message, y->message);
}

/* --- from a file's results to the scan's --- */

static void add_coverage(Coverage *sum, const Coverage *part)
{
    sum->files_read += part->files_read;
    sum->files_broken += part->files_broken;
    sum->resources += part->resources;
    sum->passed += part->passed;
    sum->failed += part->failed;
    sum->unknown += part->unknown;
    sum->suppressed += part->suppressed;
}

static bool is_finding(const Verdict *verdict)
{
    return verdict->status == STATUS_FAIL && verdict->standing != STANDING_UNCHANGED;
}

static void count_verdict(Scan *scan, const Verdict *verdict)
{
    if (!is_finding(verdict))
        return;
    scan->result->failed[verdict->severity]++;
    scan->result->blocking +=
        scan->options->blocks && verdict->enabled && verdict->severity >= scan->options->fail_on;
}

static void show_related(const ScanRoot *root, const Verdict *verdict, Str before, Str shown,
                         Arena *arena)
{
    for (uint32_t i = 0; i < verdict->related_count; i++) {
        Place *related = &verdict->related[i].place;
        if (related->path.size)
            continue;
        /* Without a line it is a name from elsewhere, such as that of a Helm template. */
        related->path = related->file;
        if (related->start.line)
            related->file = before.data && str_eq(related->file, before)
                                ? shown
                                : discover_shown(root, related->file, arena);
    }
}

/* Paths as reports show them: of most verdicts, the same as of the one before. */
static void show_paths(const ScanRoot *root, Verdict *verdicts, uint32_t count, Arena *arena)
{
    Str before = {0}, shown = {0};

    for (uint32_t i = 0; i < count; i++) {
        Place *place = &verdicts[i].place;
        if (place->path.size) {
            show_related(root, &verdicts[i], before, shown, arena);
            continue;
        }
        if (!before.data || !str_eq(before, place->file)) {
            before = place->file;
            shown = discover_shown(root, before, arena);
        }
        place->file = shown;
        place->path = before;
        show_related(root, &verdicts[i], before, shown, arena);
    }
}

static void note_failed(Scan *scan, Severity severity)
{
    if (!scan->any_failed || severity > scan->worst)
        scan->worst = severity;
    scan->any_failed = true;
}

/* Decides by what the filters leave, and drops what was kept for that alone. */
static uint32_t judge_findings(Scan *scan, Verdict *verdicts, uint32_t count)
{
    uint32_t left = 0;

    for (uint32_t i = 0; i < count; i++) {
        if (is_finding(&verdicts[i]) && verdicts[i].enabled)
            note_failed(scan, verdicts[i].severity);
        if (verdicts[i].status != STATUS_FAIL || verdicts[i].severity >= scan->options->report_at)
            verdicts[left++] = verdicts[i];
    }
    return left;
}

/* Hands over what the filters from `filter` on leave. */
static void hand_over(Scan *scan, uint32_t filter, bool touched, Verdict *verdicts, uint32_t count)
{
    const ScanOptions *options = scan->options;

    for (uint32_t i = filter; i < options->filter_count; i++)
        count = options->filters[i].take(options->filters[i].context, touched, verdicts, count);
    if (options->filter_count)
        count = judge_findings(scan, verdicts, count);
    for (uint32_t i = 0; i < count; i++)
        count_verdict(scan, &verdicts[i]);
    if (count)
        scan->observer->verdicts(scan->observer->context, verdicts, count);
}

/* What filters held back. */
void report_end_filters(Scan *scan)
{
    for (uint32_t i = 0; i < scan->options->filter_count; i++) {
        const VerdictFilter *filter = &scan->options->filters[i];
        Verdict *verdicts = NULL;
        uint32_t count = filter->end ? filter->end(filter->context, &verdicts) : 0;
        if (count)
            hand_over(scan, i + 1, true, verdicts, count);
        if (filter->finish)
            filter->finish(filter->context, &scan->problems);
    }
}

/* What comes out of a pipe, or of git, is no file to change. */
static void place_fixes(const ScanRoot *root, Verdict *verdicts, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        if (root->dir < 0 || root->tree)
            verdicts[i].fix = NULL;
        else if (verdicts[i].fix)
            verdicts[i].fix->root = root->boundary;
    }
}

static void report_verdicts(Scan *scan, const ScanRoot *root, Done *done)
{
    VerdictSink *sink = &done->sink;

    if (!sink->count)
        return;
    fingerprints_finish(sink->verdicts, sink->count);
    show_paths(root, sink->verdicts, sink->count, done->arena);
    if (scan->options->eval.keep_fixes)
        place_fixes(root, sink->verdicts, sink->count);
    hand_over(scan, 0, done->touched, sink->verdicts, sink->count);
}

/* Problems stay until the end of the scan, and are few. */
static void keep_problems(Scan *scan, const ScanRoot *root, const VerdictSink *sink)
{
    for (uint32_t i = 0; i < sink->problem_count; i++) {
        Problem problem = sink->problems[i];
        Place *place = &problem.place;
        bool settled = place->path.size > 0;
        Str shown = settled ? place->file : discover_shown(root, place->file, scan->arena);
        place->path = str_copy(scan->arena, settled ? place->path : place->file);
        place->file = str_copy(scan->arena, shown);
        problem.message = str_copy(scan->arena, problem.message);
        problem.help = str_copy(scan->arena, problem.help);
        problem.excerpt = str_copy(scan->arena, problem.excerpt);
        problem_add(&scan->problems, &problem);
    }
}

static void report_file(Scan *scan, Done *done)
{
    const ScanRoot *root = &scan->found.roots[done->file.root];

    scan->out_of_memory |= done->starved || arena_spent(done->arena);
    if (done->outcome == UNIT_NONE)
        return;
    if (done->outcome == UNIT_LIBRARY) {
        discover_ignore(&scan->found, root, done->file.path,
                        "library chart; it is rendered with the charts that use it");
        return;
    }
    if (done->outcome == UNIT_TEMPLATE) {
        discover_ignore(&scan->found, root, done->file.path, "template that nobody has rendered");
        return;
    }
    if (done->sink.any_failed && !scan->options->filter_count)
        note_failed(scan, done->sink.worst);
    add_coverage(&scan->result->coverage, &done->sink.coverage);
    if (done->sink.count)
        qsort(done->sink.verdicts, done->sink.count, sizeof *done->sink.verdicts, compare_verdicts);
    secret_lines_hide(&done->sink);
    keep_problems(scan, root, &done->sink);
    report_verdicts(scan, root, done);
}

/* Reports all files whose turn it is. */
void report_ready(Scan *scan)
{
    while (scan->next < scan->taken && scan->window[scan->next % WINDOW]->finished) {
        Done *done = scan->window[scan->next++ % WINDOW];
        report_file(scan, done);
        scan->spare[scan->spare_count++] = done->arena;
    }
    if (scan->observer->files)
        scan->observer->files(scan->observer->context, scan->next);
    pthread_cond_broadcast(&scan->reported);
}
