#include "ir/terraform_config.h"

#include <stdio.h>

TfConfig tf_config_new(Arena *arena)
{
    return (TfConfig){.arena = arena, .index = str_map_new(arena)};
}

static const Str prefixes[] = {
    [TF_RESOURCE] = STR_INIT(""),          [TF_DATA] = STR_INIT("data."),
    [TF_VARIABLE] = STR_INIT("var."),      [TF_LOCAL] = STR_INIT("local."),
    [TF_OUTPUT] = STR_INIT("output."),     [TF_MODULE] = STR_INIT("module."),
    [TF_PROVIDER] = STR_INIT("provider "), [TF_TERRAFORM] = STR_INIT("terraform "),
};

static char *add_part(char *to, Str part)
{
    if (part.size)
        memcpy(to, part.data, part.size);
    return to + part.size;
}

/* The name under which an item is filed. Made for each name in each expression, so by hand. */
static Str item_key(Arena *arena, TfKind kind, Str type, Str name)
{
    size_t size = (size_t)prefixes[kind].size + type.size + (type.size > 0) + name.size;
    char *key = arena_raw(arena, size + 1, 1);
    char *to = key;

    if (!key)
        return (Str){NULL, 0};
    to = add_part(to, prefixes[kind]);
    to = add_part(to, type);
    if (type.size)
        *to++ = '.';
    *add_part(to, name) = '\0';
    return (Str){key, (uint32_t)size};
}

const HclExpr *tf_item_expr(const TfItem *item, const char *name)
{
    const HclAttribute *attribute =
        item->block ? hcl_attribute(item->block->body, str_of(name)) : NULL;

    return attribute ? attribute->value : NULL;
}

Str tf_item_reference(const TfItem *item, Arena *arena)
{
    return item_key(arena, item->kind, item->type, item->name);
}

const TfItem *tf_config_find(const TfConfig *config, TfKind kind, Str type, Str name)
{
    size_t mark = arena_mark(config->arena);
    Str key = item_key(config->arena, kind, type, name);
    uint32_t number = key.data ? str_map_find(&config->index, key) : 0;

    arena_rewind(config->arena, mark);
    return number ? &config->items[number - 1] : NULL;
}

static bool may_repeat(TfKind kind)
{
    return kind == TF_TERRAFORM;
}

static bool add_item(TfConfig *config, TfItem item, DiagSink *diags)
{
    Str key = item_key(config->arena, item.kind, item.type, item.name);
    uint32_t *number = key.data ? str_map_at(&config->index, key) : NULL;
    TfItem *items = arena_grow(config->arena, config->items, config->count, &config->capacity,
                               (size_t)config->count + 1, sizeof *items);

    if (!number || !items)
        return false;
    config->items = items;
    items[config->count++] = item;
    if (*number == 0)
        *number = config->count;
    else if (!may_repeat(item.kind))
        diag_warning(diags, DIAG_HCL_DUPLICATE, item.span, "%.*s is declared twice", STR_ARG(key));
    return true;
}

static TfItem local_item(const HclAttribute *attribute)
{
    return (TfItem){.kind = TF_LOCAL,
                    .name = attribute->name,
                    .expr = attribute->value,
                    .span = attribute->name_span};
}

static bool add_locals(TfConfig *config, const HclBlock *block, DiagSink *diags)
{
    for (uint32_t i = 0; i < block->body->attribute_count; i++)
        if (!add_item(config, local_item(&block->body->attributes[i]), diags))
            return false;
    return true;
}

typedef struct BlockType {
    const char *type;
    TfKind kind;
    uint32_t labels;
} BlockType;

static const BlockType block_types[] = {
    {"resource", TF_RESOURCE, 2},   {"data", TF_DATA, 2},     {"variable", TF_VARIABLE, 1},
    {"output", TF_OUTPUT, 1},       {"module", TF_MODULE, 1}, {"provider", TF_PROVIDER, 1},
    {"terraform", TF_TERRAFORM, 0}, {"locals", TF_LOCAL, 0},
};

static const BlockType *block_type(Str name)
{
    for (size_t i = 0; i < sizeof block_types / sizeof *block_types; i++)
        if (str_eq(name, str_of(block_types[i].type)))
            return &block_types[i];
    return NULL;
}

/* A provider is known by its alias. */
static Str provider_name(const HclBlock *block)
{
    const HclAttribute *alias = hcl_attribute(block->body, STR("alias"));
    Str name = alias ? hcl_string(alias->value) : (Str){"", 0};

    return name.size ? name : STR("default");
}

static TfItem block_item(const HclBlock *block, const BlockType *type)
{
    TfItem item = {.kind = type->kind, .block = block, .span = block->header};

    if (type->labels == 2)
        item.type = block->labels[0].text;
    if (type->labels)
        item.name = block->labels[type->labels - 1].text;
    if (type->kind == TF_PROVIDER) {
        item.type = item.name;
        item.name = provider_name(block);
    }
    return item;
}

static bool has_labels(const HclBlock *block, const BlockType *type, DiagSink *diags)
{
    if (block->label_count == type->labels)
        return true;
    diag_error(diags, DIAG_HCL_SYNTAX, block->header, "a %s block has %u labels, not %u",
               type->type, type->labels, block->label_count);
    return false;
}

/* Blocks that say how a state moves, or what is true of it: nothing that is judged. */
static bool is_other_block(Str type)
{
    static const char *const types[] = {"moved",  "import",    "removed", "check",
                                        "action", "ephemeral", "list"};

    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (str_eq(type, str_of(types[i])))
            return true;
    return false;
}

static bool add_block(TfConfig *config, const HclBlock *block, DiagSink *diags)
{
    const BlockType *type = block_type(block->type);

    if (!type && !is_other_block(block->type))
        diag_warning(diags, DIAG_HCL_SYNTAX, block->header,
                     "Terraform has no block of the type `%.*s`", STR_ARG(block->type));
    if (!type || !has_labels(block, type, diags))
        return true;
    if (type->kind == TF_LOCAL)
        return add_locals(config, block, diags);
    return add_item(config, block_item(block, type), diags);
}

/* A check may have a data source of its own. */
static bool add_check(TfConfig *config, const HclBlock *check, DiagSink *diags)
{
    for (uint32_t i = 0; i < check->body->block_count; i++)
        if (str_eq(check->body->blocks[i].type, STR("data")) &&
            !add_block(config, &check->body->blocks[i], diags))
            return false;
    return true;
}

bool tf_config_add(TfConfig *config, const HclBody *file, DiagSink *diags)
{
    for (uint32_t i = 0; i < file->block_count; i++) {
        const HclBlock *block = &file->blocks[i];
        if (!add_block(config, block, diags) ||
            (str_eq(block->type, STR("check")) && !add_check(config, block, diags)))
            return false;
    }
    return true;
}

/* --- override files --- */

static const HclBlock *block_of_type(const HclBody *body, Str type)
{
    for (uint32_t i = 0; i < body->block_count; i++)
        if (str_eq(body->blocks[i].type, type))
            return &body->blocks[i];
    return NULL;
}

/* The type of the blocks that a block makes. */
static Str made_type(const HclBlock *block)
{
    return str_eq(block->type, STR("dynamic")) && block->label_count ? block->labels[0].text
                                                                     : block->type;
}

static bool makes_type(const HclBody *body, Str type)
{
    for (uint32_t i = 0; i < body->block_count; i++)
        if (str_eq(made_type(&body->blocks[i]), type))
            return true;
    return false;
}

static bool is_merged(Str type)
{
    return str_eq(type, STR("lifecycle")) || str_eq(type, STR("required_providers"));
}

static void merge_attributes(HclBody *merged, const HclBody *more)
{
    for (uint32_t i = 0; i < more->attribute_count; i++) {
        HclAttribute *old = (HclAttribute *)hcl_attribute(merged, more->attributes[i].name);
        if (old)
            *old = more->attributes[i];
        else
            merged->attributes[merged->attribute_count++] = more->attributes[i];
    }
}

static HclBody *merge_bodies(Arena *arena, const HclBody *base, const HclBody *more, bool outer);

/* A block of both: merged, or that of the override file. */
static HclBlock merge_block(Arena *arena, const HclBlock *block, const HclBody *base, bool outer)
{
    const HclBlock *old = outer && is_merged(block->type) ? block_of_type(base, block->type) : NULL;
    HclBlock merged = *block;

    if (old)
        merged.body = merge_bodies(arena, old->body, block->body, false);
    return merged;
}

/* NULL when the arena is spent. */
static HclBody *merge_bodies(Arena *arena, const HclBody *base, const HclBody *more, bool outer)
{
    HclBody *merged = ARENA_NEW(arena, HclBody);
    uint32_t attributes = base->attribute_count + more->attribute_count;
    uint32_t blocks = base->block_count + more->block_count;

    if (!merged)
        return NULL;
    *merged = *base;
    merged->attributes = ARENA_ARRAY(arena, HclAttribute, attributes);
    merged->blocks = ARENA_ARRAY(arena, HclBlock, blocks);
    merged->block_count = 0;
    if (!merged->attributes || !merged->blocks)
        return NULL;
    if (base->attribute_count)
        memcpy(merged->attributes, base->attributes,
               base->attribute_count * sizeof *base->attributes);
    merge_attributes(merged, more);
    for (uint32_t i = 0; i < base->block_count; i++)
        if (!makes_type(more, made_type(&base->blocks[i])))
            merged->blocks[merged->block_count++] = base->blocks[i];
    for (uint32_t i = 0; i < more->block_count; i++) {
        HclBlock block = merge_block(arena, &more->blocks[i], base, outer);
        if (!block.body)
            return NULL;
        merged->blocks[merged->block_count++] = block;
    }
    return merged;
}

static bool override_item(TfConfig *config, TfItem item, DiagSink *diags)
{
    TfItem *old = (TfItem *)tf_config_find(config, item.kind, item.type, item.name);
    HclBlock *block;

    if (!old)
        return add_item(config, item, diags);
    if (!item.block) {
        *old = item;
        return true;
    }
    block = ARENA_NEW(config->arena, HclBlock);
    if (!block)
        return false;
    *block = *old->block;
    block->body = merge_bodies(config->arena, old->block->body, item.block->body, true);
    old->block = block;
    return block->body != NULL;
}

static bool override_block(TfConfig *config, const HclBlock *block, const BlockType *type,
                           DiagSink *diags)
{
    if (type->kind != TF_LOCAL)
        return override_item(config, block_item(block, type), diags);
    for (uint32_t i = 0; i < block->body->attribute_count; i++)
        if (!override_item(config, local_item(&block->body->attributes[i]), diags))
            return false;
    return true;
}

bool tf_config_override(TfConfig *config, const HclBody *file, DiagSink *diags)
{
    for (uint32_t i = 0; i < file->block_count; i++) {
        const HclBlock *block = &file->blocks[i];
        const BlockType *type = block_type(block->type);
        if (type && has_labels(block, type, diags) && !override_block(config, block, type, diags))
            return false;
    }
    return true;
}
