#include "rules/policy_documents.h"

#include "base/limits.h"
#include "ir/yaml_schema.h"
#include "syntax/text.h"
#include "syntax/yaml.h"

/* Objects of a List, in one another. */
#define LIST_DEPTH 4u

/* Keys of policies have no symbols: rules do not read them. */
static const Symbols none;

Str policy_text(const Node *map, const char *key)
{
    return node_string(node_get_named(map, str_of(key)));
}

const Node *policy_given(const Node *map, const char *key)
{
    const Node *node = node_get_named(map, str_of(key));

    return node && node->kind != NODE_NULL ? node : NULL;
}

const Node *policy_metadata(const Node *root)
{
    return node_get_named(root, STR("metadata"));
}

Str policy_name(const Node *root)
{
    return policy_text(policy_metadata(root), "name");
}

Str policy_namespace(const Node *root)
{
    return policy_text(policy_metadata(root), "namespace");
}

Str policy_scope(const Node *root)
{
    Str own = policy_namespace(root);

    if (!str_starts(policy_text(root, "kind"), STR("Namespaced")))
        return STR("");
    return own.size ? own : STR("default");
}

static const struct {
    Str group;
    Str name;
    PolicyKind kind;
} kinds[] = {
    {STR_INIT("admissionregistration.k8s.io"), STR_INIT("ValidatingAdmissionPolicy"),
     POLICY_KIND_KUBERNETES},
    {STR_INIT("admissionregistration.k8s.io"), STR_INIT("ValidatingAdmissionPolicyBinding"),
     POLICY_KIND_BINDING},
    {STR_INIT("policies.kyverno.io"), STR_INIT("ValidatingPolicy"), POLICY_KIND_KYVERNO},
    {STR_INIT("policies.kyverno.io"), STR_INIT("NamespacedValidatingPolicy"), POLICY_KIND_KYVERNO},
    {STR_INIT("policies.kyverno.io"), STR_INIT("PolicyException"), POLICY_KIND_EXCEPTION},
};

static PolicyKind kind_of(const Node *root)
{
    Str version = policy_text(root, "apiVersion"), kind = policy_text(root, "kind");

    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        Str group = kinds[i].group;
        if (str_eq(kind, kinds[i].name) && str_starts(version, group) &&
            version.size > group.size && version.data[group.size] == '/')
            return kinds[i].kind;
    }
    return POLICY_KIND_OTHER;
}

/* Whether a policy or binding lacks what makes it one. */
static bool is_fragment(const PolicyDocument *document)
{
    const Node *spec = node_get_named(document->root, STR("spec"));

    if (policy_document_is_policy(document))
        return !policy_given(spec, "validations");
    return document->kind == POLICY_KIND_BINDING && !policy_given(spec, "policyName");
}

/* `like` is a document of the same text. */
static bool add_document(PolicyDocuments *documents, const PolicyDocument *like, const Node *root,
                         RuleContext *context)
{
    PolicyDocument document = *like;
    PolicyDocument *items;

    document.root = root;
    document.kind = kind_of(root);
    if (document.met && is_fragment(&document))
        return true;
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
    items[documents->count++] = document;
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
