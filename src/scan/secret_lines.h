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

/* What was said last, for lines of the same file; zeroed at first. */
typedef struct SecretSuspect {
    const Source *source;
    bool whole; /* any line of it */
} SecretSuspect;

/* Whether the line of `span` may hold a secret, by its words and by what file it is in: for places
 * in what could not be read, of which no rule has anything to say. */
bool secret_lines_suspect(SecretSuspect *last, const Unit *unit, Span span);

#endif
