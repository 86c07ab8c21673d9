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

/* --- one plan after another --- */

/* A walk through two plans; the second counts in the text that the first gives. */
typedef struct Chain {
    const EditPlan *first, *second;
    uint32_t at_first, at_second; /* the next edit of each */
    int64_t longer;               /* the text between the two, than the one before, so far */
} Chain;

/* Edits of both that touch each other. */
typedef struct Stretch {
    uint32_t start, end;   /* in the text between the two */
    uint32_t from, to;     /* in the text before both */
    uint32_t begin, count; /* edits of the second */
} Stretch;

/* Where the next edit of the first plan begins in the text that it gives. */
static uint32_t place_of(const Chain *c)
{
    return (uint32_t)(c->first->items[c->at_first].start + c->longer);
}

/* Takes the next edit if it begins at `*end` or before, which is then where it ends. */
static bool grow(Chain *c, uint32_t *end)
{
    uint32_t its_end;

    if (c->at_first < c->first->count && place_of(c) <= *end) {
        const Edit *edit = &c->first->items[c->at_first];
        its_end = place_of(c) + edit_text(edit, c->first->arena).size;
        c->longer = (int64_t)its_end - edit->end;
        c->at_first++;
    } else if (c->at_second < c->second->count && c->second->items[c->at_second].start <= *end) {
        its_end = c->second->items[c->at_second++].end;
    } else {
        return false;
    }
    *end = its_end > *end ? its_end : *end;
    return true;
}

static bool next_stretch(Chain *c, Stretch *s)
{
    bool first = c->at_first < c->first->count, second = c->at_second < c->second->count;

    if (!first && !second)
        return false;
    s->start = first ? place_of(c) : c->second->items[c->at_second].start;
    if (second && c->second->items[c->at_second].start < s->start)
        s->start = c->second->items[c->at_second].start;
    s->from = (uint32_t)(s->start - c->longer);
    s->begin = c->at_second;
    s->end = s->start;
    while (grow(c, &s->end))
        continue;
    s->to = (uint32_t)(s->end - c->longer);
    s->count = c->at_second - s->begin;
    return true;
}

/* Both edits as one of the text before. */
static void add_stretch(EditPlan *plan, const EditPlan *second, const Stretch *s, Str text)
{
    EditPlan part = {second->arena, second->items + s->begin, s->count, 0};
    Edit *items = arena_grow(plan->arena, plan->items, plan->count, &plan->capacity,
                             (size_t)plan->count + 1, sizeof *items);

    if (!items)
        return;
    plan->items = items;
    items[plan->count++] =
        (Edit){.form = EDIT_TEXT,
               .start = s->from,
               .end = s->to,
               .text = edit_plan_apply_part(&part, text, s->start, s->end, plan->arena)};
}

bool edit_plan_then(EditPlan *plan, const EditPlan *next, Str text)
{
    EditPlan both = edit_plan_new(plan->arena);
    Chain chain = {.first = plan, .second = next};
    Stretch stretch;

    while (next_stretch(&chain, &stretch))
        add_stretch(&both, next, &stretch, text);
    *plan = both;
    return !arena_spent(plan->arena);
}

uint32_t edit_plan_origin(const EditPlan *plan, uint32_t offset)
{
    int64_t longer = 0;

    for (uint32_t i = 0; i < plan->count; i++) {
        const Edit *edit = &plan->items[i];
        int64_t start = edit->start + longer;
        int64_t end = start + edit_text(edit, plan->arena).size;
        if (offset < start)
            break;
        if (offset < end)
            return edit->start;
        longer = end - edit->end;
    }
    return (uint32_t)(offset - longer);
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
