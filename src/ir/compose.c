#include "ir/compose.h"

#include "ir/docker.h"
#include "ir/terraform_tree.h"
#include "ir/yaml_schema.h"
#include "syntax/text.h"
#include "syntax/yaml.h"

typedef struct Compose {
    Unit *unit;
    const Source *source;
    const ComposeFiles *files;
} Compose;

static Str text_of(const Node *node)
{
    return node && node->kind == NODE_STRING ? node_text(node) : STR("");
}

/* A text with `$` in it is what the environment makes of it, but for what stands before. */
static void open_text(const Compose *compose, Node *node)
{
    Str text = text_of(node);
    int64_t dollar = str_find_char(text, '$');
    Unknown *unknown;

    if (dollar < 0 || str_starts(str_from(text, (uint32_t)dollar), STR("$$")))
        return;
    unknown = ARENA_NEW(compose->unit->arena, Unknown);
    if (!unknown)
        return;
    *unknown = (Unknown){.cause = str_from(text, (uint32_t)dollar),
                         .type = NODE_STRING,
                         .set = true,
                         .prefix = str_sub(text, 0, (uint32_t)dollar)};
    *node = node_make_unknown(node_span(node), unknown);
}

static void open_texts(const Compose *compose, Node *map)
{
    for (uint32_t i = 0; i < map->count; i++)
        open_text(compose, &map->as.entries[i].value);
}

static void add_service(const Compose *compose, const Entry *entry)
{
    Resource *resource = unit_add_resource(compose->unit);

    if (!resource)
        return;
    resource->type_name = STR("service");
    resource->type = symbols_find(compose->unit->symbols, resource->type_name);
    resource->name = entry_key(entry);
    resource->address = str_format(compose->unit->arena, "service %.*s", STR_ARG(entry_key(entry)));
    resource->body = entry->value;
    resource->header = (Span){compose->source->number, entry->key_start, entry->key_end};
}

static bool is_local(Str path)
{
    return path.size && str_find(path, STR("://")) < 0 && str_find_char(path, '$') < 0 &&
           !str_starts(path, STR("git@")) && path.data[0] != '/' && path.data[0] != '~';
}

/* The path of the service's Dockerfile, or an empty text. */
static Str dockerfile_of(const Compose *compose, const Node *build)
{
    Arena *arena = compose->unit->arena;
    Str context = STR("."), file = STR("Dockerfile"), path = compose->source->path;
    int64_t slash = str_find_last_char(path, '/');
    const Node *given;

    if (build->kind == NODE_STRING) {
        context = node_text(build);
    } else {
        given = node_get_named(build, STR("context"));
        context = given ? text_of(given) : context;
        given = node_get_named(build, STR("dockerfile"));
        file = given ? text_of(given) : file;
    }
    if (!is_local(context) || !is_local(file))
        return STR("");
    path = tf_path_join(arena, slash < 0 ? STR(".") : str_sub(path, 0, (uint32_t)slash), context);
    path = path.size ? tf_path_join(arena, path, file) : path;
    return tf_path_leads_out(path) ? STR("") : path;
}

static bool is_read(const Unit *unit, Str path)
{
    for (uint32_t i = 0; i < unit->sources.count; i++)
        if (str_eq(unit->sources.items[i]->path, path))
            return true;
    return false;
}

static void read_build(const Compose *compose, const Node *build)
{
    Unit *unit = compose->unit;
    Str path = dockerfile_of(compose, build), text;
    Source *source;

    if (!compose->files || !path.size || is_read(unit, path) ||
        !compose->files->read(compose->files->context, path, unit->arena, &text))
        return;
    source = sources_add(&unit->sources, path, text);
    if (source && text_decode(source, unit->arena, &unit->diags))
        docker_build(unit, source);
}

/* `dockerfile_inline`: places are those of the whole text. */
static void read_inline(const Compose *compose, const Node *build)
{
    Unit *unit = compose->unit;
    const Node *text =
        build->kind == NODE_MAP ? node_get_named(build, STR("dockerfile_inline")) : NULL;
    Source *source;

    if (!text || text->kind != NODE_STRING)
        return;
    source = sources_add_decoded(&unit->sources, node_span(text), node_text(text), NULL, 0);
    if (source)
        docker_build(unit, source);
}

static void read_service(const Compose *compose, Entry *entry)
{
    const Node *build;

    if (entry->value.kind != NODE_MAP)
        return;
    build = node_get_named(&entry->value, STR("build"));
    if (build)
        read_inline(compose, build);
    if (build && !(build->kind == NODE_MAP && node_get_named(build, STR("dockerfile_inline"))))
        read_build(compose, build);
    open_texts(compose, &entry->value);
    add_service(compose, entry);
}

/* The map of services; NULL where there is none, or the file is no YAML. */
static const Node *services_of(Unit *unit, const Source *source)
{
    DiagSink diags = diags_new(unit->arena); /* what Compose says of it is Compose's business */
    YamlDocument *documents;
    uint32_t count;
    const Node *services;

    if (!yaml_read(source, unit->symbols, unit->arena, &diags, &documents, &count) || count == 0 ||
        !yaml_schema_apply(YAML_SCHEMA_KUBERNETES, &documents[0].root, unit->arena, &diags)) {
        diag_warning(&unit->diags, DIAG_YAML_SYNTAX, (Span){source->number, 0, 0},
                     "the Compose file cannot be read, and its services are not judged");
        return NULL;
    }
    services = documents[0].root.kind == NODE_MAP
                   ? node_get_named(&documents[0].root, STR("services"))
                   : NULL;
    return services && services->kind == NODE_MAP ? services : NULL;
}

bool compose_build(Unit *unit, Source *source, const ComposeFiles *files)
{
    Compose compose = {unit, source, files};
    const Node *services = services_of(unit, source);

    unit->format = FORMAT_DOCKERFILE;
    unit->closed = true;
    for (uint32_t i = 0; services && i < services->count; i++)
        read_service(&compose, &services->as.entries[i]);
    return !arena_spent(unit->arena);
}
