#include "ir/terraform_policy.h"

#include "base/limits.h"
#include "ir/hcl_json.h"
#include "syntax/json.h"

/* A policy that is put together. */
typedef struct Policy {
    TfWorld *world;
    const TfInstance *instance;
    Span at;
    Node *statements; /* maps as IAM writes them */
    uint32_t count;
    uint32_t capacity;
    bool open; /* not even the number of statements is known */
} Policy;

static Str sid_of(const Node *statement)
{
    return node_string(node_get_named(statement, STR("Sid")));
}

/* Adds a statement; one with its Sid is replaced where `replace` says so. */
static void add_statement(Policy *policy, Node statement, bool replace)
{
    Str sid = sid_of(&statement);
    Node *items;

    for (uint32_t i = 0; replace && sid.size && i < policy->count; i++) {
        if (str_eq(sid_of(&policy->statements[i]), sid)) {
            policy->statements[i] = statement;
            return;
        }
    }
    items = arena_grow(policy->world->unit->arena, policy->statements, policy->count,
                       &policy->capacity, (size_t)policy->count + 1, sizeof *items);
    if (!items)
        return;
    policy->statements = items;
    items[policy->count++] = statement;
}

/* --- statement blocks --- */

static void put(Policy *policy, HclMap *map, const char *key, const Node *value)
{
    if (!value || value->kind == NODE_NULL || (value->kind == NODE_LIST && value->count == 0))
        return;
    if (value->kind == NODE_LIST && value->count == 1)
        value = &value->as.items[0];
    hcl_map_put(map, str_of(key), policy->at, *value);
}

/* The identifiers of all blocks of one type, as `principals` blocks give them. */
static void put_principals(Policy *policy, HclMap *map, const char *key, const Node *blocks)
{
    Arena *arena = policy->world->unit->arena;
    HclMap types = hcl_map_new(arena, policy->world->unit->symbols);

    if (!blocks || blocks->kind == NODE_UNKNOWN) {
        put(policy, map, key, blocks);
        return;
    }
    for (uint32_t i = 0; i < blocks->count; i++) {
        const Node *block = &blocks->as.items[i];
        const Node *identifiers = node_get_named(block, STR("identifiers"));
        const Node *type = node_get_named(block, STR("type"));
        if (!identifiers || !type || type->kind != NODE_STRING)
            continue;
        if (str_eq(node_text(type), STR("*"))) {
            hcl_map_put(map, str_of(key), policy->at, *type);
            return;
        }
        Node *old = hcl_map_find(&types, node_text(type));
        if (old && old->kind == NODE_LIST && identifiers->kind == NODE_LIST) {
            Node *items = ARENA_ARRAY(arena, Node, (size_t)old->count + identifiers->count);
            if (!items)
                return;
            if (old->count)
                memcpy(items, old->as.items, old->count * sizeof *items);
            if (identifiers->count)
                memcpy(items + old->count, identifiers->as.items,
                       identifiers->count * sizeof *items);
            *old = node_make_list(policy->at, items, old->count + identifiers->count);
        } else {
            hcl_map_put(&types, node_text(type), policy->at, *identifiers);
        }
    }
    Node all = hcl_map_done(&types, policy->at);
    if (all.count)
        hcl_map_put(map, str_of(key), policy->at, all);
}

/* {test: {variable: values}} */
static void put_conditions(Policy *policy, HclMap *map, const Node *blocks)
{
    const Symbols *symbols = policy->world->unit->symbols;
    HclMap tests = hcl_map_new(policy->world->unit->arena, symbols);

    if (!blocks || blocks->kind != NODE_LIST) {
        put(policy, map, "Condition", blocks);
        return;
    }
    for (uint32_t i = 0; i < blocks->count; i++) {
        const Node *block = &blocks->as.items[i];
        const Node *test = node_get_named(block, STR("test"));
        const Node *variable = node_get_named(block, STR("variable"));
        const Node *values = node_get_named(block, STR("values"));
        HclMap inner = hcl_map_new(policy->world->unit->arena, symbols);
        if (!test || test->kind != NODE_STRING || !variable || variable->kind != NODE_STRING ||
            !values)
            continue;
        Node *old = hcl_map_find(&tests, node_text(test));
        for (uint32_t j = 0; old && old->kind == NODE_MAP && j < old->count; j++)
            hcl_map_put(&inner, entry_key(&old->as.entries[j]), policy->at,
                        old->as.entries[j].value);
        hcl_map_put(&inner, node_text(variable), policy->at, *values);
        hcl_map_put(&tests, node_text(test), policy->at, hcl_map_done(&inner, policy->at));
    }
    hcl_map_put(map, STR("Condition"), policy->at, hcl_map_done(&tests, policy->at));
}

static Node block_statement(Policy *policy, const Node *block)
{
    HclMap map = hcl_map_new(policy->world->unit->arena, policy->world->unit->symbols);
    const Node *effect = node_get_named(block, STR("effect"));
    Node allow = node_make_string(policy->at, STR("Allow"));

    if (block->kind == NODE_UNKNOWN)
        return *block;
    put(policy, &map, "Sid", node_get_named(block, STR("sid")));
    put(policy, &map, "Effect", effect && effect->kind != NODE_NULL ? effect : &allow);
    put(policy, &map, "Action", node_get_named(block, STR("actions")));
    put(policy, &map, "NotAction", node_get_named(block, STR("not_actions")));
    put(policy, &map, "Resource", node_get_named(block, STR("resources")));
    put(policy, &map, "NotResource", node_get_named(block, STR("not_resources")));
    put_principals(policy, &map, "Principal", node_get_named(block, STR("principals")));
    put_principals(policy, &map, "NotPrincipal", node_get_named(block, STR("not_principals")));
    put_conditions(policy, &map, node_get_named(block, STR("condition")));
    return hcl_map_done(&map, node_span(block));
}

static void add_blocks(Policy *policy)
{
    Node blocks;

    if (!tf_given(policy->world, policy->instance, STR("statement"), &blocks))
        return;
    if (blocks.kind != NODE_LIST) {
        policy->open = true;
        return;
    }
    for (uint32_t i = 0; i < blocks.count; i++)
        add_statement(policy, block_statement(policy, &blocks.as.items[i]), false);
}

/* --- documents that are merged in --- */

static bool read_json(Policy *policy, const Node *text, Node *document)
{
    Unit *unit = policy->world->unit;
    DiagSink quiet = diags_new(unit->arena);
    Source *source;

    if (text->kind == NODE_UNKNOWN && text->as.unknown->decoded) {
        *document = *text->as.unknown->decoded;
        return true;
    }
    if (text->kind != NODE_STRING)
        return false;
    source = sources_add_decoded(&unit->sources, node_span(text), node_text(text), NULL, 0);
    return source && json_read(source, unit->symbols, unit->arena, &quiet, document);
}

static void add_document(Policy *policy, const Node *text, bool replace)
{
    const Node *statements;
    Node document;

    if (text->kind == NODE_NULL || (text->kind == NODE_STRING && text->count == 0))
        return;
    if (!read_json(policy, text, &document)) {
        policy->open = true;
        return;
    }
    statements = node_get_named(&document, STR("Statement"));
    if (!statements)
        return;
    if (statements->kind == NODE_MAP)
        add_statement(policy, *statements, replace);
    else if (statements->kind != NODE_LIST)
        policy->open = true;
    for (uint32_t i = 0; statements->kind == NODE_LIST && i < statements->count; i++)
        add_statement(policy, statements->as.items[i], replace);
}

/* Documents under `list`, and the one under `single` as older providers have it. */
static void add_documents(Policy *policy, const char *list, const char *single, bool replace)
{
    Node value;

    if (tf_given(policy->world, policy->instance, str_of(single), &value))
        add_document(policy, &value, replace);
    if (!tf_given(policy->world, policy->instance, str_of(list), &value))
        return;
    if (value.kind != NODE_LIST)
        policy->open = true;
    for (uint32_t i = 0; value.kind == NODE_LIST && i < value.count; i++)
        add_document(policy, &value.as.items[i], replace);
}

static Node document_value(Policy *policy)
{
    TfWorld *world = policy->world;
    HclMap map = hcl_map_new(world->unit->arena, world->unit->symbols);
    Node version = node_make_string(policy->at, STR("2012-10-17"));

    tf_given(world, policy->instance, STR("version"), &version);
    hcl_map_put(&map, STR("Version"), policy->at, version);
    hcl_map_put(&map, STR("Statement"), policy->at,
                node_make_list(policy->at, policy->statements, policy->count));
    return hcl_map_done(&map, policy->at);
}

/* The JSON, or an unknown that keeps what is known of it. */
static Node json_value(Policy *policy, Str cause)
{
    TfWorld *world = policy->world;
    Node document = document_value(policy), unknown;
    Buf buf = buf_new(world->unit->arena);

    if (hcl_find_unknown(&document)) {
        unknown = hcl_unknown(&world->eval, policy->at, cause, NODE_STRING);
        hcl_set_decoded(&world->eval, &unknown, &document);
        return unknown;
    }
    hcl_json_write(&world->eval, &buf, &document);
    return node_make_string(policy->at, buf_str(&buf));
}

bool tf_policy_attribute(TfWorld *world, const TfInstance *instance, Str name, Span at, Node *value)
{
    Policy policy = {.world = world, .instance = instance, .at = at};

    if (instance->item->kind != TF_DATA || !str_eq(name, STR("json")) ||
        !str_eq(instance->item->type, STR("aws_iam_policy_document")))
        return false;
    /* A document may name itself through others: that is a cycle, which the depth ends. */
    if (world->eval.depth + 8 >= LIMIT_HCL_DEPTH)
        return false;
    world->eval.depth += 8;
    add_documents(&policy, "source_policy_documents", "source_json", true);
    add_blocks(&policy);
    add_documents(&policy, "override_policy_documents", "override_json", true);
    world->eval.depth -= 8;
    if (policy.open)
        return false;
    *value = json_value(&policy,
                        str_format(world->unit->arena, "%.*s.json", STR_ARG(instance->address)));
    return true;
}
