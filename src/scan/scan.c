#include "scan/scan.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/limits.h"
#include "base/workers.h"
#include "scan/file_cache.h"
#include "scan/fingerprint.h"
#include "scan/module_calls.h"
#include "scan/plan_tree.h"
#include "scan/problem.h"
#include "scan/score.h"
#include "scan/secret_lines.h"
#include "scan/unit_read.h"

#define MAX_JOBS 64u

/* What an arena keeps from one file to the next: that of a worker, and one of results. */
#define UNIT_KEEP_BYTES ((size_t)2 << 20)
#define RESULT_KEEP_BYTES ((size_t)64 << 10)
/* Files between the one whose turn it is and the newest that a worker has, for each worker. */
#define AHEAD 8u
#define WINDOW (AHEAD * MAX_JOBS)
/* More than one worker pays off from so many files, or so many bytes of JSON, on. */
/* Files that a walk remembers, so that it need not be done twice. */
#define AHEAD_MAX 20000u
#define FIRST_FILES 4u
#define FIRST_BYTES ((uint64_t)1 << 20)

/* One file, from its discovery to its report; all of it lies in its own arena. */
typedef struct Done {
    Arena *arena;
    FoundFile file;
    UnitOutcome outcome;
    bool finished;
    bool starved;   /* there was no memory to judge it */
    bool elsewhere; /* a module that is judged where it is called */
    bool touched;   /* by what Selection knows of */
    VerdictSink sink;
} Done;

typedef struct Worker {
    Arena *arena; /* of the unit that it works on; NULL before its first */
    Evaluator *evaluator;
    uint8_t *rules_used;
    RuleTally *tallies; /* of units that changes touch, or of all where nothing is known of those */
    RuleTally *untouched; /* of the others */
} Worker;

typedef struct Scan {
    const ScanOptions *options;
    const ScanObserver *observer;
    ScanResult *result;
    Arena *arena;
    CelPatterns *patterns;
    uint32_t rule_count;
    RuleTally *tallies;   /* one for each rule: those of all workers */
    RuleTally *untouched; /* of these: of units that changes do not touch */
    Worker *workers;
    uint32_t worker_count;

    /* What follows is guarded by `lock` while workers run. */
    pthread_mutex_t lock;
    pthread_cond_t reported;
    Discovery found;
    DiscoverOptions source_options;
    Discovery source; /* its one root, if any, is where plans were made */
    FoundFile *ahead; /* found while looking for calls, and not taken yet */
    uint32_t ahead_count;
    uint32_t ahead_capacity;
    uint32_t ahead_at;
    Arena *ahead_arena;
    const ModuleCalls *calls; /* NULL before the first Terraform file */
    Done *window[WINDOW];     /* files by number: from `next`, whose turn it is, up to `taken` */
    uint64_t next;
    uint64_t taken;
    uint64_t given;     /* how many of them a worker has */
    bool exhausted;     /* no file is left */
    bool sole_manifest; /* what is scanned is a tree, whole, with one file that may be a manifest */
    Arena *spare[WINDOW];
    uint32_t spare_count;
    ProblemList problems;
    Severity worst;
    bool any_failed;
    bool out_of_memory;
} Scan;

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
static void end_filters(Scan *scan)
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
static void report_ready(Scan *scan)
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

/* --- files on their way --- */

static Done *done_new(Scan *scan)
{
    Arena *arena =
        scan->spare_count ? scan->spare[--scan->spare_count] : arena_new(LIMIT_UNIT_BYTES);
    Done *done;

    if (!arena)
        return NULL;
    arena_rewind(arena, 0);
    arena_trim(arena, RESULT_KEEP_BYTES);
    done = ARENA_NEW(arena, Done);
    if (done)
        done->arena = arena;
    else
        arena_free(arena);
    return done;
}

/* Finds the files to come, as many as are worth remembering. False where there are more. */
static bool read_ahead(Scan *scan, ModuleCalls *calls, Arena *scratch)
{
    FoundFile file = {0}, *grown;

    while (discover_next(&scan->found, scan->ahead_arena, &file)) {
        grown = arena_grow(scan->ahead_arena, scan->ahead, scan->ahead_count, &scan->ahead_capacity,
                           (size_t)scan->ahead_count + 1, sizeof *grown);
        if (!grown)
            return false;
        scan->ahead = grown;
        grown[scan->ahead_count++] = file;
        module_calls_add(calls, &scan->found.roots[file.root], &file, scratch);
        if (scan->ahead_count == AHEAD_MAX)
            return false;
        file = (FoundFile){0};
    }
    return true;
}

/* Which directories others call, known before the first is judged. The walk goes on to its end for
 * it; through a very large tree another one goes. */
static const ModuleCalls *find_calls(Scan *scan, const FoundFile *first)
{
    const ScanOptions *options = scan->options;
    const Changes *changes = options->selection ? options->selection->changes : NULL;
    ModuleCalls *calls = module_calls_new(changes, scan->arena);
    Arena *scratch = arena_new(LIMIT_UNIT_BYTES);
    bool good;

    scan->ahead_arena = arena_new(LIMIT_UNIT_BYTES);
    good = calls && scratch && scan->ahead_arena;
    /* Workers look into a cache without a lock. */
    for (uint32_t i = 0; good && !scan->workers && i < scan->found.root_count; i++)
        scan->found.roots[i].cache = file_cache_new(scan->ahead_arena);
    if (good) {
        module_calls_add(calls, &scan->found.roots[first->root], first, scratch);
        good = read_ahead(scan, calls, scratch) && module_calls_decide(calls, scratch);
    }
    arena_free(scratch);
    return good ? calls
                : module_calls_find(options->arguments, options->argument_count, &options->discover,
                                    changes, scan->arena);
}

/* With a selection they are known from the first file on, for it to tell what is touched. */
static void know_calls(Scan *scan, const FoundFile *file)
{
    Selection *selection = scan->options->selection;
    Side side = scan->options->side;

    if (scan->calls ||
        (!selection && file->name != NAME_TERRAFORM && file->name != NAME_TERRAGRUNT))
        return;
    if (selection && (side == SIDE_BEFORE || selection->calls[side]))
        scan->calls = selection_calls(selection, side);
    else
        scan->calls = find_calls(scan, file);
    if (selection)
        selection->calls[side] = scan->calls;
}

/* The next file of the walk. */
static bool next_file(Scan *scan, Arena *arena, FoundFile *file)
{
    if (scan->ahead_at < scan->ahead_count) {
        *file = scan->ahead[scan->ahead_at++];
        return true;
    }
    return discover_next(&scan->found, arena, file);
}

/* Whether a Terraform module is judged through those that call it. */
static bool is_elsewhere(Scan *scan, const FoundFile *file)
{
    return file->name == NAME_TERRAFORM && !file->given &&
           module_calls_has(scan->calls, &scan->found.roots[file->root], found_directory(file));
}

/* Takes the next file of the walk into the window. False when there is none. */
static bool take_file(Scan *scan)
{
    Done *done = scan->exhausted ? NULL : done_new(scan);

    if (!done) {
        scan->out_of_memory |= !scan->exhausted;
        scan->exhausted = true;
        return false;
    }
    if (!next_file(scan, done->arena, &done->file)) {
        scan->exhausted = true;
        scan->spare[scan->spare_count++] = done->arena;
        return false;
    }
    know_calls(scan, &done->file);
    done->touched =
        !scan->options->selection ||
        selection_has(scan->options->selection, &scan->found.roots[done->file.root], &done->file);
    done->elsewhere = is_elsewhere(scan, &done->file);
    scan->window[scan->taken++ % WINDOW] = done;
    return true;
}

/* The next file for a worker; NULL when there is none. */
static Done *give_file(Scan *scan)
{
    Done *done = NULL;

    pthread_mutex_lock(&scan->lock);
    while (scan->given == scan->taken && scan->taken - scan->next >= AHEAD * scan->worker_count)
        pthread_cond_wait(&scan->reported, &scan->lock);
    if (scan->given < scan->taken || take_file(scan))
        done = scan->window[scan->given++ % WINDOW];
    pthread_mutex_unlock(&scan->lock);
    return done;
}

static void finish(Scan *scan, Done *done)
{
    pthread_mutex_lock(&scan->lock);
    done->finished = true;
    report_ready(scan);
    pthread_mutex_unlock(&scan->lock);
}

/* --- workers --- */

static bool prepare(Scan *scan, Worker *worker)
{
    if (worker->arena)
        return true;
    worker->evaluator = evaluator_new(&scan->options->eval, scan->patterns);
    worker->rules_used = calloc(scan->rule_count + 1, 1);
    worker->tallies = calloc(scan->rule_count + 1, sizeof *worker->tallies);
    if (scan->untouched)
        worker->untouched = calloc(scan->rule_count + 1, sizeof *worker->untouched);
    worker->arena = arena_new(LIMIT_UNIT_BYTES);
    return worker->arena && worker->evaluator && worker->rules_used && worker->tallies &&
           (worker->untouched || !scan->untouched);
}

static void report_spent(const FoundFile *file, VerdictSink *sink)
{
    Unit unit = unit_new(sink->arena, NULL, NULL);

    diag_path_error(&unit.diags, DIAG_MEMORY_SPENT, file->path,
                    "judging this file takes more memory than there is");
    sink_problems(sink, &unit);
}

/* Where the source of a plan may be: named by the user, beside a file, in the working directory for
 * standard input. */
static void offer_source(const Scan *scan, const FoundFile *file, Unit *unit)
{
    const ScanRoot *root = &scan->found.roots[file->root];

    if (unit->format != FORMAT_PLAN)
        return;
    if (scan->source.root_count)
        plan_tree_offer(unit, scan->source.roots, discover_directory(scan->source.roots),
                        scan->options->source.size > 0);
    else if (root->dir >= 0)
        plan_tree_offer(unit, root, found_directory(file), false);
}

/* Modules are read where they are called, wanted or not. */
static void leave_alone(const Scan *scan, const FoundFile *file, Unit *unit)
{
    const ScanRoot *root = &scan->found.roots[file->root];

    for (uint32_t i = 0; i < unit->resource_count; i++) {
        Resource *resource = &unit->resources[i];
        const Source *source = sources_get(&unit->sources, resource->header.source);
        resource->left_alone = source && !str_starts(source->path, STR("/")) &&
                               !discover_wants(&scan->found, root, source->path);
    }
}

/* Reads and judges one file. */
static void judge(Scan *scan, Worker *worker, Done *done)
{
    const FoundFile *file = &done->file;
    const EvalOptions *eval = &scan->options->eval;
    Unit unit = unit_new(worker->arena, eval->symbols, scan->options->defaults);
    VerdictSink *sink = &done->sink;

    unit.closed = scan->sole_manifest;
    done->outcome =
        unit_read(&unit, &scan->found.roots[file->root], file, &scan->options->terraform);
    if (done->outcome != UNIT_READ)
        return;
    if (unit.format == FORMAT_TERRAFORM && discover_chooses(&scan->found))
        leave_alone(scan, file, &unit);
    offer_source(scan, file, &unit);
    *sink = (VerdictSink){.arena = done->arena,
                          .rules_used = worker->rules_used,
                          .tallies = done->touched || !worker->untouched ? worker->tallies
                                                                         : worker->untouched};
    evaluator_judge(worker->evaluator, &unit, sink);
    sink->coverage.files_read = unit_file_count(file);
    sink->coverage.files_broken = unit.diags.errors > 0 || arena_spent(worker->arena);
    if (arena_spent(worker->arena))
        report_spent(file, sink);
}

/* What a worker does until no file is left. */
static void work(void *context, uint32_t number, uint32_t task)
{
    Scan *scan = context;
    Worker *worker = &scan->workers[number];
    Done *done;

    (void)task;
    while ((done = give_file(scan))) {
        if (!done->touched && scan->options->only_touched) {
            done->outcome = UNIT_NONE;
        } else if (done->elsewhere) {
            done->outcome = UNIT_READ;
            done->sink.coverage.files_read = unit_file_count(&done->file);
        } else if (prepare(scan, worker)) {
            arena_rewind(worker->arena, 0);
            arena_trim(worker->arena, UNIT_KEEP_BYTES);
            judge(scan, worker, done);
        } else {
            done->outcome = UNIT_NONE;
            done->starved = true;
        }
        finish(scan, done);
    }
}

static void free_worker(Worker *worker)
{
    arena_free(worker->arena);
    evaluator_free(worker->evaluator);
    free(worker->rules_used);
    free(worker->tallies);
    free(worker->untouched);
}

/* --- the scan --- */

/* One for few files: a thread and its tables cost more than those. */
static uint32_t choose_workers(const Scan *scan)
{
    uint32_t jobs = scan->options->jobs ? scan->options->jobs : workers_available();
    uint64_t bytes = 0;

    for (uint64_t i = 0; i < scan->taken; i++)
        bytes += scan->window[i]->file.size;
    if (scan->exhausted && bytes < FIRST_BYTES)
        return 1;
    return jobs < MAX_JOBS ? jobs : MAX_JOBS;
}

static bool allocate(Scan *scan)
{
    scan->worker_count = choose_workers(scan);
    scan->workers = ARENA_ARRAY(scan->arena, Worker, scan->worker_count);
    scan->patterns = cel_patterns_new();
    return scan->workers && scan->patterns;
}

static bool is_used(const Scan *scan, uint32_t rule)
{
    for (uint32_t i = 0; i < scan->worker_count; i++)
        if (scan->workers[i].rules_used && scan->workers[i].rules_used[rule])
            return true;
    return false;
}

/* The rules that judged something. */
static void list_rules_used(Scan *scan)
{
    const EvalOptions *eval = &scan->options->eval;
    ScanResult *result = scan->result;
    uint32_t number = 0;

    result->rules = ARENA_ARRAY(scan->arena, const Rule *, scan->rule_count + 1);
    result->rule_severities = ARENA_ARRAY(scan->arena, uint8_t, scan->rule_count + 1);
    for (uint32_t i = 0; i < eval->set_count; i++) {
        for (uint32_t j = 0; j < ruleset_rule_count(eval->sets[i]); j++, number++) {
            if (!is_used(scan, number))
                continue;
            const Rule *rule = ruleset_rule(eval->sets[i], j);
            result->coverage.rules++;
            if (!result->rules || !result->rule_severities)
                continue;
            result->rule_severities[result->rule_count] =
                (uint8_t)eval_rule_severity(eval, rule, number);
            result->rules[result->rule_count++] = rule;
        }
    }
}

static void add_tallies(Scan *scan)
{
    for (uint32_t i = 0; i < scan->worker_count; i++) {
        const Worker *worker = &scan->workers[i];
        for (uint32_t rule = 0; worker->tallies && rule < scan->rule_count; rule++)
            tally_merge(&scan->tallies[rule], &worker->tallies[rule]);
        for (uint32_t rule = 0; worker->untouched && rule < scan->rule_count; rule++) {
            tally_merge(&scan->untouched[rule], &worker->untouched[rule]);
            tally_merge(&scan->tallies[rule], &worker->untouched[rule]);
        }
    }
}

static void free_arenas(Scan *scan)
{
    for (; scan->next < scan->taken; scan->next++)
        arena_free(scan->window[scan->next % WINDOW]->arena);
    for (uint32_t i = 0; i < scan->spare_count; i++)
        arena_free(scan->spare[i]);
    arena_free(scan->ahead_arena);
}

/* Whether a directory was given whole and has only one file that can hold manifests. Nothing
 * outside of that file can then belong to what it holds. It is told of trees whose files are all
 * known before the first is judged; others stay open. */
static bool has_sole_manifest(const Scan *scan)
{
    uint32_t manifests = 0;

    if (!scan->exhausted || scan->found.ignored_count > 0 || scan->found.root_count != 1)
        return false;
    for (uint64_t i = 0; i < scan->taken; i++) {
        const FoundFile *file = &scan->window[i]->file;
        if (file->given)
            return false;
        manifests += file->name == NAME_YAML || file->name == NAME_JSON;
    }
    return manifests == 1;
}

static void judge_all(Scan *scan)
{
    while (scan->taken < FIRST_FILES && take_file(scan))
        ;
    scan->sole_manifest = has_sole_manifest(scan);
    if (scan->taken && allocate(scan)) {
        pthread_mutex_init(&scan->lock, NULL);
        pthread_cond_init(&scan->reported, NULL);
        workers_run(scan->worker_count, scan->worker_count, work, scan);
        pthread_cond_destroy(&scan->reported);
        pthread_mutex_destroy(&scan->lock);
        end_filters(scan);
        list_rules_used(scan);
        add_tallies(scan);
        for (uint32_t i = 0; i < scan->worker_count; i++)
            free_worker(&scan->workers[i]);
    } else {
        scan->out_of_memory |= scan->taken > 0;
    }
    free_arenas(scan);
    cel_patterns_free(scan->patterns);
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

/* What the walk met beside inputs. */
static void end_walk(Scan *scan)
{
    const Discovery *walk = &scan->found;
    ScanResult *result = scan->result;

    result->coverage.files_seen = walk->files_seen;
    result->coverage.files_ignored = walk->files_ignored;
    result->ignored = walk->ignored;
    result->ignored_count = walk->ignored_count;
    if (result->ignored_count)
        qsort(result->ignored, result->ignored_count, sizeof *result->ignored, compare_ignored);
    problem_add_diags(&scan->problems, &walk->diags, NULL);
}

static void set_score(Scan *scan)
{
    const ScanOptions *options = scan->options;
    bool incomplete = scan->problems.errors > 0;

    scan->result->tallies = scan->tallies;
    scan->result->untouched = scan->untouched;
    if (scan->tallies && !options->only_touched)
        scan->result->score = score_of_scan(&options->eval, scan->tallies, incomplete, scan->arena);
    if (scan->result->score)
        scan->result->score->wanted = options->min_score;
}

static void end_result(Scan *scan, bool found)
{
    ScanResult *result = scan->result;
    const ScanOptions *options = scan->options;

    end_walk(scan);
    if (found)
        report_empty(scan);
    if (scan->out_of_memory || arena_spent(scan->arena))
        problem_error(&scan->problems, DIAG_MEMORY_SPENT, STR(""), STR("memory is short"), STR(""));
    problem_sort(&scan->problems);
    result->problems = scan->problems.items;
    result->problem_count = scan->problems.count;
    set_score(scan);
    if (scan->problems.errors)
        result->status = SCAN_INCOMPLETE;
    else if (options->blocks && scan->any_failed && scan->worst >= options->fail_on)
        result->status = SCAN_FAILED;
    else if (result->score && score_is_below(result->score))
        result->status = SCAN_FAILED;
}

static bool reads_stdin(const ScanOptions *options)
{
    for (uint32_t i = 0; i < options->argument_count; i++)
        if (str_eq(options->arguments[i], STR("-")))
            return true;
    return false;
}

static void name_source(ScanRoot *root, Arena *arena)
{
    root->shown = str_format(arena, "%.*s/%.*s", STR_ARG(root->boundary), STR_ARG(root->prefix));
}

/* Opens the directory in which plans were made; false where the user named one that is not there.
 */
static bool open_source(Scan *scan)
{
    const ScanOptions *options = scan->options;
    Str dir = options->source;

    scan->source_options = options->discover;
    scan->source_options.tree = NULL;
    if (!dir.size && !reads_stdin(options))
        return true;
    if (!discover_open_directory(dir.size ? dir : STR("."), &scan->source_options, scan->arena,
                                 &scan->source)) {
        scan->source.root_count = 0;
        if (dir.size)
            problem_add_diags(&scan->problems, &scan->source.diags, NULL);
        return !dir.size;
    }
    /* Reports name files from the one directory that is scanned. */
    if (scan->found.root_count == 1 && !scan->found.roots[0].is_file)
        name_source(scan->source.roots, scan->arena);
    return true;
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
    for (uint32_t i = 0; options->problems && i < options->problems->count; i++)
        problem_add(&scan.problems, &options->problems->items[i]);
    scan.rule_count = ruleset_total(options->eval.sets, options->eval.set_count);
    scan.tallies = ARENA_ARRAY(arena, RuleTally, scan.rule_count + 1);
    if (options->selection)
        scan.untouched = ARENA_ARRAY(arena, RuleTally, scan.rule_count + 1);
    found = discover_open(options->arguments, options->argument_count, &options->discover, arena,
                          &scan.found);
    found = open_source(&scan) && found;
    if (found && scan.tallies)
        judge_all(&scan);
    end_result(&scan, found);
    discover_close(&scan.source);
    discover_close(&scan.found);
}

bool scan_is_small(const ScanOptions *options)
{
    Arena *arena = arena_new(LIMIT_UNIT_BYTES);
    FoundFile file;
    Discovery found;
    uint32_t count = 0;

    if (!arena)
        return true;
    if (discover_open(options->arguments, options->argument_count, &options->discover, arena,
                      &found))
        while (count < FIRST_FILES && discover_next(&found, arena, &file))
            count++;
    discover_close(&found);
    arena_free(arena);
    return count < FIRST_FILES;
}
