#include "base/base64.h"

const char base64_digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

Str base64_encode(Arena *arena, Str text)
{
    const unsigned char *bytes = (const unsigned char *)text.data;
    uint64_t size = ((uint64_t)text.size + 2) / 3 * 4;
    char *out = size < UINT32_MAX ? arena_raw(arena, size + 1, 1) : NULL;
    uint32_t at = 0;

    if (!out)
        return (Str){0};
    for (uint32_t i = 0; i < text.size; i += 3) {
        uint32_t left = text.size - i;
        uint32_t group = (uint32_t)bytes[i] << 16 | (left > 1 ? (uint32_t)bytes[i + 1] << 8 : 0) |
                         (left > 2 ? bytes[i + 2] : 0u);
        out[at++] = base64_digits[group >> 18];
        out[at++] = base64_digits[group >> 12 & 63];
        out[at++] = left > 1 ? base64_digits[group >> 6 & 63] : '=';
        out[at++] = left > 2 ? base64_digits[group & 63] : '=';
    }
    out[at] = '\0';
    return (Str){out, at};
}

bool base64_decode(Arena *arena, Str text, Str *bytes)
{
    char *out = text.size % 4 ? NULL : arena_raw(arena, (size_t)text.size + 1, 1);
    uint32_t padding = 0, group = 0, used = 0;

    for (uint32_t i = 0; out && i < text.size; i++) {
        const char *digit = memchr(base64_digits, text.data[i], 64);
        bool pad = text.data[i] == '=' && i + 2 >= text.size;
        if ((!digit && !pad) || (digit && padding))
            return false;
        padding += pad;
        group = group << 6 | (digit ? (uint32_t)(digit - base64_digits) : 0);
        if (i % 4 != 3)
            continue;
        for (uint32_t j = 0; j < 3 - padding; j++)
            out[used++] = (char)(group >> (16 - 8 * j));
        group = 0;
    }
    *bytes = (Str){out, used};
    return out != NULL;
}
