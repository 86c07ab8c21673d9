#include "scan/since.h"

#include <stdlib.h>

#include "scan/changed_facts.h"
#include "scan/copy.h"
#include "scan/fingerprint.h"
#include "scan/known.h"
#include "scan/score_record.h"

/* --- both --- */

static Selection select_changes(const ScanOptions *options, const Sides *sides, Arena *arena)
{
    return (Selection){.changes = &sides->changes,
                       .arguments = options->arguments,
                       .argument_count = options->argument_count,
                       .sides = {[SIDE_NOW] = &options->discover},
                       .arena = arena};
}

/* A filter before those that there are. */
static bool put_first(ScanOptions *options, VerdictFilter filter, bool before_others, Arena *arena)
{
    VerdictFilter *all = ARENA_ARRAY(arena, VerdictFilter, options->filter_count + 1u);
    uint32_t at = before_others ? 1 : 0;

    if (!all)
        return false;
    for (uint32_t i = 0; i < options->filter_count; i++)
        all[at++] = options->filters[i];
    all[before_others ? 0 : at] = filter;
    options->filters = all;
    options->filter_count++;
    return true;
}

/* --- the index --- */

/* What has another name and nothing else is as it was. */
static bool is_new(const Changes *changes, Str path)
{
    return changes_has(changes, path) && !changes_renamed(changes, path);
}

static bool is_in_changes(const Changes *changes, const Verdict *verdict)
{
    if (is_new(changes, verdict->place.path))
        return true;
    for (uint32_t i = 0; i < verdict->related_count; i++)
        if (verdict->related[i].place.start.line && is_new(changes, verdict->related[i].place.path))
            return true;
    return false;
}

static uint32_t take_staged(void *context, bool touched, Verdict *verdicts, uint32_t count)
{
    const Sides *sides = context;
    uint32_t left = 0;

    (void)touched;
    for (uint32_t i = 0; i < count; i++)
        if (is_in_changes(&sides->changes, &verdicts[i]))
            verdicts[left++] = verdicts[i];
    return left;
}

void staged_run(const ScanOptions *options, Sides *sides, const ScanObserver *observer,
                Arena *arena, ScanResult *result)
{
    Selection selection = select_changes(options, sides, arena);
    ScanOptions staged = *options;

    /* Which files are left out says nothing about what is staged. */
    sides->changes.everything = false;
    staged.selection = &selection;
    staged.only_touched = true;
    staged.allow_empty = true;
    *result = (ScanResult){.status = SCAN_INCOMPLETE};
    if (put_first(&staged, (VerdictFilter){sides, take_staged, NULL, NULL}, true, arena))
        scan_run(&staged, observer, arena, result);
}

/* --- the earlier tree --- */

/* Failing verdicts of the earlier tree, in the order of their paths. */
typedef struct Earlier {
    const Sides *sides;
    Copier copier;
    KnownSet known;
    Verdict *verdicts;
    uint32_t count;
    uint32_t capacity;
    ScanResult result;
} Earlier;

static void keep_earlier(void *context, const Verdict *verdicts, uint32_t count)
{
    Earlier *earlier = context;

    for (uint32_t i = 0; i < count; i++) {
        char moved[FINGERPRINT_DIGITS + 1];
        bool gone = !sides_have(earlier->sides, verdicts[i].place.path);
        Verdict *grown;
        if (verdicts[i].status != STATUS_FAIL)
            continue;
        grown = arena_grow(earlier->copier.arena, earlier->verdicts, earlier->count,
                           &earlier->capacity, earlier->count + 1u, sizeof *grown);
        if (!grown)
            return;
        earlier->verdicts = grown;
        grown[earlier->count] = verdict_copy(&earlier->copier, &verdicts[i]);
        grown[earlier->count++].standing = STANDING_FIXED;
        fingerprint_moved(&verdicts[i], moved);
        known_add(&earlier->known, verdicts[i].fingerprint, moved, gone);
    }
}

/* Judges what the changes touch of the earlier tree. What cannot be read there is no matter now. */
static bool judge_earlier(const ScanOptions *options, Earlier *earlier)
{
    ScanOptions before = *options;
    ScanObserver observer = {earlier, keep_earlier, NULL};

    before.side = SIDE_BEFORE;
    before.only_touched = true;
    before.allow_empty = true;
    before.blocks = false;
    before.min_score = 0;
    before.filters = NULL;
    before.filter_count = 0;
    before.eval.report_at = SEVERITY_INFO;
    before.problems = NULL;
    before.eval.keep_every = before.eval.keep_unknown = before.eval.keep_excerpts = false;
    before.eval.keep_fixes = false;
    scan_run(&before, &observer, earlier->copier.arena, &earlier->result);
    return known_seal(&earlier->known) && !arena_spent(earlier->copier.arena);
}

/* --- the present tree --- */

/* What is on its way to the report. */
typedef struct Comparison {
    const ScanOptions *options; /* of the earlier tree */
    Earlier *earlier;
    bool judged; /* the earlier tree was */
    bool keep_unchanged;
    Severity report_at; /* milder ones are not counted */
    Difference difference;
    Copier copier;
    Verdict *held; /* failing ones that were not there by their fingerprint */
    uint32_t held_count;
    uint32_t held_capacity;
    bool incomplete; /* memory is short */
} Comparison;

static void hold(Comparison *comparison, const Verdict *verdict)
{
    Verdict *grown =
        arena_grow(comparison->copier.arena, comparison->held, comparison->held_count,
                   &comparison->held_capacity, comparison->held_count + 1u, sizeof *grown);

    if (!grown)
        return;
    comparison->held = grown;
    grown[comparison->held_count++] = verdict_copy_whole(&comparison->copier, verdict);
}

static void see(Comparison *comparison, const Verdict *verdict)
{
    char moved[FINGERPRINT_DIGITS + 1];

    if (!known_may_move(&comparison->earlier->known))
        return;
    fingerprint_moved(verdict, moved);
    known_see(&comparison->earlier->known, moved);
}

static void mark(Comparison *comparison, Verdict *verdict, Standing standing)
{
    verdict->standing = standing;
    if (verdict->severity < comparison->report_at)
        return;
    comparison->difference.unchanged += standing == STANDING_UNCHANGED;
    comparison->difference.added += standing == STANDING_NEW;
}

/* Whether the verdict goes on at once. */
static bool compare(Comparison *comparison, bool touched, Verdict *verdict)
{
    KnownSet *known = &comparison->earlier->known;

    /* What is excused now was not fixed. */
    if (verdict->status == STATUS_SUPPRESSED)
        known_take(known, verdict->fingerprint);
    if (verdict->status != STATUS_FAIL)
        return true;
    see(comparison, verdict);
    /* What overlays have in common may have been known of one that is touched. */
    if (!known_take(known, verdict->fingerprint) && touched) {
        hold(comparison, verdict);
        return false;
    }
    mark(comparison, verdict, STANDING_UNCHANGED);
    return comparison->keep_unchanged;
}

/* When it is first asked for: the scan of the present tree has walked by then, and knows which
 * modules call which. */
static void need_earlier(Comparison *comparison)
{
    if (comparison->judged)
        return;
    comparison->judged = true;
    comparison->incomplete |= !judge_earlier(comparison->options, comparison->earlier);
}

static uint32_t take(void *context, bool touched, Verdict *verdicts, uint32_t count)
{
    Comparison *comparison = context;
    uint32_t left = 0;

    need_earlier(comparison);
    for (uint32_t i = 0; i < count; i++)
        if (compare(comparison, touched, &verdicts[i]))
            verdicts[left++] = verdicts[i];
    return left;
}

/* Tells what is new from what has only moved. */
static uint32_t end(void *context, Verdict **verdicts)
{
    Comparison *comparison = context;
    uint32_t left = 0;

    need_earlier(comparison);
    for (uint32_t i = 0; i < comparison->held_count; i++) {
        Verdict *verdict = &comparison->held[i];
        char moved[FINGERPRINT_DIGITS + 1];
        fingerprint_moved(verdict, moved);
        mark(comparison, verdict,
             known_take_moved(&comparison->earlier->known, moved) ? STANDING_UNCHANGED
                                                                  : STANDING_NEW);
        if (verdict->standing == STANDING_NEW || comparison->keep_unchanged)
            comparison->held[left++] = *verdict;
    }
    *verdicts = comparison->held;
    return left;
}

static int compare_numbers(const void *a, const void *b)
{
    const KnownFinding *x = a, *y = b;

    return (x->number > y->number) - (x->number < y->number);
}

/* What nothing now was found to be. */
static void list_fixed(Comparison *comparison)
{
    Earlier *earlier = comparison->earlier;
    KnownSet *known = &earlier->known;
    Difference *difference = &comparison->difference;

    if (known->count)
        qsort(known->items, known->count, sizeof *known->items, compare_numbers);
    difference->fixed = earlier->verdicts;
    for (uint32_t i = 0; i < known->count; i++)
        if (!known->items[i].used && earlier->verdicts[i].severity >= comparison->report_at)
            difference->fixed[difference->fixed_count++] = earlier->verdicts[i];
}

/* The score that the earlier tree has: of what is the same there as now, and of the rest of it. */
static const ScoreRecord *score_earlier(const ScanOptions *now, const Earlier *earlier,
                                        const ScanResult *result, Arena *arena)
{
    Tallies *tallies = tallies_new(ruleset_total(now->eval.sets, now->eval.set_count), arena);
    ScoreRecord *record = ARENA_NEW(arena, ScoreRecord);
    bool incomplete = earlier->result.status == SCAN_INCOMPLETE;
    const Score *score;

    if (!tallies || !record || !result->untouched || !earlier->result.tallies)
        return NULL;
    tallies_merge(tallies, result->untouched);
    tallies_merge(tallies, earlier->result.tallies);
    score = score_of_scan(&now->eval, tallies, incomplete, arena);
    if (!score)
        return NULL;
    *record = score_record_of(score, STR(""));
    return record;
}

static void run(ScanOptions *now, Sides *sides, Comparison *comparison,
                const ScanObserver *observer, Arena *arena, ScanResult *result)
{
    DiscoverOptions before = now->discover;
    Selection selection = select_changes(now, sides, arena);
    ScanOptions earlier = *now;

    selection.facts_differ = !sides->changes.everything && changed_facts(sides, now->eval.symbols);
    before.tree = &sides->before_files.tree;
    before.boundary = sides->boundary;
    selection.sides[SIDE_BEFORE] = &before;
    now->selection = earlier.selection = &selection;
    earlier.discover = before;
    comparison->options = &earlier;
    if (!put_first(now, (VerdictFilter){comparison, take, end, NULL}, false, arena))
        return;
    scan_run(now, observer, arena, result);
    need_earlier(comparison);
    list_fixed(comparison);
    if (result->score)
        result->score->before = score_earlier(now, comparison->earlier, result, arena);
    comparison->difference.ref = sides->ref;
    comparison->difference.commit = sides->commit;
}

void since_run(const ScanOptions *options, Sides *sides, bool keep_unchanged,
               const ScanObserver *observer, Arena *arena, ScanResult *result)
{
    ScanOptions now = *options;
    Earlier *earlier = ARENA_NEW(arena, Earlier);
    Comparison *comparison = ARENA_NEW(arena, Comparison);

    *result = (ScanResult){.status = SCAN_INCOMPLETE};
    if (!earlier || !comparison)
        return;
    *earlier = (Earlier){.sides = sides, .copier = {.arena = arena}, .known = known_new(arena)};
    *comparison = (Comparison){.earlier = earlier,
                               .keep_unchanged = keep_unchanged,
                               .report_at = options->report_at,
                               .copier = {.arena = arena}};
    run(&now, sides, comparison, observer, arena, result);
    if (comparison->incomplete || arena_spent(arena))
        result->status = SCAN_INCOMPLETE;
    result->since = &comparison->difference;
}
