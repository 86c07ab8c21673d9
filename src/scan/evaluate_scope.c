/* Rules that look at other resources, in a unit of which more may lie elsewhere. */
#include "scan/evaluator.h"
#include "scan/sink.h"

/* What was counted so far, of which nothing is left in the sink. */
static RuleCounts take_counts(VerdictSink *sink, uint32_t rule)
{
    Coverage *coverage = &sink->coverage;
    RuleCounts counts = {coverage->passed,
                         coverage->failed,
                         coverage->unknown,
                         coverage->suppressed,
                         sink->worst,
                         sink->any_failed,
                         {0}};

    coverage->passed = coverage->failed = coverage->unknown = coverage->suppressed = 0;
    sink->any_failed = false;
    if (sink->tallies) {
        RuleTally *tally = tallies_at(sink->tallies, rule);
        counts.tally = *tally;
        *tally = (RuleTally){.rule = rule};
    }
    return counts;
}

static void put_counts(VerdictSink *sink, uint32_t rule, const RuleCounts *counts)
{
    coverage_count(&sink->coverage, counts);
    if (counts->any_failed && (!sink->any_failed || counts->worst > sink->worst))
        sink->worst = counts->worst;
    sink->any_failed |= counts->any_failed;
    if (sink->tallies)
        tally_merge(tallies_at(sink->tallies, rule), &counts->tally);
}

/* The same again as if there were nothing but the unit, with what that hangs on. NULL, and nothing
 * is changed, where that cannot be said. */
static Condition *suppose(Evaluator *e, const RuleRef *ref, const NeedSet *there)
{
    ScopeQuestions *scope = &e->unit->scope;
    VerdictSink *sink = e->sink;
    uint32_t first = sink->count;
    Condition *condition = ARENA_NEW(sink->arena, Condition);
    uint64_t *questions;

    *scope = (ScopeQuestions){.supposing = true};
    e->supposing = true;
    eval_rule(e, ref, there);
    e->supposing = scope->supposing = false;
    questions = ARENA_ARRAY(sink->arena, uint64_t, scope->count);
    if (!condition || !questions || scope->too_many) {
        take_counts(sink, ref->number);
        sink->count = first;
        return NULL;
    }
    memcpy(questions, scope->items, scope->count * sizeof *questions);
    *condition = (Condition){.questions = questions,
                             .question_count = scope->count,
                             .rule = ref->number,
                             .unit = sink->unit,
                             .closed = take_counts(sink, ref->number)};
    return condition;
}

static void mark(VerdictSink *sink, uint32_t from, uint32_t to, Condition *condition, bool supposed)
{
    for (uint32_t i = from; i < to; i++) {
        sink->verdicts[i].condition = condition;
        sink->verdicts[i].supposed = supposed;
    }
}

void eval_rule_in_scope(Evaluator *e, const RuleRef *ref, const NeedSet *there)
{
    VerdictSink *sink = e->sink;
    const RuleCounts before = take_counts(sink, ref->number);
    uint32_t first = sink->count, second;
    Condition *condition = NULL;
    RuleCounts open;

    e->unit->scope.met = false;
    eval_rule(e, ref, there);
    open = take_counts(sink, ref->number);
    second = sink->count;
    if (e->unit->scope.met && open.unknown)
        condition = suppose(e, ref, there);
    put_counts(sink, ref->number, &before);
    if (!condition) {
        put_counts(sink, ref->number, &open);
        return;
    }
    mark(sink, first, second, condition, false);
    mark(sink, second, sink->count, condition, true);
    condition->open = open;
    condition->next = sink->conditions;
    sink->conditions = condition;
}
