#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>

/* Room for most texts, so that they need not grow. */
#define FIRST_BYTES 64u

static char *reserve(Buf *buf, size_t more)
{
    size_t want = buf->size + more;
    char *data = buf->data;

    if (want > buf->capacity) {
        data = arena_grow(buf->arena, data, buf->size, &buf->capacity,
                          want < FIRST_BYTES ? FIRST_BYTES : want, 1);
        if (!data)
            return NULL;
        buf->data = data;
    }
    return data + buf->size;
}

void buf_add(Buf *buf, Str text)
{
    char *end = text.size ? reserve(buf, text.size) : NULL;

    if (!end)
        return;
    memcpy(end, text.data, text.size);
    buf->size += text.size;
}

void buf_add_char(Buf *buf, char c)
{
    buf_add(buf, (Str){&c, 1});
}

void buf_add_codepoint(Buf *buf, uint32_t c)
{
    char bytes[4];
    uint32_t size = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;

    if (size == 1) {
        bytes[0] = (char)c;
    } else {
        for (uint32_t i = size - 1; i > 0; i--) {
            bytes[i] = (char)(0x80 | (c & 0x3f));
            c >>= 6;
        }
        bytes[0] = (char)((0xf00u >> size) | c);
    }
    buf_add(buf, (Str){bytes, size});
}

void buf_add_number(Buf *buf, uint64_t number)
{
    char digits[STR_DIGITS];

    buf_add(buf, str_number(number, digits));
}

void buf_printf(Buf *buf, const char *format, ...)
{
    va_list args;
    int size;
    char *end;

    va_start(args, format);
    size = vsnprintf(NULL, 0, format, args);
    va_end(args);
    end = size < 0 ? NULL : reserve(buf, (size_t)size + 1);
    if (!end)
        return;
    va_start(args, format);
    vsnprintf(end, (size_t)size + 1, format, args);
    va_end(args);
    buf->size += (uint32_t)size;
}
