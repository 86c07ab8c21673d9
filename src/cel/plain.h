/*
 * cel/plain.h - nodes that are no input, as CEL's own values
 *
 * What rules and their configuration say is never the place of a finding, and a misspelt field of
 * it is an error.
 */
#ifndef PLUMB_CEL_PLAIN_H
#define PLUMB_CEL_PLAIN_H

#include "cel/value.h"

/* The same value in `arena`, texts kept; null where that is spent. */
CelValue cel_plain(const Node *node, Arena *arena);

#endif
