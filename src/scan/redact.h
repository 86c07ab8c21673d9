/*
 * scan/redact.h - sensitive values out of texts
 */
#ifndef PLUMB_SCAN_REDACT_H
#define PLUMB_SCAN_REDACT_H

#include "syntax/node.h"

/* `text` with "(sensitive)" wherever a sensitive text below `body` stands in it: `text` itself
 * where there is none, else a copy in `arena`. Texts of one or two letters are no secrets. */
Str redact(const Node *body, Str text, Arena *arena);

#endif
