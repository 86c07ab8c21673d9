/*
 * tests/unit/reading.h - a text as a source, in an arena of its own
 */
#ifndef PLUMB_TESTS_READING_H
#define PLUMB_TESTS_READING_H

#include "base/diag.h"
#include "base/source.h"
#include "base/symbols.h"

typedef struct Reading {
    Arena *arena;
    Symbols symbols;
    Sources sources;
    DiagSink diags;
    Source *source;
} Reading;

static inline Reading reading_of(Str text, size_t limit)
{
    Reading reading = {.arena = arena_new(limit)};

    reading.sources = sources_new(reading.arena);
    reading.diags = diags_new(reading.arena);
    reading.source = sources_add(&reading.sources, STR("in"), text);
    return reading;
}

/* The diagnostics, one a line, as text that ends with NUL. */
static inline const char *reading_diags(Reading *reading)
{
    return str_copy_z(reading->arena,
                      diags_dump(&reading->diags, &reading->sources, reading->arena));
}

#endif
