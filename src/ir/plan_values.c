#include "ir/plan_values.h"

#include <stdlib.h>

#include "base/limits.h"
#include "ir/address.h"
#include "ir/plan_config.h"

/* Blocks of one kind that are told apart by their constants. */
#define BLOCKS_MAX 256u

#define CAUSE STR_INIT("known after apply")

/* What is known of an unknown whose argument no expression is seen for. */
static const Unknown computed = {.cause = CAUSE, .type = NODE_UNKNOWN, .may_be_null = true};
static const Unknown left_unset = {
    .cause = CAUSE, .type = NODE_UNKNOWN, .may_be_null = true, .unset = true};
static const Unknown expression_given = {.cause = CAUSE, .type = NODE_UNKNOWN, .set = true};

/* How the configuration gives the part of a body that is being gone through. */
typedef struct Given {
    const Node *block;     /* the block's expressions; NULL where it is not certain which */
    const Unknown *shared; /* inside one argument: what all its unknowns are */
} Given;

/* The first reference that says most: "aws_kms_key.a.arn", not the "aws_kms_key.a" after it. */
static const Unknown *unknown_of_expression(const PlanValues *values, const Node *expression)
{
    const Node *references = plan_expression_references(expression);
    Unknown *unknown;

    if (!references || references->as.items[0].kind != NODE_STRING)
        return &expression_given;
    unknown = ARENA_NEW(values->arena, Unknown);
    if (!unknown)
        return &expression_given;
    *unknown = expression_given;
    unknown->cause = node_text(&references->as.items[0]);
    return unknown;
}

/* What is known of the unknowns below key `key` of a block. */
static Given given_below(const PlanValues *values, Given given, Str key)
{
    const Node *expression;

    if (given.shared)
        return given;
    if (!given.block)
        return (Given){NULL, NULL};
    expression = node_get_named(given.block, key);
    if (!expression)
        return (Given){NULL, values->config_known ? &left_unset : &computed};
    if (plan_expression_is_null(expression, values->module, values->variables))
        return (Given){NULL, &left_unset};
    if (plan_is_expression(expression))
        return (Given){NULL, unknown_of_expression(values, expression)};
    return (Given){expression, NULL};
}

bool plan_constants_agree(const Node *config, const Node *body)
{
    if (config->kind != NODE_MAP || body->kind != NODE_MAP)
        return false;
    for (uint32_t i = 0; i < config->count; i++) {
        const Entry *entry = &config->as.entries[i];
        const Node *constant = node_get_named(&entry->value, STR("constant_value"));
        const Node *value = constant ? node_get_named(body, entry_key(entry)) : NULL;
        if (value && value->kind == constant->kind && !node_equal(value, constant))
            return false;
    }
    return true;
}

const Node *plan_block_config(const Node *config, const Node *body, uint32_t index)
{
    const Node *item = &body->as.items[index];

    if (config->kind == NODE_MAP)
        return body->count == 1 ? config : NULL;
    if (config->kind != NODE_LIST || config->count != body->count)
        return NULL;
    if (plan_constants_agree(&config->as.items[index], item))
        return &config->as.items[index];
    /* A set of blocks has an order of its own. */
    for (uint32_t i = 0; i < config->count && config->count <= BLOCKS_MAX; i++)
        if (plan_constants_agree(&config->as.items[i], item))
            return &config->as.items[i];
    return NULL;
}

static Given given_item(Given given, const Node *body, uint32_t index)
{
    if (given.shared || !given.block || index >= body->count)
        return (Given){NULL, given.shared};
    return (Given){plan_block_config(given.block, body, index), NULL};
}

static bool mask_says_any(const Node *mask, uint32_t depth)
{
    if (depth > LIMIT_DEPTH)
        return false;
    if (mask->kind == NODE_BOOL)
        return mask->as.boolean;
    for (uint32_t i = 0; mask->kind == NODE_LIST && i < mask->count; i++)
        if (mask_says_any(&mask->as.items[i], depth + 1))
            return true;
    for (uint32_t i = 0; mask->kind == NODE_MAP && i < mask->count; i++)
        if (mask_says_any(&mask->as.entries[i].value, depth + 1))
            return true;
    return false;
}

static void lay_over(const PlanValues *values, Node *body, const Node *mask, Given given,
                     uint32_t depth);

/* The entries of a map in the order of their keys. Terraform writes them so; what a person has
 * reordered is sorted here. */
typedef struct Lookup {
    const Node *map;
    uint32_t known;  /* entries to look among: what is appended later is not searched */
    uint32_t *order; /* positions sorted by key; NULL where the entries are */
} Lookup;

static int compare_entries(const void *a, const void *b, void *context)
{
    const Entry *entries = context;

    return str_cmp(entry_key(&entries[*(const uint32_t *)a]),
                   entry_key(&entries[*(const uint32_t *)b]));
}

static Lookup lookup_new(const PlanValues *values, const Node *map)
{
    Lookup lookup = {map, map->count, NULL};
    bool sorted = true;

    for (uint32_t i = 1; sorted && i < map->count; i++)
        sorted = str_cmp(entry_key(&map->as.entries[i - 1]), entry_key(&map->as.entries[i])) < 0;
    if (sorted)
        return lookup;
    lookup.order = ARENA_ARRAY(values->arena, uint32_t, map->count);
    if (!lookup.order)
        return (Lookup){map, 0, NULL};
    for (uint32_t i = 0; i < map->count; i++)
        lookup.order[i] = i;
    qsort_r(lookup.order, map->count, sizeof *lookup.order, compare_entries, map->as.entries);
    return lookup;
}

static Entry *lookup_find(const Lookup *lookup, Str key)
{
    uint32_t low = 0, high = lookup->known;

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        uint32_t at = lookup->order ? lookup->order[middle] : middle;
        int order = str_cmp(entry_key(&lookup->map->as.entries[at]), key);
        if (order == 0)
            return &lookup->map->as.entries[at];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

static void append_unknown(const PlanValues *values, Node *map, const Entry *mask, Given given,
                           uint32_t depth)
{
    Entry *entry = &map->as.entries[map->count++];

    *entry = *mask;
    entry->value = node_make_null(node_span(&mask->value));
    lay_over(values, &entry->value, &mask->value, given, depth + 1);
}

/* Keys that only the mask has stand at the end. */
static void lay_over_map(const PlanValues *values, Node *body, const Node *mask, Given given,
                         uint32_t depth)
{
    Lookup lookup = lookup_new(values, body);
    bool extended = false;

    for (uint32_t i = 0; i < mask->count; i++) {
        const Entry *entry = &mask->as.entries[i];
        Given below;
        Entry *here;
        if (!mask_says_any(&entry->value, depth))
            continue;
        below = given_below(values, given, entry_key(entry));
        here = lookup_find(&lookup, entry_key(entry));
        if (here) {
            lay_over(values, &here->value, &entry->value, below, depth + 1);
            continue;
        }
        if (!extended && !node_extend_map(body, mask->count - i, values->arena))
            return;
        extended = true;
        append_unknown(values, body, entry, below, depth);
    }
}

/* Items that only the mask has stand at the end. */
static void lay_over_list(const PlanValues *values, Node *body, const Node *mask, Given given,
                          uint32_t depth)
{
    if (mask->count > body->count) {
        Node *items = arena_raw(values->arena, mask->count, sizeof *items);
        if (!items)
            return;
        if (body->count)
            memcpy(items, body->as.items, body->count * sizeof *items);
        for (uint32_t i = body->count; i < mask->count; i++)
            items[i] = node_make_null(node_span(&mask->as.items[i]));
        body->as.items = items;
        body->count = mask->count;
    }
    for (uint32_t i = 0; i < mask->count; i++)
        if (mask_says_any(&mask->as.items[i], depth))
            lay_over(values, &body->as.items[i], &mask->as.items[i], given_item(given, body, i),
                     depth + 1);
}

static void lay_over(const PlanValues *values, Node *body, const Node *mask, Given given,
                     uint32_t depth)
{
    uint8_t flags = body->flags;

    if (depth > LIMIT_DEPTH)
        return;
    if (mask->kind == NODE_BOOL) {
        *body = node_make_unknown(node_span(body), given.shared ? given.shared : &computed);
        body->flags = flags;
        return;
    }
    if (body->kind == NODE_NULL && mask->kind == NODE_MAP)
        *body = node_make_map(node_span(body), NULL, 0);
    if (body->kind == NODE_NULL && mask->kind == NODE_LIST)
        *body = node_make_list(node_span(body), NULL, 0);
    if (body->kind == NODE_MAP && mask->kind == NODE_MAP)
        lay_over_map(values, body, mask, given, depth);
    else if (body->kind == NODE_LIST && mask->kind == NODE_LIST)
        lay_over_list(values, body, mask, given, depth);
}

void plan_put_unknown(const PlanValues *values, Node *body, const Node *mask,
                      const Node *expressions)
{
    if (mask && mask_says_any(mask, 0))
        lay_over(values, body, mask, (Given){expressions, NULL}, 0);
}

static bool reference_unmet(const Entry *expression, const Node *body)
{
    const Node *value = node_get_named(body, entry_key(expression));

    return plan_expression_references(&expression->value) && (!value || value->kind == NODE_NULL);
}

void plan_put_referenced(const PlanValues *values, Node *body, const Node *expressions)
{
    MapBuilder map = map_builder(values->arena, values->symbols);
    uint32_t unmet = 0;

    if (!expressions || expressions->kind != NODE_MAP || body->kind != NODE_MAP)
        return;
    for (uint32_t i = 0; i < expressions->count; i++)
        unmet += reference_unmet(&expressions->as.entries[i], body);
    if (unmet == 0)
        return;
    for (uint32_t i = 0; i < body->count; i++)
        map_put_entry(&map, &body->as.entries[i]);
    for (uint32_t i = 0; i < expressions->count; i++) {
        const Entry *entry = &expressions->as.entries[i];
        Span key = {expressions->source, entry->key_start, entry->key_end};
        if (reference_unmet(entry, body))
            map_put(&map, entry_key(entry), key,
                    node_make_unknown(node_span(&entry->value),
                                      unknown_of_expression(values, &entry->value)));
    }
    *body = map_done(&map, node_span(body));
}

static void flag_all(Node *node, uint32_t depth)
{
    node->flags |= NODE_SENSITIVE;
    if (depth > LIMIT_DEPTH)
        return;
    for (uint32_t i = 0; node->kind == NODE_LIST && i < node->count; i++)
        flag_all(&node->as.items[i], depth + 1);
    for (uint32_t i = 0; node->kind == NODE_MAP && i < node->count; i++)
        flag_all(&node->as.entries[i].value, depth + 1);
}

static void flag_masked(const PlanValues *values, Node *body, const Node *mask, uint32_t depth)
{
    Lookup lookup;

    if (depth > LIMIT_DEPTH || !mask_says_any(mask, depth))
        return;
    if (mask->kind == NODE_BOOL)
        flag_all(body, depth);
    for (uint32_t i = 0;
         mask->kind == NODE_LIST && body->kind == NODE_LIST && i < mask->count && i < body->count;
         i++)
        flag_masked(values, &body->as.items[i], &mask->as.items[i], depth + 1);
    if (mask->kind != NODE_MAP || body->kind != NODE_MAP)
        return;
    lookup = lookup_new(values, body);
    for (uint32_t i = 0; i < mask->count; i++) {
        const Entry *entry = &mask->as.entries[i];
        Entry *here = lookup_find(&lookup, entry_key(entry));
        if (here)
            flag_masked(values, &here->value, &entry->value, depth + 1);
    }
}

void plan_put_sensitive(const PlanValues *values, Node *body, const Node *mask)
{
    if (mask)
        flag_masked(values, body, mask, 0);
}

static Node constant_of(const PlanValues *values, const Node *config, uint32_t depth)
{
    const Node *constant = node_get_named(config, STR("constant_value"));
    Node *items;

    if (constant)
        return *constant;
    if (config->kind == NODE_LIST && depth <= LIMIT_DEPTH) {
        items = config->count ? ARENA_ARRAY(values->arena, Node, config->count) : NULL;
        for (uint32_t i = 0; items && i < config->count; i++)
            items[i] = plan_constants(values, &config->as.items[i], depth + 1);
        return node_make_list(node_span(config), items, items ? config->count : 0);
    }
    if (plan_is_expression(config) || depth > LIMIT_DEPTH)
        return node_make_unknown(node_span(config), unknown_of_expression(values, config));
    return plan_constants(values, config, depth + 1);
}

Node plan_constants(const PlanValues *values, const Node *expressions, uint32_t depth)
{
    MapBuilder map = map_builder(values->arena, values->symbols);

    for (uint32_t i = 0; expressions->kind == NODE_MAP && i < expressions->count; i++) {
        const Entry *entry = &expressions->as.entries[i];
        Span key = {expressions->source, entry->key_start, entry->key_end};
        map_put(&map, entry_key(entry), key, constant_of(values, &entry->value, depth));
    }
    return map_done(&map, node_span(expressions));
}
