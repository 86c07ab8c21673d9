/*
 * ir/strategic_merge.h - strategic merge patches of Kubernetes objects
 *
 * https://github.com/kubernetes/community/blob/master/contributors/devel/sig-api-machinery/strategic-merge-patch.md
 * as kustomize carries them out: items of a patch come before those that it does not name, and of
 * the directives only `$patch` counts.
 */
#ifndef PLUMB_IR_STRATEGIC_MERGE_H
#define PLUMB_IR_STRATEGIC_MERGE_H

#include "syntax/node.h"

/* Merges `patch` into `*object`, both maps. Lists are merged by the keys of the object's kind where
 * it is one of Kubernetes' own, and replaced otherwise. What comes out of the patch is a copy that
 * keeps its place there. False if the patch takes the object away. `*budget` as in node_copy();
 * comparing takes off it too. */
bool strategic_merge(Node *object, const Node *patch, const Symbols *symbols, uint64_t *budget,
                     Arena *arena);

#endif
