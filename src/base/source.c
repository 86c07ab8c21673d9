#include "base/source.h"

#include "base/limits.h"
#include "base/sorted.h"

Source *sources_add(Sources *sources, Str path, Str text)
{
    Source **items;
    Source *source;

    if (sources->count >= LIMIT_UNIT_SOURCES)
        return NULL;
    items = arena_grow(sources->arena, sources->items, sources->count, &sources->capacity,
                       sources->count + 1u, sizeof *items);
    if (!items)
        return NULL;
    sources->items = items;
    source = ARENA_NEW(sources->arena, Source);
    if (!source)
        return NULL;
    source->number = sources->count;
    source->path = path;
    source->text = text;
    source->origin = SPAN_NONE;
    items[sources->count++] = source;
    return source;
}

Source *sources_add_decoded(Sources *sources, Span origin, Str text, const OffsetStep *steps,
                            uint32_t step_count)
{
    const Source *parent = sources_get(sources, origin.source);
    Source *source = parent ? sources_add(sources, parent->path, text) : NULL;

    if (!source)
        return NULL;
    source->origin = origin;
    source->steps = steps;
    source->step_count = step_count;
    return source;
}

Source *sources_add_rendered(Sources *sources, Span origin, Str text, const SourceRoute *routes,
                             uint32_t route_count)
{
    Source *source = sources_add_decoded(sources, origin, text, NULL, 0);

    if (source) {
        source->routes = routes;
        source->route_count = route_count;
    }
    return source;
}

/* The offset in the parent that `offset` of decoded text stands for. */
static uint32_t lead_back(const Source *source, uint32_t offset)
{
    const OffsetStep *step =
        &source->steps[sorted_last_until(source->steps, source->step_count, sizeof *step, offset)];
    uint32_t there;

    if (offset < step->here)
        return source->origin.start;
    there = step->there + (offset - step->here);
    return there < source->origin.end ? there : source->origin.end;
}

static const SourceRoute *find_route(const Source *source, uint32_t offset)
{
    const SourceRoute *routes = source->routes;

    return &routes[sorted_last_until(routes, source->route_count, sizeof *routes, offset)];
}

static Span route_back(const SourceRoute *route, uint32_t offset)
{
    Span there = route->there;

    if (!route->whole && offset > route->here)
        there.start += offset - route->here;
    if (there.start > there.end)
        there.start = there.end;
    return there;
}

/* What was rendered in one go need not have been written so: where its end leads elsewhere, the
 * rest of the text stands for it, of which a report shows the first line. */
static Span span_back(const Sources *sources, const Source *source, Span span)
{
    Span start = route_back(find_route(source, span.start), span.start);
    uint32_t last = span.end > span.start ? span.end - 1 : span.start;
    const SourceRoute *route = find_route(source, last);
    Span end = route_back(route, last);

    if (end.source != start.source || end.start < start.start)
        start.end = sources_get(sources, start.source)
                        ? sources_get(sources, start.source)->text.size
                        : start.end;
    else
        start.end =
            route->whole || end.start == end.end ? end.end : end.start + (span.end > span.start);
    return start;
}

Span sources_origin(const Sources *sources, Span span)
{
    const Source *source = sources_get(sources, span.source);

    while (source && !span_is_none(source->origin)) {
        Span outer = source->origin;
        if (source->route_count) {
            outer = span_back(sources, source, span);
        } else if (source->step_count) {
            outer.start = lead_back(source, span.start);
            outer.end = span.end > span.start ? lead_back(source, span.end - 1) + 1 : outer.start;
        }
        span = outer;
        source = sources_get(sources, span.source);
    }
    return span;
}

static const char *next_line(const char *at, const char *end)
{
    const char *newline = at < end ? memchr(at, '\n', (size_t)(end - at)) : NULL;

    return newline ? newline + 1 : NULL;
}

static void make_lines(const Sources *sources, Source *source)
{
    const char *begin = source->text.data, *end = begin + source->text.size, *at = begin;
    uint32_t count = 0, capacity = 0;
    uint32_t *lines = NULL;

    do {
        if (count == capacity)
            lines = arena_grow(sources->arena, lines, count, &capacity, count + 1u, sizeof *lines);
        if (!lines)
            return;
        lines[count++] = (uint32_t)(at - begin);
    } while ((at = next_line(at, end)));
    source->lines = lines;
    source->line_count = count;
}

/* Whether `offset` is on the line of the position before. */
static bool is_on_seen(const Source *source, uint32_t offset)
{
    uint32_t next = source->seen_line + 1;

    return source->seen_column && offset >= source->lines[source->seen_line] &&
           (next == source->line_count || offset < source->lines[next]);
}

/* The line, from 0, that `offset` is on. */
static uint32_t line_of(const Source *source, uint32_t offset)
{
    return sorted_last_until(source->lines, source->line_count, sizeof *source->lines, offset);
}

/* Characters that begin in [start, end): all bytes but those of the form 10xxxxxx. A plan is one
 * line of megabytes, so eight bytes are looked at in one go. */
static uint32_t count_characters(const Source *source, uint32_t start, uint32_t end)
{
    const uint64_t high_bits = 0x8080808080808080u;
    const char *text = source->text.data;
    uint32_t inner = 0, i = start;

    for (; i + 8 <= end; i += 8) {
        uint64_t word;
        memcpy(&word, text + i, 8);
        word = word & ~(word << 1) & high_bits;
        inner += word ? (uint32_t)__builtin_popcountll(word) : 0;
    }
    for (; i < end; i++)
        inner += ((uint8_t)text[i] & 0xc0) == 0x80;
    return end - start - inner;
}

/* The column of `offset` in a line, counted from the nearest place where it is known: the line's
 * start or the position before. */
static uint32_t column_of(const Source *source, uint32_t line, uint32_t offset)
{
    uint32_t start = source->lines[line];
    uint32_t seen = source->seen_offset;

    if (source->printable)
        return 1 + offset - start;
    if (!source->seen_column || source->seen_line != line || offset - start < (seen - start) / 2)
        return 1 + count_characters(source, start, offset);
    if (seen <= offset)
        return source->seen_column + count_characters(source, seen, offset);
    return source->seen_column - count_characters(source, offset, seen);
}

Position source_position(const Sources *sources, Source *source, uint32_t offset)
{
    Position position = {1, 1};
    uint32_t line;

    if (!source->lines)
        make_lines(sources, source);
    if (!source->lines)
        return position;
    if (offset > source->text.size)
        offset = source->text.size;
    line = is_on_seen(source, offset) ? source->seen_line : line_of(source, offset);
    position = (Position){line + 1, column_of(source, line, offset)};
    source->seen_line = line;
    source->seen_offset = offset;
    source->seen_column = position.column;
    return position;
}

Str source_line(const Sources *sources, Source *source, uint32_t line)
{
    uint32_t start, end;

    if (!source->lines)
        make_lines(sources, source);
    if (line == 0 || line > source->line_count)
        return (Str){"", 0};
    start = source->lines[line - 1];
    end = line < source->line_count ? source->lines[line] - 1 : source->text.size;
    if (end > start && source->text.data[end - 1] == '\r')
        end--;
    return str_range(source->text.data + start, source->text.data + end);
}
