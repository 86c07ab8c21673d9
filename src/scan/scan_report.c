#include "scan/scan_report.h"

#include "scan/fingerprint.h"
#include "scan/repeats.h"
#include "scan/schedule.h"
#include "scan/secret_lines.h"
#include "scan/sink.h"

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

void scan_note_failed(Scan *scan, Severity severity)
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
            scan_note_failed(scan, verdicts[i].severity);
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

/* Of files that the user named and that were judged together, each has its own root. */
static const ScanRoot *root_of(const Scan *scan, const Done *done, Str path)
{
    const ScanRoot *own = &scan->found.roots[done->file.root];

    if (!own->is_file || done->file.member_count < 2)
        return own;
    for (uint32_t i = 0; i < scan->found.root_count; i++) {
        const ScanRoot *root = &scan->found.roots[i];
        if (root->is_file && root->dir >= 0 && str_eq(root->boundary, own->boundary) &&
            str_starts(path, root->prefix) && str_eq(str_from(path, root->prefix.size), root->file))
            return root;
    }
    return own;
}

/* The file of a verdict that was not reported yet. */
static Str path_of(const Verdict *verdict)
{
    return verdict->place.path.size ? verdict->place.path : verdict->place.file;
}

void scan_report_verdicts(Scan *scan, const ScanRoot *root, bool touched, Verdict *verdicts,
                          uint32_t count, Arena *arena)
{
    fingerprints_finish(verdicts, count);
    show_paths(root, verdicts, count, arena);
    if (scan->options->eval.keep_fixes)
        place_fixes(root, verdicts, count);
    hand_over(scan, 0, touched, verdicts, count);
}

/* Reports the next `count` verdicts, which are of one file, if they need not wait. */
static void report_some(Scan *scan, Done *done, const ScanRoot *root, uint32_t count)
{
    Verdict *verdicts = done->sink.verdicts + done->reported;

    done->reported += count;
    if (!held_keep(scan, done, root, verdicts, count))
        scan_report_verdicts(scan, root, done->touched, verdicts, held_settle(verdicts, count),
                             done->arena);
}

/* Whether what a file of it has comes before `next`; NULL: the end. */
static bool is_due(const Scan *scan, const Done *done, const ScanRoot *root, Str file,
                   const FoundFile *next)
{
    if (!next)
        return true;
    if (root->is_file || next->root != done->file.root)
        return root < &scan->found.roots[next->root];
    return str_cmp(file, next->path) < 0;
}

/* How many verdicts from number `from` on are of one file. */
static uint32_t count_of_file(const VerdictSink *sink, uint32_t from)
{
    uint32_t to = from + 1;

    while (to < sink->count && str_eq(path_of(&sink->verdicts[to]), path_of(&sink->verdicts[from])))
        to++;
    return to - from;
}

/* Reports what there is of files before `next`; NULL: all there is. */
static void report_until(Scan *scan, Done *done, const FoundFile *next)
{
    const VerdictSink *sink = &done->sink;

    while (done->reported < sink->count) {
        Str file = path_of(&sink->verdicts[done->reported]);
        const ScanRoot *root = root_of(scan, done, file);
        if (!is_due(scan, done, root, file, next))
            return;
        report_some(scan, done, root, count_of_file(sink, done->reported));
    }
}

/* Keeps the arena of a file that is reported for another one. */
static void spare(Scan *scan, Arena *arena)
{
    if (scan->spare_count == WINDOW) {
        arena_free(arena);
        return;
    }
    arena_rewind(arena, 0);
    arena_trim(arena, RESULT_KEEP_BYTES);
    scan->spare[scan->spare_count++] = arena;
}

/* Reports what other files have kept waiting and comes before `next`; NULL at the end. */
static void report_open(Scan *scan, const FoundFile *next)
{
    while (scan->open) {
        Done *done = scan->open;
        report_until(scan, done, next);
        if (done->reported < done->sink.count)
            return;
        scan->open = done->below;
        spare(scan, done->arena);
    }
}

/* A text of a problem, which often is that of the one before it. */
static Str keep_text(Scan *scan, Str text, Str before)
{
    return str_eq(text, before) ? before : str_copy(scan->arena, text);
}

static void keep_problem(Scan *scan, const Done *done, const Problem *problem)
{
    static const Problem none = {0};
    const Problem *before = scan->problem_last ? &scan->problem_last->problem : &none;
    KeptProblem *kept = ARENA_NEW(scan->arena, KeptProblem);
    const Place *place = &problem->place;
    bool settled = place->path.size > 0;
    Problem *copy;

    if (!kept)
        return;
    copy = &kept->problem;
    *copy = *problem;
    copy->place.path = keep_text(scan, settled ? place->path : place->file, before->place.path);
    copy->place.file =
        settled ? keep_text(scan, place->file, before->place.file)
                : discover_shown(root_of(scan, done, place->file), copy->place.path, scan->arena);
    copy->message = keep_text(scan, problem->message, before->message);
    copy->help = keep_text(scan, problem->help, before->help);
    copy->excerpt = keep_text(scan, problem->excerpt, before->excerpt);
    if (scan->problem_last)
        scan->problem_last->next = kept;
    else
        scan->problem_first = kept;
    scan->problem_last = kept;
}

/* Problems stay until the end of the scan. */
static void keep_problems(Scan *scan, const Done *done)
{
    for (uint32_t i = 0; i < done->sink.problem_count; i++)
        keep_problem(scan, done, &done->sink.problems[i]);
}

void scan_report_problems(Scan *scan)
{
    for (const KeptProblem *kept = scan->problem_first; kept; kept = kept->next)
        problem_add(&scan->problems, &kept->problem);
}

static void report_left(Scan *scan, const Done *done)
{
    for (uint32_t i = 0; i < done->left_count; i++) {
        const LeftFile *left = &done->left[i];
        discover_ignore(&scan->found, root_of(scan, done, left->path), left->path, left->reason);
    }
}

/* Files that the user named are reported in his order. */
static void order_by_root(const Scan *scan, Done *done)
{
    VerdictSink *sink = &done->sink;
    Verdict *ordered = ARENA_ARRAY(done->arena, Verdict, sink->count);
    uint32_t at = 0, count;

    for (uint32_t r = done->file.root; ordered && r < scan->found.root_count; r++) {
        for (uint32_t i = 0; i < sink->count; i += count) {
            count = count_of_file(sink, i);
            if (root_of(scan, done, path_of(&sink->verdicts[i])) != &scan->found.roots[r])
                continue;
            memcpy(ordered + at, sink->verdicts + i, count * sizeof *ordered);
            at += count;
        }
    }
    if (at == sink->count)
        sink->verdicts = ordered;
}

/* Leaves the verdicts that are said, in the order in which they are. */
static void settle_verdicts(Scan *scan, Done *done)
{
    VerdictSink *sink = &done->sink;

    if (!sink->count)
        return;
    if (scan->found.roots[done->file.root].is_file && found_is_scope(&done->file))
        order_by_root(scan, done);
    if (done->file.name == NAME_KUSTOMIZATION) {
        fingerprints_finish(sink->verdicts, sink->count);
        sink->count = repeats_drop(&scan->kustomized, done->file.path, sink->verdicts, sink->count,
                                   &sink->coverage);
    }
    sink_settle(sink, &scan->options->eval);
}

/* Whether there is no file after those that were taken. */
static bool is_last(Scan *scan)
{
    return scan->next == scan->taken && (scan->exhausted || !schedule_take(scan));
}

static void report_file(Scan *scan, Done *done)
{
    scan->out_of_memory |= done->starved || arena_spent(done->arena);
    report_left(scan, done);
    held_meet(scan, done);
    if (is_last(scan))
        held_end(scan);
    if (!done->read)
        return;
    if (done->sink.any_failed && !scan->options->filter_count)
        scan_note_failed(scan, done->sink.worst);
    settle_verdicts(scan, done);
    add_coverage(&scan->result->coverage, &done->sink.coverage);
    secret_lines_hide(&done->sink);
    keep_problems(scan, done);
}

/* Reports all files whose turn it is. */
void scan_report_ready(Scan *scan)
{
    while (scan->next < scan->taken && scan->window[scan->next % WINDOW]->finished) {
        Done *done = scan->window[scan->next++ % WINDOW];
        report_open(scan, &done->file);
        report_file(scan, done);
        if (found_is_scope(&done->file)) {
            done->below = scan->open;
            scan->open = done;
            continue;
        }
        report_until(scan, done, NULL);
        spare(scan, done->arena);
    }
    if (scan->observer->files)
        scan->observer->files(scan->observer->context, scan->next);
    pthread_cond_broadcast(&scan->reported);
}

void scan_report_rest(Scan *scan)
{
    held_end(scan);
    report_open(scan, NULL);
}

void scan_report_filtered(Scan *scan)
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
