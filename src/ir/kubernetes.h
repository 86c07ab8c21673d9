/*
 * ir/kubernetes.h - manifests to resources
 *
 * One object, a stream of documents, lists of objects, in YAML or JSON; what Helm and kustomize
 * print is such a stream too.
 */
#ifndef PLUMB_IR_KUBERNETES_H
#define PLUMB_IR_KUBERNETES_H

#include "ir/unit.h"

/* Adds the objects of `source`, one of `unit`'s, to its resources, and sets its format. An object
 * has an apiVersion and a kind; documents without are passed over, and `unit->documents` counts
 * those that held anything. A `List` gives its items. Values of Secrets are marked sensitive.
 *
 * Fields of impossible types are a warning, and the rest is judged all the same. False if part of
 * the text could not be read, which is reported, or if the arena is spent; what could be read is
 * there. */
bool kubernetes_build(Unit *unit, Source *source);

/* Adds one object, whose values are typed already. `document` is its position among others. NULL
 * where it is none, or the arena is spent. */
Resource *kubernetes_add(Unit *unit, const Node *object, uint32_t document);

/* Whether values of the object are marked: it is a Secret. */
bool kubernetes_is_secret(const Resource *object);

/* What an object is called in reports: kind/namespace/name. */
Str kubernetes_address(Arena *arena, Str kind, Str namespace, Str name);

#endif
