#include "syntax/node.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"

Span entry_span(const Node *map, const Entry *entry)
{
    /* A merged or derived value may lie elsewhere; the key alone is the place then. */
    bool together = entry->value.source == map->source && entry->value.end >= entry->key_end;

    return (Span){map->source, entry->key_start, together ? entry->value.end : entry->key_end};
}

Span entry_key_span(const Node *map, const Entry *entry)
{
    if (entry->key_end == entry->key_start)
        return node_span(&entry->value);
    return (Span){map->source, entry->key_start, entry->key_end};
}

const Entry *node_entry(const Node *map, Symbol symbol)
{
    if (!map || map->kind != NODE_MAP)
        return NULL;
    for (uint32_t i = 0; i < map->count; i++)
        if (map->as.entries[i].symbol == symbol)
            return &map->as.entries[i];
    return NULL;
}

const Node *node_get(const Node *map, Symbol symbol)
{
    const Entry *entry = node_entry(map, symbol);

    return entry ? &entry->value : NULL;
}

const Node *node_get_beyond(const Node *map, Symbol symbol, uint8_t *place)
{
    const Entry *entry = node_entry(map, symbol);

    if (!entry)
        return NULL;
    *place = (uint8_t)(entry - map->as.entries);
    return &entry->value;
}

const Entry *node_entry_named(const Node *map, Str key)
{
    if (!map || map->kind != NODE_MAP)
        return NULL;
    for (uint32_t i = 0; i < map->count; i++)
        if (str_eq(entry_key(&map->as.entries[i]), key))
            return &map->as.entries[i];
    return NULL;
}

const Node *node_get_named(const Node *map, Str key)
{
    const Entry *entry = node_entry_named(map, key);

    return entry ? &entry->value : NULL;
}

static const Node *list_item(const Node *list, Str index)
{
    uint64_t position = 0;

    for (uint32_t i = 0; i < index.size; i++) {
        if (index.data[i] < '0' || index.data[i] > '9' || position > UINT32_MAX)
            return NULL;
        position = position * 10 + (uint64_t)(index.data[i] - '0');
    }
    return position < list->count ? &list->as.items[position] : NULL;
}

const Node *node_path(const Node *root, const char *path)
{
    Str rest = str_of(path), part;

    while (root && str_split(&rest, '.', &part))
        root = root->kind == NODE_LIST ? list_item(root, part) : node_get_named(root, part);
    return root;
}

Str node_string(const Node *node)
{
    return node && node->kind == NODE_STRING ? node_text(node) : (Str){"", 0};
}

static bool maps_equal(const Node *a, const Node *b)
{
    if (a->count != b->count)
        return false;
    for (uint32_t i = 0; i < a->count; i++) {
        const Node *other = node_get_named(b, entry_key(&a->as.entries[i]));
        if (!other || !node_equal(&a->as.entries[i].value, other))
            return false;
    }
    return true;
}

static bool lists_equal(const Node *a, const Node *b)
{
    if (a->count != b->count)
        return false;
    for (uint32_t i = 0; i < a->count; i++)
        if (!node_equal(&a->as.items[i], &b->as.items[i]))
            return false;
    return true;
}

static double number_of(const Node *node)
{
    return node->kind == NODE_INT ? (double)node->as.integer : node->as.number;
}

static bool is_number(const Node *node)
{
    return node->kind == NODE_INT || node->kind == NODE_DOUBLE;
}

bool node_equal(const Node *a, const Node *b)
{
    if (a->kind != b->kind)
        return is_number(a) && is_number(b) && number_of(a) == number_of(b);
    switch ((NodeKind)a->kind) {
    case NODE_NULL:
        return true;
    case NODE_BOOL:
        return a->as.boolean == b->as.boolean;
    case NODE_INT:
        return a->as.integer == b->as.integer;
    case NODE_DOUBLE:
        return a->as.number == b->as.number;
    case NODE_STRING:
    case NODE_SCALAR:
        return str_eq(node_text(a), node_text(b));
    case NODE_LIST:
        return lists_equal(a, b);
    case NODE_MAP:
        return maps_equal(a, b);
    case NODE_UNKNOWN:
        return false;
    }
    return false;
}

bool node_has_unknown(const Node *node)
{
    if (!node)
        return false;
    if (node->kind == NODE_UNKNOWN)
        return true;
    for (uint32_t i = 0; node->kind == NODE_LIST && i < node->count; i++)
        if (node_has_unknown(&node->as.items[i]))
            return true;
    for (uint32_t i = 0; node->kind == NODE_MAP && i < node->count; i++)
        if (node_has_unknown(&node->as.entries[i].value))
            return true;
    return false;
}

static void dump_text(Buf *buf, Str text)
{
    buf_add_char(buf, '"');
    for (uint32_t i = 0; i < text.size; i++) {
        unsigned char c = (unsigned char)text.data[i];
        if (c == '"' || c == '\\')
            buf_printf(buf, "\\%c", c);
        else if (c < 0x20 || c == 0x7f)
            buf_printf(buf, "\\u%04x", c);
        else
            buf_add_char(buf, (char)c);
    }
    buf_add_char(buf, '"');
}

static void dump_double(Buf *buf, double number)
{
    char text[40];

    for (int digits = 15; digits <= 17; digits++) {
        snprintf(text, sizeof text, "%.*g", digits, number);
        if (strtod(text, NULL) == number)
            break;
    }
    buf_add_z(buf, text);
}

static void dump(Buf *buf, const Node *node, bool spans);

static void dump_children(Buf *buf, const Node *node, bool spans)
{
    bool map = node->kind == NODE_MAP;

    buf_add_char(buf, map ? '{' : '[');
    for (uint32_t i = 0; i < node->count; i++) {
        if (i)
            buf_add_z(buf, ", ");
        if (map) {
            const Entry *entry = &node->as.entries[i];
            dump_text(buf, entry_key(entry));
            if (spans)
                buf_printf(buf, "@%u-%u", entry->key_start, entry->key_end);
            buf_add_z(buf, ": ");
        }
        dump(buf, map ? &node->as.entries[i].value : &node->as.items[i], spans);
    }
    buf_add_char(buf, map ? '}' : ']');
}

static void dump(Buf *buf, const Node *node, bool spans)
{
    switch ((NodeKind)node->kind) {
    case NODE_NULL:
        buf_add_z(buf, "null");
        break;
    case NODE_BOOL:
        buf_add_z(buf, node->as.boolean ? "true" : "false");
        break;
    case NODE_INT:
        buf_printf(buf, "%lld", (long long)node->as.integer);
        break;
    case NODE_DOUBLE:
        dump_double(buf, node->as.number);
        break;
    case NODE_SCALAR:
        buf_add_z(buf, node->flags & NODE_QUOTED ? "!quoted " : "!plain ");
        dump_text(buf, node_text(node));
        break;
    case NODE_STRING:
        dump_text(buf, node_text(node));
        break;
    case NODE_LIST:
    case NODE_MAP:
        dump_children(buf, node, spans);
        break;
    case NODE_UNKNOWN:
        buf_printf(buf, "<unknown %.*s>", STR_ARG(node->as.unknown->cause));
        break;
    }
    if (spans)
        buf_printf(buf, "@%u-%u", node->start, node->end);
}

Node node_displaced(Node node, uint8_t flags, Arena *arena)
{
    Node copy = node;

    copy.source = UINT16_MAX;
    copy.start = copy.end = 0;
    copy.flags |= flags;
    if (node.kind == NODE_LIST && node.count) {
        copy.as.items = ARENA_ARRAY(arena, Node, node.count);
        for (uint32_t i = 0; copy.as.items && i < node.count; i++)
            copy.as.items[i] = node_displaced(node.as.items[i], flags, arena);
        copy.count = copy.as.items ? node.count : 0;
    } else if (node.kind == NODE_MAP && node.count) {
        copy.as.entries = ARENA_ARRAY(arena, Entry, node.count);
        for (uint32_t i = 0; copy.as.entries && i < node.count; i++) {
            copy.as.entries[i] = node.as.entries[i];
            copy.as.entries[i].key_start = copy.as.entries[i].key_end = 0;
            copy.as.entries[i].value = node_displaced(node.as.entries[i].value, flags, arena);
        }
        copy.count = copy.as.entries ? node.count : 0;
    }
    return copy;
}

Str node_dump(const Node *node, bool spans, Arena *arena)
{
    Buf buf = buf_new(arena);

    dump(&buf, node, spans);
    return buf_str(&buf);
}

const Unknown *unknown_new(Arena *arena, Str cause)
{
    Unknown *unknown = ARENA_NEW(arena, Unknown);

    if (!unknown)
        return NULL;
    unknown->cause = cause;
    unknown->type = NODE_UNKNOWN;
    return unknown;
}

bool node_extend_map(Node *map, uint32_t more, Arena *arena)
{
    Entry *entries = arena_raw(arena, map->count + (size_t)more, sizeof *entries);

    if (!entries)
        return false;
    if (map->count)
        memcpy(entries, map->as.entries, map->count * sizeof *entries);
    map->as.entries = entries;
    return true;
}

void map_put_entry(MapBuilder *map, const Entry *entry)
{
    Entry *entries;

    for (uint32_t i = 0; i < map->count; i++) {
        if (str_eq(entry_key(&map->entries[i]), entry_key(entry))) {
            map->entries[i] = *entry;
            return;
        }
    }
    entries = arena_grow(map->arena, map->entries, map->count, &map->capacity, map->count + 1u,
                         sizeof *entries);
    if (!entries)
        return;
    map->entries = entries;
    entries[map->count++] = *entry;
}

void map_put(MapBuilder *map, Str key, Span key_span, Node value)
{
    Entry entry = {.key = key.data,
                   .key_size = key.size,
                   .symbol = symbols_find(map->symbols, key),
                   .key_start = key_span.start,
                   .key_end = key_span.end,
                   .value = value};

    map_put_entry(map, &entry);
}

Node map_done(const MapBuilder *map, Span at)
{
    return node_make_map(at, map->entries, arena_spent(map->arena) ? 0 : map->count);
}
