#include "scan/held.h"

#include "base/limits.h"
#include "scan/scan_report.h"
#include "scan/sink.h"

struct HeldBatch {
    const ScanRoot *root;
    bool touched;
    Verdict *verdicts;
    uint32_t count;
    HeldBatch *next;
};

/* --- whether a tree is whole --- */

/* Whether the scan is one of a tree, as a whole. */
static bool is_of_tree(const Scan *scan)
{
    const ScanOptions *options = scan->options;
    const ScanRoot *root = scan->found.roots;

    /* What is staged is judged alone. */
    return scan->found.root_count == 1 && !root->is_file && !discover_chooses(&scan->found) &&
           (options->side == SIDE_BEFORE || !options->only_touched);
}

/* Whether nothing of it was left out, as far as the walk has come. */
static bool is_whole(const Scan *scan)
{
    const Discovery *found = &scan->found;

    return !found->ignored_count && !found->charts_left && !found->hidden && !found->diags.errors &&
           !scan->out_of_memory;
}

void held_begin(Scan *scan)
{
    atomic_init(&scan->held.open, !is_of_tree(scan));
}

/* --- conditions --- */

static bool is_answered_elsewhere(const Held *held, const Condition *condition)
{
    for (uint32_t i = 0; i < condition->question_count; i++)
        if (facts_elsewhere(&held->facts, condition->questions[i], condition->unit))
            return true;
    return false;
}

/* Says how a condition came out, and counts that. */
static void decide(Scan *scan, Condition *condition, bool closed)
{
    const RuleCounts *counts = closed ? &condition->closed : &condition->open;

    condition->state = closed ? CONDITION_CLOSED : CONDITION_OPEN;
    coverage_count(&scan->result->coverage, counts);
    tally_merge(tallies_at(scan->tallies, condition->rule), &counts->tally);
    if (scan->untouched && !condition->touched)
        tally_merge(tallies_at(scan->untouched, condition->rule), &counts->tally);
    if (counts->any_failed && !scan->options->filter_count)
        scan_note_failed(scan, counts->worst);
}

static ConditionState state_of(const Condition *condition)
{
    return condition->kept ? condition->kept->state : condition->state;
}

/* A copy that outlives the file. False if memory is short. */
static bool keep(Held *held, Condition *condition)
{
    Condition *copy = ARENA_NEW(held->arena, Condition);
    uint64_t *questions = ARENA_ARRAY(held->arena, uint64_t, condition->question_count);

    if (!copy || !questions)
        return false;
    memcpy(questions, condition->questions, condition->question_count * sizeof *questions);
    *copy = *condition;
    copy->questions = questions;
    copy->next = held->pending;
    held->pending = copy;
    condition->kept = copy;
    return true;
}

/* --- verdicts --- */

static bool may_wait(const Verdict *verdicts, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        if (verdicts[i].condition && state_of(verdicts[i].condition) == CONDITION_PENDING)
            return true;
    return false;
}

/* Whether a verdict holds, or may hold. */
static bool may_hold(const Verdict *verdict)
{
    ConditionState state = verdict->condition ? state_of(verdict->condition) : CONDITION_PENDING;

    return state == CONDITION_PENDING || verdict->supposed == (state == CONDITION_CLOSED);
}

uint32_t held_settle(Verdict *verdicts, uint32_t count)
{
    uint32_t left = 0;

    while (left < count && may_hold(&verdicts[left]))
        left++;
    for (uint32_t i = left; i < count; i++)
        if (may_hold(&verdicts[i]))
            verdicts[left++] = verdicts[i];
    return left;
}

static void report_batches(Scan *scan)
{
    Held *held = &scan->held;

    for (; held->first; held->first = held->first->next) {
        HeldBatch *batch = held->first;
        scan_report_verdicts(scan, batch->root, batch->touched, batch->verdicts,
                             held_settle(batch->verdicts, batch->count), held->arena);
    }
    held->last = NULL;
}

static void decide_all(Scan *scan, bool closed)
{
    Held *held = &scan->held;

    for (Condition *condition = held->pending; condition; condition = condition->next)
        decide(scan, condition, closed && !is_answered_elsewhere(held, condition));
    held->pending = NULL;
    report_batches(scan);
    atomic_store_explicit(&held->open, true, memory_order_relaxed);
    facts_free(&held->facts);
}

/* --- a file's turn --- */

static bool has_room(const Held *held)
{
    return !arena_spent(held->arena) && arena_mark(held->arena) < LIMIT_SCOPE_HELD;
}

static bool meet_facts(Held *held, const Done *done)
{
    for (uint32_t i = 0; i < done->fact_count; i++)
        if (!facts_add(&held->facts, done->facts[i].fact, held->units + done->facts[i].unit))
            return false;
    return true;
}

static bool meet_conditions(Scan *scan, Done *done)
{
    Held *held = &scan->held;

    for (Condition *condition = done->sink.conditions; condition; condition = condition->next) {
        condition->unit += held->units;
        condition->touched = done->touched;
        if (is_answered_elsewhere(held, condition))
            decide(scan, condition, false);
        else if (!has_room(held) || !keep(held, condition))
            return false;
    }
    return true;
}

static void leave_undecided(Scan *scan, Done *done)
{
    for (Condition *condition = done->sink.conditions; condition; condition = condition->next)
        if (!condition->kept && condition->state == CONDITION_PENDING) {
            condition->touched = done->touched;
            decide(scan, condition, false);
        }
}

void held_meet(Scan *scan, Done *done)
{
    Held *held = &scan->held;

    if (!held_is_open(held) && !held->arena)
        held->copier.arena = held->arena = arena_new(LIMIT_UNIT_BYTES);
    if (!held_is_open(held) && (!held->arena || done->spoils || !is_whole(scan) ||
                                !meet_facts(held, done) || !meet_conditions(scan, done)))
        decide_all(scan, false);
    if (held_is_open(held))
        leave_undecided(scan, done);
    held->units += done->unit_count;
}

bool held_is_waiting(const Scan *scan)
{
    bool may_come = scan->next < scan->taken;

    return !held_is_open(&scan->held) && is_whole(scan) && (scan->held.pending || may_come);
}

static HeldBatch *copy_batch(Held *held, const Verdict *verdicts, uint32_t count)
{
    HeldBatch *batch = has_room(held) ? ARENA_NEW(held->arena, HeldBatch) : NULL;
    Verdict *copy = batch ? ARENA_ARRAY(held->arena, Verdict, count) : NULL;

    if (!copy)
        return NULL;
    batch->verdicts = copy;
    for (uint32_t i = 0; i < count; i++) {
        const Condition *condition = verdicts[i].condition;
        if (!may_hold(&verdicts[i]))
            continue;
        *copy = verdict_copy_whole(&held->copier, &verdicts[i]);
        copy->condition = condition ? condition->kept : NULL;
        copy++;
        batch->count++;
    }
    return batch;
}

bool held_keep(Scan *scan, const Done *done, const ScanRoot *root, const Verdict *verdicts,
               uint32_t count)
{
    Held *held = &scan->held;
    HeldBatch *batch;

    if (!held->first && !may_wait(verdicts, count))
        return false;
    batch = copy_batch(held, verdicts, count);
    if (!batch) {
        decide_all(scan, false);
        return false;
    }
    batch->root = root;
    batch->touched = done->touched;
    if (held->last)
        held->last->next = batch;
    else
        held->first = batch;
    held->last = batch;
    return true;
}

void held_end(Scan *scan)
{
    decide_all(scan, is_whole(scan));
}

void held_free(Held *held)
{
    facts_free(&held->facts);
    arena_free(held->arena);
}
