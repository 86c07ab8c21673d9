/*
 * cel/literal.h - `[a, ?b]` and `{"k": a, ?"l": b}`: lists and maps of values that are there
 */
#ifndef PLUMB_CEL_LITERAL_H
#define PLUMB_CEL_LITERAL_H

#include "cel/machine.h"

/* A list of `count` values. `mask` is the constant that says which of them are optional
 * (cel/code.h), or NULL. An error among them, or an optional one that is not known, is the result.
 */
CelValue literal_list(CelMachine *machine, const uint8_t *mask, const CelValue *values,
                      uint32_t count);

/* The same for a map; values are key, value, key, value ..., and the mask is asked by key. */
CelValue literal_map(CelMachine *machine, const uint8_t *mask, const CelValue *values,
                     uint32_t count);

#endif
