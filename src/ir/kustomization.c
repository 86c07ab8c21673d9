#include "ir/kustomization.h"

#include "syntax/text.h"
#include "syntax/yaml.h"

typedef struct Reader {
    KustomizationFn *each;
    void *context;
} Reader;

static Str text_of(const Node *node)
{
    return node && (node->kind == NODE_SCALAR || node->kind == NODE_STRING) ? node_text(node)
                                                                            : (Str){"", 0};
}

/* A patch that stands in the kustomization itself has more than one line. */
static void give(const Reader *r, KustomizationPart part, Str text)
{
    if (text.size && str_find_char(text, '\n') < 0 && !kustomization_is_remote(text))
        r->each(r->context, part, text);
}

/* Items are paths, or maps with a `path`. */
static void give_list(const Reader *r, KustomizationPart part, const Node *list)
{
    for (uint32_t i = 0; list && list->kind == NODE_LIST && i < list->count; i++) {
        const Node *item = &list->as.items[i];
        give(r, part, text_of(item->kind == NODE_MAP ? node_get_named(item, STR("path")) : item));
    }
}

/* KEY=PATH, or a path alone. */
static void give_data(const Reader *r, const Node *list)
{
    for (uint32_t i = 0; list && list->kind == NODE_LIST && i < list->count; i++) {
        Str text = text_of(&list->as.items[i]);
        give(r, KUSTOMIZATION_DATA, str_from(text, (uint32_t)(str_find_char(text, '=') + 1)));
    }
}

static void give_generators(const Reader *r, const Node *list)
{
    for (uint32_t i = 0; list && list->kind == NODE_LIST && i < list->count; i++) {
        const Node *item = &list->as.items[i];
        give_data(r, node_get_named(item, STR("files")));
        give_data(r, node_get_named(item, STR("envs")));
        give(r, KUSTOMIZATION_DATA, text_of(node_get_named(item, STR("env"))));
    }
}

static void give_root(const Reader *r, const Node *root)
{
    static const struct {
        Str key;
        KustomizationPart part;
    } lists[] = {
        {STR_INIT("resources"), KUSTOMIZATION_RESOURCE},
        {STR_INIT("bases"), KUSTOMIZATION_RESOURCE},
        {STR_INIT("components"), KUSTOMIZATION_RESOURCE},
        {STR_INIT("patches"), KUSTOMIZATION_PATCH},
        {STR_INIT("patchesStrategicMerge"), KUSTOMIZATION_PATCH},
        {STR_INIT("patchesJson6902"), KUSTOMIZATION_PATCH},
        {STR_INIT("replacements"), KUSTOMIZATION_DATA},
        {STR_INIT("configurations"), KUSTOMIZATION_DATA},
        {STR_INIT("transformers"), KUSTOMIZATION_DATA},
        {STR_INIT("generators"), KUSTOMIZATION_DATA},
    };

    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        give_list(r, lists[i].part, node_get_named(root, lists[i].key));
    give_generators(r, node_get_named(root, STR("configMapGenerator")));
    give_generators(r, node_get_named(root, STR("secretGenerator")));
}

void kustomization_parts(Str text, KustomizationFn *each, void *context, Arena *scratch)
{
    static const Symbols none;
    Reader r = {each, context};
    Sources sources = sources_new(scratch);
    DiagSink quiet = diags_new(scratch);
    Source *source = sources_add(&sources, STR("kustomization.yaml"), text);
    YamlDocument *documents;
    uint32_t count;

    if (!source || !text_decode(source, scratch, &quiet) ||
        !yaml_read(source, &none, scratch, &quiet, &documents, &count) || !count)
        return;
    if (documents[0].root.kind == NODE_MAP)
        give_root(&r, &documents[0].root);
}

bool kustomization_is_remote(Str path)
{
    int64_t slash = str_find_char(path, '/');
    Str host = str_sub(path, 0, slash < 0 ? 0 : (uint32_t)slash);

    return str_find(path, STR("://")) >= 0 || str_starts(path, STR("git@")) ||
           str_starts(path, STR("git::")) || str_find(path, STR("?ref=")) >= 0 ||
           str_starts(path, STR("github.com/")) || str_ends(host, STR(".com")) ||
           str_ends(host, STR(".org")) || str_ends(host, STR(".io"));
}

bool kustomization_is_file_name(Str path)
{
    return str_ends(path, STR(".yaml")) || str_ends(path, STR(".yml")) ||
           str_ends(path, STR(".json"));
}
