/*
 * syntax/yaml_flow.h - lists and maps in brackets for the fast YAML reader
 */
#ifndef PLUMB_SYNTAX_YAML_FLOW_H
#define PLUMB_SYNTAX_YAML_FLOW_H

#include "syntax/yaml_cursor.h"

/* The longest key, with the blanks behind it, that needs no `?` before it (YAML 1.2, 7.4.2). */
#define YAML_KEY_MAX 1024

/* Reads the `[` or `{` at the cursor, which is left behind the closing bracket. False leaves the
 * text to libyaml. */
bool yaml_read_flow(YamlCursor *c, Node *node);

#endif
