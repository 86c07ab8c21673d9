#include "ir/helm_map.h"

#include "base/limits.h"
#include "ir/str_map.h"
/* Definitions that include each other are followed so far. */
enum { INCLUDE_DEPTH = 8 };

/* Pairs of lines that are decided in one go; each takes four bytes. */
#define PAIRS ((uint64_t)4 << 20)

/* From so many pairs on, one document of a template with several is looked for first. */
#define SECTION_PAIRS ((uint64_t)1 << 16)
/* What a way to read a render is worth: so much for a byte of text that is explained, so much less
 * for a line that is passed over or that nothing explains. */
enum {
    NEVER = INT32_MIN / 2,
    TEXT_WORTH = 2,
    TEXT_MOST = 40, /* bytes of a line that count */
    MATCH_WORTH = 3,
    EXACT_WORTH = 2,
    MOVED = -24,  /* a text that is indented otherwise */
    SKIPPED = -3, /* a line that is always printed */
    LEFT = -2,    /* a line of a loop that runs */
    CONTINUED = -3,
    /* a further line out of an action that likely prints one */ UNPRINTED =
        -48, /* a line that is not printed, by what conditions seem to say */
    UNEXPLAINED = -8,
};

/* A line of the render that is not blank. */
typedef struct Printed {
    uint32_t start; /* in the render, without blanks at both ends */
    uint32_t end;
    uint32_t indent;
} Printed;

/* Where a line of the render comes from. */
typedef struct Placed {
    const HelmPart *part;
    uint32_t line;
    uint32_t shift; /* blanks that actions around have put before it */
    bool goes_on;   /* printed by the same action as the line before */
} Placed;

typedef struct Mapper {
    Arena *arena;
    Str render;
    const HelmParts *parts;
    uint64_t *work;
    Printed *lines;
    uint32_t count;
    Placed *placed;
    uint32_t depth;
} Mapper;

/* The best way to stand before a line, and the line that was read last on it. */
typedef struct Way {
    int32_t worth;
    uint32_t from;
} Way;

/* One alignment: lines [first, end) of the render with a part of the template. */
typedef struct Aligner {
    const Mapper *mapper;
    const HelmPart *part; /* what is aligned: lines of ... */
    const HelmPart *whole;
    uint32_t low; /* the first of them in there */
    uint32_t first;
    uint32_t end;
    uint32_t shift;
    int32_t *passed; /* what it is worth to pass over all lines above each; one more at the end */
    uint32_t *ends;  /* of each: the first loop that ends with it */
    int32_t *before; /* what it is worth to have read all up to the line before, there being here */
    int32_t *now;
    Way *ways;       /* of each */
    uint32_t *steps; /* of each pair: where the line before was; GOES_ON where it is this one's */
} Aligner;

#define GOES_ON 0x80000000u

/* --- one line --- */

static Str piece_text(const HelmPart *part, const HelmPiece *piece)
{
    return str_sub(part->text, piece->start, piece->end - piece->start);
}

static Str printed_text(const Mapper *mapper, const Printed *line)
{
    return str_sub(mapper->render, line->start, line->end - line->start);
}

/* Where a piece of text stands in `text` from `at` on; -1 if it does not. */
static int64_t find_piece(const HelmLine *line, uint32_t piece, Str wanted, Str text, uint32_t at)
{
    Str rest = str_from(text, at);
    int64_t found;

    if (piece == 0 && piece + 1 == line->count)
        return str_eq(rest, wanted) ? 0 : -1;
    if (piece == 0)
        return str_starts(rest, wanted) ? 0 : -1;
    if (piece + 1 == line->count)
        return str_ends(rest, wanted) ? (int64_t)text.size - wanted.size : -1;
    found = str_find(rest, wanted);
    return found < 0 ? -1 : at + found;
}

/* Whether `text` reads as the line, all of it; `*starts`, if wanted, are where its pieces begin. */
static bool reads_as(const HelmPart *part, const HelmLine *line, Str text, uint32_t *starts)
{
    uint32_t at = 0;

    for (uint32_t i = 0; i < line->count; i++) {
        const HelmPiece *piece = &line->pieces[i];
        Str wanted = piece_text(part, piece);
        int64_t found = piece->printed ? at : find_piece(line, i, wanted, text, at);
        if (found < 0)
            return false;
        if (starts)
            starts[i] = (uint32_t)found;
        at = piece->printed ? at : (uint32_t)found + wanted.size;
    }
    return true;
}

/* How much of `text` is the beginning of a line whose actions may print nothing more on it, or go
 * on below; 0 if it is not. */
static uint32_t begins_as(const HelmPart *part, const HelmLine *line, Str text)
{
    Str wanted = piece_text(part, &line->pieces[0]);

    if (line->pieces[0].printed || line->count == 1)
        return 0;
    if (line->spreads && str_starts(text, wanted))
        return wanted.size;
    wanted = str_trim(wanted);
    return str_eq(text, wanted) ? wanted.size : 0;
}

static int32_t text_worth(uint32_t bytes)
{
    return TEXT_WORTH * (int32_t)(bytes < TEXT_MOST ? bytes : TEXT_MOST) + MATCH_WORTH;
}

/* What it is worth that a line goes on. */
static int32_t go_on(const HelmLine *line, const Printed *printed, uint32_t shift)
{
    if (line->spreads)
        return line->nested && line->nested + shift > printed->indent ? UNEXPLAINED : 0;
    return line->pieces[line->count - 1].printed ? CONTINUED : UNEXPLAINED;
}

/* What it is worth that a line of the template begins with this line of the render. */
static int32_t match(const Aligner *a, const HelmLine *line, const Printed *printed)
{
    Str text = printed_text(a->mapper, printed);
    int32_t moved = printed->indent == line->indent + a->shift ? 0 : MOVED;
    uint32_t begun; /* Most pairs end here. */
    if (!line->pieces[0].printed && text.data[0] != a->part->text.data[line->pieces[0].start])
        return NEVER;
    if (line->unprinted)
        moved += UNPRINTED;
    if (line->text == 0)
        return go_on(line, printed, a->shift) == UNEXPLAINED ? UNEXPLAINED
               : line->unprinted                             ? UNPRINTED
                                                             : 0;
    if (reads_as(a->part, line, text, NULL))
        return text_worth(line->text) + moved + (line->count == 1 ? EXACT_WORTH : 0);
    begun = begins_as(a->part, line, text);
    return begun ? text_worth(begun) + moved : NEVER;
}

/* --- all lines --- */

static bool is_better(int32_t worth, const Way *way)
{
    return worth > NEVER && worth > way->worth;
}

/* Ways from above, line by line; a loop need not run at all. */
static void find_ways_down(Aligner *a)
{
    const HelmPart *part = a->part;
    Way way = {NEVER, 0};

    for (uint32_t t = 0; t < part->count; t++) {
        a->ways[t] = way;
        if (way.worth > NEVER)
            way.worth += a->passed[t + 1] - a->passed[t];
        if (is_better(a->before[t], &way))
            way = (Way){a->before[t], t};
        for (uint32_t i = a->ends[t]; i < part->loop_count && part->loops[i].last == t; i++)
            if (is_better(a->ways[part->loops[i].first].worth, &way))
                way = a->ways[part->loops[i].first];
    }
}

/* Ways back to the beginning of each loop, and on in it. */
static void find_ways_back(Aligner *a)
{
    for (uint32_t i = 0; i < a->part->loop_count; i++) {
        const HelmLoop *loop = &a->part->loops[i];
        Way way = {NEVER, 0};
        for (uint32_t t = loop->first; t <= loop->last; t++) {
            int32_t rest = a->passed[loop->last + 1] - a->passed[t + 1];
            if (a->before[t] > NEVER && is_better(a->before[t] + rest, &way))
                way = (Way){a->before[t] + rest, t};
        }
        for (uint32_t t = loop->first; way.worth > NEVER && t <= loop->last; t++) {
            int32_t worth = way.worth + a->passed[t] - a->passed[loop->first];
            if (is_better(worth, &a->ways[t]))
                a->ways[t] = (Way){worth, way.from};
        }
    }
}

static void read_line(Aligner *a, uint32_t r, uint32_t *steps, bool first)
{
    const HelmPart *part = a->part;
    const Printed *printed = &a->mapper->lines[r];
    if (!first) {
        find_ways_down(a);
        find_ways_back(a);
    }
    for (uint32_t t = 0; t < part->count; t++) {
        const HelmLine *line = &part->lines[t];
        int32_t start = first || a->ways[t].worth > NEVER ? match(a, line, printed) : NEVER;
        int32_t anew = start == NEVER ? NEVER : start + (first ? 0 : a->ways[t].worth);
        int32_t on = first                   ? UNEXPLAINED
                     : a->before[t] == NEVER ? NEVER
                                             : a->before[t] + go_on(line, printed, a->shift);
        bool goes_on = on > anew;
        a->now[t] = goes_on ? on : anew;
        steps[t] = goes_on ? t | GOES_ON : first ? t : a->ways[t].from;
    }
}

static uint32_t best_line(const Aligner *a)
{
    uint32_t best = 0;

    for (uint32_t t = 1; t < a->part->count; t++)
        if (a->now[t] > a->now[best])
            best = t;
    return best;
}

/* Decides lines [first, end); those before are decided, and the last of them is all that `before`
 * knows. */
static void decide(Aligner *a, uint32_t first, uint32_t end)
{
    uint32_t columns = a->part->count;
    uint32_t t;

    for (uint32_t r = first; r < end; r++) {
        int32_t *swapped = a->before;
        read_line(a, r, a->steps + (size_t)(r - first) * columns, r == a->first);
        a->before = a->now;
        a->now = swapped;
    }
    a->now = a->before;
    t = best_line(a);
    for (uint32_t other = 0; other < columns; other++)
        if (other != t)
            a->before[other] = NEVER;
    for (uint32_t r = end; r-- > first;) {
        uint32_t step = a->steps[(size_t)(r - first) * columns + t];
        a->mapper->placed[r] = (Placed){a->whole, a->low + t, a->shift, (step & GOES_ON) != 0};
        t = step & ~GOES_ON;
    }
}

static bool prepare(Aligner *a, Arena *arena, uint32_t rows)
{
    uint32_t columns = a->part->count;
    a->passed = ARENA_ARRAY(arena, int32_t, columns + 1u);
    a->ends = ARENA_ARRAY(arena, uint32_t, columns);
    a->before = ARENA_ARRAY(arena, int32_t, columns);
    a->now = ARENA_ARRAY(arena, int32_t, columns);
    a->ways = ARENA_ARRAY(arena, Way, columns);
    a->steps = arena_raw(arena, (size_t)rows * columns, sizeof *a->steps);
    if (!a->passed || !a->ends || !a->before || !a->now || !a->ways || !a->steps)
        return false;
    for (uint32_t t = 0; t < columns; t++) {
        const HelmLine *line = &a->part->lines[t];
        a->passed[t + 1] = a->passed[t] + (line->optional ? 0 : line->looped ? LEFT : SKIPPED);
        a->ends[t] = a->part->loop_count;
    }
    for (uint32_t i = a->part->loop_count; i-- > 0;)
        a->ends[a->part->loops[i].last] = i;
    return true;
}

/* Pairs of lines that one line of the render is about. */
static uint64_t row_work(const HelmPart *part)
{
    uint64_t work = part->count;

    for (uint32_t i = 0; i < part->loop_count; i++)
        work += part->loops[i].last - part->loops[i].first + 1;
    return work;
}

/* Lines of a part, and of a render. */
typedef struct Range {
    uint32_t low;
    uint32_t high; /* the first one behind them */
} Range;

/* Lines of a part as one by itself. Loops that are not wholly in there are none. */
static HelmPart part_within(const HelmPart *part, Range lines, Arena *arena)
{
    HelmPart within = *part;
    HelmLoop *loops = ARENA_ARRAY(arena, HelmLoop, part->loop_count + 1u);

    within.lines = part->lines + lines.low;
    within.count = lines.high - lines.low;
    within.loops = loops;
    within.loop_count = 0;
    for (uint32_t i = 0; loops && i < part->loop_count; i++) {
        HelmLoop loop = part->loops[i];
        if (loop.first >= lines.low && loop.last < lines.high)
            loops[within.loop_count++] = (HelmLoop){loop.first - lines.low, loop.last - lines.low};
    }
    return within;
}

/* Places lines [first, end) in `lines` of `whole`. False, and nothing is placed, where that is too
 * much. */
static bool align(Mapper *mapper, const HelmPart *whole, Range lines, uint32_t first, uint32_t end,
                  uint32_t shift)
{
    size_t mark = arena_mark(mapper->arena);
    HelmPart part = part_within(whole, lines, mapper->arena);
    Aligner a = {.mapper = mapper,
                 .part = &part,
                 .whole = whole,
                 .low = lines.low,
                 .first = first,
                 .end = end,
                 .shift = shift};
    uint64_t work = row_work(&part) * (end - first);
    uint64_t most = part.count ? PAIRS / part.count + 1 : 0;
    uint32_t rows = most < end - first ? (uint32_t)most : end - first;
    bool good = part.count && work <= *mapper->work && prepare(&a, mapper->arena, rows);
    if (good) {
        int32_t *kept[] = {a.before, a.now};
        *mapper->work -= work;
        for (uint32_t r = first; r < end; r += rows) {
            decide(&a, r, end - r < rows ? end : r + rows);
            a.now = a.before == kept[0] ? kept[1] : kept[0];
        }
    }
    arena_rewind(mapper->arena, mark);
    return good;
}

/* --- definitions --- */

static const HelmPart *find_part(const HelmParts *parts, Str name)
{
    for (uint32_t i = 0; name.size && i < parts->count; i++)
        if (str_eq(parts->items[i].name, name))
            return &parts->items[i];
    return NULL;
}

static bool is_explained(const Mapper *mapper, uint32_t r)
{
    const Placed *placed = &mapper->placed[r];
    const HelmLine *line = &placed->part->lines[placed->line];
    Str text = printed_text(mapper, &mapper->lines[r]);

    if (placed->goes_on)
        return go_on(line, &mapper->lines[r], placed->shift) > UNEXPLAINED;
    return reads_as(placed->part, line, text, NULL) || begins_as(placed->part, line, text);
}

/* Whether a definition only prints what it was given: whoever gave it says more of it. */
static bool is_passed_on(const Mapper *mapper, uint32_t r)
{
    const Placed *placed = &mapper->placed[r];
    const HelmLine *line = &placed->part->lines[placed->line];
    const HelmPiece *last = &line->pieces[line->count - 1];

    return (line->text == 0 || placed->goes_on) && !line->included.size &&
           str_find(last->inner, STR(".Values.")) < 0;
}

static void follow_includes(Mapper *mapper, uint32_t first, uint32_t end);

/* Places lines that an action has printed in the definition that it includes, as far as that
 * explains them. */
static void follow(Mapper *mapper, const HelmPart *part, uint32_t first, uint32_t end)
{
    Placed outer = mapper->placed[first];
    uint32_t nested = outer.part->lines[outer.line].nested;
    if (!align(mapper, part, (Range){0, part->count}, first, end, outer.shift + nested))
        return;
    for (uint32_t r = first; r < end; r++)
        if (!is_explained(mapper, r) || is_passed_on(mapper, r))
            mapper->placed[r] = (Placed){outer.part, outer.line, outer.shift, true};
    mapper->depth++;
    follow_includes(mapper, first, end);
    mapper->depth--;
}

/* Whether two lines come from one printing of a line. */
static bool is_one(const Placed *a, const Placed *b)
{
    return b->goes_on && a->part == b->part && a->line == b->line;
}

static void follow_includes(Mapper *mapper, uint32_t first, uint32_t end)
{
    for (uint32_t r = first, next; r < end && mapper->depth < INCLUDE_DEPTH; r = next) {
        Placed placed = mapper->placed[r];
        const HelmLine *line = &placed.part->lines[placed.line];
        const HelmPart *part = find_part(mapper->parts, line->included);
        for (next = r + 1; next < end && is_one(&placed, &mapper->placed[next]); next++)
            ;
        /* What stands before the action is the line's own. */
        if (part && !placed.goes_on && !line->pieces[0].printed)
            r++;
        if (part && part != placed.part && r < next)
            follow(mapper, part, r, next);
    }
}

/* --- large templates --- */

static bool is_separator(const HelmPart *part, const HelmLine *line)
{
    return line->count == 1 && !line->pieces[0].printed &&
           str_eq(piece_text(part, &line->pieces[0]), STR("---"));
}

/* The next lines between two `---`, from `from` on; empty at the end. */
static Range next_section(const HelmPart *part, uint32_t from)
{
    Range section = {from, from};

    while (section.low < part->count && is_separator(part, &part->lines[section.low]))
        section.low++;
    section.high = section.low;
    while (section.high < part->count && !is_separator(part, &part->lines[section.high]))
        section.high++;
    return section;
}

/* Bytes of texts in some lines of a template that the render has as lines, too. */
static uint64_t common_bytes(const HelmPart *part, Range section, const StrMap *printed)
{
    uint64_t bytes = 0;

    for (uint32_t t = section.low; t < section.high; t++) {
        const HelmLine *line = &part->lines[t];
        Str text = piece_text(part, &line->pieces[0]);
        if (line->count == 1 && !line->pieces[0].printed && str_map_find(printed, text))
            bytes += text.size;
    }
    return bytes;
}

static void note_line(StrMap *printed, Str text)
{
    uint32_t *value = str_map_at(printed, text);

    if (value)
        *value = 1;
}

/* The lines that the document was most likely printed by: all of them or, where those are too many
 * to try, the ones between two `---` that have most in common with it. */
static Range choose_section(Mapper *mapper, const HelmPart *part)
{
    Range best = next_section(part, 0), whole = {0, part->count}, section;
    size_t mark = arena_mark(mapper->arena);
    StrMap printed = str_map_new(mapper->arena);
    uint64_t most = 0;
    section = next_section(part, best.high);
    if (section.low == section.high)
        return best;
    if ((uint64_t)mapper->count * part->count < SECTION_PAIRS)
        return whole;
    for (uint32_t r = 0; r < mapper->count; r++)
        note_line(&printed, printed_text(mapper, &mapper->lines[r]));
    for (section = best; section.low < section.high; section = next_section(part, section.high)) {
        uint64_t bytes = common_bytes(part, section, &printed);
        best = bytes > most ? section : best;
        most = bytes > most ? bytes : most;
    }
    arena_rewind(mapper->arena, mark);
    return best;
}

/* Whether a line of a template is surely this line of the render, being the next of both. */
static bool is_same(const Mapper *mapper, const HelmPart *part, uint32_t t, uint32_t r)
{
    const HelmLine *line = &part->lines[t];
    const Printed *printed = &mapper->lines[r];

    return line->count == 1 && !line->pieces[0].printed && !line->optional && !line->looped &&
           line->indent == printed->indent &&
           str_eq(piece_text(part, &line->pieces[0]), printed_text(mapper, printed));
}

/* Places all lines in the template that is named. What begins and ends alike needs no search, but
 * for templates of several documents, which may be alike too. */
static bool place_all(Mapper *mapper, const HelmPart *part)
{
    Range chosen = choose_section(mapper, part), lines = chosen, printed = {0, mapper->count};
    bool sole = lines.low > 0 || lines.high < part->count ||
                next_section(part, next_section(part, 0).high).low == part->count;

    while (sole && lines.low < lines.high && printed.low < printed.high &&
           is_same(mapper, part, lines.low, printed.low))
        mapper->placed[printed.low++] = (Placed){part, lines.low++, 0, false};
    while (sole && lines.low < lines.high && printed.low < printed.high &&
           is_same(mapper, part, lines.high - 1, printed.high - 1))
        mapper->placed[--printed.high] = (Placed){part, --lines.high, 0, false};
    if (printed.low == printed.high)
        return true;
    if (lines.low == lines.high)
        return align(mapper, part, chosen, 0, mapper->count, 0);
    return align(mapper, part, lines, printed.low, printed.high, 0);
}

/* --- routes --- */
typedef struct RouteList {
    SourceRoute *items;
    uint32_t count;
    uint32_t capacity;
} RouteList;

static void add_route(Mapper *mapper, RouteList *list, uint32_t here, const HelmPart *part,
                      uint32_t start, uint32_t end, bool whole)
{
    SourceRoute *grown = arena_grow(mapper->arena, list->items, list->count, &list->capacity,
                                    (size_t)list->count + 1, sizeof *grown);

    if (!grown)
        return;
    list->items = grown;
    grown[list->count++] = (SourceRoute){here, {part->source, start, end}, whole};
}

static void add_pieces(Mapper *mapper, RouteList *list, uint32_t r, const uint32_t *starts)
{
    const Placed *placed = &mapper->placed[r];
    const HelmLine *line = &placed->part->lines[placed->line];
    const Printed *printed = &mapper->lines[r];

    for (uint32_t i = 0; i < line->count; i++) {
        const HelmPiece *piece = &line->pieces[i];
        bool empty = i + 1 < line->count ? starts[i + 1] == starts[i]
                                         : printed->end - printed->start == starts[i];
        if (!empty)
            add_route(mapper, list, printed->start + starts[i], placed->part, piece->start,
                      piece->end, piece->printed);
    }
}

static void add_line(Mapper *mapper, RouteList *list, uint32_t r)
{
    const Placed *placed = &mapper->placed[r];
    const HelmLine *line = &placed->part->lines[placed->line];
    const Printed *printed = &mapper->lines[r];
    const HelmPiece *first = &line->pieces[0], *last = &line->pieces[line->count - 1];
    uint32_t *starts = ARENA_ARRAY(mapper->arena, uint32_t, line->count);
    Str text = printed_text(mapper, printed);
    uint32_t begun;

    if (!starts)
        return;
    if (placed->goes_on) {
        first = last->printed ? last : first;
        add_route(mapper, list, printed->start, placed->part, first->start, last->end, true);
    } else if (reads_as(placed->part, line, text, starts)) {
        add_pieces(mapper, list, r, starts);
    } else {
        begun = begins_as(placed->part, line, text);
        add_route(mapper, list, printed->start, placed->part, first->start,
                  begun ? first->end : last->end, !begun);
        if (begun && begun < text.size)
            add_route(mapper, list, printed->start + begun, placed->part, line->pieces[1].start,
                      last->end, true);
    }
}

/* --- the render --- */

static bool is_frame(Str line)
{
    return line.size == 0 || str_eq(line, STR("---")) || str_starts(line, STR("# Source: "));
}

static bool split_lines(Mapper *mapper)
{
    Str rest = mapper->render, line;
    uint32_t capacity = 0;

    while (str_split(&rest, '\n', &line)) {
        Str text = str_trim(line);
        uint32_t start = (uint32_t)(text.data - mapper->render.data);
        Printed *grown;
        if (is_frame(text))
            continue;
        grown = arena_grow(mapper->arena, mapper->lines, mapper->count, &capacity,
                           (size_t)mapper->count + 1, sizeof *grown);
        if (!grown)
            return false;
        mapper->lines = grown;
        grown[mapper->count++] =
            (Printed){start, start + text.size, (uint32_t)(text.data - line.data)};
    }
    return true;
}

const SourceRoute *helm_map(Str render, const HelmParts *parts, uint32_t own, uint64_t *work,
                            Arena *arena, uint32_t *count)
{
    Mapper mapper = {.arena = arena, .render = render, .parts = parts, .work = work};
    RouteList list = {0};

    *count = 0;
    if (!split_lines(&mapper) || !mapper.count)
        return NULL;
    mapper.placed = ARENA_ARRAY(arena, Placed, mapper.count);
    if (!mapper.placed || !place_all(&mapper, &parts->items[own]))
        return NULL;
    follow_includes(&mapper, 0, mapper.count);
    for (uint32_t r = 0; r < mapper.count; r++)
        add_line(&mapper, &list, r);
    *count = arena_spent(arena) ? 0 : list.count;
    return list.items;
}
