/*
 * ir/kustomization.h - the files and directories that a kustomization names
 *
 * What a scan must know of it before anything is built: whose parts are judged through others.
 */
#ifndef PLUMB_IR_KUSTOMIZATION_H
#define PLUMB_IR_KUSTOMIZATION_H

#include "syntax/node.h"

typedef enum KustomizationPart {
    KUSTOMIZATION_RESOURCE, /* a manifest, or the directory of another kustomization */
    KUSTOMIZATION_PATCH,    /* written like a manifest, but a part of one */
    KUSTOMIZATION_DATA,     /* what it reads beside */
} KustomizationPart;

typedef void KustomizationFn(void *context, KustomizationPart part, Str path);

/* Calls `each` with every path in `text`, a kustomization's, as it is written there; what cannot be
 * read names nothing. Works in `scratch`. */
void kustomization_parts(Str text, KustomizationFn *each, void *context, Arena *scratch);

/* Whether a path is no path but the address of a repository or a file elsewhere. */
bool kustomization_is_remote(Str path);

/* Whether a path is that of a file of manifests by its name; another may be a directory with a
 * kustomization of its own. */
bool kustomization_is_file_name(Str path);

#endif
