#include "scan/admission.h"

#include "cel/plain.h"
#include "ir/index.h"
#include "ir/kubernetes_kinds.h"
#include "ir/selector.h"
#include "rules/policy_rule.h"

/* What a request says of the object that is judged. */
typedef struct Request {
    Unit *unit;
    const Resource *resource;
    Str group;
    Str version;
    Str kind;
    Str cause; /* of something unknown */
} Request;

static bool is_true(const Node *map, Str key)
{
    const Node *node = node_get_named(map, key);

    return node && node->kind == NODE_BOOL && node->as.boolean;
}

const Admission *admission_read(const Rule *rule, Arena *arena)
{
    Admission *admission;
    Node *data;
    const Node *params;

    if (!rule->admission)
        return NULL;
    admission = ARENA_NEW(arena, Admission);
    data = ARENA_NEW(arena, Node);
    if (!admission || !data)
        return NULL;
    *data = rule_admission(rule, arena);
    params = node_get_named(data, STR(POLICY_PARAMS));
    *admission = (Admission){.match = node_get_named(data, STR(POLICY_MATCH)),
                             .binding = node_get_named(data, STR(POLICY_BINDING)),
                             .namespace = node_string(node_get_named(data, STR(POLICY_NAMESPACE))),
                             .controllers = node_get_named(data, STR(POLICY_CONTROLLERS)),
                             .ignores_errors = is_true(data, STR(POLICY_IGNORE)),
                             .met = is_true(data, STR(POLICY_MET)),
                             .params = params ? cel_plain(params, arena) : cel_null()};
    return admission;
}

/* --- resource rules --- */

static bool lists(const Node *list, Str text)
{
    for (uint32_t i = 0; list && list->kind == NODE_LIST && i < list->count; i++) {
        Str item = node_string(&list->as.items[i]);
        if (str_eq(item, text) || str_eq(item, STR("*")))
            return true;
    }
    return false;
}

/* Names with a slash are of subresources, which no manifest is; a star after it stands for none
 * too. */
static bool names_resource(Str item, Str kind)
{
    int64_t slash = str_find_char(item, '/');
    Str resource = slash < 0 ? item : str_sub(item, 0, (uint32_t)slash);

    if (slash >= 0 && !str_eq(str_from(item, (uint32_t)slash + 1), STR("*")))
        return false;
    return str_eq(resource, STR("*")) || kubernetes_is_plural(resource, kind);
}

static bool lists_resource(const Node *list, Str kind)
{
    for (uint32_t i = 0; list && list->kind == NODE_LIST && i < list->count; i++)
        if (names_resource(node_string(&list->as.items[i]), kind))
            return true;
    return false;
}

static bool fits_scope(Request *request, Str wanted, bool *unknown)
{
    KubernetesScope scope;

    if (!wanted.size || str_eq(wanted, STR("*")))
        return true;
    scope = kubernetes_scope(request->unit, request->resource);
    *unknown |= scope == SCOPE_UNKNOWN;
    return scope == SCOPE_UNKNOWN || (scope == SCOPE_CLUSTER) == str_eq(wanted, STR("Cluster"));
}

static AdmissionMatch operation_of(const Node *rule)
{
    const Node *operations = node_get_named(rule, STR("operations"));

    if (!operations || lists(operations, STR("CREATE")))
        return ADMISSION_CREATE;
    return lists(operations, STR("UPDATE")) ? ADMISSION_UPDATE : ADMISSION_NO;
}

/* Of another version of the same group the server would make the one that is wanted, which nobody
 * does here; with `exact` it does not. */
static AdmissionMatch match_rule(Request *request, const Node *rule, bool exact)
{
    const Node *names = node_get_named(rule, STR("resourceNames"));
    AdmissionMatch match = operation_of(rule);
    bool unknown = false;

    if (match == ADMISSION_NO || !lists(node_get_named(rule, STR("apiGroups")), request->group) ||
        !lists_resource(node_get_named(rule, STR("resources")), request->kind) ||
        !fits_scope(request, node_string(node_get_named(rule, STR("scope"))), &unknown) ||
        (names && names->count && !lists(names, request->resource->name)))
        return ADMISSION_NO;
    if (unknown) {
        request->cause = STR("the scope of the custom resource");
        return ADMISSION_UNKNOWN;
    }
    if (lists(node_get_named(rule, STR("apiVersions")), request->version))
        return match;
    if (exact)
        return ADMISSION_NO;
    request->cause = STR("what the object is in another version of its API");
    return ADMISSION_UNKNOWN;
}

/* The strongest word of all rules: a version that fits over one that does not. */
static AdmissionMatch match_rules(Request *request, const Node *rules, bool exact)
{
    AdmissionMatch best = ADMISSION_NO;

    for (uint32_t i = 0; rules && rules->kind == NODE_LIST && i < rules->count; i++) {
        AdmissionMatch match = match_rule(request, &rules->as.items[i], exact);
        if (match != ADMISSION_NO && (best == ADMISSION_NO || match < best))
            best = match;
    }
    return best;
}

/* --- selectors --- */

static const Node *labels_of(const Resource *resource)
{
    return node_path(&resource->body, "metadata.labels");
}

/* The label that every namespace has, all that is known of one without a manifest. */
static SelectorMatch match_name(const Node *selector, Str name, Arena *arena)
{
    Entry *entry = ARENA_NEW(arena, Entry);
    static const Str key = STR_INIT("kubernetes.io/metadata.name");
    Str cause;
    Node labels;

    if (!entry)
        return SELECTOR_UNKNOWN;
    *entry =
        (Entry){.key = key.data, .key_size = key.size, .value = node_make_string(SPAN_NONE, name)};
    labels = node_make_map(SPAN_NONE, entry, 1);
    return selector_match(selector, &labels, &cause);
}

/* Whether a selector asks of nothing but the namespace's name. */
static bool asks_name(const Node *selector)
{
    static const Str key = STR_INIT("kubernetes.io/metadata.name");
    const Node *labels = node_get_named(selector, STR("matchLabels"));
    const Node *expressions = node_get_named(selector, STR("matchExpressions"));

    for (uint32_t i = 0; labels && labels->kind == NODE_MAP && i < labels->count; i++)
        if (!str_eq(entry_key(&labels->as.entries[i]), key))
            return false;
    for (uint32_t i = 0; expressions && expressions->kind == NODE_LIST && i < expressions->count;
         i++)
        if (!str_eq(node_string(node_get_named(&expressions->as.items[i], STR("key"))), key))
            return false;
    return true;
}

static SelectorMatch match_namespace(Request *request, const Node *selector)
{
    const Resource *resource = request->resource;
    Found found;

    if (!selector || selector->count == 0)
        return SELECTOR_YES;
    if (str_eq(request->kind, STR("Namespace")) && !request->group.size)
        return selector_match(selector, labels_of(resource), &request->cause);
    if (kubernetes_scope(request->unit, resource) == SCOPE_CLUSTER)
        return SELECTOR_YES;
    if (asks_name(selector))
        return match_name(selector, resource->namespace, request->unit->arena);
    found = unit_valued(request->unit, STR("Namespace"), STR("metadata.name"), resource->namespace);
    if (found.count)
        return selector_match(selector, labels_of(found.items[0]), &request->cause);
    request->cause = STR("the labels of the namespace");
    return SELECTOR_UNKNOWN;
}

static SelectorMatch match_object(Request *request, const Node *selector)
{
    if (!selector || selector->count == 0)
        return SELECTOR_YES;
    return selector_match(selector, labels_of(request->resource), &request->cause);
}

/* --- all of it --- */

/* `all` where no rule means all resources, as it does in a binding. */
static AdmissionMatch match_resources(Request *request, const Node *match, bool all)
{
    const Node *rules = node_get_named(match, STR("resourceRules"));
    bool exact = str_eq(node_string(node_get_named(match, STR("matchPolicy"))), STR("Exact"));
    AdmissionMatch result = all && (!rules || rules->count == 0)
                                ? ADMISSION_CREATE
                                : match_rules(request, rules, exact);
    AdmissionMatch excluded = ADMISSION_NO;
    SelectorMatch selected[2];

    if (result == ADMISSION_NO)
        return result;
    excluded = match_rules(request, node_get_named(match, STR("excludeResourceRules")), exact);
    selected[0] = match_namespace(request, node_get_named(match, STR("namespaceSelector")));
    selected[1] = match_object(request, node_get_named(match, STR("objectSelector")));
    if (excluded == ADMISSION_CREATE || excluded == result || selected[0] == SELECTOR_NO ||
        selected[1] == SELECTOR_NO)
        return ADMISSION_NO;
    if (excluded == ADMISSION_UNKNOWN || selected[0] == SELECTOR_UNKNOWN ||
        selected[1] == SELECTOR_UNKNOWN)
        return ADMISSION_UNKNOWN;
    return result;
}

/* Policies about policies would lock a cluster: the server asks none. */
static bool is_exempt(const Request *request)
{
    return str_eq(request->group, STR("admissionregistration.k8s.io")) &&
           str_find(request->kind, STR("AdmissionPolicy")) >= 0;
}

/* Sees the pod template of a controller as a pod; false where that is not asked for. */
static bool take_template(const Admission *admission, Request *request)
{
    Str group = request->group;

    if (!admission->controllers || !lists_resource(admission->controllers, request->kind) ||
        !(str_eq(group, STR("apps")) || str_eq(group, STR("batch"))))
        return false;
    request->group = STR("");
    request->version = STR("v1");
    request->kind = STR("Pod");
    return true;
}

bool admission_may_mean(const Admission *admission, Str kind)
{
    const Node *rules = node_get_named(admission->match, STR("resourceRules"));

    for (uint32_t i = 0; rules && rules->kind == NODE_LIST && i < rules->count; i++)
        if (lists_resource(node_get_named(&rules->as.items[i], STR("resources")), kind))
            return true;
    return lists_resource(admission->controllers, kind);
}

AdmissionView admission_view(const Admission *admission, Unit *unit, const Resource *resource)
{
    Request request = {.unit = unit,
                       .resource = resource,
                       .group = kubernetes_group(resource->api_version),
                       .version = kubernetes_version(resource->api_version),
                       .kind = resource->type_name};
    AdmissionView view = {.match = ADMISSION_NO};
    AdmissionMatch bound;

    if (resource->format != FORMAT_KUBERNETES || !admission->match || is_exempt(&request) ||
        (admission->namespace.size && !str_eq(admission->namespace, resource->namespace)))
        return view;
    view.template = take_template(admission, &request);
    view.match = match_resources(&request, admission->match, false);
    bound = admission->binding && view.match != ADMISSION_NO
                ? match_resources(&request, admission->binding, true)
                : ADMISSION_CREATE;
    if (bound == ADMISSION_NO || view.match == ADMISSION_NO)
        view.match = ADMISSION_NO;
    else if (bound > view.match)
        view.match = bound;
    view.cause = request.cause;
    return view;
}
