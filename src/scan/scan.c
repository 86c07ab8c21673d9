#include "scan/scan.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/limits.h"
#include "base/workers.h"
#include "scan/fingerprint.h"
#include "scan/problem.h"
#include "scan/unit_read.h"

/* What a worker's arena keeps from one unit to the next. */
#define UNIT_KEEP_BYTES ((size_t)2 << 20)
/* Files from this size on are judged first, so that none of them is alone at the end. */
#define LARGE_FILE_BYTES ((uint64_t)1 << 20)
/* Another worker pays off from so many files on. */
#define FILES_PER_WORKER 4u
#define MAX_JOBS 64u

/* What was found in one file and waits for its turn to be reported. It lies in its own arena. */
typedef struct Done {
    Arena *arena;
    struct Done *next_free;
    UnitOutcome outcome;
    VerdictSink sink;
} Done;

typedef struct Worker {
    Arena *arena; /* of the unit that it works on; NULL before its first */
    Evaluator *evaluator;
    uint8_t *rules_used;
} Worker;

typedef struct Scan {
    const ScanOptions *options;
    const ScanObserver *observer;
    ScanResult *result;
    Arena *arena;
    Discovery found;
    CelPatterns *patterns;
    uint32_t rule_count;
    uint32_t *order; /* task to file */
    Done **done;     /* by file; NULL while it is not done */
    Done nothing;    /* stands for a file with nothing to report */
    uint32_t next;   /* the file whose turn it is */
    Arena **spare;   /* arenas of reported files, for further ones */
    uint32_t spare_count;
    Worker *workers;
    uint32_t worker_count;
    ProblemList problems;
    uint32_t ignored_capacity;
    Severity worst;
    bool any_failed;
    bool out_of_memory;
    pthread_mutex_t lock; /* guards all but options and found while workers run */
} Scan;

/* --- order --- */

static int compare_numbers(uint32_t a, uint32_t b)
{
    return (a > b) - (a < b);
}

static int compare_verdicts(const void *a, const void *b)
{
    const Verdict *x = a, *y = b;
    int order = str_cmp(x->place.file, y->place.file);

    if (order == 0)
        order = compare_numbers(x->place.start.line, y->place.start.line);
    if (order == 0)
        order = compare_numbers(x->place.start.column, y->place.start.column);
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

static void add_ignored(Scan *scan, Str path, const char *reason)
{
    ScanResult *result = scan->result;
    Ignored *grown =
        arena_grow(scan->arena, result->ignored, result->ignored_count, &scan->ignored_capacity,
                   (size_t)result->ignored_count + 1, sizeof *grown);

    if (!grown)
        return;
    result->ignored = grown;
    grown[result->ignored_count++] = (Ignored){path, str_of(reason)};
}

static void count_verdict(Scan *scan, const Verdict *verdict)
{
    if (verdict->status != STATUS_FAIL)
        return;
    scan->result->failed[verdict->severity]++;
    scan->result->blocking +=
        scan->options->blocks && verdict->enabled && verdict->severity >= scan->options->fail_on;
}

/* Paths as reports show them: of most verdicts, the same as of the one before. */
static void show_paths(const ScanRoot *root, Verdict *verdicts, uint32_t count, Arena *arena)
{
    Str before = {0}, shown = {0};

    for (uint32_t i = 0; i < count; i++) {
        Place *place = &verdicts[i].place;
        if (!before.data || !str_eq(before, place->file)) {
            before = place->file;
            shown = discover_shown(root, before, arena);
        }
        place->file = shown;
        for (uint32_t j = 0; j < verdicts[i].related_count; j++) {
            Place *related = &verdicts[i].related[j].place;
            /* Without a line it is a name from elsewhere, such as that of a Helm template. */
            if (related->start.line)
                related->file = str_eq(related->file, before)
                                    ? shown
                                    : discover_shown(root, related->file, arena);
        }
    }
}

static void report_verdicts(Scan *scan, const ScanRoot *root, Done *done)
{
    VerdictSink *sink = &done->sink;

    if (!sink->count)
        return;
    qsort(sink->verdicts, sink->count, sizeof *sink->verdicts, compare_verdicts);
    fingerprints_finish(sink->verdicts, sink->count);
    show_paths(root, sink->verdicts, sink->count, done->arena);
    for (uint32_t i = 0; i < sink->count; i++)
        count_verdict(scan, &sink->verdicts[i]);
    scan->observer->verdicts(scan->observer->context, sink->verdicts, sink->count);
}

/* Problems stay until the end of the scan, and are few. */
static void keep_problems(Scan *scan, const ScanRoot *root, const VerdictSink *sink)
{
    for (uint32_t i = 0; i < sink->problem_count; i++) {
        Problem problem = sink->problems[i];
        Str shown = discover_shown(root, problem.place.file, scan->arena);
        problem.place.file = str_copy(scan->arena, shown);
        problem.message = str_copy(scan->arena, problem.message);
        problem.help = str_copy(scan->arena, problem.help);
        problem.excerpt = str_copy(scan->arena, problem.excerpt);
        problem_add(&scan->problems, &problem);
    }
}

static void report_file(Scan *scan, uint32_t number, Done *done)
{
    const FoundFile *file = &scan->found.files[number];
    const ScanRoot *root = &scan->found.roots[file->root];

    if (done->outcome == UNIT_TEMPLATE) {
        add_ignored(scan, discover_shown(root, file->path, scan->arena),
                    "template that nobody has rendered");
        scan->result->coverage.files_ignored++;
        return;
    }
    if (done->sink.any_failed && (!scan->any_failed || done->sink.worst > scan->worst)) {
        scan->any_failed = true;
        scan->worst = done->sink.worst;
    }
    add_coverage(&scan->result->coverage, &done->sink.coverage);
    keep_problems(scan, root, &done->sink);
    report_verdicts(scan, root, done);
}

/* Reports all files whose turn it is. */
static void report_ready(Scan *scan)
{
    for (; scan->next < scan->found.file_count && scan->done[scan->next]; scan->next++) {
        Done *done = scan->done[scan->next];
        if (done == &scan->nothing)
            continue;
        report_file(scan, scan->next, done);
        scan->spare[scan->spare_count++] = done->arena;
    }
}

/* --- workers --- */

static bool prepare(Scan *scan, Worker *worker)
{
    if (worker->arena)
        return true;
    worker->evaluator = evaluator_new(&scan->options->eval, scan->patterns);
    worker->rules_used = calloc(scan->rule_count + 1, 1);
    worker->arena = arena_new(LIMIT_UNIT_BYTES);
    return worker->arena && worker->evaluator && worker->rules_used;
}

static Done *done_new(Scan *scan)
{
    Arena *arena = NULL;
    Done *done;

    pthread_mutex_lock(&scan->lock);
    if (scan->spare_count)
        arena = scan->spare[--scan->spare_count];
    pthread_mutex_unlock(&scan->lock);
    if (!arena)
        arena = arena_new(LIMIT_UNIT_BYTES);
    if (!arena)
        return NULL;
    arena_rewind(arena, 0);
    arena_trim(arena, UNIT_KEEP_BYTES);
    done = ARENA_NEW(arena, Done);
    if (done)
        done->arena = arena;
    else
        arena_free(arena);
    return done;
}

static void report_spent(const FoundFile *file, VerdictSink *sink)
{
    Unit unit = unit_new(sink->arena, NULL, NULL);

    diag_path_error(&unit.diags, DIAG_MEMORY_SPENT, file->path,
                    "judging this file takes more memory than there is");
    sink_problems(sink, &unit);
}

/* Reads and judges one file. */
static void judge(Scan *scan, Worker *worker, const FoundFile *file, Done *done)
{
    const EvalOptions *eval = &scan->options->eval;
    Unit unit = unit_new(worker->arena, eval->symbols, scan->options->defaults);
    VerdictSink *sink = &done->sink;

    done->outcome = unit_read(&unit, &scan->found.roots[file->root], file);
    if (done->outcome != UNIT_READ)
        return;
    *sink = (VerdictSink){.arena = done->arena, .rules_used = worker->rules_used};
    evaluator_judge(worker->evaluator, &unit, sink);
    sink->coverage.files_read = unit_file_count(file);
    sink->coverage.files_broken = unit.diags.errors > 0 || arena_spent(worker->arena);
    if (arena_spent(worker->arena))
        report_spent(file, sink);
}

static void finish(Scan *scan, uint32_t number, Done *done)
{
    pthread_mutex_lock(&scan->lock);
    scan->out_of_memory |= !done || arena_spent(done->arena);
    if (done && done->outcome == UNIT_NONE) {
        scan->spare[scan->spare_count++] = done->arena;
        done = &scan->nothing;
    }
    scan->done[number] = done ? done : &scan->nothing;
    report_ready(scan);
    pthread_mutex_unlock(&scan->lock);
}

static void work(void *context, uint32_t number, uint32_t task)
{
    Scan *scan = context;
    Worker *worker = &scan->workers[number];
    Done *done = NULL;

    if (prepare(scan, worker))
        done = done_new(scan);
    if (done) {
        arena_rewind(worker->arena, 0);
        arena_trim(worker->arena, UNIT_KEEP_BYTES);
        judge(scan, worker, &scan->found.files[scan->order[task]], done);
    }
    finish(scan, scan->order[task], done);
}

static void free_worker(Worker *worker)
{
    arena_free(worker->arena);
    evaluator_free(worker->evaluator);
    free(worker->rules_used);
}

/* --- the scan --- */

static uint32_t count_rules(const EvalOptions *eval)
{
    uint32_t count = 0;

    for (uint32_t i = 0; i < eval->set_count; i++)
        count += ruleset_rule_count(eval->sets[i]);
    return count;
}

static uint32_t choose_workers(const Scan *scan)
{
    uint32_t jobs = scan->options->jobs ? scan->options->jobs : workers_available();
    uint32_t useful = scan->found.file_count / FILES_PER_WORKER + 1;

    for (uint32_t i = 0; i < scan->found.file_count; i++)
        useful += scan->found.files[i].size >= LARGE_FILE_BYTES;
    if (jobs > useful)
        jobs = useful;
    return jobs < MAX_JOBS ? jobs : MAX_JOBS;
}

/* Large files first, the largest before the others; the rest in the order of the report, so that
 * few results have to wait. */
static void order_files(Scan *scan)
{
    const FoundFile *files = scan->found.files;
    uint32_t large = 0, count = 0;

    for (uint32_t i = 0; i < scan->found.file_count; i++) {
        uint32_t at = large;
        if (files[i].size < LARGE_FILE_BYTES)
            continue;
        for (; at > 0 && files[scan->order[at - 1]].size < files[i].size; at--)
            scan->order[at] = scan->order[at - 1];
        scan->order[at] = i;
        large++;
    }
    count = large;
    for (uint32_t i = 0; i < scan->found.file_count; i++)
        if (files[i].size < LARGE_FILE_BYTES)
            scan->order[count++] = i;
}

static bool allocate(Scan *scan)
{
    uint32_t count = scan->found.file_count;

    scan->rule_count = count_rules(&scan->options->eval);
    scan->worker_count = choose_workers(scan);
    scan->workers = ARENA_ARRAY(scan->arena, Worker, scan->worker_count);
    scan->order = ARENA_ARRAY(scan->arena, uint32_t, count);
    scan->done = ARENA_ARRAY(scan->arena, Done *, count);
    scan->spare = ARENA_ARRAY(scan->arena, Arena *, count);
    scan->patterns = cel_patterns_new();
    return scan->workers && scan->order && scan->done && scan->spare && scan->patterns;
}

/* Rules that judged something and count. */
static uint32_t count_rules_used(const Scan *scan)
{
    uint32_t count = 0;

    for (uint32_t rule = 0; rule < scan->rule_count; rule++) {
        bool used = false;
        for (uint32_t i = 0; i < scan->worker_count && !used; i++)
            used = scan->workers[i].rules_used && scan->workers[i].rules_used[rule];
        count += used;
    }
    return count;
}

static void judge_all(Scan *scan)
{
    order_files(scan);
    pthread_mutex_init(&scan->lock, NULL);
    workers_run(scan->worker_count, scan->found.file_count, work, scan);
    pthread_mutex_destroy(&scan->lock);
    scan->result->coverage.rules = count_rules_used(scan);
    for (uint32_t i = 0; i < scan->worker_count; i++)
        free_worker(&scan->workers[i]);
    for (uint32_t i = 0; i < scan->spare_count; i++)
        arena_free(scan->spare[i]);
}

static void start_result(Scan *scan)
{
    const Discovery *found = &scan->found;

    problem_add_diags(&scan->problems, &found->diags, NULL);
    scan->result->coverage.files_seen = found->files_seen;
    scan->result->coverage.files_ignored = found->files_ignored;
    for (uint32_t i = 0; i < found->ignored_count; i++) {
        const IgnoredFile *file = &found->ignored[i];
        add_ignored(scan, discover_shown(&found->roots[file->root], file->path, scan->arena),
                    file->reason);
    }
}

static void report_empty(Scan *scan)
{
    const Coverage *coverage = &scan->result->coverage;
    Str message = str_format(scan->arena, "no input that plumb knows among %u %s",
                             coverage->files_seen, coverage->files_seen == 1 ? "file" : "files");

    if (coverage->files_read == 0 && !scan->options->allow_empty)
        problem_error(&scan->problems, DIAG_NO_INPUT, STR(""), message,
                      STR("name another path, or use --allow-empty where that is meant so"));
}

static int compare_ignored(const void *a, const void *b)
{
    const Ignored *x = a, *y = b;

    return str_cmp(x->path, y->path);
}

static void end_result(Scan *scan, bool found)
{
    ScanResult *result = scan->result;
    const ScanOptions *options = scan->options;

    if (found)
        report_empty(scan);
    if (scan->out_of_memory || arena_spent(scan->arena))
        problem_error(&scan->problems, DIAG_MEMORY_SPENT, STR(""), STR("memory is short"), STR(""));
    problem_sort(&scan->problems);
    if (result->ignored_count)
        qsort(result->ignored, result->ignored_count, sizeof *result->ignored, compare_ignored);
    result->problems = scan->problems.items;
    result->problem_count = scan->problems.count;
    if (scan->problems.errors)
        result->status = SCAN_INCOMPLETE;
    else if (options->blocks && scan->any_failed && scan->worst >= options->fail_on)
        result->status = SCAN_FAILED;
}

void scan_run(const ScanOptions *options, const ScanObserver *observer, Arena *arena,
              ScanResult *result)
{
    Scan scan = {.options = options,
                 .observer = observer,
                 .result = result,
                 .arena = arena,
                 .problems = problem_list(arena)};
    bool found;

    *result = (ScanResult){0};
    found = discover(options->arguments, options->argument_count, &options->discover, arena,
                     &scan.found);
    start_result(&scan);
    if (found && scan.found.file_count) {
        if (allocate(&scan))
            judge_all(&scan);
        else
            scan.out_of_memory = true;
        cel_patterns_free(scan.patterns);
    }
    end_result(&scan, found);
    discover_close(&scan.found);
}
