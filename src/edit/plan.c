#include "edit/plan.h"

#include "base/buf.h"
#include "base/sorted.h"

/* --- conflicts --- */

static bool is_insert(const Edit *edit)
{
    return edit->start == edit->end;
}

/* Whether both want bytes that only one of them can have. At its two ends a range lets others
 * insert. */
static bool overlap(const Edit *a, const Edit *b)
{
    if (is_insert(a) && is_insert(b))
        return false;
    if (a->start == b->start && a->end == b->end)
        return true;
    return a->start < b->end && b->start < a->end;
}

static bool is_same(const Edit *a, const Edit *b)
{
    return a->form == EDIT_TEXT && b->form == EDIT_TEXT && a->start == b->start &&
           a->end == b->end && str_eq(a->text, b->text);
}

static bool is_conflict(const Edit *planned, const Edit *edit)
{
    if (edit_same_site(planned, edit))
        return !edit_keys_agree(planned->keys, edit->keys);
    return overlap(planned, edit) && !is_same(planned, edit);
}

static bool ends_before(const void *item, const void *key)
{
    return ((const Edit *)item)->end < *(const uint32_t *)key;
}

/* The first item that ends at `offset` or later; those before it cannot touch what begins there. */
static uint32_t first_at(const EditPlan *plan, uint32_t offset)
{
    return sorted_before(plan->items, plan->count, sizeof *plan->items, ends_before, &offset);
}

static bool fits(const EditPlan *plan, const Edit *edit)
{
    for (uint32_t i = first_at(plan, edit->start);
         i < plan->count && plan->items[i].start <= edit->end; i++)
        if (is_conflict(&plan->items[i], edit))
            return false;
    return true;
}

/* --- adding --- */

/* Whether `a` stands before `b` in the plan: by place; what is inserted before what is replaced. */
static bool is_before(const Edit *a, const Edit *b)
{
    if (a->start != b->start)
        return a->start < b->start;
    if (is_insert(a) != is_insert(b))
        return is_insert(a);
    return a->rank > b->rank;
}

/* Whether the plan has it already, or takes its keys into those of the same map. */
static bool joins(EditPlan *plan, const Edit *edit)
{
    for (uint32_t i = first_at(plan, edit->start);
         i < plan->count && plan->items[i].start <= edit->end; i++) {
        if (is_same(&plan->items[i], edit))
            return true;
        if (edit_same_site(&plan->items[i], edit)) {
            edit_keys_merge(&plan->items[i].keys, edit->keys, plan->arena);
            return true;
        }
    }
    return false;
}

static void insert(EditPlan *plan, const Edit *edit)
{
    uint32_t at = first_at(plan, edit->start);
    Edit *items = arena_grow(plan->arena, plan->items, plan->count, &plan->capacity,
                             (size_t)plan->count + 1, sizeof *items);

    if (!items)
        return;
    plan->items = items;
    while (at < plan->count && !is_before(edit, &items[at]))
        at++;
    memmove(items + at + 1, items + at, (plan->count - at) * sizeof *items);
    items[at] = edit_copy(edit, plan->arena);
    plan->count++;
}

bool edit_plan_add(EditPlan *plan, const Edit *edits, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        if (edits[i].end < edits[i].start || !fits(plan, &edits[i]))
            return false;
    for (uint32_t i = 0; i < count; i++)
        if (!joins(plan, &edits[i]))
            insert(plan, &edits[i]);
    return !arena_spent(plan->arena);
}

Str edit_plan_apply(const EditPlan *plan, Str text, Arena *arena)
{
    return edit_plan_apply_part(plan, text, 0, text.size, arena);
}

Str edit_plan_apply_part(const EditPlan *plan, Str text, uint32_t start, uint32_t end, Arena *arena)
{
    Buf out = buf_new(arena);

    for (uint32_t i = 0; i < plan->count; i++) {
        const Edit *edit = &plan->items[i];
        buf_add(&out, str_sub(text, start, edit->start - start));
        buf_add(&out, edit_text(edit, arena));
        start = edit->end;
    }
    buf_add(&out, str_sub(text, start, end - start));
    return arena_spent(arena) ? (Str){NULL, 0} : buf_str(&out);
}
