#include "ir/kubernetes.h"

#include "base/buf.h"
#include "ir/kubernetes_kinds.h"
#include "ir/pod_makers.h"
#include "ir/workload.h"
#include "ir/yaml_schema.h"
#include "syntax/json.h"
#include "syntax/text.h"
#include "syntax/yaml.h"

/* Lists inside lists that are looked into; nobody writes a second one. */
enum { LIST_DEPTH = 4 };

typedef struct Builder {
    Unit *unit;
    uint32_t document;
    Str template;
} Builder;

static void warn_shape(Builder *b, const Node *node, const char *what)
{
    diag_warning(&b->unit->diags, DIAG_KUBERNETES_SHAPE, node_span(node), "%s", what);
}

/* A map of the object, or NULL where it is absent, null, or something else, which is a warning. */
static const Node *get_map(Builder *b, const Node *parent, Str key)
{
    const Node *node = node_get_named(parent, key);

    if (!node || node->kind == NODE_NULL || node->kind == NODE_UNKNOWN)
        return NULL;
    if (node->kind == NODE_MAP)
        return node;
    diag_warning(&b->unit->diags, DIAG_KUBERNETES_SHAPE, node_span(node), "%.*s is not a map",
                 STR_ARG(key));
    return NULL;
}

/* A name as it is written; one like `123` is no string, but names the object all the same. */
static Str get_name(Builder *b, const Node *metadata, Str key)
{
    const Node *node = node_get_named(metadata, key);
    const Source *source;

    if (!node || node->kind == NODE_NULL || node->kind == NODE_STRING)
        return node_string(node);
    diag_warning(&b->unit->diags, DIAG_KUBERNETES_SHAPE, node_span(node),
                 "metadata.%.*s is not a string", STR_ARG(key));
    source = sources_get(&b->unit->sources, node->source);
    if (!source || node->kind == NODE_LIST || node->kind == NODE_MAP)
        return (Str){"", 0};
    return str_sub(source->text, node->start, node->end - node->start);
}

Str kubernetes_address(Arena *arena, Str kind, Str namespace, Str name)
{
    Buf buf = buf_new(arena);

    buf_add(&buf, kind);
    buf_add_char(&buf, '/');
    buf_add(&buf, namespace);
    buf_add_char(&buf, '/');
    buf_add(&buf, name);
    return buf_str(&buf);
}

static void set_identity(Builder *b, Resource *resource)
{
    const Node *metadata = get_map(b, &resource->body, STR("metadata"));
    Str namespace = get_name(b, metadata, STR("namespace"));

    get_map(b, metadata, STR("labels"));
    get_map(b, metadata, STR("annotations"));
    resource->name = get_name(b, metadata, STR("name"));
    if (resource->name.size == 0)
        resource->name = get_name(b, metadata, STR("generateName"));
    resource->namespace_given = namespace.size > 0;
    resource->namespace = namespace.size ? namespace : STR("default");
    resource->address = kubernetes_address(b->unit->arena, resource->type_name, resource->namespace,
                                           resource->name);
}

bool kubernetes_is_secret(const Resource *object)
{
    return str_eq(object->type_name, STR("Secret"));
}

static void mark_sensitive(Node *node)
{
    node->flags |= NODE_SENSITIVE;
    for (uint32_t i = 0; node->kind == NODE_MAP && i < node->count; i++)
        node->as.entries[i].value.flags |= NODE_SENSITIVE;
}

/* Values of a Secret, and the copy of it that kubectl keeps in an annotation. */
static void mark_secret(const Node *body)
{
    for (uint32_t i = 0; i < body->count; i++) {
        Entry *entry = &body->as.entries[i];
        Str key = entry_key(entry);
        if (str_eq(key, STR("data")) || str_eq(key, STR("stringData")))
            mark_sensitive(&entry->value);
        else if (str_eq(key, STR("metadata")))
            for (uint32_t j = 0; entry->value.kind == NODE_MAP && j < entry->value.count; j++)
                if (str_eq(entry_key(&entry->value.as.entries[j]), STR("annotations")))
                    mark_sensitive(&entry->value.as.entries[j].value);
    }
}

static bool add_resource(Builder *b, const Node *object, Str kind)
{
    Resource *resource = unit_add_resource(b->unit);
    const Entry *entry = node_entry_named(object, STR("kind"));

    if (!resource)
        return false;
    resource->body = *object;
    resource->type_name = kind;
    resource->api_version = node_string(node_get_named(object, STR("apiVersion")));
    if (!kubernetes_is_namesake(resource->api_version, kind))
        resource->type = symbols_find(b->unit->symbols, kind);
    resource->template = b->template;
    resource->document = b->document;
    resource->header =
        entry ? entry_span(object, entry) : (Span){object->source, object->start, object->start};
    set_identity(b, resource);
    if (kubernetes_is_secret(resource))
        mark_secret(object);
    resource->pod = workload_pod(b->unit, object);
    resource->makes_pods = pod_maker_is(resource);
    return !arena_spent(b->unit->arena);
}

static bool add_object(Builder *b, const Node *object, Str item_kind, uint32_t depth);

static bool add_items(Builder *b, const Node *items, Str list_kind, uint32_t depth)
{
    Str kind = str_sub(list_kind, 0, list_kind.size - 4);

    if (items->kind == NODE_NULL)
        return true;
    if (items->kind != NODE_LIST) {
        warn_shape(b, items, "items is not a list");
        return true;
    }
    for (uint32_t i = 0; i < items->count; i++)
        if (!add_object(b, &items->as.items[i], kind, depth + 1))
            return false;
    return true;
}

/* `item_kind` is the kind of an item of a typed list, which need not name it itself. */
static bool add_object(Builder *b, const Node *object, Str item_kind, uint32_t depth)
{
    Str kind = node_string(node_get_named(object, STR("kind")));
    Str api_version = node_string(node_get_named(object, STR("apiVersion")));
    const Node *items = node_get_named(object, STR("items"));

    if (object->kind != NODE_MAP)
        return true;
    if (kind.size == 0 && item_kind.size)
        kind = item_kind;
    else if (kind.size == 0 || api_version.size == 0)
        return true;
    if (items && str_ends(kind, STR("List")) && depth < LIST_DEPTH)
        return add_items(b, items, kind, depth);
    return add_resource(b, object, kind);
}

static bool add_document(Builder *b, const Node *root)
{
    if (root->kind != NODE_NULL)
        b->unit->documents++;
    return add_object(b, root, STR(""), 0);
}

static bool build_yaml(Unit *unit, Source *source)
{
    YamlDocument *documents;
    uint32_t count;
    bool good = yaml_read(source, unit->symbols, unit->arena, &unit->diags, &documents, &count);

    for (uint32_t i = 0; i < count; i++) {
        Builder builder = {unit, i, yaml_head_comment(source, &documents[i], STR("# Source: "))};
        if (!yaml_schema_apply(YAML_SCHEMA_KUBERNETES, &documents[i].root, unit->arena,
                               &unit->diags) ||
            !add_document(&builder, &documents[i].root))
            return false;
    }
    return good;
}

static bool is_braced(Str text)
{
    text = str_trim(text);
    return text.size && *text.data == '{';
}

/* Text in braces may be JSON, and is read as such if it can be: `kubectl get -o json` prints a lot
 * of it. Only a file that is named so must be. `*json` tells that no YAML is to be looked for. */
static bool build_json(Unit *unit, Source *source, bool *json)
{
    bool named = str_ends(source->path, STR(".json"));
    DiagSink quiet = diags_new(unit->arena);
    Builder builder = {.unit = unit};
    Node root;

    *json = named || is_braced(source->text);
    if (!*json)
        return false;
    if (json_read(source, unit->symbols, unit->arena, named ? &unit->diags : &quiet, &root)) {
        return add_document(&builder, &root);
    }
    *json = named;
    return false;
}

/* Whether kustomize says where it has the object from (buildMetadata: [originAnnotations]). */
static bool has_origin(const Resource *resource)
{
    const Node *annotations = node_path(&resource->body, "metadata.annotations");

    return node_get_named(annotations, STR("config.kubernetes.io/origin")) != NULL;
}

/* Helm names the template of each document, and kustomize may name its file: a stream of such
 * documents is the whole of a chart or an overlay. */
static bool is_render(const Unit *unit)
{
    for (uint32_t i = 0; i < unit->resource_count; i++)
        if (str_find(unit->resources[i].template, STR("/templates/")) < 0 &&
            !has_origin(&unit->resources[i]))
            return false;
    return unit->resource_count > 0;
}

bool kubernetes_build(Unit *unit, Source *source)
{
    bool json, good;

    unit->format = FORMAT_KUBERNETES;
    if (!text_decode(source, unit->arena, &unit->diags))
        return false;
    good = build_json(unit, source, &json);
    if (!json) {
        good = build_yaml(unit, source);
        unit->closed |= is_render(unit);
    }
    return good;
}

Resource *kubernetes_add(Unit *unit, const Node *object, uint32_t document)
{
    Builder builder = {.unit = unit, .document = document};
    uint32_t before = unit->resource_count;

    if (!add_document(&builder, object) || unit->resource_count == before)
        return NULL;
    return &unit->resources[before];
}
