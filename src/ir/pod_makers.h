/*
 * ir/pod_makers.h - objects of which somebody else makes pods and what goes with them
 *
 * An operator may start pods with any labels for an object of its own kind, and so may Argo CD or
 * Flux for what they deploy. A selector that finds nothing here may be meant for those, and so may
 * the name of a Service or Secret.
 */
#ifndef PLUMB_IR_POD_MAKERS_H
#define PLUMB_IR_POD_MAKERS_H

#include "ir/unit.h"

/* Whether an object is one, which resource->makes_pods remembers. What has a pod view shows its
 * pods and is none. Of kinds that plumb does not know, all are. */
bool pod_maker_is(const Resource *resource);

/* Whether it is one, and for which namespace; that is empty for any. */
bool pod_maker(const Resource *resource, Str *namespace);

/* One in the unit for that namespace; NULL where there is none. `default` may be any. */
const Resource *pod_maker_find(Unit *unit, Str namespace);

#endif
