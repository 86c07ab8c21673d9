/*
 * report/line_hash.h - the hash by which GitHub's code scanning follows a line
 *
 * `primaryLocationLineHash`: a rolling hash over the hundred characters from the start of a line
 * on, blanks left out, and the number of that hash among the lines of the file. It stays the same
 * while a line moves.
 */
#ifndef PLUMB_REPORT_LINE_HASH_H
#define PLUMB_REPORT_LINE_HASH_H

#include "base/str.h"

typedef struct LineHash {
    uint64_t hash;
    uint32_t number; /* the how manieth line of that hash, from 1 */
} LineHash;

/* The hashes of the lines of `text`, which may hold any bytes, in `arena`: `*count`, at least one.
 * A line ends with LF, CR, or both. NULL if memory is short. */
LineHash *line_hashes(Str text, Arena *arena, uint32_t *count);

/* "c129715d7a2bc9a3:1" in `arena`. */
Str line_hash_text(LineHash hash, Arena *arena);

#endif
