/*
 * ir/kustomize_names.h - references to objects that a kustomization renamed
 */
#ifndef PLUMB_IR_KUSTOMIZE_NAMES_H
#define PLUMB_IR_KUSTOMIZE_NAMES_H

#include "ir/kustomize_parts.h"

/* Gives references the names and namespaces that their objects have by now. One that could mean
 * several is left as it is. */
void kust_follow_names(KustBuild *build, KustSet *set);

#endif
