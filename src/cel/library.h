/*
 * cel/library.h - what the implementations of functions share
 *
 * An implementation gets arguments that are neither errors nor unknowns (unless it is CEL_FN_LAZY)
 * and returns cel_no_overload() for kinds that it does not take; the machine then sees to absent
 * input. Elements of a list may still be unknown.
 */
#ifndef PLUMB_CEL_LIBRARY_H
#define PLUMB_CEL_LIBRARY_H

#include "base/regex.h"
#include "cel/functions.h"
#include "cel/make.h"

/* Counts work beyond one instruction: elements or bytes looked at. False once the limit is passed;
 * the caller then returns cel_exhausted(). */
bool cel_charge(CelMachine *machine, uint64_t work);
CelValue cel_exhausted(CelMachine *machine);
uint64_t cel_step_limit(const CelMachine *machine);
CelValue cel_spent(void); /* the arena is */

static inline CelValue cel_uint(uint64_t value)
{
    CelValue result = {.kind = CEL_UINT};

    result.as.unsigned_integer = value;
    return result;
}

static inline CelValue cel_double(double value)
{
    CelValue result = {.kind = CEL_DOUBLE};

    result.as.number = value;
    return result;
}

static inline CelValue cel_bytes(Str bytes)
{
    CelValue result = cel_string(bytes);

    result.kind = CEL_BYTES;
    return result;
}

/* CEL_DURATION or CEL_TIMESTAMP; an error when it is out of range. */
CelValue cel_new_time(CelMachine *machine, CelKind kind, CelTime time);

/* Whether the arguments are of these kinds, one letter each: s string, b bytes, i int, u uint, d
 * double, B bool, l list, m map, t timestamp, D duration, o optional, O opaque, * any. */
bool cel_args_are(const CelValue *args, uint32_t count, const char *kinds);

/* The first element of a list that is unknown or an error, or NULL: into `*element`. */
bool cel_list_obstacle(CelValue list, CelValue *element);

/* A pattern in use: from the machine's table, else compiled for this once. NULL for a bad one, with
 * the error in `*failure`. cel_pattern_close() ends the use, also after a failure. */
typedef struct CelPattern {
    Regex *owned;
} CelPattern;
const Regex *cel_pattern_open(CelMachine *machine, Str text, CelPattern *use, CelValue *failure);
void cel_pattern_close(CelPattern *use);

/* As cel_equal(), with the machine's limit on work. */
CelValue cel_machine_equal(CelMachine *machine, CelValue a, CelValue b);

/* UTF-8: code points of a text; the byte offset of a code point (size of the text for its end), or
 * UINT32_MAX past it; whether all of it is well formed; one code point at `*at`, which is moved
 * (U+FFFD and one byte for a malformed one). */
uint32_t utf8_length(Str text);
uint32_t utf8_offset(Str text, uint64_t codepoint);
bool utf8_valid(Str text);
uint32_t utf8_next(Str text, uint32_t *at);

/* An int argument as an index or limit. */
static inline int64_t cel_arg_int(CelValue value)
{
    return value.as.integer;
}

#endif
