#include "report/diff.h"

#include "base/buf.h"

#define CONTEXT 3u

/* Whole lines that are changed, and what they become. */
typedef struct Change {
    uint32_t start; /* bytes of the old text */
    uint32_t end;
    uint32_t line; /* number of the first, from 0 */
    uint32_t old_lines;
    uint32_t new_lines;
    Str after;
} Change;

typedef struct Changes {
    Change *items;
    uint32_t count;
} Changes;

static uint32_t count_lines(Str text)
{
    uint32_t count = 0;

    for (uint32_t i = 0; i < text.size; i++)
        count += text.data[i] == '\n';
    return count + (text.size && text.data[text.size - 1] != '\n');
}

/* --- from edits to lines --- */

/* Whether an edit puts whole lines between two others. */
static bool adds_lines(Str text, const Edit *edit, Str after)
{
    bool at_start = edit->start == 0 || text.data[edit->start - 1] == '\n';

    return edit->start == edit->end && at_start && after.size && after.data[after.size - 1] == '\n';
}

/* The lines that an edit changes. */
static Change lines_of(Str text, const Edit *edit, Str after)
{
    Change change = {.start = edit->start, .end = edit->end};
    bool whole_end = edit->end > edit->start && text.data[edit->end - 1] == '\n' &&
                     (!after.size || after.data[after.size - 1] == '\n');

    if (adds_lines(text, edit, after))
        return change;
    change.start = edit_line_start(text, edit->start);
    if (!whole_end)
        change.end = edit_next_line(text, edit->end);
    return change;
}

/* Lines that several edits change become one change. */
static Changes find_changes(Str text, const EditPlan *plan, Arena *arena)
{
    Changes changes = {ARENA_ARRAY(arena, Change, plan->count + 1u), 0};

    for (uint32_t i = 0; changes.items && i < plan->count; i++) {
        Change change = lines_of(text, &plan->items[i], edit_text(&plan->items[i], arena));
        Change *last = changes.count ? &changes.items[changes.count - 1] : NULL;
        if (last && change.start <= last->end) {
            if (change.end > last->end)
                last->end = change.end;
        } else {
            changes.items[changes.count++] = change;
        }
    }
    return changes;
}

/* The new lines of each change. */
static void make_lines(Str text, const EditPlan *plan, const Changes *changes, Arena *arena)
{
    uint32_t edit = 0, line = 0, at = 0;

    for (uint32_t i = 0; i < changes->count; i++) {
        Change *change = &changes->items[i];
        Str old = str_sub(text, change->start, change->end - change->start);
        EditPlan part = {.items = plan->items + edit};
        while (edit < plan->count && plan->items[edit].end <= change->end) {
            part.count++;
            edit++;
        }
        line += count_lines(str_sub(text, at, change->start - at));
        at = change->start;
        change->line = line;
        change->old_lines = count_lines(old);
        change->after = edit_plan_apply_part(&part, text, change->start, change->end, arena);
        change->new_lines = count_lines(change->after);
    }
}

/* --- writing --- */

static void put_lines(Out *out, char mark, Str lines)
{
    while (lines.size) {
        uint32_t size = edit_next_line(lines, 0);
        out_char(out, mark);
        out_add(out, str_sub(lines, 0, size));
        if (lines.data[size - 1] != '\n')
            out_z(out, "\n\\ No newline at end of file\n");
        lines = str_from(lines, size);
    }
}

/* Where `count` lines above or below an offset begin or end. */
static uint32_t lines_above(Str text, uint32_t offset, uint32_t count)
{
    for (; count && offset; count--)
        offset = edit_line_start(text, offset - 1);
    return offset;
}

static uint32_t lines_below(Str text, uint32_t offset, uint32_t count)
{
    for (; count && offset < text.size; count--)
        offset = edit_next_line(text, offset);
    return offset;
}

/* "-12,7": of no lines, the one before them. */
static void put_range(Out *out, char mark, uint32_t line, uint32_t count)
{
    out_char(out, mark);
    out_number(out, count ? line + 1 : line);
    if (count != 1) {
        out_char(out, ',');
        out_number(out, count);
    }
}

/* Changes from `first` up to `last`, with the lines around and between them. `shift` is by how many
 * lines the text above has grown. */
static void put_hunk(Out *out, Str text, const Change *first, const Change *last, int64_t shift)
{
    uint32_t start = lines_above(text, first->start, CONTEXT);
    uint32_t end = lines_below(text, last->end, CONTEXT);
    uint32_t above = count_lines(str_sub(text, start, first->start - start));
    uint32_t old_lines = count_lines(str_sub(text, start, end - start));
    uint32_t line = first->line - above, new_lines = old_lines, at = start;

    for (const Change *change = first; change <= last; change++)
        new_lines += change->new_lines - change->old_lines;
    out_z(out, "@@ ");
    put_range(out, '-', line, old_lines);
    out_char(out, ' ');
    put_range(out, '+', (uint32_t)(line + shift), new_lines);
    out_z(out, " @@\n");
    for (const Change *change = first; change <= last; change++) {
        put_lines(out, ' ', str_sub(text, at, change->start - at));
        put_lines(out, '-', str_sub(text, change->start, change->end - change->start));
        put_lines(out, '+', change->after);
        at = change->end;
    }
    put_lines(out, ' ', str_sub(text, at, end - at));
}

/* A name with other bytes than letters and the like stands in quotes, as git writes it. */
static void put_name(Out *out, const char *mark, const char *side, Str path)
{
    bool quoted = false, blank = false;

    for (uint32_t i = 0; i < path.size; i++) {
        unsigned char c = (unsigned char)path.data[i];
        quoted |= c < 0x20 || c >= 0x7f || c == '"' || c == '\\';
        blank |= c == ' ';
    }
    out_z(out, mark);
    out_z(out, quoted ? " \"" : " ");
    out_z(out, side);
    for (uint32_t i = 0; i < path.size; i++) {
        unsigned char c = (unsigned char)path.data[i];
        if (c < 0x20 || c >= 0x7f)
            out_printf(out, "\\%03o", c);
        else if (c == '"' || c == '\\')
            out_printf(out, "\\%c", c);
        else
            out_char(out, (char)c);
    }
    out_z(out, quoted ? "\"\n" : blank ? "\t\n" : "\n");
}

void diff_write(Out *out, Str path, Str text, const EditPlan *plan, Arena *arena)
{
    Changes changes = find_changes(text, plan, arena);
    int64_t shift = 0;
    uint32_t first = 0;

    make_lines(text, plan, &changes, arena);
    if (arena_spent(arena) || !changes.count)
        return;
    put_name(out, "---", "a/", path);
    put_name(out, "+++", "b/", path);
    while (first < changes.count) {
        const Change *items = changes.items;
        uint32_t last = first;
        while (last + 1 < changes.count &&
               items[last + 1].line - items[last].line - items[last].old_lines <= 2 * CONTEXT)
            last++;
        put_hunk(out, text, &items[first], &items[last], shift);
        for (; first <= last; first++)
            shift += (int64_t)items[first].new_lines - items[first].old_lines;
    }
}
