#include "rules/policy.h"

#include "base/limits.h"
#include "ir/selector.h"
#include "ir/yaml_schema.h"
#include "syntax/text.h"
#include "syntax/yaml.h"

/* Objects of a List, in one another. */
#define LIST_DEPTH 4u

/* Keys of a policy and its binding have no symbols: rules do not read them. */
static const Symbols none;

/* A policy on its way to rules. */
typedef struct Maker {
    const PolicyDocuments *documents;
    RuleContext *context;
    Arena *arena;
    const PolicyDocument *document;
    const Node *spec;
    Str name;
    bool kyverno;
    RuleFile *file;
    uint32_t capacity; /* of its rules */
    uint32_t *made;    /* rules of all policies */

    /* the binding at hand */
    const Node *binding; /* or NULL */
    bool several;        /* there are more of them */
    bool good;
} Maker;

/* --- documents --- */

/* `like` is a document of the same text. */
static bool add_document(PolicyDocuments *documents, const PolicyDocument *like, const Node *root,
                         RuleContext *context)
{
    PolicyDocument *items;

    if (documents->count == LIMIT_POLICY_OBJECTS) {
        diag_path_error(&context->diags, DIAG_RULE_FILE, like->path,
                        "there are more than %u objects in files with policies",
                        LIMIT_POLICY_OBJECTS);
        return false;
    }
    items = arena_grow(context->arena, documents->items, documents->count, &documents->capacity,
                       documents->count + 1u, sizeof *items);

    if (!items)
        return false;
    documents->items = items;
    items[documents->count] = *like;
    items[documents->count++].root = root;
    return true;
}

static bool add_object(PolicyDocuments *documents, const PolicyDocument *like, const Node *root,
                       uint32_t depth, RuleContext *context)
{
    const Node *items = node_get_named(root, STR("items"));
    bool good = true;

    if (root->kind != NODE_MAP)
        return true;
    if (!items || items->kind != NODE_LIST || depth == LIST_DEPTH)
        return add_document(documents, like, root, context);
    for (uint32_t i = 0; good && i < items->count; i++)
        good = add_object(documents, like, &items->as.items[i], depth + 1, context);
    return good;
}

bool policy_documents_add(PolicyDocuments *documents, Str path, Str text, bool met,
                          RuleContext *context)
{
    const PolicyDocument like = {.path = path, .met = met};
    Source *source = sources_add(&context->sources, path, text);
    YamlDocument *read = NULL;
    uint32_t count = 0;
    bool good = true;

    if (!source || !text_decode(source, context->arena, &context->diags))
        return false;
    yaml_read(source, &none, context->arena, &context->diags, &read, &count);
    for (uint32_t i = 0; good && i < count; i++)
        good = yaml_schema_apply(YAML_SCHEMA_KUBERNETES, &read[i].root, context->arena,
                                 &context->diags) &&
               add_object(documents, &like, &read[i].root, 0, context);
    return good;
}

/* --- reading --- */

static Str text_at(const Node *map, const char *key)
{
    return node_string(node_get_named(map, str_of(key)));
}

/* The value of a key, or NULL where it is absent or null. */
static const Node *given(const Node *map, const char *key)
{
    const Node *node = node_get_named(map, str_of(key));

    return node && node->kind != NODE_NULL ? node : NULL;
}

static bool is_object(const Node *root, Str group, Str kind)
{
    Str version = text_at(root, "apiVersion");

    return str_eq(text_at(root, "kind"), kind) && str_starts(version, group) &&
           version.size > group.size && version.data[group.size] == '/';
}

static const Str kubernetes_group = STR_INIT("admissionregistration.k8s.io");
static const Str kyverno_group = STR_INIT("policies.kyverno.io");

static bool is_of_kyverno(const Node *root)
{
    return is_object(root, kyverno_group, STR("ValidatingPolicy")) ||
           is_object(root, kyverno_group, STR("NamespacedValidatingPolicy"));
}

static bool is_policy(const Node *root)
{
    return is_of_kyverno(root) ||
           is_object(root, kubernetes_group, STR("ValidatingAdmissionPolicy"));
}

static void mistake(Maker *m, const Node *node, const char *what)
{
    diag_error(&m->context->diags, DIAG_RULE_FILE, node_span(node), "%s", what);
    m->good = false;
}

/* A list of maps that each have an expression and, with `named`, a name; NULL where it is absent or
 * wrong. */
static const Node *expressions(Maker *m, const Node *spec, const char *key, bool named)
{
    const Node *list = given(spec, key);

    if (!list)
        return NULL;
    for (uint32_t i = 0; list->kind == NODE_LIST && i < list->count; i++) {
        const Node *item = &list->as.items[i];
        const Node *expression = given(item, "expression");

        if (!expression || expression->kind != NODE_STRING)
            mistake(m, expression ? expression : item, "an `expression` is wanted here, a text");
        else if (named && !text_at(item, "name").size)
            mistake(m, item, "a `name` is wanted here");
    }
    if (list->kind != NODE_LIST)
        mistake(m, list, "a list is wanted here");
    return m->good ? list : NULL;
}

static const char bad_name[] = "a name of lower case letters, digits, hyphens and dots is wanted";

/* Names become a part of an id. */
static bool is_name(Str name)
{
    bool good = name.size > 0 && name.size < 254;

    for (uint32_t i = 0; i < name.size; i++) {
        char c = name.data[i];
        good = good && ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.');
    }
    return good;
}

static bool is_same_object(const Node *a, const Node *b)
{
    const Node *x = node_get_named(a, STR("metadata")), *y = node_get_named(b, STR("metadata"));

    return str_eq(text_at(a, "kind"), text_at(b, "kind")) &&
           str_eq(text_at(x, "name"), text_at(y, "name")) &&
           str_eq(text_at(x, "namespace"), text_at(y, "namespace"));
}

/* The first document that is the same object; that which was given, where there is none before. */
static const PolicyDocument *first_like(const PolicyDocuments *documents,
                                        const PolicyDocument *document)
{
    const PolicyDocument *first = documents->items;

    while (first < document && !is_same_object(first->root, document->root))
        first++;
    return first;
}

/* Whether the policy may look at a document: one that was named knows of those that were named with
 * it, so that its rules do not depend on what a scan meets later. */
static bool may_see(const Maker *m, const PolicyDocument *document)
{
    return (m->document->met || !document->met) && first_like(m->documents, document) == document;
}

/* --- what is said of a rule --- */

static Str annotation(const Maker *m, const char *key)
{
    const Node *metadata = node_get_named(m->document->root, STR("metadata"));

    return text_at(node_get_named(metadata, STR("annotations")), key);
}

static bool acts(const Node *actions, Str action)
{
    for (uint32_t i = 0; actions->kind == NODE_LIST && i < actions->count; i++)
        if (str_eq(node_string(&actions->as.items[i]), action))
            return true;
    return false;
}

/* The policy's own word, else by what happens to an object that fails. */
static Severity severity_of(const Maker *m)
{
    const Node *actions =
        given(m->kyverno ? m->spec : given(m->binding, "spec"), "validationActions");
    Severity severity;

    if (severity_parse(annotation(m, "policies.kyverno.io/severity"), &severity))
        return severity;
    if (!actions || acts(actions, STR("Deny")))
        return SEVERITY_HIGH;
    return acts(actions, STR("Warn")) ? SEVERITY_MEDIUM : SEVERITY_LOW;
}

static const Node *text_node(const Maker *m, Span span, Str text)
{
    Node *node = ARENA_NEW(m->arena, Node);

    if (node)
        *node = node_make_string(span, text);
    return node;
}

static const Node *texts_node(const Maker *m, Span span, Str a, Str b)
{
    Node *list = ARENA_NEW(m->arena, Node);
    Node *items = ARENA_ARRAY(m->arena, Node, 2);

    if (!list || !items)
        return NULL;
    items[0] = node_make_string(span, a);
    items[1] = node_make_string(span, b);
    *list = node_make_list(span, items, 2);
    return list;
}

/* policy/NAME for the first rule of a policy, and more words for the others. */
static Str id_of(const Maker *m, Str param, uint32_t validation)
{
    Str binding =
        m->several ? text_at(node_get_named(m->binding, STR("metadata")), "name") : STR("");
    Str id =
        str_format(m->arena, "policy/%.*s%s%.*s%s%.*s", STR_ARG(m->name), binding.size ? "/" : "",
                   STR_ARG(binding), param.size ? "/" : "", STR_ARG(param));

    return validation ? str_format(m->arena, "%.*s/%u", STR_ARG(id), validation + 1) : id;
}

static Str first_line(Str text)
{
    int64_t end;

    text = str_trim(text);
    end = str_find_char(text, '\n');
    return end < 0 ? text : str_sub(text, 0, (uint32_t)end);
}

static const Node *resources_node(const Maker *m)
{
    static const Str all = STR_INIT("any");
    const Node *rules = node_get_named(given(m->spec, "matchConstraints"), STR("resourceRules"));
    const Node *first = rules && rules->kind == NODE_LIST && rules->count
                            ? node_get_named(&rules->as.items[0], STR("resources"))
                            : NULL;

    return first && first->kind == NODE_LIST ? first : text_node(m, SPAN_NONE, all);
}

/* The policy's own title says enough where it has one validation. */
static Str title_of(const Maker *m, const Node *validation)
{
    Str title = annotation(m, "policies.kyverno.io/title");
    Str message = str_trim(text_at(validation, "message"));

    if (title.size && given(m->spec, "validations")->count == 1)
        return first_line(title);
    return first_line(message.size ? message : text_at(validation, "expression"));
}

static void set_texts(const Maker *m, RuleDraft *draft, const Node *validation, Str param,
                      uint32_t number)
{
    Span span = node_span(draft->admission->check);
    Str all = str_format(m->arena, "policy/%.*s", STR_ARG(m->name));
    Str key = str_format(m->arena, "policy.%.*s", STR_ARG(m->name));

    draft->fields[RULE_FIELD_ID] = text_node(m, span, id_of(m, param, number));
    draft->fields[RULE_FIELD_TITLE] = text_node(m, span, title_of(m, validation));
    draft->fields[RULE_FIELD_WHY] =
        text_node(m, span, annotation(m, "policies.kyverno.io/description"));
    /* The name of an annotation has no second slash. */
    draft->fields[RULE_FIELD_ALIASES] = str_eq(draft_text(draft, RULE_FIELD_ID), all)
                                            ? text_node(m, span, key)
                                            : texts_node(m, span, all, key);
    draft->fields[RULE_FIELD_FOR] = resources_node(m);
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
    const Node *rules = given(match, "resourceRules");
    const Node *rule =
        rules && rules->kind == NODE_LIST && rules->count == 1 ? rules->as.items : NULL;

    return rule && is_empty(given(match, "namespaceSelector")) &&
           is_empty(given(match, "objectSelector")) &&
           is_empty(given(match, "excludeResourceRules")) &&
           is_empty(given(rule, "resourceNames")) &&
           is_sole_text(given(rule, "apiGroups"), STR("")) &&
           is_sole_text(given(rule, "apiVersions"), STR("v1")) &&
           is_sole_text(given(rule, "resources"), STR("pods"));
}

static const Node *all_controllers(const Maker *m)
{
    static const Str names[] = {STR_INIT("daemonsets"),  STR_INIT("deployments"),
                                STR_INIT("replicasets"), STR_INIT("statefulsets"),
                                STR_INIT("jobs"),        STR_INIT("cronjobs")};
    const uint32_t count = sizeof names / sizeof *names;
    Node *list = ARENA_NEW(m->arena, Node);
    Node *items = ARENA_ARRAY(m->arena, Node, count);

    if (!list || !items)
        return NULL;
    for (uint32_t i = 0; i < count; i++)
        items[i] = node_make_string(SPAN_NONE, names[i]);
    *list = node_make_list(SPAN_NONE, items, count);
    return list;
}

static const Node *controllers_of(const Maker *m)
{
    const Node *named = node_get_named(
        node_get_named(given(m->spec, "autogen"), STR("podControllers")), STR("controllers"));

    if (!m->kyverno || !is_about_pods(given(m->spec, "matchConstraints")))
        return NULL;
    return named && named->kind == NODE_LIST ? named : all_controllers(m);
}

/* `namespace` is where the parameters lie, or empty. */
static Node data_of(const Maker *m, const Node *params, Str namespace)
{
    MapBuilder map = map_builder(m->arena, &none);
    Str own = text_at(node_get_named(m->document->root, STR("metadata")), "namespace");
    bool confined = str_starts(text_at(m->document->root, "kind"), STR("Namespaced"));

    put(&map, POLICY_MATCH, given(m->spec, "matchConstraints"));
    if (!m->kyverno)
        put(&map, POLICY_BINDING, given(given(m->binding, "spec"), "matchResources"));
    if (confined)
    namespace = own.size ? own : STR("default");
    if (namespace.size)
        put(&map, POLICY_NAMESPACE, text_node(m, SPAN_NONE, namespace));
    put(&map, POLICY_CONTROLLERS, controllers_of(m));
    if (str_eq(text_at(m->spec, "failurePolicy"), STR("Ignore")))
        map_put(&map, STR(POLICY_IGNORE), SPAN_NONE, node_make_bool(SPAN_NONE, true));
    if (m->document->met)
        map_put(&map, STR(POLICY_MET), SPAN_NONE, node_make_bool(SPAN_NONE, true));
    put(&map, POLICY_PARAMS, params);
    return map_done(&map, SPAN_NONE);
}

/* --- rules --- */

static RuleDraft *new_draft(Maker *m)
{
    RuleDraft *rules;

    if (*m->made == LIMIT_POLICY_RULES) {
        if (m->good)
            mistake(m, m->spec, "the policies make too many rules");
        return NULL;
    }
    ++*m->made;
    rules = arena_grow(m->arena, m->file->rules, m->file->rule_count, &m->capacity,
                       m->file->rule_count + 1u, sizeof *rules);

    if (!rules)
        return NULL;
    m->file->rules = rules;
    rules[m->file->rule_count] = (RuleDraft){.file = m->file, .node = m->document->root};
    return &rules[m->file->rule_count++];
}

static Str message_of(const Maker *m, const Node *validation)
{
    Str message = str_trim(text_at(validation, "message"));
    Str expression = str_trim(text_at(validation, "expression"));

    return message.size ? message
                        : str_format(m->arena, "failed expression: %.*s", STR_ARG(expression));
}

/* What the validations of a policy have in common: for one binding and one parameter. */
static void add_rules(Maker *m, const RuleAdmission *common, Str param)
{
    const Node *validations = given(m->spec, "validations");

    for (uint32_t i = 0; i < validations->count; i++) {
        const Node *validation = &validations->as.items[i];
        RuleAdmission *admission = ARENA_NEW(m->arena, RuleAdmission);
        RuleDraft *draft = new_draft(m);

        if (!admission || !draft)
            return;
        *admission = *common;
        admission->check = given(validation, "expression");
        admission->say = given(validation, "messageExpression");
        admission->message = message_of(m, validation);
        draft->admission = admission;
        draft->severity = severity_of(m);
        draft->category = CATEGORY_SECURITY;
        draft->life = m->document->met && !m->kyverno && !m->binding ? RULE_PREVIEW : RULE_ON;
        set_texts(m, draft, validation, param, i);
    }
}

static bool is_param(const Node *kind, const Node *ref, const Node *root)
{
    const Node *metadata = node_get_named(root, STR("metadata"));
    const Node *selector = given(ref, "selector");
    Str namespace = text_at(ref, "namespace"), cause = STR("");

    if (!str_eq(text_at(root, "kind"), text_at(kind, "kind")) ||
        !str_eq(text_at(root, "apiVersion"), text_at(kind, "apiVersion")) ||
        (namespace.size && !str_eq(namespace, text_at(metadata, "namespace"))))
        return false;
    if (!selector)
        return str_eq(text_at(ref, "name"), text_at(metadata, "name"));
    return selector_match(selector, node_get_named(metadata, STR("labels")), &cause) ==
           SELECTOR_YES;
}

/* The rules of one binding, for each parameter that it names. Parameters that are in no document
 * are in the cluster, and not known. */
static void add_bound(Maker *m, RuleAdmission *common)
{
    const Node *kind = given(m->spec, "paramKind");
    const Node *ref = given(given(m->binding, "spec"), "paramRef");
    bool selects = given(ref, "selector") != NULL;
    uint32_t found = 0;

    for (uint32_t i = 0; kind && ref && i < m->documents->count; i++) {
        const Node *root = m->documents->items[i].root;
        const Node *metadata = node_get_named(root, STR("metadata"));

        if (!is_name(text_at(metadata, "name")) || !is_param(kind, ref, root) ||
            !may_see(m, &m->documents->items[i]))
            continue;
        found++;
        common->params_known = true;
        common->data = data_of(
            m, root, text_at(ref, "namespace").size ? STR("") : text_at(metadata, "namespace"));
        add_rules(m, common, selects ? text_at(metadata, "name") : STR(""));
    }
    if (found)
        return;
    common->params_known = !kind;
    common->data = data_of(m, NULL, STR(""));
    add_rules(m, common, STR(""));
}

static bool is_binding(const Maker *m, const PolicyDocument *document)
{
    const Node *root = document->root;

    return !m->kyverno &&
           is_object(root, kubernetes_group, STR("ValidatingAdmissionPolicyBinding")) &&
           str_eq(text_at(node_get_named(root, STR("spec")), "policyName"), m->name) &&
           may_see(m, document);
}

static uint32_t count_bindings(const Maker *m)
{
    uint32_t count = 0;

    for (uint32_t i = 0; i < m->documents->count; i++)
        count += is_binding(m, &m->documents->items[i]);
    return count;
}

static void add_all(Maker *m, RuleAdmission *common)
{
    uint32_t count = count_bindings(m);

    m->several = count > 1;
    if (!count)
        add_bound(m, common);
    for (uint32_t i = 0; count && i < m->documents->count; i++) {
        if (!is_binding(m, &m->documents->items[i]))
            continue;
        m->binding = m->documents->items[i].root;
        if (is_name(text_at(node_get_named(m->binding, STR("metadata")), "name")))
            add_bound(m, common);
        else
            mistake(m, m->binding, bad_name);
    }
}

/* Nobody minds what lies twice in a tree; what somebody names twice is worth a word. */
static bool is_first(const Maker *m)
{
    const PolicyDocument *first = m->documents->items;
    const Node *metadata = node_get_named(m->document->root, STR("metadata"));

    while (first < m->document &&
           (!is_policy(first->root) ||
            !str_eq(text_at(node_get_named(first->root, STR("metadata")), "name"), m->name)))
        first++;
    if (first == m->document)
        return true;
    if (!m->document->met)
        diag_warning(&m->context->diags, DIAG_RULE_FILE, node_span(metadata),
                     "there is a policy %.*s already, in %.*s", STR_ARG(m->name),
                     STR_ARG(first->path));
    return false;
}

/* Whether a policy can be judged here at all. */
static bool check_policy(Maker *m)
{
    const Node *root = m->document->root;
    Str mode = text_at(given(m->spec, "evaluation"), "mode");

    if (!is_name(m->name)) {
        mistake(m, root, bad_name);
        return false;
    }
    if (!m->spec || m->spec->kind != NODE_MAP) {
        mistake(m, root, "a policy needs a `spec`");
        return false;
    }
    if (mode.size && !str_eq(mode, STR("Kubernetes"))) {
        diag_warning(&m->context->diags, DIAG_RULE_FILE, node_span(m->spec),
                     "the policy is about %.*s, not about manifests, and is left out",
                     STR_ARG(mode));
        return false;
    }
    return is_first(m);
}

/* Whether an exception of Kyverno's takes objects out of the policy. One that allows images or
 * values takes none out: the policy's expressions ask for those. */
static bool is_exception(const Maker *m, const PolicyDocument *document)
{
    const Node *spec = node_get_named(document->root, STR("spec"));
    const Node *refs = given(spec, "policyRefs");

    if (!m->kyverno || !is_object(document->root, kyverno_group, STR("PolicyException")) ||
        given(spec, "images") || given(spec, "allowedValues") || !may_see(m, document))
        return false;
    for (uint32_t i = 0; refs && refs->kind == NODE_LIST && i < refs->count; i++)
        if (str_eq(text_at(&refs->as.items[i], "name"), m->name) &&
            str_eq(text_at(&refs->as.items[i], "kind"), text_at(m->document->root, "kind")))
            return true;
    return false;
}

static void add_exceptions(Maker *m, RuleAdmission *common)
{
    uint32_t capacity = 0;

    for (uint32_t i = 0; i < m->documents->count; i++) {
        const PolicyDocument *document = &m->documents->items[i];
        const Node **lists;

        if (!is_exception(m, document))
            continue;
        lists = arena_grow(m->arena, common->exceptions, common->exception_count, &capacity,
                           common->exception_count + 1u, sizeof *lists);
        if (!lists)
            return;
        common->exceptions = lists;
        lists[common->exception_count++] =
            expressions(m, node_get_named(document->root, STR("spec")), "matchConditions", false);
    }
}

static RuleFile *build(Maker *m)
{
    RuleAdmission common = {.kyverno = m->kyverno};

    if (!check_policy(m))
        return NULL;
    common.variables = expressions(m, m->spec, "variables", true);
    common.conditions = expressions(m, m->spec, "matchConditions", false);
    add_exceptions(m, &common);
    m->file = ARENA_NEW(m->arena, RuleFile);
    if (!m->file || !expressions(m, m->spec, "validations", false) || !m->good)
        return NULL;
    m->file->path = m->document->path;
    add_all(m, &common);
    return m->file;
}

RuleFile *policy_rules(const PolicyDocuments *documents, RuleContext *context)
{
    RuleFile *first = NULL, **end = &first;
    uint32_t made = 0;

    for (uint32_t i = 0; i < documents->count; i++) {
        const Node *root = documents->items[i].root;
        Maker m = {.documents = documents,
                   .context = context,
                   .arena = context->arena,
                   .document = &documents->items[i],
                   .spec = given(root, "spec"),
                   .name = text_at(node_get_named(root, STR("metadata")), "name"),
                   .made = &made,
                   .good = true};

        /* What a tree holds may be a fragment: expected by a test, or a patch. */
        if (!is_policy(root) || (m.document->met && !m.spec))
            continue;
        m.kyverno = is_of_kyverno(root);
        *end = build(&m);
        if (*end)
            end = &(*end)->next;
    }
    return first;
}
