#include "rules/policy_rule.h"

#include "syntax/node.h"

/* Keys of what is said of a policy have no symbols: rules do not read them. */
static const Symbols no_symbols;

/* --- what is said of a rule --- */

static Str annotation(const BoundPolicy *policy, const char *key)
{
    const Node *metadata = policy_metadata(policy->document->root);

    return policy_text(node_get_named(metadata, STR("annotations")), key);
}

static bool acts(const Node *actions, Str action)
{
    for (uint32_t i = 0; actions->kind == NODE_LIST && i < actions->count; i++)
        if (str_eq(node_string(&actions->as.items[i]), action))
            return true;
    return false;
}

/* The policy's own word, else by what happens to an object that fails. */
static Severity severity_of(const BoundPolicy *policy)
{
    const Node *actions =
        policy_given(policy->kyverno ? policy->spec : policy_given(policy->binding, "spec"),
                     "validationActions");
    Severity severity;

    if (severity_parse(annotation(policy, "policies.kyverno.io/severity"), &severity))
        return severity;
    if (!actions || acts(actions, STR("Deny")))
        return SEVERITY_HIGH;
    return acts(actions, STR("Warn")) ? SEVERITY_MEDIUM : SEVERITY_LOW;
}

static const Node *text_node(const BoundPolicy *policy, Span span, Str text)
{
    Node *node = ARENA_NEW(policy->arena, Node);

    if (node)
        *node = node_make_string(span, text);
    return node;
}

static const Node *texts_node(const BoundPolicy *policy, Span span, Str a, Str b)
{
    Node *list = ARENA_NEW(policy->arena, Node);
    Node *items = ARENA_ARRAY(policy->arena, Node, 2);

    if (!list || !items)
        return NULL;
    items[0] = node_make_string(span, a);
    items[1] = node_make_string(span, b);
    *list = node_make_list(span, items, 2);
    return list;
}

/* policy/NAME for the first rule of a policy, and more words for the others. */
static Str id_of(const BoundPolicy *policy, Str param, uint32_t validation)
{
    Str mark = policy->mark;
    Str id = str_format(policy->arena, "policy/%.*s%s%.*s%s%.*s", STR_ARG(policy->name),
                        mark.size ? "/" : "", STR_ARG(mark), param.size ? "/" : "", STR_ARG(param));

    return validation ? str_format(policy->arena, "%.*s/%u", STR_ARG(id), validation + 1) : id;
}

static Str first_line(Str text)
{
    int64_t end;

    text = str_trim(text);
    end = str_find_char(text, '\n');
    return end < 0 ? text : str_sub(text, 0, (uint32_t)end);
}

static const Node *resources_node(const BoundPolicy *policy)
{
    static const Str all = STR_INIT("any");
    const Node *rules =
        node_get_named(policy_given(policy->spec, "matchConstraints"), STR("resourceRules"));
    const Node *first = rules && rules->kind == NODE_LIST && rules->count
                            ? node_get_named(&rules->as.items[0], STR("resources"))
                            : NULL;

    return first && first->kind == NODE_LIST ? first : text_node(policy, SPAN_NONE, all);
}

/* The policy's own title says enough where it has one validation. */
static Str title_of(const BoundPolicy *policy, const Node *validation)
{
    Str title = annotation(policy, "policies.kyverno.io/title");
    Str message = str_trim(policy_text(validation, "message"));

    if (title.size && policy_given(policy->spec, "validations")->count == 1)
        return first_line(title);
    return first_line(message.size ? message : policy_text(validation, "expression"));
}

static Str message_of(const BoundPolicy *policy, const Node *validation)
{
    Str message = str_trim(policy_text(validation, "message"));
    Str expression = str_trim(policy_text(validation, "expression"));

    return message.size ? message
                        : str_format(policy->arena, "failed expression: %.*s", STR_ARG(expression));
}

static void set_texts(const BoundPolicy *policy, RuleDraft *draft, const Node *validation,
                      Str param, uint32_t number)
{
    Span span = node_span(draft->admission->check);
    Str all = str_format(policy->arena, "policy/%.*s", STR_ARG(policy->name));
    Str key = str_format(policy->arena, "policy.%.*s", STR_ARG(policy->name));

    draft->fields[RULE_FIELD_ID] = text_node(policy, span, id_of(policy, param, number));
    draft->fields[RULE_FIELD_TITLE] = text_node(policy, span, title_of(policy, validation));
    draft->fields[RULE_FIELD_WHY] =
        text_node(policy, span, annotation(policy, "policies.kyverno.io/description"));
    /* The name of an annotation has no second slash. */
    draft->fields[RULE_FIELD_ALIASES] = str_eq(draft_text(draft, RULE_FIELD_ID), all)
                                            ? text_node(policy, span, key)
                                            : texts_node(policy, span, all, key);
    draft->fields[RULE_FIELD_FOR] = resources_node(policy);
}

void policy_rule_fill(const BoundPolicy *policy, const RuleAdmission *common, uint32_t number,
                      Str param, RuleDraft *draft)
{
    const Node *validation = &policy_given(policy->spec, "validations")->as.items[number];
    RuleAdmission *admission = ARENA_NEW(policy->arena, RuleAdmission);

    if (!admission)
        return;
    *admission = *common;
    admission->check = policy_given(validation, "expression");
    admission->say = policy_given(validation, "messageExpression");
    admission->message = message_of(policy, validation);
    draft->admission = admission;
    draft->severity = severity_of(policy);
    draft->category = CATEGORY_SECURITY;
    draft->life =
        policy->document->met && !policy->kyverno && !policy->binding ? RULE_PREVIEW : RULE_ON;
    set_texts(policy, draft, validation, param, number);
}

/* --- when it speaks --- */

static void put(MapBuilder *map, const char *key, const Node *value)
{
    if (value)
        map_put(map, str_of(key), SPAN_NONE, *value);
}

static bool is_sole_text(const Node *list, Str text)
{
    return list && list->kind == NODE_LIST && list->count == 1 &&
           str_eq(node_string(&list->as.items[0]), text);
}

static bool is_empty(const Node *map)
{
    return !map || map->count == 0;
}

/* Whether a policy of Kyverno's speaks of pods and of nothing else, and so of controllers too. */
static bool is_about_pods(const Node *match)
{
    const Node *rules = policy_given(match, "resourceRules");
    const Node *rule =
        rules && rules->kind == NODE_LIST && rules->count == 1 ? rules->as.items : NULL;

    return rule && is_empty(policy_given(match, "namespaceSelector")) &&
           is_empty(policy_given(match, "objectSelector")) &&
           is_empty(policy_given(match, "excludeResourceRules")) &&
           is_empty(policy_given(rule, "resourceNames")) &&
           is_sole_text(policy_given(rule, "apiGroups"), STR("")) &&
           is_sole_text(policy_given(rule, "apiVersions"), STR("v1")) &&
           is_sole_text(policy_given(rule, "resources"), STR("pods"));
}

static const Node *all_controllers(const BoundPolicy *policy)
{
    static const Str names[] = {STR_INIT("daemonsets"),  STR_INIT("deployments"),
                                STR_INIT("replicasets"), STR_INIT("statefulsets"),
                                STR_INIT("jobs"),        STR_INIT("cronjobs")};
    const uint32_t count = sizeof names / sizeof *names;
    Node *list = ARENA_NEW(policy->arena, Node);
    Node *items = ARENA_ARRAY(policy->arena, Node, count);

    if (!list || !items)
        return NULL;
    for (uint32_t i = 0; i < count; i++)
        items[i] = node_make_string(SPAN_NONE, names[i]);
    *list = node_make_list(SPAN_NONE, items, count);
    return list;
}

static const Node *controllers_of(const BoundPolicy *policy)
{
    const Node *named =
        node_get_named(node_get_named(policy_given(policy->spec, "autogen"), STR("podControllers")),
                       STR("controllers"));

    if (!policy->kyverno || !is_about_pods(policy_given(policy->spec, "matchConstraints")))
        return NULL;
    return named && named->kind == NODE_LIST ? named : all_controllers(policy);
}

Node policy_rule_data(const BoundPolicy *policy, const Node *params, Str lies_in)
{
    MapBuilder map = map_builder(policy->arena, &no_symbols);
    Str scope = policy_scope(policy->document->root);

    put(&map, POLICY_MATCH, policy_given(policy->spec, "matchConstraints"));
    if (!policy->kyverno)
        put(&map, POLICY_BINDING,
            policy_given(policy_given(policy->binding, "spec"), "matchResources"));
    if (scope.size)
        lies_in = scope;
    if (lies_in.size)
        put(&map, POLICY_NAMESPACE, text_node(policy, SPAN_NONE, lies_in));
    put(&map, POLICY_CONTROLLERS, controllers_of(policy));
    if (str_eq(policy_text(policy->spec, "failurePolicy"), STR("Ignore")))
        map_put(&map, STR(POLICY_IGNORE), SPAN_NONE, node_make_bool(SPAN_NONE, true));
    if (policy->document->met)
        map_put(&map, STR(POLICY_MET), SPAN_NONE, node_make_bool(SPAN_NONE, true));
    put(&map, POLICY_PARAMS, params);
    return map_done(&map, SPAN_NONE);
}
