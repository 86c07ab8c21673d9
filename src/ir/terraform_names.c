#include "ir/terraform_names.h"

#include "ir/terraform_expand.h"
#include "ir/terraform_policy.h"

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

/* --- handles --- */

static Node make_handle(TfWorld *world, uint32_t kind, const void *object, Str cause, Span at)
{
    HclHandle *handle = ARENA_NEW(tf_arena(world), HclHandle);

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
    TypeName *name = ARENA_NEW(tf_arena(world), TypeName);

    if (name)
        *name = (TypeName){kind, type};
    return make_handle(world, name ? HANDLE_TYPE : HANDLE_MISSING, name, type, at);
}

/* Whether it was said before that a name is not declared in the module at hand. */
static bool is_told(TfWorld *world, Str reference)
{
    const Str parts[] = {world->module->config->dir, STR("\n"), reference};
    uint32_t *told = str_map_at(&world->missing, str_concat(tf_arena(world), parts, 3));

    return !told || (*told)++ > 0;
}

/* Something that is not declared: said once a name. */
static Node missing(TfWorld *world, TfKind kind, Str type, Str name, Span at)
{
    TfItem item = {.kind = kind, .type = type, .name = name};
    Str reference = tf_item_reference(&item, tf_arena(world));

    if (!world->eval.quiet && !is_told(world, reference))
        diag_note(&world->unit->diags, DIAG_TERRAFORM_REFERENCE, at, "%.*s is not declared",
                  STR_ARG(reference));
    return make_handle(world, HANDLE_MISSING, NULL, reference, at);
}

bool tf_names_root(HclEval *eval, const HclExpr *name, Node *value)
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

/* --- values and instances --- */

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
    Str cause = str_concat(tf_arena(world), parts, 3);
    Node value = hcl_unknown(&world->eval, at, cause, attribute_kind(name));

    if (str_eq(name, STR("arn")) && is_aws(address))
        return hcl_unknown_text(&world->eval, at, &value, STR("arn:"));
    return value;
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

/* What a resource, data source or module call is as a value. */
static Node object_value(TfWorld *world, const TfItem *item, Span at)
{
    const TfObject *object = tf_expand(world, world->module, item);
    Arena *arena = tf_arena(world);
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

Node tf_names_step(HclEval *eval, const HclHandle *handle, const Node *key, Span at)
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

/* --- references --- */

/* Resources that an expression names as a whole. */
static void note(TfWorld *world, const Node *value, uint32_t depth)
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
        note(world, &value->as.items[i], depth + 1);
    for (uint32_t i = 0; value->kind == NODE_MAP && i < value->count; i++)
        note(world, &value->as.entries[i].value, depth + 1);
}

void tf_names_note(TfWorld *world, const Node *value)
{
    note(world, value, 0);
}
