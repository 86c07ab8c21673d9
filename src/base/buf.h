/*
 * base/buf.h - text that grows at its end, in an arena
 *
 * A failed append leaves the text as it was and the arena spent, so only the end needs a check.
 */
#ifndef PLUMB_BASE_BUF_H
#define PLUMB_BASE_BUF_H

#include "base/str.h"

typedef struct Buf {
    Arena *arena;
    char *data;
    uint32_t size;
    uint32_t capacity;
} Buf;

static inline Buf buf_new(Arena *arena)
{
    return (Buf){arena, NULL, 0, 0};
}

void buf_add(Buf *buf, Str text);
void buf_add_char(Buf *buf, char c);
void buf_add_codepoint(Buf *buf, uint32_t codepoint); /* as UTF-8 */
void buf_add_number(Buf *buf, uint64_t number);
void buf_printf(Buf *buf, const char *format, ...) __attribute__((format(printf, 2, 3)));

static inline void buf_add_z(Buf *buf, const char *text)
{
    buf_add(buf, str_of(text));
}

/* What was added so far; valid until the next append. */
static inline Str buf_str(const Buf *buf)
{
    return (Str){buf->data ? buf->data : "", buf->size};
}

#endif
