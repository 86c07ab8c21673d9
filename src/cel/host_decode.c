#include "cel/host_decode.h"

#include "ir/yaml_schema.h"
#include "syntax/align.h"
#include "syntax/json.h"
#include "syntax/yaml.h"

#define BUCKETS 256u

typedef struct Decoded {
    Str text;
    const Node *origin;
    HostSyntax syntax;
    const Node *node; /* NULL for text that is no document */
    struct Decoded *next;
} Decoded;

struct UnitDecoded {
    Decoded *buckets[BUCKETS];
};

static Decoded *find(const UnitDecoded *all, uint64_t bucket, Str text, const Node *origin,
                     HostSyntax syntax)
{
    for (Decoded *d = all->buckets[bucket]; d; d = d->next)
        if (d->origin == origin && d->syntax == syntax && str_eq(d->text, text))
            return d;
    return NULL;
}

/* Data of something sensitive is sensitive. */
static void mark_sensitive(Node *node)
{
    node->flags |= NODE_SENSITIVE;
    for (uint32_t i = 0; i < node->count; i++) {
        if (node->kind == NODE_LIST)
            mark_sensitive(&node->as.items[i]);
        else if (node->kind == NODE_MAP)
            mark_sensitive(&node->as.entries[i].value);
        else
            return;
    }
}

/* Text that the rule made itself lies where the resource does. */
static const Source *add_made(CelMachine *machine, Str text)
{
    Unit *unit = machine->unit;

    if (machine->resource && !span_is_none(machine->resource->header))
        return sources_add_decoded(&unit->sources, machine->resource->header, text, NULL, 0);
    return sources_add(&unit->sources, unit->path, text);
}

/* The rule may have made something else of the string that it read. */
static const Source *add_source(Unit *unit, Str text, const Node *origin)
{
    if (origin->kind == NODE_STRING && str_eq(node_text(origin), text))
        return sources_add_string(&unit->sources, origin);
    return sources_add_decoded(&unit->sources, node_span(origin), text, NULL, 0);
}

static bool read_yaml(Unit *unit, const Source *source, DiagSink *diags, Node *node)
{
    YamlDocument *documents;
    uint32_t count;

    if (!yaml_read(source, unit->symbols, unit->arena, diags, &documents, &count) || count == 0)
        return false;
    *node = documents[0].root;
    return yaml_schema_apply(YAML_SCHEMA_KUBERNETES, node, unit->arena, diags);
}

/* Mistakes in a text inside a text are no mistakes of the input: they are not kept. */
static const Node *read_document(CelMachine *machine, Str text, const Node *origin,
                                 HostSyntax syntax)
{
    Unit *unit = machine->unit;
    DiagSink diags = diags_new(machine->arena);
    Node *node = ARENA_NEW(unit->arena, Node);
    const Source *source = origin ? add_source(unit, text, origin) : add_made(machine, text);

    if (!node || !source)
        return NULL;
    if (syntax == HOST_JSON ? !json_read(source, unit->symbols, unit->arena, &diags, node)
                            : !read_yaml(unit, source, &diags, node))
        return NULL;
    if (origin && (origin->flags & NODE_SENSITIVE))
        mark_sensitive(node);
    return node;
}

/* The text must live as long as the unit; that of an input does. */
static Str kept_text(Unit *unit, CelValue text)
{
    const Node *origin = text.origin;

    if (origin && origin->kind == NODE_STRING && origin->as.text == text.as.text)
        return cel_text(text);
    return str_copy(unit->arena, cel_text(text));
}

const Node *host_decode(CelMachine *machine, CelValue text, HostSyntax syntax)
{
    Unit *unit = machine->unit;
    uint64_t bucket = str_hash(cel_text(text)) % BUCKETS;
    Decoded *decoded;

    if (!unit || text.kind != CEL_STRING)
        return NULL;
    if (!unit->decoded)
        unit->decoded = ARENA_NEW(unit->arena, UnitDecoded);
    if (!unit->decoded)
        return NULL;
    decoded = find(unit->decoded, bucket, cel_text(text), text.origin, syntax);
    if (decoded)
        return decoded->node;
    decoded = ARENA_NEW(unit->arena, Decoded);
    if (!decoded)
        return NULL;
    *decoded = (Decoded){.text = kept_text(unit, text), .origin = text.origin, .syntax = syntax};
    if (!decoded->text.data)
        return NULL;
    decoded->node = read_document(machine, decoded->text, text.origin, syntax);
    decoded->next = unit->decoded->buckets[bucket];
    unit->decoded->buckets[bucket] = decoded;
    return decoded->node;
}
