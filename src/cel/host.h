/*
 * cel/host.h - what plumb's own functions share
 *
 * An argument that is null gives null, with its place; the machine has seen to unknowns before.
 */
#ifndef PLUMB_CEL_HOST_H
#define PLUMB_CEL_HOST_H

#include "cel/library.h"

/* Whether the first argument settles the result: a null is returned as it is, what is no string is
 * no overload. Else `*text` is the string. */
static inline bool host_settled(CelMachine *machine, const CelValue *args, Str *text,
                                CelValue *result)
{
    if (args[0].kind == CEL_STRING) {
        *text = cel_text(args[0]);
        return false;
    }
    *result = args[0].kind == CEL_NULL ? args[0] : cel_no_overload(machine);
    return true;
}

/* What cannot be made of an input reads as something absent at its place, so that a rule need not
 * guard against it. */
static inline CelValue host_absent(CelValue of)
{
    return (CelValue){.kind = CEL_NULL, .flags = CEL_INPUT | CEL_ABSENT, .origin = of.origin};
}

/* A string at the place of another value. */
static inline CelValue host_string(Str text, CelValue of)
{
    CelValue result = cel_string(text);

    result.origin = of.origin;
    return result;
}

/* Writes entry number `*count` of a map that cel_new_map() made. */
static inline void host_put(CelValue *entries, uint32_t *count, const char *key, CelValue value)
{
    entries[2 * *count] = cel_string(str_of(key));
    entries[2 * *count + 1] = value;
    (*count)++;
}

#endif
