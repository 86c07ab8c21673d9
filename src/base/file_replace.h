/*
 * base/file_replace.h - a new text for a file, all of it or nothing
 */
#ifndef PLUMB_BASE_FILE_REPLACE_H
#define PLUMB_BASE_FILE_REPLACE_H

#include <sys/stat.h>

#include "base/str.h"

/* Gives the regular file `name` in the open directory `dir` the bytes `text`: they are written to a
 * file beside it, which then takes its name and its permissions. `seen` is what fstat() said when
 * the old bytes were read. On failure false, the file as it was, and an errno value in `*error`:
 * ESTALE when it is not the file that was seen any more, or was written to since; EACCES when the
 * user may not write it. */
bool file_replace(int dir, const char *name, Str text, const struct stat *seen, int *error);

#endif
