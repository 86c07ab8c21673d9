/*
 * scan/kustomization.h - the files that a kustomization is made of
 *
 * They are judged as what it builds of them, and not as manifests of their own: a patch says only
 * what differs, and a resource may be changed.
 */
#ifndef PLUMB_SCAN_KUSTOMIZATION_H
#define PLUMB_SCAN_KUSTOMIZATION_H

#include "ir/kustomization.h"
#include "ir/kustomize.h"
#include "scan/discover.h"

typedef struct PathList {
    Str *paths; /* in order */
    uint32_t count;
    uint32_t capacity;
} PathList;

/* Paths from the boundary. */
typedef struct KustomizationFiles {
    Str text; /* of the kustomization; without data where it cannot be read */
    PathList resources; /* and directories */
    PathList patches;
    PathList data;
} KustomizationFiles;

/* What the kustomization at `path`, which ends with NUL, names. In `arena`. Nothing where it cannot
 * be read. */
KustomizationFiles kustomization_files(const ScanRoot *root, Str path, Arena *arena);

/* Whether a list names that file. */
bool path_list_has(const PathList *list, Str path);

/* Builds a kustomization in a unit that is empty, out of files inside the boundary. */
KustomizeOutcome kustomization_read(Unit *unit, const ScanRoot *root, const FoundFile *file);

#endif
