/*
 * scan/folder.h - the names in a directory
 */
#ifndef PLUMB_SCAN_FOLDER_H
#define PLUMB_SCAN_FOLDER_H

#include "base/str.h"

/* What a name stands for; links and devices are FOLDER_OTHER. */
typedef enum FolderKind {
    FOLDER_FILE,
    FOLDER_DIRECTORY,
    FOLDER_OTHER,
} FolderKind;

/* Takes one name, which is gone when it returns; never "." or "..". */
typedef void FolderFn(void *context, Str name, FolderKind kind);

/* Opens the directory `path`, relative to the open directory `dir`, for reading; a link is not
 * followed. -1 with errno set if that fails. The caller closes it. */
int folder_open(int dir, const char *path);

/* Calls `each` for every name in the directory `path`, relative to the open directory `dir`, in no
 * order. A link is not followed. False with an errno value in `*error` if it cannot be read. */
bool folder_read(int dir, const char *path, FolderFn *each, void *context, int *error);

/* The same for an open directory, which is not closed. */
bool folder_read_open(int fd, FolderFn *each, void *context, int *error);

#endif
