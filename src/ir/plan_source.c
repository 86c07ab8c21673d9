#include "ir/plan_source.h"

#include "ir/address.h"
#include "ir/plan_config.h"
#include "ir/plan_values.h"
#include "ir/terraform_tree.h"

struct PlanSource {
    Unit *unit;
    DiagSink diags; /* for nobody */
    TfTree *tree;
    const TfConfig *root;
    uint32_t module_count;

    /* Resources come module by module: the last answer of find_module(). */
    Str last_path;
    const TfConfig *last_module;
    const TfItem *last_call;
};

/* Modules inside each other, and in all. */
#define NESTED_MAX 32u
#define MODULES_MAX 4096u

/* The module that a call means, by the names of the calls that lead there: "vpc.nat". */
static const TfConfig *called(PlanSource *source, const TfConfig *caller, const TfItem *call,
                              Str key)
{
    Str dir = tf_tree_called(source->tree, caller, call, key);

    return dir.size && !tf_tree_leads_out(source->tree, dir) ? tf_tree_load(source->tree, dir)
                                                             : NULL;
}

static Str join_key(Arena *arena, Str key, Str name)
{
    return key.size ? str_format(arena, "%.*s.%.*s", STR_ARG(key), STR_ARG(name)) : name;
}

static void load_modules(PlanSource *source, const TfConfig *config, Str key, uint32_t depth)
{
    for (uint32_t i = 0; depth < NESTED_MAX && i < config->count; i++) {
        const TfItem *item = &config->items[i];
        Str inner = join_key(source->unit->arena, key, item->name);
        const TfConfig *module;
        if (item->kind != TF_MODULE || source->module_count++ >= MODULES_MAX)
            continue;
        module = called(source, config, item, inner);
        if (module)
            load_modules(source, module, inner, depth + 1);
    }
}

PlanSource *plan_source_new(Unit *unit, Str dir, const TerraformFiles *files)
{
    PlanSource *source = ARENA_NEW(unit->arena, PlanSource);

    if (!source)
        return NULL;
    source->unit = unit;
    source->diags = diags_new(unit->arena);
    source->tree = tf_tree_new(unit, &source->diags, dir, files);
    source->root = source->tree ? tf_tree_load(source->tree, tf_tree_root(source->tree)) : NULL;
    if (!source->root)
        return NULL;
    source->last_module = source->root;
    load_modules(source, source->root, STR(""), 0);
    return source;
}

/* --- from addresses to blocks --- */

static bool has_resource(const TfConfig *config, const Node *block)
{
    Address address;
    Str text = node_string(node_get_named(block, STR("address")));

    return address_take_apart(text, &address) &&
           tf_config_find(config, address.data ? TF_DATA : TF_RESOURCE, address.type, address.name);
}

bool plan_source_fits(PlanSource *source)
{
    PlanConfig *plan = source->unit->plan;
    const PlanModule *root = plan ? plan_config_module(plan, STR("")) : NULL;
    const Node *resources = root ? node_get_named(root->node, STR("resources")) : NULL;
    const Node *calls = root ? node_get_named(root->node, STR("module_calls")) : NULL;
    uint32_t found = 0, count = 0;

    for (uint32_t i = 0; resources && resources->kind == NODE_LIST && i < resources->count; i++)
        found += has_resource(source->root, &resources->as.items[i]);
    count += resources && resources->kind == NODE_LIST ? resources->count : 0;
    for (uint32_t i = 0; calls && calls->kind == NODE_MAP && i < calls->count; i++)
        found += tf_config_find(source->root, TF_MODULE, STR(""),
                                entry_key(&calls->as.entries[i])) != NULL;
    count += calls && calls->kind == NODE_MAP ? calls->count : 0;
    return found > 0 && found >= count / 2;
}

/* The module at an instance path, and the call that makes it; NULL where it is not here. */
static const TfConfig *find_module(PlanSource *source, Str path)
{
    Arena *arena = source->unit->arena;
    const TfConfig *config = source->root;
    Str rest = path, key = STR("");
    AddressStep word, call;

    if (str_eq(path, source->last_path))
        return source->last_module;
    source->last_path = path;
    source->last_call = NULL;
    while (config && address_step(&rest, &word) && address_step(&rest, &call)) {
        const TfItem *item = tf_config_find(config, TF_MODULE, STR(""), call.name);
        key = join_key(arena, key, call.name);
        source->last_call = item;
        config = item ? called(source, config, item, key) : NULL;
    }
    source->last_module = config;
    return config;
}

static const TfItem *find_item(const TfConfig *config, const Resource *resource)
{
    Str type = resource->type_name;
    int64_t dot;

    if (str_starts(type, STR("provider."))) {
        dot = str_find_last_char(resource->address, '.');
        return tf_config_find(config, TF_PROVIDER, str_from(type, 9),
                              str_from(resource->address, (uint32_t)(dot + 1)));
    }
    if (resource->data_source)
        return tf_config_find(config, TF_DATA, str_from(type, 5), resource->name);
    return tf_config_find(config, TF_RESOURCE, type, resource->name);
}

/* --- from paths to arguments --- */

/* A step of a path: a name, or a position in a list. */
typedef struct PathStep {
    Str name;
    uint32_t position;
    bool is_position;
} PathStep;

static uint32_t read_position(Str digits)
{
    uint32_t number = 0;

    for (uint32_t i = 0; i < digits.size && number < 100000000u; i++)
        number = number * 10 + (uint32_t)(digits.data[i] - '0');
    return number;
}

/* `a`, `.b`, `[0]`, `["a.b"]`; false at the end. */
static bool path_step(Str *rest, PathStep *step)
{
    uint32_t end = 0;

    if (rest->size && rest->data[0] == '.')
        *rest = str_from(*rest, 1);
    if (!rest->size)
        return false;
    if (str_starts(*rest, STR("[\""))) {
        int64_t close = str_find(*rest, STR("\"]"));
        if (close < 0)
            return false;
        *step = (PathStep){.name = str_sub(*rest, 2, (uint32_t)close - 2)};
        *rest = str_from(*rest, (uint32_t)close + 2);
        return true;
    }
    if (rest->data[0] == '[') {
        int64_t close = str_find_char(*rest, ']');
        if (close < 0)
            return false;
        *step = (PathStep){.position = read_position(str_sub(*rest, 1, (uint32_t)close - 1)),
                           .is_position = true};
        *rest = str_from(*rest, (uint32_t)close + 1);
        return true;
    }
    while (end < rest->size && rest->data[end] != '.' && rest->data[end] != '[')
        end++;
    *step = (PathStep){.name = str_sub(*rest, 0, end)};
    *rest = str_from(*rest, end);
    return true;
}

static bool is_key(const HclExpr *key, Str name)
{
    if (key->kind == HCL_NAME)
        return str_eq(key->as.name, name);
    return key->kind == HCL_STRING && str_eq(key->as.text, name);
}

/* Follows the rest of a path through what is written out, as deep as it goes. */
static Span follow_value(const HclExpr *value, Str rest, Span at)
{
    PathStep step;

    while (path_step(&rest, &step)) {
        const HclExpr *next = NULL;
        while (value->kind == HCL_PARENS)
            value = value->a;
        if (step.is_position && value->kind == HCL_TUPLE && step.position < value->count) {
            next = value->items[step.position];
            at = next->span;
        }
        for (uint32_t i = 0;
             !step.is_position && value->kind == HCL_OBJECT && !next && i + 1 < value->count;
             i += 2) {
            if (!is_key(value->items[i], step.name))
                continue;
            next = value->items[i + 1];
            at = span_join(value->items[i]->span, next->span);
        }
        if (!next)
            break;
        value = next;
    }
    return at;
}

static bool is_dynamic(const HclBlock *block)
{
    return str_eq(block->type, STR("dynamic")) && block->label_count == 1;
}

static Str made_type(const HclBlock *block)
{
    return is_dynamic(block) ? block->labels[0].text : block->type;
}

/* The blocks of one type in a body, and the element of a plan's list whose maker is looked for. */
typedef struct BlockChoice {
    const HclBody *body;
    Str type;
    uint32_t position;
    const Node *list; /* in the resource's body, or NULL */
    const Node
        *config; /* of the blocks that are written out, in the plan's configuration; or NULL */
} BlockChoice;

static const HclBlock *nth_static(const BlockChoice *choice, uint32_t number)
{
    for (uint32_t i = 0; i < choice->body->block_count; i++) {
        const HclBlock *block = &choice->body->blocks[i];
        if (!is_dynamic(block) && str_eq(block->type, choice->type) && number-- == 0)
            return block;
    }
    return NULL;
}

static const HclBlock *first_dynamic(const BlockChoice *choice)
{
    for (uint32_t i = 0; i < choice->body->block_count; i++)
        if (is_dynamic(&choice->body->blocks[i]) &&
            str_eq(made_type(&choice->body->blocks[i]), choice->type))
            return &choice->body->blocks[i];
    return NULL;
}

static bool is_list(const Node *node)
{
    return node && node->kind == NODE_LIST;
}

/* The position of the configuration's block that made the element, or one past the last. A set of
 * blocks has an order of its own: constants tell them apart. */
static uint32_t configured_position(const BlockChoice *choice)
{
    const Node *config = choice->config, *found;
    uint32_t position = choice->position;

    if (!is_list(config) || !is_list(choice->list) || position >= choice->list->count)
        return position;
    if (config->count == choice->list->count) {
        found = plan_block_config(config, choice->list, position);
        return found ? (uint32_t)(found - config->as.items) : position;
    }
    for (uint32_t i = 0; i < config->count; i++)
        if (plan_constants_agree(&config->as.items[i], &choice->list->as.items[position]))
            return i;
    return config->count;
}

/* What is not written out, a dynamic block has made. */
static const HclBlock *choose(const BlockChoice *choice, uint32_t *position)
{
    const HclBlock *block;

    *position = configured_position(choice);
    block = nth_static(choice, *position);
    return block ? block : first_dynamic(choice);
}

static const HclBody *content_of(const HclBlock *block)
{
    for (uint32_t i = 0; is_dynamic(block) && i < block->body->block_count; i++)
        if (str_eq(block->body->blocks[i].type, STR("content")))
            return block->body->blocks[i].body;
    return block->body;
}

static const Node *below(const Node *node, Str name)
{
    return node && node->kind == NODE_MAP ? node_get_named(node, name) : NULL;
}

static const Node *item_of(const Node *list, uint32_t position)
{
    if (list && list->kind == NODE_MAP)
        return list;
    return list && list->kind == NODE_LIST && position < list->count ? &list->as.items[position]
                                                                     : NULL;
}

/* `values` and `config` are the part of the resource's body, and of its configuration in the plan,
 * that `body` made; either may be NULL. */
static Span follow_body(const HclBody *body, Str rest, Span at, const Node *values,
                        const Node *config)
{
    PathStep step, index;

    while (path_step(&rest, &step)) {
        const HclAttribute *attribute = hcl_attribute(body, step.name);
        const Node *list = below(values, step.name), *blocks = below(config, step.name);
        BlockChoice choice = {body, step.name, 0, list, blocks};
        const HclBlock *block;
        uint32_t configured;
        Str after = rest;
        if (attribute)
            return follow_value(attribute->value, rest,
                                span_join(attribute->name_span, attribute->value->span));
        if (path_step(&after, &index) && index.is_position)
            rest = after;
        else
            index = (PathStep){.is_position = true};
        choice.position = index.position;
        block = choose(&choice, &configured);
        if (!block)
            break;
        at = block->span;
        body = content_of(block);
        values = item_of(list, index.position);
        config = item_of(blocks, configured);
    }
    return at;
}

bool plan_source_find(PlanSource *source, const Resource *resource, Str attribute, PlanPlace *place)
{
    const TfConfig *config = find_module(source, resource->module_path);
    const TfItem *item = config ? find_item(config, resource) : NULL;

    if (!item || !item->block)
        return false;
    *place = (PlanPlace){.header = item->block->header,
                         .call = source->last_call ? source->last_call->block->header : SPAN_NONE};
    place->at = follow_body(item->block->body, attribute, place->header, &resource->body,
                            node_get_named(resource->config, STR("expressions")));
    return true;
}
