#include "rules/policy.h"

#include "base/limits.h"
#include "ir/selector.h"
#include "rules/policy_rule.h"

/* A policy on its way to rules. */
typedef struct Maker {
    BoundPolicy of; /* at the binding at hand */
    const PolicyDocuments *documents;
    RuleContext *context;
    RuleFile *file;
    uint32_t capacity; /* of its rules */
    uint32_t *made;    /* rules of all policies */
    bool full;         /* there may be no more of them */
    bool good;
} Maker;

/* --- reading --- */

static void mistake(Maker *m, const Node *node, const char *what)
{
    diag_error(&m->context->diags, DIAG_RULE_FILE, node_span(node), "%s", what);
    m->good = false;
}

/* A list of maps that each have an expression and, with `named`, a name; NULL where it is absent or
 * wrong. */
static const Node *expressions(Maker *m, const Node *spec, const char *key, bool named)
{
    const Node *list = policy_given(spec, key);

    if (!list)
        return NULL;
    for (uint32_t i = 0; list->kind == NODE_LIST && i < list->count; i++) {
        const Node *item = &list->as.items[i];
        const Node *expression = policy_given(item, "expression");

        if (!expression || expression->kind != NODE_STRING)
            mistake(m, expression ? expression : item, "an `expression` is wanted here, a text");
        else if (named && !policy_text(item, "name").size)
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

/* Whether the policy may look at a document: one that was named knows of those that were named with
 * it, so that its rules do not depend on what a scan meets later. */
static bool may_see(const Maker *m, const PolicyDocument *document)
{
    return (m->of.document->met || !document->met) && !document->again;
}

/* --- rules --- */

static RuleDraft *new_draft(Maker *m)
{
    RuleDraft *rules;

    if (*m->made == LIMIT_POLICY_RULES) {
        if (m->good)
            mistake(m, m->of.spec, "the policies make too many rules");
        m->full = true;
        return NULL;
    }
    ++*m->made;
    rules = arena_grow(m->of.arena, m->file->rules, m->file->rule_count, &m->capacity,
                       m->file->rule_count + 1u, sizeof *rules);

    if (!rules)
        return NULL;
    m->file->rules = rules;
    rules[m->file->rule_count] = (RuleDraft){.file = m->file, .node = m->of.document->root};
    return &rules[m->file->rule_count++];
}

/* What the validations of a policy have in common: for one binding and one parameter. */
static void add_rules(Maker *m, const RuleAdmission *common, Str param)
{
    const Node *validations = policy_given(m->of.spec, "validations");

    for (uint32_t i = 0; i < validations->count; i++) {
        RuleDraft *draft = new_draft(m);

        if (!draft)
            return;
        policy_rule_fill(&m->of, common, i, param, draft);
    }
}

static bool is_param(const Node *kind, const Node *ref, const Node *root)
{
    const Node *metadata = policy_metadata(root);
    const Node *selector = policy_given(ref, "selector");
    Str namespace = policy_text(ref, "namespace"), cause = STR("");

    if (!str_eq(policy_text(root, "kind"), policy_text(kind, "kind")) ||
        !str_eq(policy_text(root, "apiVersion"), policy_text(kind, "apiVersion")) ||
        (namespace.size && !str_eq(namespace, policy_text(metadata, "namespace"))))
        return false;
    if (!selector)
        return str_eq(policy_text(ref, "name"), policy_text(metadata, "name"));
    return selector_match(selector, node_get_named(metadata, STR("labels")), &cause) ==
           SELECTOR_YES;
}

/* The next parameter that a binding means from document `*at` on; NULL after the last. */
static const Node *next_param(const Maker *m, const Node *kind, const Node *ref, uint32_t *at)
{
    while (kind && ref && *at < m->documents->count) {
        const PolicyDocument *document = &m->documents->items[(*at)++];

        if (is_param(kind, ref, document->root) && may_see(m, document) &&
            is_name(policy_name(document->root)))
            return document->root;
    }
    return NULL;
}

static Str namespace_of(const Node *root)
{
    return policy_text(policy_metadata(root), "namespace");
}

/* Whether a binding means parameters of several namespaces, each for what lies there. */
static bool in_several_namespaces(const Maker *m, const Node *kind, const Node *ref)
{
    uint32_t at = 0;
    const Node *first = next_param(m, kind, ref, &at), *other = first;

    while (other && str_eq(namespace_of(other), namespace_of(first)))
        other = next_param(m, kind, ref, &at);
    return other != NULL;
}

/* What tells the rules of a parameter from those of the others that the binding means. */
static Str mark_of(const Maker *m, const Node *ref, const Node *param, bool several)
{
    Str name = policy_given(ref, "selector") ? policy_name(param) : STR("");
    Str lies_in = namespace_of(param);

    if (!several || !is_name(lies_in))
        return name;
    return name.size ? str_format(m->of.arena, "%.*s/%.*s", STR_ARG(lies_in), STR_ARG(name))
                     : lies_in;
}

/* The rules of one binding, for each parameter that it names. Parameters that are in no document
 * are in the cluster, and not known. */
static void add_bound(Maker *m, RuleAdmission *common)
{
    const Node *kind = policy_given(m->of.spec, "paramKind"), *param;
    const Node *ref = policy_given(policy_given(m->of.binding, "spec"), "paramRef");
    bool several = in_several_namespaces(m, kind, ref), found = false;
    uint32_t at = 0;

    while (!m->full && (param = next_param(m, kind, ref, &at))) {
        found = true;
        common->params_known = true;
        common->data = policy_rule_data(
            &m->of, param, policy_text(ref, "namespace").size ? STR("") : namespace_of(param));
        add_rules(m, common, mark_of(m, ref, param, several));
    }
    if (found)
        return;
    common->params_known = !kind;
    common->data = policy_rule_data(&m->of, NULL, STR(""));
    add_rules(m, common, STR(""));
}

static bool is_binding(const Maker *m, const PolicyDocument *document)
{
    return !m->of.kyverno && document->kind == POLICY_KIND_BINDING &&
           str_eq(policy_text(policy_given(document->root, "spec"), "policyName"), m->of.name) &&
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

    m->of.several = count > 1;
    if (!count)
        add_bound(m, common);
    for (uint32_t i = 0; count && !m->full && i < m->documents->count; i++) {
        if (!is_binding(m, &m->documents->items[i]))
            continue;
        m->of.binding = m->documents->items[i].root;
        if (is_name(policy_name(m->of.binding)))
            add_bound(m, common);
        else
            mistake(m, m->of.binding, bad_name);
    }
}

/* Nobody minds what lies twice in a tree; what somebody names twice is worth a word. */
static bool is_first(const Maker *m)
{
    const PolicyDocument *first =
        &m->documents->items[str_map_find(&m->documents->policies, m->of.name) - 1];

    if (first == m->of.document)
        return true;
    if (!m->of.document->met)
        diag_warning(
            &m->context->diags, DIAG_RULE_FILE, node_span(policy_metadata(m->of.document->root)),
            "there is a policy %.*s already, in %.*s", STR_ARG(m->of.name), STR_ARG(first->path));
    return false;
}

/* Whether a policy can be judged here at all. */
static bool check_policy(Maker *m)
{
    const Node *root = m->of.document->root;
    Str mode = policy_text(policy_given(m->of.spec, "evaluation"), "mode");

    if (!is_name(m->of.name)) {
        mistake(m, root, bad_name);
        return false;
    }
    if (!m->of.spec || m->of.spec->kind != NODE_MAP) {
        mistake(m, root, "a policy needs a `spec`");
        return false;
    }
    if (mode.size && !str_eq(mode, STR("Kubernetes"))) {
        diag_warning(&m->context->diags, DIAG_RULE_FILE, node_span(m->of.spec),
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
    const Node *spec = policy_given(document->root, "spec");
    const Node *refs = policy_given(spec, "policyRefs");
    Str kind = policy_text(m->of.document->root, "kind");

    if (!m->of.kyverno || document->kind != POLICY_KIND_EXCEPTION || policy_given(spec, "images") ||
        policy_given(spec, "allowedValues") || !may_see(m, document))
        return false;
    for (uint32_t i = 0; refs && refs->kind == NODE_LIST && i < refs->count; i++)
        if (str_eq(policy_text(&refs->as.items[i], "name"), m->of.name) &&
            str_eq(policy_text(&refs->as.items[i], "kind"), kind))
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
        lists = arena_grow(m->of.arena, common->exceptions, common->exception_count, &capacity,
                           common->exception_count + 1u, sizeof *lists);
        if (!lists)
            return;
        common->exceptions = lists;
        lists[common->exception_count++] =
            expressions(m, policy_given(document->root, "spec"), "matchConditions", false);
    }
}

static RuleFile *build(Maker *m)
{
    RuleAdmission common = {.kyverno = m->of.kyverno};

    if (!check_policy(m))
        return NULL;
    common.variables = expressions(m, m->of.spec, "variables", true);
    common.conditions = expressions(m, m->of.spec, "matchConditions", false);
    add_exceptions(m, &common);
    m->file = ARENA_NEW(m->of.arena, RuleFile);
    if (!m->file || !expressions(m, m->of.spec, "validations", false) || !m->good)
        return NULL;
    m->file->path = m->of.document->path;
    add_all(m, &common);
    return m->file;
}

RuleFile *policy_rules(const PolicyDocuments *documents, RuleContext *context)
{
    RuleFile *first = NULL, **end = &first;
    uint32_t made = 0;

    for (uint32_t i = 0; i < documents->count; i++) {
        const PolicyDocument *document = &documents->items[i];
        Maker m = {.of = {.arena = context->arena,
                          .document = document,
                          .spec = policy_given(document->root, "spec"),
                          .name = policy_name(document->root),
                          .kyverno = document->kind == POLICY_KIND_KYVERNO},
                   .documents = documents,
                   .context = context,
                   .made = &made,
                   .good = true};

        if (!policy_document_is_policy(document))
            continue;
        *end = build(&m);
        if (*end)
            end = &(*end)->next;
    }
    return first;
}
