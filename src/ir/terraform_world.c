#include "ir/terraform_world.h"

#include "base/limits.h"
#include "ir/terraform_body.h"
#include "ir/terraform_names.h"
#include "ir/terraform_types.h"

/* --- context --- */

TfContext tf_enter(TfWorld *world, TfModule *module, const TfInstance *instance, TfRefs *refs)
{
    HclEval *eval = &world->eval;
    TfContext context = {world->module,    world->instance, world->refs, eval->scope,
                         eval->splat_item, eval->quiet,     eval->failed};

    world->module = module;
    world->instance = instance;
    world->refs = refs;
    eval->scope = NULL;
    eval->splat_item = NULL;
    eval->quiet = 0;
    eval->failed = false;
    return context;
}

void tf_leave(TfWorld *world, const TfContext *context)
{
    world->module = context->module;
    world->instance = context->instance;
    world->refs = context->refs;
    world->eval.scope = context->scope;
    world->eval.splat_item = context->splat_item;
    world->eval.quiet = context->quiet;
    world->eval.failed = context->failed;
}

/* --- references --- */

/* More of them in one value tell nothing, and joining them again and again would take long. */
#define REFS_MAX 64u

void tf_refs_add(TfWorld *world, TfRefs *refs, TfRef ref)
{
    TfRef *items;

    if (!refs || refs->count >= REFS_MAX)
        return;
    for (uint32_t i = 0; i < refs->count; i++)
        if (refs->items[i].to == ref.to && str_eq(refs->items[i].target, ref.target) &&
            str_eq(refs->items[i].attribute, ref.attribute))
            return;
    items = arena_grow(tf_arena(world), refs->items, refs->count, &refs->capacity,
                       (size_t)refs->count + 1, sizeof *items);
    if (!items)
        return;
    refs->items = items;
    items[refs->count++] = ref;
}

void tf_refs_join(TfWorld *world, TfRefs *refs, const TfRefs *more)
{
    for (uint32_t i = 0; refs && refs != more && i < more->count; i++)
        tf_refs_add(world, refs, more->items[i]);
}

Node tf_evaluate(TfWorld *world, const HclExpr *expr, TfRefs *refs)
{
    TfRefs *outer = world->refs;
    Node value;

    world->refs = refs;
    world->eval.failed = false;
    value = hcl_eval(&world->eval, expr);
    tf_names_note(world, &value);
    world->refs = outer;
    return value;
}

/* --- cycles --- */

bool tf_slot_begin(TfSlot *slot)
{
    if (slot->state != TF_SLOT_NEW)
        return false;
    slot->state = TF_SLOT_RUNNING;
    return true;
}

void tf_slot_cycle(TfWorld *world, TfSlot *slot, Str name, Span at)
{
    diag_error(&world->unit->diags, DIAG_TERRAFORM_CYCLE, at, "%.*s refers to itself",
               STR_ARG(name));
    slot->value = hcl_unknown(&world->eval, at, name, NODE_UNKNOWN);
    slot->state = TF_SLOT_DONE;
}

void tf_slot_end(TfSlot *slot, Node value)
{
    if (slot->state == TF_SLOT_RUNNING)
        slot->value = value;
    slot->state = TF_SLOT_DONE;
}

/* --- variables, local values, outputs --- */

/* An attribute of a block that is true as it stands. */
static bool says(const TfItem *item, const char *name, bool value)
{
    const HclExpr *expr = tf_item_expr(item, name);

    return expr && expr->kind == HCL_LITERAL && expr->as.literal.kind == NODE_BOOL &&
           expr->as.literal.as.boolean == value;
}

/* What the root module is given, or the call gives. False where nothing is. */
static bool given_value(TfWorld *world, TfModule *module, const TfItem *item, TfRefs *refs,
                        Node *value)
{
    const HclAttribute *attribute;
    TfContext context;
    uint32_t number;

    if (!module->call) {
        number = str_map_find(&world->values, item->name);
        if (number)
            *value = world->given[number - 1];
        return number != 0;
    }
    attribute = hcl_attribute(module->call->item->block->body, item->name);
    if (!attribute)
        return false;
    context = tf_enter(world, module->parent, module->call, refs);
    *value = tf_evaluate(world, attribute->value, refs);
    tf_leave(world, &context);
    return true;
}

static Node variable_value(TfWorld *world, TfModule *module, const TfItem *item, TfRefs *refs)
{
    const HclExpr *type = tf_item_expr(item, "type"), *fallback = tf_item_expr(item, "default");
    bool given;
    Node value;

    given = given_value(world, module, item, refs, &value);
    if (given && value.kind == NODE_NULL && fallback && says(item, "nullable", false))
        given = false;
    if (!given && fallback && !(world->options && world->options->open && !module->call))
        value = tf_evaluate(world, fallback, refs);
    else if (!given)
        return hcl_unknown(&world->eval, item->span, tf_item_reference(item, tf_arena(world)),
                           tf_type_kind(type));
    return tf_convert(&world->eval, type, value);
}

static Node item_value(TfWorld *world, TfModule *module, const TfItem *item, TfRefs *refs)
{
    const HclExpr *expr = item->kind == TF_LOCAL ? item->expr : tf_item_expr(item, "value");

    if (item->kind == TF_VARIABLE)
        return variable_value(world, module, item, refs);
    if (!expr)
        return hcl_unknown(&world->eval, item->span, tf_item_reference(item, tf_arena(world)),
                           NODE_UNKNOWN);
    return tf_evaluate(world, expr, refs);
}

const TfSlot *tf_value(TfWorld *world, TfModule *module, const TfItem *item)
{
    TfSlot *slot = &module->objects[item - module->config->items].slot;
    TfContext context;
    Node value;

    if (!tf_slot_begin(slot)) {
        if (slot->state == TF_SLOT_RUNNING)
            tf_slot_cycle(world, slot, tf_item_reference(item, tf_arena(world)), item->span);
        return slot;
    }
    context = tf_enter(world, module, NULL, &slot->refs);
    value = item_value(world, module, item, &slot->refs);
    tf_leave(world, &context);
    if (item->kind != TF_LOCAL && says(item, "sensitive", true))
        value.flags |= NODE_SENSITIVE;
    tf_slot_end(slot, value);
    return slot;
}

/* --- attributes of instances --- */

static bool is_repetition(Str name)
{
    return str_eq(name, STR("count")) || str_eq(name, STR("for_each"));
}

const TfSlot *tf_argument(TfWorld *world, const TfInstance *instance, uint32_t number)
{
    const HclBody *body = instance->item->block->body;
    const HclAttribute *attribute = &body->attributes[number];
    TfInstance *own = (TfInstance *)instance;
    TfContext context;
    TfSlot *slot;
    Node value;

    /* What makes the instances is evaluated once for all of them. */
    if (instance->expansion != TF_SINGLE && is_repetition(attribute->name))
        return &instance->module->objects[instance->item - instance->module->config->items].slot;
    if (!own->attributes)
        own->attributes = ARENA_ARRAY(tf_arena(world), TfSlot, body->attribute_count);
    if (!own->attributes)
        return NULL;
    slot = &own->attributes[number];
    if (slot->state == TF_SLOT_DONE)
        return slot;
    if (!tf_slot_begin(slot)) {
        tf_slot_cycle(world, slot,
                      str_format(tf_arena(world), "%.*s.%.*s", STR_ARG(instance->address),
                                 STR_ARG(attribute->name)),
                      attribute->name_span);
        return slot;
    }
    context = tf_enter(world, instance->module, instance, &slot->refs);
    value = tf_evaluate(world, attribute->value, &slot->refs);
    tf_leave(world, &context);
    tf_slot_end(slot, value);
    return slot;
}

static bool has_blocks(const HclBody *body, Str type)
{
    for (uint32_t i = 0; i < body->block_count; i++) {
        const HclBlock *block = &body->blocks[i];
        if (str_eq(block->type, type) ||
            (str_eq(block->type, STR("dynamic")) && block->label_count == 1 &&
             str_eq(block->labels[0].text, type)))
            return true;
    }
    return false;
}

Node tf_blocks(TfWorld *world, const HclBody *body, Str type)
{
    TfBody out = {.world = world};

    return tf_block_list(&out, body, type, type, type);
}

/* A provider computes more of a block than the configuration says. */
static void open_maps(Node *value)
{
    for (uint32_t i = 0; value->kind == NODE_LIST && i < value->count; i++)
        open_maps(&value->as.items[i]);
    if (value->kind != NODE_MAP)
        return;
    value->flags |= NODE_TAG_OTHER << NODE_TAG_SHIFT;
    for (uint32_t i = 0; i < value->count; i++)
        if (value->as.entries[i].value.kind == NODE_LIST)
            open_maps(&value->as.entries[i].value);
}

bool tf_given(TfWorld *world, const TfInstance *instance, Str name, Node *value)
{
    const HclBody *body = instance->item->block->body;
    const HclAttribute *attribute = hcl_attribute(body, name);
    TfContext context;

    if (attribute) {
        const TfSlot *slot = tf_argument(world, instance, (uint32_t)(attribute - body->attributes));
        if (slot)
            *value = slot->value;
        return slot && slot->value.kind != NODE_NULL;
    }
    if (!has_blocks(body, name))
        return false;
    context = tf_enter(world, instance->module, instance, NULL);
    if (world->eval.depth + 16 < LIMIT_HCL_DEPTH) {
        world->eval.depth += 16;
        *value = tf_blocks(world, body, name);
        open_maps(value);
        world->eval.depth -= 16;
    } else {
        *value = hcl_fail(&world->eval, instance->item->span, "expressions are nested too deeply");
    }
    tf_leave(world, &context);
    return true;
}

/* --- making --- */

void tf_world_init(TfWorld *world, Unit *unit, const TerraformOptions *options)
{
    *world = (TfWorld){.unit = unit,
                       .options = options,
                       .missing = str_map_new(unit->arena),
                       .values = str_map_new(unit->arena)};
    world->hcl = (HclWorld){.context = world, .root = tf_names_root, .step = tf_names_step};
    world->eval = (HclEval){.arena = unit->arena,
                            .symbols = unit->symbols,
                            .sources = &unit->sources,
                            .diags = &unit->diags,
                            .world = &world->hcl};
}

TfModule *tf_module_new(TfWorld *world, const TfConfig *config, Str path, Str dir)
{
    TfModule *module = ARENA_NEW(tf_arena(world), TfModule);

    if (!module)
        return NULL;
    module->config = config;
    module->path = path;
    module->dir = dir;
    module->objects = ARENA_ARRAY(tf_arena(world), TfObject, config->count);
    return module->objects ? module : NULL;
}
