#include "ir/kustomize_transform.h"

#include "ir/kustomize_fields.h"
#include "ir/node_edit.h"

/* The text that a setter writes. */
typedef struct Writing {
    KustBuild *build;
    Node value;
    Str key; /* of a map */
} Writing;

static void write_value(void *context, Node *field)
{
    const Writing *writing = context;

    *field = writing->value;
}

static void write_entry(void *context, Node *field)
{
    const Writing *writing = context;
    Unit *unit = writing->build->unit;

    if (field->kind == NODE_MAP)
        node_put(field, unit->symbols, writing->key, writing->value, unit->arena);
}

/* --- namespace --- */

/* Of the subjects of a role binding only the account that every namespace has follows here; others
 * are references. */
static void set_default_subjects(const Writing *writing, KustObject *object)
{
    const Unit *unit = writing->build->unit;
    Node *subjects = node_at(&object->body, STR("subjects"));

    for (uint32_t i = 0; subjects && subjects->kind == NODE_LIST && i < subjects->count; i++) {
        Node *subject = &subjects->as.items[i];
        if (str_eq(node_string(node_get_named(subject, STR("name"))), STR("default")))
            node_put(subject, unit->symbols, STR("namespace"), writing->value, unit->arena);
    }
}

void kust_namespaces(const KustDir *dir, KustSet *set)
{
    KustBuild *build = dir->build;
    const Node *given = node_get_named(dir->root, STR("namespace"));
    Str text = kust_text(build, given);
    Writing writing;
    KustSetter setter = {write_value, &writing, NODE_STRING, given};

    if (!text.size)
        return;
    writing = (Writing){build, node_make_string(node_span(given), text), STR("")};
    for (uint32_t i = 0; i < set->count; i++) {
        KustObject *object = set->items[i];
        kust_remember(build, object);
        if (!kust_is_cluster_scoped(object))
            kust_set_metadata(build, object, "namespace", writing.value);
        if (str_ends(kust_kind(object), STR("RoleBinding")))
            set_default_subjects(&writing, object);
        kust_set_fields(build, object, KUST_FIELDS_NAMESPACE, &setter);
    }
}

/* --- names --- */

/* Names that others than the kustomization decide on. */
static bool keeps_name(const KustObject *object)
{
    Str kind = object->previous_count ? object->previous[0].kind : kust_kind(object);

    return str_eq(kind, STR("CustomResourceDefinition")) || str_eq(kind, STR("Namespace")) ||
           (str_eq(kind, STR("APIService")) &&
            str_eq(kust_group(object), STR("apiregistration.k8s.io")));
}

static void add_affix(const KustDir *dir, KustSet *set, const char *field, bool before)
{
    KustBuild *build = dir->build;
    const Node *given = node_get_named(dir->root, str_of(field));
    Str text = kust_text(build, given);

    for (uint32_t i = 0; text.size && i < set->count; i++) {
        KustObject *object = set->items[i];
        Str name = kust_name(object);
        if (keeps_name(object) || !name.size)
            continue;
        kust_add_word(build, before ? &object->prefixes : &object->suffixes, text);
        kust_remember(build, object);
        name = before ? str_join(build->unit->arena, text, name)
                      : str_join(build->unit->arena, name, text);
        kust_set_metadata(build, object, "name", node_make_string(node_span(given), name));
    }
}

void kust_affixes(const KustDir *dir, KustSet *set)
{
    add_affix(dir, set, "namePrefix", true);
    add_affix(dir, set, "nameSuffix", false);
}

/* --- labels and annotations --- */

/* Where pairs go: the fields of some lists, and places of the user's own. */
typedef struct Places {
    const KustFieldList *lists;
    uint32_t list_count;
    const Node *own; /* `fields` of an item of `labels`, or NULL */
} Places;

/* kustomize knows of the affinity of these two alone. */
static bool has_affinity(const KustObject *object)
{
    Str kind = kust_kind(object);

    return str_eq(kind, STR("Deployment")) || str_eq(kind, STR("StatefulSet"));
}

static void set_pair(KustBuild *build, KustObject *object, const Places *places,
                     const KustSetter *setter)
{
    for (uint32_t i = 0; places->own && i < places->own->count; i++) {
        KustField field = kust_read_field(build, &places->own->as.items[i]);
        kust_set_field(build, object, &field, setter);
    }
    for (uint32_t i = 0; i < places->list_count; i++)
        if (places->lists[i] != KUST_FIELDS_AFFINITY || has_affinity(object))
            kust_set_fields(build, object, places->lists[i], setter);
}

static void set_pairs(const KustDir *dir, KustSet *set, const Node *pairs, const Places *places)
{
    KustBuild *build = dir->build;

    for (uint32_t i = 0; pairs && pairs->kind == NODE_MAP && i < pairs->count; i++) {
        const Entry *entry = &pairs->as.entries[i];
        Node value = node_make_string(node_span(&entry->value), kust_text(build, &entry->value));
        Writing writing = {build, value, entry_key(entry)};
        KustSetter setter = {write_entry, &writing, NODE_MAP, &entry->value};
        for (uint32_t j = 0; j < set->count; j++)
            set_pair(build, set->items[j], places, &setter);
    }
}

void kust_labels(const KustDir *dir, KustSet *set)
{
    static const KustFieldList lists[] = {KUST_FIELDS_OWN, KUST_FIELDS_TEMPLATE,
                                          KUST_FIELDS_SELECTOR, KUST_FIELDS_AFFINITY};
    const Node *labels = kust_list(dir->root, "labels");

    for (uint32_t i = 0; labels && i < labels->count; i++) {
        const Node *item = &labels->as.items[i];
        uint32_t count = kust_is_true(item, "includeSelectors")   ? 4
                         : kust_is_true(item, "includeTemplates") ? 2
                                                                  : 1;
        Places places = {lists, count, kust_list(item, "fields")};
        set_pairs(dir, set, node_get_named(item, STR("pairs")), &places);
    }
    set_pairs(dir, set, node_get_named(dir->root, STR("commonLabels")), &(Places){lists, 4, NULL});
}

void kust_annotations(const KustDir *dir, KustSet *set)
{
    static const KustFieldList list = KUST_FIELDS_ANNOTATION;

    set_pairs(dir, set, node_get_named(dir->root, STR("commonAnnotations")),
              &(Places){&list, 1, NULL});
}

/* --- replicas --- */

static bool is_called(const KustObject *object, Str name)
{
    for (uint32_t i = 0; i < kust_id_count(object); i++)
        if (str_eq(kust_id_at(object, i).name, name))
            return true;
    return false;
}

void kust_replicas(const KustDir *dir, KustSet *set)
{
    KustBuild *build = dir->build;
    const Node *replicas = kust_list(dir->root, "replicas");

    for (uint32_t i = 0; replicas && i < replicas->count; i++) {
        const Node *item = &replicas->as.items[i];
        const Node *count = node_get_named(item, STR("count"));
        Writing writing = {.build = build};
        KustSetter setter = {write_value, &writing, NODE_INT, item};
        if (!count || count->kind != NODE_INT)
            continue;
        writing.value = node_make_int(node_span(count), count->as.integer);
        for (uint32_t j = 0; j < set->count && kust_spend(build, 1); j++)
            if (is_called(set->items[j], kust_field(build, item, "name")))
                kust_set_fields(build, set->items[j], KUST_FIELDS_REPLICAS, &setter);
    }
}
