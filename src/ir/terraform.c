#include "ir/terraform.h"

#include "ir/defaults.h"
#include "ir/terraform_body.h"
#include "ir/terraform_expand.h"
#include "ir/terraform_groups.h"
#include "ir/terraform_modules.h"
#include "ir/terraform_provider.h"
#include "ir/terraform_types.h"
#include "ir/workload.h"
#include "syntax/json.h"
#include "syntax/text.h"

/* --- resources --- */

static Resource *new_resource(TfWorld *world, const TfItem *item, Str type, Str name, Str address)
{
    Resource *resource = unit_add_resource(world->unit);

    if (!resource)
        return NULL;
    resource->format = FORMAT_TERRAFORM;
    resource->type_name = type;
    resource->type = symbols_find(world->unit->symbols, type);
    resource->name = name;
    resource->address = address;
    resource->header = item->block->header;
    return resource;
}

/* The references of a body that is complete, so that pointers into it hold. */
static void set_refs(TfWorld *world, Resource *resource, const TfBody *body, TfInstance *instance)
{
    Arena *arena = world->unit->arena;
    Ref *refs = body->ref_count ? ARENA_ARRAY(arena, Ref, body->ref_count) : NULL;
    const TfInstance **targets =
        refs ? ARENA_ARRAY(arena, const TfInstance *, body->ref_count) : NULL;

    if (!targets)
        return;
    for (uint32_t i = 0; i < body->ref_count; i++) {
        const TfPlacedRef *placed = &body->refs[i];
        const char *path = str_copy_z(arena, placed->path);
        refs[i] = (Ref){.from = placed->from,
                        .value = path ? node_path(&resource->body, path) : NULL,
                        .target = placed->ref.target,
                        .attribute = placed->ref.attribute};
        targets[i] = placed->ref.to;
    }
    resource->refs = refs;
    resource->ref_count = body->ref_count;
    if (instance)
        instance->targets = targets;
}

static void resolve_targets(const TfWorld *world, const TfModule *module);

static void resolve_children(const TfWorld *world, const TfModule *module)
{
    for (uint32_t i = 0; i < module->config->count; i++) {
        const TfObject *object = &module->objects[i];
        for (uint32_t j = 0; j < object->count; j++)
            if (object->instances[j].child)
                resolve_targets(world, object->instances[j].child);
    }
}

/* Once all resources are in the unit, references can point at them. */
static void resolve_targets(const TfWorld *world, const TfModule *module)
{
    for (uint32_t i = 0; i < module->config->count; i++) {
        const TfObject *object = &module->objects[i];
        for (uint32_t j = 0; j < object->count; j++) {
            const TfInstance *instance = &object->instances[j];
            const Resource *resource;
            if (!instance->number || !instance->targets)
                continue;
            resource = &world->unit->resources[instance->number - 1];
            Ref *refs = (Ref *)resource->refs;
            for (uint32_t r = 0; r < resource->ref_count; r++)
                if (instance->targets[r] && instance->targets[r]->number)
                    refs[r].to = &world->unit->resources[instance->targets[r]->number - 1];
        }
    }
    resolve_children(world, module);
}

/* Whether it is unknown how often something exists: itself, or a module that it is in. */
static bool is_open(const TfInstance *instance)
{
    for (; instance; instance = instance->module->call)
        if (instance->expansion == TF_OPEN)
            return true;
    return false;
}

/* How many instances it stands for, itself and through the modules that it is in. */
static uint32_t count_same(const TfInstance *instance)
{
    uint64_t count = 1;

    for (; instance; instance = instance->module->call)
        if (instance->same > 1)
            count = count * instance->same < UINT32_MAX ? count * instance->same : UINT32_MAX;
    return (uint32_t)count;
}

/* Nobody judges what thousands of instances are made of, and each of them would hold all of it. */
static void cut_for_each(TfWorld *world, Node *body)
{
    Node *each = (Node *)node_get_named(body, STR("for_each"));

    if (each && (each->kind == NODE_LIST || each->kind == NODE_MAP) && each->count > TF_SINGLY_MAX)
        *each = hcl_unknown(&world->eval, node_span(each), STR("for_each"), (NodeKind)each->kind);
}

static bool build_instance(TfWorld *world, TfInstance *instance)
{
    const TfItem *item = instance->item;
    bool data = item->kind == TF_DATA;
    Str type = data ? str_join(world->unit->arena, STR("data."), item->type) : item->type;
    TfBody body = {.world = world, .instance = instance};
    TfContext context = tf_enter(world, instance->module, instance, NULL);
    Node value = tf_body(&body, item->block);
    Resource *resource;

    tf_leave(world, &context);
    resource = new_resource(world, item, type, item->name, instance->address);
    if (!resource)
        return false;
    cut_for_each(world, &value);
    instance->number = world->unit->resource_count;
    resource->body = value;
    resource->data_source = data;
    resource->instances = count_same(instance);
    resource->module_path = instance->module->path;
    resource->provider = tf_provider_address(world, instance->module, item);
    if (is_open(instance))
        resource->open = RESOURCE_OPEN_COUNT;
    if (instance->module->call)
        resource->related = instance->module->call->item->block->header;
    defaults_apply(world->unit, resource);
    set_refs(world, resource, &body, instance);
    return true;
}

static bool build_instances(TfWorld *world, TfModule *module, const TfItem *item)
{
    const TfObject *object = tf_expand(world, module, item);

    for (uint32_t i = 0; i < object->count; i++)
        if (!build_instance(world, &object->instances[i]))
            return false;
    return true;
}

/* --- the blocks that only rules about the code ask for --- */

static Str code_type(TfWorld *world, const TfItem *item)
{
    switch (item->kind) {
    case TF_VARIABLE:
        return STR("variable");
    case TF_OUTPUT:
        return STR("output");
    case TF_MODULE:
        return STR("module");
    case TF_PROVIDER:
        return str_join(world->unit->arena, STR("provider."), item->type);
    default:
        return STR("terraform");
    }
}

static Str code_address(TfWorld *world, const TfModule *module, const TfItem *item)
{
    Arena *arena = world->unit->arena;
    Str type = item->kind == TF_PROVIDER ? item->type : code_type(world, item);
    Str path = module->path;
    const Str parts[] = {path, path.size ? STR(".") : STR(""), type,
                         item->name.size ? STR(".") : STR(""), item->name};

    return str_concat(arena, parts, 5);
}

/* References in these blocks are often to what is not there yet; nothing is said about them. */
static Node code_body(TfWorld *world, TfModule *module, const TfItem *item, TfBody *body)
{
    const TfInstance *instance = NULL;
    TfContext context;
    Node value;

    if (item->kind == TF_MODULE) {
        const TfObject *object = tf_expand(world, module, item);
        instance = object->count ? &object->instances[0] : NULL;
    }
    context = tf_enter(world, module, instance, NULL);
    world->eval.quiet++;
    value = tf_body(body, item->block);
    tf_leave(world, &context);
    return value;
}

/* What a variable holds that is declared sensitive is so, its default too. */
static void hide_default(const TfItem *item, Node *body)
{
    const Node *sensitive = node_get_named(body, STR("sensitive"));
    Node *value = (Node *)node_get_named(body, STR("default"));

    if (item->kind == TF_VARIABLE && value && sensitive && sensitive->kind == NODE_BOOL &&
        sensitive->as.boolean)
        value->flags |= NODE_SENSITIVE;
}

static bool build_code(TfWorld *world, TfModule *module, const TfItem *item)
{
    TfBody body = {.world = world};
    Node value = code_body(world, module, item, &body);
    Resource *resource = new_resource(world, item, code_type(world, item), item->name,
                                      code_address(world, module, item));

    if (!resource)
        return false;
    hide_default(item, &value);
    resource->body = value;
    resource->module_path = module->path;
    set_refs(world, resource, &body, NULL);
    return true;
}

/* Several `terraform` blocks are one: their arguments and lists of blocks put together. */
static void merge_bodies(TfWorld *world, MapBuilder *all, const Node *more)
{
    for (uint32_t i = 0; i < more->count; i++) {
        Entry entry = more->as.entries[i];
        const Node have = map_done(all, SPAN_NONE);
        const Node *old = node_get_named(&have, entry_key(&entry));
        if (old && old->kind == NODE_LIST && entry.value.kind == NODE_LIST) {
            uint32_t count = old->count + entry.value.count;
            Node *items = ARENA_ARRAY(world->unit->arena, Node, count);
            if (!items)
                return;
            memcpy(items, old->as.items, old->count * sizeof *items);
            memcpy(items + old->count, entry.value.as.items, entry.value.count * sizeof *items);
            entry.value = node_make_list(node_span(old), items, count);
        }
        map_put_entry(all, &entry);
    }
}

/* One resource for the settings of the module, there even where the module has none, so that a rule
 * can say so. */
static bool build_settings(TfWorld *world, TfModule *module)
{
    const TfConfig *config = module->config;
    MapBuilder all = map_builder(world->unit->arena, world->unit->symbols);
    const TfItem *first = NULL;
    Resource *resource;

    for (uint32_t i = 0; i < config->count; i++) {
        TfBody body = {.world = world};
        if (config->items[i].kind != TF_TERRAFORM)
            continue;
        if (!first)
            first = &config->items[i];
        Node value = code_body(world, module, &config->items[i], &body);
        merge_bodies(world, &all, &value);
    }
    for (uint32_t i = 0; !first && i < config->count; i++)
        if (config->items[i].block)
            first = &config->items[i];
    if (!first)
        return true;
    resource = new_resource(world, first, STR("terraform"), (Str){"", 0}, STR("terraform"));
    if (!resource)
        return false;
    resource->body = map_done(&all, first->block->span);
    return true;
}

static bool build_module(TfWorld *world, TfModule *module);

/* The modules that a call makes, one for each of its instances. */
static bool build_children(TfWorld *world, TfModule *module, const TfItem *item)
{
    const TfObject *object = tf_expand(world, module, item);

    for (uint32_t i = 0; world->child && i < object->count; i++) {
        TfInstance *call = &object->instances[i];
        if (!call->child)
            call->child = world->child(world, call);
        if (call->child && !build_module(world, call->child))
            return false;
    }
    return true;
}

/* What is said about the code of a module that is called more than once is said once. */
static bool is_code_wanted(const TfModule *module)
{
    return !module->config->built;
}

static bool build_item(TfWorld *world, TfModule *module, const TfItem *item)
{
    switch (item->kind) {
    case TF_RESOURCE:
    case TF_DATA:
        return build_instances(world, module, item);
    case TF_MODULE:
        return (!is_code_wanted(module) || build_code(world, module, item)) &&
               build_children(world, module, item);
    case TF_VARIABLE:
    case TF_OUTPUT:
    case TF_PROVIDER:
        return !is_code_wanted(module) || build_code(world, module, item);
    case TF_LOCAL:
        tf_value(world, module, item); /* what nobody uses may be wrong too */
        return !arena_spent(world->unit->arena);
    default:
        return true;
    }
}

static bool build_module(TfWorld *world, TfModule *module)
{
    for (uint32_t i = 0; i < module->config->count; i++)
        if (!build_item(world, module, &module->config->items[i]))
            return false;
    ((TfConfig *)module->config)->built = true;
    return true;
}

static void find_pods(Unit *unit)
{
    for (uint32_t i = 0; i < unit->resource_count; i++)
        if (str_starts(unit->resources[i].type_name, STR("kubernetes_")))
            unit->resources[i].pod = workload_from_provider(unit, &unit->resources[i]);
}

/* --- variables that are given --- */

static bool give(TfWorld *world, Str name, Node value)
{
    uint32_t *number = str_map_at(&world->values, name);
    Node *items = arena_grow(world->unit->arena, world->given, world->given_count,
                             &world->given_capacity, (size_t)world->given_count + 1, sizeof *items);

    if (!number || !items)
        return false;
    world->given = items;
    items[world->given_count++] = value;
    *number = world->given_count;
    return true;
}

static bool give_json(TfWorld *world, const Source *source)
{
    Unit *unit = world->unit;
    Node values;

    if (!json_read(source, unit->symbols, unit->arena, &unit->diags, &values))
        return !arena_spent(unit->arena);
    for (uint32_t i = 0; values.kind == NODE_MAP && i < values.count; i++)
        if (!give(world, entry_key(&values.as.entries[i]), values.as.entries[i].value))
            return false;
    return true;
}

static bool give_file(TfWorld *world, const Source *source)
{
    HclBody *file;
    TfContext context;

    if (str_ends(source->path, STR(".json")))
        return give_json(world, source);
    file = hcl_read(source, world->unit->arena, &world->unit->diags);
    if (!file)
        return false;
    context = tf_enter(world, world->module, NULL, NULL);
    for (uint32_t i = 0; i < file->attribute_count; i++) {
        const HclAttribute *attribute = &file->attributes[i];
        Node value = tf_evaluate(world, attribute->value, NULL);
        if (!give(world, attribute->name, value))
            return false;
    }
    tf_leave(world, &context);
    return true;
}

/* The value of a text that is an expression. A mistake in it is reported where the variable is
 * declared, so that nothing of a secret is shown. False then, and when the arena is spent. */
static bool read_text(TfWorld *world, const TfItem *item, Source *source, Node *value)
{
    DiagSink quiet = diags_new(world->unit->arena);
    const HclExpr *expr = text_decode(source, world->unit->arena, &quiet)
                              ? hcl_read_expression(source, world->unit->arena, &quiet)
                              : NULL;

    if (expr)
        *value = tf_evaluate(world, expr, NULL);
    else
        diag_error(&world->unit->diags, DIAG_HCL_SYNTAX, item->span,
                   "what is given for var.%.*s is no expression", STR_ARG(item->name));
    return expr != NULL;
}

/* As the command line has it: a string is taken as it is, everything else is an expression. What is
 * not declared is not the module's, as the environment has much. */
static bool give_text(TfWorld *world, const TerraformVar *var, uint8_t flags)
{
    const TfItem *item =
        tf_config_find(world->module->config, TF_VARIABLE, (Str){"", 0}, var->name);
    const HclAttribute *type = item ? hcl_attribute(item->block->body, STR("type")) : NULL;
    NodeKind kind = tf_type_kind(type ? type->value : NULL);
    Node value = node_make_string(SPAN_NONE, var->text);

    if (!item)
        return true;
    if (kind == NODE_LIST || kind == NODE_MAP || (kind == NODE_UNKNOWN && type)) {
        Source *source = sources_add(&world->unit->sources, STR(""), var->text);
        if (!source)
            return false;
        if (!read_text(world, item, source, &value))
            return !arena_spent(world->unit->arena);
    } else if (text_valid(var->text) < var->text.size) {
        return true;
    }
    return give(world, var->name, node_displaced(value, flags, world->unit->arena));
}

static bool give_options(TfWorld *world, const TerraformOptions *options)
{
    for (uint32_t i = 0; options && i < options->value_count; i++)
        if (!give(world, options->values[i].name, options->values[i].value))
            return false;
    for (uint32_t i = 0; options && i < options->environment_count; i++)
        if (!give_text(world, &options->environment[i], NODE_SENSITIVE))
            return false;
    for (uint32_t i = 0; options && i < options->var_file_count; i++)
        if (!give_file(world, options->var_files[i]))
            return false;
    for (uint32_t i = 0; options && i < options->var_count; i++)
        if (!give_text(world, &options->vars[i], 0))
            return false;
    return true;
}

/* --- all --- */

static bool read_config(Unit *unit, Source *const *sources, uint32_t count, TfConfig *config)
{
    *config = tf_config_new(unit->arena);
    for (uint32_t i = 0; i < count; i++) {
        HclBody *file = hcl_read(sources[i], unit->arena, &unit->diags);
        sources[i]->hcl = file;
        if (!file || !tf_config_add(config, file, &unit->diags))
            return false;
    }
    return true;
}

/* What the module is told of where it runs. */
static void note_environment(TfWorld *world, TfModule *root)
{
    static const Str names[] = {STR_INIT("environment"), STR_INIT("env")};

    for (size_t i = 0; i < 2 && world->unit->environment.kind == NODE_NULL; i++) {
        const TfItem *item = tf_config_find(root->config, TF_VARIABLE, (Str){"", 0}, names[i]);
        if (item)
            world->unit->environment = tf_value(world, root, item)->value;
    }
    if (world->options)
        world->unit->workspace = world->options->workspace;
}

static bool build_root(TfWorld *world, TfModule *root)
{
    bool wrapped = world->options && world->options->wrapped;

    world->module = root;
    if (!root || !give_options(world, world->options) ||
        (!wrapped && !build_settings(world, root)) || !build_module(world, root))
        return false;
    resolve_targets(world, root);
    note_environment(world, root);
    find_pods(world->unit);
    return !arena_spent(world->unit->arena);
}

bool terraform_build_with(Unit *unit, Source *const *sources, uint32_t count,
                          const TerraformOptions *options)
{
    TfConfig config;
    TfWorld world;

    unit->format = FORMAT_TERRAFORM;
    unit->closed = true;
    tf_world_init(&world, unit, options);
    if (!read_config(unit, sources, count, &config))
        return false;
    return build_root(&world, tf_module_new(&world, &config, (Str){"", 0}, STR(".")));
}

bool terraform_build_tree(Unit *unit, Str dir, const TerraformFiles *files,
                          const TerraformOptions *options)
{
    TfWorld world;

    unit->format = FORMAT_TERRAFORM;
    unit->closed = true;
    tf_world_init(&world, unit, options);
    return build_root(&world, tf_modules_open(&world, dir, files));
}

/* What a resource is, not that it is one: its body. */
static Node value_of_resource(const Unit *unit, Node value)
{
    const HclHandle *handle = hcl_handle(&value);

    for (uint32_t i = 0; handle && i < unit->resource_count; i++)
        if (str_eq(unit->resources[i].address, handle->unknown.cause))
            return unit->resources[i].body;
    return value;
}

bool terraform_value(Unit *unit, Str dir, const TerraformFiles *files,
                     const TerraformOptions *options, Str expression, Node *value)
{
    Source *source = sources_add(&unit->sources, STR("<expression>"), expression);
    const HclExpr *expr = source && text_decode(source, unit->arena, &unit->diags)
                              ? hcl_read_expression(source, unit->arena, &unit->diags)
                              : NULL;
    TfConfig nothing = tf_config_new(unit->arena);
    TfModule *root;
    TfContext context;
    TfWorld world;

    unit->format = FORMAT_TERRAFORM;
    unit->closed = true;
    tf_world_init(&world, unit, options);
    root = expr ? tf_modules_open(&world, dir, files) : NULL;
    if (expr && !root)
        root = tf_module_new(&world, &nothing, (Str){"", 0}, STR("."));
    if (!root || !build_root(&world, root))
        return false;
    context = tf_enter(&world, root, NULL, NULL);
    *value = value_of_resource(unit, tf_evaluate(&world, expr, NULL));
    tf_leave(&world, &context);
    return !arena_spent(unit->arena);
}

bool terraform_build(Unit *unit, Source *const *sources, uint32_t count)
{
    return terraform_build_with(unit, sources, count, NULL);
}
