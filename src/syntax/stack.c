#include "syntax/stack.h"

#include <string.h>

bool stack_widen(Stack *stack, size_t size)
{
    uint32_t capacity = stack->capacity ? stack->capacity * 2 : 64;
    void *items = capacity > stack->capacity ? realloc(stack->items, capacity * size) : NULL;

    if (!items)
        return false;
    stack->items = items;
    stack->capacity = capacity;
    return true;
}

bool stack_take(Stack *stack, uint32_t base, uint32_t count, size_t size, Arena *arena,
                void **taken)
{
    *taken = NULL;
    stack->count = base;
    if (count == 0)
        return true;
    *taken = arena_raw(arena, count, size);
    if (!*taken)
        return false;
    memcpy(*taken, (const char *)stack->items + base * size, count * size);
    return true;
}
