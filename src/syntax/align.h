/*
 * syntax/align.h - which byte of a source made which byte of a text that was decoded out of it
 */
#ifndef PLUMB_SYNTAX_ALIGN_H
#define PLUMB_SYNTAX_ALIGN_H

#include "base/source.h"
#include "syntax/node.h"

/* The way back from `text` to its source: which byte of `raw`, that stands at `offset`, made which
 * byte of it, as far as escapes, indentation and line ends of JSON, YAML and HCL go. The steps are
 * in `arena`; NULL and no count where the two do not match. */
const OffsetStep *text_align(Str text, Str raw, uint32_t offset, Arena *arena, uint32_t *count);

/* A source that is the text of a string of one of `sources`, with the way back into that as far as
 * it can be told. NULL when the arena is spent. */
Source *sources_add_string(Sources *sources, const Node *string);

#endif
