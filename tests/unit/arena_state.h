/*
 * tests/unit/arena_state.h - an arena as the state of each test
 */
#ifndef PLUMB_TESTS_ARENA_STATE_H
#define PLUMB_TESTS_ARENA_STATE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants those before it */
#include <cmocka.h>

#include "base/arena.h"

static inline int set_up(void **state)
{
    *state = arena_new((size_t)1 << 28);
    return *state ? 0 : -1;
}

static inline int tear_down(void **state)
{
    arena_free(*state);
    return 0;
}

#endif
