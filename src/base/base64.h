/*
 * base/base64.h - bytes as Base64 (RFC 4648, section 4)
 */
#ifndef PLUMB_BASE_BASE64_H
#define PLUMB_BASE_BASE64_H

#include "base/str.h"

/* With padding and no line ends, in `arena`; data NULL when that is spent. */
Str base64_encode(Arena *arena, Str bytes);

/* The bytes that `text`, with its padding, stands for, into `*bytes`, in `arena`. False for what is
 * no Base64 or has line ends, and when `arena` is spent. */
bool base64_decode(Arena *arena, Str text, Str *bytes);

/* The 64 digits, by value. */
extern const char base64_digits[];

#endif
