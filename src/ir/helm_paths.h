/*
 * ir/helm_paths.h - which values of a chart a template prints at a place
 *
 * Follows `with`, `range` and variables, as far as they lead from one value to another.
 */
#ifndef PLUMB_IR_HELM_PATHS_H
#define PLUMB_IR_HELM_PATHS_H

#include "base/arena.h"
#include "base/str.h"

/* What is kept from one question to the next, since many are about one template. */
typedef struct HelmPathFinder HelmPathFinder;

/* In `arena`, as are the paths that it finds; NULL if that is spent. */
HelmPathFinder *helm_paths_new(Arena *arena);

/* The values, such as "image.tag", that actions print between `start` and the end of its line.
 * Where that is a key without a value, those right below it; where there are none, those that would
 * be printed for what `attribute` names and the lines from `start` on could hold. At most `most` of
 * them, in `paths`. */
uint32_t helm_paths_at(HelmPathFinder *finder, Str text, uint32_t start, Str attribute, Str *paths,
                       uint32_t most);

/* The names and dots that a text begins with. */
Str helm_field_path(Str text);

#endif
