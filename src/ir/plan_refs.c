#include "ir/plan_refs.h"

#include "base/limits.h"
#include "ir/address.h"
#include "ir/plan_config.h"
#include "ir/plan_values.h"

/* References of one argument that are followed: a chain of modules may double them at each step.
 * And those of one expression that are looked at. No configuration of people comes near. */
#define STEPS_MAX 4096u
#define HOPS_MAX 64u
#define REFERENCES_MAX 256u

/* Where an expression stands: the module instance, and the block with its instance key. */
typedef struct Scope {
    const PlanModule *module;
    Str path;
    const Node *block; /* a resource or a module call, for its count and for_each */
    Str key;
} Scope;

typedef struct Resolver {
    Unit *unit;
    const Instances *instances;
    Str from;          /* of the refs that are being made */
    const Node *value; /* the same */
    Ref *refs;
    uint32_t count;
    uint32_t capacity;
    uint32_t steps;
} Resolver;

static void emit(Resolver *r, Str target, Str attribute, const Resource *to)
{
    Ref *refs =
        arena_grow(r->unit->arena, r->refs, r->count, &r->capacity, r->count + 1u, sizeof *refs);

    if (!refs)
        return;
    r->refs = refs;
    refs[r->count++] = (Ref){
        .from = r->from, .value = r->value, .target = target, .attribute = attribute, .to = to};
}

/* `a`, then `b` after a dot where `a` is not empty. */
static Str dotted(Resolver *r, Str a, Str b)
{
    char *text;

    if (a.size == 0)
        return b;
    text = arena_raw(r->unit->arena, (size_t)a.size + b.size + 1, 1);
    if (!text)
        return b;
    memcpy(text, a.data, a.size);
    text[a.size] = '.';
    memcpy(text + a.size + 1, b.data, b.size);
    return (Str){text, a.size + 1 + b.size};
}

static uint32_t reference_count(const Node *references)
{
    return references->count < REFERENCES_MAX ? references->count : REFERENCES_MAX;
}

static Str reference_text(const Node *references, uint32_t index)
{
    return node_string(&references->as.items[index]);
}

/* Terraform lists "a.b.id" and then each of its prefixes; a text may also be there twice. */
static bool is_implied(const Node *references, uint32_t index)
{
    Str text = reference_text(references, index);

    for (uint32_t i = 0; i < index; i++) {
        Str before = reference_text(references, i);
        if (address_extends(before, text) || str_eq(before, text))
            return true;
    }
    return text.size == 0;
}

static bool is_instance_word(Str text)
{
    return str_starts(text, STR("each.")) || str_eq(text, STR("count.index"));
}

static bool mentions_instance(const Node *references)
{
    for (uint32_t i = 0; i < reference_count(references); i++)
        if (is_instance_word(reference_text(references, i)))
            return true;
    return false;
}

/* Whether the expression names one thing only, and no index that is worked out. */
static bool names_one_thing(const Node *references)
{
    uint32_t count = 0;

    for (uint32_t i = 0; i < reference_count(references) && count < 2; i++)
        count += !is_implied(references, i);
    return count == 1;
}

static bool lists_reference(const Node *references, Str text)
{
    for (uint32_t i = 0; references && i < reference_count(references); i++)
        if (str_eq(reference_text(references, i), text))
            return true;
    return false;
}

/* Whether instance keys of both blocks are the same: the same count or for_each, or one repeats
 * over the other. `name` is what the module calls the target block. */
static bool repeat_alike(const Node *block, const Node *target, Str name)
{
    static const Str words[] = {STR_INIT("for_each_expression"), STR_INIT("count_expression")};

    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        const Node *ours = node_get_named(block, words[i]);
        const Node *theirs = node_get_named(target, words[i]);
        if (!ours)
            continue;
        if (theirs && ours->count > 0 && node_equal(ours, theirs))
            return true;
        if (name.size > 0 && lists_reference(plan_expression_references(ours), name))
            return true;
    }
    return false;
}

static bool is_repeated(const Node *block)
{
    return node_get_named(block, STR("for_each_expression")) ||
           node_get_named(block, STR("count_expression"));
}

/* A reference without a key to a block that has several instances. */
static void emit_instances(Resolver *r, const Scope *scope, const Node *references,
                           const Address *address, Str base)
{
    const Node *target = plan_config_resource(r->unit->plan, scope->module, address->local);
    const Resource *instance = instances_first(r->instances, base);

    if (mentions_instance(references) && repeat_alike(scope->block, target, address->local)) {
        Str exact = str_join(r->unit->arena, base, scope->key);
        emit(r, exact, address->attribute, instances_at(r->instances, exact));
        return;
    }
    if (!names_one_thing(references)) {
        emit(r, base, address->attribute, NULL);
        return;
    }
    for (; instance; instance = instances_next(r->instances, instance))
        emit(r, instance->address, address->attribute, instance);
}

static void resolve_resource(Resolver *r, const Scope *scope, const Node *references,
                             const Address *address)
{
    Str base = dotted(r, scope->path, address->local);
    const Resource *first = instances_first(r->instances, base);

    if (address->key.size > 0) {
        Str exact = str_join(r->unit->arena, base, address->key);
        emit(r, exact, address->attribute, instances_at(r->instances, exact));
    } else if (!first || str_eq(first->address, base)) {
        emit(r, base, address->attribute, first);
    } else {
        emit_instances(r, scope, references, address, base);
    }
}

static void resolve(Resolver *r, const Scope *scope, const Node *references, uint32_t hops);

/* A variable is what the caller passes. */
static void resolve_variable(Resolver *r, const Scope *scope, Str name, Str text, uint32_t hops)
{
    const Node *call = scope->module ? scope->module->call : NULL;
    const Node *expression, *references;
    AddressStep step;
    Scope outer;
    Str caller;

    if (!call || !address_caller(scope->path, &caller, &step)) {
        emit(r, text, STR(""), NULL);
        return;
    }
    expression = node_get_named(node_get_named(call, STR("expressions")), name);
    references = plan_expression_references(expression);
    if (!references)
        return;
    outer = (Scope){scope->module->parent, caller, call, step.key};
    resolve(r, &outer, references, hops + 1);
}

/* The key of the instance of a called module that is meant; false where that is not certain. */
static bool call_key(const Scope *scope, const Node *references, const PlanModule *child,
                     AddressStep step, Str *key)
{
    *key = step.key;
    if (step.key.size > 0 || !is_repeated(child->call))
        return true;
    *key = scope->key;
    return mentions_instance(references) && repeat_alike(scope->block, child->call, STR(""));
}

/* `module.NAME[KEY].OUTPUT`: what the output names inside. `rest` begins with the name. */
static void resolve_output(Resolver *r, const Scope *scope, const Node *references, Str rest,
                           Str text, uint32_t hops)
{
    AddressStep call, output;
    const PlanModule *child;
    const Node *inside;
    Scope inner;
    Str key;

    if (!address_step(&rest, &call) || !address_step(&rest, &output))
        output.name = STR("");
    child = plan_config_child(r->unit->plan, scope->module, call.name);
    if (!child || output.name.size == 0 || !call_key(scope, references, child, call, &key)) {
        emit(r, dotted(r, scope->path, text), STR(""), NULL);
        return;
    }
    inside = node_get_named(node_get_named(child->node, STR("outputs")), output.name);
    inside = plan_expression_references(node_get_named(inside, STR("expression")));
    if (!inside)
        return;
    inner = (Scope){.module = child,
                    .path = dotted(r, scope->path,
                                   str_format(r->unit->arena, "module.%.*s%.*s", STR_ARG(call.name),
                                              STR_ARG(key)))};
    resolve(r, &inner, inside, hops + 1);
}

/* `each.value` is the instance of the same key where the block repeats over a resource. */
static void resolve_each(Resolver *r, const Scope *scope, Str text)
{
    const Node *over = node_get_named(scope->block, STR("for_each_expression"));
    const Node *references = plan_expression_references(over);
    Address address;
    Str exact;

    if (str_eq(text, STR("each.key")) || !references)
        return;
    if (!names_one_thing(references) ||
        !address_take_apart(reference_text(references, 0), &address) ||
        address.attribute.size > 0 || address.key.size > 0) {
        emit(r, text, STR(""), NULL);
        return;
    }
    exact = str_join(r->unit->arena, dotted(r, scope->path, address.local), scope->key);
    emit(r, exact, str_from(text, 11), instances_at(r->instances, exact));
}

static void resolve_one(Resolver *r, const Scope *scope, const Node *references, Str text,
                        uint32_t hops)
{
    Str rest = text;
    AddressStep first = {STR(""), STR("")}, second = {STR(""), STR("")};
    Address address;

    address_step(&rest, &first);
    if (str_eq(first.name, STR("module")))
        resolve_output(r, scope, references, rest, text, hops);
    else if (str_eq(first.name, STR("var")) && address_step(&rest, &second))
        resolve_variable(r, scope, second.name, text, hops);
    else if (str_eq(first.name, STR("each")))
        resolve_each(r, scope, text);
    else if (str_eq(first.name, STR("local")) || str_eq(first.name, STR("self")))
        emit(r, text, STR(""), NULL);
    else if (address_take_apart(text, &address))
        resolve_resource(r, scope, references, &address);
}

static void resolve(Resolver *r, const Scope *scope, const Node *references, uint32_t hops)
{
    if (hops > HOPS_MAX)
        return;
    for (uint32_t i = 0; i < reference_count(references) && r->steps < STEPS_MAX; i++) {
        r->steps++;
        if (!is_implied(references, i))
            resolve_one(r, scope, references, reference_text(references, i), hops);
    }
}

static void collect(Resolver *r, const Scope *scope, const Node *block, const Node *body, Str path,
                    uint32_t depth);

/* Nested blocks, with the block of the body that each gives where that is certain. */
static void collect_blocks(Resolver *r, const Scope *scope, const Node *blocks, const Node *body,
                           Str path, uint32_t depth)
{
    if (body && body->kind == NODE_LIST && body->count == blocks->count) {
        for (uint32_t i = 0; i < body->count; i++) {
            const Node *block = plan_block_config(blocks, body, i);
            if (block)
                collect(r, scope, block, &body->as.items[i], path, depth + 1);
        }
        return;
    }
    for (uint32_t i = 0; i < blocks->count; i++)
        collect(r, scope, &blocks->as.items[i], NULL, path, depth + 1);
}

static void collect(Resolver *r, const Scope *scope, const Node *block, const Node *body, Str path,
                    uint32_t depth)
{
    if (depth > LIMIT_DEPTH || !block || block->kind != NODE_MAP)
        return;
    for (uint32_t i = 0; i < block->count; i++) {
        const Entry *entry = &block->as.entries[i];
        const Node *references = plan_expression_references(&entry->value);
        const Node *value = node_get_named(body, entry_key(entry));
        if (!references && (entry->value.count == 0 || plan_is_expression(&entry->value)))
            continue;
        r->from = dotted(r, path, entry_key(entry));
        r->value = value;
        r->steps = 0;
        if (references)
            resolve(r, scope, references, 0);
        else if (entry->value.kind == NODE_LIST)
            collect_blocks(r, scope, &entry->value, value, r->from, depth);
        else
            collect(r, scope, &entry->value, value, r->from, depth + 1);
    }
}

void plan_refs_build(Unit *unit, const Instances *instances, Resource *resource)
{
    Resolver r = {.unit = unit, .instances = instances};
    Address address;
    Scope scope;

    resource->refs_pending = false;
    if (!unit->plan || !address_take_apart(resource->address, &address))
        return;
    scope = (Scope){.module = plan_config_module(unit->plan, resource->module_path),
                    .path = resource->module_path,
                    .block = resource->config,
                    .key = address.key};
    collect(&r, &scope, node_get_named(resource->config, STR("expressions")), &resource->body,
            STR(""), 0);
    resource->refs = r.refs;
    resource->ref_count = r.count;
}
