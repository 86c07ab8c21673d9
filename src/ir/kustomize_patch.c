#include "ir/kustomize_patch.h"

#include "ir/json_patch.h"
#include "ir/kustomize_read.h"
#include "ir/kustomize_select.h"
#include "ir/node_edit.h"
#include "ir/strategic_merge.h"
#include "syntax/align.h"

/* An item of `patches`. */
typedef struct Patch {
    const KustDir *dir;
    KustSet *set;
    const Node *item;
    const Node *target; /* or NULL */
    bool rename;        /* it may change names, and kinds */
    bool rekind;
} Patch;

/* What an object is called is not a patch's to say, unless it may. */
static void restore_identity(const Patch *patch, KustObject *object, const Node *kind, Node name,
                             Node namespace)
{
    KustBuild *build = patch->dir->build;
    Node *own = node_at(&object->body, STR("kind"));

    if (!patch->rekind && own && kind->kind == NODE_STRING)
        *own = *kind;
    if (!patch->rename && name.kind == NODE_STRING)
        kust_set_metadata(build, object, "name", name);
    if (namespace.kind == NODE_STRING)
        kust_set_metadata(build, object, "namespace", namespace);
    else
        node_remove(node_at(&object->body, STR("metadata")), STR("namespace"));
}

static Node copy_of(const Node *map, Str key)
{
    const Node *value = node_get_named(map, key);

    return value ? *value : node_make_null(SPAN_NONE);
}

static void merge(const Patch *patch, KustObject *object, const Node *body)
{
    KustBuild *build = patch->dir->build;
    const Node *metadata = node_get_named(&object->body, STR("metadata"));
    Node kind = copy_of(&object->body, STR("kind"));
    Node api = copy_of(&object->body, STR("apiVersion"));
    Node name = copy_of(metadata, STR("name")), namespace = copy_of(metadata, STR("namespace"));
    Node *version;

    object->patched = true;
    if (patch->rename || patch->rekind)
        kust_remember(build, object);
    if (!strategic_merge(&object->body, body, build->unit->symbols, &build->budget,
                         build->unit->arena)) {
        object->gone = true;
        return;
    }
    version = node_at(&object->body, STR("apiVersion"));
    if (version && api.kind == NODE_STRING)
        *version = api;
    restore_identity(patch, object, &kind, name, namespace);
}

static void apply_json(const Patch *patch, KustObject *object, const Node *operations)
{
    KustBuild *build = patch->dir->build;

    object->patched = true;
    kust_remember(build, object);
    json_patch_apply(operations, &object->body, build->unit->symbols, &build->budget,
                     build->unit->arena, &build->unit->diags);
    object->gone |= object->body.kind != NODE_MAP;
}

/* A patch of either kind, for whatever its target selects. That may be nothing. */
static void apply_selected(const Patch *patch, const Node *body)
{
    KustSelector *selector = kust_selector_new(patch->dir->build, patch->target);

    for (uint32_t i = 0; selector && i < patch->set->count; i++) {
        KustObject *object = patch->set->items[i];
        if (!kust_selects(selector, object))
            continue;
        if (body->kind == NODE_LIST)
            apply_json(patch, object, body);
        else
            merge(patch, object, body);
    }
    kust_selector_free(selector);
}

/* A strategic merge patch says itself what it is for. */
static void apply_named(const Patch *patch, const Node *body)
{
    KustBuild *build = patch->dir->build;
    uint32_t count = 0;
    KustObject *object =
        kust_spend_look(build, patch->set) ? kust_find(patch->set, body, &count) : NULL;

    if (count == 1)
        merge(patch, object, body);
    else if (count > 1)
        kust_error(build, body, "more than one object is called what this patch is for");
    else if (!build->open)
        kust_error(build, body, "the kustomization has no such object to patch");
}

static void apply_source(const Patch *patch, Source *source)
{
    KustBuild *build = patch->dir->build;
    YamlDocument *documents;
    uint32_t count;

    kust_documents(build, source, &documents, &count);
    for (uint32_t i = 0; i < count; i++) {
        const Node *root = &documents[i].root;
        if (root->kind != NODE_MAP && root->kind != NODE_LIST)
            continue;
        if (patch->target)
            apply_selected(patch, root);
        else if (root->kind == NODE_MAP)
            apply_named(patch, root);
        else
            kust_error(build, patch->item, "a patch that is a list of operations needs a target");
    }
}

static Source *inline_source(const KustDir *dir, const Node *text)
{
    return sources_add_string(&dir->build->unit->sources, text);
}

static void apply_item(const KustDir *dir, KustSet *set, const Node *item)
{
    const Node *text = node_get_named(item, STR("patch")), *options, *target;
    const Node *path = node_get_named(item, STR("path"));
    Patch patch = {.dir = dir, .set = set, .item = item};
    Source *source = NULL;

    options = node_get_named(item, STR("options"));
    target = node_get_named(item, STR("target"));
    patch.rename = kust_is_true(options, "allowNameChange");
    patch.rekind = kust_is_true(options, "allowKindChange");
    patch.target = target && target->kind == NODE_MAP ? target : NULL;
    if (text && text->kind == NODE_STRING)
        source = inline_source(dir, text);
    else if (path && path->kind == NODE_STRING)
        source = kust_named_source(dir, path, node_string(path));
    if (source)
        apply_source(&patch, source);
}

/* An item is a path, or a patch in more than one line. */
static void apply_text(const KustDir *dir, KustSet *set, const Node *item)
{
    Patch patch = {.dir = dir, .set = set, .item = item};
    Str text = node_string(item);
    Source *source = NULL;

    if (str_find_char(text, '\n') >= 0)
        source = inline_source(dir, item);
    else if (text.size)
        source = kust_named_source(dir, item, text);
    if (source)
        apply_source(&patch, source);
}

static void apply_list(const KustDir *dir, KustSet *set, const char *key)
{
    const Node *list = kust_list(dir->root, key);

    for (uint32_t i = 0; list && i < list->count; i++) {
        const Node *item = &list->as.items[i];
        if (item->kind == NODE_MAP)
            apply_item(dir, set, item);
        else
            apply_text(dir, set, item);
        kust_sweep(set);
    }
}

void kust_patches(const KustDir *dir, KustSet *set)
{
    apply_list(dir, set, "patchesStrategicMerge");
    apply_list(dir, set, "patches");
}

void kust_json_patches(const KustDir *dir, KustSet *set)
{
    apply_list(dir, set, "patchesJson6902");
}
