/*
 * ir/json_patch.h - JSON Patch (RFC 6902) on nodes
 *
 * As kustomize carries it out: a negative position counts from the end of a list.
 */
#ifndef PLUMB_IR_JSON_PATCH_H
#define PLUMB_IR_JSON_PATCH_H

#include "base/diag.h"
#include "syntax/node.h"

/* Carries out the operations of `patch`, a list, on `*root`, one after the other. What is put there
 * is a copy that keeps its place in the patch. At the first that cannot be carried out, reports it
 * and returns false, with those before it done. `*budget` as in node_copy(). */
bool json_patch_apply(const Node *patch, Node *root, const Symbols *symbols, uint64_t *budget,
                      Arena *arena, DiagSink *diags);

#endif
