/*
 * base/base64.h - bytes as Base64 (RFC 4648, section 4)
 */
#ifndef PLUMB_BASE_BASE64_H
#define PLUMB_BASE_BASE64_H

#include "base/str.h"

/* With padding and no line ends, in `arena`; data NULL when that is spent. */
Str base64_encode(Arena *arena, Str bytes);

/* The 64 digits, by value. */
extern const char base64_digits[];

#endif
