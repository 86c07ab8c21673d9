/*
 * tests/unit/plan_text.h - a unit of a plan that stands in the test
 *
 * Apostrophes stand for quotation marks, so that C strings stay readable.
 */
#ifndef PLUMB_TESTS_PLAN_TEXT_H
#define PLUMB_TESTS_PLAN_TEXT_H

#include "ir/plan.h"

/* The text with apostrophes turned into quotation marks, in `arena`. */
static inline Str plan_text(Arena *arena, const char *text)
{
    char *copy = (char *)(uintptr_t)str_copy_z(arena, str_of(text));

    for (char *p = copy; p && *p; p++)
        if (*p == '\'')
            *p = '"';
    return str_of(copy);
}

/* The unit of a plan; `*ok` is what plan_build() returned. */
static inline Unit plan_unit(Arena *arena, const Symbols *symbols, const ProviderDefaults *defaults,
                             const char *text, bool *ok)
{
    Unit unit = unit_new(arena, symbols, defaults);

    *ok = plan_build(&unit, sources_add(&unit.sources, STR("plan.json"), plan_text(arena, text)));
    return unit;
}

static inline const Resource *unit_find(const Unit *unit, const char *address)
{
    for (uint32_t i = 0; i < unit->resource_count; i++)
        if (str_eq(unit->resources[i].address, plan_text(unit->arena, address)))
            return &unit->resources[i];
    return NULL;
}

#endif
