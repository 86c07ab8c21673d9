#include "ir/plan.h"

#include "ir/defaults.h"
#include "ir/plan_config.h"
#include "ir/plan_values.h"
#include "ir/str_map.h"
#include "ir/workload.h"
#include "syntax/json.h"

typedef struct Builder {
    Unit *unit;
    const Source *source;
    PlanConfig *config;
    PlanValues values;
    StrMap data_seen; /* addresses of data sources that will be read during apply */
} Builder;

/* Members that are read only where they are needed, or never: the values there are those of
 * resource_changes once more, or nothing to judge. */
static const Str skipped[] = {
    STR_INIT("planned_values"),   STR_INIT("prior_state"),         STR_INIT("resource_drift"),
    STR_INIT("output_changes"),   STR_INIT("relevant_attributes"), STR_INIT("checks"),
    STR_INIT("deferred_changes"),
};

static void shape_error(Builder *b, const Node *node, const char *message)
{
    diag_error(&b->unit->diags, DIAG_PLAN_SHAPE, node_span(node), "%s", message);
}

/* The member of a plan that json_read_partial() left out; false where it is not there or cannot be
 * read. */
static bool read_part(Builder *b, const Node *root, Str name, Node *part)
{
    const Node *place = node_get_named(root, name);
    Unit *unit = b->unit;

    return place && place->end > place->start &&
           json_read_part(b->source, node_span(place), unit->symbols, unit->arena, &unit->diags,
                          part);
}

/* Names the resource by its "address" entry; where it has none that can be read it is left out. */
static bool read_identity(Builder *b, const Node *object, Resource *resource, Address *address)
{
    const Entry *entry = node_entry_named(object, STR("address"));
    Str text = entry ? node_string(&entry->value) : STR("");

    if (!address_take_apart(text, address)) {
        shape_error(b, entry ? &entry->value : object,
                    "a resource of the plan has no address that names one");
        return false;
    }
    resource->address = text;
    resource->module_path = address->module;
    resource->name = address->name;
    resource->data_source = address->data;
    resource->type_name =
        address->data ? str_join(b->unit->arena, STR("data."), address->type) : address->type;
    resource->type = symbols_find(b->unit->symbols, resource->type_name);
    resource->header = entry_span(object, entry);
    return resource->type_name.data != NULL;
}

static const Node *expressions_of(const Resource *resource)
{
    return node_get_named(resource->config, STR("expressions"));
}

/* A resource at the end of the unit's list, without a body; NULL where it cannot be. */
static Resource *add_resource(Builder *b, const Node *object)
{
    Address address;
    Resource named = {0}, *resource;

    if (!read_identity(b, object, &named, &address))
        return NULL;
    resource = unit_add_resource(b->unit);
    if (!resource)
        return NULL;
    named.format = resource->format;
    named.related = resource->related;
    *resource = named;
    b->values.module = plan_config_module(b->config, address.module);
    resource->config = plan_config_resource(b->config, b->values.module, address.local);
    resource->refs_pending = resource->config != NULL;
    return resource;
}

/* Once the body is there. */
static void finish_resource(Builder *b, Resource *resource)
{
    defaults_apply(b->unit, resource);
    if (str_starts(resource->type_name, STR("kubernetes_")))
        resource->pod = workload_from_provider(b->unit, resource);
}

static bool has_action(const Node *change, Str action)
{
    const Node *actions = node_get_named(change, STR("actions"));

    for (uint32_t i = 0; actions && actions->kind == NODE_LIST && i < actions->count; i++)
        if (str_eq(node_string(&actions->as.items[i]), action))
            return true;
    return false;
}

/* Whether the object is still there after apply. A deposed one is on its way out; a replaced one is
 * deleted and created, in either order. */
static bool survives(const Node *object, const Node *change)
{
    bool leaves = has_action(change, STR("delete")) || has_action(change, STR("forget"));

    return node_string(node_get_named(object, STR("deposed"))).size == 0 &&
           (!leaves || has_action(change, STR("create")));
}

static bool add_change(Builder *b, const Node *object)
{
    const Node *change = node_get_named(object, STR("change"));
    const Node *after = node_get_named(change, STR("after"));
    Resource *resource;

    if (!change || !survives(object, change))
        return true;
    resource = add_resource(b, object);
    if (!resource)
        return !arena_spent(b->unit->arena);
    resource->body = after && after->kind == NODE_MAP
                         ? *after
                         : node_make_map(node_span(after ? after : change), NULL, 0);
    plan_put_unknown(&b->values, &resource->body, node_get_named(change, STR("after_unknown")),
                     expressions_of(resource));
    plan_put_sensitive(&b->values, &resource->body, node_get_named(change, STR("after_sensitive")));
    finish_resource(b, resource);
    if (resource->data_source) {
        uint32_t *seen = str_map_at(&b->data_seen, resource->address);
        if (seen)
            *seen = 1;
    }
    return true;
}

/* Room for all at once, so that the list is not copied as it grows. */
static void reserve_resources(Unit *unit, uint32_t count)
{
    Resource *resources;

    if (unit->resource_count > 0)
        return;
    resources = arena_grow(unit->arena, unit->resources, 0, &unit->resource_capacity, count + 16,
                           sizeof *resources);
    if (resources)
        unit->resources = resources;
}

/* Returns whether there was any change to read. */
static bool add_changes(Builder *b, const Node *changes)
{
    if (!changes || changes->kind == NODE_NULL)
        return false;
    if (changes->kind != NODE_LIST) {
        shape_error(b, changes, "resource_changes is not a list");
        return false;
    }
    reserve_resources(b->unit, changes->count);
    for (uint32_t i = 0; i < changes->count; i++)
        if (!add_change(b, &changes->as.items[i]))
            break;
    return changes->count > 0;
}

/* A resource of a state or of planned_values. */
static bool add_value(Builder *b, const Node *object, bool planned)
{
    const Node *values = node_get_named(object, STR("values"));
    Resource *resource = add_resource(b, object);

    if (!resource)
        return !arena_spent(b->unit->arena);
    resource->body = values && values->kind == NODE_MAP
                         ? *values
                         : node_make_map(node_span(values ? values : object), NULL, 0);
    if (planned)
        plan_put_referenced(&b->values, &resource->body, expressions_of(resource));
    plan_put_sensitive(&b->values, &resource->body,
                       node_get_named(object, STR("sensitive_values")));
    finish_resource(b, resource);
    return true;
}

typedef enum Part {
    PART_STATE,   /* all resources, as they are */
    PART_PLANNED, /* all resources, unknowns shown as nulls */
    PART_PRIOR,   /* data sources, unless they will be read again */
} Part;

static bool is_new_data(Builder *b, const Node *object)
{
    return str_eq(node_string(node_get_named(object, STR("mode"))), STR("data")) &&
           !str_map_find(&b->data_seen, node_string(node_get_named(object, STR("address"))));
}

/* The reader bounds the depth. */
static bool add_module_values(Builder *b, const Node *module, Part part)
{
    const Node *resources = node_get_named(module, STR("resources"));
    const Node *children = node_get_named(module, STR("child_modules"));

    for (uint32_t i = 0; resources && resources->kind == NODE_LIST && i < resources->count; i++) {
        const Node *object = &resources->as.items[i];
        if (part == PART_PRIOR && !is_new_data(b, object))
            continue;
        if (!add_value(b, object, part == PART_PLANNED))
            return false;
    }
    for (uint32_t i = 0; children && children->kind == NODE_LIST && i < children->count; i++)
        if (!add_module_values(b, &children->as.items[i], part))
            return false;
    return true;
}

static void add_planned_values(Builder *b, const Node *root)
{
    Node planned;

    if (read_part(b, root, STR("planned_values"), &planned))
        add_module_values(b, node_get_named(&planned, STR("root_module")), PART_PLANNED);
}

/* Data sources that were read at plan time stand nowhere else. */
static void add_prior_data(Builder *b, const Node *root)
{
    const Node *place = node_get_named(root, STR("prior_state"));
    const Node *values;
    Node prior;

    if (!place ||
        str_find(str_range(b->source->text.data + place->start, b->source->text.data + place->end),
                 STR("\"data\"")) < 0)
        return;
    if (!read_part(b, root, STR("prior_state"), &prior))
        return;
    values = node_get_named(&prior, STR("values"));
    add_module_values(b, node_get_named(values, STR("root_module")), PART_PRIOR);
}

/* "aws.default", "module.m.aws.west". */
static Str provider_address(Builder *b, const Node *object, Str name)
{
    Str alias = node_string(node_get_named(object, STR("alias")));
    Str module = node_string(node_get_named(object, STR("module_address")));

    if (alias.size == 0)
        alias = STR("default");
    return str_format(b->unit->arena, "%.*s%s%.*s.%.*s", STR_ARG(module), module.size ? "." : "",
                      STR_ARG(name), STR_ARG(alias));
}

/* A module that only says which version it wants configures nothing. */
static bool only_requires(const Node *object)
{
    return node_get_named(object, STR("module_address")) &&
           !node_get_named(object, STR("expressions"));
}

static bool add_provider(Builder *b, const Node *map, const Entry *entry)
{
    const Node *object = &entry->value;
    const Node *expressions = node_get_named(object, STR("expressions"));
    Str name = node_string(node_get_named(object, STR("name")));
    Resource *resource;

    if (name.size == 0 || only_requires(object))
        return true;
    resource = unit_add_resource(b->unit);
    if (!resource)
        return false;
    resource->type_name = str_join(b->unit->arena, STR("provider."), name);
    resource->type = symbols_find(b->unit->symbols, resource->type_name);
    resource->name = name;
    resource->address = provider_address(b, object, name);
    resource->module_path = node_string(node_get_named(object, STR("module_address")));
    resource->header = (Span){map->source, entry->key_start, entry->key_end};
    resource->body = expressions ? plan_constants(&b->values, expressions, 0)
                                 : node_make_map(node_span(object), NULL, 0);
    return resource->address.data && resource->type_name.data;
}

static void add_providers(Builder *b, const Node *configuration)
{
    const Node *providers = node_get_named(configuration, STR("provider_config"));

    for (uint32_t i = 0; providers && providers->kind == NODE_MAP && i < providers->count; i++)
        if (!add_provider(b, providers, &providers->as.entries[i]))
            return;
}

/* Minor versions only add; a major version may change the meaning of what is there. */
static bool check_version(Unit *unit, const Node *root)
{
    const Node *node = node_get_named(root, STR("format_version"));
    Str version = node_string(node), major;

    if (!str_split(&version, '.', &major) ||
        (!str_eq(major, STR("0")) && !str_eq(major, STR("1")))) {
        Str text = node_string(node);
        diag_error(&unit->diags, DIAG_PLAN_VERSION, node_span(node ? node : root),
                   text.size ? "a plan of format version %.*s is not understood"
                             : "a plan without a format_version%.*s is not understood",
                   STR_ARG(text));
        return false;
    }
    return true;
}

static void check_complete(Unit *unit, const Node *root)
{
    const Node *errored = node_get_named(root, STR("errored"));
    const Node *complete = node_get_named(root, STR("complete"));
    bool failed = errored && errored->kind == NODE_BOOL && errored->as.boolean;
    bool partial = complete && complete->kind == NODE_BOOL && !complete->as.boolean;

    if (!failed && !partial)
        return;
    unit->incomplete = true;
    diag_error(&unit->diags, DIAG_PLAN_INCOMPLETE, node_span(failed ? errored : complete),
               failed ? "planning ended with an error: resources may be missing here"
                      : "the plan says that it is not complete: resources may be missing here");
}

/* What the plan was told of where it runs. */
static void note_environment(Unit *unit, const Node *variables)
{
    static const Str names[] = {STR_INIT("environment"), STR_INIT("env")};

    for (size_t i = 0; i < 2 && unit->environment.kind == NODE_NULL; i++) {
        const Node *value = node_get_named(node_get_named(variables, names[i]), STR("value"));
        if (value)
            unit->environment = *value;
    }
}

static bool build_resources(Builder *b, const Node *root)
{
    const Node *configuration = node_get_named(root, STR("configuration"));
    const Node *state = node_get_named(root, STR("values"));

    b->values.variables = node_get_named(root, STR("variables"));
    b->config = plan_config_new(b->unit->arena, configuration, b->values.variables);
    if (!b->config)
        return false;
    b->unit->plan = b->config;
    b->values.config_known = plan_config_known(b->config);
    note_environment(b->unit, b->values.variables);
    if (state)
        add_module_values(b, node_get_named(state, STR("root_module")), PART_STATE);
    else if (!add_changes(b, node_get_named(root, STR("resource_changes"))))
        add_planned_values(b, root);
    add_prior_data(b, root);
    add_providers(b, configuration);
    return true;
}

bool plan_build(Unit *unit, Source *source)
{
    Builder builder = {.unit = unit,
                       .source = source,
                       .values = {.arena = unit->arena, .symbols = unit->symbols},
                       .data_seen = str_map_new(unit->arena)};
    Node root;

    unit->format = FORMAT_PLAN;
    unit->closed = true;
    if (!json_read_partial(source, unit->symbols, unit->arena, &unit->diags, skipped,
                           sizeof skipped / sizeof *skipped, &root))
        return false;
    if (root.kind != NODE_MAP) {
        shape_error(&builder, &root, "a plan is an object");
        return false;
    }
    if (!check_version(unit, &root))
        return false;
    check_complete(unit, &root);
    return build_resources(&builder, &root);
}
