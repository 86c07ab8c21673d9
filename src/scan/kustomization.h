/*
 * scan/kustomization.h - files that a kustomization takes for patches
 *
 * A patch is written like a manifest but is only a part of one: what it does not say, another file
 * says. Judged alone it would be blamed for all that.
 */
#ifndef PLUMB_SCAN_KUSTOMIZATION_H
#define PLUMB_SCAN_KUSTOMIZATION_H

#include "scan/discover.h"

typedef struct PathList {
    Str *paths; /* in order */
    uint32_t count;
    uint32_t capacity;
} PathList;

/* The files, from the boundary, that the kustomization at `path`, which ends with NUL, names as
 * patches. In `arena`. None where it cannot be read. */
PathList kustomization_patches(const ScanRoot *root, Str path, Arena *arena);

/* Whether it names that file. */
bool path_list_has(const PathList *list, Str path);

#endif
