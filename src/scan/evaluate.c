#include "scan/evaluate.h"

#include <stdlib.h>

#include "base/buf.h"
#include "base/limits.h"
#include "cel/plain.h"
#include "scan/fingerprint.h"
#include "scan/fix.h"
#include "scan/hadolint.h"
#include "scan/place.h"
#include "scan/redact.h"
#include "scan/rule_view.h"
#include "scan/sink.h"
#include "scan/suppress.h"

/* What of a question that several rules ask is known (rules/questions.h). Only a plain yes or no is
 * kept of a `when`: what is undecided makes a verdict, and is asked again by every rule. */
typedef enum Known {
    KNOWN_NOT,
    KNOWN_FALSE,
    KNOWN_TRUE,
} Known;

typedef struct Answer {
    uint64_t resource;    /* the number of the one it is about; 0: none yet */
    uint8_t known;        /* Known: of a `when` that is about the resource */
    bool none;            /* a `when` about elements is false of all there are */
    bool listed;          /* `list` is the value of an `each` */
    uint8_t *elements;    /* Known: of a `when` about each element; in scratch; NULL until asked */
    CelValue list;        /* in scratch where it was made */
    Str incomplete_cause; /* the machine's, for `list` */
} Answer;

/* For longer lists the answers are not kept, since they live as long as the resource is judged. */
#define MOST_ELEMENTS 4096u

struct Evaluator {
    const EvalOptions *options;
    Arena *arena;   /* as long as the evaluator */
    Arena *scratch; /* values of one rule on one resource */
    RuleViews views;
    uint32_t *erred_in; /* for each rule: the last unit in which it failed to evaluate */
    Answer *answers;    /* for each shared question, from 1 */
    CelMachine machine;
    CelValue variables[RULE_VAR_COUNT];

    /* at hand */
    uint32_t unit_number;
    uint64_t resource_number; /* of those judged so far, by this evaluator */
    Unit *unit;
    FixMaker fixes;
    Suppressions *suppressions; /* of the unit, read at the first verdict that is no pass */
    bool suppressions_read;
    const Resource *resource;
    RuleView *view; /* how rules run on it */
    VerdictSink *sink;
    bool environment_found;
    bool meta_made;
    Node meta;
    uint32_t effort;     /* that may still go into finding places in the resource */
    bool secrets_sought; /* whether `secrets` is known of the resource */
    bool secrets;        /* its body holds something sensitive */
    size_t mark;         /* of scratch: what is above goes with the next rule */
    Str address;         /* in the sink's arena, once a verdict of the resource was kept */
    Str type_name;
};

/* What an expression came to, as a truth. */
typedef enum Truth {
    TRUTH_FALSE,
    TRUTH_TRUE,
    TRUTH_UNKNOWN,
    TRUTH_ERROR,
} Truth;

/* A verdict in the making. */
typedef struct Outcome {
    Status status;
    Severity severity;
    Str cause;
    CelValue result; /* whose origin is the place, where `at` says nothing */
    const BlobCode *at;
    const BlobList *message;
    const char *error; /* or NULL */
    Str reason;        /* of something suppressed; may be empty */
} Outcome;

static uint32_t shared_total(const EvalOptions *options)
{
    uint32_t total = 0;

    for (uint32_t i = 0; i < options->set_count; i++)
        total += ruleset_shared_count(options->sets[i]);
    return total;
}

static void put_int(MapBuilder *map, Str key, uint32_t value)
{
    map_put(map, key, SPAN_NONE, node_make_int(SPAN_NONE, value));
}

/* The variable `config`. */
static CelValue make_config(const EvalOptions *options, Arena *arena)
{
    MapBuilder security = map_builder(arena, options->symbols);
    MapBuilder kubernetes = map_builder(arena, options->symbols);
    MapBuilder config = map_builder(arena, options->symbols);
    Node node;

    put_int(&security, STR("level"), options->pod_security_level);
    put_int(&security, STR("minor"), options->pod_security_minor);
    put_int(&kubernetes, STR("minor"), options->kubernetes_minor);
    map_put(&config, STR("podSecurity"), SPAN_NONE, map_done(&security, SPAN_NONE));
    map_put(&config, STR("kubernetes"), SPAN_NONE, map_done(&kubernetes, SPAN_NONE));
    node = map_done(&config, SPAN_NONE);
    return cel_plain(&node, arena);
}

/* The fields of `meta`, in this order. */
#define META_FIELDS 11u
static const Str meta_fields[META_FIELDS] = {
    STR_INIT("address"),   STR_INIT("type"),           STR_INIT("name"),
    STR_INIT("namespace"), STR_INIT("namespaceGiven"), STR_INIT("apiVersion"),
    STR_INIT("format"),    STR_INIT("file"),           STR_INIT("module"),
    STR_INIT("template"),  STR_INIT("dataSource"),
};

/* The map without its values. */
static bool make_meta_fields(Evaluator *e)
{
    Entry *entries = ARENA_ARRAY(e->arena, Entry, META_FIELDS);

    for (uint32_t i = 0; entries && i < META_FIELDS; i++)
        entries[i] = (Entry){.key = meta_fields[i].data,
                             .key_size = meta_fields[i].size,
                             .symbol = symbols_find(e->options->symbols, meta_fields[i])};
    e->meta = node_make_map(SPAN_NONE, entries, entries ? META_FIELDS : 0);
    return entries != NULL;
}

static bool make_tables(Evaluator *e)
{
    uint32_t rules = ruleset_total(e->options->sets, e->options->set_count);

    e->erred_in = ARENA_ARRAY(e->arena, uint32_t, rules + 1u);
    e->answers = ARENA_ARRAY(e->arena, Answer, shared_total(e->options) + 1u);
    e->variables[RULE_VAR_CONFIG] = make_config(e->options, e->arena);
    return rule_views_init(&e->views, e->options, e->arena) && e->erred_in && e->answers &&
           make_meta_fields(e);
}

uint32_t eval_rule_count(const EvalOptions *options)
{
    uint32_t count = 0;

    for (uint32_t i = 0; i < options->set_count; i++)
        count += ruleset_rule_count(options->sets[i]);
    return count;
}

Evaluator *evaluator_new(const EvalOptions *options, CelPatterns *patterns)
{
    Evaluator *e = calloc(1, sizeof *e);

    if (!e)
        return NULL;
    e->options = options;
    e->arena = arena_new(LIMIT_UNIT_BYTES);
    e->scratch = arena_new(LIMIT_UNIT_BYTES);
    if (!e->arena || !e->scratch || !make_tables(e)) {
        evaluator_free(e);
        return NULL;
    }
    e->machine = (CelMachine){.arena = e->scratch,
                              .symbols = options->symbols,
                              .patterns = patterns,
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

/* Variables */

static Node text_node(Str text)
{
    return node_make_string(SPAN_NONE, text.data ? text : STR(""));
}

static Str file_of(const Unit *unit, const Resource *resource)
{
    Span span = sources_origin(&unit->sources, resource->header);
    const Source *source = sources_get(&unit->sources, span.source);

    return source ? source->path : unit->path;
}

static void make_meta(Evaluator *e)
{
    const Resource *r = e->resource;
    const Node values[META_FIELDS] = {
        text_node(r->address),
        text_node(r->type_name),
        text_node(r->name),
        text_node(r->namespace),
        node_make_bool(SPAN_NONE, r->namespace_given),
        text_node(r->api_version),
        text_node(str_of(format_id(r->format))),
        text_node(file_of(e->unit, r)),
        text_node(r->module_path),
        text_node(r->template),
        node_make_bool(SPAN_NONE, r->data_source),
    };

    for (uint32_t i = 0; i < META_FIELDS; i++)
        e->meta.as.entries[i].value = values[i];
    e->meta_made = true;
}

/* The way in which a resource's values compare. */
static uint8_t value_flags(const Resource *resource)
{
    bool terraform = resource->format == FORMAT_TERRAFORM || resource->format == FORMAT_PLAN;

    return terraform ? CEL_TERRAFORM : 0;
}

static void set_resource(Evaluator *e, const Resource *resource)
{
    CelValue value = {.kind = CEL_RESOURCE, .flags = CEL_INPUT | CEL_CONFIGURED};
    CelValue pod = cel_from_node(resource->pod);

    value.flags |= value_flags(resource);
    value.as.resource = resource;
    value.origin = &resource->body;
    pod.flags |= value_flags(resource);
    if (!resource->pod)
        pod.origin = &resource->body;
    e->resource = resource;
    e->resource_number++;
    e->machine.resource = resource;
    e->variables[RULE_VAR_RESOURCE] = value;
    e->variables[RULE_VAR_POD] = pod;
    e->meta_made = false;
    e->environment_found = false;
    e->secrets_sought = false;
    e->effort = SPOT_EFFORT;
    e->address = e->type_name = (Str){NULL, 0};
    e->mark = 0;
    arena_rewind(e->scratch, 0);
}

/* Sets the variables that are in `used`; `it` and `index` are judge_each()'s. */
static void set_variables(Evaluator *e, const RuleRef *ref, uint32_t used)
{
    if (used & (1u << RULE_VAR_META)) {
        if (!e->meta_made)
            make_meta(e);
        e->variables[RULE_VAR_META] = cel_from_node(&e->meta);
    }
    if (used & (1u << RULE_VAR_ENVIRONMENT) && !e->environment_found) {
        e->variables[RULE_VAR_ENVIRONMENT] = environment_find(
            &e->options->environments, e->unit, e->resource, file_of(e->unit, e->resource));
        e->environment_found = true;
    }
    if (used & (1u << RULE_VAR_PARAMS))
        e->variables[RULE_VAR_PARAMS] = rule_view_params(e->view, ref);
}

static void clear_element(Evaluator *e)
{
    e->variables[RULE_VAR_IT] = cel_from_node(NULL);
    e->variables[RULE_VAR_INDEX] = cel_null();
}

static CelValue run(Evaluator *e, const Rule *rule, BlobCode code)
{
    CelCode compiled = rule_code(rule, code);

    e->machine.steps = 0;
    return cel_eval(&compiled, &e->machine);
}

/* Absence is ordinary: a null of the input is not true. Terraform takes "true" for true. */
static Truth truth_of(CelValue value)
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

static const char *error_text(CelValue value)
{
    return value.kind == CEL_ERROR ? value.as.error : "the expression gives no bool";
}

static Outcome undecided(const Rule *rule, CelValue value)
{
    Outcome outcome = {.status = STATUS_UNKNOWN,
                       .severity = rule_severity(rule),
                       .result = value,
                       .at = &rule->at,
                       .message = &rule->message};

    if (value.kind == CEL_UNKNOWN) {
        outcome.cause = cel_unknown_of(value)->cause;
    } else {
        outcome.cause = STR("rule error");
        outcome.error = error_text(value);
    }
    return outcome;
}

/* Keeping a verdict */

static Str element_name(CelValue element)
{
    static const Str keys[] = {STR_INIT("name"), STR_INIT("id"), STR_INIT("key")};
    const Node *node =
        (element.flags & CEL_INPUT) && element.kind == CEL_MAP ? element.as.node : NULL;

    for (size_t i = 0; node && i < sizeof keys / sizeof *keys; i++) {
        Str name = node_string(node_get_named(node, keys[i]));
        if (name.size)
            return name;
    }
    return (Str){"", 0};
}

/* The element at hand, copied to the sink's arena. */
static Str element_of(Evaluator *e, const Rule *rule)
{
    CelValue index = e->variables[RULE_VAR_INDEX];
    Str name = element_name(e->variables[RULE_VAR_IT]);

    if (!rule->each.size || index.kind == CEL_NULL)
        return (Str){"", 0};
    if (name.size)
        return str_copy(e->sink->arena, name);
    if (index.kind == CEL_STRING)
        return str_copy(e->sink->arena, cel_text(index));
    return str_format(e->sink->arena, "%lld", (long long)index.as.integer);
}

static void add_value(Evaluator *e, Buf *text, CelValue value)
{
    if (value.origin && (value.origin->flags & NODE_SENSITIVE))
        buf_add_z(text, "(sensitive)");
    else if (value.kind == CEL_UNKNOWN || value.kind == CEL_ERROR)
        buf_add_z(text, "(unknown)");
    else
        buf_add(text, cel_value_text(value, e->scratch));
}

/* Whether the resource at hand holds something sensitive. */
static bool has_secrets(Evaluator *e)
{
    if (!e->secrets_sought) {
        /* Nothing in a Dockerfile is marked, and its resources share parts of each other. */
        e->secrets =
            e->resource->format != FORMAT_DOCKERFILE && place_has_secrets(&e->resource->body);
        e->secrets_sought = true;
    }
    return e->secrets;
}

static Str message_of(Evaluator *e, const Rule *rule, const BlobList *parts)
{
    Buf text = buf_new(e->scratch);
    Str message;

    for (uint32_t i = 0; i < parts->count; i++) {
        const BlobPart *part = rule_part(rule, *parts, i);
        buf_add(&text, rule_text(rule, part->text));
        if (part->value.size)
            add_value(e, &text, run(e, rule, part->value));
    }
    message = buf_str(&text);
    /* A value that an expression made of a secret has lost its mark. */
    if (has_secrets(e))
        message = redact(&e->resource->body, message, e->scratch);
    return str_copy(e->sink->arena, message);
}

/* The field that a value lacks, or an empty text. */
static Str missing_of(const Evaluator *e, CelValue value)
{
    if (value.kind == CEL_STRING || value.kind == CEL_BYTES)
        return (Str){"", 0};
    return symbols_name(e->options->symbols, value.size);
}

/* Where an expression of `at` points; false where it leads nowhere. */
static bool spot_at(Evaluator *e, const Rule *rule, const BlobCode *at, Spot *spot)
{
    CelValue value;

    if (!at->size)
        return false;
    value = run(e, rule, *at);
    if (value.kind == CEL_ERROR || !value.origin)
        return false;
    *spot = spot_find(e->resource, value.origin, missing_of(e, value), &e->effort, e->scratch);
    spot_to_source(e->unit, e->resource, spot, e->scratch);
    return true;
}

static Spot spot_of(Evaluator *e, const Rule *rule, const Outcome *outcome)
{
    CelValue result = outcome->result;
    Spot spot;

    if (spot_at(e, rule, outcome->at, &spot))
        return spot;
    if (!result.origin)
        result = e->variables[RULE_VAR_IT];
    spot = spot_find(e->resource, result.origin, missing_of(e, result), &e->effort, e->scratch);
    /* A rule that does not say where it points is about this resource. */
    if (!spot.found)
        spot = spot_header(e->resource);
    spot_to_source(e->unit, e->resource, &spot, e->scratch);
    return spot;
}

static void add_related(Verdict *verdict, Place place, Str message)
{
    verdict->related[verdict->related_count++] = (Related){place, message};
}

static void set_related(Evaluator *e, const Rule *rule, const Spot *own, Verdict *verdict)
{
    const Resource *r = e->resource;
    Arena *arena = e->sink->arena;
    bool through = !span_is_none(own->call), planned = !span_is_none(own->plan);
    uint32_t count = rule->related.count + (r->template.size > 0) + through + planned;
    Spot spot;

    verdict->related = count ? ARENA_ARRAY(arena, Related, count) : NULL;
    if (!verdict->related)
        return;
    for (uint32_t i = 0; i < rule->related.count; i++) {
        const BlobRelated *related = rule_related(rule, i);
        if (spot_at(e, rule, &related->at, &spot))
            add_related(verdict, place_of(e->unit, spot.span, arena),
                        message_of(e, rule, &related->message));
    }
    if (through)
        add_related(verdict, place_of(e->unit, own->call, arena), STR("by way of here"));
    if (planned)
        add_related(verdict, place_of(e->unit, own->plan, arena), STR("in the plan"));
    if (r->template.size)
        add_related(verdict, (Place){.file = str_copy(arena, r->template)},
                    STR("rendered from this template"));
}

static void set_resource_texts(Evaluator *e, Verdict *verdict)
{
    if (!e->address.data) {
        e->address = str_copy(e->sink->arena, e->resource->address);
        e->type_name = str_copy(e->sink->arena, e->resource->type_name);
    }
    verdict->resource = e->address;
    verdict->type_name = e->type_name;
}

/* The line of a finding, if nothing on it is sensitive. */
static Str excerpt_of(Evaluator *e, const Spot *spot)
{
    Str line =
        place_excerpt(e->unit, has_secrets(e) ? e->resource : NULL, spot->span, e->sink->arena);

    /* What a plan calls sensitive is known by its value in the source. */
    if (!span_is_none(spot->plan) && has_secrets(e) &&
        !str_eq(redact(&e->resource->body, line, e->scratch), line))
        return STR("");
    return line;
}

/* Whether a finding of that severity counts for the exit status, where the rule does. */
static bool may_block(const Evaluator *e, Severity severity)
{
    return !e->unit->hadolint || hadolint_blocks(e->unit->hadolint, severity);
}

static void keep(Evaluator *e, const RuleRef *ref, const Outcome *outcome)
{
    const Rule *rule = ref->rule;
    Verdict *verdict = sink_verdict(e->sink);
    Arena *arena = e->sink->arena;
    Spot spot;

    if (!verdict)
        return;
    verdict->rule = rule;
    verdict->status = outcome->status;
    verdict->severity = outcome->severity;
    verdict->enabled = ref->enabled && may_block(e, outcome->severity);
    set_resource_texts(e, verdict);
    spot = spot_of(e, rule, outcome);
    verdict->attribute = str_copy(arena, spot.attribute);
    verdict->element = element_of(e, rule);
    verdict->place = place_of(e->unit, spot.span, arena);
    verdict->message = message_of(e, rule, outcome->message);
    if (e->resource->instances > 1) {
        verdict->instances = e->resource->instances;
        verdict->message = str_format(arena, "%.*s, and so are %u others that do not differ",
                                      STR_ARG(verdict->message), e->resource->instances - 1);
    }
    verdict->cause = str_copy(arena, outcome->cause);
    verdict->reason = str_copy(arena, outcome->reason);
    if (outcome->status == STATUS_FAIL) {
        set_related(e, rule, &spot, verdict);
        if (e->options->keep_excerpts)
            verdict->excerpt = excerpt_of(e, &spot);
        if (e->options->keep_fixes && rule->edits.count)
            verdict->fix = fix_make(&e->fixes, rule, e->resource, &e->machine, arena);
    }
    fingerprint_set(verdict, e->options->root_prefix, e->unit->label);
}

static void report_error(Evaluator *e, const RuleRef *ref, const char *error)
{
    Problem *problem;

    if (e->erred_in[ref->number] == e->unit_number)
        return;
    e->erred_in[ref->number] = e->unit_number;
    problem = sink_problem(e->sink);
    if (!problem)
        return;
    problem->level = ref->shipped ? DIAG_WARNING : DIAG_ERROR;
    problem->code = diag_code_id(DIAG_RULE_ERROR);
    problem->place = place_of(e->unit, e->resource->header, e->sink->arena);
    problem->message =
        str_format(e->sink->arena, "rule %.*s cannot judge %.*s: %s", STR_ARG(rule_id(ref->rule)),
                   STR_ARG(e->resource->address), error);
}

static void count_failure(Evaluator *e, const RuleRef *ref, Severity severity)
{
    VerdictSink *sink = e->sink;

    sink->coverage.failed++;
    if (!ref->enabled || !may_block(e, severity))
        return;
    if (!sink->any_failed || severity > sink->worst)
        sink->worst = severity;
    sink->any_failed = true;
}

static bool is_kept(const EvalOptions *options, const Outcome *outcome)
{
    if (options->all_verdicts)
        return true;
    if (outcome->status == STATUS_UNKNOWN)
        return options->keep_unknown || options->keep_every;
    if (outcome->status == STATUS_FAIL)
        return outcome->severity >= options->report_at;
    return options->keep_every;
}

static void count(Evaluator *e, const RuleRef *ref, const Outcome *outcome)
{
    /* For the score, what is suppressed without a reason fails. */
    bool excused = outcome->status != STATUS_SUPPRESSED || outcome->reason.size;

    if (e->sink->rules_used)
        e->sink->rules_used[ref->number] = 1;
    if (e->sink->tallies && ref->enabled)
        tally_add(&e->sink->tallies[ref->number], excused ? outcome->status : STATUS_FAIL,
                  outcome->severity, e->resource_number);
    if (outcome->status == STATUS_PASS)
        e->sink->coverage.passed++;
    else if (outcome->status == STATUS_UNKNOWN)
        e->sink->coverage.unknown++;
    else if (outcome->status == STATUS_SUPPRESSED)
        e->sink->coverage.suppressed++;
    else
        count_failure(e, ref, outcome->severity);
}

/* Takes a finding back where a comment or annotation says so; of something undecided, notes only
 * that the suppression has its use. */
static void suppress(Evaluator *e, const RuleRef *ref, Outcome *outcome)
{
    Spot spot;

    if (outcome->status == STATUS_PASS)
        return;
    if (!e->suppressions_read) {
        e->suppressions = suppress_read(e->unit, e->options);
        e->suppressions_read = true;
    }
    if (!suppress_names(e->suppressions, ref->number))
        return;
    spot = spot_of(e, ref->rule, outcome);
    if (suppress_covers(e->suppressions, ref->number, outcome->severity, e->resource, &spot,
                        &outcome->reason) &&
        outcome->status == STATUS_FAIL)
        outcome->status = STATUS_SUPPRESSED;
}

static void give(Evaluator *e, const RuleRef *ref, Outcome *outcome)
{
    if (e->unit->hadolint)
        outcome->severity = hadolint_severity(e->unit->hadolint, ref->rule, outcome->severity);
    if (ref->severity != SEVERITY_OWN)
        outcome->severity = (Severity)ref->severity;
    suppress(e, ref, outcome);
    if (outcome->error)
        report_error(e, ref, outcome->error);
    count(e, ref, outcome);
    if (is_kept(e->options, outcome))
        keep(e, ref, outcome);
}

/* Judging */

/* Of several cases the first that holds decides; one that cannot be decided leaves the outcome open
 * unless a later one holds. `*result` is that of the deciding one. */
static const BlobCase *first_case(Evaluator *e, const Rule *rule, CelValue *result, Truth *truth)
{
    *truth = TRUTH_FALSE;
    for (uint32_t i = 0; i < rule->cases.count; i++) {
        const BlobCase *item = rule_case(rule, i);
        CelValue value = run(e, rule, item->condition);
        Truth holds = truth_of(value);

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
static Outcome judge_cases(Evaluator *e, const Rule *rule, Outcome outcome)
{
    bool decide = !rule->check.size;
    CelValue result = {.kind = CEL_NULL};
    Truth truth;
    const BlobCase *item = first_case(e, rule, &result, &truth);

    if (truth == TRUTH_ERROR || (decide && truth == TRUTH_UNKNOWN))
        return undecided(rule, result);
    if (decide) {
        outcome.status = truth == TRUTH_TRUE ? STATUS_FAIL : STATUS_PASS;
        outcome.result = result;
    }
    if (item)
        apply_case(item, &outcome);
    return outcome;
}

static Outcome judge(Evaluator *e, const Rule *rule)
{
    Outcome outcome = {.status = STATUS_PASS,
                       .severity = rule_severity(rule),
                       .at = &rule->at,
                       .message = &rule->message};

    if (rule->check.size) {
        Truth truth;
        outcome.result = run(e, rule, rule->check);
        truth = truth_of(outcome.result);
        if (truth == TRUTH_UNKNOWN || truth == TRUTH_ERROR)
            return undecided(rule, outcome.result);
        outcome.status = truth == TRUTH_TRUE ? STATUS_PASS : STATUS_FAIL;
    }
    if (rule->cases.count && outcome.status != (rule->check.size ? STATUS_PASS : STATUS_FAIL))
        return judge_cases(e, rule, outcome);
    return outcome;
}

static void judge_open(Evaluator *e, const RuleRef *ref)
{
    Outcome outcome = undecided(ref->rule, cel_from_node(NULL));

    outcome.error = NULL;
    outcome.cause = STR("its count or for_each");
    give(e, ref, &outcome);
}

static void give_undecided(Evaluator *e, const RuleRef *ref, CelValue value)
{
    Outcome outcome = undecided(ref->rule, value);

    give(e, ref, &outcome);
}

/* What is known of a question about the resource at hand; NULL where rules do not share it. */
static Answer *answer_to(Evaluator *e, uint32_t number)
{
    Answer *answer = &e->answers[number];

    if (!number)
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
    *value = run(e, rule, condition->code);
    truth = truth_of(*value);
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

    set_variables(e, ref, rule->guard.variables);
    if (guard && is_ruled_out(e, rule, &guard->known))
        return false;
    if (!rule->when.code.size || rule->when.each)
        return true;
    set_variables(e, ref, rule->when.variables);
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
    if (!is_ruled_out(e, ref->rule, guard) && (!ref->rule->when.each || applies(e, ref, when))) {
        Outcome outcome = judge(e, ref->rule);
        give(e, ref, &outcome);
    }
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
        return answer->list;
    }
    list = run(e, ref->rule, ref->rule->each);
    if (answer && (list.kind == CEL_LIST || list.kind == CEL_MAP || list.kind == CEL_NULL)) {
        answer->list = list;
        answer->incomplete_cause = e->machine.incomplete_cause;
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
    if (list.flags & CEL_INCOMPLETE) {
        clear_element(e);
        give_undecided(e, ref, incomplete(e, list));
    }
}

static void judge_rule(Evaluator *e, const RuleRef *ref)
{
    const Rule *rule = ref->rule;
    Outcome outcome;

    clear_element(e);
    if (!resource_applies(e, ref))
        return;
    set_variables(e, ref, rule->variables);
    if (e->resource->open & RESOURCE_OPEN_COUNT) {
        judge_open(e, ref);
    } else if (rule->each.size) {
        judge_each(e, ref);
    } else {
        outcome = judge(e, rule);
        give(e, ref, &outcome);
    }
}

/* Whether the gate of a rule, which was judged just now, is shut for the whole resource. */
static bool is_shut(const Evaluator *e, const RuleRef *ref)
{
    const Answer *gate = &e->answers[ref->gate];

    return gate->resource == e->resource_number && (gate->known == KNOWN_FALSE || gate->none);
}

static void judge_resource(Evaluator *e, const Resource *resource)
{
    const RuleList *list;

    if (e->options->override_count)
        e->view = rule_views_at(&e->views, file_of(e->unit, resource));
    list = rule_view_rules(e->view, resource);
    set_resource(e, resource);
    for (uint32_t i = 0; list && i < list->count; i++) {
        judge_rule(e, &list->items[i]);
        arena_rewind(e->scratch, e->mark);
        if (list->items[i].behind && is_shut(e, &list->items[i]))
            i += list->items[i].behind;
    }
}

/* One that stands for several counts as so many. */
static uint32_t add_resources(const VerdictSink *sink, const Resource *resource)
{
    uint64_t sum =
        (uint64_t)sink->coverage.resources + (resource->instances ? resource->instances : 1);

    return sum < UINT32_MAX ? (uint32_t)sum : UINT32_MAX;
}

void evaluator_judge(Evaluator *evaluator, Unit *unit, VerdictSink *sink)
{
    evaluator->unit = unit;
    evaluator->unit_number++;
    evaluator->sink = sink;
    evaluator->machine.unit = unit;
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
}
