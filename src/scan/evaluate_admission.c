/* What admission policies see of a resource, and what their failures mean. */
#include "base/limits.h"
#include "ir/admitted.h"
#include "ir/index.h"
#include "ir/kubernetes_kinds.h"
#include "scan/evaluator.h"

/* A longer message expression is cut off by nobody: it is not taken, as the server does it. */
#define LONGEST_MESSAGE 5120u

uint64_t eval_policy_steps(const Evaluator *e)
{
    return e->policy_steps > LIMIT_CEL_STEPS ? LIMIT_CEL_STEPS : e->policy_steps + 1;
}

bool eval_admitted(Evaluator *e, const RuleRef *ref)
{
    Outcome outcome;

    e->admission = admission_view(ref->admission, e->unit, e->resource);
    if (e->metered && !e->policy_steps && e->admission.match != ADMISSION_NO)
        e->admission = (AdmissionView){.match = ADMISSION_UNKNOWN,
                                       .cause = STR("the work that the tree's policies take")};
    if (e->admission.match == ADMISSION_UNKNOWN) {
        outcome = eval_undecided(ref->rule, cel_from_node(NULL));
        outcome.error = NULL;
        outcome.cause = e->admission.cause;
        eval_give(e, ref, &outcome);
    }
    return e->admission.match == ADMISSION_CREATE || e->admission.match == ADMISSION_UPDATE;
}

/* --- variables --- */

static CelValue strict(const Node *node)
{
    return node ? cel_from_part(node, CEL_STRICT) : cel_null();
}

static CelValue not_known(const Unknown *unknown)
{
    CelValue value = {.kind = CEL_UNKNOWN};

    value.as.unknown = unknown;
    return value;
}

static const Unknown of_cluster = {.cause = STR_INIT("what only the cluster knows"),
                                   .type = NODE_UNKNOWN};
static const Unknown before_update = {.cause = STR_INIT("the object before it was changed"),
                                      .type = NODE_UNKNOWN};
static const Unknown of_namespace = {
    .cause = STR_INIT("the namespace, which the files do not hold"), .type = NODE_UNKNOWN};
static const Unknown of_user = {.cause = STR_INIT("who sends the request"), .type = NODE_UNKNOWN};
static const Unknown of_sending = {.cause = STR_INIT("how the object is applied"),
                                   .type = NODE_UNKNOWN};

CelValue eval_cluster(void)
{
    return not_known(&of_cluster);
}

static const Node *body_of(Evaluator *e)
{
    if (!e->body_admitted) {
        e->body = admitted_body(e->unit, e->resource);
        e->body_admitted = true;
    }
    return &e->body;
}

static CelValue object_of(Evaluator *e)
{
    const Node *body = body_of(e);

    return strict(e->admission.template ? admitted_template(body, e->resource->type_name) : body);
}

static void put_text(MapBuilder *map, Str key, Str text)
{
    map_put(map, key, SPAN_NONE, node_make_string(SPAN_NONE, text.data ? text : STR("")));
}

static void put_unknown(MapBuilder *map, Str key, const Unknown *unknown)
{
    map_put(map, key, SPAN_NONE, node_make_unknown(SPAN_NONE, unknown));
}

static void put_kind(Evaluator *e, MapBuilder *request, Str key, Str last, Str kind)
{
    MapBuilder map = map_builder(e->unit->arena, e->options->symbols);

    put_text(&map, STR("group"), kubernetes_group(e->resource->api_version));
    put_text(&map, STR("version"), kubernetes_version(e->resource->api_version));
    put_text(&map, last, kind);
    map_put(request, key, SPAN_NONE, map_done(&map, SPAN_NONE));
}

/* A namespace of which only the name is known. */
static CelValue named_namespace(Evaluator *e)
{
    Arena *arena = e->unit->arena;
    MapBuilder metadata = map_builder(arena, e->options->symbols);
    MapBuilder map = map_builder(arena, e->options->symbols);
    Node *namespace = ARENA_NEW(arena, Node);

    put_text(&metadata, STR("name"), e->resource->namespace);
    put_unknown(&metadata, STR("labels"), &of_namespace);
    put_unknown(&metadata, STR("annotations"), &of_namespace);
    map_put(&map, STR("metadata"), SPAN_NONE, map_done(&metadata, SPAN_NONE));
    put_unknown(&map, STR("spec"), &of_namespace);
    put_unknown(&map, STR("status"), &of_namespace);
    if (!namespace)
        return not_known(&of_namespace);
    *namespace = map_done(&map, SPAN_NONE);
    return strict(namespace);
}

static CelValue namespace_of(Evaluator *e)
{
    const Resource *resource = e->resource;
    Found found;

    if (kubernetes_scope(e->unit, resource) == SCOPE_CLUSTER)
        return cel_null();
    if (!resource->namespace_given)
        return not_known(&of_sending);
    found = unit_valued(e->unit, STR("Namespace"), STR("metadata.name"), resource->namespace);
    return found.count ? strict(&found.items[0]->body) : named_namespace(e);
}

/* https://kubernetes.io/docs/reference/access-authn-authz/validating-admission-policy/: what is
 * known of the request before it is sent. */
static CelValue request_of(Evaluator *e)
{
    Arena *arena = e->unit->arena;
    MapBuilder map = map_builder(arena, e->options->symbols);
    const Resource *r = e->resource;
    Str plural = kubernetes_plural(r->type_name, arena);
    bool update = e->admission.match == ADMISSION_UPDATE;
    Node *request = ARENA_NEW(arena, Node);

    put_kind(e, &map, STR("kind"), STR("kind"), r->type_name);
    put_kind(e, &map, STR("requestKind"), STR("kind"), r->type_name);
    put_kind(e, &map, STR("resource"), STR("resource"), plural);
    put_kind(e, &map, STR("requestResource"), STR("resource"), plural);
    put_text(&map, STR("operation"), update ? STR("UPDATE") : STR("CREATE"));
    put_text(&map, STR("name"), r->name);
    if (r->namespace_given)
        put_text(&map, STR("namespace"), r->namespace);
    else if (kubernetes_scope(e->unit, r) != SCOPE_CLUSTER)
        put_unknown(&map, STR("namespace"), &of_sending);
    put_unknown(&map, STR("userInfo"), &of_user);
    put_unknown(&map, STR("dryRun"), &of_sending);
    put_unknown(&map, STR("options"), &of_sending);
    put_unknown(&map, STR("uid"), &of_sending);
    if (!request)
        return cel_null();
    *request = map_done(&map, SPAN_NONE);
    return strict(request);
}

void eval_set_admission(Evaluator *e, const RuleRef *ref, uint32_t used)
{
    CelValue *variables = e->variables;

    if (used & (1u << RULE_VAR_PARAMS))
        variables[RULE_VAR_PARAMS] = ref->admission->params;
    if (used & (1u << RULE_VAR_OBJECT))
        variables[RULE_VAR_OBJECT] = object_of(e);
    if (used & (1u << RULE_VAR_OLD_OBJECT))
        variables[RULE_VAR_OLD_OBJECT] =
            e->admission.match == ADMISSION_UPDATE ? not_known(&before_update) : cel_null();
    if (used & (1u << RULE_VAR_REQUEST))
        variables[RULE_VAR_REQUEST] = request_of(e);
    if (used & (1u << RULE_VAR_NAMESPACE_OBJECT))
        variables[RULE_VAR_NAMESPACE_OBJECT] = namespace_of(e);
}

/* --- outcomes --- */

/* An expression that fails denies, or has no say: as failurePolicy wants it. */
void eval_settle_failure(const RuleRef *ref, Outcome *outcome)
{
    outcome->status = ref->admission->ignores_errors ? STATUS_PASS : STATUS_FAIL;
    outcome->fault = outcome->error;
    outcome->error = NULL;
    outcome->cause = STR("");
}

/* What messageExpression gives, if it is a text of one line that says something. */
static bool said_by(Evaluator *e, const Rule *rule, Str *message)
{
    CelValue value;

    if (!rule->say.size)
        return false;
    value = eval_run(e, rule, rule->say);
    *message = value.kind == CEL_STRING ? str_trim(cel_text(value)) : STR("");
    return message->size > 0 && message->size <= LONGEST_MESSAGE &&
           str_find_char(*message, '\n') < 0;
}

Str eval_admission_message(Evaluator *e, const Rule *rule, const Outcome *outcome)
{
    const BlobPart *part = rule_part(rule, rule->message, 0);
    Str message = rule_text(rule, part->text);
    Str said;

    /* What the expression reads is not there where the policy may have no say. */
    if (outcome->status == STATUS_UNKNOWN)
        return message;
    if (outcome->fault)
        return str_format(e->scratch, "%.*s (the expression fails: %s)", STR_ARG(message),
                          outcome->fault);
    return said_by(e, rule, &said) ? said : message;
}
