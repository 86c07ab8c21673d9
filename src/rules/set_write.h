/*
 * rules/set_write.h - compiled rules to the bytes of a rule set (rules/blob.h)
 *
 * With them go their index by type, the providers' defaults and the symbols.
 */
#ifndef PLUMB_RULES_SET_WRITE_H
#define PLUMB_RULES_SET_WRITE_H

#include "rules/compiler.h"

/* The whole set, in the arena of the compiler's context. False when that is spent. */
bool set_write(Compiler *c, Str *bytes);

#endif
