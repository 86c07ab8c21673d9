#include "ir/terraform_groups.h"

#include "ir/str_map.h"

static TfGroup *add_group(HclEval *eval, TfGroups *groups, Node key, Node value)
{
    TfGroup *items = arena_grow(eval->arena, groups->items, groups->count, &groups->capacity,
                                (size_t)groups->count + 1, sizeof *items);

    if (!items)
        return NULL;
    groups->items = items;
    items[groups->count] = (TfGroup){key, key, value, 0};
    return &items[groups->count++];
}

/* The group of a value, of which its text tells all but whether it is sensitive: that is the map's.
 * NULL when the arena is spent. */
static TfGroup *group_of(HclEval *eval, TfGroups *groups, StrMap *numbers, Node key,
                         const Node *value)
{
    size_t mark = arena_mark(eval->arena);
    Str text = node_dump(value, false, eval->arena);
    uint32_t number = str_map_find(numbers, text), *slot;

    if (number) {
        arena_rewind(eval->arena, mark);
        return &groups->items[number - 1];
    }
    if (groups->count == TF_SINGLY_MAX) {
        TfGroup *last = &groups->items[groups->count - 1];
        last->value = hcl_unknown(eval, node_span(value), STR("each.value"), NODE_UNKNOWN);
        return last;
    }
    slot = str_map_at(numbers, text);
    if (!slot)
        return NULL;
    *slot = groups->count + 1;
    return add_group(eval, groups, key, *value);
}

/* Once a group has more than one instance, its key is that of nobody. */
static void count_instance(HclEval *eval, TfGroup *group)
{
    if (++group->count == 2)
        group->key = hcl_unknown(eval, node_span(&group->first), STR("each.key"), NODE_STRING);
}

/* In a set, keys and values are the same, and all of them differ. */
static void group_set(HclEval *eval, const Node *set, TfGroups *groups)
{
    TfGroup *group = add_group(eval, groups, set->as.items[0], set->as.items[0]);

    if (!group)
        return;
    group->count = set->count;
    group->key = hcl_unknown(eval, node_span(set), STR("each.key"), NODE_STRING);
    group->value = hcl_unknown(eval, node_span(set), STR("each.value"), NODE_STRING);
}

TfGroups tf_groups(HclEval *eval, const Node *each)
{
    const Entry **sorted = each->kind == NODE_MAP ? hcl_sorted(eval->arena, each) : NULL;
    StrMap numbers = str_map_new(eval->arena);
    TfGroups groups = {0};

    if (each->kind == NODE_LIST && each->count)
        group_set(eval, each, &groups);
    for (uint32_t i = 0; sorted && i < each->count; i++) {
        Node key = node_make_string(node_span(each), entry_key(sorted[i]));
        TfGroup *group = group_of(eval, &groups, &numbers, key, &sorted[i]->value);
        if (!group)
            break;
        count_instance(eval, group);
    }
    return groups;
}
