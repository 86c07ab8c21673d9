/*
 * syntax/yaml_cursor.h - the way of the fast YAML reader through its text
 *
 * What syntax/yaml_fast.h says of the reader as a whole holds for all functions here: false means
 * that the text is left to libyaml, never that it is wrong, and nothing is reported.
 */
#ifndef PLUMB_SYNTAX_YAML_CURSOR_H
#define PLUMB_SYNTAX_YAML_CURSOR_H

#include "syntax/keys.h"
#include "syntax/stack.h"

typedef struct YamlCursor {
    const Source *source;
    const char *begin; /* of the text */
    const char *end;
    const char *at;  /* what is read next */
    int64_t column;  /* where the line of `at` has it; -1 where a document ends. By yaml_next() */
    uint32_t breaks; /* line ends that yaml_next() went over */
    bool commented;  /* and whether a comment was there */
    uint32_t depth;  /* of open lists and maps */
    const Symbols *symbols;
    Arena *arena;
    Stack lists;   /* nodes of open lists */
    Stack maps;    /* entries of open maps */
    Stack scratch; /* bytes of a text that is not in the source as it is */
} YamlCursor;

enum {
    YAML_BREAK = 1 << 0,      /* end of a line */
    YAML_BLANK = 1 << 1,      /* blank or tab */
    YAML_PLAIN_STOP = 1 << 2, /* may end a plain scalar */
    YAML_FLOW_STOP = 1 << 3,  /* may end one between brackets */
    YAML_QUOTE_STOP = 1 << 4, /* ends a quoted scalar, or is not itself in one */
    YAML_NO_START = 1 << 5,   /* begins no plain scalar, or only with something behind it */
};

extern const uint8_t yaml_classes[256];

static inline char yaml_peek(const YamlCursor *c, const char *p)
{
    return p < c->end ? *p : '\0'; /* which is nowhere in the text: yaml_text_is_plain() */
}

static inline bool yaml_is(char c, unsigned classes)
{
    return yaml_classes[(uint8_t)c] & classes;
}

static inline const char *yaml_skip(const YamlCursor *c, const char *p, unsigned classes)
{
    while (p < c->end && yaml_is(*p, classes))
        p++;
    return p;
}

static inline const char *yaml_skip_until(const YamlCursor *c, const char *p, unsigned classes)
{
    while (p < c->end && !yaml_is(*p, classes))
        p++;
    return p;
}

/* Eight times the same byte. */
#define YAML_OF_EACH(byte) (UINT64_C(0x0101010101010101) * (byte))

/* Eight bytes of the text, the first of them lowest. */
static inline uint64_t yaml_word(const char *p)
{
    uint64_t word;

    memcpy(&word, p, sizeof word);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    word = __builtin_bswap64(word);
#endif
    return word;
}

static inline const char *yaml_skip_spaces(const YamlCursor *c, const char *p)
{
    while (p < c->end && *p == ' ')
        p++;
    return p;
}

/* yaml_skip_spaces() where many are likely. */
static inline const char *yaml_skip_indent(const YamlCursor *c, const char *p)
{
    for (; c->end - p >= 8; p += 8) {
        uint64_t others = yaml_word(p) ^ YAML_OF_EACH(' ');
        if (others)
            return p + __builtin_ctzll(others) / 8;
    }
    return yaml_skip_spaces(c, p);
}

/* Past the line end at `p`, which is one byte or two. */
static inline const char *yaml_skip_break(const char *p)
{
    return p + (*p == '\r') + 1;
}

/* Whether a blank, a line end or the end of the text is at `p`, as has to follow an indicator. */
static inline bool yaml_ends_word(const YamlCursor *c, const char *p)
{
    return p >= c->end || yaml_is(*p, YAML_BLANK | YAML_BREAK);
}

/* Whether `---` or `...` is at `p`, the start of a line. */
static inline bool yaml_is_marker(const YamlCursor *c, const char *p)
{
    return c->end - p >= 3 && (memcmp(p, "---", 3) == 0 || memcmp(p, "...", 3) == 0) &&
           yaml_ends_word(c, p + 3);
}

static inline uint32_t yaml_offset(const YamlCursor *c, const char *p)
{
    return (uint32_t)(p - c->begin);
}

static inline Node yaml_scalar(const YamlCursor *c, uint8_t flags, const char *start,
                               const char *end, Str text)
{
    return (Node){.kind = NODE_SCALAR,
                  .flags = flags,
                  .source = (uint16_t)c->source->number,
                  .start = yaml_offset(c, start),
                  .end = yaml_offset(c, end),
                  .count = text.size,
                  .as.text = text.size ? text.data : ""};
}

/* Whether all of the text is UTF-8 whose characters libyaml takes, and whose lines end with \n or
 * \r\n only. */
bool yaml_text_is_plain(Str text);

/* Goes on from `at`, at the end of a value or, with `fresh`, at the start of a line, to the next
 * token below. False if something is left on the line, and where a tab indents. */
bool yaml_next(YamlCursor *c, bool fresh);

/* Goes over blanks, comments and line ends between brackets. */
bool yaml_next_in_flow(YamlCursor *c);

/* Adds to `scratch`. */
bool yaml_put(YamlCursor *c, const char *text, size_t size);

/* What a line end, with `blank_lines` behind it, stands for in a scalar of several lines. */
bool yaml_put_fold(YamlCursor *c, uint32_t blank_lines);
bool yaml_put_breaks(YamlCursor *c, uint32_t count);

/* A scalar with what `scratch` holds for its text: a view of the source if the bytes before
 * `text_end` are the same, else a copy. */
bool yaml_scratch_scalar(YamlCursor *c, uint8_t flags, const char *start, const char *end,
                         const char *text_end, Node *node);

/* Adds an entry with the key that `key` is the text of, or an item, to what is open. */
bool yaml_push_entry(YamlCursor *c, const Node *key, const Node *value);
bool yaml_push_item(YamlCursor *c, const Node *item);

/* Open a collection and close it: `node` gets what was pushed since `*base` was set. False for a
 * key given twice as well, which libyaml's side warns of. */
bool yaml_open(YamlCursor *c, const Stack *children, uint32_t *base);
bool yaml_close_map(YamlCursor *c, uint32_t base, const char *start, const char *end, Node *node);
bool yaml_close_list(YamlCursor *c, uint32_t base, const char *start, const char *end, Node *node);

#endif
