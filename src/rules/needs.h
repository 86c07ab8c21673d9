/*
 * rules/needs.h - what a resource must have for a rule to say anything of it
 *
 * `when: resource.logging != null` is false of whatever has no `logging`, and `each:
 * resource.ingress.filter(...)` is empty without `ingress`. Looking for the one field costs less
 * than running the expression, and most rules speak of few of the resources of their type.
 */
#ifndef PLUMB_RULES_NEEDS_H
#define PLUMB_RULES_NEEDS_H

#include "cel/ast.h"
#include "rules/writer.h"

/* Paths without all of which the checked tree of a `when` is false, as BlobPath; none where none
 * are found. */
BlobList needs_of_when(const CelExpr *when, BlobWriter *writer);

/* The format of all resources of which it may be true, counted from 1, as `meta.format ==
 * "kubernetes" && ...` says it; 0 where none is said. */
uint32_t needs_format(const CelExpr *when);

/* A path without which the checked tree of an `each` has no elements. */
BlobList needs_of_each(const CelExpr *each, BlobWriter *writer);

#endif
