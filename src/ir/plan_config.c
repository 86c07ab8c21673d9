#include "ir/plan_config.h"

#include "base/limits.h"

/* A thing with a name inside a module: a call or a resource. */
typedef struct Named {
    const PlanModule *owner;
    Str name;
    const Node *block;        /* of a resource */
    const PlanModule *module; /* of a call */
} Named;

struct PlanConfig {
    Arena *arena;
    const Node *variables;
    PlanModule root;
    Named *slots;
    uint32_t slot_count; /* a power of two */
    uint32_t used;
    uint32_t module_count;

    /* Resources come module by module: the last answer of plan_config_module(). */
    Str last_path;
    const PlanModule *last_module;
};

static uint32_t slot_of(const PlanConfig *config, const PlanModule *owner, Str name)
{
    uint64_t hash = str_hash(name) ^ ((uint64_t)owner->number * 0x9e3779b97f4a7c15u);
    uint32_t slot = (uint32_t)(hash ^ (hash >> 32)) & (config->slot_count - 1);

    while (config->slots[slot].owner &&
           (config->slots[slot].owner != owner || !str_eq(config->slots[slot].name, name)))
        slot = (slot + 1) & (config->slot_count - 1);
    return slot;
}

static bool grow(PlanConfig *config)
{
    Named *old = config->slots;
    uint32_t old_count = config->slot_count;

    config->slot_count = old_count ? old_count * 2 : 64;
    config->slots = ARENA_ARRAY(config->arena, Named, config->slot_count);
    if (!config->slots)
        return false;
    for (uint32_t i = 0; i < old_count; i++)
        if (old[i].owner)
            config->slots[slot_of(config, old[i].owner, old[i].name)] = old[i];
    return true;
}

/* The first of two with one name stays. */
static bool add(PlanConfig *config, Named named)
{
    uint32_t slot;

    if (2 * (config->used + 1) > config->slot_count && !grow(config))
        return false;
    slot = slot_of(config, named.owner, named.name);
    if (!config->slots[slot].owner) {
        config->slots[slot] = named;
        config->used++;
    }
    return true;
}

static bool add_resources(PlanConfig *config, const PlanModule *module)
{
    const Node *list = node_get_named(module->node, STR("resources"));

    for (uint32_t i = 0; list && list->kind == NODE_LIST && i < list->count; i++) {
        const Node *block = &list->as.items[i];
        Str address = node_string(node_get_named(block, STR("address")));
        if (address.size > 0 && !add(config, (Named){module, address, block, NULL}))
            return false;
    }
    return true;
}

static bool add_module(PlanConfig *config, const PlanModule *module, uint32_t depth);

static bool add_call(PlanConfig *config, const PlanModule *parent, const Entry *entry,
                     uint32_t depth)
{
    PlanModule *module = ARENA_NEW(config->arena, PlanModule);

    if (!module)
        return false;
    *module = (PlanModule){.parent = parent,
                           .name = entry_key(entry),
                           .call = &entry->value,
                           .node = node_get_named(&entry->value, STR("module")),
                           .number = ++config->module_count};
    return add(config, (Named){parent, module->name, NULL, module}) &&
           add_module(config, module, depth);
}

static bool add_module(PlanConfig *config, const PlanModule *module, uint32_t depth)
{
    const Node *calls = node_get_named(module->node, STR("module_calls"));

    if (depth > LIMIT_DEPTH)
        return true;
    if (!add_resources(config, module))
        return false;
    for (uint32_t i = 0; calls && calls->kind == NODE_MAP && i < calls->count; i++)
        if (!add_call(config, module, &calls->as.entries[i], depth + 1))
            return false;
    return true;
}

PlanConfig *plan_config_new(Arena *arena, const Node *configuration, const Node *variables)
{
    PlanConfig *config = ARENA_NEW(arena, PlanConfig);

    if (!config)
        return NULL;
    config->arena = arena;
    config->variables = variables;
    config->root.node = node_get_named(configuration, STR("root_module"));
    config->last_module = &config->root;
    if (!grow(config) || !add_module(config, &config->root, 0))
        return NULL;
    return config;
}

const Node *plan_config_variables(const PlanConfig *config)
{
    return config->variables;
}

bool plan_config_known(const PlanConfig *config)
{
    return config->root.node != NULL;
}

const PlanModule *plan_config_child(const PlanConfig *config, const PlanModule *parent, Str name)
{
    return parent ? config->slots[slot_of(config, parent, name)].module : NULL;
}

const PlanModule *plan_config_module(PlanConfig *config, Str path)
{
    Str rest = path;
    AddressStep word, call;
    const PlanModule *module = &config->root;

    if (str_eq(path, config->last_path))
        return config->last_module;
    while (module && address_step(&rest, &word) && address_step(&rest, &call))
        module = plan_config_child(config, module, call.name);
    config->last_path = path;
    config->last_module = module;
    return module;
}

const Node *plan_config_resource(const PlanConfig *config, const PlanModule *module, Str local)
{
    return module ? config->slots[slot_of(config, module, local)].block : NULL;
}

const Node *plan_expression_references(const Node *expression)
{
    const Node *references = node_get_named(expression, STR("references"));

    return references && references->kind == NODE_LIST && references->count > 0 ? references : NULL;
}

bool plan_is_expression(const Node *node)
{
    return node->kind == NODE_MAP && (node->count == 0 || node_get_named(node, STR("references")) ||
                                      node_get_named(node, STR("constant_value")));
}

/* The variable that is all of an expression; empty where it is anything else. */
static Str only_variable(const Node *expression)
{
    const Node *references = plan_expression_references(expression);
    Str text =
        references && references->count == 1 ? node_string(&references->as.items[0]) : STR("");

    return str_starts(text, STR("var.")) && str_find_char(str_from(text, 4), '.') < 0 &&
                   str_find_char(text, '[') < 0
               ? str_from(text, 4)
               : STR("");
}

static bool is_null(const Node *node)
{
    return node && node->kind == NODE_NULL;
}

bool plan_expression_is_null(const Node *expression, const PlanModule *module,
                             const Node *root_variables)
{
    const Node *passed, *declared;
    Str name = only_variable(expression);

    for (; module && name.size > 0; module = module->parent) {
        declared = node_get_named(node_get_named(module->node, STR("variables")), name);
        passed = module->parent
                     ? node_get_named(node_get_named(module->call, STR("expressions")), name)
                     : node_get_named(node_get_named(root_variables, name), STR("value"));
        if (!passed)
            return is_null(node_get_named(declared, STR("default")));
        if (!module->parent)
            return is_null(passed);
        if (is_null(node_get_named(passed, STR("constant_value"))))
            return true;
        name = only_variable(passed);
    }
    return false;
}
