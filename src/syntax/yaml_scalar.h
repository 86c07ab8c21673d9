/*
 * syntax/yaml_scalar.h - scalars for the fast YAML reader
 *
 * Each function reads the scalar that begins at the cursor. False leaves the text to libyaml.
 */
#ifndef PLUMB_SYNTAX_YAML_SCALAR_H
#define PLUMB_SYNTAX_YAML_SCALAR_H

#include "syntax/yaml_cursor.h"

/* Whether a plain scalar can begin at the cursor, outside of brackets or between them: with a dash
 * or a colon, it depends on what follows. */
bool yaml_indicator_begins_plain(const YamlCursor *c, bool flow);
static inline bool yaml_begins_plain(const YamlCursor *c, bool flow)
{
    return !yaml_is(yaml_peek(c, c->at), YAML_NO_START) || yaml_indicator_begins_plain(c, flow);
}

/* The part of a plain scalar that is on one line. The cursor is left at what ends it, behind blanks
 * before that. The second is for those between brackets. */
void yaml_read_plain(YamlCursor *c, Node *node);
bool yaml_read_flow_plain(YamlCursor *c, Node *node);

/* From a line that belongs to the plain scalar `node` too, in a collection that `indent` columns
 * are before, over all of them to the next token. */
bool yaml_continue_plain(YamlCursor *c, int64_t indent, Node *node);

/* With quotes, which may be on different lines; the cursor is left behind the second. */
bool yaml_read_quoted(YamlCursor *c, Node *node);

/* `|` and `>`; goes on to the next token. */
bool yaml_read_block_scalar(YamlCursor *c, int64_t indent, Node *node);

#endif
