#include "ir/index.h"

#include <stdlib.h>

#include "base/limits.h"
#include "ir/address.h"
#include "ir/instances.h"
#include "ir/plan_refs.h"
#include "ir/pod_makers.h"
#include "ir/str_map.h"

/* Resources one after the other, in the unit's order once they are closed. */
typedef struct Group {
    const Resource **items;
    uint32_t count;
    uint32_t capacity;
    bool incomplete;
    Str cause;
} Group;

/* Groups by name. */
typedef struct Groups {
    Arena *arena;
    StrMap names; /* number of the group + 1 */
    Group *items;
    uint32_t count;
    uint32_t capacity;
} Groups;

/* What one attribute of the resources of one type leads to. */
typedef struct Links {
    Groups by_address;   /* of what is referred to, and of what may be */
    Groups by_value;     /* known texts of the attribute, and variables without a value */
    Group open;          /* incomplete where some value may name anything */
    struct Links *next;  /* of the index */
    Str type, attribute; /* the question */
} Links;

/* The texts of one attribute of the resources of one type. */
typedef struct Values {
    Groups by_text;
    Group open;          /* incomplete where some text is not known */
    struct Values *next; /* of the index */
    Str type, attribute; /* the question */
} Values;

/* Attributes by which other resources name one, where the value is known. */
static const Str identifying[] = {
    STR_INIT("id"),
    STR_INIT("arn"),
    STR_INIT("name"),
    STR_INIT("bucket"),
    STR_INIT("key_id"),
    STR_INIT("zone_id"),
    STR_INIT("identifier"),
    STR_INIT("cluster_identifier"),
    STR_INIT("function_name"),
    STR_INIT("replication_group_id"),
    STR_INIT("cluster_id"),
    STR_INIT("self_link"),
};
#define IDENTIFYING_COUNT (sizeof identifying / sizeof *identifying)

/* What a resource's identifying attributes say. */
typedef struct Names {
    const Resource *of;
    Str items[IDENTIFYING_COUNT];
    uint32_t count;
} Names;

struct UnitIndex {
    Groups types;
    Groups identities; /* by the known text of an identifying attribute, or its variable */
    bool identities_made;
    Names asked; /* of the resource that was last asked for */
    Instances *instances;
    Links *links;
    Values *values;
};

static Groups groups_new(Arena *arena)
{
    return (Groups){.arena = arena, .names = str_map_new(arena)};
}

static Group *groups_find(const Groups *groups, Str name)
{
    uint32_t number = str_map_find(&groups->names, name);

    return number ? &groups->items[number - 1] : NULL;
}

/* The group, made where it is not there; good until the next call. NULL when the arena is spent. */
static Group *groups_at(Groups *groups, Str name)
{
    uint32_t *number = str_map_at(&groups->names, name);
    Group *items;

    if (!number)
        return NULL;
    if (*number)
        return &groups->items[*number - 1];
    items = arena_grow(groups->arena, groups->items, groups->count, &groups->capacity,
                       groups->count + 1u, sizeof *items);
    if (!items)
        return NULL;
    groups->items = items;
    items[groups->count++] = (Group){0};
    *number = groups->count;
    return &items[*number - 1];
}

static void group_add(Arena *arena, Group *group, const Resource *resource)
{
    const Resource **items;

    if (!group || (group->count > 0 && group->items[group->count - 1] == resource))
        return;
    items = arena_grow(arena, group->items, group->count, &group->capacity, group->count + 1u,
                       sizeof *items);
    if (!items)
        return;
    group->items = items;
    items[group->count++] = resource;
}

static void group_open(Group *group, Str cause)
{
    if (!group || group->incomplete)
        return;
    group->incomplete = true;
    group->cause = cause;
}

/* In the unit's order, each once: resources lie in one array. */
static int compare_resources(const void *a, const void *b)
{
    const Resource *left = *(const Resource *const *)a, *right = *(const Resource *const *)b;

    return (left > right) - (left < right);
}

static void group_close(Group *group)
{
    uint32_t kept = 0;

    if (group->count < 2)
        return;
    qsort(group->items, group->count, sizeof *group->items, compare_resources);
    for (uint32_t i = 0; i < group->count; i++)
        if (kept == 0 || group->items[kept - 1] != group->items[i])
            group->items[kept++] = group->items[i];
    group->count = kept;
}

/* Adds all of `from`, which may be NULL, to `group`. */
static void group_merge(Arena *arena, Group *group, const Group *from)
{
    if (!from)
        return;
    for (uint32_t i = 0; i < from->count; i++)
        group_add(arena, group, from->items[i]);
    if (from->incomplete)
        group_open(group, from->cause);
}

bool index_supposes(Unit *unit, Found *found)
{
    if (found->incomplete || (unit->closed && !unit->incomplete))
        return false;
    if (unit->scope.supposing)
        return true;
    unit->scope.met = true;
    found->incomplete = true;
    found->cause =
        unit->incomplete ? STR("the plan is not complete") : STR("what other files define");
    return false;
}

static Found found_of(const Group *group)
{
    if (!group)
        return (Found){.cause = STR("")};
    return (Found){(const Resource *const *)group->items, group->count, group->incomplete,
                   group->cause};
}

static Found nothing(Str cause)
{
    return (Found){.incomplete = true, .cause = cause};
}

static bool add_types(Unit *unit, Groups *types)
{
    for (uint32_t i = 0; i < unit->resource_count; i++) {
        const Resource *resource = &unit->resources[i];
        Group *group = groups_at(types, resource->type_name);
        if (!group)
            return false;
        group_add(unit->arena, group, resource);
        if (resource->open & RESOURCE_OPEN_COUNT)
            group_open(group, resource->address);
    }
    return true;
}

static UnitIndex *get_index(Unit *unit)
{
    UnitIndex *index = unit->index;

    if (index)
        return index;
    index = ARENA_NEW(unit->arena, UnitIndex);
    if (!index)
        return NULL;
    index->types = groups_new(unit->arena);
    index->identities = groups_new(unit->arena);
    if (!add_types(unit, &index->types))
        return NULL;
    unit->index = index;
    return index;
}

/* The references of a resource, which a plan has only from the first question on. */
static const Resource *with_refs(Unit *unit, UnitIndex *index, const Resource *resource)
{
    if (!resource->refs_pending)
        return resource;
    if (!index->instances)
        index->instances = instances_new(unit);
    if (index->instances)
        plan_refs_build(unit, index->instances, &unit->resources[resource - unit->resources]);
    return resource;
}

/* What stands for a variable without a value: where its unknown lies, which all places share that
 * hold nothing but the variable. Empty for every other unknown. */
static Str variable_key(Arena *arena, const Unknown *unknown)
{
    if (!str_starts(unknown->cause, STR("var.")))
        return STR("");
    return str_copy(arena, (Str){(const char *)&unknown, sizeof unknown});
}

/* By what `node` may name a resource: its known text, or its variable. */
static Str identity_of(Arena *arena, const Node *node)
{
    return node && node->kind == NODE_UNKNOWN ? variable_key(arena, node->as.unknown)
                                              : node_string(node);
}

static void add_identities(Unit *unit, UnitIndex *index)
{
    if (index->identities_made)
        return;
    index->identities_made = true;
    for (uint32_t i = 0; i < unit->resource_count; i++) {
        for (size_t k = 0; k < IDENTIFYING_COUNT; k++) {
            Str text =
                identity_of(unit->arena, node_get_named(&unit->resources[i].body, identifying[k]));
            if (text.size > 0)
                group_add(unit->arena, groups_at(&index->identities, text), &unit->resources[i]);
        }
    }
}

/* Whether `path` is `attribute` or inside it. */
static bool path_within(Str path, Str attribute)
{
    return attribute.size == 0 || str_eq(path, attribute) ||
           (str_starts(path, attribute) && path.data[attribute.size] == '.');
}

/* A reference to no resource of which anything is known: a variable, a local value. */
static bool is_open_target(Str target)
{
    Address address;

    return !address_take_apart(target, &address);
}

/* Whether an expression names a resource beside what `ref` says: `local.x ? a.b[0].id : a.c[0].id`,
 * where the local value only decides between what is known. */
static bool has_better(const Resource *from, const Ref *ref)
{
    for (uint32_t i = 0; i < from->ref_count; i++)
        if (from->refs[i].to && from->refs[i].value == ref->value &&
            str_eq(from->refs[i].from, ref->from))
            return true;
    return false;
}

static void link_ref(Unit *unit, Links *links, const Resource *from, const Ref *ref)
{
    if (ref->to && !(from->open & RESOURCE_OPEN_COUNT))
        group_add(unit->arena, groups_at(&links->by_address, ref->to->address), from);
    else if (ref->to)
        group_open(groups_at(&links->by_address, ref->to->address), from->address);
    else if (!is_open_target(ref->target))
        group_open(groups_at(&links->by_address, ref->target), ref->target);
    else if ((!ref->value || node_has_unknown(ref->value)) && !has_better(from, ref))
        group_open(&links->open, ref->target);
}

/* The known texts of an attribute; `path` goes through lists. Says whether something is unknown. */
static const Unknown *link_values(Unit *unit, Links *links, const Resource *from, const Node *node,
                                  Str path, uint32_t depth)
{
    const Unknown *unknown = NULL, *inner;
    Str key;

    if (!node || depth > LIMIT_DEPTH)
        return NULL;
    if (node->kind == NODE_UNKNOWN)
        return node->as.unknown;
    if (node->kind == NODE_LIST) {
        for (uint32_t i = 0; i < node->count; i++) {
            inner = link_values(unit, links, from, &node->as.items[i], path, depth + 1);
            unknown = unknown ? unknown : inner;
        }
        return unknown;
    }
    if (node->kind == NODE_STRING && path.size == 0 && node->count > 0)
        group_add(unit->arena, groups_at(&links->by_value, node_text(node)), from);
    if (node->kind != NODE_MAP || !str_split(&path, '.', &key))
        return NULL;
    return link_values(unit, links, from, node_get_named(node, key), path, depth + 1);
}

/* Whether a resource that `from` belongs to, as aws_s3_bucket_versioning to aws_s3_bucket, has the
 * identity `key`. */
static bool has_owner(Unit *unit, UnitIndex *index, const Resource *from, Str key)
{
    const Group *group;

    add_identities(unit, index);
    group = groups_find(&index->identities, key);
    for (uint32_t i = 0; group && i < group->count; i++) {
        Str type = group->items[i]->type_name;
        if (type.size < from->type_name.size && str_starts(from->type_name, type))
            return true;
    }
    return false;
}

/* An unknown value names what the same variable names, or may name anything. */
static void link_unknown(Unit *unit, UnitIndex *index, Links *links, const Resource *from,
                         const Unknown *unknown)
{
    Str key = variable_key(unit->arena, unknown);

    if (key.size > 0 && has_owner(unit, index, from, key))
        group_add(unit->arena, groups_at(&links->by_value, key), from);
    else
        group_open(&links->open, unknown->cause);
}

static void link_resource(Unit *unit, UnitIndex *index, Links *links, const Resource *from)
{
    const Unknown *unknown;
    uint32_t refs = 0, resolved = 0;

    for (uint32_t i = 0; i < from->ref_count; i++) {
        if (!path_within(from->refs[i].from, links->attribute))
            continue;
        link_ref(unit, links, from, &from->refs[i]);
        refs++;
        resolved += from->refs[i].to != NULL;
    }
    if (resolved > 0)
        return;
    unknown = link_values(unit, links, from, &from->body, links->attribute, 0);
    /* Nobody knows what a dynamic block or a function gives. */
    if (unknown && refs == 0 && !unknown->unset)
        link_unknown(unit, index, links, from, unknown);
}

static Links *get_links(Unit *unit, UnitIndex *index, Str type, Str attribute)
{
    const Group *group = groups_find(&index->types, type);
    Links *links;

    for (links = index->links; links; links = links->next)
        if (str_eq(links->type, type) && str_eq(links->attribute, attribute))
            return links;
    links = ARENA_NEW(unit->arena, Links);
    if (!links)
        return NULL;
    links->by_address = groups_new(unit->arena);
    links->by_value = groups_new(unit->arena);
    links->type = str_copy(unit->arena, type);
    links->attribute = str_copy(unit->arena, attribute);
    links->next = index->links;
    index->links = links;
    for (uint32_t i = 0; group && i < group->count; i++)
        link_resource(unit, index, links, with_refs(unit, index, group->items[i]));
    return links;
}

Found unit_resources(Unit *unit, Str type)
{
    UnitIndex *index = get_index(unit);
    Found found;

    if (!index)
        return nothing(STR("memory is short"));
    found = found_of(groups_find(&index->types, type));
    if (index_supposes(unit, &found))
        scope_ask_type(&unit->scope, type);
    return found;
}

/* The node at a path of names, an unknown on the way to it, or NULL. */
static const Node *node_at(const Node *node, Str path)
{
    Str name;

    while (node && node->kind == NODE_MAP && str_split(&path, '.', &name))
        node = node_get_named(node, name);
    return node && (node->kind == NODE_UNKNOWN || !path.size) ? node : NULL;
}

static void add_value(Unit *unit, Values *values, const Resource *resource)
{
    const Node *node = node_at(&resource->body, values->attribute);

    /* One that is not written is `default`. */
    if (resource->format == FORMAT_KUBERNETES &&
        str_eq(values->attribute, STR("metadata.namespace")))
        group_add(unit->arena, groups_at(&values->by_text, resource->namespace), resource);
    else if (node && node->kind == NODE_UNKNOWN)
        group_open(&values->open, node->as.unknown->cause);
    else if (node && node->kind == NODE_STRING)
        group_add(unit->arena, groups_at(&values->by_text, node_string(node)), resource);
}

static Values *get_values(Unit *unit, UnitIndex *index, Str type, Str attribute)
{
    const Group *group = groups_find(&index->types, type);
    Values *values;

    for (values = index->values; values; values = values->next)
        if (str_eq(values->type, type) && str_eq(values->attribute, attribute))
            return values;
    values = ARENA_NEW(unit->arena, Values);
    if (!values)
        return NULL;
    values->by_text = groups_new(unit->arena);
    values->type = str_copy(unit->arena, type);
    values->attribute = str_copy(unit->arena, attribute);
    values->next = index->values;
    index->values = values;
    for (uint32_t i = 0; group && i < group->count; i++)
        add_value(unit, values, group->items[i]);
    if (group && group->incomplete)
        group_open(&values->open, group->cause);
    return values;
}

static void ask_valued(ScopeQuestions *scope, Str type, Str attribute, Str text)
{
    if (str_eq(attribute, STR("metadata.name")))
        scope_ask_name(scope, type, text);
    else if (str_eq(attribute, STR("metadata.namespace")))
        scope_ask_namespace(scope, type, text);
    else
        scope_ask_type(scope, type);
}

/* What has a name that nothing here has may be made by others. */
static void leave_to_makers(Unit *unit, Str attribute, Found *found)
{
    const Resource *maker;

    if (found->count || found->incomplete || unit->format != FORMAT_KUBERNETES ||
        !str_eq(attribute, STR("metadata.name")))
        return;
    maker = pod_maker_find(unit, STR("default"));
    if (!maker)
        return;
    found->incomplete = true;
    found->cause = maker->address;
}

Found unit_valued(Unit *unit, Str type, Str attribute, Str text)
{
    UnitIndex *index = get_index(unit);
    Values *values = index ? get_values(unit, index, type, attribute) : NULL;
    Group answer = {0};
    Found found;

    if (!values)
        return nothing(STR("memory is short"));
    group_merge(unit->arena, &answer, groups_find(&values->by_text, text));
    if (values->open.incomplete)
        group_open(&answer, values->open.cause);
    found = found_of(&answer);
    leave_to_makers(unit, attribute, &found);
    if (index_supposes(unit, &found))
        ask_valued(&unit->scope, type, attribute, text);
    return found;
}

/* The names of a resource. Many rules ask who refers to the same one. */
static const Names *names_of(Unit *unit, UnitIndex *index, const Resource *resource)
{
    Names *names = &index->asked;

    if (names->of == resource)
        return names;
    *names = (Names){.of = resource};
    for (size_t k = 0; k < IDENTIFYING_COUNT; k++) {
        Str text = identity_of(unit->arena, node_get_named(&resource->body, identifying[k]));
        if (text.size > 0)
            names->items[names->count++] = text;
    }
    return names;
}

Found unit_referrers(Unit *unit, const Resource *to, Str type, Str attribute)
{
    UnitIndex *index = get_index(unit);
    Links *links = index ? get_links(unit, index, type, attribute) : NULL;
    Str base = instances_base(to->address);
    const Names *names;
    Group answer = {0};
    Found found;

    if (!links)
        return nothing(STR("memory is short"));
    group_merge(unit->arena, &answer, groups_find(&links->by_address, to->address));
    /* A reference whose instance is not certain names the block only. */
    if (base.size < to->address.size)
        group_merge(unit->arena, &answer, groups_find(&links->by_address, base));
    names = names_of(unit, index, to);
    for (uint32_t i = 0; i < names->count; i++)
        group_merge(unit->arena, &answer, groups_find(&links->by_value, names->items[i]));
    if (links->open.incomplete)
        group_open(&answer, links->open.cause);
    group_close(&answer);
    found = found_of(&answer);
    if (index_supposes(unit, &found))
        scope_ask_type(&unit->scope, type);
    return found;
}

/* Whether `part` is a node of the tree at `node`. Nodes of one map or list lie side by side. */
static bool tree_holds(const Node *node, const Node *part, uint32_t depth)
{
    if (node == part)
        return true;
    if (depth > LIMIT_DEPTH)
        return false;
    for (uint32_t i = 0; node->kind == NODE_LIST && i < node->count; i++)
        if (tree_holds(&node->as.items[i], part, depth + 1))
            return true;
    for (uint32_t i = 0; node->kind == NODE_MAP && i < node->count; i++)
        if (tree_holds(&node->as.entries[i].value, part, depth + 1))
            return true;
    return false;
}

static bool ref_gives(const Ref *ref, const Node *value)
{
    return ref->value && (tree_holds(ref->value, value, 0) || tree_holds(value, ref->value, 0));
}

/* Resources whose identity is a known text of `value`. */
static void add_identified(Unit *unit, UnitIndex *index, const Node *value, Group *answer,
                           uint32_t depth)
{
    add_identities(unit, index);
    if (depth > LIMIT_DEPTH)
        return;
    if (value->kind == NODE_STRING && value->count > 0)
        group_merge(unit->arena, answer, groups_find(&index->identities, node_text(value)));
    if (value->kind == NODE_UNKNOWN && !value->as.unknown->unset)
        group_open(answer, value->as.unknown->cause);
    for (uint32_t i = 0; value->kind == NODE_LIST && i < value->count; i++)
        add_identified(unit, index, &value->as.items[i], answer, depth + 1);
    for (uint32_t i = 0; value->kind == NODE_MAP && i < value->count; i++)
        add_identified(unit, index, &value->as.entries[i].value, answer, depth + 1);
}

Found unit_refs(Unit *unit, const Resource *from, const Node *value)
{
    UnitIndex *index = get_index(unit);
    Group answer = {0};
    bool given = false;

    if (!index)
        return nothing(STR("memory is short"));
    if (!value || value->kind == NODE_NULL)
        return (Found){.cause = STR("")};
    from = with_refs(unit, index, from);
    for (uint32_t i = 0; i < from->ref_count; i++) {
        const Ref *ref = &from->refs[i];
        if (!ref_gives(ref, value))
            continue;
        if (ref->to)
            group_add(unit->arena, &answer, ref->to);
        else if (node_has_unknown(value))
            group_open(&answer, ref->target);
        given = given || ref->to;
    }
    if (!given && !answer.incomplete)
        add_identified(unit, index, value, &answer, 0);
    group_close(&answer);
    /* What an expression names is known, whatever else other files define. */
    return (Found){(const Resource *const *)answer.items, answer.count, answer.incomplete,
                   answer.cause};
}
