#include "rules/policy_index.h"

#include "ir/kubernetes_kinds.h"

/* --- keys --- */

static Str key_of(Arena *arena, const PolicyQuery *query)
{
    static const Str roles[] = {[POLICY_ROLE_POLICY] = STR_INIT("policy"),
                                [POLICY_ROLE_BINDING] = STR_INIT("binding"),
                                [POLICY_ROLE_EXCEPTION] = STR_INIT("exception"),
                                [POLICY_ROLE_PARAMETER] = STR_INIT("parameter")};
    const Str parts[] = {roles[query->role], STR("\n"),   query->version,
                         STR("\n"),          query->kind, STR("\n"),
                         query->namespace,   STR("\n"),   query->name};

    return str_concat(arena, parts, sizeof parts / sizeof *parts);
}

/* What the same object is called. */
static Str name_of(Arena *arena, const PolicyDocument *document)
{
    const Node *root = document->root;
    PolicyQuery query = {.role = POLICY_ROLE_POLICY, .name = policy_name(root)};

    if (policy_document_is_policy(document)) {
        query.namespace = policy_scope(root);
    } else {
        query.role = POLICY_ROLE_PARAMETER;
        query.version = kubernetes_group(policy_text(root, "apiVersion"));
        query.kind = policy_text(root, "kind");
        query.namespace = policy_namespace(root);
    }
    return key_of(arena, &query);
}

/* --- lists --- */

/* Puts a document before those that the query finds so far. */
static void add(PolicyIndex *index, const PolicyDocument *document, const PolicyQuery *query)
{
    Str key = key_of(index->arena, query);
    uint32_t *first = key.data ? str_map_at(&index->lists, key) : NULL;
    PolicyLink *links;

    if (!first || (*first && index->links[*first - 1].document == document))
        return;
    links = arena_grow(index->arena, index->links, index->count, &index->capacity,
                       index->count + 1u, sizeof *links);
    if (!links)
        return;
    index->links = links;
    links[index->count++] = (PolicyLink){document, *first};
    *first = index->count;
}

static void add_exception(PolicyIndex *index, const PolicyDocument *document)
{
    const Node *refs = policy_given(policy_given(document->root, "spec"), "policyRefs");

    for (uint32_t i = 0; refs && refs->kind == NODE_LIST && i < refs->count; i++)
        add(index, document,
            &(PolicyQuery){.role = POLICY_ROLE_EXCEPTION,
                           .kind = policy_text(&refs->as.items[i], "kind"),
                           .name = policy_text(&refs->as.items[i], "name")});
}

/* With and without each of the names that a query may leave out. */
static void add_parameter(PolicyIndex *index, const PolicyDocument *document)
{
    const Node *root = document->root;
    const PolicyQuery whole = {.role = POLICY_ROLE_PARAMETER,
                               .version = policy_text(root, "apiVersion"),
                               .kind = policy_text(root, "kind"),
                               .namespace = policy_namespace(root),
                               .name = policy_name(root)};
    PolicyQuery query = whole;

    add(index, document, &query);
    query.name = STR("");
    add(index, document, &query);
    query.namespace = STR("");
    add(index, document, &query);
    query.name = whole.name;
    add(index, document, &query);
}

static void add_document(PolicyIndex *index, const PolicyDocument *document)
{
    const Node *root = document->root;
    PolicyQuery query = {.role = POLICY_ROLE_POLICY, .name = policy_name(root)};

    if (policy_document_is_policy(document))
        add(index, document, &query);
    query.role = POLICY_ROLE_BINDING;
    query.name = policy_text(policy_given(root, "spec"), "policyName");
    if (document->kind == POLICY_KIND_BINDING)
        add(index, document, &query);
    if (document->kind == POLICY_KIND_EXCEPTION)
        add_exception(index, document);
    add_parameter(index, document);
}

/* From the last one on, so that the first is written last, and stands at the beginning of lists. */
bool policy_index_make(const PolicyDocuments *documents, Arena *arena, PolicyIndex *index)
{
    *index =
        (PolicyIndex){.arena = arena, .objects = str_map_new(arena), .lists = str_map_new(arena)};
    for (uint32_t i = documents->count; i-- > 0;) {
        Str name = name_of(arena, &documents->items[i]);
        uint32_t *first = name.data ? str_map_at(&index->objects, name) : NULL;
        if (!first)
            return false;
        *first = i + 1;
    }
    for (uint32_t i = documents->count; i-- > 0;) {
        const PolicyDocument *document = &documents->items[i];
        if (policy_index_first(index, documents, document) == document)
            add_document(index, document);
    }
    return !arena_spent(arena);
}

/* --- queries --- */

const PolicyDocument *policy_index_first(const PolicyIndex *index, const PolicyDocuments *documents,
                                         const PolicyDocument *document)
{
    uint32_t first = str_map_find(&index->objects, name_of(index->arena, document));

    return first ? &documents->items[first - 1] : document;
}

uint32_t policy_index_find(const PolicyIndex *index, const PolicyQuery *query)
{
    return str_map_find(&index->lists, key_of(index->arena, query));
}

const PolicyDocument *policy_index_take(const PolicyIndex *index, uint32_t *at)
{
    const PolicyLink *link = *at ? &index->links[*at - 1] : NULL;

    if (!link)
        return NULL;
    *at = link->next;
    return link->document;
}
