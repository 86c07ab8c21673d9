#include "ir/terraform_expand.h"

#include "base/buf.h"
#include "base/limits.h"
#include "ir/terraform_groups.h"

static Str key_text(Arena *arena, const Node *key)
{
    Buf buf = buf_new(arena);
    Str text = node_string(key);

    if (key->kind == NODE_INT)
        return str_format(arena, "[%lld]", (long long)key->as.integer);
    if (key->kind != NODE_STRING)
        return STR("");
    buf_add_z(&buf, "[\"");
    for (uint32_t i = 0; i < text.size; i++) {
        if (text.data[i] == '"' || text.data[i] == '\\')
            buf_add_char(&buf, '\\');
        buf_add_char(&buf, text.data[i]);
    }
    buf_add_z(&buf, "\"]");
    return buf_str(&buf);
}

static bool add_instance(TfWorld *world, TfModule *module, const TfItem *item, TfObject *object,
                         Node key, Node value)
{
    Arena *arena = tf_arena(world);
    TfInstance *instance = &object->instances[object->count];
    Str key_part = object->expansion == TF_OPEN ? STR("[*]") : key_text(arena, &key);
    const Str parts[] = {module->path, module->path.size ? STR(".") : STR(""),
                         tf_item_reference(item, arena), key_part};

    *instance = (TfInstance){.module = module,
                             .item = item,
                             .expansion = object->expansion,
                             .key = key,
                             .each_value = value,
                             .same = 1};
    instance->address = str_concat(arena, parts, 4);
    object->count++;
    return instance->address.data != NULL;
}

static bool make_room(TfWorld *world, TfObject *object, uint32_t count, TfExpansion expansion)
{
    object->expansion = expansion;
    object->instances = ARENA_ARRAY(tf_arena(world), TfInstance, count);
    world->instance_count += count;
    return object->instances != NULL;
}

static void expand_one(TfWorld *world, TfModule *module, const TfItem *item, TfObject *object,
                       TfExpansion expansion)
{
    Node null = node_make_null(item->span);

    if (make_room(world, object, 1, expansion))
        add_instance(world, module, item, object, null, null);
}

static bool too_many(TfWorld *world, const TfItem *item, uint64_t count)
{
    if (count + world->instance_count <= LIMIT_TF_INSTANCES)
        return false;
    diag_error(&world->unit->diags, DIAG_HCL_EVALUATE, item->span,
               "there are too many instances; they are judged as one");
    return true;
}

/* One instance that stands for `same`, and has the address of the first of them. */
static bool add_group(TfWorld *world, TfModule *module, const TfItem *item, TfObject *object,
                      const TfGroup *group)
{
    TfInstance *instance = &object->instances[object->count];

    if (!add_instance(world, module, item, object, group->first, group->value))
        return false;
    instance->key = group->key;
    instance->same = group->count;
    return true;
}

static void expand_groups(TfWorld *world, TfModule *module, const TfItem *item, TfObject *object,
                          const Node *each)
{
    TfGroups groups = tf_groups(&world->eval, each);

    object->grouped = true;
    if (!make_room(world, object, groups.count, TF_EACH))
        return;
    for (uint32_t i = 0; i < groups.count; i++) {
        groups.items[i].value.flags |= each->flags & NODE_SENSITIVE;
        if (!add_group(world, module, item, object, &groups.items[i]))
            return;
    }
}

/* So many are told apart by their number only. */
static void expand_many(TfWorld *world, TfModule *module, const TfItem *item, TfObject *object,
                        const Node *count, int64_t number)
{
    TfGroup group = {
        .first = node_make_int(node_span(count), 0),
        .key = hcl_unknown(&world->eval, node_span(count), STR("count.index"), NODE_DOUBLE),
        .value = node_make_null(node_span(count)),
        .count = number < UINT32_MAX ? (uint32_t)number : UINT32_MAX};

    object->grouped = true;
    if (make_room(world, object, 1, TF_COUNT))
        add_group(world, module, item, object, &group);
}

static void expand_count(TfWorld *world, TfModule *module, const TfItem *item, TfObject *object,
                         const Node *count)
{
    int64_t number = 0;
    Node value;

    if (count->kind == NODE_UNKNOWN || !hcl_to_number(tf_arena(world), count, &value) ||
        !hcl_to_integer(&value, &number) || number < 0 ||
        too_many(world, item, number > TF_SINGLY_MAX ? 1 : (uint64_t)number)) {
        if (count->kind != NODE_UNKNOWN && number <= 0)
            hcl_fail(&world->eval, node_span(count), "count must be a whole number, 0 or more");
        expand_one(world, module, item, object, TF_OPEN);
        return;
    }
    if (number > TF_SINGLY_MAX) {
        expand_many(world, module, item, object, count, number);
        return;
    }
    if (!make_room(world, object, (uint32_t)number, TF_COUNT))
        return;
    for (int64_t i = 0; i < number; i++)
        if (!add_instance(world, module, item, object, node_make_int(node_span(count), i),
                          node_make_null(node_span(count))))
            return;
}

static bool keys_known(const Node *each)
{
    for (uint32_t i = 0; each->kind == NODE_LIST && i < each->count; i++)
        if (each->as.items[i].kind != NODE_STRING)
            return false;
    return each->kind == NODE_MAP || each->kind == NODE_LIST;
}

static void expand_each(TfWorld *world, TfModule *module, const TfItem *item, TfObject *object,
                        const Node *each)
{
    bool known = keys_known(each), many = known && each->count > TF_SINGLY_MAX;
    const Entry **sorted;

    if (!known || too_many(world, item, many ? 1 : each->count)) {
        if (!known && each->kind != NODE_UNKNOWN && !hcl_find_unknown(each))
            hcl_fail(&world->eval, node_span(each),
                     "for_each goes through a map or a set of texts");
        expand_one(world, module, item, object, TF_OPEN);
        return;
    }
    if (many) {
        expand_groups(world, module, item, object, each);
        return;
    }
    sorted = each->kind == NODE_MAP ? hcl_sorted(tf_arena(world), each) : NULL;
    if (!make_room(world, object, each->count, TF_EACH))
        return;
    for (uint32_t i = 0; i < each->count; i++) {
        Node value = sorted ? sorted[i]->value : each->as.items[i];
        Node key = sorted ? node_make_string(node_span(each), entry_key(sorted[i])) : value;
        value.flags |= each->flags & NODE_SENSITIVE;
        if (!add_instance(world, module, item, object, key, value))
            return;
    }
}

const TfObject *tf_expand(TfWorld *world, TfModule *module, const TfItem *item)
{
    TfObject *object = &module->objects[item - module->config->items];
    const HclExpr *count = tf_item_expr(item, "count"), *each = tf_item_expr(item, "for_each");
    const HclExpr *expr = count ? count : each;
    TfContext context;
    Node value;

    if (object->slot.state == TF_SLOT_NEW && !expr) {
        object->slot.state = TF_SLOT_DONE;
        expand_one(world, module, item, object, TF_SINGLE);
        return object;
    }
    if (!tf_slot_begin(&object->slot)) {
        if (object->slot.state == TF_SLOT_RUNNING)
            tf_slot_cycle(world, &object->slot, tf_item_reference(item, tf_arena(world)),
                          item->span);
        if (!object->instances)
            expand_one(world, module, item, object, TF_OPEN);
        return object;
    }
    context = tf_enter(world, module, NULL, &object->slot.refs);
    value = tf_evaluate(world, expr, &object->slot.refs);
    if (object->slot.state == TF_SLOT_RUNNING && count)
        expand_count(world, module, item, object, &value);
    else if (object->slot.state == TF_SLOT_RUNNING)
        expand_each(world, module, item, object, &value);
    tf_leave(world, &context);
    tf_slot_end(&object->slot, value);
    return object;
}
