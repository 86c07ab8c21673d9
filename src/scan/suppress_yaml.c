#include "scan/suppress_lines.h"
#include "scan/suppress_range.h"

/*
 * The tree of a YAML text has no comments. They are found in the text: a `#` after a blank that is
 * part of no scalar. What they cover follows from the indentation.
 */

/* How many nodes a unit's comments may make us look at; what comes after suppresses nothing. */
#define EFFORT 50000000u

typedef struct Search {
    const Unit *unit;
    const Source *source;
    uint32_t at;
    uint32_t effort;
} Search;

static const Node *scalar_below(Search *search, const Node *node);

static const Node *scalar_in_children(Search *search, const Node *node)
{
    const Node *found = NULL;

    for (uint32_t i = 0; node->kind == NODE_LIST && i < node->count && !found; i++)
        found = scalar_below(search, &node->as.items[i]);
    for (uint32_t i = 0; node->kind == NODE_MAP && i < node->count && !found; i++)
        found = scalar_below(search, &node->as.entries[i].value);
    return found;
}

/* The scalar that takes up the byte at hand. Front ends keep the depth in bounds. */
static const Node *scalar_below(Search *search, const Node *node)
{
    if (search->effort)
        search->effort--;
    if (!search->effort || node->source != search->source->number || search->at < node->start ||
        search->at >= node->end)
        return NULL;
    return node->kind == NODE_LIST || node->kind == NODE_MAP ? scalar_in_children(search, node)
                                                             : node;
}

static const Node *scalar_at(Search *search, uint32_t at)
{
    const Node *found = NULL;

    search->at = at;
    for (uint32_t i = 0; i < search->unit->resource_count && !found; i++)
        found = scalar_below(search, &search->unit->resources[i].body);
    return found;
}

/* Where the comment of the line from `start` to `end` begins. Where it has none, something at or
 * behind `end`: a scalar may go on beyond the line. */
static uint32_t find_comment(Search *search, uint32_t start, uint32_t end)
{
    const char *text = search->source->text.data;

    for (uint32_t i = start; i < end; i++) {
        const Node *scalar;
        if (text[i] != '#' || (i > start && text[i - 1] != ' ' && text[i - 1] != '\t'))
            continue;
        scalar = scalar_at(search, i);
        if (!scalar)
            return search->effort ? i : end;
        i = scalar->end - 1;
        if (scalar->end >= end)
            return scalar->end;
    }
    return end;
}

static bool is_separator(Str text, uint32_t at)
{
    Str line = str_sub(text, at, 3);

    return str_eq(line, STR("---")) || str_eq(line, STR("..."));
}

static bool is_item(Str text, uint32_t at)
{
    return at < text.size && text.data[at] == '-' &&
           (at + 1 >= text.size || text.data[at + 1] == ' ' || text.data[at + 1] == '\n' ||
            text.data[at + 1] == '\r');
}

static bool is_blank_or_comment(Str text, uint32_t content)
{
    return content >= line_end(text, content) || text.data[content] == '#';
}

/* Where the document ends that `at` is in. */
static uint32_t document_end(Str text, uint32_t at)
{
    while (at < text.size) {
        at = line_next(text, at);
        if (is_separator(text, at))
            return at;
    }
    return text.size;
}

/* Where the entry or item ends that begins at `at` with a line that is indented by `indent`. */
static uint32_t element_end(Str text, uint32_t at, uint32_t indent, bool item)
{
    uint32_t end = line_end(text, at);

    for (at = line_next(text, at); at < text.size; at = line_next(text, at)) {
        uint32_t content = line_content(text, at);
        uint32_t inner = content - at;
        if (is_blank_or_comment(text, content))
            continue;
        if (is_separator(text, at) || inner < indent ||
            (inner == indent && (item || !is_item(text, content))))
            break;
        end = line_end(text, at);
    }
    return end;
}

/* What a comment behind an entry covers: that entry, not the item which begins with it. */
static Span entry_range(const Source *source, uint32_t start)
{
    Str text = source->text;
    uint32_t at = line_content(text, start);

    while (is_item(text, at)) {
        at++;
        while (at < text.size && text.data[at] == ' ')
            at++;
    }
    return (Span){source->number, at, element_end(text, at, at - start, false)};
}

/* Whether nothing of the document stands before the line that begins at `at`. */
static bool begins_document(Str text, uint32_t at)
{
    while (at > 0) {
        at = line_start(text, at - 1);
        if (is_separator(text, at))
            return true;
        if (!is_blank_or_comment(text, line_content(text, at)))
            return false;
    }
    return true;
}

/* What a comment on a line of its own covers: what begins on the first line below it. */
static Span below_range(const Source *source, uint32_t start)
{
    Str text = source->text;
    uint32_t at = start, content;

    do {
        at = line_next(text, at);
        if (at >= text.size)
            return SPAN_NONE;
        content = line_content(text, at);
        if (content >= line_end(text, content))
            return SPAN_NONE;
    } while (text.data[content] == '#' || is_separator(text, at));
    if (begins_document(text, at))
        return (Span){source->number, content, document_end(text, at)};
    return (Span){source->number, content,
                  element_end(text, at, content - at, is_item(text, content))};
}

/* The peers that know blocks have none here: they read annotations. */
static void set_range(const Source *source, uint32_t start, uint32_t comment, Mark *mark)
{
    bool alone = line_content(source->text, start) == comment;

    mark->range = SPAN_NONE;
    if (mark->scope == MARK_FILE)
        mark->range = (Span){source->number, 0, source->text.size + 1};
    else if (mark->scope != MARK_AROUND)
        mark->range = alone ? below_range(source, start) : entry_range(source, start);
    if (mark->scope == MARK_LINE && !span_is_none(mark->range))
        mark->range.end = line_end(source->text, mark->range.start);
}

void suppress_yaml(Unit *unit, const Source *source, MarkList *list)
{
    Search search = {unit, source, 0, EFFORT};
    Str text = source->text;
    uint32_t next;

    for (uint32_t word = marks_next(text, 0); word < text.size && list->count < MARK_LIMIT;
         word = marks_next(text, next)) {
        uint32_t at = line_start(text, word);
        uint32_t end = line_end(text, at);
        uint32_t first = list->count;
        uint32_t comment;
        next = line_next(text, at);
        comment = find_comment(&search, at, end);
        if (comment > end)
            next = comment < text.size && text.data[comment - 1] != '\n' ? line_next(text, comment)
                                                                         : comment;
        if (comment >= end)
            continue;
        marks_of_comment(str_sub(text, comment, end - comment),
                         (Span){source->number, comment, end}, list, &unit->diags);
        for (uint32_t i = first; i < list->count; i++)
            set_range(source, at, comment, &list->items[i]);
    }
}
