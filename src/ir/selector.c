#include "ir/selector.h"

#include "ir/index.h"
#include "ir/pod_makers.h"

static SelectorMatch unknown(const Node *node, Str *cause)
{
    *cause = node->as.unknown->cause;
    return SELECTOR_UNKNOWN;
}

static SelectorMatch invert(SelectorMatch match)
{
    if (match == SELECTOR_UNKNOWN)
        return match;
    return match == SELECTOR_YES ? SELECTOR_NO : SELECTOR_YES;
}

/* All must hold: one that does not decides, whatever is unknown. */
static SelectorMatch both(SelectorMatch a, SelectorMatch b)
{
    if (a == SELECTOR_NO || b == SELECTOR_NO)
        return SELECTOR_NO;
    return a == SELECTOR_UNKNOWN || b == SELECTOR_UNKNOWN ? SELECTOR_UNKNOWN : SELECTOR_YES;
}

static bool is_unknown(const Node *node)
{
    return node && node->kind == NODE_UNKNOWN;
}

static SelectorMatch match_value(const Node *wanted, const Node *label, Str *cause)
{
    if (!label)
        return SELECTOR_NO;
    if (is_unknown(wanted))
        return unknown(wanted, cause);
    if (is_unknown(label))
        return unknown(label, cause);
    return node_equal(wanted, label) ? SELECTOR_YES : SELECTOR_NO;
}

static SelectorMatch match_labels(const Node *wanted, const Node *labels, Str *cause)
{
    SelectorMatch match = SELECTOR_YES;

    if (is_unknown(wanted))
        return unknown(wanted, cause);
    if (wanted->kind != NODE_MAP)
        return wanted->kind == NODE_NULL ? SELECTOR_YES : SELECTOR_NO;
    if (is_unknown(labels))
        return wanted->count ? unknown(labels, cause) : SELECTOR_YES;
    for (uint32_t i = 0; match != SELECTOR_NO && i < wanted->count; i++) {
        const Entry *entry = &wanted->as.entries[i];
        const Node *label = node_get_named(labels, entry_key(entry));
        match = both(match, match_value(&entry->value, label, cause));
    }
    return match;
}

static SelectorMatch match_in(const Node *values, const Node *label, Str *cause)
{
    SelectorMatch match = SELECTOR_NO;

    if (!label)
        return SELECTOR_NO;
    if (is_unknown(values))
        return unknown(values, cause);
    for (uint32_t i = 0; values && values->kind == NODE_LIST && i < values->count; i++) {
        SelectorMatch one = match_value(&values->as.items[i], label, cause);
        if (one == SELECTOR_YES)
            return SELECTOR_YES;
        if (one == SELECTOR_UNKNOWN)
            match = SELECTOR_UNKNOWN;
    }
    return match;
}

static SelectorMatch match_expression(const Node *expression, const Node *labels, Str *cause)
{
    const Node *key = node_get_named(expression, STR("key"));
    const Node *operator= node_get_named(expression, STR("operator"));
    const Node *values = node_get_named(expression, STR("values"));
    const Node *label = node_get_named(labels, node_string(key));
    Str name = node_string(operator);

    if (is_unknown(expression) || is_unknown(key) || is_unknown(operator) || is_unknown(labels))
        return unknown(is_unknown(expression) ? expression
                       : is_unknown(key)      ? key
                       : is_unknown(operator) ? operator
                                              : labels,
                       cause);
    if (str_eq(name, STR("In")))
        return match_in(values, label, cause);
    if (str_eq(name, STR("NotIn")))
        return invert(match_in(values, label, cause));
    if (str_eq(name, STR("Exists")))
        return label ? SELECTOR_YES : SELECTOR_NO;
    if (str_eq(name, STR("DoesNotExist")))
        return label ? SELECTOR_NO : SELECTOR_YES;
    return SELECTOR_NO;
}

static SelectorMatch match_expressions(const Node *list, const Node *labels, Str *cause)
{
    SelectorMatch match = SELECTOR_YES;

    if (is_unknown(list))
        return unknown(list, cause);
    for (uint32_t i = 0; match != SELECTOR_NO && list->kind == NODE_LIST && i < list->count; i++)
        match = both(match, match_expression(&list->as.items[i], labels, cause));
    return match;
}

/* Whether a map is a LabelSelector: a label of the name `matchLabels` would be a string. */
static bool is_label_selector(const Node *labels, const Node *expressions)
{
    return (labels && labels->kind != NODE_STRING) ||
           (expressions && expressions->kind != NODE_STRING);
}

SelectorMatch selector_match(const Node *selector, const Node *labels, Str *cause)
{
    const Node *wanted = node_get_named(selector, STR("matchLabels"));
    const Node *expressions = node_get_named(selector, STR("matchExpressions"));
    SelectorMatch match = SELECTOR_YES;

    if (!selector || selector->kind == NODE_NULL)
        return SELECTOR_NO;
    if (!is_label_selector(wanted, expressions))
        return match_labels(selector, labels, cause);
    if (wanted)
        match = match_labels(wanted, labels, cause);
    if (expressions && match != SELECTOR_NO)
        match = both(match, match_expressions(expressions, labels, cause));
    return match;
}

static SelectorMatch match_resource(const Resource *resource, Str namespace, const Node *selector,
                                    Str *cause)
{
    SelectorMatch match;

    if (!resource->pod || !str_eq(resource->namespace, namespace))
        return SELECTOR_NO;
    match = selector_match(selector, node_get_named(resource->pod, STR("labels")), cause);
    if (match == SELECTOR_YES && (resource->open & RESOURCE_OPEN_COUNT)) {
        *cause = resource->address;
        match = SELECTOR_UNKNOWN;
    }
    return match;
}

Found unit_selected(Unit *unit, Str namespace, const Node *selector)
{
    const Resource **items = NULL;
    uint32_t capacity = 0;
    const Resource *maker;
    Found found = {0};

    for (uint32_t i = 0; i < unit->resource_count; i++) {
        Str cause = {"", 0};
        SelectorMatch match = match_resource(&unit->resources[i], namespace, selector, &cause);
        if (match == SELECTOR_UNKNOWN && !found.incomplete) {
            found.incomplete = true;
            found.cause = cause;
        }
        if (match != SELECTOR_YES)
            continue;
        items =
            arena_grow(unit->arena, items, found.count, &capacity, found.count + 1u, sizeof *items);
        if (!items)
            return (Found){.incomplete = true, .cause = STR("memory is short")};
        items[found.count++] = &unit->resources[i];
    }
    found.items = items;
    if (!found.incomplete && (maker = pod_maker_find(unit, namespace))) {
        found.incomplete = true;
        found.cause = maker->address;
    }
    if (index_supposes(unit, &found))
        scope_ask_pods(&unit->scope, namespace, selector);
    return found;
}
