#include "syntax/hcl_lex.h"

#include <stdarg.h>

void *hcl_mistake(HclParser *p, Span span, const char *format, ...)
{
    va_list args;

    /* Nothing that follows from spent memory is the input's mistake. */
    if (p->silent || arena_spent(p->arena))
        return NULL;
    p->silent = true;
    va_start(args, format);
    diag_add(p->diags, DIAG_ERROR, DIAG_HCL_SYNTAX, span, format, args);
    va_end(args);
    return NULL;
}

uint32_t hcl_utf8(const char *text, uint32_t size, uint32_t *codepoint)
{
    static const uint32_t smallest[5] = {0, 0, 0x80, 0x800, 0x10000};
    const unsigned char *s = (const unsigned char *)text;
    uint32_t length = s[0] < 0x80 ? 1 : s[0] < 0xc2 ? 0 : s[0] < 0xe0 ? 2 : s[0] < 0xf0 ? 3 : 4;
    uint32_t c = length == 1 ? s[0] : s[0] & (0xffu >> (length + 1));

    if (length == 0 || length > size || s[0] > 0xf4)
        return 0;
    for (uint32_t i = 1; i < length; i++) {
        if ((s[i] & 0xc0) != 0x80)
            return 0;
        c = c << 6 | (s[i] & 0x3f);
    }
    if (c > 0x10ffff || c < smallest[length] || (c >= 0xd800 && c < 0xe000))
        return 0;
    *codepoint = c;
    return length;
}

/* Whether a character beyond ASCII may stand in an identifier: all but the ranges that hold
 * blanks, punctuation and pictures (Unicode, ID_Continue; to the block and not the character). */
static bool is_name_codepoint(uint32_t c)
{
    if (c < 0xc0)
        return c == 0xaa || c == 0xb5 || c == 0xb7 || c == 0xba;
    if (c == 0xd7 || c == 0xf7)
        return false;
    if ((c >= 0x2000 && c < 0x2070) || (c >= 0x2190 && c < 0x2c00) || (c >= 0x3000 && c < 0x3005))
        return false;
    return !(c >= 0xe000 && c < 0xf900) && !(c >= 0xfe00 && c < 0xfe70 && c != 0xfe33) &&
           !(c >= 0xff00 && c < 0xff10) && !(c >= 0x1f000 && c < 0x20000) && c != 0xfeff &&
           c != 0xfffd;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return (unsigned char)((c | 0x20) - 'a') < 26 || c == '_';
}

/* Bytes of the character beyond ASCII at `pos`, if a name may hold it; else 0. */
static uint32_t name_codepoint_size(const HclParser *p, uint32_t pos)
{
    uint32_t codepoint, length;

    if ((unsigned char)p->text[pos] < 0x80)
        return 0;
    length = hcl_utf8(p->text + pos, p->size - pos, &codepoint);
    return length && is_name_codepoint(codepoint) ? length : 0;
}

/* Where the name ends that begins at `pos`; `pos` itself where none begins. */
static uint32_t name_end(const HclParser *p, uint32_t pos)
{
    const char *text = p->text;
    uint32_t size = p->size, length;

    if (pos < size && (is_digit(text[pos]) || text[pos] == '-'))
        return pos;
    while (pos < size) {
        if (is_letter(text[pos]) || is_digit(text[pos]) || text[pos] == '-')
            pos++;
        else if ((length = name_codepoint_size(p, pos)) != 0)
            pos += length;
        else
            break;
    }
    return pos;
}

static uint32_t digits_end(const HclParser *p, uint32_t pos)
{
    while (pos < p->size && is_digit(p->text[pos]))
        pos++;
    return pos;
}

static uint32_t number_end(const HclParser *p, uint32_t pos)
{
    uint32_t mark;

    pos = digits_end(p, pos);
    if (pos + 1 < p->size && p->text[pos] == '.' && is_digit(p->text[pos + 1]))
        pos = digits_end(p, pos + 1);
    mark = pos;
    if (pos < p->size && (p->text[pos] == 'e' || p->text[pos] == 'E')) {
        pos++;
        if (pos < p->size && (p->text[pos] == '+' || p->text[pos] == '-'))
            pos++;
        return pos < p->size && is_digit(p->text[pos]) ? digits_end(p, pos) : mark;
    }
    return pos;
}

static void add_comment(HclParser *p, uint32_t start, uint32_t end)
{
    /* What is looked at twice is the same comment. */
    if (p->comment_count && p->comments[p->comment_count - 1].start >= start)
        return;
    Span *items = arena_grow(p->arena, p->comments, p->comment_count, &p->comment_capacity,
                             (size_t)p->comment_count + 1, sizeof(Span));
    if (!items)
        return;
    p->comments = items;
    p->comments[p->comment_count++] = hcl_span(p, start, end);
}

static uint32_t line_end(const HclParser *p, uint32_t pos)
{
    const char *end = memchr(p->text + pos, '\n', p->size - pos);

    return end ? (uint32_t)(end - p->text) : p->size;
}

static uint32_t block_comment_end(HclParser *p, uint32_t start)
{
    Str rest = {p->text + start + 2, p->size - start - 2};
    int64_t end = str_find(rest, STR("*/"));

    if (end >= 0)
        return start + 2 + (uint32_t)end + 2;
    hcl_mistake(p, hcl_span(p, start, start + 2), "comment is not closed");
    return p->size;
}

/* Skips blanks and comments, and line ends where they mean nothing. */
static void skip_blank(HclParser *p)
{
    for (;;) {
        uint32_t start = p->pos;
        char c, next;
        while (start < p->size && p->text[start] == ' ')
            start++;
        p->pos = start;
        if (start == p->size || is_letter(p->text[start]))
            return;
        c = p->text[start];
        next = start + 1 < p->size ? p->text[start + 1] : '\0';
        if (c == '\t' || (c == '\r' && next == '\n') || (c == '\n' && !p->newlines)) {
            p->pos++;
        } else if (c == '#' || (c == '/' && next == '/')) {
            p->pos = line_end(p, start);
            add_comment(p, start, p->pos);
        } else if (c == '/' && next == '*') {
            p->pos = block_comment_end(p, start);
            add_comment(p, start, p->pos);
        } else {
            return;
        }
    }
}

/* The heredoc opener at `pos`, with its line end; `pos` where it is none. */
static uint32_t heredoc_opener_end(const HclParser *p, uint32_t pos)
{
    uint32_t mark = pos + 2, end;

    if (mark < p->size && p->text[mark] == '-')
        mark++;
    end = name_end(p, mark);
    if (end == mark)
        return pos;
    if (end < p->size && p->text[end] == '\r')
        end++;
    return end < p->size && p->text[end] == '\n' ? end + 1 : pos;
}

/* An operator of two characters or more. */
typedef struct Operator {
    char text[4];
    uint8_t size;
    HclTokenKind kind;
} Operator;

static const Operator longer[] = {
    {"...", 3, HCL_T_ELLIPSIS}, {"==", 2, HCL_T_EQ}, {"=>", 2, HCL_T_ARROW},
    {"!=", 2, HCL_T_NE},        {"<=", 2, HCL_T_LE}, {">=", 2, HCL_T_GE},
    {"&&", 2, HCL_T_AND},       {"||", 2, HCL_T_OR}, {"::", 2, HCL_T_DOUBLE_COLON},
    {"~}", 2, HCL_T_TRIM_END},
};

/* What a character is by itself; HCL_T_EOF where it is nothing. */
static HclTokenKind single(char c)
{
    static const uint8_t kinds[128] = {
        ['('] = HCL_T_LPAREN,   [')'] = HCL_T_RPAREN,   ['['] = HCL_T_LBRACK,  [']'] = HCL_T_RBRACK,
        ['{'] = HCL_T_LBRACE,   ['}'] = HCL_T_RBRACE,   [','] = HCL_T_COMMA,   ['.'] = HCL_T_DOT,
        [':'] = HCL_T_COLON,    ['?'] = HCL_T_QUESTION, ['='] = HCL_T_ASSIGN,  ['!'] = HCL_T_NOT,
        ['<'] = HCL_T_LT,       ['>'] = HCL_T_GT,       ['+'] = HCL_T_PLUS,    ['-'] = HCL_T_MINUS,
        ['*'] = HCL_T_STAR,     ['/'] = HCL_T_SLASH,    ['%'] = HCL_T_PERCENT, ['"'] = HCL_T_QUOTE,
        ['\n'] = HCL_T_NEWLINE,
    };

    return (unsigned char)c < 128 ? (HclTokenKind)kinds[(unsigned char)c] : HCL_T_EOF;
}

/* What may be the second character of an operator follows for most of them never. */
static const Operator *find_longer(const HclParser *p, uint32_t pos)
{
    char first = p->text[pos], second = pos + 1 < p->size ? p->text[pos + 1] : '\0';

    if (second == ' ' || second == '\n' || !memchr("=>&|:}.", second, 7))
        return NULL;
    for (size_t i = 0; i < sizeof longer / sizeof *longer; i++)
        if (longer[i].text[0] == first && longer[i].text[1] == second &&
            longer[i].size <= p->size - pos &&
            (longer[i].size == 2 || p->text[pos + 2] == longer[i].text[2]))
            return &longer[i];
    return NULL;
}

static HclToken lex_operator(const HclParser *p, uint32_t pos)
{
    const Operator *found = find_longer(p, pos);
    HclTokenKind kind = single(p->text[pos]);
    uint32_t codepoint, length;

    if (found)
        return (HclToken){found->kind, pos, pos + found->size};
    if (kind != HCL_T_EOF)
        return (HclToken){kind, pos, pos + 1};
    length = hcl_utf8(p->text + pos, p->size - pos, &codepoint);
    return (HclToken){HCL_T_BAD, pos, pos + (length ? length : 1)};
}

static HclToken lex(HclParser *p)
{
    uint32_t pos, end;

    skip_blank(p);
    pos = p->pos;
    if (pos >= p->size)
        return (HclToken){HCL_T_EOF, p->size, p->size};
    end = name_end(p, pos);
    if (end > pos)
        return (HclToken){HCL_T_IDENT, pos, end};
    if (is_digit(p->text[pos]))
        return (HclToken){HCL_T_NUMBER, pos, number_end(p, pos)};
    if (p->text[pos] == '<' && pos + 1 < p->size && p->text[pos + 1] == '<') {
        end = heredoc_opener_end(p, pos);
        if (end > pos)
            return (HclToken){HCL_T_HEREDOC, pos, end};
    }
    return lex_operator(p, pos);
}

void hcl_lex(HclParser *p)
{
    p->before = p->pos;
    p->token = lex(p);
    p->pos = p->token.end;
    p->peeked = true;
}

/* Whether the token at hand would be another one if line ends meant something else. */
static bool depends_on_newlines(const HclParser *p)
{
    return p->newlines ? p->token.kind == HCL_T_NEWLINE
                       : p->token.start > p->before &&
                             memchr(p->text + p->before, '\n', p->token.start - p->before) != NULL;
}

bool hcl_newlines(HclParser *p, bool newlines)
{
    bool was = p->newlines;

    if (p->peeked && was != newlines && depends_on_newlines(p))
        hcl_seek(p, p->before);
    p->newlines = newlines;
    return was;
}

void hcl_seek(HclParser *p, uint32_t pos)
{
    p->pos = pos;
    p->peeked = false;
}

bool hcl_at_word(HclParser *p, const char *word)
{
    HclToken token = hcl_peek(p);

    return token.kind == HCL_T_IDENT && str_eq(hcl_token_text(p, token), str_of(word));
}
