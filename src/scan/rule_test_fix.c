#include "scan/rule_test_fix.h"

#include "edit/plan.h"

/* Fixes that must wait for each other; more rounds than that go on for ever. */
enum { MOST_ROUNDS = 8 };

/* The findings of one round. */
typedef struct Tally {
    uint32_t findings;
    uint32_t fixable;
} Tally;

static Tally count(const Trial *trial)
{
    Tally tally = {0};

    for (uint32_t i = 0; i < trial->sink.count; i++) {
        tally.findings += trial->sink.verdicts[i].status == STATUS_FAIL;
        tally.fixable += trial->sink.verdicts[i].fix != NULL;
    }
    return tally;
}

static Str fix_source(const Trial *trial, const Source *source, Arena *arena)
{
    EditPlan plan = edit_plan_new(arena);

    for (uint32_t i = 0; i < trial->sink.count; i++) {
        const Fix *fix = trial->sink.verdicts[i].fix;
        if (fix && str_eq(fix->path, source->path))
            edit_plan_add(&plan, fix->edits, fix->count);
    }
    return edit_plan_apply(&plan, source->text, arena);
}

/* The files after the fixes of a round, in `arena`; NULL if memory is short. */
static Str *fix_all(const Trial *trial, Arena *arena)
{
    uint32_t files = trial->test->file_count;
    Str *texts = ARENA_ARRAY(arena, Str, files);

    for (uint32_t i = 0; texts && i < files && i < trial->unit.sources.count; i++)
        texts[i] = fix_source(trial, trial->unit.sources.items[i], arena);
    return arena_spent(arena) ? NULL : texts;
}

static bool check_text(const Trial *trial, const Str *texts)
{
    Str wanted = trial->test->fixed ? scalar_text(trial->test->fixed) : texts[0];

    if (str_eq(wanted, texts[0]))
        return true;
    trial_failed(trial, "the edit gives\n%.*s", STR_ARG(texts[0]));
    return false;
}

static bool check_round(const Trial *trial, Tally first, Tally now, uint32_t round)
{
    if (now.fixable && round == MOST_ROUNDS)
        trial_failed(trial, "the edit has something to change in what it has changed");
    else if (!now.fixable && now.findings != first.findings - first.fixable)
        trial_failed(trial, "%u findings are left after the edit, which had none for %u",
                     now.findings, first.findings - first.fixable);
    else
        return true;
    return false;
}

/* Judges what a round made of the input, and goes on with that. */
static bool next_round(const Trial *trial, Tally first, Str *texts, uint32_t round)
{
    Trial next;
    Tally now;
    bool good;

    if (!trial_begin(trial->runner, trial->draft, trial->test, &next))
        return false;
    next.texts = texts;
    good = trial_judge(&next);
    now = count(&next);
    good = good && check_round(&next, first, now, round);
    if (good && now.fixable) {
        texts = fix_all(&next, trial->arena);
        good = texts && next_round(trial, first, texts, round + 1);
    } else if (good) {
        good = check_text(trial, texts);
    }
    trial_free(&next);
    return good;
}

bool rule_test_fix(const Trial *trial, uint32_t *fixed)
{
    Tally first = count(trial);
    Str *texts;

    *fixed += first.fixable;
    if (!first.fixable) {
        if (trial->test->fixed)
            trial_failed(trial, "the edit changes nothing");
        return !trial->test->fixed;
    }
    texts = fix_all(trial, trial->arena);
    return texts && next_round(trial, first, texts, 1);
}
