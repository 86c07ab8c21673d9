/*
 * scan/changed_facts.h - whether changed manifests mean the same for others
 *
 * What a manifest is for the rest of its tree are its facts (ir/scope.h): kinds, names and labels.
 * As long as a change leaves these as they are, no other directory is judged differently by it.
 */
#ifndef PLUMB_SCAN_CHANGED_FACTS_H
#define PLUMB_SCAN_CHANGED_FACTS_H

#include "base/symbols.h"
#include "scan/sides.h"

/* Whether the facts of some changed file differ between the sides, or that cannot be told from the
 * file alone: of kustomizations, Terraform that makes objects, and where something is broken. */
bool changed_facts(const Sides *sides, const Symbols *symbols);

#endif
