/*
 * syntax/yaml_fast.h - the plain part of YAML, read without libyaml
 *
 * The reading is libyaml's: block and flow collections, comments and scalars of every style, which
 * nearly every manifest keeps to, come out as the same nodes with the same spans, several times as
 * fast. libyaml alone took more time than a whole scan may take. Anchors, aliases, tags, `?`,
 * directives, a key given twice, whatever is a mistake or needs a second thought is left to
 * libyaml, which stays the authority for it and for every error: this reader reports nothing.
 * tests/fuzz/fuzz_yaml_fast.c holds the two together.
 */
#ifndef PLUMB_SYNTAX_YAML_FAST_H
#define PLUMB_SYNTAX_YAML_FAST_H

#include "syntax/stack.h"
#include "syntax/yaml.h"

/* Reads documents from the start of `source`'s text until one that it leaves to libyaml, and pushes
 * them on `documents`, of YamlDocument, each with the end of the text for its end unless another
 * was read behind it. True if that was all of the text; else `*at` is where the first document
 * begins that was not read: 0, or a `---` with no `...` before it. Also false with memory short or
 * `arena` spent. */
bool yaml_fast_read(const Source *source, const Symbols *symbols, Arena *arena, Stack *documents,
                    uint32_t *at);

#endif
