/*
 * ir/kustomize_config.h - fields that a kustomization's `configurations` add
 */
#ifndef PLUMB_IR_KUSTOMIZE_CONFIG_H
#define PLUMB_IR_KUSTOMIZE_CONFIG_H

#include "ir/kustomize_parts.h"

/* Reads the files that `configurations` names. What they add counts from here on, in those that
 * build on this kustomization too. */
void kust_configure(const KustDir *dir);

#endif
