#include "ir/hcl_eval.h"

#include "base/limits.h"
#include "ir/hcl_functions.h"
#include "ir/hcl_operators.h"
#include "ir/hcl_template.h"

bool hcl_work(HclEval *eval, uint64_t amount, Span at)
{
    eval->work += amount;
    if (eval->work <= LIMIT_HCL_WORK)
        return !arena_spent(eval->arena);
    if (!eval->too_long)
        diag_error(eval->diags, DIAG_HCL_EVALUATE, at, "evaluation takes too long");
    eval->too_long = true;
    eval->failed = true;
    return false;
}

/* --- names and steps --- */

static Node eval_name(HclEval *eval, const HclExpr *expr)
{
    Node value;

    for (const HclScope *scope = eval->scope; scope; scope = scope->outer)
        if (str_eq(scope->name, expr->as.name))
            return scope->value;
    if (eval->world->root(eval, expr, &value))
        return value;
    eval->failed = true;
    return hcl_nothing(expr->span);
}

static Node map_step(HclEval *eval, const Node *map, const Node *key, Span at)
{
    const Node *found;
    Str text;

    if (!hcl_to_text(eval->arena, key, &text))
        return hcl_fail(eval, at, "a map has no element with %s for its key", hcl_kind_name(key));
    if (!hcl_work(eval, map->count / 16, at))
        return hcl_nothing(at);
    found = node_get_named(map, text);
    if (found)
        return *found;
    if (node_tag(map) == NODE_TAG_OTHER)
        return hcl_unknown(eval, at, STR("known after apply"), NODE_UNKNOWN);
    return hcl_fail(eval, at, "there is no element \"%.*s\" here", STR_ARG(text));
}

static Node list_step(HclEval *eval, const Node *list, const Node *key, Span at)
{
    int64_t index;
    Node number;

    if (hcl_is_set(list))
        return hcl_fail(eval, at, "the elements of a set have no index");
    if (!hcl_to_number(eval->arena, key, &number) || !hcl_to_integer(&number, &index))
        return hcl_fail(eval, at, "an element of a list is chosen by a whole number");
    if (index < 0 || index >= list->count)
        return hcl_fail(eval, at, "the list has no element %lld, only %u in all", (long long)index,
                        list->count);
    return list->as.items[index];
}

Node hcl_step(HclEval *eval, const Node *target, const Node *key, Span at)
{
    uint8_t sensitive = hcl_sensitive(target) | hcl_sensitive(key);
    const HclHandle *handle = hcl_handle(target);
    Node value;

    if (handle)
        value = eval->world->step(eval, handle, key, at);
    else if (target->kind == NODE_UNKNOWN)
        value = hcl_unknown_from(eval, at, target, NODE_UNKNOWN);
    else if (key->kind == NODE_UNKNOWN && target->kind != NODE_NULL)
        value = hcl_unknown_from(eval, at, key, NODE_UNKNOWN);
    else if (target->kind == NODE_MAP)
        value = map_step(eval, target, key, at);
    else if (target->kind == NODE_LIST)
        value = list_step(eval, target, key, at);
    else
        value = hcl_fail(eval, at, "%s has no elements", hcl_kind_name(target));
    value.flags |= sensitive;
    return value;
}

static Node eval_attr(HclEval *eval, const HclExpr *expr)
{
    Node target = hcl_eval(eval, expr->a);
    Node key = node_make_string(expr->name_span, expr->as.name);

    return hcl_step(eval, &target, &key, expr->name_span);
}

static Node eval_index(HclEval *eval, const HclExpr *expr)
{
    Node target = hcl_eval(eval, expr->a);
    Node key = hcl_eval(eval, expr->b);

    return hcl_step(eval, &target, &key, expr->name_span);
}

/* --- splats --- */

static Node splat_one(HclEval *eval, const HclExpr *expr, const Node *item)
{
    const Node *outer = eval->splat_item;
    Node value;

    eval->splat_item = item;
    value = hcl_eval(eval, expr->b);
    eval->splat_item = outer;
    return value;
}

static Node splat_unknown(HclEval *eval, const HclExpr *expr, const Node *target)
{
    Node item = *target, value;

    if (hcl_handle(target)) {
        Node any = hcl_unknown(eval, expr->span, STR("*"), NODE_UNKNOWN);
        item = eval->world->step(eval, hcl_handle(target), &any, expr->name_span);
    }
    value = splat_one(eval, expr, &item);
    if (value.kind != NODE_UNKNOWN)
        value = item;
    return hcl_unknown_from(eval, expr->span, &value, NODE_LIST);
}

static Node eval_splat(HclEval *eval, const HclExpr *expr)
{
    Node target = hcl_eval(eval, expr->a), *items, result;
    const Node *from = target.kind == NODE_LIST ? target.as.items : &target;
    uint32_t count = target.kind == NODE_LIST ? target.count : 1;

    if (target.kind == NODE_UNKNOWN)
        return splat_unknown(eval, expr, &target);
    if (target.kind == NODE_NULL)
        return node_make_list(expr->span, NULL, 0);
    items = ARENA_ARRAY(eval->arena, Node, count);
    if (!items)
        return hcl_nothing(expr->span);
    for (uint32_t i = 0; i < count; i++)
        items[i] = splat_one(eval, expr, &from[i]);
    result = node_make_list(expr->span, items, count);
    result.flags |= hcl_sensitive(&target);
    return result;
}

/* --- tuples and objects --- */

static Node eval_tuple(HclEval *eval, const HclExpr *expr)
{
    Node *items = ARENA_ARRAY(eval->arena, Node, expr->count), result;

    if (!items)
        return hcl_nothing(expr->span);
    for (uint32_t i = 0; i < expr->count; i++)
        items[i] = hcl_eval(eval, expr->items[i]);
    result = node_make_list(expr->span, items, expr->count);
    result.flags &= (uint8_t)~NODE_DERIVED;
    return result;
}

static bool key_text(HclEval *eval, const Node *key, Str *text)
{
    if (hcl_to_text(eval->arena, key, text))
        return true;
    hcl_fail(eval, node_span(key), "a key is a text, not %s", hcl_kind_name(key));
    return false;
}

static Node eval_object(HclEval *eval, const HclExpr *expr)
{
    HclMap map = hcl_map_new(eval->arena, eval->symbols);
    Node unknown_key = node_make_null(expr->span), result;

    for (uint32_t i = 0; i + 1 < expr->count; i += 2) {
        Node key = hcl_eval(eval, expr->items[i]);
        Node value = hcl_eval(eval, expr->items[i + 1]);
        Str text;
        if (key.kind == NODE_UNKNOWN)
            unknown_key = key;
        else if (!key_text(eval, &key, &text) ||
                 !hcl_map_put(&map, text, expr->items[i]->span, value))
            return hcl_nothing(expr->span);
    }
    if (unknown_key.kind == NODE_UNKNOWN)
        return hcl_unknown_from(eval, expr->span, &unknown_key, NODE_MAP);
    result = hcl_map_done(&map, expr->span);
    result.flags &= (uint8_t)~NODE_DERIVED;
    return result;
}

/* --- for --- */

/* What a `for` goes through, and what it makes. */
typedef struct Loop {
    const HclExpr *expr;
    const HclFor *loop;
    Node in;
    const Entry **sorted; /* of a map */
    Node *items;          /* tuple */
    uint32_t count;
    HclMap map;   /* object */
    HclText text; /* template */
    Node unknown; /* why the result as a whole is unknown; else null */
} Loop;

static bool add_to_group(HclEval *eval, Loop *l, Str key, Span at, Node value)
{
    Node *group = hcl_map_find(&l->map, key), *items;
    uint32_t capacity, count = group ? group->count : 0;

    /* Room doubles, so that what is there is a power of two when it is full. */
    if (!group || (count & (count - 1)) == 0) {
        capacity = 0;
        items = arena_grow(eval->arena, NULL, 0, &capacity, count ? (size_t)count * 2 : 1,
                           sizeof *items);
        if (!items)
            return false;
        if (count)
            memcpy(items, group->as.items, count * sizeof *items);
    } else {
        items = group->as.items;
    }
    items[count] = value;
    return hcl_map_put(&l->map, key, at, node_make_list(node_span(&value), items, count + 1));
}

static bool add_entry(HclEval *eval, Loop *l)
{
    const HclFor *loop = l->loop;
    Node key = hcl_eval(eval, loop->key_result), value = hcl_eval(eval, loop->result);
    Span at = loop->key_result->span;
    Str text;

    if (key.kind == NODE_UNKNOWN) {
        l->unknown = key;
        return true;
    }
    if (!key_text(eval, &key, &text))
        return false;
    if (loop->group)
        return add_to_group(eval, l, text, at, value);
    if (hcl_map_find(&l->map, text)) {
        hcl_fail(eval, at, "key \"%.*s\" is made twice; `...` after the value would group them",
                 STR_ARG(text));
        return false;
    }
    return hcl_map_put(&l->map, text, at, value);
}

static bool add_result(HclEval *eval, Loop *l)
{
    Node value, cond;

    if (l->loop->cond) {
        if (!hcl_operand_bool(eval, l->loop->cond, &cond))
            return false;
        if (cond.kind == NODE_UNKNOWN)
            l->unknown = cond;
        else if (!cond.as.boolean)
            return true;
    }
    if (l->loop->key_result)
        return add_entry(eval, l);
    value = hcl_eval(eval, l->loop->result);
    if (l->expr->kind == HCL_TEMPLATE_FOR)
        return hcl_text_add(eval, &l->text, &value);
    l->items[l->count++] = value;
    return true;
}

static bool run_once(HclEval *eval, Loop *l, uint32_t i)
{
    const HclScope *outer = eval->scope;
    HclScope key = {l->loop->key, node_make_int(l->loop->in->span, i), outer};
    HclScope value = {l->loop->value, {0}, l->loop->key.size ? &key : outer};
    bool good;

    if (l->sorted) {
        key.value = node_make_string(l->loop->in->span, entry_key(l->sorted[i]));
        value.value = l->sorted[i]->value;
    } else {
        value.value = l->in.as.items[i];
        if (hcl_is_set(&l->in))
            key.value = value.value;
    }
    eval->scope = &value;
    good = hcl_work(eval, 1, l->expr->span) && add_result(eval, l);
    eval->scope = outer;
    return good;
}

static Node loop_done(HclEval *eval, const Loop *l)
{
    NodeKind type = l->loop->key_result ? NODE_MAP : NODE_LIST;

    if (l->unknown.kind == NODE_UNKNOWN)
        return hcl_unknown_from(eval, l->expr->span, &l->unknown,
                                l->expr->kind == HCL_TEMPLATE_FOR ? NODE_STRING : type);
    if (l->expr->kind == HCL_TEMPLATE_FOR)
        return hcl_text_done(eval, l->expr->span, &l->text);
    if (l->loop->key_result)
        return hcl_map_done(&l->map, l->expr->span);
    return node_make_list(l->expr->span, l->items, l->count);
}

static Node eval_for(HclEval *eval, const HclExpr *expr)
{
    const HclFor *loop = expr->as.loop;
    Loop l = {.expr = expr, .loop = loop, .unknown = node_make_null(expr->span)};
    Node result;

    l.in = hcl_eval(eval, loop->in);
    if (l.in.kind == NODE_UNKNOWN)
        return hcl_unknown_from(eval, expr->span, &l.in, loop->key_result ? NODE_MAP : NODE_LIST);
    if (l.in.kind != NODE_LIST && l.in.kind != NODE_MAP)
        return hcl_fail(eval, loop->in->span, "`for` cannot go through %s", hcl_kind_name(&l.in));
    l.map = hcl_map_new(eval->arena, eval->symbols);
    l.text = hcl_text_new(eval, expr->span);
    l.items = ARENA_ARRAY(eval->arena, Node, l.in.count);
    l.sorted = l.in.kind == NODE_MAP ? hcl_sorted(eval->arena, &l.in) : NULL;
    for (uint32_t i = 0; i < l.in.count; i++)
        if (arena_spent(eval->arena) || !run_once(eval, &l, i))
            return hcl_nothing(expr->span);
    result = loop_done(eval, &l);
    result.flags |= hcl_sensitive(&l.in);
    return result;
}

/* --- calls --- */

static Node eval_try(HclEval *eval, const HclExpr *expr)
{
    for (uint32_t i = 0; i < expr->count; i++) {
        bool failed = eval->failed, good;
        Node value;
        eval->failed = false;
        eval->quiet++;
        value = hcl_eval(eval, expr->items[i]);
        eval->quiet--;
        good = !eval->failed;
        eval->failed = failed;
        if (good)
            return value;
    }
    return hcl_fail(eval, expr->span, "no argument of try() has a value");
}

static Node eval_can(HclEval *eval, const HclExpr *expr)
{
    bool failed = eval->failed, good;
    Node value;

    if (expr->count != 1)
        return hcl_fail(eval, expr->span, "can() takes one argument");
    eval->failed = false;
    eval->quiet++;
    value = hcl_eval(eval, expr->items[0]);
    eval->quiet--;
    good = !eval->failed;
    eval->failed = failed;
    if (good && value.kind == NODE_UNKNOWN)
        return hcl_unknown_from(eval, expr->span, &value, NODE_BOOL);
    return node_make_bool(expr->span, good);
}

/* The arguments, the expanded one taken apart. False where that is unknown or a mistake: `*result`
 * then is the value of the call. */
static bool eval_arguments(HclEval *eval, const HclExpr *expr, Node **args, uint32_t *count,
                           Node *result)
{
    uint32_t plain = expr->flag ? expr->count - 1 : expr->count;
    Node rest = node_make_list(expr->span, NULL, 0);

    if (expr->flag) {
        rest = hcl_eval(eval, expr->items[plain]);
        *result = hcl_unknown_from(eval, expr->span, &rest, NODE_UNKNOWN);
        if (rest.kind == NODE_UNKNOWN)
            return false;
        if (rest.kind != NODE_LIST) {
            *result = hcl_fail(eval, expr->items[plain]->span, "only a list can be expanded");
            return false;
        }
    }
    *count = plain + rest.count;
    *args = ARENA_ARRAY(eval->arena, Node, *count);
    if (!*args) {
        *result = hcl_nothing(expr->span);
        return false;
    }
    for (uint32_t i = 0; i < *count; i++)
        (*args)[i] = i < plain ? hcl_eval(eval, expr->items[i]) : rest.as.items[i - plain];
    return true;
}

static Node eval_call(HclEval *eval, const HclExpr *expr)
{
    Str name = expr->as.name;
    Node *args, result;
    uint32_t count;

    if (str_starts(name, STR("core::")))
        name = str_from(name, 6);
    if (str_starts(name, STR("provider::")))
        return hcl_unknown(eval, expr->span, expr->as.name, NODE_UNKNOWN);
    if (str_eq(name, STR("try")))
        return eval_try(eval, expr);
    if (str_eq(name, STR("can")))
        return eval_can(eval, expr);
    if (!eval_arguments(eval, expr, &args, &count, &result))
        return result;
    HclCall call = {expr, expr->span, name, args, count};
    return hcl_call(eval, &call);
}

/* --- all --- */

static Node eval_kind(HclEval *eval, const HclExpr *expr)
{
    Node text;

    switch ((HclKind)expr->kind) {
    case HCL_LITERAL:
        return expr->as.literal;
    case HCL_STRING:
        text = node_make_string(expr->span, expr->as.text);
        text.flags = 0;
        return text;
    case HCL_TEMPLATE:
        return hcl_eval_template(eval, expr);
    case HCL_WRAP:
    case HCL_PARENS:
        return hcl_eval(eval, expr->a);
    case HCL_NAME:
        return eval_name(eval, expr);
    case HCL_ATTR:
        return eval_attr(eval, expr);
    case HCL_INDEX:
        return eval_index(eval, expr);
    case HCL_SPLAT:
        return eval_splat(eval, expr);
    case HCL_SPLAT_ITEM:
        return eval->splat_item ? *eval->splat_item : hcl_nothing(expr->span);
    case HCL_CALL:
        return eval_call(eval, expr);
    case HCL_UNARY:
        return hcl_eval_unary(eval, expr);
    case HCL_BINARY:
        return hcl_eval_binary(eval, expr);
    case HCL_CONDITIONAL:
        return hcl_eval_conditional(eval, expr);
    case HCL_TUPLE:
        return eval_tuple(eval, expr);
    case HCL_OBJECT:
        return eval_object(eval, expr);
    case HCL_FOR:
    case HCL_TEMPLATE_FOR:
        return eval_for(eval, expr);
    }
    return hcl_nothing(expr->span);
}

static Node too_deep(HclEval *eval, const HclExpr *expr)
{
    if (!eval->failed)
        diag_error(eval->diags, DIAG_TOO_DEEP, expr->span,
                   "expressions refer to each other too deeply");
    eval->failed = true;
    return hcl_nothing(expr->span);
}

Node hcl_eval(HclEval *eval, const HclExpr *expr)
{
    Node value;

    if (eval->too_long || !hcl_work(eval, 1, expr->span))
        return hcl_nothing(expr->span);
    if (eval->depth >= LIMIT_HCL_DEPTH)
        return too_deep(eval, expr);
    eval->depth++;
    value = eval_kind(eval, expr);
    eval->depth--;
    /* What is chosen or wrapped stays where it stands in the expression. */
    if (expr->kind == HCL_CONDITIONAL || expr->kind == HCL_WRAP || expr->kind == HCL_PARENS)
        if (value.source == expr->span.source && value.start >= expr->span.start &&
            value.end <= expr->span.end)
            return value;
    return hcl_at(value, expr->span);
}
