/*
 * base/source.h - texts that are read, and places in them
 *
 * A source is a file's bytes, or text that was decoded out of another source: the YAML inside a
 * ConfigMap, the JSON inside a heredoc. Readers treat both alike; a decoded source remembers where
 * it came from, so that a place in it leads back to the place that the user can edit.
 */
#ifndef PLUMB_BASE_SOURCE_H
#define PLUMB_BASE_SOURCE_H

#include "base/str.h"

/* Bytes [start, end) of a source of the unit. Lines are made of it only when somebody looks. */
typedef struct Span {
    uint32_t source; /* number in the unit's Sources */
    uint32_t start;
    uint32_t end;
} Span;

/* A place that does not exist. */
#define SPAN_NONE ((Span){UINT32_MAX, 0, 0})
static inline bool span_is_none(Span span)
{
    return span.source == UINT32_MAX;
}

static inline bool span_eq(Span a, Span b)
{
    return a.source == b.source && a.start == b.start && a.end == b.end;
}

/* From the start of `a` to the end of `b`, both of one source. */
static inline Span span_join(Span a, Span b)
{
    return (Span){a.source, a.start, b.end};
}

/* One step of the way back from decoded text: offset `here` in the decoded text stands for offset
 * `there` in the parent, and so on, byte by byte, until the next step. */
typedef struct OffsetStep {
    uint32_t here;
    uint32_t there;
} OffsetStep;

/* The same for text that was rendered, from several files: from `here` on it stands for `there`,
 * byte by byte or, of what only an action could make, as a whole. */
typedef struct SourceRoute {
    uint32_t here;
    Span there;
    bool whole;
} SourceRoute;

typedef struct Source {
    uint32_t number;
    Str path; /* as reports name it: relative to the root of the scan, `/` separators */
    Str text; /* UTF-8; not ended by NUL */

    Span origin; /* of decoded text: the whole of it in its parent; else SPAN_NONE */
    const OffsetStep *steps;
    uint32_t step_count;
    const SourceRoute *routes; /* in place of steps */
    uint32_t route_count;

    bool printable; /* all of it is known to be ASCII that prints, and line feeds */
    bool context;   /* read for what it says of others, and not judged */

    const struct HclBody *hcl; /* what was read from it as HCL, for a second reader; or NULL */

    uint32_t *lines; /* offsets at which lines begin; made at the first look */
    uint32_t line_count;
    /* The last position asked for, since a plan is one line of many megabytes. */
    uint32_t seen_line; /* from 0 */
    uint32_t seen_offset;
    uint32_t seen_column; /* 0 before the first */
} Source;

/* The sources of one unit. */
typedef struct Sources {
    Arena *arena;
    Source **items;
    uint32_t count;
    uint32_t capacity;
} Sources;

static inline Sources sources_new(Arena *arena)
{
    return (Sources){arena, NULL, 0, 0};
}

/* Adds a text, of which only views are kept. NULL when the arena is spent, when the unit has
 * LIMIT_UNIT_SOURCES sources, or when the text has more than LIMIT_SOURCE_BYTES. */
Source *sources_add(Sources *sources, Str path, Str text);

/* Adds text that was decoded out of `origin`. `steps`, in ascending order and kept, tell how
 * offsets lead back; without any, all of it leads to the whole of `origin`. */
Source *sources_add_decoded(Sources *sources, Span origin, Str text, const OffsetStep *steps,
                            uint32_t step_count);

/* The same with routes; without any, all of it leads to the whole of `origin`. */
Source *sources_add_rendered(Sources *sources, Span origin, Str text, const SourceRoute *routes,
                             uint32_t route_count);

static inline Source *sources_get(const Sources *sources, uint32_t number)
{
    return number < sources->count ? sources->items[number] : NULL;
}

/* The place that the user can edit: out of decoded text, as often as needed, into the file. */
Span sources_origin(const Sources *sources, Span span);

/* A position for people: line and column count from 1, columns are Unicode code points (SARIF
 * 3.30.6, columnKind unicodeCodePoints). */
typedef struct Position {
    uint32_t line;
    uint32_t column;
} Position;

/* Negative, zero or positive, as `a` stands before, at or after `b`. */
static inline int position_cmp(Position a, Position b)
{
    if (a.line != b.line)
        return a.line < b.line ? -1 : 1;
    return (a.column > b.column) - (a.column < b.column);
}

/* Where `offset` of `source` is. Makes the line table at the first call, in `sources`' arena;
 * line 1, column 1 if that is spent. */
Position source_position(const Sources *sources, Source *source, uint32_t offset);

/* The text of a line without its end, empty past the last line. */
Str source_line(const Sources *sources, Source *source, uint32_t line);

#endif
