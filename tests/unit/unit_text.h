/*
 * tests/unit/unit_text.h - what a unit holds, as texts that end with NUL
 */
#ifndef PLUMB_TESTS_UNIT_TEXT_H
#define PLUMB_TESTS_UNIT_TEXT_H

#include "base/buf.h"
#include "ir/unit.h"

/* The addresses of its resources, a space between them. */
static inline const char *unit_addresses(const Unit *unit)
{
    Buf buf = buf_new(unit->arena);

    for (uint32_t i = 0; i < unit->resource_count; i++)
        buf_printf(&buf, "%s%.*s", i ? " " : "", STR_ARG(unit->resources[i].address));
    return str_copy_z(unit->arena, buf_str(&buf));
}

/* Its diagnostics, one a line. */
static inline const char *unit_diags(const Unit *unit)
{
    return str_copy_z(unit->arena, diags_dump(&unit->diags, &unit->sources, unit->arena));
}

#endif
