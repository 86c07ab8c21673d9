#include "scan/evaluate.h"

#include <stdlib.h>

#include "base/limits.h"
#include "cel/matches.h"
#include "scan/evaluator.h"
#include "scan/sink.h"

static uint32_t shared_total(const EvalOptions *options)
{
    uint32_t total = 0;

    for (uint32_t i = 0; i < options->set_count; i++)
        total += ruleset_shared_count(options->sets[i]);
    return total;
}

static bool make_tables(Evaluator *e)
{
    e->answers = ARENA_ARRAY(e->arena, Answer, shared_total(e->options) + 1u);
    return rule_views_init(&e->views, e->options, e->arena) && e->answers && eval_variables_init(e);
}

Evaluator *evaluator_new(const EvalOptions *options, CelPatterns *patterns)
{
    Evaluator *e = calloc(1, sizeof *e);

    if (!e)
        return NULL;
    e->options = options;
    e->policy_steps = LIMIT_POLICY_STEPS;
    e->arena = arena_new(LIMIT_UNIT_BYTES);
    e->names.arena = e->arena;
    e->scratch = arena_new(LIMIT_UNIT_BYTES);
    if (!e->arena || !e->scratch || !make_tables(e)) {
        evaluator_free(e);
        return NULL;
    }
    e->machine = (CelMachine){.arena = e->scratch,
                              .symbols = options->symbols,
                              .objects = options->objects,
                              .patterns = patterns,
                              .matches = cel_matches_new(e->arena),
                              .variables = e->variables,
                              .variable_count = RULE_VAR_COUNT,
                              .now = options->now};
    return e;
}

void evaluator_free(Evaluator *evaluator)
{
    if (!evaluator)
        return;
    arena_free(evaluator->arena);
    arena_free(evaluator->scratch);
    free(evaluator);
}

/* With what is left of the steps for all policies that the scan has met. */
static CelValue run_metered(Evaluator *e, const CelCode *code)
{
    CelValue value;

    e->machine.step_limit = eval_policy_steps(e);
    value = cel_eval(code, &e->machine);
    e->machine.step_limit = 0;
    e->policy_steps -= e->machine.steps < e->policy_steps ? e->machine.steps : e->policy_steps;
    return value;
}

CelValue eval_run(Evaluator *e, const Rule *rule, BlobCode code)
{
    CelCode compiled = rule_code(rule, code);

    e->machine.steps = 0;
    return e->metered ? run_metered(e, &compiled) : cel_eval(&compiled, &e->machine);
}

/* Absence is ordinary: a null of the input is not true. Terraform takes "true" for true. */
Truth eval_truth(CelValue value)
{
    switch ((CelKind)value.kind) {
    case CEL_BOOL:
        return value.as.boolean ? TRUTH_TRUE : TRUTH_FALSE;
    case CEL_UNKNOWN:
        return TRUTH_UNKNOWN;
    case CEL_NULL:
        return cel_is_input_null(value) ? TRUTH_FALSE : TRUTH_ERROR;
    case CEL_STRING:
        if ((value.flags & CEL_TERRAFORM) && str_eq(cel_text(value), STR("true")))
            return TRUTH_TRUE;
        if ((value.flags & CEL_TERRAFORM) && str_eq(cel_text(value), STR("false")))
            return TRUTH_FALSE;
        return TRUTH_ERROR;
    default:
        return TRUTH_ERROR;
    }
}

/* Of several cases the first that holds decides; one that cannot be decided leaves the outcome open
 * unless a later one holds. `*result` is that of the deciding one. */
static const BlobCase *first_case(Evaluator *e, const Rule *rule, CelValue *result, Truth *truth)
{
    *truth = TRUTH_FALSE;
    for (uint32_t i = 0; i < rule->cases.count; i++) {
        const BlobCase *item = rule_case(rule, i);
        CelValue value = eval_run(e, rule, item->condition);
        Truth holds = eval_truth(value);

        if (holds == TRUTH_TRUE || holds == TRUTH_ERROR || i == 0 ||
            (holds == TRUTH_UNKNOWN && *truth == TRUTH_FALSE))
            *result = value;
        if (holds == TRUTH_TRUE || holds == TRUTH_ERROR) {
            *truth = holds;
            return item;
        }
        if (holds == TRUTH_UNKNOWN)
            *truth = TRUTH_UNKNOWN;
    }
    return NULL;
}

static void apply_case(const BlobCase *item, Outcome *outcome)
{
    outcome->severity = (Severity)item->severity;
    if (item->at.size)
        outcome->at = &item->at;
    if (item->message.count)
        outcome->message = &item->message;
}

/* What the cases of a rule say of something that fails, or with no check, whether it does. */
static void judge_cases(Evaluator *e, const Rule *rule, Outcome *outcome)
{
    bool decide = !rule->check.size;
    CelValue result = {.kind = CEL_NULL};
    Truth truth;
    const BlobCase *item = first_case(e, rule, &result, &truth);

    if (truth == TRUTH_ERROR || (decide && truth == TRUTH_UNKNOWN)) {
        *outcome = eval_undecided(rule, result);
        return;
    }
    if (decide) {
        outcome->status = truth == TRUTH_TRUE ? STATUS_FAIL : STATUS_PASS;
        outcome->result = result;
    }
    if (item)
        apply_case(item, outcome);
}

/* Gives what the rule comes to for the resource or element at hand. */
static void judge(Evaluator *e, const RuleRef *ref)
{
    const Rule *rule = ref->rule;
    Outcome outcome = {.status = STATUS_PASS,
                       .severity = (Severity)rule->severity,
                       .at = &rule->at,
                       .message = &rule->message};
    Truth truth = TRUTH_TRUE;

    if (rule->check.size) {
        outcome.result = eval_run(e, rule, rule->check);
        truth = eval_truth(outcome.result);
    }
    if (truth == TRUTH_FALSE)
        outcome.status = STATUS_FAIL;
    else if (truth != TRUTH_TRUE)
        outcome = eval_undecided(rule, outcome.result);
    if (rule->cases.count && truth == (rule->check.size ? TRUTH_FALSE : TRUTH_TRUE))
        judge_cases(e, rule, &outcome);
    eval_give(e, ref, &outcome);
}

/* Of what may have been told before the rule's own variables were set, which its message reads. */
static void give_early(Evaluator *e, const RuleRef *ref, Outcome *outcome)
{
    eval_set_variables(e, ref, ref->rule->variables);
    eval_give(e, ref, outcome);
}

static void judge_open(Evaluator *e, const RuleRef *ref)
{
    Outcome outcome = eval_undecided(ref->rule, cel_from_node(NULL));

    outcome.error = NULL;
    outcome.cause = STR("its count or for_each");
    give_early(e, ref, &outcome);
}

static void give_undecided(Evaluator *e, const RuleRef *ref, CelValue value)
{
    Outcome outcome = eval_undecided(ref->rule, value);

    give_early(e, ref, &outcome);
}

/* What is known of a question about the resource at hand; NULL where rules do not share it. */
static Answer *answer_to(Evaluator *e, uint32_t number)
{
    Answer *answer = &e->answers[number];

    if (!number || e->supposing)
        return NULL;
    if (answer->resource != e->resource_number)
        *answer = (Answer){.resource = e->resource_number};
    return answer;
}

/* What a condition of the rule comes to; `known`, which may be NULL, is what was found out before.
 */
static Truth ask(Evaluator *e, const Rule *rule, const BlobCondition *condition, uint8_t *known,
                 CelValue *value)
{
    Truth truth;

    if (known && *known != KNOWN_NOT)
        return *known == KNOWN_TRUE ? TRUTH_TRUE : TRUTH_FALSE;
    *value = eval_run(e, rule, condition->code);
    truth = eval_truth(*value);
    if (known && (truth == TRUTH_TRUE || truth == TRUTH_FALSE))
        *known = truth == TRUTH_TRUE ? KNOWN_TRUE : KNOWN_FALSE;
    return truth;
}

/* Whether the guard tells that the rule does not speak of the resource or element at hand. */
static bool is_ruled_out(Evaluator *e, const Rule *rule, uint8_t *known)
{
    CelValue value;

    return known && ask(e, rule, &rule->guard, known, &value) == TRUTH_FALSE;
}

/* Whether the rule speaks of the resource or element at hand; gives an undecided verdict where that
 * cannot be told. */
static bool applies(Evaluator *e, const RuleRef *ref, uint8_t *known)
{
    CelValue value;
    Truth truth = ask(e, ref->rule, &ref->rule->when, known, &value);

    if (truth == TRUTH_UNKNOWN || truth == TRUTH_ERROR)
        give_undecided(e, ref, value);
    return truth == TRUTH_TRUE;
}

static bool resource_applies(Evaluator *e, const RuleRef *ref)
{
    const Rule *rule = ref->rule;
    Answer *guard = rule->guard.each ? NULL : answer_to(e, ref->guard);
    Answer *when;

    eval_set_variables(e, ref, rule->guard.variables);
    if (guard && is_ruled_out(e, rule, &guard->known))
        return false;
    if (!rule->when.code.size || rule->when.each)
        return true;
    eval_set_variables(e, ref, rule->when.variables);
    when = answer_to(e, ref->when);
    return applies(e, ref, when ? &when->known : NULL);
}

/* `guard` and `when` are what is known of the conditions about this element, or NULL. */
static void judge_element(Evaluator *e, const RuleRef *ref, CelValue element, CelValue index,
                          uint8_t *guard, uint8_t *when)
{
    size_t mark;

    if ((guard && *guard == KNOWN_FALSE) || (when && *when == KNOWN_FALSE))
        return;
    mark = arena_mark(e->scratch);
    e->variables[RULE_VAR_IT] = element;
    e->variables[RULE_VAR_INDEX] = index;
    if (!is_ruled_out(e, ref->rule, guard) && (!ref->rule->when.each || applies(e, ref, when)))
        judge(e, ref);
    arena_rewind(e->scratch, mark);
}

/* What lies beyond a list that may be longer than is known. */
static CelValue incomplete(const Evaluator *e, CelValue list)
{
    CelValue value = {.kind = CEL_UNKNOWN};
    const Unknown *unknown = e->machine.incomplete_cause.size
                                 ? unknown_new(e->scratch, e->machine.incomplete_cause)
                                 : NULL;

    value.as.unknown = unknown ? unknown : &cel_incomplete_list;
    value.origin = list.origin;
    return value;
}

/* Keeps what was made in scratch until the next resource. */
static void keep_scratch(Evaluator *e)
{
    e->mark = arena_mark(e->scratch);
}

/* The value of `each`. */
static CelValue list_of(Evaluator *e, const RuleRef *ref)
{
    Answer *answer = answer_to(e, ref->each);
    CelValue list;

    if (answer && answer->listed) {
        e->machine.incomplete_cause = answer->incomplete_cause;
        e->unit->scope.met |= answer->met;
        return answer->list;
    }
    list = eval_run(e, ref->rule, ref->rule->each);
    if (answer && (list.kind == CEL_LIST || list.kind == CEL_MAP || list.kind == CEL_NULL)) {
        answer->list = list;
        answer->incomplete_cause = e->machine.incomplete_cause;
        answer->met = e->unit->scope.met;
        answer->listed = true;
        keep_scratch(e);
    }
    return list;
}

/* What is known of a condition for each of `count` elements, or NULL. `number` is its answer's. */
static uint8_t *known_elements(Evaluator *e, const BlobCondition *condition, uint32_t number,
                               uint32_t count)
{
    Answer *answer = condition->each && count <= MOST_ELEMENTS ? answer_to(e, number) : NULL;

    if (answer && !answer->elements) {
        answer->elements = ARENA_ARRAY(e->scratch, uint8_t, count);
        keep_scratch(e);
    }
    return answer ? answer->elements : NULL;
}

/* Notes at the rule's gate when it is shut for every element. */
static void note_none(Evaluator *e, const RuleRef *ref, const uint8_t *known, uint32_t count,
                      bool incomplete)
{
    bool none = !incomplete;

    for (uint32_t i = 0; none && i < count; i++)
        none = known[i] == KNOWN_FALSE;
    e->answers[ref->gate].none = none;
}

static void judge_elements(Evaluator *e, const RuleRef *ref, CelValue list)
{
    uint32_t count = cel_count(list);
    uint8_t *guard = count ? known_elements(e, &ref->rule->guard, ref->guard, count) : NULL;
    uint8_t *when = count ? known_elements(e, &ref->rule->when, ref->when, count) : NULL;
    const uint8_t *gate = ref->guard ? guard : when;
    bool map = list.kind == CEL_MAP;

    for (uint32_t i = 0; i < count; i++)
        judge_element(e, ref, map ? cel_map_value(list, i) : cel_list_item(list, i),
                      map ? cel_map_key(list, i) : cel_int(i), guard ? guard + i : NULL,
                      when ? when + i : NULL);
    if (count)
        eval_clear_element(e); /* what is said of the whole resource, by any rule, is about none */
    if (gate)
        note_none(e, ref, gate, count, list.flags & CEL_INCOMPLETE);
}

static void judge_each(Evaluator *e, const RuleRef *ref)
{
    CelValue list = list_of(e, ref);

    switch ((CelKind)list.kind) {
    case CEL_LIST:
    case CEL_MAP:
        judge_elements(e, ref, list);
        break;
    case CEL_NULL:
        return;
    default:
        if (list.kind != CEL_UNKNOWN && list.kind != CEL_ERROR) {
            list.kind = CEL_ERROR;
            list.as.error = "`each` is no list";
        }
        give_undecided(e, ref, list);
        return;
    }
    if (list.flags & CEL_INCOMPLETE)
        give_undecided(e, ref, incomplete(e, list));
}

void eval_rule(Evaluator *e, const RuleRef *ref, const NeedSet *there)
{
    const Rule *rule = ref->rule;

    e->metered = ref->admission && ref->admission->met;
    if (rule->format && rule->format != (uint32_t)e->resource->format + 1)
        return;
    if (ref->admission && !eval_admitted(e, ref))
        return;
    if (!resource_applies(e, ref))
        return;
    if (e->resource->open & RESOURCE_OPEN_COUNT) {
        judge_open(e, ref);
        return;
    }
    if (need_set_lacks(&ref->each_needs, there))
        return;
    eval_set_variables(e, ref, rule->variables);
    if (rule->each.size)
        judge_each(e, ref);
    else
        judge(e, ref);
}

/* Whether the gate of a rule, which was judged just now, is shut for the whole resource. */
static bool is_shut(const Evaluator *e, const RuleRef *ref)
{
    const Answer *gate = &e->answers[ref->gate];

    return gate->resource == e->resource_number && (gate->known == KNOWN_FALSE || gate->none);
}

/* Runs the rules of a list that may have something to say. Of what there may be none of, or many, a
 * rule is undecided before its `each` is looked at. */
static void judge_by(Evaluator *e, const RuleList *list, const NeedSet *there)
{
    bool open = e->resource->open & RESOURCE_OPEN_COUNT;

    for (uint32_t i = 0; i < list->count; i++) {
        const RuleRef *ref = &list->items[i];

        if (!open && need_set_lacks(&ref->needs, there))
            continue;
        if (e->unit->may_close && ref->rule->asks)
            eval_rule_in_scope(e, ref, there);
        else
            eval_rule(e, ref, there);
        arena_rewind(e->scratch, e->mark);
        if (ref->behind && is_shut(e, ref))
            i += ref->behind;
    }
}

static void judge_resource(Evaluator *e, const Resource *resource)
{
    const RuleList *list;
    NeedSet there;

    if (e->options->override_count)
        e->view = rule_views_at(&e->views, eval_config_file_of(e->unit, resource));
    list = rule_view_rules(e->view, resource);
    eval_set_resource(e, resource);
    if (!list)
        return;
    there = need_paths_there(&list->paths, &resource->body, resource->pod);
    judge_by(e, list, &there);
}

/* One that stands for several counts as so many. */
static uint32_t add_resources(const VerdictSink *sink, const Resource *resource)
{
    uint64_t sum =
        (uint64_t)sink->coverage.resources + (resource->instances ? resource->instances : 1);

    return sum < UINT32_MAX ? (uint32_t)sum : UINT32_MAX;
}

bool evaluator_judge(Evaluator *evaluator, Unit *unit, VerdictSink *sink)
{
    eval_set_unit(evaluator, unit);
    evaluator->sink = sink;
    evaluator->view = evaluator->views.base;
    evaluator->fixes = fix_maker_new();
    evaluator->suppressions = NULL;
    evaluator->suppressions_read = false;
    for (uint32_t i = 0; i < unit->resource_count; i++) {
        if (unit->resources[i].left_alone)
            continue;
        sink->coverage.resources = add_resources(sink, &unit->resources[i]);
        judge_resource(evaluator, &unit->resources[i]);
    }
    rule_views_forget(&evaluator->views);
    suppress_finish(evaluator->suppressions);
    sink_problems(sink, unit);
    arena_rewind(evaluator->scratch, 0);
    arena_trim(evaluator->scratch, ARENA_LARGEST_BLOCK);
    return !arena_spent(evaluator->arena);
}
