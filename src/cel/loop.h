/*
 * cel/loop.h - all(), exists(), map() and the others
 *
 * A loop keeps three values on the stack: what it runs over, its state, and what it has come to.
 */
#ifndef PLUMB_CEL_LOOP_H
#define PLUMB_CEL_LOOP_H

#include "cel/code.h"

/* The parts of a loop, as they lie on the stack. */
typedef struct Loop {
    CelValue range;  /* a list or map */
    CelValue state;  /* an int, the number of elements taken; `size` counts those found */
    CelValue result; /* what is decided so far; an unknown or error of an element waits here */
} Loop;

/* Begins a loop over `loop->range`. False when there is nothing to run over because the range is an
 * unknown, an error or no container; loop->range is then the result of all of it. */
bool loop_begin(CelMachine *machine, Loop *loop, CelMacro macro);

/* The next element: element, or index and element, or key, or key and value. False at the end. */
bool loop_next_other(Loop *loop, bool two, CelValue *first, CelValue *second);
static inline bool loop_next(Loop *loop, bool two, CelValue *first, CelValue *second)
{
    const Node *list = loop->range.as.node;
    uint32_t index = (uint32_t)loop->state.as.integer;

    if (two || loop->range.kind != CEL_LIST || !(loop->range.flags & CEL_INPUT))
        return loop_next_other(loop, two, first, second);
    if (index >= list->count)
        return false;
    loop->state.as.integer++;
    cel_set_part(first, &list->as.items[index], loop->range.flags);
    return true;
}

/* Notes a filter's verdict: whether the element is taken. */
bool loop_when(Loop *loop, CelValue condition);

/* Whether a bool that an element gave leaves the loop as it is. */
static inline bool loop_passes(CelMacro macro, bool value)
{
    return value ? macro == CEL_MACRO_ALL
                 : macro == CEL_MACRO_EXISTS || macro == CEL_MACRO_EXISTS_ONE ||
                       macro == CEL_MACRO_FILTER;
}

/* Notes what the element gave. False when the loop is decided. `key` is that of a map. */
bool loop_step(CelMachine *machine, Loop *loop, CelMacro macro, CelValue value);

/* What the loop comes to. */
CelValue loop_end(CelMachine *machine, Loop *loop, CelMacro macro);

/* A value as a bool: true, false, unknown or error. Absent input is false; what Terraform takes for
 * a bool is one. */
CelValue cel_truth(CelMachine *machine, CelValue value);

#endif
