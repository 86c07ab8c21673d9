/*
 * ir/owner.h - which resource of a unit a value is a part of
 *
 * Values of a body lie in arrays, of a list's items or a map's entries. The arrays of all
 * resources, sorted by where they lie, are made at the first question.
 */
#ifndef PLUMB_IR_OWNER_H
#define PLUMB_IR_OWNER_H

#include "ir/unit.h"

/* The first resource whose body holds `value`, or NULL. */
const Resource *unit_owner(Unit *unit, const Node *value);

#endif
