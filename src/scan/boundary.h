/*
 * scan/boundary.h - files inside the boundary of a scan, whatever links say
 */
#ifndef PLUMB_SCAN_BOUNDARY_H
#define PLUMB_SCAN_BOUNDARY_H

#include "scan/discover.h"

/* Opens a file or directory on disk for reading. `path` is relative to the boundary; links on the
 * way are followed as long as they stay inside of it. The caller closes what it gets; -1 with errno
 * set where there is nothing, or it lies outside. */
int boundary_open(const ScanRoot *root, const char *path, bool directory);

/* The bytes of a regular file, as file_read() gives them. `path` is relative to the boundary; links
 * on the way are followed as long as they stay inside of it. */
bool boundary_read(const ScanRoot *root, const char *path, Arena *arena, Str *text, int *error);

/* The text that a file is to have in place of the one on disk; false where it is to stay. */
bool boundary_changed(const ScanRoot *root, Str path, Str *text);

/* The names in a directory, as folder_read() gives them; "." for the boundary itself. */
bool boundary_list(const ScanRoot *root, const char *path, FolderFn *each, void *context,
                   int *error);

/* Whether there is anything at `path`, from the boundary, in the tree that is scanned. */
bool boundary_find(const ScanRoot *root, Str path);

/* Whether there is anything at `path`, which need not end with NUL, from the open directory `dir`.
 */
bool boundary_has(int dir, Str path);

#endif
