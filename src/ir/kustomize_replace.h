/*
 * ir/kustomize_replace.h - values that a kustomization copies from one object to others
 */
#ifndef PLUMB_IR_KUSTOMIZE_REPLACE_H
#define PLUMB_IR_KUSTOMIZE_REPLACE_H

#include "ir/kustomize_parts.h"

/* `replacements`, in the file or in files that it names. */
void kust_replacements(const KustDir *dir, KustSet *set);

/* Keeps `vars` for the end of the build, with the objects that they are of. */
void kust_note_vars(const KustDir *dir, const KustSet *set);

/* Puts the values of all vars where $(NAME) stands, in the fields in which kustomize looks for it.
 */
void kust_resolve_vars(KustBuild *build, KustSet *set);

#endif
