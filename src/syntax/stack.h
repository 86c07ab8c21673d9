/*
 * syntax/stack.h - children that are collected before their number is known
 *
 * All open lists of a reader share one stack, and all open maps another; when one closes, its
 * children move to the arena as an array of exactly their size.
 */
#ifndef PLUMB_SYNTAX_STACK_H
#define PLUMB_SYNTAX_STACK_H

#include <stdlib.h>

#include "base/arena.h"

typedef struct Stack {
    void *items; /* freed with free() by whoever owns the stack */
    uint32_t count;
    uint32_t capacity;
} Stack;

/* Makes room for one more element of `size` bytes; false if memory is short. */
bool stack_widen(Stack *stack, size_t size);

/* Room for a new element on top, to be written by the caller, or NULL. */
static inline void *stack_push(Stack *stack, size_t size)
{
    if (stack->count == stack->capacity && !stack_widen(stack, size))
        return NULL;
    return (char *)stack->items + size * stack->count++;
}

/* Takes off `count` elements from position `base` on, and whatever is above them, and copies the
 * former to `arena`: `*taken` is NULL when there are none. False if the arena is spent. */
bool stack_take(Stack *stack, uint32_t base, uint32_t count, size_t size, Arena *arena,
                void **taken);

#endif
