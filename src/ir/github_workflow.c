#include "ir/github_workflow.h"

#include "ir/yaml_schema.h"
#include "syntax/yaml.h"

static Str text_of(const Node *node)
{
    return node && node->kind == NODE_STRING ? node_text(node) : STR("");
}

static Resource *add(Unit *unit, Str type, Str name, const Node *body, Span header)
{
    Resource *resource = unit_add_resource(unit);

    if (!resource)
        return NULL;
    resource->type_name = type;
    resource->type = symbols_find(unit->symbols, type);
    resource->name = name;
    resource->address = str_format(unit->arena, "%.*s %.*s", STR_ARG(type), STR_ARG(name));
    resource->body = *body;
    resource->header = header;
    return resource;
}

/* What GitHub shows of a step, or else its number. */
static Str step_name(Unit *unit, const Node *step, uint32_t number)
{
    static const char *const keys[] = {"id", "name", "uses"};

    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        Str text = text_of(node_get_named(step, str_of(keys[i])));
        if (text.size)
            return text;
    }
    return str_format(unit->arena, "%u", number);
}

static void add_step(Unit *unit, Str job, const Node *step, uint32_t number)
{
    Str name;

    if (step->kind != NODE_MAP)
        return;
    name =
        str_format(unit->arena, "%.*s/%.*s", STR_ARG(job), STR_ARG(step_name(unit, step, number)));
    add(unit, STR("step"), name, step, (Span){step->source, step->start, step->start});
}

static void add_job(Unit *unit, const Entry *entry, uint32_t source)
{
    const Node *steps;

    if (entry->value.kind != NODE_MAP)
        return;
    add(unit, STR("job"), entry_key(entry), &entry->value,
        (Span){source, entry->key_start, entry->key_end});
    steps = node_get_named(&entry->value, STR("steps"));
    for (uint32_t i = 0; steps && steps->kind == NODE_LIST && i < steps->count; i++)
        add_step(unit, entry_key(entry), &steps->as.items[i], i + 1);
}

/* The name that it has on GitHub: its own, or the file's. */
static Str workflow_name(const Source *source, const Node *root)
{
    Str name = text_of(node_get_named(root, STR("name")));

    return name.size
               ? name
               : str_from(source->path, (uint32_t)(str_find_last_char(source->path, '/') + 1));
}

static void add_workflow(Unit *unit, const Source *source, const Node *root)
{
    const Node *jobs = node_get_named(root, STR("jobs"));
    const Entry *first;

    if (!jobs || jobs->kind != NODE_MAP)
        return;
    first = &root->as.entries[0];
    add(unit, STR("workflow"), workflow_name(source, root), root,
        (Span){root->source, first->key_start, first->key_end});
    for (uint32_t i = 0; i < jobs->count; i++)
        add_job(unit, &jobs->as.entries[i], root->source);
}

bool github_workflow_build(Unit *unit, Source *source)
{
    YamlDocument *documents;
    uint32_t count;
    bool good = yaml_read(source, unit->symbols, unit->arena, &unit->diags, &documents, &count);

    unit->format = FORMAT_GITHUB_WORKFLOW;
    unit->closed = true;
    for (uint32_t i = 0; i < count; i++) {
        if (!yaml_schema_apply(YAML_SCHEMA_CORE, &documents[i].root, unit->arena, &unit->diags))
            return false;
        if (documents[i].root.kind == NODE_MAP)
            add_workflow(unit, source, &documents[i].root);
    }
    return good && !arena_spent(unit->arena);
}
