#include "ir/terraform_modules.h"

#include "ir/terraform_tree.h"

/* Modules inside each other, and in all: a tree that grows beyond this is no real one. */
#define NESTED_MAX 32u
#define MODULES_MAX 4096u

typedef struct Loader {
    TfWorld *world;
    TfTree *tree;
    uint32_t module_count;
} Loader;

/* The names of the calls that lead to an instance, as modules.json joins them: "vpc.nat". */
static Str call_key(Arena *arena, const TfInstance *call)
{
    Str key = call->item->name;

    for (const TfModule *module = call->module; module->call; module = module->parent)
        key = str_format(arena, "%.*s.%.*s", STR_ARG(module->call->item->name), STR_ARG(key));
    return key;
}

/* Where the called module is, or empty: that is said then, once a call. */
static Str called_dir(Loader *loader, const TfInstance *call)
{
    Unit *unit = loader->world->unit;
    Str dir;
    Span at;
    Str source = tf_call_source(call->item, &at);

    dir =
        tf_tree_called(loader->tree, call->module->config, call->item, call_key(unit->arena, call));
    if (dir.size == 0)
        diag_note(&unit->diags, DIAG_TERRAFORM_MODULE, at,
                  "module \"%.*s\" is not here; what it makes is unknown", STR_ARG(source));
    else if (tf_tree_leads_out(loader->tree, dir))
        diag_error(&unit->diags, DIAG_PATH_ESCAPES, at,
                   "the module lies outside of what is scanned");
    return tf_tree_leads_out(loader->tree, dir) ? (Str){"", 0} : dir;
}

/* A module within itself would never end. */
static bool is_nested_too_deeply(Loader *loader, const TfInstance *call, Str dir)
{
    Unit *unit = loader->world->unit;
    uint32_t depth = 0;
    Span at;

    tf_call_source(call->item, &at);
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
    Str source = tf_call_source(call->item, &at);

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
    config = tf_tree_load(loader->tree, dir);
    if (!config) {
        tf_call_source(call->item, &at);
        diag_error(&world->unit->diags, DIAG_TERRAFORM_MODULE, at,
                   "the module's directory cannot be read or has no .tf file");
        return NULL;
    }
    module = tf_module_new(world, config, call->address,
                           seen_from_root(arena, call, dir, tf_tree_root(loader->tree)));
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

    (void)at;
    return tf_tree_read(loader->tree, path, text);
}

static bool read_entries(HclEval *eval, Str dir, Str **names, uint32_t *count)
{
    TfWorld *world = eval->world->context;
    Loader *loader = world->child_context;

    return tf_tree_entries(loader->tree, dir, names, count);
}

TfModule *tf_modules_open(TfWorld *world, Str dir, const TerraformFiles *files)
{
    Unit *unit = world->unit;
    Loader *loader = ARENA_NEW(unit->arena, Loader);
    TfConfig *config;

    if (!loader)
        return NULL;
    loader->world = world;
    loader->tree = tf_tree_new(unit, &unit->diags, dir, files);
    if (!loader->tree)
        return NULL;
    world->child = child;
    world->child_context = loader;
    world->hcl.file = read_file;
    world->hcl.entries = files->entries ? read_entries : NULL;
    config = tf_tree_load(loader->tree, tf_tree_root(loader->tree));
    return config ? tf_module_new(world, config, (Str){"", 0}, STR(".")) : NULL;
}
