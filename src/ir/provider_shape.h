/*
 * ir/provider_shape.h - blocks of the hashicorp/kubernetes provider in the shape of Kubernetes
 *
 * The provider writes `init_container { security_context { run_as_user = "0" } }` for what is
 * `initContainers: [{securityContext: {runAsUser: 0}}]` in a manifest.
 */
#ifndef PLUMB_IR_PROVIDER_SHAPE_H
#define PLUMB_IR_PROVIDER_SHAPE_H

#include "ir/unit.h"

/* `block`, a map, with its parts, in Kubernetes' shape; in `unit`'s arena. Attributes that are null
 * are left out, as they are in a manifest. An empty map when the arena is spent. */
Node provider_shape(Unit *unit, const Node *block);

#endif
