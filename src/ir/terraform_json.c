#include "ir/terraform_json.h"

#include "base/limits.h"
#include "syntax/json.h"

#define LABELS_MAX 2u

typedef struct Reader {
    Sources *sources;
    const Source *source;
    Arena *arena;
    DiagSink *diags;
} Reader;

/* What a body is of. */
typedef enum BodyKind {
    BODY_FILE,
    BODY_VALUES, /* arguments only: locals, inputs of modules, outputs */
    BODY_VARIABLE,
    BODY_SETTINGS, /* terraform */
    BODY_PROVIDERS,
    BODY_RESOURCE,
    BODY_DYNAMIC,
} BodyKind;

typedef struct BlockType {
    BodyKind in;
    const char *name;
    uint32_t labels;
    BodyKind body;
} BlockType;

static const BlockType block_types[] = {
    {BODY_FILE, "resource", 2, BODY_RESOURCE},
    {BODY_FILE, "data", 2, BODY_RESOURCE},
    {BODY_FILE, "variable", 1, BODY_VARIABLE},
    {BODY_FILE, "output", 1, BODY_VALUES},
    {BODY_FILE, "module", 1, BODY_VALUES},
    {BODY_FILE, "provider", 1, BODY_RESOURCE},
    {BODY_FILE, "locals", 0, BODY_VALUES},
    {BODY_FILE, "terraform", 0, BODY_SETTINGS},
    {BODY_VARIABLE, "validation", 0, BODY_VALUES},
    {BODY_SETTINGS, "required_providers", 0, BODY_PROVIDERS},
    {BODY_SETTINGS, "backend", 1, BODY_VALUES},
    {BODY_SETTINGS, "cloud", 0, BODY_RESOURCE},
    {BODY_RESOURCE, "dynamic", 1, BODY_DYNAMIC},
    {BODY_DYNAMIC, "content", 0, BODY_RESOURCE},
};

static const BlockType *block_type(BodyKind in, Str name)
{
    for (size_t i = 0; i < sizeof block_types / sizeof *block_types; i++)
        if (block_types[i].in == in && str_eq(name, str_of(block_types[i].name)))
            return &block_types[i];
    return NULL;
}

static Span key_span(const Reader *reader, const Entry *entry)
{
    return (Span){reader->source->number, entry->key_start, entry->key_end};
}

/* --- expressions --- */

static HclExpr *new_expr(Reader *reader, HclKind kind, Span span)
{
    HclExpr *expr = ARENA_NEW(reader->arena, HclExpr);

    if (!expr)
        return NULL;
    expr->kind = (uint8_t)kind;
    expr->height = 1;
    expr->span = expr->name_span = span;
    return expr;
}

static const HclExpr *new_string(Reader *reader, Str text, Span span)
{
    HclExpr *expr = new_expr(reader, HCL_STRING, span);

    if (expr)
        expr->as.text = text;
    return expr;
}

/* NULL after a mistake, which is reported, or when the arena is spent. */
static const HclExpr *read_string(Reader *reader, Str text, Span span)
{
    const Source *inner;

    if (str_find(text, STR("${")) < 0 && str_find(text, STR("%{")) < 0)
        return new_string(reader, text, span);
    inner = sources_add_decoded(reader->sources, span, text, NULL, 0);
    return inner ? hcl_read_template(inner, reader->arena, reader->diags) : NULL;
}

/* The type of a variable. */
static const HclExpr *read_type(Reader *reader, const Node *value)
{
    Str text = node_string(value);
    const Source *inner = sources_add_decoded(reader->sources, node_span(value), text, NULL, 0);

    return inner && text.size ? hcl_read_expression(inner, reader->arena, reader->diags) : NULL;
}

static const HclExpr *read_value(Reader *reader, const Node *value);

static bool add_item(Reader *reader, HclExpr *expr, const HclExpr *item)
{
    if (!item)
        return false;
    if (item->height >= LIMIT_DEPTH) {
        diag_error(reader->diags, DIAG_HCL_SYNTAX, item->span, "expressions are nested too deeply");
        return false;
    }
    expr->items[expr->count++] = item;
    if (item->height >= expr->height)
        expr->height = (uint16_t)(item->height + 1);
    return true;
}

static const HclExpr *read_list(Reader *reader, const Node *list)
{
    HclExpr *expr = new_expr(reader, HCL_TUPLE, node_span(list));

    if (!expr || !(expr->items = ARENA_ARRAY(reader->arena, const HclExpr *, list->count)))
        return NULL;
    for (uint32_t i = 0; i < list->count; i++)
        if (!add_item(reader, expr, read_value(reader, &list->as.items[i])))
            return NULL;
    return expr;
}

static const HclExpr *read_map(Reader *reader, const Node *map)
{
    HclExpr *expr = new_expr(reader, HCL_OBJECT, node_span(map));

    if (!expr ||
        !(expr->items = ARENA_ARRAY(reader->arena, const HclExpr *, 2 * (size_t)map->count)))
        return NULL;
    for (uint32_t i = 0; i < map->count; i++) {
        const Entry *entry = &map->as.entries[i];
        if (!add_item(reader, expr,
                      read_string(reader, entry_key(entry), key_span(reader, entry))) ||
            !add_item(reader, expr, read_value(reader, &entry->value)))
            return NULL;
    }
    return expr;
}

/* As deep as the JSON reader allows. */
static const HclExpr *read_value(Reader *reader, const Node *value)
{
    HclExpr *expr;

    if (value->kind == NODE_STRING)
        return read_string(reader, node_text(value), node_span(value));
    if (value->kind == NODE_LIST)
        return read_list(reader, value);
    if (value->kind == NODE_MAP)
        return read_map(reader, value);
    expr = new_expr(reader, HCL_LITERAL, node_span(value));
    if (expr)
        expr->as.literal = *value;
    return expr;
}

/* --- bodies --- */

typedef struct Body {
    HclBody *body;
    uint32_t attribute_capacity;
    uint32_t block_capacity;
} Body;

static bool read_body(Reader *reader, const Node *map, BodyKind kind, HclBody *body);

static bool add_attribute(Reader *reader, Body *out, const Entry *entry, BodyKind kind)
{
    bool is_type = kind == BODY_VARIABLE && str_eq(entry_key(entry), STR("type"));
    const HclExpr *value =
        is_type ? read_type(reader, &entry->value) : read_value(reader, &entry->value);
    HclAttribute *grown =
        arena_grow(reader->arena, out->body->attributes, out->body->attribute_count,
                   &out->attribute_capacity, (size_t)out->body->attribute_count + 1, sizeof *grown);

    if (!grown)
        return false;
    out->body->attributes = grown;
    if (value)
        grown[out->body->attribute_count++] =
            (HclAttribute){entry_key(entry), key_span(reader, entry), value};
    return !arena_spent(reader->arena);
}

/* A block whose labels are known; its value is its body, or a list of bodies. */
static bool add_block(Reader *reader, Body *out, const HclBlock *block, const Node *value,
                      BodyKind kind)
{
    HclBlock *grown;

    for (uint32_t i = 0; value->kind == NODE_LIST && i < value->count; i++)
        if (value->as.items[i].kind == NODE_MAP &&
            !add_block(reader, out, block, &value->as.items[i], kind))
            return false;
    if (value->kind != NODE_MAP)
        return true;
    grown = arena_grow(reader->arena, out->body->blocks, out->body->block_count,
                       &out->block_capacity, (size_t)out->body->block_count + 1, sizeof *grown);
    if (!grown)
        return false;
    out->body->blocks = grown;
    grown += out->body->block_count++;
    *grown = *block;
    grown->span = (Span){block->header.source, block->header.start, value->end};
    grown->body = ARENA_NEW(reader->arena, HclBody);
    return grown->body && read_body(reader, value, kind, grown->body);
}

/* Takes `left` labels off the keys of `value`, which may be lists of objects at each step. */
static bool add_labelled(Reader *reader, Body *out, const HclBlock *block, const Node *value,
                         uint32_t left, BodyKind kind)
{
    if (left == 0)
        return add_block(reader, out, block, value, kind);
    for (uint32_t i = 0; value->kind == NODE_LIST && i < value->count; i++)
        if (value->as.items[i].kind == NODE_MAP &&
            !add_labelled(reader, out, block, &value->as.items[i], left, kind))
            return false;
    for (uint32_t i = 0; value->kind == NODE_MAP && i < value->count; i++) {
        const Entry *entry = &value->as.entries[i];
        HclLabel *labels = ARENA_ARRAY(reader->arena, HclLabel, LABELS_MAX);
        HclBlock inner = *block;
        if (!labels)
            return false;
        if (block->label_count)
            memcpy(labels, block->labels, block->label_count * sizeof *labels);
        labels[inner.label_count++] = (HclLabel){entry_key(entry), key_span(reader, entry)};
        inner.labels = labels;
        inner.header = key_span(reader, entry);
        if (!add_labelled(reader, out, &inner, &entry->value, left - 1, kind))
            return false;
    }
    return true;
}

static bool is_map_name(Str name)
{
    static const Str names[] = {
        STR_INIT("annotations"), STR_INIT("match_labels"), STR_INIT("node_selector"),
        STR_INIT("selector"),    STR_INIT("data"),         STR_INIT("binary_data"),
        STR_INIT("variables"),   STR_INIT("triggers"),     STR_INIT("keepers"),
        STR_INIT("parameters"),  STR_INIT("app_settings"), STR_INIT("options"),
        STR_INIT("query"),       STR_INIT("limits"),       STR_INIT("requests"),
        STR_INIT("input"),       STR_INIT("config")};

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (str_eq(name, names[i]))
            return true;
    return str_ends(name, STR("labels")) ||
           (str_ends(name, STR("tags")) && !str_eq(name, STR("default_tags")));
}

static bool is_list_of_maps(const Node *value)
{
    for (uint32_t i = 0; i < value->count; i++)
        if (value->as.items[i].kind != NODE_MAP)
            return false;
    return value->count > 0;
}

static bool is_block(BodyKind kind, const Entry *entry)
{
    const Node *value = &entry->value;

    if (kind != BODY_RESOURCE)
        return false;
    return value->kind == NODE_MAP ? !is_map_name(entry_key(entry))
                                   : value->kind == NODE_LIST && is_list_of_maps(value);
}

static bool add_entry(Reader *reader, Body *out, const Entry *entry, BodyKind kind)
{
    Str name = entry_key(entry);
    const BlockType *type = block_type(kind, name);
    HclBlock block = {.type = name, .header = key_span(reader, entry)};

    if (str_eq(name, STR("//")))
        return true;
    if (type)
        return add_labelled(reader, out, &block, &entry->value, type->labels, type->body);
    if (kind == BODY_FILE)
        return true; /* moved, import, removed, check: nothing that is judged */
    if (is_block(kind, entry))
        return add_block(reader, out, &block, &entry->value, BODY_RESOURCE);
    return add_attribute(reader, out, entry, kind);
}

static bool read_body(Reader *reader, const Node *map, BodyKind kind, HclBody *body)
{
    Body out = {.body = body};

    body->span = node_span(map);
    for (uint32_t i = 0; i < map->count; i++)
        if (!add_entry(reader, &out, &map->as.entries[i], kind))
            return false;
    return true;
}

HclBody *tf_json_read(Sources *sources, const Source *source, const Symbols *symbols, Arena *arena,
                      DiagSink *diags)
{
    Reader reader = {sources, source, arena, diags};
    HclBody *body = ARENA_NEW(arena, HclBody);
    Node file;

    if (!body || !json_read(source, symbols, arena, diags, &file))
        return arena_spent(arena) ? NULL : body;
    if (file.kind == NODE_MAP)
        return read_body(&reader, &file, BODY_FILE, body) ? body : NULL;
    for (uint32_t i = 0; file.kind == NODE_LIST && i < file.count; i++)
        if (file.as.items[i].kind == NODE_MAP &&
            !read_body(&reader, &file.as.items[i], BODY_FILE, body))
            return NULL;
    return body;
}
