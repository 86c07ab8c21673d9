#include "cel/access.h"

#include "cel/code.h"
#include "cel/library.h"
#include "cel/number.h"

/* The null that stands for a part of `whole` which the input does not have. */
static CelValue absent(CelValue whole, Symbol missing)
{
    CelValue result = {.kind = CEL_NULL, .flags = CEL_INPUT | CEL_ABSENT, .size = missing};

    result.flags |= whole.flags & CEL_TERRAFORM;
    result.origin = whole.origin;
    if (!result.origin && whole.kind == CEL_RESOURCE)
        result.origin = &whole.as.resource->body;
    return result;
}

/* What a part of `whole` comes to which the input does not have. */
static CelValue lacking(CelMachine *machine, CelValue whole, Symbol missing, Str name)
{
    CelValue error;

    if (!(whole.flags & CEL_STRICT))
        return absent(whole, missing);
    error = cel_error(machine, "no such key: %.*s", STR_ARG(name));
    error.origin = whole.origin;
    error.size = missing;
    return error;
}

static CelValue lacking_field(CelMachine *machine, CelValue whole, Symbol missing)
{
    return whole.flags & CEL_STRICT
               ? lacking(machine, whole, missing, symbols_name(machine->symbols, missing))
               : absent(whole, missing);
}

/* Of a null that is already absent the first thing missed stays the one that is told. */
static CelValue absent_below(CelValue null, Symbol missing)
{
    return null.flags & CEL_ABSENT ? null : absent(null, missing);
}

static CelValue part_of(CelValue container, const Node *node)
{
    return cel_from_part(node, cel_part_flags(container));
}

/* A look through so many entries is a step. */
#define ENTRIES_A_STEP 16u

/* What rules look at in turn is mostly alike: elements of one list, resources of one type. */
static inline const Node *node_near(CelMachine *machine, const Node *map, Symbol symbol)
{
    machine->steps += map->count / ENTRIES_A_STEP;
    return node_get_near(map, symbol, &machine->places[symbol % sizeof machine->places]);
}

static bool is_address(CelMachine *machine, Symbol symbol)
{
    if (machine->address == SYMBOL_NONE)
        machine->address = symbols_find(machine->symbols, STR("address"));
    return symbol == machine->address && symbol != SYMBOL_NONE;
}

static CelValue resource_field(CelMachine *machine, CelValue object, Symbol symbol)
{
    const Resource *resource = object.as.resource;
    const Node *node;

    if (is_address(machine, symbol))
        return cel_string(resource->address);
    node = node_near(machine, &resource->body, symbol);
    return node ? part_of(object, node) : absent(object, symbol);
}

static bool own_map_find(CelMachine *machine, CelValue map, CelValue key, CelValue *found)
{
    const CelMap *entries = map.as.map;

    for (uint32_t i = 0; i < entries->count; i++) {
        const CelValue *other = &entries->entries[2 * i];

        if (!cel_charge(machine, 1))
            return false;
        if (other->kind == CEL_STRING && key.kind == CEL_STRING
                ? str_eq(cel_text(*other), cel_text(key))
                : cel_order(*other, key) == 0) {
            *found = entries->entries[2 * i + 1];
            return true;
        }
    }
    return false;
}

static CelValue no_such_key(CelMachine *machine, CelValue key)
{
    return cel_error(machine, "no such key: %.*s", STR_ARG(cel_value_text(key, machine->arena)));
}

static CelValue own_map_get(CelMachine *machine, CelValue map, CelValue key)
{
    CelValue found;

    if (own_map_find(machine, map, key, &found))
        return found;
    return no_such_key(machine, key);
}

static CelValue name_of(CelMachine *machine, Symbol symbol)
{
    return cel_string(symbols_name(machine->symbols, symbol));
}

/* A field of something that is no map: of input it is absent, else a mistake. */
static CelValue field_of_other(CelMachine *machine, CelValue object, Symbol symbol)
{
    if (object.kind == CEL_UNKNOWN || object.kind == CEL_ERROR)
        return cel_vague(object);
    if (cel_is_input_null(object))
        return absent_below(object, symbol);
    if (cel_is_lenient(object))
        return absent(object, symbol);
    return cel_no_overload(machine);
}

/* What a map that is no input has under a key which carries its symbol; NULL where none does. */
static const CelValue *own_map_near(CelMachine *machine, const CelMap *map, Symbol symbol)
{
    machine->steps += map->count / ENTRIES_A_STEP;
    for (uint32_t i = 0; i < map->count; i++)
        if (map->entries[2 * i].spare == symbol && map->entries[2 * i].kind == CEL_STRING)
            return &map->entries[2 * i + 1];
    return NULL;
}

CelValue access_field(CelMachine *machine, CelValue object, Symbol symbol)
{
    const Node *node;

    if (object.kind == CEL_MAP && (object.flags & CEL_INPUT)) {
        node = node_near(machine, object.as.node, symbol);
        return node ? part_of(object, node) : lacking_field(machine, object, symbol);
    }
    if (object.kind == CEL_RESOURCE)
        return resource_field(machine, object, symbol);
    if (object.kind == CEL_MAP)
        return own_map_get(machine, object, name_of(machine, symbol));
    if (object.kind == CEL_OPTIONAL)
        return access_optional_field(machine, object, symbol);
    return field_of_other(machine, object, symbol);
}

/* Puts the null in `*found` that stands for a field which `map` does not have, whose value has
 * `flags`. */
static void set_absent(CelValue *found, const Node *map, uint8_t flags, Symbol missing)
{
    found->kind = CEL_NULL;
    found->flags = (uint8_t)(CEL_INPUT | CEL_ABSENT | (flags & CEL_TERRAFORM));
    found->spare = 0;
    found->size = missing;
    found->as.node = NULL;
    found->origin = map;
}

/* The map of the input that a value is, if the symbol is to be looked for in one. */
static const Node *input_map(CelMachine *machine, const CelValue *value, Symbol symbol)
{
    if (value->kind == CEL_MAP && (value->flags & CEL_INPUT))
        return value->as.node;
    return value->kind == CEL_RESOURCE && !is_address(machine, symbol) ? &value->as.resource->body
                                                                       : NULL;
}

static uint8_t part_flags(const CelValue *container)
{
    return container->kind == CEL_RESOURCE ? cel_part_flags(*container) : container->flags;
}

/* Goes down input maps from `map` by the symbols from number `*at` on, as far as there are maps,
 * and puts what stands there in `*found`; `flags` are those of the value that `map` is. False when
 * nothing is there, which settles the rest. */
static bool descend(CelMachine *machine, const Node *map, uint8_t flags, const uint8_t *symbols,
                    uint32_t count, uint32_t *at, CelValue *found)
{
    const Node *node = map;

    while (*at < count && node->kind == NODE_MAP) {
        Symbol symbol = code_word(symbols, *at);

        map = node;
        node = node_near(machine, map, symbol);
        if (!node && (flags & CEL_STRICT))
            *found = lacking_field(machine, (CelValue){.flags = flags, .origin = map}, symbol);
        else if (!node)
            set_absent(found, map, flags, symbol);
        if (!node)
            return false;
        if (node->flags & NODE_DEFAULTED)
            flags &= (uint8_t)~CEL_CONFIGURED;
        ++*at;
    }
    cel_set_part(found, node, flags);
    return true;
}

void access_path(CelMachine *machine, const CelValue *object, const uint8_t *symbols,
                 uint32_t count, CelValue *found)
{
    const CelValue *own;

    for (uint32_t at = 0; at < count; object = found) {
        Symbol symbol = code_word(symbols, at);
        const Node *map = input_map(machine, object, symbol);

        if (map) {
            if (!descend(machine, map, part_flags(object), symbols, count, &at, found))
                return;
        } else if (object->kind == CEL_MAP &&
                   (own = own_map_near(machine, object->as.map, symbol))) {
            *found = *own;
            at++;
        } else if (cel_is_input_null(*object)) { /* and so is all below it */
            *found = absent_below(*object, symbol);
            return;
        } else {
            *found = access_field(machine, *object, symbol);
            at++;
        }
    }
}

static bool is_strict_map(CelValue value)
{
    return value.kind == CEL_MAP && (value.flags & CEL_STRICT);
}

/* has() of a value that was read from the input. */
static CelValue presence_of(CelValue value)
{
    CelPresence presence = cel_presence(value);
    CelValue result;

    if (presence == CEL_MAYBE_THERE)
        return value;
    result = cel_bool(presence == CEL_THERE);
    return cel_with_origin(result, value);
}

CelValue access_has(CelMachine *machine, CelValue object, Symbol symbol)
{
    CelValue found;

    if (object.kind == CEL_OPTIONAL) {
        if (!object.as.optional)
            return cel_bool(false);
        return access_has(machine, *object.as.optional, symbol);
    }
    if (object.kind == CEL_MAP && !(object.flags & CEL_INPUT))
        return cel_bool(own_map_find(machine, object, name_of(machine, symbol), &found));
    found = access_field(machine, object, symbol);
    if (found.kind == CEL_ERROR && is_strict_map(object))
        return cel_with_origin(cel_bool(false), found);
    return found.kind == CEL_ERROR ? found : presence_of(found);
}

/* An optional of what was found; an input null is none. */
static CelValue optional_of_found(CelMachine *machine, CelValue found)
{
    if (found.kind == CEL_UNKNOWN || found.kind == CEL_ERROR)
        return found;
    if (cel_is_input_null(found))
        return cel_with_origin(cel_no_optional(), found);
    return cel_new_optional(machine, found);
}

CelValue access_optional_field(CelMachine *machine, CelValue object, Symbol symbol)
{
    CelValue found;

    if (object.kind == CEL_OPTIONAL) {
        if (!object.as.optional)
            return object;
        return access_optional_field(machine, *object.as.optional, symbol);
    }
    if (object.kind == CEL_MAP && !(object.flags & CEL_INPUT)) {
        if (!own_map_find(machine, object, name_of(machine, symbol), &found))
            return cel_no_optional();
        return cel_new_optional(machine, found);
    }
    found = access_field(machine, object, symbol);
    if (found.kind == CEL_ERROR && is_strict_map(object))
        return cel_with_origin(cel_no_optional(), found);
    return optional_of_found(machine, found);
}

/* Lists */

/* A number that is whole is an index, whatever its type. */
static bool as_index(CelValue key, int64_t *index)
{
    if (key.kind == CEL_INT) {
        *index = key.as.integer;
        return true;
    }
    if (key.kind == CEL_UINT) {
        *index = key.as.unsigned_integer > INT64_MAX ? -1 : (int64_t)key.as.unsigned_integer;
        return true;
    }
    return key.kind == CEL_DOUBLE && number_double_to_int(key.as.number, index) &&
           (double)*index == key.as.number;
}

static CelValue unknown_rest(CelMachine *machine, CelValue list)
{
    CelValue result = {.kind = CEL_UNKNOWN, .origin = list.origin};

    if (machine->incomplete_cause.size > 0)
        return cel_unknown(machine, machine->incomplete_cause);
    result.as.unknown = &cel_incomplete_list;
    return result;
}

/* False when there is no such element; then *item tells what to make of it. */
static bool list_find(CelMachine *machine, CelValue list, CelValue key, CelValue *item)
{
    int64_t index;

    if (!as_index(key, &index)) {
        *item = cel_no_overload(machine);
        return false;
    }
    if (index >= 0 && index < cel_count(list)) {
        *item = cel_list_item(list, (uint32_t)index);
        return true;
    }
    if (list.flags & CEL_INCOMPLETE)
        *item = unknown_rest(machine, list);
    else if (cel_is_lenient(list))
        *item = absent(list, SYMBOL_NONE);
    else
        *item = cel_error(machine, "index out of range: %lld", (long long)index);
    return false;
}

/* Maps with a key of any kind */

static CelValue input_map_get(CelMachine *machine, CelValue map, CelValue key)
{
    const Node *body = map.kind == CEL_RESOURCE ? &map.as.resource->body : map.as.node;
    const Node *node;

    if (key.kind != CEL_STRING)
        return lacking(machine, map, SYMBOL_NONE, cel_value_text(key, machine->arena));
    if (!cel_charge(machine, body->count / 8))
        return cel_exhausted(machine);
    node = node_get_named(body, cel_text(key));
    return node ? part_of(map, node)
                : lacking(machine, map, symbols_find(machine->symbols, cel_text(key)),
                          cel_text(key));
}

static bool is_input_map(CelValue value)
{
    return value.kind == CEL_RESOURCE || (value.kind == CEL_MAP && (value.flags & CEL_INPUT));
}

/* An unknown in either wins over an error in either. */
static bool blocked(CelValue a, CelValue b, CelValue *result)
{
    const CelValue *block = cel_blocking(&a, &b);

    if (block)
        *result = cel_vague(*block);
    return block;
}

CelValue access_index(CelMachine *machine, CelValue container, CelValue key)
{
    CelValue result;

    if (blocked(container, key, &result))
        return result;
    if (container.kind == CEL_LIST) {
        list_find(machine, container, key, &result);
        if (result.spare != CEL_NO_OVERLOAD || result.kind != CEL_ERROR)
            return result;
        return cel_is_input_null(key) ? key : result;
    }
    if (is_input_map(container))
        return input_map_get(machine, container, key);
    if (container.kind == CEL_MAP)
        return cel_is_input_null(key) ? key : own_map_get(machine, container, key);
    if (container.kind == CEL_OPTIONAL)
        return access_optional_index(machine, container, key);
    return field_of_other(machine, container, SYMBOL_NONE);
}

CelValue access_key(CelMachine *machine, CelValue container, Symbol symbol, CelValue key)
{
    if (is_input_map(container)) {
        const Node *body =
            container.kind == CEL_RESOURCE ? &container.as.resource->body : container.as.node;
        const Node *node = node_get(body, symbol);

        return node ? part_of(container, node) : lacking_field(machine, container, symbol);
    }
    if (cel_is_input_null(container) || (container.kind != CEL_LIST && cel_is_lenient(container)))
        return field_of_other(machine, container, symbol);
    return access_index(machine, container, key);
}

CelValue access_optional_index(CelMachine *machine, CelValue container, CelValue key)
{
    CelValue found;

    if (blocked(container, key, &found))
        return found;
    if (container.kind == CEL_OPTIONAL) {
        if (!container.as.optional)
            return container;
        return access_optional_index(machine, *container.as.optional, key);
    }
    if (container.kind == CEL_LIST) {
        if (list_find(machine, container, key, &found))
            return optional_of_found(machine, found);
        if (found.kind == CEL_UNKNOWN || found.spare == CEL_NO_OVERLOAD)
            return found;
        return cel_with_origin(cel_no_optional(), container);
    }
    if (container.kind == CEL_MAP && !(container.flags & CEL_INPUT)) {
        if (!own_map_find(machine, container, key, &found))
            return cel_no_optional();
        return cel_new_optional(machine, found);
    }
    found = access_index(machine, container, key);
    if (found.kind == CEL_ERROR && is_strict_map(container))
        return cel_with_origin(cel_no_optional(), found);
    return optional_of_found(machine, found);
}

/* in */

/* Whether item and element are two texts, one of the input, that differ: most do. */
static bool is_other_text(CelValue item, CelValue list, uint32_t index)
{
    const Node *element = list.flags & CEL_INPUT ? &list.as.node->as.items[index] : NULL;

    return element && element->kind == NODE_STRING && item.kind == CEL_STRING &&
           !str_eq(node_text(element), cel_text(item));
}

static CelValue in_list(CelMachine *machine, CelValue item, CelValue list)
{
    uint32_t count = cel_count(list);
    CelValue result = cel_bool(false), unknown = {.kind = CEL_NULL};

    for (uint32_t i = 0; i < count; i++) {
        CelValue element, same;

        if (!cel_charge(machine, 1))
            return cel_exhausted(machine);
        if (is_other_text(item, list, i))
            continue;
        element = cel_list_item(list, i);
        same = cel_machine_equal(machine, item, element);
        if (same.kind == CEL_BOOL && same.as.boolean)
            return cel_with_origin(cel_with_origin(same, item), element);
        if (same.kind == CEL_UNKNOWN && unknown.kind == CEL_NULL)
            unknown = same;
        else if (same.kind == CEL_ERROR)
            result = same;
    }
    if (unknown.kind == CEL_UNKNOWN)
        return unknown;
    if (list.flags & CEL_INCOMPLETE)
        return unknown_rest(machine, list);
    return cel_with_origin(cel_with_origin(result, item), list);
}

static CelValue in_map(CelMachine *machine, CelValue item, CelValue map)
{
    CelValue found;
    bool there;

    if (item.kind == CEL_UNKNOWN)
        return cel_count(map) == 0 ? cel_with_origin(cel_bool(false), map) : item;
    if (is_input_map(map)) {
        found = input_map_get(machine, map, item);
        there = found.kind != CEL_ERROR && !(found.flags & CEL_ABSENT);
        return cel_with_origin(cel_with_origin(cel_bool(there), item), found);
    }
    there = own_map_find(machine, map, item, &found);
    return cel_with_origin(cel_with_origin(cel_bool(there), item), map);
}

CelValue access_in(CelMachine *machine, CelValue item, CelValue container)
{
    if (container.kind == CEL_UNKNOWN)
        return container;
    if (item.kind == CEL_ERROR || container.kind == CEL_ERROR)
        return container.kind == CEL_ERROR && item.kind != CEL_UNKNOWN ? container : item;
    if (container.kind == CEL_LIST)
        return in_list(machine, item, container);
    if (container.kind == CEL_MAP || container.kind == CEL_RESOURCE)
        return in_map(machine, item, container);
    if (container.flags & CEL_INPUT)
        return cel_with_origin(cel_bool(false), container);
    return item.kind == CEL_UNKNOWN ? item : cel_no_overload(machine);
}
