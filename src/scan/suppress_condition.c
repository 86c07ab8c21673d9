#include "scan/suppress_condition.h"

#include <stdio.h>

static bool has_value(const Node *node, Str path, Str value);

static bool is_value(const Node *node, Str value)
{
    char number[32];
    int size;

    switch ((NodeKind)node->kind) {
    case NODE_STRING:
        return str_eq(node_text(node), value);
    case NODE_BOOL:
        return str_eq(value, node->as.boolean ? STR("true") : STR("false"));
    case NODE_INT:
        size = snprintf(number, sizeof number, "%lld", (long long)node->as.integer);
        return str_eq(value, (Str){number, (uint32_t)size});
    case NODE_DOUBLE:
        size = snprintf(number, sizeof number, "%.15g", node->as.number);
        return str_eq(value, (Str){number, (uint32_t)size});
    default:
        return false;
    }
}

static bool has_value_below(const Node *map, Str path, Str value)
{
    Str key;

    if (!str_split(&path, '.', &key))
        return false;
    map = node_get_named(map, key);
    return map && has_value(map, path, value);
}

/* Whether `path` leads from `node` to `value`; through a list, by any of its items. */
static bool has_value(const Node *node, Str path, Str value)
{
    if (node->kind == NODE_LIST) {
        for (uint32_t i = 0; i < node->count; i++)
            if (node->as.items[i].kind != NODE_LIST && has_value(&node->as.items[i], path, value))
                return true;
        return false;
    }
    return path.size ? node->kind == NODE_MAP && has_value_below(node, path, value)
                     : is_value(node, value);
}

/* The next step of an attribute's path: a key, or with brackets a position or key. */
static bool next_step(Str *path, Str *step, bool *position)
{
    uint32_t end = 0;

    if (!path->size)
        return false;
    *position = path->data[0] == '[';
    if (*position) {
        int64_t close = str_find_char(*path, ']');
        end = close < 0 ? path->size : (uint32_t)close;
        *step = str_sub(*path, 1, end - 1);
        *path = str_from(*path, end + 1);
    } else {
        while (end < path->size && path->data[end] != '.' && path->data[end] != '[')
            end++;
        *step = str_sub(*path, 0, end);
        *path = str_from(*path, end);
    }
    if (path->size && path->data[0] == '.')
        *path = str_from(*path, 1);
    return true;
}

/* The node that a step leads to, or NULL. */
static const Node *follow(const Node *node, Str step, bool position)
{
    uint32_t index = 0;

    if (!position)
        return node_get_named(node, step);
    if (node->kind != NODE_LIST)
        return NULL;
    for (uint32_t i = 0; i < step.size && index < node->count; i++) {
        if (step.data[i] < '0' || step.data[i] > '9')
            return NULL;
        index = index * 10 + (uint32_t)(step.data[i] - '0');
    }
    return index < node->count ? &node->as.items[index] : NULL;
}

/* path=value, in the resource or in a block of it that holds the finding. */
static bool meets_value(const Resource *resource, Str attribute, Str path, Str value)
{
    const Node *node = &resource->body;
    Str step;
    bool position;

    do {
        if (node->kind == NODE_MAP && has_value(node, path, value))
            return true;
        if (!next_step(&attribute, &step, &position))
            return false;
        node = follow(node, step, position);
    } while (node);
    return false;
}

/* Whether the finding is at that attribute or below it, list positions left out where the condition
 * has none. */
static bool meets_path(Str attribute, Str path)
{
    bool exact = str_find_char(path, '[') >= 0;

    while (path.size && attribute.size) {
        if (!exact && attribute.data[0] == '[') {
            int64_t end = str_find_char(attribute, ']');
            attribute = str_from(attribute, end < 0 ? attribute.size : (uint32_t)end + 1);
            continue;
        }
        if (attribute.data[0] != path.data[0])
            return false;
        attribute = str_from(attribute, 1);
        path = str_from(path, 1);
    }
    return !path.size && (!attribute.size || attribute.data[0] == '.' || attribute.data[0] == '[');
}

static Str unquoted(Str value)
{
    value = str_trim(value);
    if (value.size >= 2 && (value.data[0] == '"' || value.data[0] == '\'') &&
        value.data[value.size - 1] == value.data[0])
        return str_sub(value, 1, value.size - 2);
    return value;
}

bool condition_meets(const Resource *resource, Str attribute, Str condition)
{
    Str part;

    while (str_split(&condition, ',', &part)) {
        int64_t equals;
        bool met;
        part = str_trim(part);
        equals = str_find_char(part, '=');
        if (equals < 0)
            met = meets_path(attribute, part);
        else
            met = meets_value(resource, attribute, str_trim(str_sub(part, 0, (uint32_t)equals)),
                              unquoted(str_from(part, (uint32_t)equals + 1)));
        if (!met)
            return false;
    }
    return true;
}
