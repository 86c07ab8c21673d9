#include "ir/terraform_types.h"

static bool is_name(const HclExpr *type, const char *name)
{
    /* Terraform 0.11 wrote "string" where it is now string. */
    Str text = type->kind == HCL_STRING ? type->as.text : type->as.name;

    return (type->kind == HCL_NAME || type->kind == HCL_CALL || type->kind == HCL_STRING) &&
           str_eq(text, str_of(name));
}

NodeKind tf_type_kind(const HclExpr *type)
{
    static const struct {
        const char *name;
        NodeKind kind;
    } kinds[] = {{"string", NODE_STRING}, {"number", NODE_DOUBLE}, {"bool", NODE_BOOL},
                 {"list", NODE_LIST},     {"set", NODE_LIST},      {"tuple", NODE_LIST},
                 {"map", NODE_MAP},       {"object", NODE_MAP}};

    for (size_t i = 0; type && i < sizeof kinds / sizeof *kinds; i++)
        if (is_name(type, kinds[i].name))
            return kinds[i].kind;
    return NODE_UNKNOWN;
}

static Node wrong(HclEval *eval, const HclExpr *type, const Node *value)
{
    Str text = type->kind == HCL_STRING ? type->as.text : type->as.name;

    return hcl_fail(eval, node_span(value), "the value does not fit the variable's type, %.*s",
                    STR_ARG(text));
}

static Node convert_primitive(HclEval *eval, const HclExpr *type, NodeKind kind, Node value)
{
    Node result = value;
    Str text;
    bool truth;

    if (kind == NODE_STRING) {
        if (value.kind == NODE_STRING)
            return value;
        if (!hcl_to_text(eval->arena, &value, &text))
            return wrong(eval, type, &value);
        result = node_make_string(node_span(&value), text);
    } else if (kind == NODE_BOOL) {
        if (!hcl_to_bool(&value, &truth))
            return wrong(eval, type, &value);
        result = node_make_bool(node_span(&value), truth);
    } else if (!hcl_to_number(eval->arena, &value, &result)) {
        return wrong(eval, type, &value);
    }
    result.flags |= value.flags & NODE_SENSITIVE;
    return result;
}

/* Each element by its own type: `types` has one for all, or one for each. */
static Node convert_list(HclEval *eval, const HclExpr *type, Node value, const HclExpr **types,
                         uint32_t type_count, bool set)
{
    Node *items, result;

    if (value.kind == NODE_MAP || value.kind != NODE_LIST)
        return wrong(eval, type, &value);
    items = ARENA_ARRAY(eval->arena, Node, value.count);
    if (!items)
        return value;
    for (uint32_t i = 0; i < value.count; i++) {
        const HclExpr *element =
            type_count == 0 ? NULL : types[i < type_count ? i : type_count - 1];
        items[i] = tf_convert(eval, element, value.as.items[i]);
    }
    if (type_count == 1 && tf_type_kind(types[0]) == NODE_UNKNOWN)
        hcl_unify(eval->arena, items, value.count, sizeof *items);
    result = set ? hcl_make_set(node_span(&value), items, value.count)
                 : node_make_list(node_span(&value), items, value.count);
    result.flags |= value.flags & NODE_SENSITIVE;
    return result;
}

static Node convert_map(HclEval *eval, const HclExpr *type, Node value, const HclExpr *element)
{
    Entry *entries;
    Node result = value;

    if (value.kind != NODE_MAP)
        return wrong(eval, type, &value);
    if (tf_type_kind(element) == NODE_UNKNOWN)
        return hcl_unified_map(eval->arena, value);
    entries = ARENA_ARRAY(eval->arena, Entry, value.count);
    if (!entries)
        return value;
    for (uint32_t i = 0; i < value.count; i++) {
        entries[i] = value.as.entries[i];
        entries[i].value = tf_convert(eval, element, entries[i].value);
    }
    result.as.entries = entries;
    return result;
}

static Node missing_attribute(HclEval *eval, const HclExpr *type, const HclExpr *optional,
                              const Node *value, Str key)
{
    if (!is_name(optional, "optional"))
        return hcl_fail(eval, node_span(value), "the variable's type wants an attribute \"%.*s\"",
                        STR_ARG(key));
    if (optional->count == 2)
        return tf_convert(eval, type, hcl_eval(eval, optional->items[1]));
    return node_make_null(node_span(value));
}

static Node convert_object(HclEval *eval, const HclExpr *type, Node value, const HclExpr *shape)
{
    HclMap map = hcl_map_new(eval->arena, eval->symbols);
    Node result;

    if (value.kind != NODE_MAP)
        return wrong(eval, type, &value);
    for (uint32_t i = 0; i + 1 < shape->count; i += 2) {
        Str key = hcl_string(shape->items[i]);
        const HclExpr *want = shape->items[i + 1], *inner = want;
        const Entry *entry = node_entry_named(&value, key);
        Span at =
            entry ? (Span){value.source, entry->key_start, entry->key_end} : node_span(&value);
        if (is_name(want, "optional") && want->kind == HCL_CALL && want->count)
            inner = want->items[0];
        if (!entry || (entry->value.kind == NODE_NULL && is_name(want, "optional")))
            hcl_map_put(&map, key, at, missing_attribute(eval, inner, want, &value, key));
        else
            hcl_map_put(&map, key, at, tf_convert(eval, inner, entry->value));
    }
    result = hcl_map_done(&map, node_span(&value));
    result.flags |= value.flags & NODE_SENSITIVE;
    return result;
}

static Node convert_collection(HclEval *eval, const HclExpr *type, Node value)
{
    const HclExpr *inner = type->kind == HCL_CALL && type->count ? type->items[0] : NULL;
    bool tuple = is_name(type, "tuple");

    if (is_name(type, "object"))
        return inner && inner->kind == HCL_OBJECT ? convert_object(eval, type, value, inner)
                                                  : value;
    if (is_name(type, "map"))
        return convert_map(eval, type, value, inner);
    if (tuple && inner && inner->kind == HCL_TUPLE)
        return convert_list(eval, type, value, inner->items, inner->count, false);
    return convert_list(eval, type, value, &inner, inner && !tuple, is_name(type, "set"));
}

Node tf_convert(HclEval *eval, const HclExpr *type, Node value)
{
    NodeKind kind = tf_type_kind(type);

    if (kind == NODE_UNKNOWN || value.kind == NODE_NULL || !hcl_work(eval, 1, type->span))
        return value;
    if (value.kind == NODE_UNKNOWN) {
        if (hcl_handle(&value) || value.as.unknown->type != NODE_UNKNOWN)
            return value;
        return hcl_unknown_from(eval, node_span(&value), &value, kind);
    }
    if (kind == NODE_LIST || kind == NODE_MAP)
        return convert_collection(eval, type, value);
    return convert_primitive(eval, type, kind, value);
}
