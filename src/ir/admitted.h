/*
 * ir/admitted.h - a manifest as the API server shows it to admission policies
 *
 * Before a policy sees an object, the server has dropped what is null and has filled in what it
 * does by itself: one replica, a pull policy, the namespace. What it fills in is data, in
 * rules/defaults/kubernetes.yaml; the kinds PodSpec and Container there are the parts of whatever
 * runs pods.
 */
#ifndef PLUMB_IR_ADMITTED_H
#define PLUMB_IR_ADMITTED_H

#include "ir/unit.h"

/* The body of a Kubernetes resource, copied into `unit`'s arena with these changes. The copies keep
 * their places; what was filled in is NODE_DEFAULTED. A map without entries if memory is short. */
Node admitted_body(Unit *unit, const Resource *resource);

/* The map with the metadata and spec of the pod that a body of `kind` holds; NULL where it has
 * none. */
const Node *admitted_template(const Node *body, Str kind);

#endif
