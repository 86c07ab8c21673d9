#include "ir/terraform_body.h"

#include "base/limits.h"

static Str join(TfBody *body, Str path, Str name)
{
    const Str parts[] = {path, STR_INIT("."), name};

    return str_concat(body->world->unit->arena, parts, 3);
}

static Str join_path(TfBody *body, Str path, Str name)
{
    return path.size ? join(body, path, name) : name;
}

static Str join_position(TfBody *body, Str path, uint32_t position)
{
    char digits[STR_DIGITS];

    return join(body, path, str_number(position, digits));
}

/* --- references --- */

static void place_refs(TfBody *body, Str path, Str from, const TfRefs *refs)
{
    for (uint32_t i = 0; i < refs->count; i++) {
        TfPlacedRef *items =
            arena_grow(body->world->unit->arena, body->refs, body->ref_count, &body->ref_capacity,
                       (size_t)body->ref_count + 1, sizeof *items);
        if (!items)
            return;
        body->refs = items;
        items[body->ref_count++] = (TfPlacedRef){path, from, refs->items[i]};
    }
}

/* --- meta-arguments: references that are meant as such --- */

static Str source_text(const TfBody *body, Span span)
{
    const Source *source = sources_get(&body->world->unit->sources, span.source);

    return source ? str_sub(source->text, span.start, span.end - span.start) : STR("");
}

static Node text_of(const TfBody *body, const HclExpr *expr)
{
    Str text = expr->kind == HCL_STRING ? expr->as.text : source_text(body, expr->span);

    return node_make_string(expr->span, text);
}

static Node texts_of(TfBody *body, const HclExpr *expr)
{
    Arena *arena = body->world->unit->arena;
    HclMap map = hcl_map_new(arena, body->world->unit->symbols);
    Node *items;

    if (expr->kind == HCL_OBJECT) {
        for (uint32_t i = 0; i + 1 < expr->count; i += 2)
            hcl_map_put(&map, node_text(&(Node[]){text_of(body, expr->items[i])}[0]),
                        expr->items[i]->span, text_of(body, expr->items[i + 1]));
        return hcl_map_done(&map, expr->span);
    }
    if (expr->kind != HCL_TUPLE)
        return text_of(body, expr);
    items = ARENA_ARRAY(arena, Node, expr->count);
    for (uint32_t i = 0; items && i < expr->count; i++)
        items[i] = text_of(body, expr->items[i]);
    return node_make_list(expr->span, items, items ? expr->count : 0);
}

/* Arguments that hold references or types and no values. `block` is the type of their block. */
static bool is_text_argument(Str block, Str name)
{
    static const Str names[][2] = {
        {STR_INIT("resource"), STR_INIT("depends_on")},
        {STR_INIT("resource"), STR_INIT("provider")},
        {STR_INIT("data"), STR_INIT("depends_on")},
        {STR_INIT("data"), STR_INIT("provider")},
        {STR_INIT("module"), STR_INIT("depends_on")},
        {STR_INIT("module"), STR_INIT("providers")},
        {STR_INIT("output"), STR_INIT("depends_on")},
        {STR_INIT("variable"), STR_INIT("type")},
        {STR_INIT("lifecycle"), STR_INIT("ignore_changes")},
        {STR_INIT("lifecycle"), STR_INIT("replace_triggered_by")},
    };

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (str_eq(name, names[i][1]) && str_eq(block, names[i][0]))
            return true;
    return false;
}

static Node text_argument(TfBody *body, const HclAttribute *attribute, Str path)
{
    TfWorld *world = body->world;
    TfRefs refs = {0};

    if (str_eq(attribute->name, STR("depends_on"))) {
        world->eval.quiet++;
        tf_evaluate(world, attribute->value, &refs);
        world->eval.quiet--;
        place_refs(body, path, attribute->name, &refs);
    }
    return texts_of(body, attribute->value);
}

/* --- arguments --- */

/* Of a list that is written out, each element's references belong to it alone. */
static Node list_argument(TfBody *body, const HclExpr *expr, Str path, Str from)
{
    TfWorld *world = body->world;
    Node *items = ARENA_ARRAY(world->unit->arena, Node, expr->count), list;

    for (uint32_t i = 0; items && i < expr->count; i++) {
        TfRefs refs = {0};
        items[i] = tf_evaluate(world, expr->items[i], &refs);
        if (refs.count)
            place_refs(body, join_position(body, path, i), from, &refs);
    }
    list = node_make_list(expr->span, items, items ? expr->count : 0);
    list.flags &= (uint8_t)~NODE_DERIVED;
    return list;
}

static Node argument(TfBody *body, const HclBlock *block, uint32_t number, Str path, Str from)
{
    const HclAttribute *attribute = &block->body->attributes[number];
    TfRefs refs = {0};
    Node value;

    if (attribute->value->kind == HCL_TUPLE)
        return list_argument(body, attribute->value, path, from);
    if (body->instance && body->instance->item->block == block) {
        const TfSlot *slot = tf_argument(body->world, body->instance, number);
        if (!slot)
            return node_make_null(attribute->value->span);
        place_refs(body, path, from, &slot->refs);
        return slot->value;
    }
    value = tf_evaluate(body->world, attribute->value, &refs);
    place_refs(body, path, from, &refs);
    return value;
}

static Node block_body(TfBody *body, const HclBlock *block, Str path, Str from);

static void put_arguments(TfBody *body, const HclBlock *block, HclMap *map, Str path, Str from)
{
    for (uint32_t i = 0; i < block->body->attribute_count; i++) {
        const HclAttribute *attribute = &block->body->attributes[i];
        Str inner_path = join_path(body, path, attribute->name);
        Str inner_from = join_path(body, from, attribute->name);
        Node value;
        if (is_text_argument(block->type, attribute->name))
            value = text_argument(body, attribute, inner_path);
        else
            value = argument(body, block, i, inner_path, inner_from);
        hcl_map_put(map, attribute->name, attribute->name_span, value);
    }
}

/* --- nested blocks --- */

/* The list of the blocks of one type. */
typedef struct BlockList {
    TfBody *body;
    Str type;
    Str path;
    Str from;
    Node *items;
    uint32_t count;
    uint32_t capacity;
    Node unknown; /* why it is not known how many there are; else null */
    Span at;
} BlockList;

static void add_block(BlockList *list, const HclBlock *block)
{
    TfBody *body = list->body;
    Str path = join_position(body, list->path, list->count);
    Node *items = arena_grow(body->world->unit->arena, list->items, list->count, &list->capacity,
                             (size_t)list->count + 1, sizeof *items);

    if (!items)
        return;
    list->items = items;
    Node value = block_body(body, block, path, list->from);
    list->items[list->count++] = value;
}

static const HclBlock *content_of(const HclBlock *dynamic)
{
    for (uint32_t i = 0; i < dynamic->body->block_count; i++)
        if (str_eq(dynamic->body->blocks[i].type, STR("content")))
            return &dynamic->body->blocks[i];
    return NULL;
}

static Str iterator_of(const HclBlock *dynamic)
{
    const HclAttribute *iterator = hcl_attribute(dynamic->body, STR("iterator"));

    if (iterator && iterator->value->kind == HCL_NAME)
        return iterator->value->as.name;
    return dynamic->labels[0].text;
}

/* One block for an element: NAME.key and NAME.value are in scope. */
static void add_element(BlockList *list, const HclBlock *dynamic, const HclBlock *content, Node key,
                        Node value)
{
    TfWorld *world = list->body->world;
    HclMap map = hcl_map_new(world->unit->arena, world->unit->symbols);
    HclScope scope = {iterator_of(dynamic), {0}, world->eval.scope};

    hcl_map_put(&map, STR("key"), content->header, key);
    hcl_map_put(&map, STR("value"), content->header, value);
    scope.value = hcl_map_done(&map, content->header);
    world->eval.scope = &scope;
    add_block(list, content);
    world->eval.scope = scope.outer;
}

static void expand_dynamic(BlockList *list, const HclBlock *dynamic, const HclBlock *content,
                           const Node *each)
{
    TfWorld *world = list->body->world;
    const Entry **sorted = each->kind == NODE_MAP ? hcl_sorted(world->unit->arena, each) : NULL;

    for (uint32_t i = 0; i < each->count; i++) {
        Node value = sorted ? sorted[i]->value : each->as.items[i];
        Node key = sorted             ? node_make_string(node_span(each), entry_key(sorted[i]))
                   : hcl_is_set(each) ? value
                                      : node_make_int(node_span(each), i);
        if (!hcl_work(&world->eval, 1, content->header))
            return;
        add_element(list, dynamic, content, key, value);
    }
}

static void add_dynamic(BlockList *list, const HclBlock *dynamic)
{
    TfWorld *world = list->body->world;
    const HclAttribute *for_each = hcl_attribute(dynamic->body, STR("for_each"));
    const HclBlock *content = content_of(dynamic);
    TfRefs refs = {0};
    Node each;

    if (!for_each || !content) {
        diag_error(&world->unit->diags, DIAG_HCL_SYNTAX, dynamic->header,
                   "a dynamic block needs for_each and content");
        return;
    }
    each = tf_evaluate(world, for_each->value, &refs);
    if (each.kind == NODE_UNKNOWN) {
        list->unknown = each;
        place_refs(list->body, list->path, list->from, &refs);
    } else if (each.kind == NODE_LIST || each.kind == NODE_MAP) {
        expand_dynamic(list, dynamic, content, &each);
    } else if (each.kind != NODE_NULL) {
        hcl_fail(&world->eval, for_each->value->span, "for_each goes through a list or a map");
    }
}

static bool is_dynamic(const HclBlock *block)
{
    return str_eq(block->type, STR("dynamic")) && block->label_count == 1;
}

static Str effective_type(const HclBlock *block)
{
    return is_dynamic(block) ? block->labels[0].text : block->type;
}

static Node list_done(BlockList *list)
{
    HclEval *eval = &list->body->world->eval;
    Node unknown;

    if (list->unknown.kind != NODE_UNKNOWN)
        return node_make_list(list->at, list->items, list->count);
    if (list->count == 0)
        return hcl_unknown_from(eval, list->at, &list->unknown, NODE_LIST);
    /* Some blocks are there for sure; one stands for the others. */
    unknown = hcl_unknown_from(eval, node_span(&list->unknown), &list->unknown, NODE_MAP);
    Node *items = arena_grow(eval->arena, list->items, list->count, &list->capacity,
                             (size_t)list->count + 1, sizeof *items);
    if (!items)
        return unknown;
    items[list->count] = unknown;
    return node_make_list(list->at, items, list->count + 1);
}

Node tf_block_list(TfBody *out, const HclBody *body, Str type, Str path, Str from)
{
    BlockList list = {.body = out,
                      .type = type,
                      .path = path,
                      .from = from,
                      .unknown = node_make_null(body->span),
                      .at = SPAN_NONE};

    /* Going through all blocks once a type is work where both are many. */
    if (!hcl_work(&out->world->eval, body->block_count / 16, body->span))
        return node_make_null(body->span);
    for (uint32_t i = 0; i < body->block_count; i++) {
        const HclBlock *block = &body->blocks[i];
        if (!str_eq(effective_type(block), type))
            continue;
        if (span_is_none(list.at))
            list.at = block->span;
        if (is_dynamic(block))
            add_dynamic(&list, block);
        else
            add_block(&list, block);
    }
    if (span_is_none(list.at))
        return node_make_null(body->span);
    return list_done(&list);
}

static void put_blocks(TfBody *body, const HclBlock *block, HclMap *map, Str path, Str from)
{
    for (uint32_t i = 0; i < block->body->block_count; i++) {
        const HclBlock *nested = &block->body->blocks[i];
        Str type = effective_type(nested);
        Span at = nested->header;
        if (hcl_map_find(map, type))
            continue; /* with the first of its type */
        at.end = at.start + nested->type.size;
        Node list = tf_block_list(body, block->body, type, join_path(body, path, type),
                                  join_path(body, from, type));
        /* No block is what an empty for_each leaves. */
        if (list.kind != NODE_LIST || list.count)
            hcl_map_put(map, type, at, list);
    }
}

static Node block_body(TfBody *body, const HclBlock *block, Str path, Str from)
{
    HclMap map = hcl_map_new(body->world->unit->arena, body->world->unit->symbols);
    Node value;

    if (body->depth >= LIMIT_DEPTH)
        return node_make_null(block->span);
    body->depth++;
    put_arguments(body, block, &map, path, from);
    put_blocks(body, block, &map, path, from);
    if (path.size && block->label_count && !hcl_map_find(&map, STR("type")))
        hcl_map_put(&map, STR("type"), block->labels[0].span,
                    node_make_string(block->labels[0].span, block->labels[0].text));
    body->depth--;
    value = hcl_map_done(&map, block->span);
    value.flags &= (uint8_t)~NODE_DERIVED;
    return value;
}

Node tf_body(TfBody *body, const HclBlock *block)
{
    return block_body(body, block, (Str){"", 0}, (Str){"", 0});
}
