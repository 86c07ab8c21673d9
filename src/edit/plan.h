/*
 * edit/plan.h - which changes of one text are made together
 *
 * A fix is a group of edits that are made all or none. Groups come in their order of importance;
 * one that would change what another one changes already has to wait until that is done.
 */
#ifndef PLUMB_EDIT_PLAN_H
#define PLUMB_EDIT_PLAN_H

#include "edit/edit.h"

/* Sorted by place; no two change the same bytes. */
typedef struct EditPlan {
    Arena *arena;
    Edit *items;
    uint32_t count;
    uint32_t capacity;
} EditPlan;

static inline EditPlan edit_plan_new(Arena *arena)
{
    return (EditPlan){arena, NULL, 0, 0};
}

/* Adds copies of the edits. What is planned already is not done twice: the same text, the same keys
 * of the same map. False, and nothing is added, where one of them is in conflict with the plan. */
bool edit_plan_add(EditPlan *plan, const Edit *edits, uint32_t count);

/* Makes `plan` do what it does, and then what `next` does to `text`, which is what it gives. False
 * when its arena is spent. */
bool edit_plan_then(EditPlan *plan, const EditPlan *next, Str text);

/* Where what stands at `offset` once the changes are made begins before: of new text, the place
 * that it takes. */
uint32_t edit_plan_origin(const EditPlan *plan, uint32_t offset);

/* The text with all changes made; data NULL when `arena` is spent. Edits must lie in the text. */
Str edit_plan_apply(const EditPlan *plan, Str text, Arena *arena);

/* The same of the bytes from `start` to `end` alone; all edits lie between them. */
Str edit_plan_apply_part(const EditPlan *plan, Str text, uint32_t start, uint32_t end,
                         Arena *arena);

#endif
