/*
 * ir/kustomize_patch.h - patches of a kustomization
 */
#ifndef PLUMB_IR_KUSTOMIZE_PATCH_H
#define PLUMB_IR_KUSTOMIZE_PATCH_H

#include "ir/kustomize_parts.h"

/* `patchesStrategicMerge`, then `patches`. */
void kust_patches(const KustDir *dir, KustSet *set);

/* `patchesJson6902`, which come later. */
void kust_json_patches(const KustDir *dir, KustSet *set);

#endif
