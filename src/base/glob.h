/*
 * base/glob.h - paths against a pattern with `**`
 *
 * As Terraform's fileset() takes it: `*` and `?` do not match a slash, `**` as a whole part of the
 * path matches any number of parts, `[a-z]` and `[^a-z]` one character, `{a,b}` either, and a
 * backslash takes the next character as it is.
 */
#ifndef PLUMB_BASE_GLOB_H
#define PLUMB_BASE_GLOB_H

#include "base/str.h"

/* Whether all of `path` matches. Alternatives are put together in `arena`. `*effort` is how many
 * steps may still be taken; at 0 nothing matches any more. */
bool glob_match(Str pattern, Str path, Arena *arena, uint32_t *effort);

#endif
