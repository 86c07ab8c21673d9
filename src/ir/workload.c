#include "ir/workload.h"

#include "ir/provider_shape.h"

/* Where a kind keeps the map that holds the pod's metadata and spec. */
static const struct {
    Str kind;
    const char *path;
} known_kinds[] = {
    {STR_INIT("Pod"), ""},
    {STR_INIT("PodTemplate"), "template"},
    {STR_INIT("Deployment"), "spec.template"},
    {STR_INIT("StatefulSet"), "spec.template"},
    {STR_INIT("DaemonSet"), "spec.template"},
    {STR_INIT("ReplicaSet"), "spec.template"},
    {STR_INIT("ReplicationController"), "spec.template"},
    {STR_INIT("DeploymentConfig"), "spec.template"},
    {STR_INIT("Job"), "spec.template"},
    {STR_INIT("CronJob"), "spec.jobTemplate.spec.template"},
    {STR_INIT("ScaledJob"), "spec.jobTargetRef.template"},
};

/* Where Argo's kinds keep the workflow's spec, which has a list of templates and otherwise the
 * fields of a pod's. */
static const struct {
    Str kind;
    Str spec;
} workflow_kinds[] = {
    {STR_INIT("Workflow"), STR_INIT("spec")},
    {STR_INIT("WorkflowTemplate"), STR_INIT("spec")},
    {STR_INIT("ClusterWorkflowTemplate"), STR_INIT("spec")},
    {STR_INIT("CronWorkflow"), STR_INIT("workflowSpec")},
};

typedef struct ContainerList {
    Node *items;
    uint32_t count;
    uint32_t capacity;
} ContainerList;

typedef struct View {
    Unit *unit;
    Str kind;
    Span kind_span;
    const Entry *metadata; /* or NULL */
    const Entry *spec;
    ContainerList main;
    ContainerList init;
    ContainerList ephemeral;
} View;

static void add_container(View *view, ContainerList *list, const Node *container)
{
    Node *items;

    if (container->kind != NODE_MAP && container->kind != NODE_UNKNOWN) {
        diag_warning(&view->unit->diags, DIAG_KUBERNETES_SHAPE, node_span(container),
                     "a container is a map");
        return;
    }
    items = arena_grow(view->unit->arena, list->items, list->count, &list->capacity,
                       list->count + 1u, sizeof *items);
    if (!items)
        return;
    list->items = items;
    items[list->count++] = *container;
}

static void add_containers(View *view, ContainerList *list, const Node *containers)
{
    if (!containers || containers->kind == NODE_NULL || containers->kind == NODE_UNKNOWN)
        return;
    if (containers->kind != NODE_LIST) {
        diag_warning(&view->unit->diags, DIAG_KUBERNETES_SHAPE, node_span(containers),
                     "containers are a list");
        return;
    }
    for (uint32_t i = 0; i < containers->count; i++)
        add_container(view, list, &containers->as.items[i]);
}

static Span key_span(const Node *map, const Entry *entry)
{
    return (Span){map->source, entry->key_start, entry->key_end};
}

/* Where a list of containers lies: at its own key, or else at the pod's spec. */
static Span list_place(const Node *spec, const char *key, Span *place)
{
    const Entry *entry = node_entry_named(spec, str_of(key));

    *place = entry ? node_span(&entry->value) : node_span(spec);
    return entry ? key_span(spec, entry) : (Span){spec->source, spec->start, spec->start};
}

static void put_list(MapBuilder *map, Str name, const ContainerList *list, const Node *spec,
                     const char *key)
{
    Span place, key_place = list_place(spec, key, &place);

    map_put(map, name, key_place, node_make_list(place, list->items, list->count));
}

/* An unknown list of containers makes the view's list unknown, since there may be any number. */
static bool put_unknown(MapBuilder *map, Str name, const Node *spec, const char *key)
{
    const Entry *entry = node_entry_named(spec, str_of(key));

    if (!entry || entry->value.kind != NODE_UNKNOWN)
        return false;
    map_put(map, name, key_span(spec, entry), entry->value);
    return true;
}

static void put_all(View *view, MapBuilder *map, const Node *spec)
{
    const ContainerList *lists[] = {&view->main, &view->init, &view->ephemeral};
    ContainerList all = {0};

    if (put_unknown(map, STR("containers"), spec, "containers") ||
        put_unknown(map, STR("containers"), spec, "initContainers"))
        return;
    for (size_t i = 0; i < 3; i++)
        for (uint32_t j = 0; j < lists[i]->count; j++)
            add_container(view, &all, &lists[i]->items[j]);
    put_list(map, STR("containers"), &all, spec, "containers");
}

static void put_metadata(View *view, MapBuilder *map)
{
    static const char *const parts[] = {"labels", "annotations"};
    const Node *metadata = &view->metadata->value;

    map_put(map, STR("metadata"), key_span(metadata, view->metadata), *metadata);
    for (size_t i = 0; i < 2; i++) {
        const Entry *entry = node_entry_named(metadata, str_of(parts[i]));
        if (entry && entry->value.kind != NODE_NULL)
            map_put_entry(map, entry);
    }
}

/* The view as a node, once its containers are collected. */
static const Node *finish(View *view)
{
    Arena *arena = view->unit->arena;
    const Node *spec = &view->spec->value;
    MapBuilder map = map_builder(arena, view->unit->symbols);
    Node *pod = ARENA_NEW(arena, Node);

    map_put(&map, STR("kind"), view->kind_span, node_make_string(view->kind_span, view->kind));
    if (view->metadata && view->metadata->value.kind != NODE_NULL)
        put_metadata(view, &map);
    map_put(&map, STR("spec"), key_span(spec, view->spec), *spec);
    put_all(view, &map, spec);
    if (!put_unknown(&map, STR("main"), spec, "containers"))
        put_list(&map, STR("main"), &view->main, spec, "containers");
    if (!put_unknown(&map, STR("init"), spec, "initContainers"))
        put_list(&map, STR("init"), &view->init, spec, "initContainers");
    put_list(&map, STR("ephemeral"), &view->ephemeral, spec, "ephemeralContainers");
    if (!pod || arena_spent(arena))
        return NULL;
    *pod = map_done(&map, node_span(spec));
    return pod;
}

/* A template with labels and no spec is refused by the API server, but what selects by the labels
 * finds it: it gets a spec with nothing in it, which lies at the template. */
static const Entry *empty_spec(View *view, const Node *template)
{
    Entry *spec = view->metadata ? ARENA_NEW(view->unit->arena, Entry) : NULL;

    if (!spec)
        return NULL;
    spec->key_start = spec->key_end = template->start;
    spec->value = node_make_map(node_span(template), NULL, 0);
    return spec;
}

/* The view of a map that holds a pod's metadata and spec; a Pod itself is one. */
static const Node *view_of_template(View *view, const Node *template, bool is_pod)
{
    const Node *spec;

    view->metadata = node_entry_named(template, STR("metadata"));
    view->spec = node_entry_named(template, STR("spec"));
    if (!view->spec && !is_pod)
        view->spec = empty_spec(view, template);
    spec = view->spec ? &view->spec->value : NULL;
    if (!spec || spec->kind != NODE_MAP)
        return NULL;
    add_containers(view, &view->main, node_get_named(spec, STR("containers")));
    add_containers(view, &view->init, node_get_named(spec, STR("initContainers")));
    add_containers(view, &view->ephemeral, node_get_named(spec, STR("ephemeralContainers")));
    return finish(view);
}

static void add_single(View *view, const Node *container)
{
    if (container && container->kind != NODE_NULL)
        add_container(view, &view->main, container);
}

/* The containers of one step of an Argo workflow. */
static void add_step(View *view, const Node *step)
{
    add_single(view, node_get_named(step, STR("container")));
    add_single(view, node_get_named(step, STR("script")));
    add_containers(view, &view->main, node_path(step, "containerSet.containers"));
    add_containers(view, &view->main, node_get_named(step, STR("sidecars")));
    add_containers(view, &view->init, node_get_named(step, STR("initContainers")));
}

static const Node *view_of_workflow(View *view, const Node *parent, Str spec_key)
{
    const Node *templates;

    view->spec = node_entry_named(parent, spec_key);
    if (!view->spec || view->spec->value.kind != NODE_MAP)
        return NULL;
    view->metadata = node_entry_named(&view->spec->value, STR("podMetadata"));
    templates = node_get_named(&view->spec->value, STR("templates"));
    for (uint32_t i = 0; templates && templates->kind == NODE_LIST && i < templates->count; i++)
        add_step(view, &templates->as.items[i]);
    /* One that only refers to a WorkflowTemplate runs no container of its own. */
    return view->main.count + view->init.count ? finish(view) : NULL;
}

static bool is_workflow(Str kind, const Node *object, Str *spec_key, const Node **parent)
{
    Str api = node_string(node_get_named(object, STR("apiVersion")));

    if (!str_starts(api, STR("argoproj.io/")))
        return false;
    for (size_t i = 0; i < sizeof workflow_kinds / sizeof *workflow_kinds; i++) {
        if (!str_eq(kind, workflow_kinds[i].kind))
            continue;
        *spec_key = workflow_kinds[i].spec;
        *parent = str_eq(*spec_key, STR("spec")) ? object : node_get_named(object, STR("spec"));
        return true;
    }
    return false;
}

static const Node *find_template(Str kind, const Node *object)
{
    const Node *template;

    for (size_t i = 0; i < sizeof known_kinds / sizeof *known_kinds; i++)
        if (str_eq(kind, known_kinds[i].kind))
            return node_path(object, known_kinds[i].path);
    template = node_path(object, "spec.template");
    if (node_path(template, "spec.containers"))
        return template;
    return NULL;
}

const Node *workload_pod(Unit *unit, const Node *object)
{
    const Entry *kind = node_entry_named(object, STR("kind"));
    View view = {.unit = unit};
    const Node *template, *parent = NULL;
    Str spec_key;

    if (!kind)
        return NULL;
    view.kind = node_string(&kind->value);
    view.kind_span = node_span(&kind->value);
    if (is_workflow(view.kind, object, &spec_key, &parent))
        return parent ? view_of_workflow(&view, parent, spec_key) : NULL;
    template = find_template(view.kind, object);
    return template ? view_of_template(&view, template, template == object) : NULL;
}

/* The provider's types that hold a pod, without their version. */
static const struct {
    Str type;
    Str kind;
    const char *path; /* in the resource's body, through lists of one block */
} provider_types[] = {
    {STR_INIT("kubernetes_pod"), STR_INIT("Pod"), ""},
    {STR_INIT("kubernetes_deployment"), STR_INIT("Deployment"), "spec.0.template.0"},
    {STR_INIT("kubernetes_daemonset"), STR_INIT("DaemonSet"), "spec.0.template.0"},
    {STR_INIT("kubernetes_daemon_set"), STR_INIT("DaemonSet"), "spec.0.template.0"},
    {STR_INIT("kubernetes_stateful_set"), STR_INIT("StatefulSet"), "spec.0.template.0"},
    {STR_INIT("kubernetes_replication_controller"), STR_INIT("ReplicationController"),
     "spec.0.template.0"},
    {STR_INIT("kubernetes_job"), STR_INIT("Job"), "spec.0.template.0"},
    {STR_INIT("kubernetes_cron_job"), STR_INIT("CronJob"),
     "spec.0.job_template.0.spec.0.template.0"},
};

/* A type without `_v1`, `_v1beta1` and the like. */
static Str without_version(Str type)
{
    int64_t mark = str_find_last_char(type, '_');

    if (mark < 0 || mark + 2 >= type.size || type.data[mark + 1] != 'v' ||
        type.data[mark + 2] < '0' || type.data[mark + 2] > '9')
        return type;
    return str_sub(type, 0, (uint32_t)mark);
}

const Node *workload_from_provider(Unit *unit, const Resource *resource)
{
    Str type = without_version(resource->type_name);
    View view = {.unit = unit, .kind_span = resource->header};
    Node shaped;

    if (str_eq(type, STR("kubernetes_manifest")))
        return workload_pod(unit, node_get_named(&resource->body, STR("manifest")));
    for (size_t i = 0; i < sizeof provider_types / sizeof *provider_types; i++) {
        const Node *template;
        if (!str_eq(type, provider_types[i].type))
            continue;
        template = node_path(&resource->body, provider_types[i].path);
        if (!template || template->kind != NODE_MAP)
            return NULL;
        view.kind = provider_types[i].kind;
        shaped = provider_shape(unit, template);
        return view_of_template(&view, &shaped, true);
    }
    return NULL;
}
