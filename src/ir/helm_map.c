#include "ir/helm_map.h"

#include "ir/helm_align.h"
#include "ir/str_map.h"

/* Definitions that include each other are followed so far. */
enum { INCLUDE_DEPTH = 8 };

/* From so many pairs on, one document of a template with several is looked for first. */
#define SECTION_PAIRS ((uint64_t)1 << 16)

typedef struct Mapper {
    HelmRender render;
    const HelmParts *parts;
    uint32_t depth;
} Mapper;

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
    const HelmPlaced *placed = &mapper->render.placed[r];
    const HelmLine *line = &placed->part->lines[placed->line];
    Str text = helm_printed_text(&mapper->render, &mapper->render.lines[r]);

    if (placed->goes_on)
        return helm_may_go_on(line, &mapper->render.lines[r], placed->shift);
    return helm_reads_as(placed->part, line, text, NULL) ||
           helm_begins_as(placed->part, line, text);
}

/* Whether a definition only prints what it was given: whoever gave it says more of it. */
static bool is_passed_on(const Mapper *mapper, uint32_t r)
{
    const HelmPlaced *placed = &mapper->render.placed[r];
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
    HelmPlaced outer = mapper->render.placed[first];
    uint32_t nested = outer.part->lines[outer.line].nested;

    if (!helm_align(&mapper->render, (HelmRange){first, end}, part, (HelmRange){0, part->count},
                    outer.shift + nested))
        return;
    for (uint32_t r = first; r < end; r++)
        if (!is_explained(mapper, r) || is_passed_on(mapper, r))
            mapper->render.placed[r] = (HelmPlaced){outer.part, outer.line, outer.shift, true};
    mapper->depth++;
    follow_includes(mapper, first, end);
    mapper->depth--;
}

/* Whether two lines come from one printing of a line. */
static bool is_one(const HelmPlaced *a, const HelmPlaced *b)
{
    return b->goes_on && a->part == b->part && a->line == b->line;
}

static void follow_includes(Mapper *mapper, uint32_t first, uint32_t end)
{
    for (uint32_t r = first, next; r < end && mapper->depth < INCLUDE_DEPTH; r = next) {
        HelmPlaced placed = mapper->render.placed[r];
        const HelmLine *line = &placed.part->lines[placed.line];
        const HelmPart *part = find_part(mapper->parts, line->included);
        for (next = r + 1; next < end && is_one(&placed, &mapper->render.placed[next]); next++)
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
           str_eq(helm_piece_text(part, &line->pieces[0]), STR("---"));
}

/* The next lines between two `---`, from `from` on; empty at the end. */
static HelmRange next_section(const HelmPart *part, uint32_t from)
{
    HelmRange section = {from, from};

    while (section.low < part->count && is_separator(part, &part->lines[section.low]))
        section.low++;
    section.high = section.low;
    while (section.high < part->count && !is_separator(part, &part->lines[section.high]))
        section.high++;
    return section;
}

/* Bytes of texts in some lines of a template that the render has as lines, too. */
static uint64_t common_bytes(const HelmPart *part, HelmRange section, const StrMap *printed)
{
    uint64_t bytes = 0;

    for (uint32_t t = section.low; t < section.high; t++) {
        const HelmLine *line = &part->lines[t];
        Str text = helm_piece_text(part, &line->pieces[0]);
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
static HelmRange choose_section(Mapper *mapper, const HelmPart *part)
{
    HelmRange best = next_section(part, 0), whole = {0, part->count}, section;
    size_t mark = arena_mark(mapper->render.arena);
    StrMap printed = str_map_new(mapper->render.arena);
    uint64_t most = 0;

    section = next_section(part, best.high);
    if (section.low == section.high)
        return best;
    if ((uint64_t)mapper->render.count * part->count < SECTION_PAIRS)
        return whole;
    for (uint32_t r = 0; r < mapper->render.count; r++)
        note_line(&printed, helm_printed_text(&mapper->render, &mapper->render.lines[r]));
    for (section = best; section.low < section.high; section = next_section(part, section.high)) {
        uint64_t bytes = common_bytes(part, section, &printed);
        best = bytes > most ? section : best;
        most = bytes > most ? bytes : most;
    }
    arena_rewind(mapper->render.arena, mark);
    return best;
}

/* Whether a line of a template is surely this line of the render, being the next of both. */
static bool is_same(const Mapper *mapper, const HelmPart *part, uint32_t t, uint32_t r)
{
    const HelmLine *line = &part->lines[t];
    const HelmPrinted *printed = &mapper->render.lines[r];

    return line->count == 1 && !line->pieces[0].printed && !line->optional && !line->looped &&
           line->indent == printed->indent &&
           str_eq(helm_piece_text(part, &line->pieces[0]),
                  helm_printed_text(&mapper->render, printed));
}

/* Places all lines in the template that is named. What begins and ends alike needs no search, but
 * for templates of several documents, which may be alike too. */
static bool place_all(Mapper *mapper, const HelmPart *part)
{
    HelmRange chosen = choose_section(mapper, part), lines = chosen,
              printed = {0, mapper->render.count};
    bool sole = lines.low > 0 || lines.high < part->count ||
                next_section(part, next_section(part, 0).high).low == part->count;

    while (sole && lines.low < lines.high && printed.low < printed.high &&
           is_same(mapper, part, lines.low, printed.low))
        mapper->render.placed[printed.low++] = (HelmPlaced){part, lines.low++, 0, false};
    while (sole && lines.low < lines.high && printed.low < printed.high &&
           is_same(mapper, part, lines.high - 1, printed.high - 1))
        mapper->render.placed[--printed.high] = (HelmPlaced){part, --lines.high, 0, false};
    if (printed.low == printed.high)
        return true;
    if (lines.low == lines.high)
        return helm_align(&mapper->render, (HelmRange){0, mapper->render.count}, part, chosen, 0);
    return helm_align(&mapper->render, printed, part, lines, 0);
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
    SourceRoute *grown = arena_grow(mapper->render.arena, list->items, list->count, &list->capacity,
                                    (size_t)list->count + 1, sizeof *grown);

    if (!grown)
        return;
    list->items = grown;
    grown[list->count++] = (SourceRoute){here, {part->source, start, end}, whole};
}

static void add_pieces(Mapper *mapper, RouteList *list, uint32_t r, const uint32_t *starts)
{
    const HelmPlaced *placed = &mapper->render.placed[r];
    const HelmLine *line = &placed->part->lines[placed->line];
    const HelmPrinted *printed = &mapper->render.lines[r];

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
    const HelmPlaced *placed = &mapper->render.placed[r];
    const HelmLine *line = &placed->part->lines[placed->line];
    const HelmPrinted *printed = &mapper->render.lines[r];
    const HelmPiece *first = &line->pieces[0], *last = &line->pieces[line->count - 1];
    uint32_t *starts = ARENA_ARRAY(mapper->render.arena, uint32_t, line->count);
    Str text = helm_printed_text(&mapper->render, printed);
    uint32_t begun;

    if (!starts)
        return;
    if (placed->goes_on) {
        first = last->printed ? last : first;
        add_route(mapper, list, printed->start, placed->part, first->start, last->end, true);
    } else if (helm_reads_as(placed->part, line, text, starts)) {
        add_pieces(mapper, list, r, starts);
    } else {
        begun = helm_begins_as(placed->part, line, text);
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
    Str rest = mapper->render.text, line;
    uint32_t capacity = 0;

    while (str_split(&rest, '\n', &line)) {
        Str text = str_trim(line);
        uint32_t start = (uint32_t)(text.data - mapper->render.text.data);
        HelmPrinted *grown;
        if (is_frame(text))
            continue;
        grown = arena_grow(mapper->render.arena, mapper->render.lines, mapper->render.count,
                           &capacity, (size_t)mapper->render.count + 1, sizeof *grown);
        if (!grown)
            return false;
        mapper->render.lines = grown;
        grown[mapper->render.count++] =
            (HelmPrinted){start, start + text.size, (uint32_t)(text.data - line.data)};
    }
    return true;
}

const SourceRoute *helm_map(Str render, const HelmParts *parts, uint32_t own, uint64_t *work,
                            Arena *arena, uint32_t *count)
{
    Mapper mapper = {.render = {.arena = arena, .text = render, .work = work}, .parts = parts};
    RouteList list = {0};

    *count = 0;
    if (!split_lines(&mapper) || !mapper.render.count)
        return NULL;
    mapper.render.placed = ARENA_ARRAY(arena, HelmPlaced, mapper.render.count);
    if (!mapper.render.placed || !place_all(&mapper, &parts->items[own]))
        return NULL;
    follow_includes(&mapper, 0, mapper.render.count);
    for (uint32_t r = 0; r < mapper.render.count; r++)
        add_line(&mapper, &list, r);
    *count = arena_spent(arena) ? 0 : list.count;
    return list.items;
}
