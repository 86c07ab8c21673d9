/*
 * cel/lex.h - the words of a CEL expression
 *
 * One at a time, as the parser asks. Literals come with their values; escapes are resolved. The
 * grammar is that of https://github.com/google/cel-spec, doc/langdef.md, "Syntax".
 */
#ifndef PLUMB_CEL_LEX_H
#define PLUMB_CEL_LEX_H

#include "base/diag.h"

typedef enum CelTokenKind {
    CEL_TOKEN_END,
    CEL_TOKEN_ERROR,    /* reported already */
    CEL_TOKEN_IDENT,    /* text */
    CEL_TOKEN_RESERVED, /* text: a name after a dot, nowhere else */
    CEL_TOKEN_QUOTED,   /* text without its backticks */
    CEL_TOKEN_INT,      /* as.magnitude, without a sign */
    CEL_TOKEN_UINT,     /* as.magnitude */
    CEL_TOKEN_DOUBLE,   /* as.number */
    CEL_TOKEN_STRING,   /* text */
    CEL_TOKEN_BYTES,    /* text */
    CEL_TOKEN_TRUE,
    CEL_TOKEN_FALSE,
    CEL_TOKEN_NULL,
    CEL_TOKEN_IN,
    CEL_TOKEN_DOT,
    CEL_TOKEN_COMMA,
    CEL_TOKEN_COLON,
    CEL_TOKEN_QUESTION,
    CEL_TOKEN_LEFT_PAREN,
    CEL_TOKEN_RIGHT_PAREN,
    CEL_TOKEN_LEFT_BRACKET,
    CEL_TOKEN_RIGHT_BRACKET,
    CEL_TOKEN_LEFT_BRACE,
    CEL_TOKEN_RIGHT_BRACE,
    CEL_TOKEN_PLUS,
    CEL_TOKEN_MINUS,
    CEL_TOKEN_STAR,
    CEL_TOKEN_SLASH,
    CEL_TOKEN_PERCENT,
    CEL_TOKEN_NOT,
    CEL_TOKEN_AND,
    CEL_TOKEN_OR,
    CEL_TOKEN_EQUAL,
    CEL_TOKEN_NOT_EQUAL,
    CEL_TOKEN_LESS,
    CEL_TOKEN_LESS_EQUAL,
    CEL_TOKEN_GREATER,
    CEL_TOKEN_GREATER_EQUAL,
} CelTokenKind;

typedef struct CelToken {
    CelTokenKind kind;
    uint32_t start; /* in the text of the expression */
    uint32_t end;
    Str text;
    union {
        uint64_t magnitude;
        double number;
    } as;
} CelToken;

typedef struct CelLexer {
    Str text;
    uint32_t at;
    uint32_t source; /* for spans: number of the source, */
    uint32_t offset; /* and where in it the text begins */
    Arena *arena;
    DiagSink *diags;
} CelLexer;

/* The next token. After CEL_TOKEN_END or CEL_TOKEN_ERROR there is no use in going on. Its text
 * points into the expression, or into the arena where an escape forces a copy. */
CelToken cel_lex(CelLexer *lexer);

#endif
