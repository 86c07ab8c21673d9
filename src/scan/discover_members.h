/*
 * scan/discover_members.h - what the walk knows of a file by others: those that are judged with it,
 * and those that say what it is
 */
#ifndef PLUMB_SCAN_DISCOVER_MEMBERS_H
#define PLUMB_SCAN_DISCOVER_MEMBERS_H

#include "scan/discover_frame.h"

/* The Terraform files of the directory at hand, which are one module. False where there are none
 * that the user wants. */
bool members_of_module(Discovery *found, Arena *arena, FoundFile *file);

/* A file of Terraform's that the user named is a module by itself. False if memory is short. */
bool members_of_given_module(Arena *arena, FoundFile *file);

/* The manifests of the directory at hand beside the one that was just met, which are judged
 * together: as many as base/limits.h allows, and those that the user does not want as context. The
 * names of the others are marked as given. False if memory is short. */
bool members_of_manifest(Discovery *found, Arena *arena, FoundFile *file);

/* The same for a file that the user named: with others of its directory that he named, which are
 * not met again, and all the rest of it as context. */
bool members_of_given_manifest(Discovery *found, Arena *arena, FoundFile *file);

/* The same for a saved plan, of the other plans beside it. False when memory is short. */
bool members_of_plan(Discovery *found, Arena *arena, FoundFile *file);

/* hadolint's configuration in `folder` or a directory above it; empty where there is none. */
Str members_find_hadolint(Discovery *found, Str folder);

/* The nearest one to the directory at hand, by the names that were read. */
Str members_nearest_hadolint(Discovery *found, Arena *arena);

/* What a file is to the kustomizations on the way to it. */
typedef enum MemberOf {
    MEMBER_NONE,
    MEMBER_RESOURCE,    /* of one that is judged as a whole */
    MEMBER_PATCH,       /* of such a one */
    MEMBER_STRAY_PATCH, /* of one that is not judged */
} MemberOf;
MemberOf members_kustomized(const Discovery *found, Str path);

/* Whether a kustomization takes a file that the user named for a patch. */
bool members_is_given_patch(const ScanRoot *root, Str path, Arena *arena);

/* Whether a directory lies below `templates/` of a chart, for a scan that begins there. */
bool members_is_in_templates(const ScanRoot *root, Str folder, Arena *arena);

#endif
