#include "syntax/hcl_template.h"

#include "base/buf.h"
#include "base/limits.h"

/* A template is first cut into parts, one a line of a heredoc, because the strip markers and the
 * indentation of <<- work on those; then directives are nested and texts joined. */
typedef enum PartKind {
    PART_TEXT,
    PART_VALUE,
    PART_IF,
    PART_ELSE,
    PART_ENDIF,
    PART_FOR,
    PART_ENDFOR,
    PART_END,
} PartKind;

typedef struct Part {
    PartKind kind;
    uint32_t start;
    uint32_t end;
    Str text;
    const HclExpr *expr; /* PART_VALUE, PART_IF */
    HclFor *loop;        /* PART_FOR */
} Part;

typedef enum Mode { MODE_QUOTED, MODE_HEREDOC, MODE_REST } Mode;

typedef struct Template {
    HclParser *p;
    Mode mode;
    Str marker;    /* MODE_HEREDOC */
    uint32_t open; /* where the template begins, for messages */
    uint32_t end;  /* after the whole template */
    Part *parts;
    uint32_t count;
    uint32_t capacity;
    uint32_t next; /* part to build from */
    bool trim;     /* a `~}` came before */
} Template;

static bool add_part(Template *t, Part part)
{
    Part *parts = arena_grow(t->p->arena, t->parts, t->count, &t->capacity, (size_t)t->count + 1,
                             sizeof *parts);

    if (!parts)
        return false;
    t->parts = parts;
    t->parts[t->count++] = part;
    return true;
}

/* --- text --- */

static bool is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static Str trim_left(Str s)
{
    while (s.size && is_space(*s.data))
        s = str_from(s, 1);
    return s;
}

static Str trim_right(Str s)
{
    while (s.size && is_space(s.data[s.size - 1]))
        s.size--;
    return s;
}

/* ${ or %{ at `pos`. */
static bool at_opener(const HclParser *p, uint32_t pos)
{
    return pos + 1 < p->size && (p->text[pos] == '$' || p->text[pos] == '%') &&
           p->text[pos + 1] == '{';
}

/* $${ or %%{ at `pos`: the text ${ or %{. */
static bool at_escaped_opener(const HclParser *p, uint32_t pos)
{
    return pos + 2 < p->size && p->text[pos] == p->text[pos + 1] && at_opener(p, pos + 1);
}

static bool hex_value(const HclParser *p, uint32_t pos, uint32_t digits, uint32_t *value)
{
    *value = 0;
    for (uint32_t i = 0; i < digits; i++) {
        char c = pos + i < p->size ? p->text[pos + i] : '\0';
        uint32_t digit = c >= '0' && c <= '9'   ? (uint32_t)(c - '0')
                         : c >= 'a' && c <= 'f' ? (uint32_t)(c - 'a' + 10)
                         : c >= 'A' && c <= 'F' ? (uint32_t)(c - 'A' + 10)
                                                : 16;
        if (digit == 16)
            return false;
        *value = *value << 4 | digit;
    }
    return true;
}

/* The escape at `pos`, a backslash; gives its length, or 0 after a mistake. */
static uint32_t add_escape(HclParser *p, uint32_t pos, Buf *buf)
{
    static const char plain[] = "n\nr\rt\t\"\"\\\\";
    char c = pos + 1 < p->size ? p->text[pos + 1] : '\0';
    uint32_t codepoint;

    for (size_t i = 0; c && plain[i]; i += 2) {
        if (plain[i] == c) {
            buf_add_char(buf, plain[i + 1]);
            return 2;
        }
    }
    if ((c == 'u' || c == 'U') && hex_value(p, pos + 2, c == 'u' ? 4 : 8, &codepoint)) {
        bool good = codepoint <= 0x10ffff && !(codepoint >= 0xd800 && codepoint < 0xe000);
        buf_add_codepoint(buf, good ? codepoint : 0xfffd);
        return c == 'u' ? 6 : 10;
    }
    hcl_mistake(p, hcl_span(p, pos, pos + 2 < p->size ? pos + 2 : p->size),
                "`\\%.*s` is no escape sequence", c >= ' ' && c <= '~' ? 1 : 0, &c);
    return 0;
}

/* Whether a byte of a template may be more than text. */
static bool is_special(char c)
{
    return c == '"' || c == '\n' || c == '\\' || c == '$' || c == '%';
}

/* Where the run of text ends that begins at `pos`, and whether something in it is escaped. A line
 * end of a heredoc belongs to its run. */
static uint32_t text_end(const Template *t, uint32_t pos, bool *escaped)
{
    const HclParser *p = t->p;

    for (; pos < p->size; pos++) {
        char c = p->text[pos];
        if (!is_special(c))
            continue;
        if (t->mode == MODE_QUOTED && (c == '"' || c == '\n'))
            return pos;
        if (c == '\n')
            return pos + 1;
        if (t->mode == MODE_QUOTED && c == '\\') {
            *escaped = true;
            pos++;
            if (pos < p->size && p->text[pos] == '\n')
                return pos;
        } else if (at_escaped_opener(p, pos)) {
            *escaped = true;
            pos += 2;
        } else if (at_opener(p, pos)) {
            return pos;
        }
    }
    return p->size;
}

static bool decode(Template *t, uint32_t start, uint32_t end, Str *text)
{
    Buf buf = buf_new(t->p->arena);

    for (uint32_t pos = start; pos < end;) {
        uint32_t length = 1;
        if (t->mode == MODE_QUOTED && t->p->text[pos] == '\\') {
            length = add_escape(t->p, pos, &buf);
            if (!length)
                return false;
        } else if (at_escaped_opener(t->p, pos)) {
            buf_add(&buf, (Str){t->p->text + pos + 1, 2});
            length = 3;
        } else {
            buf_add_char(&buf, t->p->text[pos]);
        }
        pos += length;
    }
    *text = buf_str(&buf);
    return true;
}

/* Reads a run of text at `*pos`. */
static bool read_text(Template *t, uint32_t *pos)
{
    bool escaped = false;
    uint32_t start = *pos, end = text_end(t, start, &escaped);
    Part part = {PART_TEXT, start, end, {t->p->text + start, end - start}, NULL, NULL};

    if (escaped && !decode(t, start, end, &part.text))
        return false;
    if (t->trim)
        part.text = trim_left(part.text);
    t->trim = false;
    *pos = end;
    return add_part(t, part);
}

/* --- interpolations and directives --- */

static bool read_directive(Template *t, Part *part)
{
    HclParser *p = t->p;

    static const struct {
        const char *word;
        PartKind kind;
    } words[] = {{"if", PART_IF},
                 {"else", PART_ELSE},
                 {"endif", PART_ENDIF},
                 {"for", PART_FOR},
                 {"endfor", PART_ENDFOR}};
    size_t i = 0;

    while (i < 5 && !hcl_at_word(p, words[i].word))
        i++;
    if (i == 5) {
        hcl_mistake(p, hcl_token_span(p, hcl_peek(p)),
                    "a directive is one of if, else, endif, for, endfor");
        return false;
    }
    hcl_take(p);
    part->kind = words[i].kind;
    if (part->kind == PART_IF)
        return (part->expr = hcl_expression(p)) != NULL;
    if (part->kind != PART_FOR)
        return true;
    part->loop = ARENA_NEW(p->arena, HclFor);
    return part->loop && hcl_for_header(p, part->loop);
}

/* Reads what stands between `${` or `%{` at `pos` and its brace. */
static bool read_inside(Template *t, uint32_t pos, Part *part)
{
    HclParser *p = t->p;
    bool newlines = hcl_newlines(p, false), good;
    HclTokenKind close;

    hcl_seek(p, pos);
    if (part->kind == PART_VALUE)
        good = (part->expr = hcl_expression(p)) != NULL;
    else
        good = read_directive(t, part);
    close = good ? hcl_peek(p).kind : HCL_T_EOF;
    if (good && close != HCL_T_RBRACE && close != HCL_T_TRIM_END) {
        hcl_mistake(p, hcl_span(p, part->start, part->start + 2),
                    "interpolation or directive is not closed");
        good = false;
    }
    if (good) {
        part->end = hcl_take(p).end;
        t->trim = close == HCL_T_TRIM_END;
    }
    hcl_newlines(p, newlines);
    return good;
}

static bool read_sequence(Template *t, uint32_t *pos)
{
    HclParser *p = t->p;
    Part part = {p->text[*pos] == '$' ? PART_VALUE : PART_IF, *pos, *pos + 2, {"", 0}, NULL, NULL};
    uint32_t inside = *pos + 2;

    if (inside < p->size && p->text[inside] == '~') {
        Part *last = t->count ? &t->parts[t->count - 1] : NULL;
        if (last && last->kind == PART_TEXT)
            last->text = trim_right(last->text);
        inside++;
    }
    t->trim = false;
    if (!read_inside(t, inside, &part))
        return false;
    *pos = part.end;
    return add_part(t, part);
}

/* Whether the line at `pos` is the marker alone; `*end` is then where the marker ends. */
static bool at_marker(const HclParser *p, Str marker, uint32_t pos, uint32_t *end)
{
    const char *newline = memchr(p->text + pos, '\n', p->size - pos);
    uint32_t line_end = newline ? (uint32_t)(newline - p->text) : p->size;
    Str line = str_trim((Str){p->text + pos, line_end - pos});

    if (!str_eq(line, marker))
        return false;
    *end = (uint32_t)(line.data - p->text) + line.size;
    return true;
}

/* Whether the template ends at `pos`; sets t->end. */
static bool at_end(Template *t, uint32_t pos)
{
    const HclParser *p = t->p;

    t->end = pos;
    if (t->mode == MODE_REST)
        return pos >= p->size;
    if (t->mode == MODE_QUOTED) {
        t->end = pos + 1;
        return pos < p->size && p->text[pos] == '"';
    }
    return pos < p->size && (pos == 0 || p->text[pos - 1] == '\n') &&
           (t->count == 0 || t->parts[t->count - 1].end == pos) &&
           at_marker(p, t->marker, pos, &t->end);
}

static bool read_parts(Template *t, uint32_t pos)
{
    HclParser *p = t->p;

    while (!at_end(t, pos)) {
        if (pos >= p->size) {
            hcl_mistake(p, hcl_span(p, t->open, t->open + 1),
                        t->mode == MODE_HEREDOC ? "heredoc is not closed" : "string is not closed");
            return false;
        }
        if (t->mode == MODE_QUOTED && p->text[pos] == '\n') {
            hcl_mistake(p, hcl_span(p, pos, pos + 1),
                        "a quoted string ends on its line; use a heredoc for more");
            return false;
        }
        if (at_opener(p, pos) ? !read_sequence(t, &pos) : !read_text(t, &pos))
            return false;
    }
    return true;
}

/* --- the indentation of <<- --- */

/* Bytes of the blank character that `s` begins with (Unicode, White_Space); 0 where it is none. */
static uint32_t blank_size(Str s)
{
    uint32_t c, length = s.size ? hcl_utf8(s.data, s.size, &c) : 0;
    bool blank;

    if (length <= 1)
        return length && is_space(*s.data);
    blank = c == 0x85 || c == 0xa0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200a) || c == 0x2028 ||
            c == 0x2029 || c == 0x202f || c == 0x205f || c == 0x3000;
    return blank ? length : 0;
}

/* Takes up to `count` blank characters off the front of `*s`; gives how many those were. */
static uint32_t take_blanks(Str *s, uint32_t count)
{
    uint32_t taken = 0, size;

    while (taken < count && (size = blank_size(*s)) != 0) {
        *s = str_from(*s, size);
        taken++;
    }
    return taken;
}

/* Whether a part is blank up to its line end. */
static bool blank_line(const Part *part, uint32_t *indent)
{
    Str text = part->text;

    *indent = part->kind == PART_TEXT ? take_blanks(&text, UINT32_MAX) : 0;
    return part->kind == PART_TEXT && part->text.size && text.size == 0 &&
           part->text.data[part->text.size - 1] == '\n';
}

static bool ends_line(const Part *part)
{
    return part->kind == PART_TEXT && part->text.size &&
           part->text.data[part->text.size - 1] == '\n';
}

/* The indentation that all lines share; what is blank to its line end does not count. */
static uint32_t shared_indent(const Template *t)
{
    uint32_t shared = UINT32_MAX;
    bool line = true;

    for (uint32_t i = 0; i < t->count; i++) {
        const Part *part = &t->parts[i];
        if (line) {
            uint32_t indent;
            if (!blank_line(part, &indent) && indent < shared)
                shared = indent;
        }
        line = ends_line(part);
    }
    return shared;
}

static void flush(Template *t)
{
    uint32_t shared = shared_indent(t);
    bool line = true;

    for (uint32_t i = 0; i < t->count; i++) {
        Part *part = &t->parts[i];
        bool next = ends_line(part);
        uint32_t indent;
        if (line && !blank_line(part, &indent) && part->kind == PART_TEXT)
            take_blanks(&part->text, shared);
        line = next;
    }
}

/* --- parts to an expression --- */

static const HclExpr *build(Template *t, uint32_t start, uint32_t end, bool root);

static PartKind next_kind(const Template *t)
{
    return t->next < t->count ? t->parts[t->next].kind : PART_END;
}

static const HclExpr *unexpected(Template *t)
{
    const Part *part = &t->parts[t->next];

    return hcl_mistake(t->p, hcl_span(t->p, part->start, part->end),
                       "this directive does not belong to an open if or for");
}

static const HclExpr *unclosed(Template *t, const Part *part)
{
    return hcl_mistake(t->p, hcl_span(t->p, part->start, part->end), "directive is not closed");
}

static const HclExpr *build_if(Template *t)
{
    Part part = t->parts[t->next++];
    HclExpr *expr = hcl_new(t->p, HCL_CONDITIONAL, part.start, part.end);

    if (!expr)
        return NULL;
    expr->a = part.expr;
    expr->b = build(t, part.end, part.end, false);
    if (expr->b && next_kind(t) == PART_ELSE) {
        uint32_t at = t->parts[t->next++].end;
        expr->c = build(t, at, at, false);
    } else if (expr->b) {
        expr->c = hcl_new_string(t->p, STR(""), part.end, part.end);
    }
    if (!expr->b || !expr->c)
        return NULL;
    if (next_kind(t) != PART_ENDIF)
        return next_kind(t) == PART_END ? unclosed(t, &part) : unexpected(t);
    expr->span.end = t->parts[t->next++].end;
    return hcl_finish(t->p, expr);
}

static const HclExpr *build_for(Template *t)
{
    Part part = t->parts[t->next++];
    HclExpr *expr = hcl_new(t->p, HCL_TEMPLATE_FOR, part.start, part.end);

    if (!expr)
        return NULL;
    part.loop->result = build(t, part.end, part.end, false);
    if (!part.loop->result)
        return NULL;
    if (next_kind(t) != PART_ENDFOR)
        return next_kind(t) == PART_END ? unclosed(t, &part) : unexpected(t);
    expr->span.end = t->parts[t->next++].end;
    expr->as.loop = part.loop;
    return hcl_finish(t->p, expr);
}

/* Texts in a row as one. */
static const HclExpr *build_text(Template *t)
{
    const Part *first = &t->parts[t->next++];
    Str text = first->text;
    uint32_t end = first->end;
    bool joined = false;
    Buf buf = buf_new(t->p->arena);

    while (next_kind(t) == PART_TEXT) {
        const Part *part = &t->parts[t->next++];
        if (!joined && part->text.data == text.data + text.size) {
            text.size += part->text.size;
        } else {
            if (!joined)
                buf_add(&buf, text);
            joined = true;
            buf_add(&buf, part->text);
        }
        end = part->end;
    }
    return hcl_new_string(t->p, joined ? buf_str(&buf) : text, first->start, end);
}

static const HclExpr *build_one(Template *t)
{
    switch (next_kind(t)) {
    case PART_TEXT:
        return build_text(t);
    case PART_VALUE:
        return t->parts[t->next++].expr;
    case PART_IF:
        return build_if(t);
    case PART_FOR:
        return build_for(t);
    default:
        return unexpected(t);
    }
}

static bool ends_nested(PartKind kind)
{
    return kind == PART_ELSE || kind == PART_ENDIF || kind == PART_ENDFOR;
}

static const HclExpr *build_list(Template *t, uint32_t start, uint32_t end, bool root)
{
    HclExpr *expr = hcl_new(t->p, HCL_TEMPLATE, start, end);
    HclList list = {0};

    while (next_kind(t) != PART_END && (root || !ends_nested(next_kind(t)))) {
        const HclExpr *item = build_one(t);
        if (!item || !hcl_list_add(t->p, &list, item))
            return NULL;
        if (!root)
            expr->span.end = item->span.end;
    }
    if (!expr)
        return NULL;
    if (list.count == 0)
        return hcl_new_string(t->p, STR(""), start, end);
    if (list.count == 1 && list.items[0]->kind == HCL_STRING)
        return hcl_new_string(t->p, list.items[0]->as.text, start, expr->span.end);
    expr->items = list.items;
    expr->count = list.count;
    return hcl_finish(t->p, expr);
}

static const HclExpr *build(Template *t, uint32_t start, uint32_t end, bool root)
{
    const HclExpr *expr;
    HclExpr *wrap;

    if (root && t->count == 1 && t->parts[0].kind == PART_VALUE) {
        wrap = hcl_new(t->p, HCL_WRAP, start, end);
        if (wrap)
            wrap->a = t->parts[0].expr;
        return hcl_finish(t->p, wrap);
    }
    if (t->p->depth >= LIMIT_DEPTH)
        return hcl_mistake(t->p, hcl_span(t->p, start, end), "template is nested too deeply");
    t->p->depth++;
    expr = build_list(t, start, end, root);
    t->p->depth--;
    return expr;
}

static const HclExpr *read_template(Template *t, uint32_t start, uint32_t pos, bool flushed)
{
    if (!read_parts(t, pos))
        return NULL;
    hcl_seek(t->p, t->end);
    t->p->last_end = t->end;
    if (flushed)
        flush(t);
    return build(t, start, t->end, true);
}

const HclExpr *hcl_quoted(HclParser *p, HclToken open)
{
    Template t = {.p = p, .mode = MODE_QUOTED, .open = open.start};
    bool escaped = false;
    uint32_t end = text_end(&t, open.end, &escaped);

    if (!escaped && end < p->size && p->text[end] == '"') {
        hcl_seek(p, end + 1);
        p->last_end = end + 1;
        return hcl_new_string(p, str_range(p->text + open.end, p->text + end), open.start, end + 1);
    }
    return read_template(&t, open.start, open.end, false);
}

/* The marker of the opener <<-MARKER with its line end. */
static Str heredoc_marker(const HclParser *p, HclToken open, bool *flushed)
{
    Str text = str_trim(str_from(hcl_token_text(p, open), 2));

    *flushed = text.size && *text.data == '-';
    return *flushed ? str_from(text, 1) : text;
}

const HclExpr *hcl_heredoc(HclParser *p, HclToken open)
{
    bool flushed;
    Template t = {.p = p, .mode = MODE_HEREDOC, .open = open.start};

    t.marker = heredoc_marker(p, open, &flushed);
    return read_template(&t, open.start, open.end, flushed);
}

const HclExpr *hcl_template_rest(HclParser *p)
{
    Template t = {.p = p, .mode = MODE_REST, .open = p->pos};

    return read_template(&t, p->pos, p->pos, false);
}

bool hcl_quoted_label(HclParser *p, HclToken open, Str *text)
{
    Template t = {.p = p, .mode = MODE_QUOTED, .open = open.start};
    bool escaped = false;
    uint32_t end = text_end(&t, open.end, &escaped);

    *text = str_range(p->text + open.end, p->text + end);
    if (end >= p->size || p->text[end] != '"') {
        bool opener = at_opener(p, end);
        hcl_mistake(p, hcl_span(p, end, end + (opener ? 2 : end < p->size)),
                    opener ? "nothing can be interpolated in a label" : "label is not closed");
        return false;
    }
    if (escaped && !decode(&t, open.end, end, text))
        return false;
    hcl_seek(p, end + 1);
    p->last_end = end + 1;
    return true;
}

/* --- skipping --- */

/* After the brace that closes the sequence whose inside begins at `pos`, within the line. */
static uint32_t skip_sequence(const HclParser *p, uint32_t pos, uint32_t depth)
{
    uint32_t open = 1;

    while (pos < p->size && p->text[pos] != '\n') {
        char c = p->text[pos];
        if (c == '"') {
            pos = hcl_skip_string(p, pos, depth + 1);
            continue;
        }
        open += c == '{';
        open -= c == '}';
        pos++;
        if (!open)
            break;
    }
    return pos;
}

uint32_t hcl_skip_string(const HclParser *p, uint32_t pos, uint32_t depth)
{
    if (depth > 32)
        return p->size;
    for (pos++; pos < p->size && p->text[pos] != '\n'; pos++) {
        if (p->text[pos] == '"')
            return pos + 1;
        if (p->text[pos] == '\\') {
            pos += pos + 1 < p->size && p->text[pos + 1] != '\n';
        } else if (at_escaped_opener(p, pos)) {
            pos += 2;
        } else if (at_opener(p, pos)) {
            pos = skip_sequence(p, pos + 2, depth) - 1;
        }
    }
    return pos;
}

uint32_t hcl_skip_heredoc(const HclParser *p, HclToken open)
{
    bool flushed;
    Str marker = heredoc_marker(p, open, &flushed);
    uint32_t pos = open.end, end;

    while (pos < p->size) {
        const char *newline;
        if (at_marker(p, marker, pos, &end))
            return end;
        newline = memchr(p->text + pos, '\n', p->size - pos);
        pos = newline ? (uint32_t)(newline - p->text) + 1 : p->size;
    }
    return p->size;
}
