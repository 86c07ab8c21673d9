/*
 * store/locked_file.h - a file that one run at a time changes
 *
 * The lock is the file's own (flock), so that nothing is left behind by a run that is killed. It is
 * for plumb's runs among each other: what one of them finds damaged it may put aside, and no other
 * writes to it meanwhile.
 */
#ifndef PLUMB_STORE_LOCKED_FILE_H
#define PLUMB_STORE_LOCKED_FILE_H

#include "base/str.h"

typedef struct LockedFile {
    const char *path;
    int fd;
} LockedFile;

/* Makes the file if there is none, waits for its lock, and takes it. On failure false and errno:
 * EBUSY if another run holds it for longer than half a minute. */
bool locked_file_open(LockedFile *file, const char *path);
void locked_file_close(LockedFile *file);

/* Gives the file, and a journal beside it, another name, and takes the lock of a new one. The new
 * name of the old file, in `arena`; data NULL, with errno, if that fails. */
Str locked_file_set_aside(LockedFile *file, Arena *arena);

#endif
