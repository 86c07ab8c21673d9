#include "ir/helm_align.h"

#include "base/limits.h"

/* Pairs of lines that are decided in one go; each takes four bytes. */
#define PAIRS ((uint64_t)4 << 20)

/* What a way to read a render is worth: so much for a byte of text that is explained, so much less
 * for a line that is passed over or that nothing explains. */
enum {
    NEVER = INT32_MIN / 2,
    TEXT_WORTH = 2,
    TEXT_MOST = 40, /* bytes of a line that count */
    MATCH_WORTH = 3,
    EXACT_WORTH = 2,
    MOVED = -24,     /* a text that is indented otherwise */
    SKIPPED = -3,    /* a line that is always printed */
    LEFT = -2,       /* a line of a loop that runs */
    CONTINUED = -3,  /* a further line out of an action that likely prints one */
    UNPRINTED = -48, /* a line that is not printed, by what conditions seem to say */
    UNEXPLAINED = -8,
};

/* The best way to stand before a line, and the line that was read last on it. */
typedef struct Way {
    int32_t worth;
    uint32_t from;
} Way;

/* One alignment: lines of the render, from `first` on, with lines of a template. */
typedef struct Aligner {
    const HelmRender *render;
    const HelmPart *part; /* what is aligned: lines of ... */
    const HelmPart *whole;
    uint32_t low;   /* the first of them in there */
    uint32_t first; /* line of the render */
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

Str helm_piece_text(const HelmPart *part, const HelmPiece *piece)
{
    return str_sub(part->text, piece->start, piece->end - piece->start);
}

Str helm_printed_text(const HelmRender *render, const HelmPrinted *line)
{
    return str_sub(render->text, line->start, line->end - line->start);
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

bool helm_reads_as(const HelmPart *part, const HelmLine *line, Str text, uint32_t *starts)
{
    uint32_t at = 0;

    for (uint32_t i = 0; i < line->count; i++) {
        const HelmPiece *piece = &line->pieces[i];
        Str wanted = helm_piece_text(part, piece);
        int64_t found = piece->printed ? at : find_piece(line, i, wanted, text, at);
        if (found < 0)
            return false;
        if (starts)
            starts[i] = (uint32_t)found;
        at = piece->printed ? at : (uint32_t)found + wanted.size;
    }
    return true;
}

uint32_t helm_begins_as(const HelmPart *part, const HelmLine *line, Str text)
{
    Str wanted = helm_piece_text(part, &line->pieces[0]);

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
static int32_t go_on(const HelmLine *line, const HelmPrinted *printed, uint32_t shift)
{
    if (line->spreads)
        return line->nested && line->nested + shift > printed->indent ? UNEXPLAINED : 0;
    return line->pieces[line->count - 1].printed ? CONTINUED : UNEXPLAINED;
}

bool helm_may_go_on(const HelmLine *line, const HelmPrinted *printed, uint32_t shift)
{
    return go_on(line, printed, shift) > UNEXPLAINED;
}

/* What it is worth that a line of the template begins with this line of the render. */
static int32_t match(const Aligner *a, const HelmLine *line, const HelmPrinted *printed)
{
    Str text = helm_printed_text(a->render, printed);
    int32_t moved = printed->indent == line->indent + a->shift ? 0 : MOVED;
    uint32_t begun;

    /* Most pairs end here. */
    if (!line->pieces[0].printed && text.data[0] != a->part->text.data[line->pieces[0].start])
        return NEVER;
    if (line->unprinted)
        moved += UNPRINTED;
    if (line->text == 0)
        return go_on(line, printed, a->shift) == UNEXPLAINED ? UNEXPLAINED
               : line->unprinted                             ? UNPRINTED
                                                             : 0;
    if (helm_reads_as(a->part, line, text, NULL))
        return text_worth(line->text) + moved + (line->count == 1 ? EXACT_WORTH : 0);
    begun = helm_begins_as(a->part, line, text);
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
    const HelmPrinted *printed = &a->render->lines[r];

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
        a->render->placed[r] = (HelmPlaced){a->whole, a->low + t, a->shift, (step & GOES_ON) != 0};
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

/* Lines of a part as one by itself. Loops that are not wholly in there are none. */
static HelmPart part_within(const HelmPart *part, HelmRange lines, Arena *arena)
{
    HelmPart within = *part;
    HelmLoop *loops = ARENA_ARRAY(arena, HelmLoop, part->loop_count + 1u);

    if (part->lines)
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

bool helm_align(HelmRender *render, HelmRange printed, const HelmPart *whole, HelmRange lines,
                uint32_t shift)
{
    size_t mark = arena_mark(render->arena);
    HelmPart part = part_within(whole, lines, render->arena);
    Aligner a = {.render = render,
                 .part = &part,
                 .whole = whole,
                 .low = lines.low,
                 .first = printed.low,
                 .shift = shift};
    uint32_t count = printed.high - printed.low;
    uint64_t work = row_work(&part) * count;
    uint64_t most = part.count ? PAIRS / part.count + 1 : 0;
    uint32_t rows = most < count ? (uint32_t)most : count;
    bool good = part.count && work <= *render->work && prepare(&a, render->arena, rows);

    if (good) {
        int32_t *kept[] = {a.before, a.now};
        *render->work -= work;
        for (uint32_t r = printed.low; r < printed.high; r += rows) {
            decide(&a, r, printed.high - r < rows ? printed.high : r + rows);
            a.now = a.before == kept[0] ? kept[1] : kept[0];
        }
    }
    arena_rewind(render->arena, mark);
    return good;
}
