/*
 * ir/provider.h - the provider configuration that a resource is made with
 */
#ifndef PLUMB_IR_PROVIDER_H
#define PLUMB_IR_PROVIDER_H

#include "ir/unit.h"

/* Its address, "aws.west" or "module.m.aws.default"; empty where none is written. In `arena`. */
Str provider_address(const Resource *resource, Arena *arena);

/* The resource that it is in the unit (type "provider.aws"), or NULL. */
const Resource *provider_find(Unit *unit, const Resource *resource);

#endif
