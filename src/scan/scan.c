#include "scan/scan.h"

#include <stdlib.h>

#include "base/limits.h"
#include "base/workers.h"
#include "scan/chart.h"
#include "scan/scan_judge.h"
#include "scan/scan_policies.h"
#include "scan/scan_report.h"
#include "scan/schedule.h"
#include "scan/score.h"

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

/* Which rules judged something, a byte for each; NULL where no worker has begun. */
static const uint8_t *rules_used(const Scan *scan)
{
    uint8_t *all = NULL;

    for (uint32_t i = 0; i < scan->worker_count; i++) {
        uint8_t *used = scan->workers[i].rules_used;
        for (uint32_t rule = 0; all && used && rule < scan->rule_count; rule++)
            all[rule] |= used[rule];
        all = all ? all : used;
    }
    return all;
}

/* The rules that judged something. */
static void list_rules_used(Scan *scan)
{
    const EvalOptions *eval = &scan->options->eval;
    ScanResult *result = scan->result;
    const uint8_t *used = rules_used(scan);
    uint32_t count = used ? scan->rule_count : 0, sum = 0;

    for (uint32_t i = 0; i < count; i++)
        sum += used[i];
    result->coverage.rules = sum;
    result->rules = ARENA_ARRAY(scan->arena, const Rule *, sum + 1);
    result->rule_severities = ARENA_ARRAY(scan->arena, uint8_t, sum + 1);
    if (!result->rules || !result->rule_severities)
        return;
    for (uint32_t i = 0; i < count; i++) {
        if (!used[i])
            continue;
        const Rule *rule = ruleset_rule_at(eval->sets, i);
        result->rule_severities[result->rule_count] = (uint8_t)eval_rule_severity(eval, rule, i);
        result->rules[result->rule_count++] = rule;
    }
}

static void add_tallies(Scan *scan)
{
    for (uint32_t i = 0; i < scan->worker_count; i++) {
        const Worker *worker = &scan->workers[i];
        if (worker->tallies)
            tallies_merge(scan->tallies, worker->tallies);
        if (!worker->untouched)
            continue;
        tallies_merge(scan->untouched, worker->untouched);
        tallies_merge(scan->tallies, worker->untouched);
    }
}

static void run_workers(Scan *scan)
{
    pthread_mutex_init(&scan->lock, NULL);
    pthread_cond_init(&scan->reported, NULL);
    workers_run(scan->worker_count, scan->worker_count, scan_work, scan);
    pthread_cond_destroy(&scan->reported);
    pthread_mutex_destroy(&scan->lock);
}

static void judge_again(Scan *scan);

static void judge_all(Scan *scan)
{
    while (scan->taken < FIRST_FILES && schedule_take(scan))
        ;
    held_begin(scan);
    if (scan->taken && allocate(scan)) {
        run_workers(scan);
        scan_report_rest(scan);
        judge_again(scan);
        if (!scan->is_again)
            scan_report_filtered(scan);
        list_rules_used(scan);
        add_tallies(scan);
        if (scan->again)
            policies_merge(scan, scan->again);
        for (uint32_t i = 0; i < scan->worker_count; i++)
            worker_free(&scan->workers[i]);
    } else {
        scan->out_of_memory |= scan->taken > 0;
    }
    schedule_free(scan);
    cel_patterns_free(scan->patterns);
}

static bool count_rules(Scan *scan)
{
    const EvalOptions *eval = &scan->options->eval;

    scan->rule_count = ruleset_total(eval->sets, eval->set_count);
    scan->tallies = tallies_new(scan->rule_count, scan->arena);
    return scan->tallies != NULL;
}

/* Judges manifests by the admission policies that were met among them. What is wrong with the files
 * themselves was told the first time. */
static void judge_again(Scan *scan)
{
    const ScanOptions *options = policies_options(scan);
    ScanObserver *observer = ARENA_NEW(scan->arena, ScanObserver);
    Scan *again = options ? ARENA_NEW(scan->arena, Scan) : NULL;

    if (!again || !observer)
        return;
    *observer = (ScanObserver){scan->observer->context, scan->observer->verdicts, NULL};
    *again = (Scan){.options = options,
                    .observer = observer,
                    .result = ARENA_NEW(scan->arena, ScanResult),
                    .arena = scan->arena,
                    .problems = problem_list(scan->arena),
                    .calls = scan->calls,
                    .is_again = true};
    if (!again->result || !count_rules(again))
        return;
    if (discover_open(options->arguments, options->argument_count, &options->discover, scan->arena,
                      &again->found))
        judge_all(again);
    discover_close(&again->found);
    scan->again = again;
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

/* Charts that nobody can render are left out, but not in silence. Who names a helm wants them
 * rendered. */
static void report_charts(Scan *scan)
{
    uint32_t count = scan->found.charts_left;
    Str helm = count ? scan->options->discover.charts->helm : STR("");
    Problem problem = {.level = helm.size ? DIAG_ERROR : DIAG_WARNING,
                       .code = diag_code_id(DIAG_HELM_TEMPLATE),
                       .help = STR("install helm, name it by --helm PATH, or scan what it renders: "
                                   "helm template . | plumb scan -")};

    if (!count)
        return;
    if (!helm.size)
        helm = STR("helm");
    problem.message = str_format(
        scan->arena, "%u Helm %s left out: there is no `%.*s` to render %s", count,
        count == 1 ? "chart is" : "charts are", STR_ARG(helm), count == 1 ? "it" : "them");
    problem_add(&scan->problems, &problem);
}

/* What the walk met beside inputs. */
static void end_walk(Scan *scan)
{
    const Discovery *walk = &scan->found;
    ScanResult *result = scan->result;

    result->coverage.files_seen = walk->files_seen;
    result->coverage.files_read += walk->files_built;
    result->coverage.files_ignored = walk->files_ignored;
    result->ignored = walk->ignored;
    result->ignored_count = walk->ignored_count;
    if (result->ignored_count)
        qsort(result->ignored, result->ignored_count, sizeof *result->ignored, compare_ignored);
    problem_add_diags(&scan->problems, &walk->diags, NULL);
    report_charts(scan);
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

    scan_report_problems(scan);
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
                 .problems = problem_list(arena),
                 .policy_paths = str_map_new(arena)};
    bool found;

    *result = (ScanResult){0};
    for (uint32_t i = 0; options->problems && i < options->problems->count; i++)
        problem_add(&scan.problems, &options->problems->items[i]);
    count_rules(&scan);
    if (options->selection)
        scan.untouched = tallies_new(scan.rule_count, arena);
    found = discover_open(options->arguments, options->argument_count, &options->discover, arena,
                          &scan.found);
    found = open_source(&scan) && found;
    if (found && scan.tallies)
        judge_all(&scan);
    end_result(&scan, found);
    discover_close(&scan.source);
    discover_close(&scan.found);
}
