#include <math.h>
#include <stdlib.h>

#include "ir/hcl_functions_parts.h"

/* --- lists --- */

Node hcl_fn_concat(HclEval *eval, const HclCall *call)
{
    const Node *list;
    uint64_t count = 0;
    uint32_t filled = 0;
    Node *items;

    for (uint32_t i = 0; i < call->count; i++) {
        if (!hcl_arg_list(eval, call, i, &list))
            return hcl_failed(eval, call);
        count += list->count;
    }
    items = hcl_items(eval, call, count);
    for (uint32_t i = 0; items && i < call->count; i++) {
        list = &call->args[i];
        if (list->count)
            memcpy(items + filled, list->as.items, list->count * sizeof *items);
        filled += list->count;
    }
    return hcl_list_result(eval, call, items, filled);
}

Node hcl_fn_chunklist(HclEval *eval, const HclCall *call)
{
    const Node *list;
    int64_t size;
    Node *items;
    uint32_t chunks;

    if (!hcl_arg_list(eval, call, 0, &list) || !hcl_arg_integer(eval, call, 1, &size))
        return hcl_failed(eval, call);
    if (size < 0)
        return hcl_fail(eval, call->at, "the size of a chunk cannot be negative");
    if (size == 0 || size > list->count)
        size = list->count;
    chunks = list->count ? (uint32_t)((list->count + (uint64_t)size - 1) / (uint64_t)size) : 0;
    items = hcl_items(eval, call, chunks);
    for (uint32_t i = 0; items && i < chunks; i++) {
        uint32_t from = i * (uint32_t)size, rest = list->count - from;
        items[i] = node_make_list(call->at, list->as.items + from,
                                  rest < (uint32_t)size ? rest : (uint32_t)size);
    }
    return hcl_list_result(eval, call, items, chunks);
}

Node hcl_fn_compact(HclEval *eval, const HclCall *call)
{
    const Node *list;
    uint32_t count = 0;
    Node *items;

    if (!hcl_arg_list(eval, call, 0, &list))
        return hcl_failed(eval, call);
    items = hcl_items(eval, call, list->count);
    for (uint32_t i = 0; items && i < list->count; i++) {
        const Node *item = &list->as.items[i];
        if (item->kind != NODE_NULL && !(item->kind == NODE_STRING && item->count == 0))
            items[count++] = *item;
    }
    return hcl_list_result(eval, call, items, count);
}

Node hcl_fn_distinct(HclEval *eval, const HclCall *call)
{
    const Node *list;
    Node *items;

    if (!hcl_arg_list(eval, call, 0, &list))
        return hcl_failed(eval, call);
    items = hcl_items(eval, call, list->count);
    if (!items || !list->count)
        return hcl_list_result(eval, call, items, 0);
    memcpy(items, list->as.items, list->count * sizeof *items);
    return hcl_list_result(eval, call, items, hcl_distinct(eval->arena, items, list->count));
}

Node hcl_fn_element(HclEval *eval, const HclCall *call)
{
    const Node *list;
    int64_t index;

    if (!hcl_arg_list(eval, call, 0, &list) || !hcl_arg_integer(eval, call, 1, &index))
        return hcl_failed(eval, call);
    if (list->count == 0)
        return hcl_fail(eval, call->at, "element() of an empty list");
    index %= list->count;
    return list->as.items[index < 0 ? index + list->count : index];
}

static uint64_t flat_count(const Node *value)
{
    uint64_t count = 0;

    if (value->kind != NODE_LIST)
        return 1;
    for (uint32_t i = 0; i < value->count; i++)
        count += flat_count(&value->as.items[i]);
    return count;
}

static void flatten_into(const Node *value, Node *items, uint32_t *count)
{
    if (value->kind != NODE_LIST) {
        items[(*count)++] = *value;
        return;
    }
    for (uint32_t i = 0; i < value->count; i++)
        flatten_into(&value->as.items[i], items, count);
}

/* An unknown among the elements may be a list of any length. */
static const Node *open_element(const Node *value)
{
    const Node *found = NULL;

    if (value->kind == NODE_UNKNOWN) {
        uint8_t type = value->as.unknown->type;
        return type == NODE_UNKNOWN || type == NODE_LIST ? value : NULL;
    }
    for (uint32_t i = 0; !found && value->kind == NODE_LIST && i < value->count; i++)
        found = open_element(&value->as.items[i]);
    return found;
}

Node hcl_fn_flatten(HclEval *eval, const HclCall *call)
{
    const Node *list, *open;
    uint32_t count = 0;
    uint64_t room;
    Node *items;

    if (!hcl_arg_list(eval, call, 0, &list))
        return hcl_failed(eval, call);
    open = open_element(list);
    if (open)
        return hcl_unknown_from(eval, call->at, open, NODE_LIST);
    room = flat_count(list);
    items = hcl_items(eval, call, room);
    if (items)
        flatten_into(list, items, &count);
    return hcl_list_result(eval, call, items, count);
}

/* Equal as Terraform's collections see it: elements of one type, so 1 and "1" are the same. */
static bool same(HclEval *eval, const Node *a, const Node *b)
{
    Str x, y;

    if (a->kind == b->kind || !hcl_is_primitive(a) || !hcl_is_primitive(b))
        return node_equal(a, b);
    return hcl_to_text(eval->arena, a, &x) && hcl_to_text(eval->arena, b, &y) && str_eq(x, y);
}

Node hcl_fn_contains(HclEval *eval, const HclCall *call)
{
    const Node *list, *open = NULL;

    if (!hcl_arg_list(eval, call, 0, &list))
        return hcl_failed(eval, call);
    for (uint32_t i = 0; i < list->count; i++) {
        if (same(eval, &list->as.items[i], &call->args[1]))
            return node_make_bool(call->at, true);
        if (!open)
            open = hcl_find_unknown(&list->as.items[i]);
    }
    if (!open)
        open = hcl_find_unknown(&call->args[1]);
    return open ? hcl_unknown_from(eval, call->at, open, NODE_BOOL)
                : node_make_bool(call->at, false);
}

Node hcl_fn_index(HclEval *eval, const HclCall *call)
{
    const Node *list;

    if (!hcl_arg_list(eval, call, 0, &list))
        return hcl_failed(eval, call);
    for (uint32_t i = 0; i < list->count; i++)
        if (same(eval, &list->as.items[i], &call->args[1]))
            return node_make_int(call->at, i);
    return hcl_fail(eval, call->at, "the list does not have the element");
}

Node hcl_fn_one(HclEval *eval, const HclCall *call)
{
    const Node *list;

    if (!hcl_arg_list(eval, call, 0, &list))
        return hcl_failed(eval, call);
    if (list->count > 1)
        return hcl_fail(eval, call->at, "one() takes a list of one element or none");
    return list->count ? list->as.items[0] : node_make_null(call->at);
}

#define RANGE_MAX 1024

Node hcl_fn_range(HclEval *eval, const HclCall *call)
{
    double start = 0, limit, step;
    uint32_t count = 0;
    Node *items;

    if (!hcl_arg_number(eval, call, call->count > 1, &limit) ||
        (call->count > 1 && !hcl_arg_number(eval, call, 0, &start)))
        return hcl_failed(eval, call);
    step = limit < start ? -1 : 1;
    if (call->count > 2 && !hcl_arg_number(eval, call, 2, &step))
        return hcl_failed(eval, call);
    if (step == 0 || (step > 0 && limit < start) || (step < 0 && limit > start))
        return hcl_fail(eval, call->at, "range() cannot reach its end with that step");
    if (fabs((limit - start) / step) > RANGE_MAX)
        return hcl_fail(eval, call->at, "range() gives at most %d numbers", RANGE_MAX);
    items = hcl_items(eval, call, RANGE_MAX + 1);
    for (double n = start; items && (step > 0 ? n < limit : n > limit) && count <= RANGE_MAX;
         n = start + step * count)
        items[count++] = hcl_make_number(call->at, n);
    return hcl_list_result(eval, call, items, count);
}

Node hcl_fn_reverse(HclEval *eval, const HclCall *call)
{
    const Node *list;
    Node *items;

    if (!hcl_arg_list(eval, call, 0, &list))
        return hcl_failed(eval, call);
    items = hcl_items(eval, call, list->count);
    for (uint32_t i = 0; items && i < list->count; i++)
        items[i] = list->as.items[list->count - 1 - i];
    return hcl_list_result(eval, call, items, list->count);
}

Node hcl_fn_slice(HclEval *eval, const HclCall *call)
{
    const Node *list;
    int64_t start, end;

    if (!hcl_arg_list(eval, call, 0, &list) || !hcl_arg_integer(eval, call, 1, &start) ||
        !hcl_arg_integer(eval, call, 2, &end))
        return hcl_failed(eval, call);
    if (start < 0 || end > list->count || start > end)
        return hcl_fail(eval, call->at, "slice() reaches beyond the list");
    return node_make_list(call->at, list->as.items + start, (uint32_t)(end - start));
}

static int compare_nodes(const void *a, const void *b)
{
    return hcl_compare(a, b);
}

/* All elements as texts. */
static Node *text_items(HclEval *eval, const HclCall *call, const Node *list)
{
    Node *items = hcl_items(eval, call, list->count);

    for (uint32_t i = 0; items && i < list->count; i++) {
        Str text;
        if (!hcl_to_text(eval->arena, &list->as.items[i], &text)) {
            hcl_fail(eval, call->at, "%.*s() takes a list of texts", STR_ARG(call->name));
            return NULL;
        }
        items[i] = node_make_string(node_span(&list->as.items[i]), text);
    }
    return items;
}

Node hcl_fn_sort(HclEval *eval, const HclCall *call)
{
    const Node *list;
    Node *items;

    if (!hcl_arg_list(eval, call, 0, &list))
        return hcl_failed(eval, call);
    items = text_items(eval, call, list);
    if (items)
        qsort(items, list->count, sizeof *items, compare_nodes);
    return hcl_list_result(eval, call, items, list->count);
}

Node hcl_fn_matchkeys(HclEval *eval, const HclCall *call)
{
    const Node *values, *keys, *wanted;
    uint32_t count = 0;
    Node *items;

    if (!hcl_arg_list(eval, call, 0, &values) || !hcl_arg_list(eval, call, 1, &keys) ||
        !hcl_arg_list(eval, call, 2, &wanted))
        return hcl_failed(eval, call);
    if (values->count != keys->count)
        return hcl_fail(eval, call->at, "matchkeys() wants as many values as keys");
    if (hcl_find_unknown(keys) || hcl_find_unknown(wanted))
        return hcl_unknown_from(eval, call->at, hcl_find_unknown(keys) ? keys : wanted, NODE_LIST);
    items = hcl_items(eval, call, (size_t)values->count * (1 + wanted->count / 16));
    for (uint32_t i = 0; items && i < keys->count; i++) {
        bool found = false;
        for (uint32_t j = 0; !found && j < wanted->count; j++)
            found = same(eval, &keys->as.items[i], &wanted->as.items[j]);
        if (found)
            items[count++] = values->as.items[i];
    }
    return hcl_list_result(eval, call, items, count);
}

/* --- truth of lists --- */

static Node all_or_any(HclEval *eval, const HclCall *call, bool any)
{
    const Node *list, *open = NULL;

    if (!hcl_arg_list(eval, call, 0, &list))
        return hcl_failed(eval, call);
    for (uint32_t i = 0; i < list->count; i++) {
        const Node *item = &list->as.items[i];
        bool truth = false;
        if (item->kind == NODE_UNKNOWN) {
            open = item;
            continue;
        }
        if (item->kind != NODE_NULL && !hcl_to_bool(item, &truth))
            return hcl_fail(eval, call->at, "%.*s() takes a list of bools", STR_ARG(call->name));
        if (truth == any)
            return node_make_bool(call->at, any);
    }
    return open ? hcl_unknown_from(eval, call->at, open, NODE_BOOL)
                : node_make_bool(call->at, !any);
}

Node hcl_fn_alltrue(HclEval *eval, const HclCall *call)
{
    return all_or_any(eval, call, false);
}

Node hcl_fn_anytrue(HclEval *eval, const HclCall *call)
{
    return all_or_any(eval, call, true);
}

/* --- first of several --- */

Node hcl_fn_coalesce(HclEval *eval, const HclCall *call)
{
    for (uint32_t i = 0; i < call->count; i++) {
        const Node *arg = &call->args[i];
        if (arg->kind == NODE_UNKNOWN) {
            /* One that is neither null nor empty for sure is the result, known or not. */
            bool sure = !arg->as.unknown->may_be_null && arg->as.unknown->prefix.size;
            return sure ? *arg
                        : hcl_unknown_from(eval, call->at, arg, (NodeKind)arg->as.unknown->type);
        }
        if (arg->kind != NODE_NULL && !(arg->kind == NODE_STRING && arg->count == 0))
            return *arg;
    }
    return hcl_fail(eval, call->at, "all arguments of coalesce() are null or empty");
}

Node hcl_fn_coalescelist(HclEval *eval, const HclCall *call)
{
    for (uint32_t i = 0; i < call->count; i++) {
        const Node *arg = &call->args[i];
        if (arg->kind == NODE_UNKNOWN)
            return hcl_unknown_from(eval, call->at, arg, NODE_LIST);
        if (arg->kind == NODE_LIST && arg->count)
            return *arg;
    }
    return hcl_fail(eval, call->at, "all arguments of coalescelist() are empty");
}

/* --- maps --- */

Node hcl_fn_keys(HclEval *eval, const HclCall *call)
{
    const Node *map;
    const Entry **sorted;
    Node *items;

    if (!hcl_arg_map(eval, call, 0, &map))
        return hcl_failed(eval, call);
    sorted = hcl_sorted(eval->arena, map);
    items = hcl_items(eval, call, map->count);
    for (uint32_t i = 0; items && sorted && i < map->count; i++)
        items[i] = node_make_string(call->at, entry_key(sorted[i]));
    return hcl_list_result(eval, call, items, sorted ? map->count : 0);
}

Node hcl_fn_values(HclEval *eval, const HclCall *call)
{
    const Node *map;
    const Entry **sorted;
    Node *items;

    if (!hcl_arg_map(eval, call, 0, &map))
        return hcl_failed(eval, call);
    sorted = hcl_sorted(eval->arena, map);
    items = hcl_items(eval, call, map->count);
    for (uint32_t i = 0; items && sorted && i < map->count; i++)
        items[i] = sorted[i]->value;
    return hcl_list_result(eval, call, items, sorted ? map->count : 0);
}

Node hcl_fn_lookup(HclEval *eval, const HclCall *call)
{
    const Node *map = &call->args[0], *found;
    Str key;

    if (map->kind == NODE_UNKNOWN && !hcl_handle(map))
        return hcl_unknown_from(eval, call->at, map, NODE_UNKNOWN);
    if (map->kind == NODE_UNKNOWN)
        return hcl_step(eval, map, &call->args[1], call->at);
    if (call->args[1].kind == NODE_UNKNOWN)
        return hcl_unknown_from(eval, call->at, &call->args[1], NODE_UNKNOWN);
    if (!hcl_arg_map(eval, call, 0, &map) || !hcl_arg_text(eval, call, 1, &key))
        return hcl_failed(eval, call);
    found = node_get_named(map, key);
    if (found)
        return *found;
    if (call->count == 3)
        return call->args[2];
    return hcl_fail(eval, call->at, "the map has no key \"%.*s\"", STR_ARG(key));
}

Node hcl_fn_merge(HclEval *eval, const HclCall *call)
{
    HclMap map = hcl_map_new(eval->arena, eval->symbols);

    for (uint32_t i = 0; i < call->count; i++) {
        const Node *arg = &call->args[i];
        if (arg->kind == NODE_NULL)
            continue;
        if (!hcl_arg_map(eval, call, i, &arg) || !hcl_work(eval, arg->count, call->at))
            return hcl_failed(eval, call);
        for (uint32_t j = 0; j < arg->count; j++) {
            const Entry *entry = &arg->as.entries[j];
            Span key = {arg->source, entry->key_start, entry->key_end};
            hcl_map_put(&map, entry_key(entry), key, entry->value);
        }
    }
    return hcl_map_done(&map, call->at);
}

Node hcl_fn_zipmap(HclEval *eval, const HclCall *call)
{
    HclMap map = hcl_map_new(eval->arena, eval->symbols);
    const Node *keys, *values;
    Str key;

    if (!hcl_arg_list(eval, call, 0, &keys) || !hcl_arg_list(eval, call, 1, &values))
        return hcl_failed(eval, call);
    if (keys->count != values->count)
        return hcl_fail(eval, call->at, "zipmap() wants as many keys as values");
    if (hcl_find_unknown(keys))
        return hcl_unknown_from(eval, call->at, keys, NODE_MAP);
    for (uint32_t i = 0; i < keys->count; i++) {
        if (!hcl_to_text(eval->arena, &keys->as.items[i], &key))
            return hcl_fail(eval, call->at, "the keys of a map are texts");
        hcl_map_put(&map, key, node_span(&keys->as.items[i]), values->as.items[i]);
    }
    return hcl_map_done(&map, call->at);
}

static bool add_transposed(HclEval *eval, const HclCall *call, HclMap *map, const Node *texts,
                           Str value)
{
    for (uint32_t i = 0; i < texts->count; i++) {
        Str key;
        Node *list, *items;
        uint32_t count;
        if (!hcl_to_text(eval->arena, &texts->as.items[i], &key))
            return false;
        list = hcl_map_find(map, key);
        count = list ? list->count : 0;
        items = hcl_items(eval, call, (size_t)count + 1);
        if (!items)
            return false;
        if (count)
            memcpy(items, list->as.items, count * sizeof *items);
        items[count] = node_make_string(call->at, value);
        hcl_map_put(map, key, call->at, node_make_list(call->at, items, count + 1));
    }
    return true;
}

Node hcl_fn_transpose(HclEval *eval, const HclCall *call)
{
    HclMap result = hcl_map_new(eval->arena, eval->symbols);
    const Node *map;
    const Entry **sorted;

    if (!hcl_arg_map(eval, call, 0, &map))
        return hcl_failed(eval, call);
    sorted = hcl_sorted(eval->arena, map);
    for (uint32_t i = 0; sorted && i < map->count; i++)
        if (sorted[i]->value.kind != NODE_LIST ||
            !add_transposed(eval, call, &result, &sorted[i]->value, entry_key(sorted[i])))
            return hcl_fail(eval, call->at, "transpose() takes a map of lists of texts");
    return hcl_map_done(&result, call->at);
}

Node hcl_fn_length(HclEval *eval, const HclCall *call)
{
    const Node *value = &call->args[0];
    Str text;

    if (value->kind == NODE_LIST || value->kind == NODE_MAP)
        return node_make_int(call->at, value->count);
    if (!hcl_arg_text(eval, call, 0, &text))
        return hcl_failed(eval, call);
    return hcl_text_length(call, text);
}

/* --- sets --- */

static bool among(HclEval *eval, const Node *list, const Node *value)
{
    for (uint32_t i = 0; i < list->count; i++)
        if (same(eval, &list->as.items[i], value))
            return true;
    return false;
}

/* A set of `items`, those of one type brought to texts where kinds mix. */
static Node set_result(HclEval *eval, const HclCall *call, Node *items, uint32_t count)
{
    bool texts = false, others = false;
    Str text;

    if (!items)
        return hcl_failed(eval, call);
    for (uint32_t i = 0; i < count; i++) {
        texts = texts || items[i].kind == NODE_STRING;
        others = others || items[i].kind == NODE_BOOL || hcl_is_number(&items[i]);
    }
    for (uint32_t i = 0; texts && others && i < count; i++)
        if (hcl_to_text(eval->arena, &items[i], &text))
            items[i] = node_make_string(node_span(&items[i]), text);
    return hcl_make_set(call->at, items, count);
}

Node hcl_fn_setintersection(HclEval *eval, const HclCall *call)
{
    const Node *first, *other;
    uint32_t count = 0;
    Node *items;

    if (!hcl_arg_list(eval, call, 0, &first))
        return hcl_failed(eval, call);
    items = hcl_items(eval, call, first->count);
    for (uint32_t i = 0; items && i < first->count; i++) {
        bool everywhere = true;
        for (uint32_t j = 1; everywhere && j < call->count; j++) {
            if (!hcl_arg_list(eval, call, j, &other) || !hcl_work(eval, other->count / 8, call->at))
                return hcl_failed(eval, call);
            everywhere = among(eval, other, &first->as.items[i]);
        }
        if (everywhere)
            items[count++] = first->as.items[i];
    }
    return set_result(eval, call, items, count);
}

Node hcl_fn_setsubtract(HclEval *eval, const HclCall *call)
{
    const Node *first, *other;
    uint32_t count = 0;
    Node *items;

    if (!hcl_arg_list(eval, call, 0, &first) || !hcl_arg_list(eval, call, 1, &other))
        return hcl_failed(eval, call);
    items = hcl_items(eval, call, first->count * (size_t)(1 + other->count / 16));
    for (uint32_t i = 0; items && i < first->count; i++)
        if (!among(eval, other, &first->as.items[i]))
            items[count++] = first->as.items[i];
    return set_result(eval, call, items, count);
}

Node hcl_fn_setunion(HclEval *eval, const HclCall *call)
{
    Node all = hcl_fn_concat(eval, call);

    if (all.kind != NODE_LIST)
        return all;
    return set_result(eval, call, all.as.items, all.count);
}

/* One combination: position `number` of all, the last list turning fastest. */
static Node combination(HclEval *eval, const HclCall *call, uint64_t number)
{
    Node *items = hcl_items(eval, call, call->count);

    for (uint32_t i = call->count; items && i > 0; i--) {
        const Node *list = &call->args[i - 1];
        items[i - 1] = list->as.items[number % list->count];
        number /= list->count;
    }
    return node_make_list(call->at, items, items ? call->count : 0);
}

#define PRODUCT_MAX 1000000u

Node hcl_fn_setproduct(HclEval *eval, const HclCall *call)
{
    const Node *list;
    uint64_t count = 1;
    bool sets = true;
    Node *items;

    for (uint32_t i = 0; i < call->count; i++) {
        if (!hcl_arg_list(eval, call, i, &list))
            return hcl_failed(eval, call);
        sets = sets && hcl_is_set(list);
        count *= list->count;
        if (count > PRODUCT_MAX)
            return hcl_fail(eval, call->at, "setproduct() has too many combinations");
    }
    items = hcl_items(eval, call, count);
    for (uint64_t i = 0; items && i < count; i++)
        items[i] = combination(eval, call, i);
    return sets && items ? hcl_make_set(call->at, items, (uint32_t)count)
                         : hcl_list_result(eval, call, items, (uint32_t)count);
}

/* --- conversions of collections --- */

/* The elements brought to one type. */
static Node *unified(HclEval *eval, const HclCall *call, const Node *list)
{
    Node *items = hcl_items(eval, call, list->count);

    for (uint32_t i = 0; items && i < list->count; i++)
        items[i] = list->as.items[i];
    if (items)
        hcl_unify(eval->arena, items, list->count, sizeof *items);
    return items;
}

Node hcl_fn_tolist(HclEval *eval, const HclCall *call)
{
    const Node *list = &call->args[0];

    if (list->kind == NODE_NULL)
        return *list;
    if (!hcl_arg_list(eval, call, 0, &list))
        return hcl_failed(eval, call);
    return hcl_list_result(eval, call, unified(eval, call, list), list->count);
}

Node hcl_fn_toset(HclEval *eval, const HclCall *call)
{
    const Node *list = &call->args[0];
    Node *items;

    if (list->kind == NODE_NULL || hcl_is_set(list))
        return *list;
    if (!hcl_arg_list(eval, call, 0, &list))
        return hcl_failed(eval, call);
    items = unified(eval, call, list);
    return items ? hcl_make_set(call->at, items, list->count) : hcl_failed(eval, call);
}

Node hcl_fn_tomap(HclEval *eval, const HclCall *call)
{
    const Node *map = &call->args[0];

    if (map->kind != NODE_NULL && !hcl_arg_map(eval, call, 0, &map))
        return hcl_failed(eval, call);
    return map->kind == NODE_MAP ? hcl_unified_map(eval->arena, *map) : *map;
}

/* --- numbers of lists --- */

Node hcl_fn_sum(HclEval *eval, const HclCall *call)
{
    const Node *list;
    double sum = 0;

    if (!hcl_arg_list(eval, call, 0, &list))
        return hcl_failed(eval, call);
    if (list->count == 0)
        return hcl_fail(eval, call->at, "sum() of an empty list");
    for (uint32_t i = 0; i < list->count; i++) {
        Node number;
        if (!hcl_to_number(eval->arena, &list->as.items[i], &number))
            return hcl_fail(eval, call->at, "sum() takes a list of numbers");
        sum += hcl_double(&number);
    }
    return hcl_make_number(call->at, sum);
}

static Node extreme(HclEval *eval, const HclCall *call, bool greatest)
{
    double best = 0;

    for (uint32_t i = 0; i < call->count; i++) {
        double number;
        if (!hcl_arg_number(eval, call, i, &number))
            return hcl_failed(eval, call);
        if (i == 0 || (greatest ? number > best : number < best))
            best = number;
    }
    return hcl_make_number(call->at, best);
}

Node hcl_fn_max(HclEval *eval, const HclCall *call)
{
    return extreme(eval, call, true);
}

Node hcl_fn_min(HclEval *eval, const HclCall *call)
{
    return extreme(eval, call, false);
}
