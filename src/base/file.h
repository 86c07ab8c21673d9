/*
 * base/file.h - whole files in memory
 */
#ifndef PLUMB_BASE_FILE_H
#define PLUMB_BASE_FILE_H

#include "base/str.h"

/* Reads a regular file into `arena`, with a NUL after it that is not counted. `path` is relative
 * to the open directory `dir` (AT_FDCWD for the working directory). On failure false and an errno
 * value in `*error`: EFBIG beyond `limit` bytes, EISDIR and EINVAL for what is no regular file,
 * ENOMEM when the arena is spent. */
bool file_read(int dir, const char *path, size_t limit, Arena *arena, Str *text, int *error);

/* The same for a descriptor that stands at the start of the file, and is not closed. */
bool file_read_regular(int fd, size_t limit, Arena *arena, Str *text, int *error);

/* The same for an open descriptor of any kind, read to its end. */
bool file_read_fd(int fd, size_t limit, Arena *arena, Str *text, int *error);

/* Writes all of `text` to a descriptor; returns 0 or an errno value. */
int file_write(int fd, Str text);

#endif
