#include "ir/terraform_tree.h"

#include "base/buf.h"
#include "ir/terraform_json.h"
#include "ir/terraform_source.h"
#include "syntax/json.h"
#include "syntax/text.h"

struct TfTree {
    Unit *unit;
    DiagSink *diags;
    const TerraformFiles *files;
    Str root;
    StrMap numbers; /* of directories in `configs`, + 1 */
    TfConfig **configs;
    uint32_t count;
    uint32_t capacity;
    Node downloaded; /* of modules.json; null where there is none */
    bool downloaded_read;
};

/* --- paths --- */

/* Takes the last part off; false where there is none that can be. */
static bool go_up(Buf *path)
{
    int64_t slash = str_find_last_char(buf_str(path), '/');
    Str last = str_from(buf_str(path), (uint32_t)(slash + 1));

    if (path->size == 0 || str_eq(last, STR("..")))
        return false;
    path->size = slash < 0 ? 0 : (uint32_t)slash;
    return true;
}

static void add_parts(Buf *path, Str rest)
{
    Str part;

    while (str_split(&rest, '/', &part)) {
        if (part.size == 0 || str_eq(part, STR(".")))
            continue;
        if (str_eq(part, STR("..")) && go_up(path))
            continue;
        if (path->size)
            buf_add_char(path, '/');
        buf_add(path, part);
    }
}

Str tf_path_join(Arena *arena, Str dir, Str path)
{
    bool absolute = str_starts(dir, STR("/"));
    Buf buf = buf_new(arena);
    Str joined;

    add_parts(&buf, dir);
    add_parts(&buf, path);
    joined = buf.size ? buf_str(&buf) : STR(".");
    return absolute ? str_join(arena, STR("/"), joined) : joined;
}

bool tf_path_leads_out(Str path)
{
    return str_eq(path, STR("..")) || str_starts(path, STR("../"));
}

/* --- reading --- */

/* Without the part that says which language it is in; empty of any other file. */
static Str module_stem(Str name, bool *tofu)
{
    static const Str endings[] = {STR_INIT(".tf"), STR_INIT(".tofu"), STR_INIT(".tf.json"),
                                  STR_INIT(".tofu.json")};

    for (uint32_t i = 0; i < 4; i++) {
        if (str_ends(name, endings[i])) {
            *tofu = i % 2;
            return str_sub(name, 0, name.size - endings[i].size);
        }
    }
    return (Str){"", 0};
}

static bool is_json(Str name)
{
    return str_ends(name, STR(".json"));
}

bool tf_is_module_file(const Str *names, uint32_t count, uint32_t number)
{
    Str name = names[number];
    bool tofu = false, other;
    Str stem = module_stem(name, &tofu);

    if (stem.size == 0 || stem.data[str_find_last_char(stem, '/') + 1] == '.')
        return false;
    /* Names are sorted: those between x.tf and x.tofu begin with x.t too. */
    for (uint32_t i = number + 1; !tofu && i < count && str_starts(names[i], stem) &&
                                  str_starts(str_from(names[i], stem.size), STR(".t"));
         i++)
        if (is_json(names[i]) == is_json(name) && str_eq(module_stem(names[i], &other), stem) &&
            other)
            return false;
    return true;
}

static bool is_override(Str name)
{
    bool tofu;
    Str stem = module_stem(name, &tofu);

    return str_eq(stem, STR("override")) || str_ends(stem, STR("_override"));
}

static bool read_into(TfTree *tree, TfConfig *config, Str path, bool override)
{
    Unit *unit = tree->unit;
    Source *source;
    HclBody *file;
    Str text;

    if (!tree->files->read(tree->files->context, path, unit->arena, &text)) {
        diag_path_error(tree->diags, DIAG_FILE_UNREADABLE, path, "cannot be read");
        return true;
    }
    source = sources_add(&unit->sources, path, text);
    if (!source || !text_decode(source, unit->arena, tree->diags))
        return !arena_spent(unit->arena);
    file = is_json(path)
               ? tf_json_read(&unit->sources, source, unit->symbols, unit->arena, tree->diags)
               : hcl_read(source, unit->arena, tree->diags);
    if (!file)
        return false;
    source->hcl = file;
    return override ? tf_config_override(config, file, tree->diags)
                    : tf_config_add(config, file, tree->diags);
}

/* What the files of a directory declare, read once. NULL where it cannot be listed or has none. */
TfConfig *tf_tree_load(TfTree *tree, Str dir)
{
    Arena *arena = tree->unit->arena;
    uint32_t *number = str_map_at(&tree->numbers, dir), count = 0, found = 0;
    TfConfig *config, **configs;
    Str *names;

    if (!number || *number)
        return number ? tree->configs[*number - 1] : NULL;
    configs = arena_grow(arena, tree->configs, tree->count, &tree->capacity,
                         (size_t)tree->count + 1, sizeof(TfConfig *));
    if (!configs)
        return NULL;
    tree->configs = configs;
    config = ARENA_NEW(arena, TfConfig);
    if (!config || !tree->files->list(tree->files->context, dir, arena, &names, &count))
        return NULL;
    *config = tf_config_new(arena);
    config->dir = dir;
    /* Those that override others come after all of them. */
    for (uint32_t i = 0; i < 2 * count; i++) {
        Str name = names[i % count];
        bool override = is_override(name);
        if (override != (i >= count) || !tf_is_module_file(names, count, i % count))
            continue;
        found++;
        if (!read_into(tree, config, tf_path_join(arena, dir, name), override))
            return NULL;
    }
    if (!found)
        return NULL;
    configs[tree->count++] = config;
    *number = tree->count;
    return config;
}

static void read_downloaded(TfTree *tree)
{
    Unit *unit = tree->unit;
    Str path = tf_path_join(unit->arena, tree->root, STR(".terraform/modules/modules.json"));
    DiagSink quiet = diags_new(unit->arena);
    Source *source;
    Node node;
    Str text;

    if (!tree->files->read(tree->files->context, path, unit->arena, &text))
        return;
    source = sources_add(&unit->sources, path, text);
    if (source && text_decode(source, unit->arena, &quiet) &&
        json_read(source, unit->symbols, unit->arena, &quiet, &node))
        tree->downloaded = node;
}

/* --- calls --- */

static Str downloaded_dir(TfTree *tree, Str key)
{
    const Node *modules;

    if (!tree->downloaded_read)
        read_downloaded(tree);
    tree->downloaded_read = true;
    modules = node_get_named(&tree->downloaded, STR("Modules"));
    for (uint32_t i = 0; modules && modules->kind == NODE_LIST && i < modules->count; i++)
        if (str_eq(node_string(node_get_named(&modules->as.items[i], STR("Key"))), key))
            return tf_path_join(tree->unit->arena, tree->root,
                                node_string(node_get_named(&modules->as.items[i], STR("Dir"))));
    return (Str){"", 0};
}

/* In the directory that the user keeps modules in. */
static Str kept_dir(TfTree *tree, Str source, Str name)
{
    Arena *arena = tree->unit->arena;
    Str paths[TF_SOURCE_PATHS_MAX];
    uint32_t count = tf_source_paths(source, name, arena, paths);

    for (uint32_t i = 0; i < count; i++) {
        Str dir = tf_path_join(arena, tree->files->modules, paths[i]);
        if (tf_tree_load(tree, dir))
            return dir;
    }
    return (Str){"", 0};
}

bool tf_source_is_local(Str source)
{
    return str_starts(source, STR("./")) || str_starts(source, STR("../")) ||
           str_eq(source, STR(".")) || str_eq(source, STR(".."));
}

Str tf_call_source(const TfItem *call, Span *at)
{
    const HclAttribute *source = hcl_attribute(call->block->body, STR("source"));

    *at = source ? source->value->span : call->block->header;
    return hcl_string(source ? source->value : NULL);
}

Str tf_tree_called(TfTree *tree, const TfConfig *caller, const TfItem *call, Str key)
{
    Span at;
    Str source = tf_call_source(call, &at);

    if (tf_source_is_local(source))
        return tf_path_join(tree->unit->arena, caller->dir, source);
    Str dir = downloaded_dir(tree, key);
    return dir.size || !tree->files->modules.size ? dir : kept_dir(tree, source, call->name);
}

/* --- all of it --- */

TfTree *tf_tree_new(Unit *unit, DiagSink *diags, Str dir, const TerraformFiles *files)
{
    TfTree *tree = ARENA_NEW(unit->arena, TfTree);

    if (tree)
        *tree = (TfTree){.unit = unit,
                         .diags = diags,
                         .files = files,
                         .root = tf_path_join(unit->arena, dir, (Str){"", 0}),
                         .numbers = str_map_new(unit->arena),
                         .downloaded = node_make_null(SPAN_NONE)};
    return tree;
}

bool tf_tree_leads_out(const TfTree *tree, Str dir)
{
    return !tree->files->whole && tf_path_leads_out(dir);
}

Str tf_tree_root(const TfTree *tree)
{
    return tree->root;
}

bool tf_tree_read(const TfTree *tree, Str path, Str *text)
{
    Arena *arena = tree->unit->arena;
    Str full = tf_path_join(arena, tree->root, path);

    if ((path.size && *path.data == '/') || tf_tree_leads_out(tree, full))
        return false;
    return tree->files->read(tree->files->context, full, arena, text);
}

bool tf_tree_entries(const TfTree *tree, Str dir, Str **names, uint32_t *count)
{
    Arena *arena = tree->unit->arena;
    Str full = tf_path_join(arena, tree->root, dir);

    if ((dir.size && *dir.data == '/') || tf_tree_leads_out(tree, full))
        return false;
    return tree->files->entries(tree->files->context, full, arena, names, count);
}
