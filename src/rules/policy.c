#include "rules/policy.h"

#include "base/limits.h"
#include "ir/selector.h"
#include "rules/policy_index.h"
#include "rules/policy_rule.h"

/* A policy on its way to rules. */
typedef struct Maker {
    BoundPolicy of; /* at the binding at hand */
    const PolicyDocuments *documents;
    const PolicyIndex *index;
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
    return m->of.document->met || !document->met;
}

/* The next of the documents from `*at` on that the policy may see; NULL after the last. */
static const PolicyDocument *next_seen(const Maker *m, uint32_t *at)
{
    const PolicyDocument *document;

    do
        document = policy_index_take(m->index, at);
    while (document && !may_see(m, document));
    return document;
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

static bool is_selected(const Node *selector, const Node *root)
{
    Str cause = STR("");

    return !selector ||
           selector_match(selector, node_get_named(policy_metadata(root), STR("labels")), &cause) ==
               SELECTOR_YES;
}

/* Where the objects begin among which a binding's parameters are; 0 for none. */
static uint32_t first_param(const Maker *m, const Node *kind, const Node *ref)
{
    PolicyQuery query = {.role = POLICY_ROLE_PARAMETER,
                         .version = policy_text(kind, "apiVersion"),
                         .kind = policy_text(kind, "kind"),
                         .namespace = policy_text(ref, "namespace")};

    if (!policy_given(ref, "selector"))
        query.name = policy_text(ref, "name");
    if (!kind || !ref || (!query.name.size && !policy_given(ref, "selector")))
        return 0;
    return policy_index_find(m->index, &query);
}

/* The next parameter that a binding means from `*at` on; NULL after the last. */
static const Node *next_param(const Maker *m, const Node *ref, uint32_t *at)
{
    const Node *selector = policy_given(ref, "selector");
    const PolicyDocument *document;

    while ((document = next_seen(m, at)))
        if (is_name(policy_name(document->root)) && is_selected(selector, document->root))
            return document->root;
    return NULL;
}

/* Whether a binding means parameters of several namespaces, each for what lies there. */
static bool in_several_namespaces(const Maker *m, const Node *ref, uint32_t at)
{
    const Node *first = next_param(m, ref, &at), *other = first;

    while (other && str_eq(policy_namespace(other), policy_namespace(first)))
        other = next_param(m, ref, &at);
    return other != NULL;
}

/* What tells the rules of a parameter from those of the others that the binding means. */
static Str mark_of(const Maker *m, const Node *ref, const Node *param, bool several)
{
    Str name = policy_given(ref, "selector") ? policy_name(param) : STR("");
    Str lies_in = policy_namespace(param);

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
    uint32_t at = first_param(m, kind, ref);
    bool several = in_several_namespaces(m, ref, at), found = false;

    while (!m->full && (param = next_param(m, ref, &at))) {
        found = true;
        common->params_known = true;
        common->data = policy_rule_data(
            &m->of, param, policy_text(ref, "namespace").size ? STR("") : policy_namespace(param));
        add_rules(m, common, mark_of(m, ref, param, several));
    }
    if (found)
        return;
    common->params_known = !kind;
    common->data = policy_rule_data(&m->of, NULL, STR(""));
    add_rules(m, common, STR(""));
}

static uint32_t first_binding(const Maker *m)
{
    return m->of.kyverno ? 0
                         : policy_index_find(m->index, &(PolicyQuery){.role = POLICY_ROLE_BINDING,
                                                                      .name = m->of.name});
}

static void add_binding(Maker *m, RuleAdmission *common, const Node *binding, bool several)
{
    Str name = policy_name(binding);

    m->of.binding = binding;
    if (!is_name(name)) {
        mistake(m, binding, bad_name);
        return;
    }
    if (several)
        m->of.mark = name;
    add_bound(m, common);
}

static void add_all(Maker *m, RuleAdmission *common)
{
    uint32_t at = first_binding(m);
    const PolicyDocument *binding = next_seen(m, &at), *next;
    bool several = false;

    if (!binding)
        add_bound(m, common);
    for (; binding && !m->full; binding = next) {
        next = next_seen(m, &at);
        several |= next != NULL;
        add_binding(m, common, binding->root, several);
    }
}

/* Whether others are of the policy's name, which is confined to a namespace. */
static bool has_namesakes(const Maker *m)
{
    uint32_t at =
        policy_index_find(m->index, &(PolicyQuery){.role = POLICY_ROLE_POLICY, .name = m->of.name});
    const PolicyDocument *other = next_seen(m, &at);

    return other == m->of.document ? next_seen(m, &at) != NULL : other != NULL;
}

/* Nobody minds what lies twice in a tree; what somebody names twice is worth a word, and so are two
 * policies of which one is not judged. */
static bool is_first(const Maker *m)
{
    const PolicyDocument *first = policy_index_first(m->index, m->documents, m->of.document);

    if (first == m->of.document)
        return true;
    if (!m->of.document->met || first->kind != m->of.document->kind)
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
    Str scope = policy_scope(root);

    if (!is_name(m->of.name) || (scope.size && !is_name(scope))) {
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

/* The next exception of Kyverno's that takes objects out of the policy. One that allows images or
 * values takes none out: the policy's expressions ask for those. */
static const Node *next_exception(const Maker *m, uint32_t *at)
{
    const PolicyDocument *document;

    while ((document = next_seen(m, at))) {
        const Node *spec = policy_given(document->root, "spec");
        if (!policy_given(spec, "images") && !policy_given(spec, "allowedValues"))
            return spec;
    }
    return NULL;
}

static void add_exceptions(Maker *m, RuleAdmission *common)
{
    const PolicyQuery query = {.role = POLICY_ROLE_EXCEPTION,
                               .kind = policy_text(m->of.document->root, "kind"),
                               .name = m->of.name};
    uint32_t at = m->of.kyverno ? policy_index_find(m->index, &query) : 0, capacity = 0;
    const Node *spec;

    while ((spec = next_exception(m, &at))) {
        const Node **lists = arena_grow(m->of.arena, common->exceptions, common->exception_count,
                                        &capacity, common->exception_count + 1u, sizeof *lists);
        if (!lists)
            return;
        common->exceptions = lists;
        lists[common->exception_count++] = expressions(m, spec, "matchConditions", false);
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
    if (has_namesakes(m))
        m->of.mark = policy_scope(m->of.document->root);
    add_all(m, &common);
    return m->file;
}

RuleFile *policy_rules(const PolicyDocuments *documents, RuleContext *context)
{
    RuleFile *first = NULL, **end = &first;
    PolicyIndex index;
    uint32_t made = 0;

    if (!documents->count || !policy_index_make(documents, context->arena, &index))
        return NULL;
    for (uint32_t i = 0; i < documents->count; i++) {
        const PolicyDocument *document = &documents->items[i];
        Maker m = {.of = {.arena = context->arena,
                          .document = document,
                          .spec = policy_given(document->root, "spec"),
                          .name = policy_name(document->root),
                          .kyverno = document->kind == POLICY_KIND_KYVERNO},
                   .documents = documents,
                   .index = &index,
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
