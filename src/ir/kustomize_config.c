#include "ir/kustomize_config.h"

#include "ir/kustomize_fields.h"
#include "ir/kustomize_read.h"

static void add_field(KustBuild *build, KustFieldList list, const Node *item)
{
    KustOwnField *grown =
        arena_grow(build->unit->arena, build->own_fields, build->own_field_count,
                   &build->own_field_capacity, (size_t)build->own_field_count + 1, sizeof *grown);

    if (!grown)
        return;
    build->own_fields = grown;
    grown[build->own_field_count++] = (KustOwnField){list, kust_read_field(build, item)};
}

static void add_fields(KustBuild *build, const Node *root)
{
    static const struct {
        const char *key;
        KustFieldList list;
    } lists[] = {
        {"commonLabels", KUST_FIELDS_SELECTOR},
        {"labels", KUST_FIELDS_OWN},
        {"templateLabels", KUST_FIELDS_TEMPLATE},
        {"commonAnnotations", KUST_FIELDS_ANNOTATION},
        {"namespace", KUST_FIELDS_NAMESPACE},
        {"replicas", KUST_FIELDS_REPLICAS},
        {"images", KUST_FIELDS_IMAGE},
        {"varReference", KUST_FIELDS_VAR},
    };

    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        const Node *list = kust_list(root, lists[i].key);
        for (uint32_t j = 0; list && j < list->count; j++)
            add_field(build, lists[i].list, &list->as.items[j]);
    }
}

static void add_reference(KustBuild *build, const Node *item, const Node *field)
{
    KustReference *grown = arena_grow(build->unit->arena, build->own_references,
                                      build->own_reference_count, &build->own_reference_capacity,
                                      (size_t)build->own_reference_count + 1, sizeof *grown);

    if (!grown)
        return;
    build->own_references = grown;
    grown[build->own_reference_count++] =
        (KustReference){kust_field(build, item, "kind"), kust_field(build, item, "group"),
                        kust_field(build, item, "version"), kust_read_field(build, field)};
}

static void add_references(KustBuild *build, const Node *root)
{
    const Node *list = kust_list(root, "nameReference");

    for (uint32_t i = 0; list && i < list->count; i++) {
        const Node *fields = kust_list(&list->as.items[i], "fieldSpecs");
        for (uint32_t j = 0; fields && j < fields->count; j++)
            add_reference(build, &list->as.items[i], &fields->as.items[j]);
    }
}

void kust_configure(const KustDir *dir)
{
    const Node *list = kust_list(dir->root, "configurations");

    for (uint32_t i = 0; list && i < list->count; i++) {
        YamlDocument *documents;
        uint32_t count = kust_named_documents(dir, &list->as.items[i], &documents);
        for (uint32_t j = 0; j < count; j++) {
            add_fields(dir->build, &documents[j].root);
            add_references(dir->build, &documents[j].root);
        }
    }
}
