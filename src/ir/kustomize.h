/*
 * ir/kustomize.h - what a kustomization builds
 *
 * As `kustomize build` (v5) does, but for what needs a network, a plugin or a chart: that is a
 * note, and what such a kustomization lacks is not taken for absent. Every value keeps the place
 * where it was written: in a manifest, in a patch, or, if a field of a kustomization made it,
 * there.
 */
#ifndef PLUMB_IR_KUSTOMIZE_H
#define PLUMB_IR_KUSTOMIZE_H

#include "ir/unit.h"

/* Finds what kustomizations name. */
typedef struct KustomizeFiles {
    void *context;
    /* The bytes of the file at `path`, from the boundary of the scan; false where there is none, or
     * it cannot be read. */
    bool (*read)(void *context, Str path, Arena *arena, Str *text);
} KustomizeFiles;

typedef enum KustomizeOutcome {
    KUSTOMIZE_BUILT,     /* as far as its parts could be had: what could not is reported */
    KUSTOMIZE_COMPONENT, /* a part of others, that is nothing alone */
} KustomizeOutcome;

/* Builds the kustomization in the file at `path` and adds what comes out to the resources of the
 * unit, which is closed then unless something of it is not here. A mistake, such as a patch without
 * a target, is an error at its place; the build goes on without that part. */
KustomizeOutcome kustomize_build(Unit *unit, Str path, const KustomizeFiles *files);

#endif
