/*
 * scan/sides.h - what git holds of what is scanned: the index, and an earlier tree
 *
 * With --staged the scan reads the index's blobs and not the disk. With --since it is held against
 * the tree of an earlier commit: the newest one that HEAD and what was named have in common, so
 * that what happened on the other branch since then is no change of this one.
 */
#ifndef PLUMB_SCAN_SIDES_H
#define PLUMB_SCAN_SIDES_H

#include "scan/changes.h"
#include "scan/problem.h"
#include "scan/selection.h"

typedef struct Sides {
    GitRepository *repository; /* NULL: git was not asked for */
    Str boundary;              /* of the scan, absolute */
    bool staged;
    bool since;
    Str ref;    /* as it was named, ... */
    Str commit; /* ... and the commit that is compared with, in hexadecimal */
    GitTree index;
    GitTree before; /* of that commit; with --staged alone that of HEAD */
    GitDisk disk;   /* dir -1: none */
    GitFiles index_files;
    GitFiles before_files;
    Changes changes;
    Str *modules; /* submodules */
    uint32_t module_count;
} Sides;

typedef struct SidesOptions {
    bool staged;
    Str since; /* a revision, or empty */
    Str root;  /* --root, or empty */
    Str first; /* the first argument of the scan */
} SidesOptions;

/* Opens the repository and reads what is asked for, all in `arena`; not to be moved afterwards.
 * False after an error, which is in `problems`. Ends with sides_close() either way. */
bool sides_open(const SidesOptions *options, Arena *arena, ProblemList *problems, Sides *sides);
void sides_close(Sides *sides);

/* Whether the path, from the boundary, is a file of the newer side. */
bool sides_have(const Sides *sides, Str path);

#endif
