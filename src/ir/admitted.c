#include "ir/admitted.h"

#include "ir/defaults.h"
#include "ir/kubernetes_kinds.h"

/* --- the copy --- */

static Node copy(const Node *node, Arena *arena);

static void copy_items(Node *list, Arena *arena)
{
    Node *items = ARENA_ARRAY(arena, Node, list->count);

    for (uint32_t i = 0; items && i < list->count; i++)
        items[i] = copy(&list->as.items[i], arena);
    list->count = items ? list->count : 0;
    list->as.items = items;
}

/* Without what is null. */
static void copy_entries(Node *map, Arena *arena)
{
    Entry *entries = ARENA_ARRAY(arena, Entry, map->count);
    uint32_t count = 0;

    for (uint32_t i = 0; entries && i < map->count; i++) {
        if (map->as.entries[i].value.kind == NODE_NULL)
            continue;
        entries[count] = map->as.entries[i];
        entries[count].value = copy(&map->as.entries[i].value, arena);
        count++;
    }
    map->count = count;
    map->as.entries = entries;
}

/* Readers keep the depth within LIMIT_DEPTH. */
static Node copy(const Node *node, Arena *arena)
{
    Node result = *node;

    if (node->kind == NODE_LIST)
        copy_items(&result, arena);
    else if (node->kind == NODE_MAP)
        copy_entries(&result, arena);
    return result;
}

/* --- changes --- */

/* The value of a key, to be changed; NULL where the map has none. */
static Node *value_at(Node *map, Str key)
{
    const Entry *entry = map ? node_entry_named(map, key) : NULL;

    return entry ? &map->as.entries[entry - map->as.entries].value : NULL;
}

static Node *value_along(Node *map, const char *path)
{
    Str rest = str_of(path), key;

    while (map && str_split(&rest, '.', &key))
        map = value_at(map, key);
    return map;
}

static void put(Unit *unit, Node *map, Str key, Node value)
{
    Entry *entries = ARENA_ARRAY(unit->arena, Entry, map->count + (size_t)1);

    if (!entries)
        return;
    if (map->count)
        memcpy(entries, map->as.entries, map->count * sizeof *entries);
    value.flags |= NODE_DEFAULTED;
    entries[map->count] = (Entry){.key = key.data,
                                  .key_size = key.size,
                                  .symbol = symbols_find(unit->symbols, key),
                                  .key_start = map->start,
                                  .key_end = map->start,
                                  .value = value};
    map->as.entries = entries;
    map->count++;
}

static void apply_defaults(Unit *unit, Node *map, Str type)
{
    Resource part = {.type = symbols_find(unit->symbols, type),
                     .body = *map,
                     .header = {map->source, map->start, map->start}};

    if (map->kind != NODE_MAP)
        return;
    defaults_apply(unit, &part);
    *map = part.body;
}

/* --- containers --- */

/* Amounts are texts, however they were written. */
static void spell_amounts(Unit *unit, Node *amounts)
{
    for (uint32_t i = 0; amounts && amounts->kind == NODE_MAP && i < amounts->count; i++) {
        Node *value = &amounts->as.entries[i].value;
        const Source *source = sources_get(&unit->sources, value->source);
        Node text = *value;

        if ((value->kind != NODE_INT && value->kind != NODE_DOUBLE) || !source)
            continue;
        text.kind = NODE_STRING;
        text.as.text = str_sub(source->text, value->start, value->end - value->start).data;
        text.count = str_sub(source->text, value->start, value->end - value->start).size;
        *value = text;
    }
}

/* What is limited and not requested is requested as it is limited; in pods, not in templates. */
static void fill_requests(Unit *unit, Node *resources)
{
    Node *limits = value_at(resources, STR("limits"));
    Node *requests = value_at(resources, STR("requests"));

    if (!limits || limits->kind != NODE_MAP)
        return;
    if (!requests) {
        put(unit, resources, STR("requests"), *limits);
        return;
    }
    for (uint32_t i = 0; requests->kind == NODE_MAP && i < limits->count; i++) {
        const Entry *entry = &limits->as.entries[i];
        if (!node_get_named(requests, entry_key(entry)))
            put(unit, requests, entry_key(entry), entry->value);
    }
}

/* Whether the image has the tag `latest`, said or not. */
static bool is_latest(Str image)
{
    Str name = str_from(image, (uint32_t)(str_find_last_char(image, '/') + 1));

    if (str_find_char(name, '@') >= 0)
        return false;
    return str_find_char(name, ':') < 0 || str_ends(name, STR(":latest"));
}

static void fill_pull_policy(Unit *unit, Node *container)
{
    const Node *image = node_get_named(container, STR("image"));
    bool latest = image && image->kind == NODE_STRING && is_latest(node_text(image));
    Node value = node_make_string(SPAN_NONE, latest ? STR("Always") : STR("IfNotPresent"));

    if (node_get_named(container, STR("imagePullPolicy")))
        return;
    if (image && image->kind == NODE_UNKNOWN)
        value = node_make_unknown(SPAN_NONE, unknown_new(unit->arena, STR("the image")));
    put(unit, container, STR("imagePullPolicy"), value);
}

static void fill_containers(Unit *unit, Node *list, bool pod)
{
    for (uint32_t i = 0; list && list->kind == NODE_LIST && i < list->count; i++) {
        Node *container = &list->as.items[i];
        Node *resources;

        if (container->kind != NODE_MAP)
            continue;
        apply_defaults(unit, container, STR("Container"));
        fill_pull_policy(unit, container);
        resources = value_at(container, STR("resources"));
        spell_amounts(unit, value_at(resources, STR("limits")));
        spell_amounts(unit, value_at(resources, STR("requests")));
        if (resources && pod)
            fill_requests(unit, resources);
    }
}

/* `pod`: of a Pod itself. */
static void fill_pod(Unit *unit, Node *spec, bool pod)
{
    if (!spec || spec->kind != NODE_MAP)
        return;
    apply_defaults(unit, spec, STR("PodSpec"));
    fill_containers(unit, value_at(spec, STR("containers")), pod);
    fill_containers(unit, value_at(spec, STR("initContainers")), pod);
    fill_containers(unit, value_at(spec, STR("ephemeralContainers")), pod);
}

/* A port of a service leads to the same port. */
static void fill_target_ports(Unit *unit, Node *ports)
{
    for (uint32_t i = 0; ports && ports->kind == NODE_LIST && i < ports->count; i++) {
        Node *port = &ports->as.items[i];
        const Node *number = node_get_named(port, STR("port"));

        if (number && !node_get_named(port, STR("targetPort")))
            put(unit, port, STR("targetPort"), *number);
    }
}

/* The group of RBAC, where none is given. */
static void fill_group(Unit *unit, Node *map)
{
    Node group = node_make_string(SPAN_NONE, STR("rbac.authorization.k8s.io"));
    Node *given = value_at(map, STR("apiGroup"));

    if (given && given->kind == NODE_STRING && given->count == 0)
        *given = group;
    else if (map && map->kind == NODE_MAP && !given)
        put(unit, map, STR("apiGroup"), group);
}

/* Roles, users and groups are those of RBAC. */
static void fill_binding(Unit *unit, Node *body)
{
    Node *subjects = value_at(body, STR("subjects"));

    fill_group(unit, value_at(body, STR("roleRef")));
    for (uint32_t i = 0; subjects && subjects->kind == NODE_LIST && i < subjects->count; i++) {
        Node *subject = &subjects->as.items[i];
        Str kind = node_string(node_get_named(subject, STR("kind")));

        if (str_eq(kind, STR("User")) || str_eq(kind, STR("Group")))
            fill_group(unit, subject);
    }
}

/* --- the whole --- */

static const char *template_path(Str kind)
{
    static const Str templated[] = {
        STR_INIT("Deployment"), STR_INIT("StatefulSet"),           STR_INIT("DaemonSet"),
        STR_INIT("ReplicaSet"), STR_INIT("ReplicationController"), STR_INIT("Job"),
    };

    if (str_eq(kind, STR("Pod")))
        return "";
    if (str_eq(kind, STR("CronJob")))
        return "spec.jobTemplate.spec.template";
    for (size_t i = 0; i < sizeof templated / sizeof *templated; i++)
        if (str_eq(kind, templated[i]))
            return "spec.template";
    return NULL;
}

const Node *admitted_template(const Node *body, Str kind)
{
    const char *path = template_path(kind);

    if (!path || !*path)
        return path ? body : NULL;
    return node_path(body, path);
}

/* The namespace is given at the latest when the object is sent. */
static void fill_namespace(Unit *unit, const Resource *resource, Node *body)
{
    Node *metadata = value_at(body, STR("metadata"));
    Unknown *unknown;

    if (!metadata || metadata->kind != NODE_MAP || resource->namespace_given ||
        kubernetes_scope(unit, resource) == SCOPE_CLUSTER)
        return;
    unknown = ARENA_NEW(unit->arena, Unknown);
    if (!unknown)
        return;
    *unknown = (Unknown){.cause = STR("the namespace that it is applied to"),
                         .type = NODE_STRING,
                         .set = kubernetes_scope(unit, resource) == SCOPE_NAMESPACED};
    put(unit, metadata, STR("namespace"), node_make_unknown(SPAN_NONE, unknown));
}

Node admitted_body(Unit *unit, const Resource *resource)
{
    Node body = copy(&resource->body, unit->arena);
    const char *path = template_path(resource->type_name);
    Node *pod;

    if (!value_at(&body, STR("metadata")))
        put(unit, &body, STR("metadata"), node_make_map(SPAN_NONE, NULL, 0));
    fill_namespace(unit, resource, &body);
    apply_defaults(unit, &body, resource->type_name);
    pod = path ? value_along(&body, path) : NULL;
    fill_pod(unit, value_at(pod, STR("spec")), path && !*path);
    if (str_eq(resource->type_name, STR("Service")))
        fill_target_ports(unit, value_along(&body, "spec.ports"));
    else if (str_ends(resource->type_name, STR("RoleBinding")))
        fill_binding(unit, &body);
    return body;
}
