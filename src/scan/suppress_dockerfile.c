#include "scan/hadolint.h"
#include "scan/suppress_lines.h"
#include "scan/suppress_range.h"
#include "syntax/dockerfile.h"

/* The instruction below a comment, with nothing but comments between, or the one that the comment
 * stands in; NULL where there is none. */
static const DockerInstr *instruction_below(const Dockerfile *file, Str text, Span comment)
{
    const DockerInstr *instr = file->first;
    uint32_t at = comment.start;

    while (instr && instr->span.end <= comment.start)
        instr = instr->next;
    if (!instr || instr->span.start <= comment.start)
        return instr;
    for (;;) {
        at = line_content(text, line_next(text, at));
        if (at >= instr->span.start)
            return instr;
        if (at >= line_end(text, at) || text.data[at] != '#')
            return NULL;
    }
}

/* hadolint takes the very next line, and no comment inside an instruction. */
static bool is_next_line(Str text, Span comment, const DockerInstr *instr)
{
    return instr->span.start >= comment.end &&
           line_start(text, instr->span.start) == line_next(text, comment.start);
}

static void set_range(const Dockerfile *file, const Source *source, Span comment, Mark *mark)
{
    Str text = source->text;
    const DockerInstr *instr;

    mark->range = SPAN_NONE;
    if (mark->scope == MARK_FILE || mark->scope == MARK_AROUND) {
        mark->range = (Span){source->number, 0, text.size + 1};
        return;
    }
    instr = instruction_below(file, text, comment);
    if (!instr || (mark->tool == MARK_HADOLINT && !is_next_line(text, comment, instr)))
        return;
    mark->range = mark->scope == MARK_LINE ? instr->line : instr->span;
}

/* Where hadolint's configuration wants no marks in the file, its own do not count. */
static void drop_hadolint(MarkList *list, uint32_t first)
{
    uint32_t count = first;

    for (uint32_t i = first; i < list->count; i++)
        if (list->items[i].tool != MARK_HADOLINT)
            list->items[count++] = list->items[i];
    list->count = count;
}

void suppress_dockerfile(Unit *unit, const Source *source, MarkList *list)
{
    DiagSink diags = diags_new(unit->arena); /* the first reading has reported them */
    const Dockerfile *file = dockerfile_read(source, unit->arena, &diags);

    for (uint32_t i = 0; file && i < file->comment_count; i++) {
        const DockerComment *comment = &file->comments[i];
        uint32_t first = list->count;
        if (!marks_possible(comment->text))
            continue;
        marks_of_comment(comment->text, comment->span, list, &unit->diags);
        if (list->count > first && unit->hadolint && !hadolint_has_marks(unit->hadolint))
            drop_hadolint(list, first);
        for (uint32_t j = first; j < list->count; j++)
            set_range(file, source, comment->span, &list->items[j]);
    }
}
