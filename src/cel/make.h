/*
 * cel/make.h - values that functions make
 *
 * All memory is the machine's arena. When that is spent each of them gives the error that says so,
 * so that a caller may return what it gets without looking.
 */
#ifndef PLUMB_CEL_MAKE_H
#define PLUMB_CEL_MAKE_H

#include "cel/machine.h"

/* An evaluation error with a formatted message. */
CelValue cel_error(CelMachine *machine, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* "no such overload": the arguments have kinds that the function does not take. */
CelValue cel_no_overload(CelMachine *machine);

/* An unknown with that cause, of which nothing else is known. */
CelValue cel_unknown(CelMachine *machine, Str cause);

/* A list of `count` nulls, for the caller to write through `*items`. */
CelValue cel_new_list(CelMachine *machine, uint32_t count, CelValue **items);

/* A map for `count` entries, keys and values in turn in `*entries`, all null yet. */
CelValue cel_new_map(CelMachine *machine, uint32_t count, CelValue **entries);

/* A string value with a copy of `text`; cel_string() keeps the text as it is. */
CelValue cel_new_string(CelMachine *machine, Str text);

/* optional.of(value) and optional.none(). */
CelValue cel_new_optional(CelMachine *machine, CelValue value);
CelValue cel_no_optional(void);

CelValue cel_new_opaque(const CelOpaque *opaque);

#endif
