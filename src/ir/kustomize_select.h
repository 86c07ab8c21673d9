/*
 * ir/kustomize_select.h - which objects a patch or a replacement is for
 */
#ifndef PLUMB_IR_KUSTOMIZE_SELECT_H
#define PLUMB_IR_KUSTOMIZE_SELECT_H

#include "ir/kustomize_parts.h"

typedef struct KustSelector KustSelector;

/* Reads a `target` or `select`: group, version, kind, name and namespace are regular expressions
 * for the whole of each, labelSelector and annotationSelector as kubectl takes them. NULL,
 * reported, where it cannot be. The caller ends it with kust_selector_free(), which takes NULL. */
KustSelector *kust_selector_new(KustBuild *build, const Node *target);
void kust_selector_free(KustSelector *selector);

/* Names and namespaces count as they were at first and as they are now. */
bool kust_selects(const KustSelector *selector, const KustObject *object);

/* The same where any id that the object has, or had, may be meant as a whole. */
bool kust_selects_any(const KustSelector *selector, const KustObject *object);

/* Whether an object has, or had, an id with the words that `target` gives, exactly. */
bool kust_is_named(KustBuild *build, const Node *target, const KustObject *object);

/* Whether `selector`, such as `app=web,tier in (a, b),!old`, selects these labels, which may be
 * NULL. What cannot be read selects nothing. */
bool kust_selects_labels(Str selector, const Node *labels);

#endif
