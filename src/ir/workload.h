/*
 * ir/workload.h - the pod of everything that runs pods
 *
 * Every kind with a pod template gives one view, so that a rule about pods is written once. It is a
 * derived map:
 *
 *     kind         the kind that holds the pod: Pod, Deployment, CronJob, ...
 *     metadata     the pod's, where there is any
 *     labels       of it; absent where there are none
 *     annotations  likewise
 *     spec         the pod's
 *     containers   main, init and ephemeral ones, in this order
 *     main, init, ephemeral    each kind alone; lists that may be empty
 *
 * Its parts are copies that keep their places, and what is absent lies at the pod's spec.
 */
#ifndef PLUMB_IR_WORKLOAD_H
#define PLUMB_IR_WORKLOAD_H

#include "ir/unit.h"

/* The view of a Kubernetes object, in `unit`'s arena, or NULL where it runs no pods: of the
 * built-in kinds, Argo's workflows (whose templates' containers it lists), and of any kind with
 * spec.template.spec.containers. A container that is no map is left out with a warning. */
const Node *workload_pod(Unit *unit, const Node *object);

/* The same of a Terraform resource of the hashicorp/kubernetes provider, in the shape that
 * Kubernetes has: camelCase, single blocks as maps, repeated ones as lists with Kubernetes' name.
 * NULL for types that run no pods. */
const Node *workload_from_provider(Unit *unit, const Resource *resource);

#endif
