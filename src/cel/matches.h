/*
 * cel/matches.h - which short texts match which patterns
 *
 * The names of attributes and labels that rules put to their patterns are the same few in every
 * resource. What one of them came to is remembered until another text takes its place.
 */
#ifndef PLUMB_CEL_MATCHES_H
#define PLUMB_CEL_MATCHES_H

#include "base/arena.h"
#include "base/regex.h"

typedef struct CelMatches CelMatches;

/* An empty memory; NULL if the arena is spent. Belongs to one machine. */
CelMatches *cel_matches_new(Arena *arena);

/* As regex_find() from the text's begin, without spans. `regex` must live as long as the memory,
 * which may be NULL. */
RegexResult cel_matches_find(CelMatches *matches, const Regex *regex, Str text, Arena *scratch);

#endif
