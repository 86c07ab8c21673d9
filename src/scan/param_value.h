/*
 * scan/param_value.h - values for the parameters of rules
 */
#ifndef PLUMB_SCAN_PARAM_VALUE_H
#define PLUMB_SCAN_PARAM_VALUE_H

#include "syntax/node.h"

/* What `node`, which plumb.yaml has, is as a value of the kind that the rule's own value is of, in
 * `*value`. False where it is none of that kind. */
bool param_value(NodeKind kind, const Node *node, Arena *arena, Node *value);

/* "a whole number", ... */
const char *param_kind_words(NodeKind kind);

#endif
