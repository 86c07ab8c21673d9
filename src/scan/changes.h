/*
 * scan/changes.h - which files differ between two trees, and so which units must be judged
 *
 * A unit is touched when something that it is made of differs: the file itself, or for a Terraform
 * module any file of its directory and of those that it calls. What cannot be told cheaply counts
 * as touched: a unit too many costs its judging, one too few a finding.
 */
#ifndef PLUMB_SCAN_CHANGES_H
#define PLUMB_SCAN_CHANGES_H

#include "git/repository.h"
#include "scan/git_files.h"

typedef struct Changes {
    const GitTree *tracked; /* the files that git knows now; others on disk are new */
    const Str *paths;    /* changed, added or removed, and manifests that git does not know beside
                            some that it knows; sorted */
    const bool *renamed; /* of each: it has the bytes of a file that was removed */
    uint32_t count;
    bool manifests;  /* what some manifest is made of differs or is new */
    bool everything; /* what differs may concern any file, as an ignore file does */
} Changes;

/* What differs between `before` and `now`, which is an index; with `disk`, the files on disk stand
 * in for those of the index. In `arena`; false if that is spent. */
bool changes_find(const GitTree *before, const GitTree *now, const GitDisk *disk,
                  const GitRepository *repository, Arena *arena, Changes *changes);

/* Whether the file differs, came or went, as far as git knows of it; and the same of any file that
 * there is, one that git does not know being new. */
bool changes_list(const Changes *changes, Str path);
bool changes_has(const Changes *changes, Str path);

/* Whether the file is one that was there before under another name. */
bool changes_renamed(const Changes *changes, Str path);

/* Whether a file differs that lies in the directory of `path` and may be judged with it, as
 * manifests are. */
bool changes_beside(const Changes *changes, Str path);

/* Whether what a Terraform module in `dir` ("." for the boundary) may read of itself differs: one
 * of its own files, or a file of another kind in it or below. Files that git does not know are not
 * looked for. */
bool changes_in_module(const Changes *changes, Str dir);

/* Whether any file in `dir` ("." for the boundary) or below it differs. Files that git does not
 * know are not looked for. */
bool changes_in_folder(const Changes *changes, Str dir);

/* Whether any file of Terraform's differs. */
bool changes_in_terraform(const Changes *changes);

/* Whether any kustomization's own file differs, or one in a directory on the way to `path`: whether
 * a manifest is judged by itself may differ then. */
bool changes_in_kustomizations(const Changes *changes);
bool changes_in_kustomization_above(const Changes *changes, Str path);

/* Whether a file differs that a module anywhere could read as text: one that is not Terraform's. */
bool changes_in_data(const Changes *changes);

#endif
