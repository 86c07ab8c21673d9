/*
 * ir/kustomize_generate.h - ConfigMaps and Secrets that a kustomization generates
 */
#ifndef PLUMB_IR_KUSTOMIZE_GENERATE_H
#define PLUMB_IR_KUSTOMIZE_GENERATE_H

#include "ir/kustomize_parts.h"

/* `configMapGenerator` and `secretGenerator`: adds objects, or merges them into those that are
 * there. A value has its place in the file that it was read from. */
void kust_generate(const KustDir *dir, KustSet *set);

/* Adds to the names of generated objects the hash of what they hold, at the end of the build. */
void kust_hash_names(KustBuild *build, KustSet *set);

#endif
