#include "base/limits.h"
#include "base/sorted.h"
#include "scan/suppress_lines.h"
#include "scan/suppress_range.h"
#include "syntax/hcl.h"

typedef struct File {
    const Source *source;
    const HclBody *body;
} File;

static bool within(Span outer, uint32_t at)
{
    return at >= outer.start && at < outer.end;
}

static const HclBlock *block_around(const HclBody *body, uint32_t at)
{
    for (uint32_t i = 0; i < body->block_count; i++)
        if (within(body->blocks[i].span, at))
            return &body->blocks[i];
    return NULL;
}

static void cover_block(Mark *mark, const HclBlock *block, bool top)
{
    mark->range = block->span;
    if (top && str_eq(block->type, STR("module")) && block->label_count)
        mark->module = block->labels[0].text;
}

/* What begins at `at`: a block or an argument, else the line. */
static void cover_at(const File *file, uint32_t at, Mark *mark)
{
    const HclBody *body = file->body;

    for (bool top = true; body; top = false) {
        const HclBlock *block = block_around(body, at);
        if (block && block->span.start == at) {
            cover_block(mark, block, top);
            return;
        }
        for (uint32_t i = 0; i < body->attribute_count; i++) {
            const HclAttribute *attribute = &body->attributes[i];
            if (attribute->name_span.start == at && attribute->value) {
                mark->range = span_join(attribute->name_span, attribute->value->span);
                return;
            }
        }
        body = block ? block->body : NULL;
    }
    mark->range = (Span){file->source->number, at, line_end(file->source->text, at)};
}

static bool starts_before(const void *item, const void *key)
{
    return ((const Span *)item)->start < *(const uint32_t *)key;
}

/* The comment that begins at `at`, or SPAN_NONE. */
static Span comment_at(const HclBody *body, uint32_t at)
{
    uint32_t found = sorted_before(body->comments, body->comment_count, sizeof *body->comments,
                                   starts_before, &at);

    return found < body->comment_count && body->comments[found].start == at ? body->comments[found]
                                                                            : SPAN_NONE;
}

/* The content of the first line below a comment that is more than a comment; false where that is
 * blank or there is none. */
static bool find_below(const File *file, Span comment, uint32_t *at)
{
    Str text = file->source->text;

    do {
        /* A `#` comment may end with its line end or before it. */
        uint32_t last = comment.end > comment.start ? comment.end - 1 : comment.end;
        uint32_t next = line_next(text, last);
        if (next >= text.size)
            return false;
        *at = line_content(text, next);
        if (*at >= line_end(text, *at))
            return false;
        comment = comment_at(file->body, *at);
    } while (!span_is_none(comment));
    return true;
}

static void set_range(const File *file, Span comment, Mark *mark)
{
    Str text = file->source->text;
    const HclBlock *around = block_around(file->body, comment.start);
    uint32_t at = line_content(text, comment.start);

    mark->range = SPAN_NONE;
    if (mark->scope == MARK_FILE) {
        mark->range = (Span){file->source->number, 0, text.size + 1};
    } else if (mark->scope == MARK_AROUND) {
        if (around)
            cover_block(mark, around, true);
    } else if (at != comment.start || find_below(file, comment, &at)) {
        cover_at(file, at, mark);
        if (mark->scope == MARK_LINE)
            mark->range = (Span){file->source->number, at, line_end(text, at)};
    }
}

void suppress_hcl(Unit *unit, const Source *source, MarkList *list)
{
    DiagSink diags = diags_new(unit->arena); /* the first reading has reported them */
    File file = {source, source->hcl};

    if (!file.body)
        file.body = hcl_read(source, unit->arena, &diags);

    for (uint32_t i = 0; file.body && i < file.body->comment_count; i++) {
        Span span = file.body->comments[i];
        Str text = str_sub(source->text, span.start, span.end - span.start);
        uint32_t first = list->count;
        if (!marks_possible(text))
            continue;
        marks_of_comment(text, span, list, &unit->diags);
        for (uint32_t j = first; j < list->count; j++)
            set_range(&file, span, &list->items[j]);
    }
}
