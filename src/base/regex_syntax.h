/*
 * base/regex_syntax.h - RE2 syntax as patterns that PCRE2 reads the same way
 *
 * Rules and Kubernetes policies are written for RE2 (https://github.com/google/re2/wiki/Syntax).
 * What only a backtracking engine has (look-around, back references, atomic groups and so on) is
 * refused, so that a rule which plumb accepts runs everywhere.
 */
#ifndef PLUMB_BASE_REGEX_SYNTAX_H
#define PLUMB_BASE_REGEX_SYNTAX_H

#include "base/str.h"

#define REGEX_ERROR_SIZE 160

/* A pattern in PCRE2's syntax, and what is known of it without matching. */
typedef struct RegexSyntax {
    char *pattern; /* room for regex_syntax_room() bytes; the caller's */
    uint32_t size;
    bool literal; /* only plain text between the anchors: `text` */
    char *text;   /* room for as many bytes as the pattern has; the caller's */
    uint32_t text_size;
    bool at_start; /* begins with ^ or \A */
    bool at_end;   /* ends with $ or \z */
} RegexSyntax;

/* Bytes that the translation of a pattern of `size` bytes takes up at most. */
static inline size_t regex_syntax_room(uint32_t size)
{
    return (size_t)size * 7 + 1;
}

/* Translates `pattern`. False, with a sentence in `error`, for what RE2 does not accept; what
 * both refuse alike, such as an open bracket, is left to PCRE2. */
bool regex_syntax_translate(Str pattern, RegexSyntax *out, char error[REGEX_ERROR_SIZE]);

#endif
