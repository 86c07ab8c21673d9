/*
 * statements(): the statements of an IAM policy, in one shape whatever they are written as: JSON
 * text, a map, or the statement blocks of an aws_iam_policy_document.
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html)
 */
#include "cel/host.h"
#include "cel/host_decode.h"
#include "ir/index.h"

/* How a document writes things: keys in the order of the enum. */
enum {
    SID,
    EFFECT,
    ACTION,
    NOT_ACTION,
    RESOURCE,
    NOT_RESOURCE,
    PRINCIPAL,
    NOT_PRINCIPAL,
    CONDITION
};

static const char *const json_keys[] = {
    "Sid",         "Effect",    "Action",       "NotAction", "Resource",
    "NotResource", "Principal", "NotPrincipal", "Condition",
};

static const char *const block_keys[] = {
    "sid",           "effect",     "actions",        "not_actions", "resources",
    "not_resources", "principals", "not_principals", "condition",
};

/* The value of a key; a null at the place of `map` when it is not there. */
static CelValue field(CelValue map, const char *key)
{
    uint32_t count = map.kind == CEL_MAP || map.kind == CEL_RESOURCE ? cel_count(map) : 0;

    for (uint32_t i = 0; i < count; i++) {
        CelValue name = cel_map_key(map, i);

        if (name.kind == CEL_STRING && str_eq(cel_text(name), str_of(key)))
            return cel_map_value(map, i);
    }
    return host_absent(map);
}

static bool has_field(CelValue map, const char *key)
{
    return field(map, key).kind != CEL_NULL;
}

static CelValue empty_list(CelMachine *machine, CelValue at)
{
    CelValue *items, list = cel_new_list(machine, 0, &items);

    list.origin = at.origin;
    return list;
}

/* One or many: a list of what is a list, a single thing or nothing. Unknown stays unknown. */
static CelValue as_list(CelMachine *machine, CelValue value)
{
    CelValue *items, list;

    if (value.kind == CEL_NULL)
        return empty_list(machine, value);
    if (value.kind == CEL_LIST || value.kind == CEL_UNKNOWN)
        return value;
    list = cel_new_list(machine, 1, &items);
    if (list.kind != CEL_LIST)
        return list;
    items[0] = value;
    list.origin = value.origin;
    return list;
}

/* principals */

static CelValue principal(CelMachine *machine, CelValue type, CelValue values, CelValue at)
{
    CelValue *entries, map = cel_new_map(machine, 2, &entries);
    uint32_t used = 0;

    if (map.kind != CEL_MAP)
        return map;
    host_put(entries, &used, "type", type);
    host_put(entries, &used, "values", as_list(machine, values));
    map.origin = at.origin;
    return map;
}

/* "*", or {"AWS": ..., "Service": [...]} */
static CelValue json_principals(CelMachine *machine, CelValue value)
{
    CelValue *items, list;
    uint32_t count = value.kind == CEL_MAP ? cel_count(value) : 1;

    if (value.kind == CEL_NULL)
        return empty_list(machine, value);
    if (value.kind == CEL_UNKNOWN)
        return value;
    list = cel_new_list(machine, count, &items);
    if (list.kind != CEL_LIST)
        return list;
    for (uint32_t i = 0; i < count; i++)
        items[i] = value.kind == CEL_MAP
                       ? principal(machine, cel_map_key(value, i), cel_map_value(value, i),
                                   cel_map_value(value, i))
                       : principal(machine, host_string(STR("*"), value), value, value);
    list.origin = value.origin;
    return list;
}

/* A list of blocks, each passed through `make`. */
static CelValue blocks(CelMachine *machine, CelValue value,
                       CelValue (*make)(CelMachine *machine, CelValue block))
{
    CelValue *items, list = as_list(machine, value), result;

    if (list.kind != CEL_LIST)
        return list;
    result = cel_new_list(machine, cel_count(list), &items);
    if (result.kind != CEL_LIST)
        return result;
    for (uint32_t i = 0; i < cel_count(list); i++) {
        CelValue block = cel_list_item(list, i);

        items[i] = block.kind == CEL_UNKNOWN ? block : make(machine, block);
    }
    result.origin = list.origin;
    result.flags |= list.flags & CEL_INCOMPLETE;
    return result;
}

static CelValue principal_block(CelMachine *machine, CelValue block)
{
    return principal(machine, field(block, "type"), field(block, "identifiers"), block);
}

/* conditions */

static CelValue condition(CelMachine *machine, CelValue test, CelValue variable, CelValue values)
{
    CelValue *entries, map = cel_new_map(machine, 3, &entries);
    uint32_t used = 0;

    if (map.kind != CEL_MAP)
        return map;
    host_put(entries, &used, "test", test);
    host_put(entries, &used, "variable", variable);
    host_put(entries, &used, "values", as_list(machine, values));
    map.origin = values.origin;
    return map;
}

static CelValue condition_block(CelMachine *machine, CelValue block)
{
    CelValue map =
        condition(machine, field(block, "test"), field(block, "variable"), field(block, "values"));

    map.origin = block.origin;
    return map;
}

/* {"StringEquals": {"aws:SourceArn": ...}}: one for each variable of each test. */
static CelValue json_conditions(CelMachine *machine, CelValue value)
{
    uint32_t count = 0, used = 0;
    CelValue *items, list;

    if (value.kind == CEL_UNKNOWN)
        return value;
    if (value.kind != CEL_MAP)
        return empty_list(machine, value);
    for (uint32_t i = 0; i < cel_count(value); i++) {
        CelValue test = cel_map_value(value, i);

        if (test.kind == CEL_UNKNOWN)
            return test;
        count += test.kind == CEL_MAP ? cel_count(test) : 0;
    }
    list = cel_new_list(machine, count, &items);
    for (uint32_t i = 0; list.kind == CEL_LIST && i < cel_count(value); i++) {
        CelValue test = cel_map_value(value, i);

        for (uint32_t k = 0; test.kind == CEL_MAP && k < cel_count(test); k++)
            items[used++] = condition(machine, cel_map_key(value, i), cel_map_key(test, k),
                                      cel_map_value(test, k));
    }
    list.origin = value.origin;
    return list;
}

/* statements */

static CelValue effect_of(CelValue statement, bool block)
{
    CelValue effect = field(statement, block ? "effect" : "Effect");

    /* https://registry.terraform.io: the effect of a block that names none is Allow */
    return block && effect.kind == CEL_NULL ? host_string(STR("Allow"), statement) : effect;
}

static CelValue statement_map(CelMachine *machine, CelValue statement, bool block)
{
    const char *const *keys = block ? block_keys : json_keys;
    static const char *const lists[] = {"actions", "notActions", "resources", "notResources"};
    CelValue *entries, map = cel_new_map(machine, 9, &entries);
    uint32_t used = 0;

    if (map.kind != CEL_MAP)
        return map;
    host_put(entries, &used, "sid", field(statement, keys[SID]));
    host_put(entries, &used, "effect", effect_of(statement, block));
    for (uint32_t i = 0; i < 4; i++)
        host_put(entries, &used, lists[i], as_list(machine, field(statement, keys[ACTION + i])));
    for (uint32_t i = 0; i < 2; i++) {
        CelValue value = field(statement, keys[PRINCIPAL + i]);

        host_put(entries, &used, i ? "notPrincipals" : "principals",
                 block ? blocks(machine, value, principal_block) : json_principals(machine, value));
    }
    host_put(entries, &used, "conditions",
             block ? blocks(machine, field(statement, keys[CONDITION]), condition_block)
                   : json_conditions(machine, field(statement, keys[CONDITION])));
    map.origin = statement.origin;
    return map;
}

/* JSON writes Effect, a block may leave out its effect. */
static CelValue one_statement(CelMachine *machine, CelValue statement)
{
    bool json = has_field(statement, "Effect") || has_field(statement, "Action") ||
                has_field(statement, "NotAction");

    return statement_map(machine, statement, !json);
}

/* documents */

static CelValue statements_of(CelMachine *machine, CelValue value)
{
    return blocks(machine, value, one_statement);
}

/* Statements that come from elsewhere are not seen. */
static bool has_sources(CelValue document)
{
    static const char *const keys[] = {"source_policy_documents", "override_policy_documents",
                                       "source_json", "override_json"};

    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        CelValue value = field(document, keys[i]);

        if (value.kind != CEL_NULL && !(value.kind == CEL_LIST && cel_count(value) == 0))
            return true;
    }
    return false;
}

static CelValue of_document(CelMachine *machine, CelValue document)
{
    CelValue list;

    if (has_field(document, "Statement"))
        return statements_of(machine, field(document, "Statement"));
    list = statements_of(machine, field(document, "statement"));
    if (list.kind == CEL_LIST && has_sources(document)) {
        list.flags |= CEL_INCOMPLETE;
        machine->incomplete_cause = STR("policy documents that are merged in");
    }
    return list;
}

static CelValue of_text(CelMachine *machine, CelValue text)
{
    const Node *node;
    CelValue result;

    if (!cel_charge(machine, text.size / 16))
        return cel_exhausted(machine);
    node = host_decode(machine, text, HOST_JSON);
    if (node && node->kind == NODE_MAP)
        return of_document(machine, cel_from_node(node));
    result = cel_unknown(machine, STR("a policy that is no JSON"));
    result.origin = text.origin;
    return result;
}

/* A policy that is unknown because parts of it are, or because it is the JSON of a policy document
 * of the unit. */
static CelValue of_unknown(CelMachine *machine, CelValue value)
{
    CelValue document = {.kind = CEL_RESOURCE, .flags = CEL_INPUT | CEL_CONFIGURED | CEL_TERRAFORM};
    const Node *decoded = cel_unknown_of(value)->decoded;
    Found found;

    if (!(value.flags & CEL_VAGUE) && decoded && decoded->kind == NODE_MAP)
        return of_document(machine, cel_from_node(decoded));
    if (!machine->unit || !machine->resource || !value.origin)
        return value;
    found = unit_refs(machine->unit, machine->resource, value.origin);
    if (found.count != 1 || found.incomplete ||
        !str_ends(found.items[0]->type_name, STR("aws_iam_policy_document")))
        return value;
    document.as.resource = found.items[0];
    document.origin = &found.items[0]->body;
    return of_document(machine, document);
}

CelValue cel_host_statements(CelMachine *machine, const CelValue *args, uint32_t count)
{
    (void)count;
    switch (args[0].kind) {
    case CEL_NULL:
    case CEL_ERROR:
        return args[0];
    case CEL_UNKNOWN:
        return of_unknown(machine, args[0]);
    case CEL_STRING:
        return of_text(machine, args[0]);
    case CEL_MAP:
    case CEL_RESOURCE:
        return of_document(machine, args[0]);
    case CEL_LIST:
        return statements_of(machine, args[0]);
    default:
        return cel_no_overload(machine);
    }
}
