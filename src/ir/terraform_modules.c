#include "ir/terraform_modules.h"

#include "base/buf.h"
#include "ir/terraform_json.h"
#include "syntax/json.h"
#include "syntax/text.h"

/* Modules inside each other, and in all: a tree that grows beyond this is no real one. */
#define NESTED_MAX 32u
#define MODULES_MAX 4096u

typedef struct Loader {
    TfWorld *world;
    const TerraformFiles *files;
    Str root;       /* directory of the root module */
    StrMap numbers; /* of directories in `configs`, + 1 */
    TfConfig **configs;
    uint32_t count;
    uint32_t capacity;
    uint32_t module_count;
    Node downloaded; /* of modules.json; null where there is none */
} Loader;

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
    Buf buf = buf_new(arena);

    add_parts(&buf, dir);
    add_parts(&buf, path);
    return buf.size ? buf_str(&buf) : STR(".");
}

static bool leads_out(Str path)
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

static bool read_into(Loader *loader, TfConfig *config, Str path, bool override)
{
    Unit *unit = loader->world->unit;
    Source *source;
    HclBody *file;
    Str text;

    if (!loader->files->read(loader->files->context, path, unit->arena, &text)) {
        diag_path_error(&unit->diags, DIAG_FILE_UNREADABLE, path, "cannot be read");
        return true;
    }
    source = sources_add(&unit->sources, path, text);
    if (!source || !text_decode(source, unit->arena, &unit->diags))
        return !arena_spent(unit->arena);
    file = is_json(path)
               ? tf_json_read(&unit->sources, source, unit->symbols, unit->arena, &unit->diags)
               : hcl_read(source, unit->arena, &unit->diags);
    if (!file)
        return false;
    return override ? tf_config_override(config, file, &unit->diags)
                    : tf_config_add(config, file, &unit->diags);
}

/* What the files of a directory declare, read once. NULL where it cannot be listed or has none. */
static TfConfig *load(Loader *loader, Str dir)
{
    Arena *arena = loader->world->unit->arena;
    uint32_t *number = str_map_at(&loader->numbers, dir), count = 0, found = 0;
    TfConfig *config, **configs;
    Str *names;

    if (!number || *number)
        return number ? loader->configs[*number - 1] : NULL;
    config = ARENA_NEW(arena, TfConfig);
    configs = arena_grow(arena, loader->configs, loader->count, &loader->capacity,
                         (size_t)loader->count + 1, sizeof(TfConfig *));
    if (!config || !configs ||
        !loader->files->list(loader->files->context, dir, arena, &names, &count))
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
        if (!read_into(loader, config, tf_path_join(arena, dir, name), override))
            return NULL;
    }
    if (!found)
        return NULL;
    loader->configs = configs;
    configs[loader->count++] = config;
    *number = loader->count;
    return config;
}

static void read_downloaded(Loader *loader)
{
    Unit *unit = loader->world->unit;
    Str path = tf_path_join(unit->arena, loader->root, STR(".terraform/modules/modules.json"));
    DiagSink quiet = diags_new(unit->arena);
    Source *source;
    Node node;
    Str text;

    if (!loader->files->read(loader->files->context, path, unit->arena, &text))
        return;
    source = sources_add(&unit->sources, path, text);
    if (source && text_decode(source, unit->arena, &quiet) &&
        json_read(source, unit->symbols, unit->arena, &quiet, &node))
        loader->downloaded = node;
}

/* --- calls --- */

/* The names of the calls that lead to an instance, as modules.json joins them: "vpc.nat". */
static Str call_key(Arena *arena, const TfInstance *call)
{
    Str key = call->item->name;

    for (const TfModule *module = call->module; module->call; module = module->parent)
        key = str_format(arena, "%.*s.%.*s", STR_ARG(module->call->item->name), STR_ARG(key));
    return key;
}

static Str downloaded_dir(Loader *loader, const TfInstance *call)
{
    const Node *modules = node_get_named(&loader->downloaded, STR("Modules"));
    Str key = call_key(loader->world->unit->arena, call);

    for (uint32_t i = 0; modules && modules->kind == NODE_LIST && i < modules->count; i++)
        if (str_eq(node_string(node_get_named(&modules->as.items[i], STR("Key"))), key))
            return tf_path_join(loader->world->unit->arena, loader->root,
                                node_string(node_get_named(&modules->as.items[i], STR("Dir"))));
    return (Str){"", 0};
}

bool tf_source_is_local(Str source)
{
    return str_starts(source, STR("./")) || str_starts(source, STR("../")) ||
           str_eq(source, STR(".")) || str_eq(source, STR(".."));
}

static Str call_source(const TfInstance *call, Span *at)
{
    const HclAttribute *source = hcl_attribute(call->item->block->body, STR("source"));

    *at = source ? source->value->span : call->item->block->header;
    return hcl_string(source ? source->value : NULL);
}

/* Where the called module is, or empty: that is said then, once a call. */
static Str called_dir(Loader *loader, const TfInstance *call)
{
    Unit *unit = loader->world->unit;
    Str dir;
    Span at;
    Str source = call_source(call, &at);

    dir = tf_source_is_local(source) ? tf_path_join(unit->arena, call->module->config->dir, source)
                                     : downloaded_dir(loader, call);
    if (dir.size == 0)
        diag_note(&unit->diags, DIAG_TERRAFORM_MODULE, at,
                  "module \"%.*s\" is not here; what it makes is unknown", STR_ARG(source));
    else if (leads_out(dir))
        diag_error(&unit->diags, DIAG_PATH_ESCAPES, at,
                   "the module lies outside of what is scanned");
    return leads_out(dir) ? (Str){"", 0} : dir;
}

/* A module within itself would never end. */
static bool is_nested_too_deeply(Loader *loader, const TfInstance *call, Str dir)
{
    Unit *unit = loader->world->unit;
    uint32_t depth = 0;
    Span at;

    call_source(call, &at);
    for (const TfModule *module = call->module; module; module = module->parent, depth++) {
        if (str_eq(module->config->dir, dir)) {
            diag_error(&unit->diags, DIAG_TERRAFORM_MODULE, at, "the module calls itself");
            return true;
        }
    }
    if (depth <= NESTED_MAX && loader->module_count < MODULES_MAX)
        return false;
    diag_error(&unit->diags, DIAG_TERRAFORM_MODULE, at, "there are too many modules in modules");
    return true;
}

/* path.module: as it is seen from the root module. */
static Str seen_from_root(Arena *arena, const TfInstance *call, Str dir, Str root)
{
    Span at;
    Str source = call_source(call, &at);

    if (tf_source_is_local(source))
        return tf_path_join(arena, call->module->dir, source);
    return str_starts(dir, root) ? str_from(dir, root.size + 1) : dir;
}

static TfModule *child(TfWorld *world, TfInstance *call)
{
    Loader *loader = world->child_context;
    Arena *arena = world->unit->arena;
    TfConfig *config;
    TfModule *module;
    Span at;
    Str dir;

    if (call->child_missing)
        return NULL;
    call->child_missing = true;
    dir = called_dir(loader, call);
    if (dir.size == 0 || is_nested_too_deeply(loader, call, dir))
        return NULL;
    config = load(loader, dir);
    if (!config) {
        call_source(call, &at);
        diag_error(&world->unit->diags, DIAG_TERRAFORM_MODULE, at,
                   "the module's directory cannot be read or has no .tf file");
        return NULL;
    }
    module =
        tf_module_new(world, config, call->address, seen_from_root(arena, call, dir, loader->root));
    if (!module)
        return NULL;
    module->parent = call->module;
    module->call = call;
    loader->module_count++;
    call->child_missing = false;
    return module;
}

/* file() and its like: paths are seen from the root module. */
static bool read_file(HclEval *eval, Str path, Span at, Str *text)
{
    TfWorld *world = eval->world->context;
    Loader *loader = world->child_context;
    Str full = tf_path_join(world->unit->arena, loader->root, path);

    (void)at;
    if ((path.size && *path.data == '/') || leads_out(full))
        return false;
    return loader->files->read(loader->files->context, full, world->unit->arena, text);
}

TfModule *tf_modules_open(TfWorld *world, Str dir, const TerraformFiles *files)
{
    Arena *arena = world->unit->arena;
    Loader *loader = ARENA_NEW(arena, Loader);
    TfConfig *config;

    if (!loader)
        return NULL;
    *loader = (Loader){.world = world,
                       .files = files,
                       .root = tf_path_join(arena, dir, (Str){"", 0}),
                       .numbers = str_map_new(arena),
                       .downloaded = node_make_null(SPAN_NONE)};
    world->child = child;
    world->child_context = loader;
    world->hcl.file = read_file;
    config = load(loader, loader->root);
    if (!config)
        return NULL;
    read_downloaded(loader);
    return tf_module_new(world, config, (Str){"", 0}, STR("."));
}
