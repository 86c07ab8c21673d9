/*
 * base/regex.h - regular expressions in RE2 syntax
 *
 * By PCRE2, whose types stay in here. A pattern that is plain text between anchors is searched as
 * such. Matching is bounded by LIMIT_REGEX_MATCH and LIMIT_REGEX_DEPTH.
 */
#ifndef PLUMB_BASE_REGEX_H
#define PLUMB_BASE_REGEX_H

#include "base/regex_syntax.h"

/* A compiled pattern; any number of threads may use it at once. */
typedef struct Regex Regex;

/* Compiles `pattern`, which is not kept. NULL with a sentence in `error` for what RE2 does not
 * accept, or when memory is short. The caller ends it with regex_free(), which takes NULL too. */
Regex *regex_new(Str pattern, char error[REGEX_ERROR_SIZE]);
void regex_free(Regex *regex);

/* Groups in parentheses, the whole match not counted. */
uint32_t regex_group_count(const Regex *regex);

typedef enum RegexResult {
    REGEX_NONE,
    REGEX_FOUND,
    REGEX_FAILED, /* the limit on work was reached, or memory is short */
} RegexResult;

/* Where a match or a group of it lies in the text; both UINT32_MAX for a group that took no part.
 */
typedef struct RegexSpan {
    uint32_t start;
    uint32_t end;
} RegexSpan;

/* Searches `text` from byte `from` on. `spans`, where not NULL, takes the first `span_count` of the
 * whole match and its groups. Memory for the search is taken from `scratch` and given back. */
RegexResult regex_find(const Regex *regex, Str text, uint32_t from, Arena *scratch,
                       RegexSpan *spans, uint32_t span_count);

#endif
