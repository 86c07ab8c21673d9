#include "cel/plain.h"
#include "scan/evaluator.h"
#include "scan/plan_tree.h"

static void put_int(MapBuilder *map, Str key, uint32_t value)
{
    map_put(map, key, SPAN_NONE, node_make_int(SPAN_NONE, value));
}

/* The variable `config`. */
static CelValue make_config(const EvalOptions *options, PodStandard wanted, Arena *arena)
{
    MapBuilder security = map_builder(arena, options->symbols);
    MapBuilder kubernetes = map_builder(arena, options->symbols);
    MapBuilder config = map_builder(arena, options->symbols);
    Node node;

    put_int(&security, STR("level"), wanted.level);
    put_int(&security, STR("minor"), wanted.minor);
    put_int(&kubernetes, STR("minor"), options->kubernetes_minor);
    map_put(&config, STR("podSecurity"), SPAN_NONE, map_done(&security, SPAN_NONE));
    map_put(&config, STR("kubernetes"), SPAN_NONE, map_done(&kubernetes, SPAN_NONE));
    node = map_done(&config, SPAN_NONE);
    return cel_plain(&node, arena);
}

/* What plumb.yaml wants, or the namespace of the resource at hand. */
static PodStandard pod_security(const Evaluator *e, bool of_namespace)
{
    PodStandard wanted = {e->options->pod_security_level, e->options->pod_security_minor};

    if (of_namespace)
        pod_security_of(e->unit, e->resource, &wanted);
    return wanted;
}

/* The variable for that, made once for each of the few that there are. */
static CelValue config_for(Evaluator *e, PodStandard wanted)
{
    EvalConfig *config;

    for (config = e->configs; config; config = config->next)
        if (config->wanted.level == wanted.level && config->wanted.minor == wanted.minor)
            return config->value;
    config = ARENA_NEW(e->arena, EvalConfig);
    if (!config)
        return e->variables[RULE_VAR_CONFIG];
    *config = (EvalConfig){wanted, make_config(e->options, wanted, e->arena), e->configs};
    e->configs = config;
    return config->value;
}

/* The fields of `meta`, in this order. */
#define META_FIELDS 11u
static const Str meta_fields[META_FIELDS] = {
    STR_INIT("address"),   STR_INIT("type"),           STR_INIT("name"),
    STR_INIT("namespace"), STR_INIT("namespaceGiven"), STR_INIT("apiVersion"),
    STR_INIT("format"),    STR_INIT("file"),           STR_INIT("module"),
    STR_INIT("template"),  STR_INIT("dataSource"),
};

/* The map without its values. */
static bool make_meta_fields(Evaluator *e)
{
    Entry *entries = ARENA_ARRAY(e->arena, Entry, META_FIELDS);

    for (uint32_t i = 0; entries && i < META_FIELDS; i++)
        entries[i] = (Entry){.key = meta_fields[i].data,
                             .key_size = meta_fields[i].size,
                             .symbol = symbols_find(e->options->symbols, meta_fields[i])};
    e->meta = node_make_map(SPAN_NONE, entries, entries ? META_FIELDS : 0);
    return entries != NULL;
}

static Node text_node(Str text)
{
    return node_make_string(SPAN_NONE, text.data ? text : STR(""));
}

Str eval_file_of(const Unit *unit, const Resource *resource)
{
    Span span = sources_origin(&unit->sources, resource->header);
    const Source *source = sources_get(&unit->sources, span.source);

    return source ? source->path : unit->path;
}

Str eval_config_file_of(Unit *unit, const Resource *resource)
{
    PlanPlace place;
    const Source *source;

    if (unit->tree && plan_tree_find(unit, resource, STR(""), &place)) {
        source = sources_get(&unit->sources, place.header.source);
        if (source)
            return source->path;
    }
    return eval_file_of(unit, resource);
}

static void make_meta(Evaluator *e)
{
    const Resource *r = e->resource;
    const Node values[META_FIELDS] = {
        text_node(r->address),
        text_node(r->type_name),
        text_node(r->name),
        text_node(r->namespace),
        node_make_bool(SPAN_NONE, r->namespace_given),
        text_node(r->api_version),
        text_node(str_of(format_id(r->format))),
        text_node(eval_file_of(e->unit, r)),
        text_node(r->module_path),
        text_node(r->template),
        node_make_bool(SPAN_NONE, r->data_source),
    };

    for (uint32_t i = 0; i < META_FIELDS; i++)
        e->meta.as.entries[i].value = values[i];
    e->meta_made = true;
}

/* The way in which a resource's values compare. */
static uint8_t value_flags(const Resource *resource)
{
    bool terraform = resource->format == FORMAT_TERRAFORM || resource->format == FORMAT_PLAN;

    return terraform ? CEL_TERRAFORM : 0;
}

void eval_set_unit(Evaluator *e, Unit *unit)
{
    e->unit = unit;
    e->unit_number++;
    e->machine.unit = unit;
    e->namespaces_enforce = unit->format == FORMAT_KUBERNETES && pod_security_any(unit);
    e->variables[RULE_VAR_CONFIG] = config_for(e, pod_security(e, false));
}

void eval_set_resource(Evaluator *e, const Resource *resource)
{
    CelValue value = {.kind = CEL_RESOURCE, .flags = CEL_INPUT | CEL_CONFIGURED};
    CelValue pod = cel_from_node(resource->pod);

    value.flags |= value_flags(resource);
    value.as.resource = resource;
    value.origin = &resource->body;
    pod.flags |= value_flags(resource);
    if (!resource->pod)
        pod.origin = &resource->body;
    e->resource = resource;
    e->resource_number++;
    e->machine.resource = resource;
    e->variables[RULE_VAR_RESOURCE] = value;
    e->variables[RULE_VAR_POD] = pod;
    if (e->namespaces_enforce)
        e->variables[RULE_VAR_CONFIG] = config_for(e, pod_security(e, resource->pod != NULL));
    e->meta_made = false;
    e->body_admitted = false;
    e->environment_found = false;
    e->secrets_sought = false;
    e->effort = SPOT_EFFORT;
    e->address = e->type_name = (Str){NULL, 0};
    e->mark = 0;
    arena_rewind(e->scratch, 0);
}

/* `it` and `index` are judge_each()'s. */
void eval_set_made_variables(Evaluator *e, const RuleRef *ref, uint32_t used)
{
    if (used & (1u << RULE_VAR_META)) {
        if (!e->meta_made)
            make_meta(e);
        e->variables[RULE_VAR_META] = cel_from_node(&e->meta);
    }
    if (used & (1u << RULE_VAR_ENVIRONMENT) && !e->environment_found) {
        const Environments *environments = &e->options->environments;
        Str file = environments->count ? eval_config_file_of(e->unit, e->resource)
                                       : eval_file_of(e->unit, e->resource);
        e->variables[RULE_VAR_ENVIRONMENT] =
            environment_find(environments, e->unit, e->resource, file);
        e->environment_found = true;
    }
    if (ref->admission)
        eval_set_admission(e, ref, used);
    else if (used & (1u << RULE_VAR_PARAMS))
        e->variables[RULE_VAR_PARAMS] = rule_view_params(e->view, ref);
}

void eval_clear_element(Evaluator *e)
{
    e->variables[RULE_VAR_IT] = cel_from_node(NULL);
    e->variables[RULE_VAR_INDEX] = cel_null();
}

bool eval_variables_init(Evaluator *e)
{
    eval_clear_element(e);
    e->variables[RULE_VAR_CONFIG] = config_for(e, pod_security(e, false));
    e->variables[RULE_VAR_CLUSTER] = eval_cluster();
    return make_meta_fields(e);
}
