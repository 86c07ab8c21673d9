/*
 * base/out.h - text on its way to a file descriptor
 *
 * Collected in large pieces, so that a report costs few system calls, and written a whole buffer at
 * a time: a file system takes half as long for many whole pages as for some that begin anywhere. A
 * failed write is remembered and ends all output; only the end needs a check.
 */
#ifndef PLUMB_BASE_OUT_H
#define PLUMB_BASE_OUT_H

#include "base/str.h"

#define OUT_BUFFER_BYTES 131072u

typedef struct Out {
    int fd;
    int error; /* errno of the first write that failed, or 0 */
    uint32_t used;
    char *data;                    /* OUT_BUFFER_BYTES; in the arena given to out_new() */
    void (*before)(void *context); /* called before each write; may be NULL */
    void *context;
} Out;

/* Writes to `fd`, which stays the caller's. With no memory every write goes out at once. */
Out out_new(int fd, Arena *arena);

/* Of out_add(): when `text` does not fit into what is collected. */
void out_add_long(Out *out, Str text);

static inline void out_add(Out *out, Str text)
{
    if (!out->data || text.size > OUT_BUFFER_BYTES - out->used) {
        out_add_long(out, text);
        return;
    }
    if (text.size)
        memcpy(out->data + out->used, text.data, text.size);
    out->used += text.size;
}

void out_number(Out *out, uint64_t number);
void out_printf(Out *out, const char *format, ...) __attribute__((format(printf, 2, 3)));

static inline void out_char(Out *out, char c)
{
    if (out->data && out->used < OUT_BUFFER_BYTES)
        out->data[out->used++] = c;
    else
        out_add_long(out, (Str){&c, 1});
}

static inline void out_z(Out *out, const char *text)
{
    out_add(out, str_of(text));
}

/* Writes what is collected. False if that, or any write before, failed. */
bool out_flush(Out *out);

#endif
