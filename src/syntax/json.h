/*
 * syntax/json.h - JSON text to nodes
 *
 * Strict RFC 8259, built for plans of many megabytes: one pass, strings are views into the text
 * unless they hold an escape, lists and maps are arrays of exactly their size.
 */
#ifndef PLUMB_SYNTAX_JSON_H
#define PLUMB_SYNTAX_JSON_H

#include "base/diag.h"
#include "syntax/node.h"

/* Reads the one value that `source`'s text (UTF-8, text_decode()) holds. `*node` points into the
 * text, which must live as long, and into `arena`.
 *
 * A key given twice takes its last value and is a warning; a lone surrogate is read as U+FFFD.
 * Numbers that fit no int64 are doubles. False for anything that is not JSON, with the first
 * mistake reported at its place, for nesting beyond LIMIT_DEPTH, and when memory is short. */
bool json_read(const Source *source, const Symbols *symbols, Arena *arena, DiagSink *diags,
               Node *node);

/* The same, but members of the outermost object named in `skip` are only checked for syntax, at a
 * fraction of the cost: each is null with the span of its value, which json_read_part() can read
 * later. */
bool json_read_partial(const Source *source, const Symbols *symbols, Arena *arena, DiagSink *diags,
                       const Str *skip, uint32_t skip_count, Node *node);

/* Reads the one value in a part of `source`'s text. */
bool json_read_part(const Source *source, Span part, const Symbols *symbols, Arena *arena,
                    DiagSink *diags, Node *node);

#endif
