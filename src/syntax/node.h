/*
 * syntax/node.h - the one tree that every reader makes
 *
 * Nodes live in the arena of what is judged together and are never freed one by one. Text is a
 * view into the source's bytes where no escape forces a copy. The span is what the node takes up in
 * its source, quotes and brackets included.
 *
 * A node is small plain data and may be copied: the copy shares children and keeps the span, so
 * that a value which travels (a module input, a merged key, a container in a pod view) still points
 * at the place where the user wrote it.
 */
#ifndef PLUMB_SYNTAX_NODE_H
#define PLUMB_SYNTAX_NODE_H

#include "base/source.h"
#include "base/symbols.h"

typedef enum NodeKind {
    NODE_NULL,
    NODE_BOOL,
    NODE_INT,    /* fits an int64 */
    NODE_DOUBLE, /* every other number */
    NODE_STRING,
    NODE_LIST,
    NODE_MAP,
    NODE_UNKNOWN, /* a value that cannot be known before the run */
    NODE_SCALAR,  /* YAML's, before ir/ gives it a type: text, style and tag */
} NodeKind;

/* Node.flags */
enum {
    NODE_SENSITIVE = 1 << 0, /* its value appears in no report */
    NODE_DEFAULTED = 1 << 1, /* not in the input: what the provider does when it is unset */
    NODE_QUOTED = 1 << 2,    /* a YAML scalar that is not plain: a string unless its tag differs */
    NODE_DERIVED = 1 << 3,   /* made by a front end; its span is that of what it was made from */
    NODE_TAG_SHIFT = 4,      /* the upper half holds a NodeTag */
};

/* An explicit YAML tag; the upper four bits of Node.flags. */
typedef enum NodeTag {
    NODE_TAG_NONE,
    NODE_TAG_STR,
    NODE_TAG_INT,
    NODE_TAG_FLOAT,
    NODE_TAG_BOOL,
    NODE_TAG_NULL,
    NODE_TAG_BINARY,
    NODE_TAG_TIMESTAMP,
    NODE_TAG_MERGE,
    NODE_TAG_SET,
    NODE_TAG_OMAP,
    NODE_TAG_NON_SPECIFIC, /* `!`: a string */
    NODE_TAG_OTHER,        /* an application's */
} NodeTag;

typedef struct Node Node;
typedef struct Entry Entry;

/* What is known of an unknown value. */
typedef struct Unknown {
    Str cause;    /* for people: "var.x", "known after apply", "data.aws_ami.x.id" */
    uint8_t type; /* NodeKind that it will have; NODE_UNKNOWN where that is open */
    bool may_be_null;
    bool set;   /* the configuration gives it, as by a reference: it counts as set */
    bool unset; /* no argument of the configuration gives it: the provider's default applies */
    Str prefix; /* the text surely begins so; empty where nothing is known */
    const struct Node *decoded; /* of a text that is the JSON or YAML of a value of which only parts
                                   are unknown: that value; else NULL */
} Unknown;

struct Node {
    uint8_t kind;
    uint8_t flags;
    uint16_t source; /* number in the unit's Sources */
    uint32_t start;
    uint32_t end;
    uint32_t count; /* bytes of text, items of a list, entries of a map */
    union {
        bool boolean;
        int64_t integer;
        double number;
        const char *text; /* STRING and SCALAR */
        Node *items;
        Entry *entries; /* in the order of the input; a key stands once */
        const Unknown *unknown;
    } as;
};

struct Entry {
    const char *key;
    uint32_t key_size;
    Symbol symbol; /* SYMBOL_NONE for a key that no rule mentions */
    uint32_t key_start;
    uint32_t key_end;
    Node value;
};

static inline Str node_text(const Node *node)
{
    return (Str){node->as.text, node->count};
}

static inline Str entry_key(const Entry *entry)
{
    return (Str){entry->key, entry->key_size};
}

static inline Span node_span(const Node *node)
{
    return (Span){node->source, node->start, node->end};
}

static inline NodeTag node_tag(const Node *node)
{
    return (NodeTag)(node->flags >> NODE_TAG_SHIFT);
}

/* The span of an entry from its key to the end of its value. The key lies in the source of `map`.
 */
Span entry_span(const Node *map, const Entry *entry);

/* The key's place. One that stands in another text than `map` has none: the value's, then. */
Span entry_key_span(const Node *map, const Entry *entry);

/* The entry or value of a key in a map; NULL where there is none or `map` is no map or NULL. By
 * symbol where the key is one that rules mention: an integer compare an entry. */
const Entry *node_entry(const Node *map, Symbol symbol);
const Node *node_get(const Node *map, Symbol symbol);
/* The same where maps are alike: `*place` is where the last one had the key, and is looked at
 * first.
 */
const Node *node_get_beyond(const Node *map, Symbol symbol, uint8_t *place);
static inline const Node *node_get_near(const Node *map, Symbol symbol, uint8_t *place)
{
    if (map && map->kind == NODE_MAP && *place < map->count &&
        map->as.entries[*place].symbol == symbol)
        return &map->as.entries[*place].value;
    return node_get_beyond(map, symbol, place);
}
const Entry *node_entry_named(const Node *map, Str key);
const Node *node_get_named(const Node *map, Str key);

/* The value at a path of keys and list positions such as "spec.template.0.name"; NULL where it
 * ends early. For front ends and tests; rules have compiled paths. */
const Node *node_path(const Node *root, const char *path);

/* The text of a string node, else an empty Str; takes NULL. */
Str node_string(const Node *node);

/* Same kind and value, deeply; maps in any order, int and double by value. Unknowns are never
 * equal, not even to themselves. */
bool node_equal(const Node *a, const Node *b);

/* Whether the tree holds an unknown; takes NULL. */
bool node_has_unknown(const Node *node);

/* A copy that lies in no source, with `flags` added throughout. Emptied where the arena is spent.
 * The reader bounds the depth. */
Node node_displaced(Node node, uint8_t flags, Arena *arena);

/* The tree as JSON-like text for tests: map order kept, unknowns as <unknown cause>, untyped
 * scalars as !plain or !quoted text. With `spans`, each value is followed by @start-end. */
Str node_dump(const Node *node, bool spans, Arena *arena);

/* Makers for front ends that derive nodes; `at` is the place they are made from. Text and children
 * are kept, not copied. */
static inline Node node_make(NodeKind kind, Span at, uint32_t count)
{
    return (Node){.kind = (uint8_t)kind,
                  .flags = NODE_DERIVED,
                  .source = (uint16_t)at.source,
                  .start = at.start,
                  .end = at.end,
                  .count = count};
}

static inline Node node_make_null(Span at)
{
    return node_make(NODE_NULL, at, 0);
}

static inline Node node_make_bool(Span at, bool value)
{
    Node node = node_make(NODE_BOOL, at, 0);

    node.as.boolean = value;
    return node;
}

static inline Node node_make_int(Span at, int64_t value)
{
    Node node = node_make(NODE_INT, at, 0);

    node.as.integer = value;
    return node;
}

static inline Node node_make_double(Span at, double value)
{
    Node node = node_make(NODE_DOUBLE, at, 0);

    node.as.number = value;
    return node;
}

static inline Node node_make_string(Span at, Str text)
{
    Node node = node_make(NODE_STRING, at, text.size);

    node.as.text = text.data;
    return node;
}

static inline Node node_make_list(Span at, Node *items, uint32_t count)
{
    Node node = node_make(NODE_LIST, at, count);

    node.as.items = items;
    return node;
}

static inline Node node_make_map(Span at, Entry *entries, uint32_t count)
{
    Node node = node_make(NODE_MAP, at, count);

    node.as.entries = entries;
    return node;
}

static inline Node node_make_unknown(Span at, const Unknown *unknown)
{
    Node node = node_make(NODE_UNKNOWN, at, 0);

    node.as.unknown = unknown;
    return node;
}

/* An unknown with a cause that is kept; NULL when the arena is spent. */
const Unknown *unknown_new(Arena *arena, Str cause);

/* Makes room for `more` entries behind those of a map; false when `arena` is spent. */
bool node_extend_map(Node *map, uint32_t more, Arena *arena);

/* A map that is put together entry by entry. A key given twice keeps its place and takes the new
 * value. Spent arenas are noticed at the end: map_done() then gives an empty map. */
typedef struct MapBuilder {
    Arena *arena;
    const Symbols *symbols;
    Entry *entries;
    uint32_t count;
    uint32_t capacity;
} MapBuilder;

static inline MapBuilder map_builder(Arena *arena, const Symbols *symbols)
{
    return (MapBuilder){arena, symbols, NULL, 0, 0};
}
void map_put(MapBuilder *map, Str key, Span key_span, Node value);
/* Copies an entry of another map, its key's place included. */
void map_put_entry(MapBuilder *map, const Entry *entry);
Node map_done(const MapBuilder *map, Span at);

#endif
