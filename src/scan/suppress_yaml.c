#include "scan/suppress_lines.h"
#include "scan/suppress_range.h"

/*
 * The tree of a YAML text has no comments. They are found in the text: a `#` after a blank that is
 * part of no scalar. What they cover follows from the indentation.
 *
 * The text may be a chart's template, which also has comments in braces, and lines that an action
 * begins, whose indentation says nothing. No YAML has such lines.
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

/* Where the comment in braces begins, with or without a dash, that is on a line and before `word`.
 */
static uint32_t find_braced(Str text, uint32_t start, uint32_t word)
{
    for (uint32_t i = start; i + 4 < word; i++) {
        uint32_t inner = i + 2;
        if (text.data[i] != '{' || text.data[i + 1] != '{')
            continue;
        if (text.data[inner] == '-')
            inner++;
        while (inner < word && text.data[inner] == ' ')
            inner++;
        if (str_starts(str_from(text, inner), STR("/*")))
            return i;
    }
    return UINT32_MAX;
}

static bool is_action(Str text, uint32_t content)
{
    return str_starts(str_from(text, content), STR("{{"));
}

/* Whether an action that a line begins with prints nothing of its own. */
static bool is_control(Str text, uint32_t content)
{
    static const Str words[] = {STR_INIT("if"),    STR_INIT("else"),  STR_INIT("end"),
                                STR_INIT("with"),  STR_INIT("range"), STR_INIT("define"),
                                STR_INIT("block"), STR_INIT("break")};
    Str inner = str_sub(text, content + 2, line_end(text, content) - content - 2), word;

    if (!is_action(text, content))
        return false;
    inner = str_trim(str_from(inner, str_starts(inner, STR("-"))));
    if (str_starts(inner, STR("/*")) || str_starts(inner, STR("$")))
        return true;
    str_split(&inner, ' ', &word);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (str_starts(word, words[i]) &&
            (word.size == words[i].size || strchr("}-", word.data[words[i].size])))
            return true;
    return false;
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
    return content >= line_end(text, content) || text.data[content] == '#' ||
           is_action(text, content);
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
    } while (text.data[content] == '#' || is_separator(text, at) || is_control(text, content));
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

    for (uint32_t word = marks_next(text, marks_begin(text));
         word < text.size && list->count < MARK_LIMIT; word = marks_next(text, next)) {
        uint32_t at = line_start(text, word);
        uint32_t end = line_end(text, at);
        uint32_t first = list->count;
        uint32_t comment;
        next = line_next(text, at);
        comment = find_braced(text, at, word);
        if (comment == UINT32_MAX)
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
