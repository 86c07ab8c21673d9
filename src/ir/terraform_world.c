#include "ir/terraform_world.h"

#include <stdio.h>

#include "base/buf.h"
#include "base/limits.h"
#include "ir/terraform_body.h"
#include "ir/terraform_groups.h"
#include "ir/terraform_policy.h"
#include "ir/terraform_types.h"

/* HclHandle.kind */
enum {
    HANDLE_VAR,
    HANDLE_LOCAL,
    HANDLE_DATA,
    HANDLE_MODULE,
    HANDLE_EACH,
    HANDLE_COUNT,
    HANDLE_PATH,
    HANDLE_TERRAFORM,
    HANDLE_RESOURCE, /* the word `resource` before a type */
    HANDLE_TYPE,     /* `object` is the TypeName */
    HANDLE_OPEN,     /* all instances of a resource, nobody knows how many; `object` is the one */
    HANDLE_INSTANCE, /* `object` is a TfInstance */
    HANDLE_MISSING,  /* something that is not declared */
};

typedef struct TypeName {
    TfKind kind;
    Str type;
} TypeName;

static TfWorld *world_of(HclEval *eval)
{
    return eval->world->context;
}

static Arena *arena_of(const TfWorld *world)
{
    return world->unit->arena;
}

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
    items = arena_grow(arena_of(world), refs->items, refs->count, &refs->capacity,
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

/* Resources that an expression names as a whole. */
static void note_handles(TfWorld *world, const Node *value, uint32_t depth)
{
    const HclHandle *handle = hcl_handle(value);

    if (handle && (handle->kind == HANDLE_INSTANCE || handle->kind == HANDLE_OPEN)) {
        const TfInstance *instance = handle->object;
        tf_refs_add(world, world->refs, (TfRef){instance->address, {"", 0}, instance});
    } else if (handle && handle->kind == HANDLE_MISSING) {
        tf_refs_add(world, world->refs, (TfRef){handle->unknown.cause, {"", 0}, NULL});
    }
    if (depth > 2)
        return;
    for (uint32_t i = 0; value->kind == NODE_LIST && i < value->count; i++)
        note_handles(world, &value->as.items[i], depth + 1);
    for (uint32_t i = 0; value->kind == NODE_MAP && i < value->count; i++)
        note_handles(world, &value->as.entries[i].value, depth + 1);
}

Node tf_evaluate(TfWorld *world, const HclExpr *expr, TfRefs *refs)
{
    TfRefs *outer = world->refs;
    Node value;

    world->refs = refs;
    world->eval.failed = false;
    value = hcl_eval(&world->eval, expr);
    note_handles(world, &value, 0);
    world->refs = outer;
    return value;
}

/* --- handles --- */

static Node make_handle(TfWorld *world, uint32_t kind, const void *object, Str cause, Span at)
{
    HclHandle *handle = ARENA_NEW(arena_of(world), HclHandle);

    if (!handle)
        return hcl_make_handle(NULL, at);
    handle->unknown = (Unknown){.cause = cause, .type = NODE_UNKNOWN, .set = true};
    handle->kind = kind;
    handle->object = object;
    return hcl_make_handle(handle, at);
}

static Node instance_handle(TfWorld *world, const TfInstance *instance, Span at)
{
    return make_handle(world, HANDLE_INSTANCE, instance, instance->address, at);
}

static Node type_handle(TfWorld *world, TfKind kind, Str type, Span at)
{
    TypeName *name = ARENA_NEW(arena_of(world), TypeName);

    if (name)
        *name = (TypeName){kind, type};
    return make_handle(world, name ? HANDLE_TYPE : HANDLE_MISSING, name, type, at);
}

/* Something that is not declared: said once a name. */
static Node missing(TfWorld *world, TfKind kind, Str type, Str name, Span at)
{
    TfItem item = {.kind = kind, .type = type, .name = name};
    Str reference = tf_item_reference(&item, arena_of(world));

    if (!world->eval.quiet)
        diag_note(&world->unit->diags, DIAG_TERRAFORM_REFERENCE, at, "%.*s is not declared",
                  STR_ARG(reference));
    return make_handle(world, HANDLE_MISSING, NULL, reference, at);
}

static bool root_name(HclEval *eval, const HclExpr *name, Node *value)
{
    static const struct {
        Str name;
        uint32_t kind;
    } roots[] = {{STR_INIT("var"), HANDLE_VAR},          {STR_INIT("local"), HANDLE_LOCAL},
                 {STR_INIT("data"), HANDLE_DATA},        {STR_INIT("module"), HANDLE_MODULE},
                 {STR_INIT("each"), HANDLE_EACH},        {STR_INIT("count"), HANDLE_COUNT},
                 {STR_INIT("path"), HANDLE_PATH},        {STR_INIT("terraform"), HANDLE_TERRAFORM},
                 {STR_INIT("resource"), HANDLE_RESOURCE}};
    TfWorld *world = world_of(eval);

    if (str_eq(name->as.name, STR("self")) && world->instance) {
        *value = instance_handle(world, world->instance, name->span);
        return true;
    }
    for (size_t i = 0; i < sizeof roots / sizeof *roots; i++) {
        if (str_eq(name->as.name, roots[i].name)) {
            *value = make_handle(world, roots[i].kind, NULL, name->as.name, name->span);
            return true;
        }
    }
    *value = type_handle(world, TF_RESOURCE, name->as.name, name->span);
    return true;
}

/* --- cycles --- */

/* Begins to evaluate a slot; false where it is done, or is being evaluated. */
static bool slot_begin(TfSlot *slot)
{
    if (slot->state != TF_SLOT_NEW)
        return false;
    slot->state = TF_SLOT_RUNNING;
    return true;
}

/* What is wanted while it is being evaluated is never known. */
static void slot_cycle(TfWorld *world, TfSlot *slot, Str name, Span at)
{
    diag_error(&world->unit->diags, DIAG_TERRAFORM_CYCLE, at, "%.*s refers to itself",
               STR_ARG(name));
    slot->value = hcl_unknown(&world->eval, at, name, NODE_UNKNOWN);
    slot->state = TF_SLOT_DONE;
}

/* Keeps the value, unless a cycle has ended the slot meanwhile. */
static void slot_end(TfSlot *slot, Node value)
{
    if (slot->state == TF_SLOT_RUNNING)
        slot->value = value;
    slot->state = TF_SLOT_DONE;
}

/* --- variables, local values, outputs --- */

static const HclExpr *item_attribute(const TfItem *item, const char *name)
{
    const HclAttribute *attribute =
        item->block ? hcl_attribute(item->block->body, str_of(name)) : NULL;

    return attribute ? attribute->value : NULL;
}

/* An attribute of a block that is true as it stands. */
static bool says(const TfItem *item, const char *name, bool value)
{
    const HclExpr *expr = item_attribute(item, name);

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
    const HclExpr *type = item_attribute(item, "type"), *fallback = item_attribute(item, "default");
    bool given;
    Node value;

    given = given_value(world, module, item, refs, &value);
    if (given && value.kind == NODE_NULL && fallback && says(item, "nullable", false))
        given = false;
    if (!given && fallback && !(world->options && world->options->open && !module->call))
        value = tf_evaluate(world, fallback, refs);
    else if (!given)
        return hcl_unknown(&world->eval, item->span, tf_item_reference(item, arena_of(world)),
                           tf_type_kind(type));
    return tf_convert(&world->eval, type, value);
}

static Node item_value(TfWorld *world, TfModule *module, const TfItem *item, TfRefs *refs)
{
    const HclExpr *expr = item->kind == TF_LOCAL ? item->expr : item_attribute(item, "value");

    if (item->kind == TF_VARIABLE)
        return variable_value(world, module, item, refs);
    if (!expr)
        return hcl_unknown(&world->eval, item->span, tf_item_reference(item, arena_of(world)),
                           NODE_UNKNOWN);
    return tf_evaluate(world, expr, refs);
}

const TfSlot *tf_value(TfWorld *world, TfModule *module, const TfItem *item)
{
    TfSlot *slot = &module->objects[item - module->config->items].slot;
    TfContext context;
    Node value;

    if (!slot_begin(slot)) {
        if (slot->state == TF_SLOT_RUNNING)
            slot_cycle(world, slot, tf_item_reference(item, arena_of(world)), item->span);
        return slot;
    }
    context = tf_enter(world, module, NULL, &slot->refs);
    value = item_value(world, module, item, &slot->refs);
    tf_leave(world, &context);
    if (item->kind != TF_LOCAL && says(item, "sensitive", true))
        value.flags |= NODE_SENSITIVE;
    slot_end(slot, value);
    return slot;
}

static Node named_value(TfWorld *world, TfKind kind, const Node *key, Span at)
{
    Str name = node_string(key);
    const TfItem *item = tf_config_find(world->module->config, kind, (Str){"", 0}, name);
    const TfSlot *slot;

    if (!item)
        return missing(world, kind, (Str){"", 0}, name, at);
    slot = tf_value(world, world->module, item);
    tf_refs_join(world, world->refs, &slot->refs);
    return slot->value;
}

/* --- instances --- */

static Str key_text(Arena *arena, const Node *key)
{
    Buf buf = buf_new(arena);
    Str text = node_string(key);

    if (key->kind == NODE_INT)
        return str_format(arena, "[%lld]", (long long)key->as.integer);
    if (key->kind != NODE_STRING)
        return STR("");
    buf_add_z(&buf, "[\"");
    for (uint32_t i = 0; i < text.size; i++) {
        if (text.data[i] == '"' || text.data[i] == '\\')
            buf_add_char(&buf, '\\');
        buf_add_char(&buf, text.data[i]);
    }
    buf_add_z(&buf, "\"]");
    return buf_str(&buf);
}

static bool add_instance(TfWorld *world, TfModule *module, const TfItem *item, TfObject *object,
                         Node key, Node value)
{
    Arena *arena = arena_of(world);
    TfInstance *instance = &object->instances[object->count];
    Str key_part = object->expansion == TF_OPEN ? STR("[*]") : key_text(arena, &key);
    const Str parts[] = {module->path, module->path.size ? STR(".") : STR(""),
                         tf_item_reference(item, arena), key_part};

    *instance = (TfInstance){.module = module,
                             .item = item,
                             .expansion = object->expansion,
                             .key = key,
                             .each_value = value,
                             .same = 1};
    instance->address = str_concat(arena, parts, 4);
    object->count++;
    return instance->address.data != NULL;
}

static bool make_room(TfWorld *world, TfObject *object, uint32_t count, TfExpansion expansion)
{
    object->expansion = expansion;
    object->instances = ARENA_ARRAY(arena_of(world), TfInstance, count);
    world->instance_count += count;
    return object->instances != NULL;
}

static void expand_one(TfWorld *world, TfModule *module, const TfItem *item, TfObject *object,
                       TfExpansion expansion)
{
    Node null = node_make_null(item->span);

    if (make_room(world, object, 1, expansion))
        add_instance(world, module, item, object, null, null);
}

static bool too_many(TfWorld *world, const TfItem *item, uint64_t count)
{
    if (count + world->instance_count <= LIMIT_TF_INSTANCES)
        return false;
    diag_error(&world->unit->diags, DIAG_HCL_EVALUATE, item->span,
               "there are too many instances; they are judged as one");
    return true;
}

/* One instance that stands for `same`, and has the address of the first of them. */
static bool add_group(TfWorld *world, TfModule *module, const TfItem *item, TfObject *object,
                      const TfGroup *group)
{
    TfInstance *instance = &object->instances[object->count];

    if (!add_instance(world, module, item, object, group->first, group->value))
        return false;
    instance->key = group->key;
    instance->same = group->count;
    return true;
}

static void expand_groups(TfWorld *world, TfModule *module, const TfItem *item, TfObject *object,
                          const Node *each)
{
    TfGroups groups = tf_groups(&world->eval, each);

    object->grouped = true;
    if (!make_room(world, object, groups.count, TF_EACH))
        return;
    for (uint32_t i = 0; i < groups.count; i++) {
        groups.items[i].value.flags |= each->flags & NODE_SENSITIVE;
        if (!add_group(world, module, item, object, &groups.items[i]))
            return;
    }
}

/* So many are told apart by their number only. */
static void expand_many(TfWorld *world, TfModule *module, const TfItem *item, TfObject *object,
                        const Node *count, int64_t number)
{
    TfGroup group = {
        .first = node_make_int(node_span(count), 0),
        .key = hcl_unknown(&world->eval, node_span(count), STR("count.index"), NODE_DOUBLE),
        .value = node_make_null(node_span(count)),
        .count = number < UINT32_MAX ? (uint32_t)number : UINT32_MAX};

    object->grouped = true;
    if (make_room(world, object, 1, TF_COUNT))
        add_group(world, module, item, object, &group);
}

static void expand_count(TfWorld *world, TfModule *module, const TfItem *item, TfObject *object,
                         const Node *count)
{
    int64_t number = 0;
    Node value;

    if (count->kind == NODE_UNKNOWN || !hcl_to_number(arena_of(world), count, &value) ||
        !hcl_to_integer(&value, &number) || number < 0 ||
        too_many(world, item, number > TF_SINGLY_MAX ? 1 : (uint64_t)number)) {
        if (count->kind != NODE_UNKNOWN && number <= 0)
            hcl_fail(&world->eval, node_span(count), "count must be a whole number, 0 or more");
        expand_one(world, module, item, object, TF_OPEN);
        return;
    }
    if (number > TF_SINGLY_MAX) {
        expand_many(world, module, item, object, count, number);
        return;
    }
    if (!make_room(world, object, (uint32_t)number, TF_COUNT))
        return;
    for (int64_t i = 0; i < number; i++)
        if (!add_instance(world, module, item, object, node_make_int(node_span(count), i),
                          node_make_null(node_span(count))))
            return;
}

static bool keys_known(const Node *each)
{
    for (uint32_t i = 0; each->kind == NODE_LIST && i < each->count; i++)
        if (each->as.items[i].kind != NODE_STRING)
            return false;
    return each->kind == NODE_MAP || each->kind == NODE_LIST;
}

static void expand_each(TfWorld *world, TfModule *module, const TfItem *item, TfObject *object,
                        const Node *each)
{
    bool known = keys_known(each), many = known && each->count > TF_SINGLY_MAX;
    const Entry **sorted;

    if (!known || too_many(world, item, many ? 1 : each->count)) {
        if (!known && each->kind != NODE_UNKNOWN && !hcl_find_unknown(each))
            hcl_fail(&world->eval, node_span(each),
                     "for_each goes through a map or a set of texts");
        expand_one(world, module, item, object, TF_OPEN);
        return;
    }
    if (many) {
        expand_groups(world, module, item, object, each);
        return;
    }
    sorted = each->kind == NODE_MAP ? hcl_sorted(arena_of(world), each) : NULL;
    if (!make_room(world, object, each->count, TF_EACH))
        return;
    for (uint32_t i = 0; i < each->count; i++) {
        Node value = sorted ? sorted[i]->value : each->as.items[i];
        Node key = sorted ? node_make_string(node_span(each), entry_key(sorted[i])) : value;
        value.flags |= each->flags & NODE_SENSITIVE;
        if (!add_instance(world, module, item, object, key, value))
            return;
    }
}

const TfObject *tf_expand(TfWorld *world, TfModule *module, const TfItem *item)
{
    TfObject *object = &module->objects[item - module->config->items];
    const HclExpr *count = item_attribute(item, "count"), *each = item_attribute(item, "for_each");
    const HclExpr *expr = count ? count : each;
    TfContext context;
    Node value;

    if (object->slot.state == TF_SLOT_NEW && !expr) {
        object->slot.state = TF_SLOT_DONE;
        expand_one(world, module, item, object, TF_SINGLE);
        return object;
    }
    if (!slot_begin(&object->slot)) {
        if (object->slot.state == TF_SLOT_RUNNING)
            slot_cycle(world, &object->slot, tf_item_reference(item, arena_of(world)), item->span);
        if (!object->instances)
            expand_one(world, module, item, object, TF_OPEN);
        return object;
    }
    context = tf_enter(world, module, NULL, &object->slot.refs);
    value = tf_evaluate(world, expr, &object->slot.refs);
    if (object->slot.state == TF_SLOT_RUNNING && count)
        expand_count(world, module, item, object, &value);
    else if (object->slot.state == TF_SLOT_RUNNING)
        expand_each(world, module, item, object, &value);
    tf_leave(world, &context);
    slot_end(&object->slot, value);
    return object;
}

/* What a resource, data source or module call is as a value. */
static Node object_value(TfWorld *world, const TfItem *item, Span at)
{
    const TfObject *object = tf_expand(world, world->module, item);
    Arena *arena = arena_of(world);
    HclMap map = hcl_map_new(arena, world->unit->symbols);
    Node *items;

    if (object->expansion == TF_SINGLE && object->count)
        return instance_handle(world, &object->instances[0], at);
    /* Which of several groups is meant, a name does not tell any more. */
    if (object->grouped && object->count > 1)
        return make_handle(world, HANDLE_MISSING, NULL, tf_item_reference(item, arena), at);
    if ((object->expansion == TF_OPEN || object->grouped) && object->count)
        return make_handle(world, HANDLE_OPEN, &object->instances[0], object->instances[0].address,
                           at);
    items = ARENA_ARRAY(arena, Node, object->count);
    for (uint32_t i = 0; items && i < object->count; i++) {
        items[i] = instance_handle(world, &object->instances[i], at);
        if (object->expansion == TF_EACH)
            hcl_map_put(&map, node_text(&object->instances[i].key), at, items[i]);
    }
    return object->expansion == TF_EACH ? hcl_map_done(&map, at)
                                        : node_make_list(at, items, items ? object->count : 0);
}

static Node named_object(TfWorld *world, TfKind kind, Str type, const Node *key, Span at)
{
    Str name = node_string(key);
    const TfItem *item = tf_config_find(world->module->config, kind, type, name);

    return item ? object_value(world, item, at) : missing(world, kind, type, name, at);
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
        own->attributes = ARENA_ARRAY(arena_of(world), TfSlot, body->attribute_count);
    if (!own->attributes)
        return NULL;
    slot = &own->attributes[number];
    if (slot->state == TF_SLOT_DONE)
        return slot;
    if (!slot_begin(slot)) {
        slot_cycle(world, slot,
                   str_format(arena_of(world), "%.*s.%.*s", STR_ARG(instance->address),
                              STR_ARG(attribute->name)),
                   attribute->name_span);
        return slot;
    }
    context = tf_enter(world, instance->module, instance, &slot->refs);
    value = tf_evaluate(world, attribute->value, &slot->refs);
    tf_leave(world, &context);
    slot_end(slot, value);
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

/* Ids and names are texts, whatever else is not known of them. */
static NodeKind attribute_kind(Str name)
{
    if (str_eq(name, STR("id")) || str_eq(name, STR("arn")) || str_eq(name, STR("name")) ||
        str_ends(name, STR("_id")) || str_ends(name, STR("_arn")) || str_ends(name, STR("_name")))
        return NODE_STRING;
    return NODE_UNKNOWN;
}

static bool is_aws(Str address)
{
    return str_starts(address, STR("aws_")) || str_find(address, STR(".aws_")) >= 0;
}

/* Of what the provider will compute, the name says a little: an ARN is never empty. */
static Node unknown_attribute(TfWorld *world, Str address, Str name, Span at)
{
    const Str parts[] = {address, STR_INIT("."), name};
    Str cause = str_concat(arena_of(world), parts, 3);
    Node value = hcl_unknown(&world->eval, at, cause, attribute_kind(name));

    if (str_eq(name, STR("arn")) && is_aws(address))
        return hcl_unknown_text(&world->eval, at, &value, STR("arn:"));
    return value;
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

static Node output_value(TfWorld *world, const TfInstance *call, Str name, Span at)
{
    const TfItem *item;
    const TfSlot *slot;

    if (!call->child && world->child)
        ((TfInstance *)call)->child = world->child(world, (TfInstance *)call);
    if (!call->child) {
        tf_refs_add(world, world->refs, (TfRef){call->address, name, NULL});
        return unknown_attribute(world, call->address, name, at);
    }
    item = tf_config_find(call->child->config, TF_OUTPUT, (Str){"", 0}, name);
    if (!item)
        return missing(world, TF_OUTPUT, call->address, name, at);
    slot = tf_value(world, call->child, item);
    tf_refs_join(world, world->refs, &slot->refs);
    return slot->value;
}

static Node instance_attribute(TfWorld *world, const TfInstance *instance, const Node *key, Span at)
{
    Str name = node_string(key);
    Node value;

    if (key->kind == NODE_UNKNOWN)
        return hcl_unknown_from(&world->eval, at, key, NODE_UNKNOWN);
    if (key->kind != NODE_STRING)
        return instance_handle(world, instance, at);
    if (instance->item->kind == TF_MODULE)
        return output_value(world, instance, name, at);
    tf_refs_add(world, world->refs, (TfRef){instance->address, name, instance});
    if (tf_given(world, instance, name, &value))
        return value;
    if (tf_policy_attribute(world, instance, name, at, &value))
        return value;
    return unknown_attribute(world, instance->address, name, at);
}

/* --- each, count, path, terraform --- */

static Node each_attribute(TfWorld *world, const Node *key, Span at)
{
    const TfInstance *instance = world->instance;
    bool is_key = str_eq(node_string(key), STR("key"));

    if (instance && instance->expansion == TF_EACH)
        return is_key ? instance->key : instance->each_value;
    if (instance && instance->expansion == TF_OPEN)
        return hcl_unknown(&world->eval, at, is_key ? STR("each.key") : STR("each.value"),
                           is_key ? NODE_STRING : NODE_UNKNOWN);
    return hcl_fail(&world->eval, at, "`each` means nothing without for_each");
}

static Node count_attribute(TfWorld *world, Span at)
{
    const TfInstance *instance = world->instance;

    if (instance && instance->expansion == TF_COUNT)
        return instance->key;
    if (instance && instance->expansion == TF_OPEN)
        return hcl_unknown(&world->eval, at, STR("count.index"), NODE_DOUBLE);
    return hcl_fail(&world->eval, at, "`count` means nothing without count");
}

static Node path_attribute(TfWorld *world, const Node *key, Span at)
{
    Str name = node_string(key);

    if (str_eq(name, STR("module")))
        return node_make_string(at, world->module->dir);
    if (str_eq(name, STR("root")))
        return node_make_string(at, STR("."));
    return hcl_unknown(&world->eval, at, STR("path.cwd"), NODE_STRING);
}

static Node terraform_attribute(TfWorld *world, const Node *key, Span at)
{
    if (str_eq(node_string(key), STR("workspace")) && world->options &&
        world->options->workspace.size)
        return node_make_string(at, world->options->workspace);
    return hcl_unknown(&world->eval, at, STR("terraform.workspace"), NODE_STRING);
}

static Node missing_step(TfWorld *world, const HclHandle *handle, const Node *key, Span at)
{
    Str target = handle->unknown.cause, name = node_string(key);

    /* `aws_x.a[0].id`: the index says nothing of what is not there. */
    if (key->kind != NODE_STRING)
        return hcl_make_handle(handle, at);
    tf_refs_add(world, world->refs, (TfRef){target, name, NULL});
    return unknown_attribute(world, target, name, at);
}

static Node step(HclEval *eval, const HclHandle *handle, const Node *key, Span at)
{
    TfWorld *world = world_of(eval);
    const TypeName *type = handle->object;

    switch (handle->kind) {
    case HANDLE_VAR:
        return named_value(world, TF_VARIABLE, key, at);
    case HANDLE_LOCAL:
        return named_value(world, TF_LOCAL, key, at);
    case HANDLE_DATA:
        return type_handle(world, TF_DATA, node_string(key), at);
    case HANDLE_RESOURCE:
        return type_handle(world, TF_RESOURCE, node_string(key), at);
    case HANDLE_MODULE:
        return named_object(world, TF_MODULE, (Str){"", 0}, key, at);
    case HANDLE_TYPE:
        return named_object(world, type->kind, type->type, key, at);
    case HANDLE_OPEN:
        return instance_handle(world, handle->object, at);
    case HANDLE_INSTANCE:
        return instance_attribute(world, handle->object, key, at);
    case HANDLE_EACH:
        return each_attribute(world, key, at);
    case HANDLE_COUNT:
        return count_attribute(world, at);
    case HANDLE_PATH:
        return path_attribute(world, key, at);
    case HANDLE_TERRAFORM:
        return terraform_attribute(world, key, at);
    default:
        return missing_step(world, handle, key, at);
    }
}

/* --- making --- */

void tf_world_init(TfWorld *world, Unit *unit, const TerraformOptions *options)
{
    *world = (TfWorld){.unit = unit, .options = options, .values = str_map_new(unit->arena)};
    world->hcl = (HclWorld){.context = world, .root = root_name, .step = step};
    world->eval = (HclEval){.arena = unit->arena,
                            .symbols = unit->symbols,
                            .sources = &unit->sources,
                            .diags = &unit->diags,
                            .world = &world->hcl};
}

TfModule *tf_module_new(TfWorld *world, const TfConfig *config, Str path, Str dir)
{
    TfModule *module = ARENA_NEW(arena_of(world), TfModule);

    if (!module)
        return NULL;
    module->config = config;
    module->path = path;
    module->dir = dir;
    module->objects = ARENA_ARRAY(arena_of(world), TfObject, config->count);
    return module->objects ? module : NULL;
}
