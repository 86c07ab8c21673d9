#include "ir/terragrunt.h"

#include "ir/terraform_source.h"
#include "ir/terraform_tree.h"
#include "ir/terraform_world.h"

typedef struct Terragrunt {
    Unit *unit;
    const HclBody *file;
    Str dir;
    const TerraformFiles *files;
    TfWorld world; /* of this file: its local values */
    TfConfig config;
} Terragrunt;

static const HclBlock *find_block(const HclBody *file, Str type)
{
    for (uint32_t i = 0; i < file->block_count; i++)
        if (str_eq(file->blocks[i].type, type))
            return &file->blocks[i];
    return NULL;
}

static const HclExpr *source_of(const HclBody *file)
{
    const HclBlock *block = find_block(file, STR("terraform"));
    const HclAttribute *source = block ? hcl_attribute(block->body, STR("source")) : NULL;

    return source ? source->value : NULL;
}

/* "../modules//vpc": the double slash says only what Terragrunt copies. */
static Str local_dir(Str source, Str dir, Arena *arena)
{
    return tf_source_is_local(source) ? tf_path_join(arena, dir, source) : (Str){"", 0};
}

Str terragrunt_module(const HclBody *file, Str dir, Arena *arena)
{
    return local_dir(hcl_string(source_of(file)), dir, arena);
}

/* --- this file's own expressions --- */

static Node evaluate(Terragrunt *t, const HclExpr *expr)
{
    Node value;

    /* Terragrunt's functions and names are not ours to judge. */
    t->world.eval.quiet++;
    value = tf_evaluate(&t->world, expr, NULL);
    t->world.eval.quiet--;
    return value;
}

static bool open_file(Terragrunt *t, const TerraformOptions *options)
{
    DiagSink quiet = diags_new(t->unit->arena);

    tf_world_init(&t->world, t->unit, options);
    t->config = tf_config_new(t->unit->arena);
    if (!tf_config_add(&t->config, t->file, &quiet))
        return false;
    t->world.module = tf_module_new(&t->world, &t->config, STR(""), STR("."));
    return t->world.module != NULL;
}

static TerraformValue *inputs_of(Terragrunt *t, uint32_t *count)
{
    const HclAttribute *inputs = hcl_attribute(t->file, STR("inputs"));
    TerraformValue *values;
    Node map;

    *count = 0;
    if (!inputs)
        return NULL;
    map = evaluate(t, inputs->value);
    if (map.kind != NODE_MAP)
        return NULL;
    values = ARENA_ARRAY(t->unit->arena, TerraformValue, map.count + 1u);
    for (; values && *count < map.count; ++*count)
        values[*count] =
            (TerraformValue){entry_key(&map.as.entries[*count]), map.as.entries[*count].value};
    return values;
}

/* Whether something else may set variables too. */
static bool is_open(const Terragrunt *t)
{
    const HclAttribute *inputs = hcl_attribute(t->file, STR("inputs"));
    bool plain = !inputs || inputs->value->kind == HCL_OBJECT;

    return !plain || find_block(t->file, STR("include"));
}

static void note(Terragrunt *t, Span at, const char *message)
{
    diag_note(&t->unit->diags, DIAG_TERRAFORM_MODULE, at, "%s", message);
}

/* In the directory that the user keeps modules in. */
static Str kept_dir(Terragrunt *t, Str source)
{
    Str paths[TF_SOURCE_PATHS_MAX];
    uint32_t found =
        t->files->modules.size ? tf_source_paths(source, STR(""), t->unit->arena, paths) : 0;

    for (uint32_t i = 0; i < found; i++) {
        Str dir = tf_path_join(t->unit->arena, t->files->modules, paths[i]), *names;
        uint32_t count;
        if (t->files->list(t->files->context, dir, t->unit->arena, &names, &count) && count)
            return dir;
    }
    return (Str){"", 0};
}

/* Where the module is; empty, and noted, where it is not here. */
static Str module_dir(Terragrunt *t)
{
    const HclExpr *expr = source_of(t->file);
    Node source = expr ? evaluate(t, expr) : node_make_null(t->file->span);
    Str text = node_string(&source), dir;

    if (!expr)
        return (Str){"", 0};
    dir = local_dir(text, t->dir, t->unit->arena);
    if (!dir.size && text.size)
        dir = kept_dir(t, text);
    if (!dir.size)
        note(t, expr->span,
             "the module that Terragrunt runs is not here; what it makes is unknown");
    else if (tf_path_leads_out(dir) && !t->files->whole)
        diag_error(&t->unit->diags, DIAG_PATH_ESCAPES, expr->span,
                   "the module lies outside of what is scanned");
    return tf_path_leads_out(dir) && !t->files->whole ? (Str){"", 0} : dir;
}

/* Findings lie in the module's files; what leads there is this file. */
static void relate(Unit *unit, Span at)
{
    for (uint32_t i = 0; i < unit->resource_count; i++)
        if (span_is_none(unit->resources[i].related))
            unit->resources[i].related = at;
}

static bool build(Terragrunt *t, const TerraformOptions *options, Str dir)
{
    const HclExpr *source = source_of(t->file);
    TerraformOptions given = options ? *options : (TerraformOptions){0};
    const HclBlock *include = find_block(t->file, STR("include"));

    given.values = inputs_of(t, &given.value_count);
    given.open = is_open(t);
    given.wrapped = true;
    if (include)
        note(t, include->header,
             "what Terragrunt includes is not read; variables that are not set "
             "here are unknown");
    if (!terraform_build_tree(t->unit, dir, t->files, &given)) {
        if (!arena_spent(t->unit->arena))
            note(t, source->span, "the module's directory cannot be read or has no .tf file");
        return !arena_spent(t->unit->arena);
    }
    relate(t->unit, source->span);
    return true;
}

bool terragrunt_build(Unit *unit, const Source *source, Str dir, const TerraformFiles *files,
                      const TerraformOptions *options)
{
    Terragrunt t = {.unit = unit, .dir = dir, .files = files};
    Str module;

    unit->format = FORMAT_TERRAFORM;
    unit->closed = true;
    t.file = hcl_read(source, unit->arena, &unit->diags);
    if (!t.file || !open_file(&t, options))
        return false;
    module = module_dir(&t);
    return module.size ? build(&t, options, module) : !arena_spent(unit->arena);
}
