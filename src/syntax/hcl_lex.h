/*
 * syntax/hcl_lex.h - HCL text to tokens, one at a time
 *
 * Tokens are made when they are asked for, because what they are depends on where the parser is: a
 * newline ends an argument but means nothing between parentheses, and text inside quotes is read by
 * syntax/hcl_template.h from where the last token ended.
 */
#ifndef PLUMB_SYNTAX_HCL_LEX_H
#define PLUMB_SYNTAX_HCL_LEX_H

#include "syntax/hcl.h"

typedef enum HclTokenKind {
    HCL_T_EOF,
    HCL_T_NEWLINE,
    HCL_T_IDENT,
    HCL_T_NUMBER,
    HCL_T_QUOTE,   /* " */
    HCL_T_HEREDOC, /* <<EOT or <<-EOT with its line end */
    HCL_T_LPAREN,
    HCL_T_RPAREN,
    HCL_T_LBRACK,
    HCL_T_RBRACK,
    HCL_T_LBRACE,
    HCL_T_RBRACE,
    HCL_T_TRIM_END, /* ~} */
    HCL_T_COMMA,
    HCL_T_DOT,
    HCL_T_ELLIPSIS,
    HCL_T_COLON,
    HCL_T_DOUBLE_COLON,
    HCL_T_QUESTION,
    HCL_T_ASSIGN,
    HCL_T_ARROW, /* => */
    HCL_T_EQ,
    HCL_T_NE,
    HCL_T_NOT,
    HCL_T_LT,
    HCL_T_LE,
    HCL_T_GT,
    HCL_T_GE,
    HCL_T_AND,
    HCL_T_OR,
    HCL_T_PLUS,
    HCL_T_MINUS,
    HCL_T_STAR,
    HCL_T_SLASH,
    HCL_T_PERCENT,
    HCL_T_BAD, /* a character that begins nothing */
} HclTokenKind;

typedef struct HclToken {
    HclTokenKind kind;
    uint32_t start;
    uint32_t end;
} HclToken;

typedef struct HclParser {
    const Source *source;
    Arena *arena;
    DiagSink *diags;
    const char *text;
    uint32_t size;
    uint32_t pos;    /* where the next token is looked for */
    bool newlines;   /* whether they are tokens here */
    bool peeked;     /* `token` is the next one, and `pos` its end */
    bool silent;     /* a mistake was reported in this item: what follows from it is not */
    uint32_t before; /* `pos` before `token` was looked for */
    HclToken token;
    uint32_t last_end; /* where the last token taken ends */
    uint32_t depth;
    uint32_t lost; /* mistakes after which no end of the item was found */
    Span *comments;
    uint32_t comment_count;
    uint32_t comment_capacity;
} HclParser;

/* Makes the next token, which is not there yet. For hcl_peek() alone. */
void hcl_lex(HclParser *p);

/* The next token, which stays the next one. */
static inline HclToken hcl_peek(HclParser *p)
{
    if (!p->peeked)
        hcl_lex(p);
    return p->token;
}

/* Takes the next token. */
static inline HclToken hcl_take(HclParser *p)
{
    HclToken token = hcl_peek(p);

    p->peeked = false;
    p->last_end = token.end;
    return token;
}

/* Takes the next token if it is of that kind. */
static inline bool hcl_accept(HclParser *p, HclTokenKind kind)
{
    if (hcl_peek(p).kind != kind)
        return false;
    hcl_take(p);
    return true;
}

/* Switches whether newlines are tokens, and looks again at what was peeked. Returns what it was. */
bool hcl_newlines(HclParser *p, bool newlines);

/* Goes on reading at `pos`. */
void hcl_seek(HclParser *p, uint32_t pos);

/* Whether the next token is this word. */
bool hcl_at_word(HclParser *p, const char *word);

static inline Str hcl_token_text(const HclParser *p, HclToken token)
{
    return (Str){p->text + token.start, token.end - token.start};
}

static inline Span hcl_span(const HclParser *p, uint32_t start, uint32_t end)
{
    return (Span){p->source->number, start, end};
}

static inline Span hcl_token_span(const HclParser *p, HclToken token)
{
    return hcl_span(p, token.start, token.end);
}

/* Reports a mistake unless one in the same item was reported before. Returns NULL, for callers that
 * return it. */
void *hcl_mistake(HclParser *p, Span span, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Bytes of the UTF-8 character at `text`, of which `size` are there; 0 where it is none. */
uint32_t hcl_utf8(const char *text, uint32_t size, uint32_t *codepoint);

#endif
