#include "ir/strategic_merge.h"

#include "ir/node_edit.h"

typedef enum MergeType {
    MERGE_NONE, /* lists are replaced, whatever is below */
    MERGE_OBJECT,
    MERGE_META,
    MERGE_POD,
    MERGE_POD_SPEC,
    MERGE_POD_TEMPLATE,
    MERGE_CONTAINER,
    MERGE_WORKLOAD,
    MERGE_CRON_JOB,
    MERGE_CRON_JOB_SPEC,
    MERGE_SERVICE,
    MERGE_SERVICE_SPEC,
    MERGE_SERVICE_ACCOUNT,
    MERGE_WEBHOOKS,
} MergeType;

typedef struct MergeField {
    MergeType type;
    Str name;
    MergeType child;
    bool list;
    Str keys[2]; /* of a list; the first is empty for plain values */
} MergeField;

static const MergeField fields[] = {
#define MERGE_MAP(type, name, child) {MERGE_##type, STR_INIT(name), MERGE_##child, false, {{0}}},
#define MERGE_LIST(type, name, child, key, second)                                                 \
    {MERGE_##type, STR_INIT(name), MERGE_##child, true, {STR_INIT(key), STR_INIT(second)}},
#include "ir/strategic_merge.def"
#undef MERGE_MAP
#undef MERGE_LIST
};

typedef struct Merger {
    const Symbols *symbols;
    uint64_t *budget;
    Arena *arena;
} Merger;

typedef enum Directive {
    DIRECTIVE_MERGE,
    DIRECTIVE_REPLACE,
    DIRECTIVE_DELETE,
} Directive;

static const Str directive_key = STR_INIT("$patch");

/* --- kinds --- */

static bool is_builtin(Str api_version)
{
    static const Str groups[] = {STR_INIT("apps"), STR_INIT("batch"), STR_INIT("autoscaling"),
                                 STR_INIT("policy"), STR_INIT("extensions")};
    int64_t slash = str_find_char(api_version, '/');
    Str group = str_sub(api_version, 0, slash < 0 ? 0 : (uint32_t)slash);

    for (size_t i = 0; i < sizeof groups / sizeof *groups; i++)
        if (str_eq(group, groups[i]))
            return true;
    return slash < 0 || (str_ends(group, STR(".k8s.io")) &&
                         str_find_char(str_sub(group, 0, group.size - 7), '.') < 0);
}

/* Of other versions kustomize does not know the lists. */
static MergeType type_of(const Node *object)
{
    static const struct {
        Str api_version;
        Str kind;
        MergeType type;
    } kinds[] = {
        {STR_INIT("v1"), STR_INIT("Pod"), MERGE_POD},
        {STR_INIT("v1"), STR_INIT("PodTemplate"), MERGE_POD_TEMPLATE},
        {STR_INIT("v1"), STR_INIT("ReplicationController"), MERGE_WORKLOAD},
        {STR_INIT("v1"), STR_INIT("Service"), MERGE_SERVICE},
        {STR_INIT("v1"), STR_INIT("ServiceAccount"), MERGE_SERVICE_ACCOUNT},
        {STR_INIT("apps/v1"), STR_INIT("Deployment"), MERGE_WORKLOAD},
        {STR_INIT("apps/v1"), STR_INIT("ReplicaSet"), MERGE_WORKLOAD},
        {STR_INIT("apps/v1"), STR_INIT("StatefulSet"), MERGE_WORKLOAD},
        {STR_INIT("apps/v1"), STR_INIT("DaemonSet"), MERGE_WORKLOAD},
        {STR_INIT("batch/v1"), STR_INIT("Job"), MERGE_WORKLOAD},
        {STR_INIT("batch/v1"), STR_INIT("CronJob"), MERGE_CRON_JOB},
        {STR_INIT("batch/v1beta1"), STR_INIT("CronJob"), MERGE_CRON_JOB},
        {STR_INIT("admissionregistration.k8s.io/v1"), STR_INIT("MutatingWebhookConfiguration"),
         MERGE_WEBHOOKS},
        {STR_INIT("admissionregistration.k8s.io/v1"), STR_INIT("ValidatingWebhookConfiguration"),
         MERGE_WEBHOOKS},
    };
    Str kind = node_string(node_get_named(object, STR("kind")));
    Str api_version = node_string(node_get_named(object, STR("apiVersion")));

    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (str_eq(kind, kinds[i].kind) && str_eq(api_version, kinds[i].api_version))
            return kinds[i].type;
    return is_builtin(api_version) ? MERGE_OBJECT : MERGE_NONE;
}

static const MergeField *find_field(MergeType type, Str name)
{
    for (size_t i = 0; type != MERGE_NONE && i < sizeof fields / sizeof *fields; i++)
        if (fields[i].type == type && str_eq(fields[i].name, name))
            return &fields[i];
    return NULL;
}

/* --- directives --- */

static Directive directive_of(const Node *map)
{
    Str text = node_string(node_get_named(map, directive_key));

    return str_eq(text, STR("delete"))    ? DIRECTIVE_DELETE
           : str_eq(text, STR("replace")) ? DIRECTIVE_REPLACE
                                          : DIRECTIVE_MERGE;
}

/* An item that says what becomes of its list: `- $patch: replace`. */
static bool is_list_directive(const Node *item)
{
    return item->kind == NODE_MAP && item->count == 1 && node_get_named(item, directive_key);
}

static Directive list_directive(const Node *list)
{
    for (uint32_t i = 0; i < list->count; i++)
        if (is_list_directive(&list->as.items[i]))
            return directive_of(&list->as.items[i]);
    return DIRECTIVE_MERGE;
}

/* --- merging --- */

static bool merge_map(const Merger *m, Node *base, const Node *patch, MergeType type);

static bool spend(const Merger *m, uint64_t steps)
{
    if (*m->budget <= steps) {
        *m->budget = 0;
        return false;
    }
    *m->budget -= steps;
    return true;
}

/* Whether the two have the same value for a key; `lenient` where one may have none. */
static bool same_key(const Node *a, const Node *b, Str key, bool lenient)
{
    const Node *x = node_get_named(a, key), *y = node_get_named(b, key);

    if (!x || !y)
        return lenient;
    return node_equal(x, y);
}

static bool same_item(const MergeField *field, const Node *a, const Node *b)
{
    if (!field->keys[0].size || a->kind != NODE_MAP || b->kind != NODE_MAP)
        return !field->keys[0].size && node_equal(a, b);
    return same_key(a, b, field->keys[0], false) &&
           (!field->keys[1].size || same_key(a, b, field->keys[1], true));
}

/* Takes the item that `like` names out of the list. */
static bool take_item(Node *list, const MergeField *field, const Node *like, Node *item)
{
    for (uint32_t i = 0; i < list->count; i++) {
        if (!same_item(field, &list->as.items[i], like))
            continue;
        *item = list->as.items[i];
        node_remove_item(list, i);
        return true;
    }
    return false;
}

/* Merges one item of a patch and puts it at `*at`, in front of those that the patch does not name.
 */
static void merge_item(const Merger *m, Node *base, const Node *patch, const MergeField *field,
                       uint32_t *at)
{
    Node item;
    bool there = take_item(base, field, patch, &item);

    if (patch->kind != NODE_MAP) {
        item = there ? item : node_copy(patch, m->budget, m->arena);
    } else {
        if (!there)
            item = node_make_map(node_span(patch), NULL, 0);
        if (!merge_map(m, &item, patch, field->child))
            return;
    }
    *at = *at > base->count ? base->count : *at;
    if (node_insert(base, *at, item, m->arena))
        ++*at;
}

/* False where the list goes. */
static bool merge_list(const Merger *m, Node *base, const Node *patch, const MergeField *field)
{
    Directive directive = list_directive(patch);
    uint32_t at = 0;

    if (directive == DIRECTIVE_DELETE ||
        !spend(m, (uint64_t)base->count * patch->count + patch->count))
        return false;
    if (directive == DIRECTIVE_REPLACE)
        base->count = 0;
    for (uint32_t i = 0; i < patch->count; i++)
        if (!is_list_directive(&patch->as.items[i]))
            merge_item(m, base, &patch->as.items[i], field, &at);
    return true;
}

/* The value of `patch` alone, without its directives; false where nothing is left of it. */
static bool fresh_value(const Merger *m, const Node *patch, const MergeField *field, Node *value)
{
    if (patch->kind == NODE_MAP) {
        *value = node_make_map(node_span(patch), NULL, 0);
        value->flags = patch->flags;
        return merge_map(m, value, patch, field ? field->child : MERGE_NONE);
    }
    if (patch->kind == NODE_LIST && field && field->list) {
        *value = node_make_list(node_span(patch), NULL, 0);
        value->flags = patch->flags;
        return merge_list(m, value, patch, field);
    }
    *value = node_copy(patch, m->budget, m->arena);
    return true;
}

/* False where the value goes. */
static bool merge_value(const Merger *m, Node *base, const Node *patch, const MergeField *field)
{
    if (base->kind == NODE_MAP && patch->kind == NODE_MAP)
        return merge_map(m, base, patch, field ? field->child : MERGE_NONE);
    if (base->kind == NODE_LIST && patch->kind == NODE_LIST && field && field->list)
        return merge_list(m, base, patch, field);
    return fresh_value(m, patch, field, base);
}

static void merge_entry(const Merger *m, Node *base, const Node *patch, const Entry *entry,
                        MergeType type)
{
    Str key = entry_key(entry);
    Node *old = node_at(base, key);
    const MergeField *field = find_field(type, key);
    Entry fresh = *entry;

    if (entry->value.kind == NODE_NULL || (old && !merge_value(m, old, &entry->value, field)))
        node_remove(base, key);
    else if (!old && fresh_value(m, &entry->value, field, &fresh.value))
        node_put_entry(base, &fresh, patch->source, m->arena);
}

static bool merge_map(const Merger *m, Node *base, const Node *patch, MergeType type)
{
    Directive directive = directive_of(patch);

    if (directive == DIRECTIVE_DELETE ||
        !spend(m, (uint64_t)base->count * patch->count + patch->count))
        return false;
    if (directive == DIRECTIVE_REPLACE) {
        *base = node_make_map(node_span(patch), NULL, 0);
        base->flags = patch->flags;
    }
    for (uint32_t i = 0; i < patch->count; i++)
        if (!str_starts(entry_key(&patch->as.entries[i]), STR("$")))
            merge_entry(m, base, patch, &patch->as.entries[i], type);
    return true;
}

bool strategic_merge(Node *object, const Node *patch, const Symbols *symbols, uint64_t *budget,
                     Arena *arena)
{
    Merger m = {symbols, budget, arena};

    return merge_map(&m, object, patch, type_of(object));
}
