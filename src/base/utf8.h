/*
 * base/utf8.h - code points of texts that may hold any bytes
 */
#ifndef PLUMB_BASE_UTF8_H
#define PLUMB_BASE_UTF8_H

#include "base/str.h"

/* How many bytes the first code point of `text` has, or 0 where its first byte begins none (RFC
 * 3629: no surrogates, no long forms, no more than U+10FFFF) and for an empty text. */
uint32_t utf8_size(Str text);

/* The first code point and, in `*size`, its bytes; U+FFFD and 1 where there is none. */
uint32_t utf8_first(Str text, uint32_t *size);

#endif
