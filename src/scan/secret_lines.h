/*
 * scan/secret_lines.h - no excerpt repeats what a rule about secrets has found
 *
 * Such a rule's own findings have none (rule_is_secret()); this is about all else that points at
 * the same lines, as in `env: [{name: PASSWORD, value: ...}]` where another rule misses a field.
 */
#ifndef PLUMB_SCAN_SECRET_LINES_H
#define PLUMB_SCAN_SECRET_LINES_H

#include "scan/evaluate.h"

/* Takes the excerpts of verdicts and problems away that show such a line. The verdicts are those of
 * one unit, sorted by file and line. */
void secret_lines_hide(VerdictSink *sink);

#endif
