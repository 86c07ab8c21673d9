#include "scan/place.h"

#include "base/buf.h"
#include "scan/plan_tree.h"

/* Longer lines are machine-made and not shown. */
#define LONGEST_EXCERPT 500u

/* One step on the way from the body to a node. */
typedef struct Step {
    const struct Step *outer; /* NULL in the body itself */
    const Node *holder;       /* a map or list */
    const Entry *entry;       /* of a map */
    uint32_t index;           /* of a list */
    const Node *value;
} Step;

typedef struct Search {
    const Node *wanted;
    bool by_span; /* a copy of the node, as views are made of them */
    bool within;  /* only where a node's span holds the wanted one */
    uint32_t *effort;
    Arena *arena;
    Site *site;
} Search;

static bool is_wanted(const Search *search, const Node *node)
{
    const Node *wanted = search->wanted;

    if (!search->by_span)
        return node == wanted;
    return node->kind == wanted->kind && node->source == wanted->source &&
           node->start == wanted->start && node->end == wanted->end;
}

static bool is_plain(Str key)
{
    for (uint32_t i = 0; i < key.size; i++) {
        char c = key.data[i], lower = (char)(c | 0x20);
        if (!((lower >= 'a' && lower <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-'))
            return false;
    }
    return key.size > 0;
}

static void add_key(Buf *path, Str key)
{
    if (is_plain(key)) {
        if (path->size)
            buf_add_char(path, '.');
        buf_add(path, key);
    } else {
        buf_add_z(path, "[\"");
        buf_add(path, key);
        buf_add_z(path, "\"]");
    }
}

static void add_index(Buf *path, uint32_t index)
{
    buf_add_char(path, '[');
    buf_add_number(path, index);
    buf_add_char(path, ']');
}

static void add_steps(Buf *path, const Step *step)
{
    if (!step)
        return;
    add_steps(path, step->outer);
    if (step->entry)
        add_key(path, entry_key(step->entry));
    else
        add_index(path, step->index);
}

static bool has_place(const Node *node)
{
    return node->source != UINT16_MAX && node->end > node->start;
}

/* The place of a step's value, or of its key where the value itself is `absent`. */
static Span step_span(const Step *step, bool absent)
{
    const Entry *entry = step->entry;
    const Node *value = step->value;

    if (!entry)
        return has_place(value) ? node_span(value) : SPAN_NONE;
    /* A value that came from elsewhere is edited there. */
    if (!absent && has_place(value) && value->source != step->holder->source)
        return node_span(value);
    if (entry->key_end > entry->key_start && step->holder->source != UINT16_MAX)
        return absent ? (Span){step->holder->source, entry->key_start, entry->key_end}
                      : entry_span(step->holder, entry);
    return has_place(value) ? node_span(value) : SPAN_NONE;
}

/* The place of a step, or of the nearest around it that has one. */
static Span nearest_span(const Search *search, const Step *step, bool absent)
{
    for (; step; step = step->outer, absent = true) {
        Span span = step_span(step, absent);
        if (!span_is_none(span))
            return span;
    }
    return search->site->key;
}

static void found(const Search *search, const Step *step)
{
    Site *site = search->site;
    Buf path = buf_new(search->arena);
    /* What a provider fills in is not in the file: its holder is. */
    bool absent = step && (step->value->flags & NODE_DEFAULTED);

    add_steps(&path, step);
    site->path = buf_str(&path);
    site->inside = site->found = true;
    if (absent)
        step = step->outer;
    site->span = nearest_span(search, step, absent);
    site->key = nearest_span(search, step, true);
}

/* Whether nothing below `node` can be the wanted one, when each node lies inside of what holds it.
 * What a front end has made, and what came from elsewhere, is not so. */
static bool is_beside(const Search *search, const Node *node)
{
    const Node *wanted = search->wanted;

    return search->within && node->source == wanted->source && !(node->flags & NODE_DERIVED) &&
           (wanted->start < node->start || wanted->end > node->end) && has_place(node);
}

/* Whether the wanted one is neither `node` nor below it. Most nodes are told so here, without a
 * step of the way being made. */
static bool is_passed(const Search *search, const Node *node)
{
    if (is_wanted(search, node))
        return false;
    return (node->kind != NODE_MAP && node->kind != NODE_LIST) || is_beside(search, node);
}

/* Takes so many nodes off those that may still be looked at; false where there are not as many. */
static bool spend(const Search *search, uint32_t nodes)
{
    bool enough = nodes <= *search->effort;

    *search->effort -= enough ? nodes : *search->effort;
    return enough;
}

static bool search_node(const Search *search, const Node *node, const Step *outer);

static bool search_map(const Search *search, const Node *map, const Step *outer)
{
    if (!spend(search, map->count))
        return false;
    for (uint32_t i = 0; i < map->count; i++) {
        const Entry *entry = &map->as.entries[i];
        if (is_passed(search, &entry->value))
            continue;
        if (search_node(search, &entry->value, &(Step){outer, map, entry, 0, &entry->value}))
            return true;
    }
    return false;
}

static bool search_list(const Search *search, const Node *list, const Step *outer)
{
    if (!spend(search, list->count))
        return false;
    for (uint32_t i = 0; i < list->count; i++) {
        const Node *item = &list->as.items[i];
        if (is_passed(search, item))
            continue;
        if (search_node(search, item, &(Step){outer, list, NULL, i, item}))
            return true;
    }
    return false;
}

/* Of a node that is not passed. Front ends keep bodies within LIMIT_DEPTH. */
static bool search_node(const Search *search, const Node *node, const Step *outer)
{
    if (is_wanted(search, node)) {
        found(search, outer);
        return true;
    }
    return node->kind == NODE_MAP ? search_map(search, node, outer)
                                  : search_list(search, node, outer);
}

/* The likely part of the body first, which is small, then all of it. */
static bool search_body(Search *search, const Resource *resource)
{
    search->within = has_place(search->wanted);
    if (search->within && spend(search, 1) && !is_passed(search, &resource->body) &&
        search_node(search, &resource->body, NULL))
        return true;
    search->within = false;
    return spend(search, 1) && !is_passed(search, &resource->body) &&
           search_node(search, &resource->body, NULL);
}

Spot spot_header(const Resource *resource)
{
    return (Spot){.attribute = {"", 0},
                  .span = resource->header,
                  .header = resource->header,
                  .call = resource->related,
                  .plan = SPAN_NONE};
}

/* Whether `node` belongs to the pod view itself, whose parts are copies of the body's. */
static bool is_of_view(const Node *view, const Node *node)
{
    if (!view || view->kind != NODE_MAP)
        return false;
    for (uint32_t i = 0; i < view->count; i++) {
        const Node *part = &view->as.entries[i].value;
        if (node == part ||
            (part->kind == NODE_LIST && (part->flags & NODE_DERIVED) && part->count &&
             node >= part->as.items && node < part->as.items + part->count))
            return true;
    }
    return node == view;
}

Site site_find(const Resource *resource, const Node *node, uint32_t *effort, Arena *arena)
{
    Site site = {.path = {"", 0}, .span = resource->header, .key = resource->header};
    Search search = {.wanted = node, .effort = effort, .arena = arena, .site = &site};

    if (!node)
        return site;
    if (!is_of_view(resource->pod, node) && search_body(&search, resource))
        return site;
    if (!has_place(node))
        return site;
    search.by_span = true;
    if (search_body(&search, resource))
        return site;
    site.span = site.key = node_span(node);
    site.found = *effort == 0;
    return site;
}

static Str path_with(Str path, Str key, Arena *arena)
{
    Buf buf = buf_new(arena);

    buf_add(&buf, path);
    add_key(&buf, key);
    return buf_str(&buf);
}

Spot site_spot(const Resource *resource, const Site *site, Str missing, Arena *arena)
{
    Spot spot = spot_header(resource);

    spot.attribute =
        missing.size && site->inside ? path_with(site->path, missing, arena) : site->path;
    spot.span = missing.size ? site->key : site->span;
    spot.found = site->found;
    return spot;
}

/* --- plans --- */

static bool holds(const Node *node, Span span)
{
    return node->source == span.source && node->start <= span.start && node->end >= span.end &&
           has_place(node);
}

/* The path to the deepest node that holds `span`. The reader bounds the depth. */
static void add_path_to(Buf *path, const Node *node, Span span)
{
    for (uint32_t i = 0; node->kind == NODE_MAP && i < node->count; i++) {
        const Entry *entry = &node->as.entries[i];
        if (!holds(&entry->value, span))
            continue;
        add_key(path, entry_key(entry));
        add_path_to(path, &entry->value, span);
        return;
    }
    for (uint32_t i = 0; node->kind == NODE_LIST && i < node->count; i++) {
        if (!holds(&node->as.items[i], span))
            continue;
        add_index(path, i);
        add_path_to(path, &node->as.items[i], span);
        return;
    }
}

static const Resource *owner_of(const Unit *unit, const Resource *likely, Span span)
{
    if (holds(&likely->body, span))
        return likely;
    for (uint32_t i = 0; i < unit->resource_count; i++)
        if (holds(&unit->resources[i].body, span))
            return &unit->resources[i];
    return likely;
}

void spot_to_source(Unit *unit, const Resource *resource, Spot *spot, Arena *arena)
{
    const Resource *owner = resource;
    Str attribute = spot->attribute;
    PlanPlace place;
    Buf path = buf_new(arena);
    Span origin;

    if (!plan_tree_has(unit))
        return;
    if (!spot->found) {
        origin = sources_origin(&unit->sources, spot->span);
        owner = owner_of(unit, resource, origin);
        add_path_to(&path, &owner->body, origin);
        attribute = buf_str(&path);
    }
    if (!plan_tree_find(unit, owner, attribute, &place))
        return;
    spot->plan = spot->span;
    spot->span = place.at;
    if (owner == resource) {
        spot->header = place.header;
        spot->call = place.call;
    }
}

/* Ends `span` where its first line ends. */
static Span first_line(const Source *source, Span span)
{
    uint32_t size = source->text.size;
    uint32_t end = span.start;

    if (span.start > size)
        return (Span){span.source, size, size};
    if (span.end > size)
        span.end = size;
    while (end < span.end && source->text.data[end] != '\n' && source->text.data[end] != '\r')
        end++;
    while (end > span.start + 1 &&
           (source->text.data[end - 1] == ' ' || source->text.data[end - 1] == '\t'))
        end--;
    span.end = end;
    return span;
}

Place place_of(const Unit *unit, Span span)
{
    Source *source;
    Place place = {.file = unit->path};

    span = sources_origin(&unit->sources, span);
    source = sources_get(&unit->sources, span.source);
    if (source) {
        place.file = source->path;
        if (plan_tree_shown(unit, source, unit->arena, &place.file))
            place.path = source->path;
        span = first_line(source, span);
        place.start = source_position(&unit->sources, source, span.start);
        place.end = source_position(&unit->sources, source, span.end);
    }
    return place;
}

bool place_has_secrets(const Node *node)
{
    if (node->flags & NODE_SENSITIVE)
        return true;
    for (uint32_t i = 0; node->kind == NODE_LIST && i < node->count; i++)
        if (place_has_secrets(&node->as.items[i]))
            return true;
    for (uint32_t i = 0; node->kind == NODE_MAP && i < node->count; i++)
        if (place_has_secrets(&node->as.entries[i].value))
            return true;
    return false;
}

/* Whether a sensitive value below `node` lies within `span`. */
static bool sensitive_within(const Node *node, Span span)
{
    if ((node->flags & NODE_SENSITIVE) && node->source == span.source && node->start < span.end &&
        node->end > span.start)
        return true;
    for (uint32_t i = 0; node->kind == NODE_LIST && i < node->count; i++)
        if (sensitive_within(&node->as.items[i], span))
            return true;
    for (uint32_t i = 0; node->kind == NODE_MAP && i < node->count; i++)
        if (sensitive_within(&node->as.entries[i].value, span))
            return true;
    return false;
}

/* Whether the line on which `span` begins has something sensitive on it, in the text that was read:
 * what was rendered or decoded is not known where it leads back to. */
static bool is_sensitive_line(const Unit *unit, const Resource *resource, Span span)
{
    Source *source = sources_get(&unit->sources, span.source);
    Str line;
    uint32_t start;

    if (!source)
        return false;
    line = source_line(&unit->sources, source,
                       source_position(&unit->sources, source, span.start).line);
    if (line.size == 0)
        return false;
    start = (uint32_t)(line.data - source->text.data);
    return sensitive_within(&resource->body, (Span){span.source, start, start + line.size});
}

Str place_excerpt(const Unit *unit, const Resource *resource, Span span, Arena *arena)
{
    Source *source;
    Span origin = sources_origin(&unit->sources, span);
    Str line;

    source = sources_get(&unit->sources, origin.source);
    if (!source ||
        (resource && (is_sensitive_line(unit, resource, span) ||
                      (origin.source != span.source && is_sensitive_line(unit, resource, origin)))))
        return (Str){"", 0};
    line = source_line(&unit->sources, source,
                       source_position(&unit->sources, source, origin.start).line);
    if (line.size > LONGEST_EXCERPT || line.size == 0)
        return (Str){"", 0};
    return str_copy(arena, line);
}
