#include "syntax/align.h"

#include "base/utf8.h"

typedef struct Aligner {
    Str text;
    Str raw;
    uint32_t at;   /* in text */
    uint32_t from; /* in raw */
    OffsetStep *steps;
    uint32_t count;
    uint32_t capacity;
    Arena *arena;
} Aligner;

/* Notes that byte `at` of the text stands for byte `from` of the source, if that is news. */
static bool note(Aligner *a, uint32_t offset)
{
    const OffsetStep *last = a->count ? &a->steps[a->count - 1] : NULL;
    OffsetStep *steps;

    if (last && a->at - last->here == offset + a->from - last->there)
        return true;
    steps = arena_grow(a->arena, a->steps, a->count, &a->capacity, a->count + 1, sizeof *steps);
    if (!steps)
        return false;
    a->steps = steps;
    a->steps[a->count++] = (OffsetStep){a->at, offset + a->from};
    return true;
}

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The bytes that an escape with a code point takes up, `\u0041`; 0 when there is none here. */
static uint32_t unicode_escape(const Aligner *a)
{
    uint32_t digits = a->raw.data[a->from + 1] == 'u' ? 4 : 8;

    if (a->raw.data[a->from + 1] != 'u' && a->raw.data[a->from + 1] != 'U')
        return 0;
    for (uint32_t i = 0; i < digits; i++)
        if (a->from + 2 + i >= a->raw.size || hex_value(a->raw.data[a->from + 2 + i]) < 0)
            return 0;
    return digits + 2;
}

static char simple_escape(char c)
{
    static const char names[] = "nrtbf0e";
    static const char values[] = "\n\r\t\b\f\0\x1b";
    const char *found = c ? strchr(names, c) : NULL;

    return found ? values[found - names] : c;
}

/* An escape that makes what comes next in the text: moves past both. */
static bool take_escape(Aligner *a)
{
    uint32_t size;

    if (a->raw.data[a->from] != '\\' || a->from + 1 >= a->raw.size)
        return false;
    size = unicode_escape(a);
    if (size) {
        uint32_t bytes = utf8_size(str_from(a->text, a->at));

        a->from += size;
        a->at += bytes ? bytes : 1;
        if (bytes == 4 && a->from + 1 < a->raw.size && size == 6) /* a pair of surrogates */
            a->from += 6;
        return true;
    }
    if (simple_escape(a->raw.data[a->from + 1]) != a->text.data[a->at])
        return false;
    a->from += 2;
    a->at++;
    return true;
}

/* What may stand in the source and not in the text: indentation, folded line ends, the other one of
 * two quotes, the `$` of `$${`. */
static bool can_skip(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '"' || c == '\'' || c == '\\' ||
           c == '$' || c == '%';
}

/* A folded line end is a blank in the text. */
static bool same(char text, char raw)
{
    return text == raw || (text == ' ' && raw == '\n');
}

static bool align(Aligner *a, uint32_t offset)
{
    while (a->at < a->text.size) {
        /* The line end behind a block scalar is no part of it. */
        if (a->from >= a->raw.size)
            return str_trim(str_from(a->text, a->at)).size == 0;
        if (a->raw.data[a->from] == '\\') {
            if (!note(a, offset))
                return false;
            if (take_escape(a))
                continue;
        }
        if (same(a->text.data[a->at], a->raw.data[a->from])) {
            if (!note(a, offset))
                return false;
            a->at++;
        } else if (!can_skip(a->raw.data[a->from])) {
            return false;
        }
        a->from++;
    }
    return true;
}

/* Where the content begins: behind the quote, or below the line that opens a block or heredoc. */
static uint32_t content_start(Str raw)
{
    int64_t line = str_find_char(raw, '\n');

    if (raw.size > 0 && (raw.data[0] == '"' || raw.data[0] == '\''))
        return 1;
    if (line >= 0 && raw.size > 0 &&
        (raw.data[0] == '|' || raw.data[0] == '>' || raw.data[0] == '<'))
        return (uint32_t)line + 1;
    return 0;
}

const OffsetStep *text_align(Str text, Str raw, uint32_t offset, Arena *arena, uint32_t *count)
{
    Aligner a = {.text = text, .raw = raw, .from = content_start(raw), .arena = arena};

    *count = 0;
    if (!align(&a, offset))
        return NULL;
    *count = a.count;
    return a.steps;
}

Source *sources_add_string(Sources *sources, const Node *string)
{
    const Source *parent = sources_get(sources, string->source);
    const OffsetStep *steps = NULL;
    uint32_t count = 0;

    if (parent && string->end <= parent->text.size && string->start <= string->end)
        steps = text_align(node_text(string),
                           str_sub(parent->text, string->start, string->end - string->start),
                           string->start, sources->arena, &count);
    return sources_add_decoded(sources, node_span(string), node_text(string), steps, count);
}
