#include "scan/scan_judge.h"

#include <stdlib.h>

#include "base/limits.h"
#include "ir/docker.h"
#include "scan/chart.h"
#include "scan/plan_tree.h"
#include "scan/renders.h"
#include "scan/scan_policies.h"
#include "scan/schedule.h"
#include "scan/sink.h"
#include "scan/unit_reader.h"

static bool make_tables(const Scan *scan, Worker *worker)
{
    worker->tables = arena_new(LIMIT_UNIT_BYTES);
    if (!worker->tables)
        return false;
    worker->rules_used = ARENA_ARRAY(worker->tables, uint8_t, scan->rule_count + (size_t)1);
    worker->tallies = tallies_new(scan->rule_count, worker->tables);
    if (scan->untouched)
        worker->untouched = tallies_new(scan->rule_count, worker->tables);
    return worker->rules_used && worker->tallies && (worker->untouched || !scan->untouched);
}

static bool prepare(Scan *scan, Worker *worker)
{
    if (worker->met)
        return worker->ready;
    worker->met = true;
    worker->evaluator = evaluator_new(&scan->options->eval, scan->patterns);
    worker->docker_keys = docker_keys_new();
    worker->arena = arena_new(LIMIT_UNIT_BYTES);
    worker->verdicts = arena_new(LIMIT_UNIT_BYTES);
    worker->ready = worker->arena && worker->verdicts && worker->evaluator && worker->docker_keys &&
                    make_tables(scan, worker);
    return worker->ready;
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

/* Modules and bases are read where they are called, wanted or not. */
static void leave_alone(const Scan *scan, const FoundFile *file, Unit *unit)
{
    const ScanRoot *root = &scan->found.roots[file->root];

    for (uint32_t i = 0; i < unit->resource_count; i++) {
        Resource *resource = &unit->resources[i];
        const Source *source = sources_get(&unit->sources, resource->header.source);
        resource->left_alone |= source && !str_starts(source->path, STR("/")) &&
                                !discover_wants(&scan->found, root, source->path);
    }
}

/* The renders of a chart are made of the same files. */
static void count_files(const UnitReader *reader, bool broken, Coverage *coverage)
{
    uint32_t files_broken = !broken ? 0 : reader->broken ? reader->broken : 1;

    if (reader->file->name == NAME_CHART) {
        coverage->files_read = reader->files;
        coverage->files_broken |= files_broken;
        return;
    }
    coverage->files_read += reader->files;
    coverage->files_broken += files_broken;
}

/* A unit's facts on their way to a Done. */
typedef struct FactTaker {
    Done *done;
    uint64_t last;
} FactTaker;

static void take_fact(void *context, uint64_t fact)
{
    FactTaker *taker = context;
    Done *done = taker->done;
    UnitFact *grown;

    if (fact == taker->last)
        return;
    taker->last = fact;
    grown = arena_grow(done->arena, done->facts, done->fact_count, &done->fact_capacity,
                       done->fact_count + 1u, sizeof *grown);
    if (!grown)
        return;
    done->facts = grown;
    grown[done->fact_count++] = (UnitFact){fact, done->unit_count};
}

/* Whether Terraform makes objects of Kubernetes, which may be just those that manifests lack. */
static bool makes_objects(const Unit *unit)
{
    for (uint32_t i = 0; i < unit->resource_count; i++)
        if (str_starts(unit->resources[i].type_name, STR("kubernetes_")) ||
            str_starts(unit->resources[i].type_name, STR("kubectl_")))
            return true;
    return false;
}

/* What a unit means for those that ask for the rest of the tree, as long as anybody does. */
static void tell_others(const Scan *scan, Unit *unit, Done *done)
{
    bool is_plain = detect_may_be_manifest(done->file.name);
    FactTaker taker = {done, 0};

    if (held_is_open(&scan->held))
        return;
    done->spoils |= arena_spent(unit->arena);
    if (unit->format == FORMAT_KUBERNETES) {
        unit->may_close = !unit->closed && is_plain;
        /* What a chart or kustomization gets from elsewhere could be anything. */
        done->spoils |= unit->diags.errors > 0 || (!unit->closed && !is_plain);
        scope_facts(unit, take_fact, &taker);
    } else if (unit->format == FORMAT_TERRAFORM || unit->format == FORMAT_PLAN) {
        done->spoils |= makes_objects(unit);
    }
}

/* Of a unit that is not judged itself. */
static void listen(const Scan *scan, Unit *unit, Done *done)
{
    tell_others(scan, unit, done);
    done->unit_count++;
}

static void judge_unit(Scan *scan, Worker *worker, const UnitReader *reader, Unit *unit, Done *done)
{
    const FoundFile *file = reader->file;
    VerdictSink *sink = &done->sink;
    bool spent;

    if ((unit->format == FORMAT_TERRAFORM || unit->chart || file->name == NAME_KUSTOMIZATION) &&
        discover_chooses(&scan->found))
        leave_alone(scan, file, unit);
    offer_source(scan, file, unit);
    policies_note(scan, file, unit);
    tell_others(scan, unit, done);
    spent = !evaluator_judge(worker->evaluator, unit, sink) || arena_spent(worker->arena);
    sink->unit = ++done->unit_count;
    count_files(reader, unit->diags.errors || spent, &sink->coverage);
    if (spent)
        report_spent(file, sink);
}

/* Reads and judges one file in all of its renders, or the manifests of a directory. */
static void judge(Scan *scan, Worker *worker, Done *done)
{
    const EvalOptions *eval = &scan->options->eval;
    const FoundFile *file = &done->file;
    VerdictSink *sink = &done->sink;
    UnitReader reader =
        unit_reader(&scan->found.roots[file->root], file, &scan->options->terraform, done->arena);

    arena_rewind(worker->verdicts, 0);
    arena_trim(worker->verdicts, UNIT_KEEP_BYTES);
    *sink = (VerdictSink){.arena = done->arena,
                          .growing = worker->verdicts,
                          .keep_all = unit_render_count(file) > 1,
                          .keep_failures = file->name == NAME_KUSTOMIZATION,
                          .rules_used = worker->rules_used,
                          .tallies = done->touched || !worker->untouched ? worker->tallies
                                                                         : worker->untouched};
    for (;;) {
        Unit unit;
        arena_rewind(worker->arena, 0);
        arena_trim(worker->arena, UNIT_KEEP_BYTES);
        unit = unit_new(worker->arena, eval->symbols, scan->options->defaults);
        unit.docker_keys = worker->docker_keys;
        if (!unit_reader_next(&reader, &unit))
            break;
        done->read = !done->heard;
        if (done->heard)
            listen(scan, &unit, done);
        else
            judge_unit(scan, worker, &reader, &unit, done);
    }
    if (unit_render_count(file) > 1)
        renders_merge(sink, unit_render_count(file), file->chart->value_count > 0);
    done->starved = !sink_close(sink);
    done->left = reader.left;
    done->left_count = reader.left_count;
}

/* What a worker does until no file is left. */
void scan_work(void *context, uint32_t number, uint32_t task)
{
    Scan *scan = context;
    Worker *worker = &scan->workers[number];
    Done *done;

    (void)task;
    while ((done = schedule_give(scan))) {
        if ((!done->touched && scan->options->only_touched && !done->heard) ||
            (scan->is_again && !policies_may_hold(&done->file))) {
            done->read = false;
        } else if (done->elsewhere) {
            done->read = true;
            done->sink.coverage.files_read = found_file_count(&done->file);
        } else if (prepare(scan, worker)) {
            judge(scan, worker, done);
        } else {
            done->starved = true;
        }
        schedule_finish(scan, done);
    }
}

void worker_free(Worker *worker)
{
    arena_free(worker->arena);
    arena_free(worker->verdicts);
    evaluator_free(worker->evaluator);
    arena_free(worker->tables);
    free(worker->docker_keys);
}
