#include "ir/kustomize.h"

#include "base/limits.h"
#include "ir/kubernetes.h"
#include "ir/kustomization.h"
#include "ir/kustomize_config.h"
#include "ir/kustomize_generate.h"
#include "ir/kustomize_names.h"
#include "ir/kustomize_patch.h"
#include "ir/kustomize_read.h"
#include "ir/kustomize_replace.h"
#include "ir/kustomize_transform.h"
#include "ir/node_edit.h"
#include "ir/terraform_tree.h"

/* Lists inside lists that are looked into. */
enum { LIST_DEPTH = 4 };

static bool build_directory(const KustDir *outer, KustSet *set, const Node *entry, Str path,
                            bool component);

/* --- resources --- */

/* Adds an object, or those of a list. */
static void add_object(const KustDir *dir, KustSet *set, const Node *entry, const Node *body,
                       uint32_t depth)
{
    Str kind = node_string(node_get_named(body, STR("kind")));
    const Node *items = node_get_named(body, STR("items"));
    KustObject *object;

    if (!kind.size || !node_string(node_get_named(body, STR("apiVersion"))).size)
        return;
    if (items && items->kind == NODE_LIST && str_ends(kind, STR("List")) && depth < LIST_DEPTH) {
        for (uint32_t i = 0; i < items->count; i++)
            add_object(dir, set, entry, &items->as.items[i], depth + 1);
        return;
    }
    object = kust_object(dir->build, body);
    if (object)
        kust_add(dir->build, set, object, entry);
}

static void add_file(const KustDir *dir, KustSet *set, const Node *entry, Source *source)
{
    YamlDocument *documents;
    uint32_t count;

    kust_documents(dir->build, source, &documents, &count);
    for (uint32_t i = 0; i < count; i++)
        add_object(dir, set, entry, &documents[i].root, 0);
}

static bool report_missing(KustBuild *build, const Node *entry, Str path)
{
    Str name = kust_text(build, entry);
    Diag *diag;

    build->open = true;
    if (!kust_leads_out(path))
        return kust_missing(build, entry, name,
                            "is no file, and no directory with a kustomization");
    diag = diag_error(&build->unit->diags, DIAG_PATH_ESCAPES, node_span(entry),
                      "`%.*s` lies outside of what this scan may read", STR_ARG(name));
    diag_help(&build->unit->diags, diag, "`--root DIR` says up to where that is");
    return false;
}

static void add_resource(const KustDir *dir, KustSet *set, const Node *entry)
{
    KustBuild *build = dir->build;
    Str name = kust_text(build, entry), path = kust_path(dir, name);
    Source *source = name.size ? kust_source(build, path) : NULL;

    if (!name.size)
        return;
    if (source) {
        add_file(dir, set, entry, source);
    } else if (kustomization_is_remote(name)) {
        kust_leave_out(build, entry, "`%.*s` is not here: only what this directory holds is judged",
                       STR_ARG(name));
    } else if (kustomization_is_file_name(path)) {
        report_missing(build, entry, path);
    } else {
        build_directory(dir, set, entry, path, false);
    }
}

static void add_resources(const KustDir *dir, KustSet *set, const char *key)
{
    const Node *list = kust_list(dir->root, key);

    for (uint32_t i = 0; list && i < list->count; i++)
        add_resource(dir, set, &list->as.items[i]);
}

static void add_components(const KustDir *dir, KustSet *set)
{
    const Node *list = kust_list(dir->root, "components");

    for (uint32_t i = 0; list && i < list->count; i++) {
        const Node *entry = &list->as.items[i];
        Str name = kust_text(dir->build, entry);
        if (kustomization_is_remote(name))
            kust_leave_out(dir->build, entry, "the component `%.*s` is not here", STR_ARG(name));
        else if (name.size)
            build_directory(dir, set, entry, kust_path(dir, name), true);
    }
}

/* --- one kustomization --- */

/* What needs a plugin, a chart or a network. */
static void note_others(const KustDir *dir)
{
    static const char *const keys[] = {"helmCharts", "helmChartInflationGenerator", "generators",
                                       "transformers"};

    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        const Node *value = node_get_named(dir->root, str_of(keys[i]));
        if (value && value->count > 0)
            kust_leave_out(dir->build, value, "`%s` is not carried out: its part is not judged",
                           keys[i]);
    }
}

/* In kustomize's order. */
static void build_parts(const KustDir *dir, KustSet *set)
{
    note_others(dir);
    add_resources(dir, set, "resources");
    add_resources(dir, set, "bases");
    kust_configure(dir);
    kust_generate(dir, set);
    add_components(dir, set);
    kust_patches(dir, set);
    kust_namespaces(dir, set);
    kust_affixes(dir, set);
    kust_labels(dir, set);
    kust_annotations(dir, set);
    kust_json_patches(dir, set);
    kust_replicas(dir, set);
    kust_images(dir, set);
    kust_replacements(dir, set);
    kust_note_vars(dir, set);
}

/* The source of a directory's kustomization, by the names that it may have. */
static Source *find_kustomization(KustBuild *build, Str path)
{
    static const Str names[] = {STR_INIT("kustomization.yaml"), STR_INIT("kustomization.yml"),
                                STR_INIT("Kustomization")};
    Source *source = NULL;

    for (size_t i = 0; !source && i < sizeof names / sizeof *names; i++)
        source = kust_source(build, tf_path_join(build->unit->arena, path, names[i]));
    return source;
}

/* kustomize reads the names of fields as Go's JSON does, in which case does not matter. */
static void fold_keys(Node *root)
{
    static const Str keys[] = {
        STR_INIT("resources"),
        STR_INIT("bases"),
        STR_INIT("components"),
        STR_INIT("patches"),
        STR_INIT("namespace"),
        STR_INIT("namePrefix"),
        STR_INIT("nameSuffix"),
        STR_INIT("labels"),
        STR_INIT("images"),
        STR_INIT("replicas"),
        STR_INIT("commonLabels"),
        STR_INIT("commonAnnotations"),
        STR_INIT("replacements"),
        STR_INIT("patchesStrategicMerge"),
        STR_INIT("patchesJson6902"),
        STR_INIT("configMapGenerator"),
        STR_INIT("secretGenerator"),
        STR_INIT("generatorOptions"),
        STR_INIT("vars"),
        STR_INIT("configurations"),
    };

    for (uint32_t i = 0; i < root->count; i++)
        for (size_t k = 0; k < sizeof keys / sizeof *keys; k++)
            if (str_eq_nocase(entry_key(&root->as.entries[i]), keys[k]))
                root->as.entries[i].key = keys[k].data;
}

static const Node *read_kustomization(KustBuild *build, Source *source)
{
    YamlDocument *documents;
    uint32_t count;

    kust_documents(build, source, &documents, &count);
    if (count && documents[0].root.kind == NODE_MAP) {
        fold_keys(&documents[0].root);
        return &documents[0].root;
    }
    build->open = true;
    return NULL;
}

static bool is_component(const Node *root)
{
    return str_eq(node_string(node_get_named(root, STR("kind"))), STR("Component"));
}

static bool is_within(const KustDir *dir, Str path)
{
    for (; dir; dir = dir->outer)
        if (str_eq(dir->path, path))
            return true;
    return false;
}

/* Why a directory is not built; NULL where it is. */
static const char *find_fault(const KustDir *dir, bool component)
{
    const KustDir *outer = dir->outer;

    if (is_within(outer, dir->path))
        return "contains this kustomization itself";
    if (dir->depth > LIMIT_KUSTOMIZE_DEPTH)
        return "lies too deep inside of others";
    if (++dir->build->loaded > LIMIT_KUSTOMIZE_DIRECTORIES)
        return "is one directory too many";
    if (!dir->root)
        return "has no kustomization that can be read";
    if (is_component(dir->root) == component)
        return NULL;
    return component ? "is no component" : "is a component, and no resource";
}

/* A component works on the objects that are there, and others on their own. */
static bool build_directory(const KustDir *outer, KustSet *set, const Node *entry, Str path,
                            bool component)
{
    KustBuild *build = outer->build;
    Source *source = find_kustomization(build, path);
    KustDir dir = {build, path, source ? read_kustomization(build, source) : NULL, outer,
                   outer->depth + 1};
    const char *fault = source ? find_fault(&dir, component) : NULL;
    KustSet own = {0};

    if (!source)
        return report_missing(build, entry, path);
    if (fault) {
        build->open = true;
        return kust_error(build, entry, "`%.*s` %s", STR_ARG(kust_text(build, entry)), fault);
    }
    build_parts(&dir, component ? set : &own);
    for (uint32_t i = 0; i < own.count; i++)
        kust_add(build, set, own.items[i], entry);
    return true;
}

/* --- the whole --- */

/* What is for kustomize alone. */
static bool is_local(const KustObject *object)
{
    const Node *annotations = node_path(&object->body, "metadata.annotations");
    const Node *local = node_get_named(annotations, STR("config.kubernetes.io/local-config"));

    return local && !str_eq(node_string(local), STR("false"));
}

/* What the object was called in its file, so that it is known by that in every overlay. */
static Str first_address(const KustBuild *build, const KustObject *object)
{
    KustId id = kust_id_at(object, 0);

    return object->previous_count
               ? kubernetes_address(build->unit->arena, id.kind,
                                    id.namespace.size ? id.namespace : STR("default"), id.name)
               : STR("");
}

static void finish(KustBuild *build, KustSet *set, const Node *root)
{
    Unit *unit = build->unit;

    kust_hash_names(build, set);
    kust_follow_names(build, set);
    kust_resolve_vars(build, set);
    for (uint32_t i = 0; i < set->count; i++) {
        Resource *resource =
            is_local(set->items[i]) ? NULL : kubernetes_add(unit, &set->items[i]->body, i);
        if (!resource)
            continue;
        resource->first_address = first_address(build, set->items[i]);
        resource->related = node_span(root);
        resource->built = true;
        resource->patched = set->items[i]->patched;
    }
    unit->closed = !build->open;
}

KustomizeOutcome kustomize_build(Unit *unit, Str path, const KustomizeFiles *files)
{
    KustBuild build = {.unit = unit,
                       .files = files,
                       .budget = LIMIT_KUSTOMIZE_WORK,
                       .missing = str_map_new(unit->arena)};
    int64_t slash = str_find_last_char(path, '/');
    Source *source = kust_source(&build, path);
    KustDir dir = {.build = &build,
                   .path = slash < 0 ? STR(".") : str_sub(path, 0, (uint32_t)slash),
                   .root = source ? read_kustomization(&build, source) : NULL};
    KustSet set = {0};

    unit->format = FORMAT_KUBERNETES;
    if (!source)
        diag_path_error(&unit->diags, DIAG_FILE_UNREADABLE, path, "cannot be read");
    if (!dir.root)
        return KUSTOMIZE_BUILT;
    if (is_component(dir.root))
        return KUSTOMIZE_COMPONENT;
    build_parts(&dir, &set);
    finish(&build, &set, dir.root);
    if (!build.budget)
        kust_error(&build, dir.root, "building this takes more work than a scan spends on it");
    return KUSTOMIZE_BUILT;
}
