#include "base/out.h"

#include "base/file.h"

#include <stdarg.h>
#include <stdio.h>

Out out_new(int fd, Arena *arena)
{
    return (Out){.fd = fd, .data = arena_raw(arena, OUT_BUFFER_BYTES, 1)};
}

static void write_all(Out *out, Str text)
{
    if (out->before && text.size)
        out->before(out->context);
    if (!out->error)
        out->error = file_write(out->fd, text);
}

bool out_flush(Out *out)
{
    write_all(out, (Str){out->data, out->used});
    out->used = 0;
    return out->error == 0;
}

void out_add_long(Out *out, Str text)
{
    if (!out->data) {
        write_all(out, text);
        return;
    }
    while (text.size > OUT_BUFFER_BYTES - out->used) {
        uint32_t room = OUT_BUFFER_BYTES - out->used;
        memcpy(out->data + out->used, text.data, room);
        out->used = OUT_BUFFER_BYTES;
        out_flush(out);
        text = str_from(text, room);
    }
    out_add(out, text);
}

void out_number(Out *out, uint64_t number)
{
    char digits[STR_DIGITS];

    out_add(out, str_number(number, digits));
}

void out_printf(Out *out, const char *format, ...)
{
    char line[1024];
    va_list args;
    int size;

    va_start(args, format);
    size = vsnprintf(line, sizeof line, format, args);
    va_end(args);
    if (size > 0)
        out_add(out, (Str){line, size < (int)sizeof line ? (uint32_t)size : sizeof line - 1});
}
