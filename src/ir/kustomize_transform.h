/*
 * ir/kustomize_transform.h - the fields of a kustomization that change all of its objects
 */
#ifndef PLUMB_IR_KUSTOMIZE_TRANSFORM_H
#define PLUMB_IR_KUSTOMIZE_TRANSFORM_H

#include "ir/kustomize_parts.h"

/* `namespace`. */
void kust_namespaces(const KustDir *dir, KustSet *set);

/* `namePrefix` and `nameSuffix`; references follow at the end of the build (ir/kustomize_names.h).
 */
void kust_affixes(const KustDir *dir, KustSet *set);

/* `labels` and `commonLabels`, then `commonAnnotations`. */
void kust_labels(const KustDir *dir, KustSet *set);
void kust_annotations(const KustDir *dir, KustSet *set);

/* `replicas`. */
void kust_replicas(const KustDir *dir, KustSet *set);

/* `images`. */
void kust_images(const KustDir *dir, KustSet *set);

#endif
