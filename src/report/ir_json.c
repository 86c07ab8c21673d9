#include "report/ir_json.h"

#include <stdio.h>

#include "base/buf.h"
#include "ir/provider.h"

/* More of them tell nothing. */
#define UNKNOWNS_MAX 1000u

/* --- JSON --- */

static void put_unknown(JsonDoc *doc, const Unknown *unknown)
{
    static const char *const types[] = {"null", "bool", "number", "number", "string",
                                        "list", "map",  NULL,     NULL};

    json_begin(doc, '{');
    json_put_string(doc, "$unknown", unknown->cause);
    if (types[unknown->type])
        json_put_string(doc, "$type", str_of(types[unknown->type]));
    json_put_some(doc, "$prefix", unknown->prefix);
    if (unknown->decoded) {
        json_key(doc, "$decoded");
        ir_json_value(doc, unknown->decoded);
    }
    json_end(doc, '}');
}

static void put_list(JsonDoc *doc, const Node *list)
{
    json_begin(doc, '[');
    for (uint32_t i = 0; i < list->count; i++)
        ir_json_value(doc, &list->as.items[i]);
    json_end(doc, ']');
}

static void put_map(JsonDoc *doc, const Node *map)
{
    json_begin(doc, '{');
    for (uint32_t i = 0; i < map->count; i++) {
        json_key_text(doc, entry_key(&map->as.entries[i]));
        ir_json_value(doc, &map->as.entries[i].value);
    }
    json_end(doc, '}');
}

static void put_plain(JsonDoc *doc, const Node *value)
{
    switch ((NodeKind)value->kind) {
    case NODE_NULL:
        json_null(doc);
        break;
    case NODE_BOOL:
        json_bool(doc, value->as.boolean);
        break;
    case NODE_INT:
        json_signed(doc, value->as.integer);
        break;
    case NODE_DOUBLE:
        json_double(doc, value->as.number);
        break;
    case NODE_STRING:
    case NODE_SCALAR:
        json_string(doc, node_text(value));
        break;
    case NODE_LIST:
        put_list(doc, value);
        break;
    case NODE_MAP:
        put_map(doc, value);
        break;
    case NODE_UNKNOWN:
        put_unknown(doc, value->as.unknown);
        break;
    }
}

void ir_json_value(JsonDoc *doc, const Node *value)
{
    bool wrapped = value->flags & (NODE_SENSITIVE | NODE_DEFAULTED);

    if (wrapped)
        json_begin(doc, '{');
    if (value->flags & NODE_SENSITIVE) {
        json_key(doc, "$sensitive");
        json_bool(doc, true);
    } else if (wrapped) {
        json_key(doc, "$default");
        put_plain(doc, value);
    } else {
        put_plain(doc, value);
    }
    if (wrapped)
        json_end(doc, '}');
}

static void put_place(JsonDoc *doc, const Unit *unit, const ScanRoot *root, Span span)
{
    Place place = place_of(unit, span);

    json_put_string(doc, "file", discover_shown(root, place.file, unit->arena));
    json_put_number(doc, "line", place.start.line);
    json_put_number(doc, "column", place.start.column);
}

static void put_refs(JsonDoc *doc, const Resource *resource)
{
    json_key(doc, "references");
    json_begin(doc, '[');
    for (uint32_t i = 0; i < resource->ref_count; i++) {
        const Ref *ref = &resource->refs[i];
        json_begin(doc, '{');
        json_put_string(doc, "from", ref->from);
        json_put_string(doc, "to", ref->to ? ref->to->address : ref->target);
        json_put_string(doc, "attribute", ref->attribute);
        json_end(doc, '}');
    }
    json_end(doc, ']');
}

void ir_json_resource(JsonDoc *doc, const Unit *unit, const ScanRoot *root,
                      const Resource *resource)
{
    json_begin(doc, '{');
    json_put_string(doc, "address", resource->address);
    json_put_string(doc, "type", resource->type_name);
    json_put_string(doc, "name", resource->name);
    json_put_string(doc, "format", str_of(format_id(resource->format)));
    json_put_some(doc, "namespace", resource->namespace);
    json_put_some(doc, "api_version", resource->api_version);
    json_put_some(doc, "module", resource->module_path);
    json_put_some(doc, "provider", provider_address(resource, unit->arena));
    json_put_some(doc, "template", resource->template);
    put_place(doc, unit, root, resource->header);
    if (resource->open & RESOURCE_OPEN_COUNT) {
        json_key(doc, "count_unknown");
        json_bool(doc, true);
    }
    if (resource->instances > 1)
        json_put_number(doc, "instances", resource->instances);
    json_key(doc, "resource");
    ir_json_value(doc, &resource->body);
    if (resource->pod) {
        json_key(doc, "pod");
        ir_json_value(doc, resource->pod);
    }
    put_refs(doc, resource);
    json_end(doc, '}');
}

/* --- unknowns --- */

typedef struct Collector {
    const Unit *unit;
    const ScanRoot *root;
    UnknownPart *items;
    uint32_t count;
    uint32_t capacity;
} Collector;

static void collect(Collector *all, const Node *value, Str path)
{
    Arena *arena = all->unit->arena;
    UnknownPart *items;

    if (all->count >= UNKNOWNS_MAX)
        return;
    for (uint32_t i = 0; value->kind == NODE_LIST && i < value->count; i++)
        collect(all, &value->as.items[i], str_format(arena, "%.*s[%u]", STR_ARG(path), i));
    for (uint32_t i = 0; value->kind == NODE_MAP && i < value->count; i++) {
        const Entry *entry = &value->as.entries[i];
        collect(all, &entry->value,
                str_format(arena, "%.*s%s%.*s", STR_ARG(path), path.size ? "." : "",
                           STR_ARG(entry_key(entry))));
    }
    if (value->kind != NODE_UNKNOWN)
        return;
    items = arena_grow(arena, all->items, all->count, &all->capacity, (size_t)all->count + 1,
                       sizeof *items);
    if (!items)
        return;
    all->items = items;
    items[all->count] = (UnknownPart){.path = path, .cause = value->as.unknown->cause};
    if (value->source != UINT16_MAX && value->end > value->start) {
        items[all->count].place = place_of(all->unit, node_span(value));
        items[all->count].place.file =
            discover_shown(all->root, items[all->count].place.file, arena);
    }
    all->count++;
}

UnknownPart *ir_unknowns(const Unit *unit, const ScanRoot *root, const Node *value, uint32_t *count)
{
    Collector all = {.unit = unit, .root = root};

    collect(&all, value, STR(""));
    *count = all.count;
    return all.items;
}

/* --- text --- */

static void indent(Out *out, uint32_t depth)
{
    out_char(out, '\n');
    while (depth--)
        out_z(out, "  ");
}

static void text_value(const Terminal *terminal, const Node *value, uint32_t depth);

/* With HCL's escapes, and nothing that a terminal would obey. */
static void text_string(const Terminal *terminal, Str text)
{
    Out *out = terminal->out;
    uint32_t from = 0;

    out_char(out, '"');
    for (uint32_t i = 0; i < text.size; i++) {
        char c = text.data[i];
        if (c != '"' && c != '\\' && c != '\n')
            continue;
        terminal_text(terminal, str_sub(text, from, i - from));
        out_char(out, '\\');
        out_char(out, c == '\n' ? 'n' : c);
        from = i + 1;
    }
    terminal_text(terminal, str_from(text, from));
    out_char(out, '"');
}

static void text_list(const Terminal *terminal, const Node *list, uint32_t depth)
{
    out_char(terminal->out, '[');
    for (uint32_t i = 0; i < list->count; i++) {
        indent(terminal->out, depth + 1);
        text_value(terminal, &list->as.items[i], depth + 1);
        out_char(terminal->out, ',');
    }
    if (list->count)
        indent(terminal->out, depth);
    out_char(terminal->out, ']');
}

static void text_map(const Terminal *terminal, const Node *map, uint32_t depth)
{
    out_char(terminal->out, '{');
    for (uint32_t i = 0; i < map->count; i++) {
        indent(terminal->out, depth + 1);
        text_string(terminal, entry_key(&map->as.entries[i]));
        out_z(terminal->out, " = ");
        text_value(terminal, &map->as.entries[i].value, depth + 1);
    }
    if (map->count)
        indent(terminal->out, depth);
    out_char(terminal->out, '}');
}

static void text_number(Out *out, double number)
{
    JsonDoc doc = json_doc_compact(out);

    json_double(&doc, number);
}

static void text_value(const Terminal *terminal, const Node *value, uint32_t depth)
{
    Out *out = terminal->out;

    if (value->flags & NODE_SENSITIVE)
        out_z(out, "(sensitive)");
    else if (value->kind == NODE_NULL)
        out_z(out, "null");
    else if (value->kind == NODE_BOOL)
        out_z(out, value->as.boolean ? "true" : "false");
    else if (value->kind == NODE_INT)
        out_printf(out, "%lld", (long long)value->as.integer);
    else if (value->kind == NODE_DOUBLE)
        text_number(out, value->as.number);
    else if (value->kind == NODE_STRING || value->kind == NODE_SCALAR)
        text_string(terminal, node_text(value));
    else if (value->kind == NODE_LIST)
        text_list(terminal, value, depth);
    else if (value->kind == NODE_MAP)
        text_map(terminal, value, depth);
    if (value->kind != NODE_UNKNOWN || (value->flags & NODE_SENSITIVE))
        return;
    out_z(out, "(unknown: ");
    terminal_text(terminal, value->as.unknown->cause);
    out_char(out, ')');
}

void ir_text_value(const Terminal *terminal, const Node *value)
{
    text_value(terminal, value, 0);
}
