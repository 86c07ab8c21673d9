#include "scan/kustomization.h"

#include <stdlib.h>

#include "base/limits.h"
#include "ir/terraform_tree.h"
#include "scan/boundary.h"
#include "syntax/text.h"
#include "syntax/yaml.h"

typedef struct Reader {
    Str folder;
    PathList list;
    Arena *arena; /* of the list; all else is in `scratch` */
    Arena *scratch;
} Reader;

static Str text_of(const Node *node)
{
    return node && (node->kind == NODE_SCALAR || node->kind == NODE_STRING) ? node_text(node)
                                                                            : STR("");
}

/* A patch that stands in the kustomization itself has more than one line. */
static void add_path(Reader *r, Str text)
{
    Str path = text.size && str_find_char(text, '\n') < 0
                   ? tf_path_join(r->scratch, r->folder, text)
                   : STR("");
    Str *grown;

    if (!path.size)
        return;
    grown = arena_grow(r->arena, r->list.paths, r->list.count, &r->list.capacity,
                       (size_t)r->list.count + 1, sizeof *grown);
    if (!grown)
        return;
    r->list.paths = grown;
    grown[r->list.count] = str_copy(r->arena, path);
    r->list.count += grown[r->list.count].data != NULL;
}

/* Items are paths, or maps with a `path`. */
static void add_patches(Reader *r, const Node *list)
{
    for (uint32_t i = 0; list && list->kind == NODE_LIST && i < list->count; i++) {
        const Node *item = &list->as.items[i];
        add_path(r, item->kind == NODE_MAP ? text_of(node_get_named(item, STR("path")))
                                           : text_of(item));
    }
}

static void read_kustomization(Reader *r, Str text)
{
    static const Symbols none;
    Sources sources = sources_new(r->scratch);
    DiagSink quiet = diags_new(r->scratch);
    Source *source = sources_add(&sources, STR("kustomization.yaml"), text);
    YamlDocument *documents;
    uint32_t count;

    if (!source || !text_decode(source, r->scratch, &quiet) ||
        !yaml_read(source, &none, r->scratch, &quiet, &documents, &count))
        return;
    for (uint32_t i = 0; i < count; i++) {
        const Node *root = &documents[i].root;
        if (root->kind != NODE_MAP)
            continue;
        add_patches(r, node_get_named(root, STR("patches")));
        add_patches(r, node_get_named(root, STR("patchesStrategicMerge")));
        add_patches(r, node_get_named(root, STR("patchesJson6902")));
    }
}

static int compare_paths(const void *a, const void *b)
{
    return str_cmp(*(const Str *)a, *(const Str *)b);
}

PathList kustomization_patches(const ScanRoot *root, Str path, Arena *arena)
{
    int64_t slash = str_find_last_char(path, '/');
    Reader r = {.folder = str_sub(path, 0, slash < 0 ? 0 : (uint32_t)slash),
                .arena = arena,
                .scratch = arena_new(LIMIT_UNIT_BYTES)};
    Str text;
    int error;

    if (!r.scratch)
        return r.list;
    if (boundary_read(root, path.data, r.scratch, &text, &error))
        read_kustomization(&r, text);
    arena_free(r.scratch);
    if (r.list.count)
        qsort(r.list.paths, r.list.count, sizeof *r.list.paths, compare_paths);
    return r.list;
}

bool path_list_has(const PathList *list, Str path)
{
    return list->count && bsearch(&path, list->paths, list->count, sizeof path, compare_paths);
}
