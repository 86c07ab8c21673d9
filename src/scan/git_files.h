/*
 * scan/git_files.h - one of git's trees as the files of a scan
 */
#ifndef PLUMB_SCAN_GIT_FILES_H
#define PLUMB_SCAN_GIT_FILES_H

#include "git/repository.h"
#include "scan/file_tree.h"

/* What file on disk is meant, and how git last saw it. */
typedef struct GitDisk {
    const GitTree *index; /* paths from the boundary, as in all trees here */
    int dir;              /* the boundary, open */
    Str boundary;         /* its absolute path */
} GitDisk;

typedef struct GitFiles {
    FileTree tree; /* the first member: what the scan is given */
    GitRepository *repository;
    const GitTree *entries;
    const GitDisk *disk;
} GitFiles;

/* The files of `entries`, whose blobs are read from `repository`, or from `disk` where that has the
 * same bytes, which is faster. What Terraform has downloaded git does not know; it is read from
 * `disk`. All is kept. */
GitFiles git_files(GitRepository *repository, const GitTree *entries, const GitDisk *disk,
                   const char *name);

/* Whether the file on disk is the one that the index holds as `entry`, told by its status alone. A
 * file that was written when the index was is not vouched for. */
bool git_disk_same(const GitDisk *disk, const GitEntry *entry);

#endif
