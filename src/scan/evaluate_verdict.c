#include "base/buf.h"
#include "ir/helm_values.h"
#include "ir/kubernetes.h"
#include "scan/evaluator.h"
#include "scan/fingerprint.h"
#include "scan/hadolint.h"
#include "scan/redact.h"
#include "scan/sink.h"

/* Of a chart, as many keys of its values as are named for one finding. */
enum { MOST_VALUES = 3 };

static const char *error_text(CelValue value)
{
    return value.kind == CEL_ERROR ? value.as.error : "the expression gives no bool";
}

Outcome eval_undecided(const Rule *rule, CelValue value)
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

/* By what names a verdict goes */

static bool part_has_type(const Rule *rule, const BlobAliasPart *part, Str type)
{
    for (uint32_t i = 0; i < part->types.count; i++)
        if (str_eq(rule_part_type(rule, part, i), type))
            return true;
    return part->types.count == 0;
}

/* The condition of an alias is asked of findings alone: what passes does so by all names. One that
 * cannot be decided holds, so that who suppresses by that name is heard. */
static bool part_holds(Evaluator *e, const Rule *rule, const BlobAliasPart *part, Status status)
{
    Truth truth;

    if (!part_has_type(rule, part, e->resource->type_name))
        return false;
    if (status != STATUS_FAIL || !part->condition.size)
        return true;
    truth = eval_truth(eval_run(e, rule, part->condition));
    return truth == TRUTH_TRUE || truth == TRUTH_UNKNOWN;
}

static AliasSet aliases_of(Evaluator *e, const Rule *rule, Status status)
{
    AliasSet set = 0;

    for (uint32_t i = 0; i < rule->alias_parts.count; i++)
        if (part_holds(e, rule, rule_alias_part(rule, i), status))
            set |= (AliasSet)1 << i;
    return set;
}

/* Whether plumb.yaml or the command line, which name parts of the rule, want no such verdict. */
static bool is_left_out(const RuleRef *ref, AliasSet aliases)
{
    return (ref->parts.only && !(ref->parts.only & aliases)) || ref->parts.without & aliases;
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

/* Whether anything in the resource may be marked: nothing in a Dockerfile is, whose resources share
 * parts of each other. */
static bool may_have_secrets(const Resource *resource)
{
    if (resource->format == FORMAT_KUBERNETES)
        return kubernetes_is_secret(resource);
    return resource->format != FORMAT_DOCKERFILE;
}

/* Whether the resource at hand holds something sensitive. */
static bool has_secrets(Evaluator *e)
{
    if (!e->secrets_sought) {
        e->secrets = may_have_secrets(e->resource) && place_has_secrets(&e->resource->body);
        e->secrets_sought = true;
    }
    return e->secrets;
}

/* The text for the sink. A value that an expression made of a secret has lost its mark. */
static Str kept_message(Evaluator *e, Str message)
{
    if (has_secrets(e))
        message = redact(&e->resource->body, message, e->scratch);
    return str_copy(e->sink->arena, message);
}

static Str message_of(Evaluator *e, const Rule *rule, const BlobList *parts)
{
    Buf text = buf_new(e->scratch);

    for (uint32_t i = 0; i < parts->count; i++) {
        const BlobPart *part = rule_part(rule, *parts, i);
        buf_add(&text, rule_text(rule, part->text));
        if (part->value.size)
            add_value(e, &text, eval_run(e, rule, part->value));
    }
    return kept_message(e, buf_str(&text));
}

/* The field that a value lacks, or an empty text. */
static Str missing_of(const Evaluator *e, CelValue value)
{
    if (value.kind == CEL_STRING || value.kind == CEL_BYTES)
        return (Str){"", 0};
    return symbols_name(e->options->symbols, value.size);
}

/* Where the node stands in the resource at hand. */
static const Site *site_of(Evaluator *e, const Node *node)
{
    KnownSite *known = &e->sites[(uintptr_t)node / sizeof *node % KNOWN_SITES];
    Span span = node_span(node);

    /* What an expression has made may stand where something else stood before. */
    if (known->resource != e->resource_number || known->node != node || known->kind != node->kind ||
        !span_eq(known->span, span))
        *known = (KnownSite){e->resource_number, node, node->kind, span,
                             site_find(e->resource, node, &e->effort, e->unit->arena)};
    return &known->site;
}

/* Where the origin of a value stands or, of something absent, what would hold it. */
static Spot spot_of_value(Evaluator *e, CelValue value)
{
    if (!value.origin)
        return spot_header(e->resource);
    return site_spot(e->resource, site_of(e, value.origin), missing_of(e, value), e->scratch);
}

/* Where an expression of `at` points; false where it leads nowhere. */
static bool spot_at(Evaluator *e, const Rule *rule, const BlobCode *at, Spot *spot)
{
    CelValue value;

    if (!at->size)
        return false;
    value = eval_run(e, rule, *at);
    if (value.kind == CEL_ERROR || !value.origin)
        return false;
    *spot = spot_of_value(e, value);
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
    spot = spot_of_value(e, result);
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

/* The keys of a chart's values that decide what stands at a place of its template. */
static uint32_t values_of(Evaluator *e, const Spot *own, HelmValue *values)
{
    if (!e->unit->chart || span_is_none(own->span))
        return 0;
    return helm_values_at(e->unit, sources_origin(&e->unit->sources, own->span), &e->resource->body,
                          own->attribute, values, MOST_VALUES);
}

static void add_value_keys(Evaluator *e, const HelmValue *values, uint32_t count, Verdict *verdict)
{
    Arena *arena = e->sink->arena;

    for (uint32_t i = 0; i < count; i++)
        add_related(verdict, sink_place(e->sink, e->unit, values[i].span),
                    str_format(arena, values[i].set ? "value of `%.*s`" : "`%.*s` is not set here",
                               STR_ARG(values[i].key)));
}

/* Where the policy says it. A file that the user named is not one of those that are scanned. */
static void add_validation(Verdict *verdict, const RuleRef *ref, Arena *arena)
{
    Position at = {.line = rule_line(ref->rule), .column = 1};

    if (ref->admission->met)
        add_related(verdict, (Place){.file = rule_file(ref->rule), .start = at, .end = at},
                    STR("the policy's validation"));
    else
        add_related(verdict, (Place){.file = rule_file(ref->rule)},
                    str_format(arena, "the policy's validation, line %u", at.line));
}

static void set_related(Evaluator *e, const RuleRef *ref, const Spot *own, Verdict *verdict)
{
    HelmValue values[MOST_VALUES];
    uint32_t value_count = values_of(e, own, values);
    const Resource *r = e->resource;
    Arena *arena = e->sink->arena;
    bool through = !span_is_none(own->call), planned = !span_is_none(own->plan);
    const Rule *rule = ref->rule;
    bool policy = ref->admission != NULL;
    bool rendered = r->template.size > 0 && !helm_is_template(e->unit, r->header);
    uint32_t count = rule->related.count + rendered + through + planned + policy + value_count;
    Spot spot;

    verdict->related = count ? ARENA_ARRAY(arena, Related, count) : NULL;
    if (!verdict->related)
        return;
    for (uint32_t i = 0; i < rule->related.count; i++) {
        const BlobRelated *related = rule_related(rule, i);
        if (spot_at(e, rule, &related->at, &spot))
            add_related(verdict, sink_place(e->sink, e->unit, spot.span),
                        message_of(e, rule, &related->message));
    }
    if (ref->admission)
        add_validation(verdict, ref, arena);
    if (through)
        add_related(verdict, sink_place(e->sink, e->unit, own->call),
                    r->built ? STR("built by this kustomization") : STR("by way of here"));
    if (planned)
        add_related(verdict, sink_place(e->sink, e->unit, own->plan), STR("in the plan"));
    add_value_keys(e, values, value_count, verdict);
    if (rendered)
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
    Str first;

    if (!verdict)
        return;
    verdict->rule = rule;
    verdict->aliases = outcome->aliases;
    verdict->status = outcome->status;
    verdict->severity = outcome->severity;
    verdict->enabled = ref->enabled && may_block(e, outcome->severity);
    set_resource_texts(e, verdict);
    spot = spot_of(e, rule, outcome);
    verdict->attribute = str_copy(arena, spot.attribute);
    verdict->element = element_of(e, rule);
    verdict->place = sink_place(e->sink, e->unit, spot.span);
    verdict->render = str_copy_again(arena, &e->sink->render, e->unit->render);
    verdict->message = ref->admission ? kept_message(e, eval_admission_message(e, rule, outcome))
                                      : message_of(e, rule, outcome->message);
    if (e->resource->instances > 1) {
        verdict->instances = e->resource->instances;
        verdict->message = str_format(arena, "%.*s, and so are %u others that do not differ",
                                      STR_ARG(verdict->message), e->resource->instances - 1);
    }
    verdict->cause = str_copy(arena, outcome->cause);
    verdict->reason = str_copy(arena, outcome->reason);
    if (outcome->status == STATUS_FAIL) {
        set_related(e, ref, &spot, verdict);
        if (e->options->keep_excerpts && !rule_is_secret(rule))
            verdict->excerpt = excerpt_of(e, &spot);
        if (e->options->keep_fixes && rule->edits.count)
            verdict->fix = fix_make(&e->fixes, rule, e->resource, &e->machine, arena);
    }
    first = e->resource->first_address;
    fingerprint_set(verdict, first.size ? first : verdict->resource, e->options->root_prefix,
                    e->unit->label);
}

/* Whether the rule failed in the unit at hand for the first time; notes that it did. */
static bool errs_anew(Evaluator *e, const RuleRef *ref)
{
    uint32_t rules = ruleset_total(e->options->sets, e->options->set_count);

    if (!e->erred_in)
        e->erred_in = ARENA_ARRAY(e->arena, uint32_t, rules + (size_t)1);
    if (!e->erred_in || e->erred_in[ref->number] == e->unit_number)
        return false;
    e->erred_in[ref->number] = e->unit_number;
    return true;
}

static void report_error(Evaluator *e, const RuleRef *ref, const char *error)
{
    Problem *problem;

    if (!errs_anew(e, ref))
        return;
    problem = sink_problem(e->sink);
    if (!problem)
        return;
    problem->level = ref->shipped ? DIAG_WARNING : DIAG_ERROR;
    problem->code = diag_code_id(DIAG_RULE_ERROR);
    problem->place = sink_place(e->sink, e->unit, e->resource->header);
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

bool eval_is_kept(const EvalOptions *options, Status status, Severity severity)
{
    if (options->all_verdicts)
        return true;
    if (status == STATUS_UNKNOWN)
        return options->keep_unknown || options->keep_every;
    if (status == STATUS_FAIL)
        return severity >= options->report_at;
    return options->keep_every;
}

static void count(Evaluator *e, const RuleRef *ref, const Outcome *outcome)
{
    /* For the score, what is suppressed without a reason fails. */
    bool excused = outcome->status != STATUS_SUPPRESSED || outcome->reason.size;

    if (e->sink->rules_used)
        e->sink->rules_used[ref->number] = 1;
    if (e->sink->tallies && ref->enabled)
        tally_add(tallies_at(e->sink->tallies, ref->number),
                  excused ? outcome->status : STATUS_FAIL, outcome->severity, e->resource_number);
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
        e->suppressions = suppress_read(e->unit, e->options, &e->names);
        e->suppressions_read = true;
    }
    if (!suppress_names(e->suppressions, ref->number))
        return;
    spot = spot_of(e, ref->rule, outcome);
    if (suppress_covers(e->suppressions, ref->number, outcome->aliases, outcome->severity,
                        e->resource, &spot, &outcome->reason) &&
        outcome->status == STATUS_FAIL)
        outcome->status = STATUS_SUPPRESSED;
}

static bool is_kept(const Evaluator *e, const Outcome *outcome)
{
    const VerdictSink *sink = e->sink;

    return sink->keep_all || (sink->keep_failures && outcome->status == STATUS_FAIL) ||
           eval_is_kept(e->options, outcome->status, outcome->severity);
}

void eval_give(Evaluator *e, const RuleRef *ref, Outcome *outcome)
{
    if (ref->admission && outcome->error)
        eval_settle_failure(ref, outcome);
    if (outcome->status != STATUS_PASS || e->options->all_verdicts)
        outcome->aliases = aliases_of(e, ref->rule, outcome->status);
    if (outcome->status == STATUS_FAIL && is_left_out(ref, outcome->aliases))
        return;
    if (e->unit->hadolint)
        outcome->severity = hadolint_severity(e->unit->hadolint, ref->rule, outcome->severity);
    if (ref->severity != SEVERITY_OWN)
        outcome->severity = (Severity)ref->severity;
    suppress(e, ref, outcome);
    if (outcome->error && !e->supposing)
        report_error(e, ref, outcome->error);
    count(e, ref, outcome);
    if (is_kept(e, outcome))
        keep(e, ref, outcome);
}
