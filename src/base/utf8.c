#include "base/utf8.h"

static uint32_t continuation(Str text, uint32_t at)
{
    unsigned char c = at < text.size ? (unsigned char)text.data[at] : 0;

    return (c & 0xc0) == 0x80 ? c & 0x3fu : UINT32_MAX;
}

/* The code point, or UINT32_MAX. */
static uint32_t decode(Str text, uint32_t *size)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    unsigned char first = text.size ? (unsigned char)text.data[0] : 0xff;
    uint32_t length = first < 0x80 ? 1 : first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
    uint32_t code;

    if (length == 0 || first > 0xf4)
        return UINT32_MAX;
    code = length == 1 ? first : first & (0x7fu >> length);
    for (uint32_t i = 1; i < length; i++) {
        uint32_t more = continuation(text, i);
        if (more == UINT32_MAX)
            return UINT32_MAX;
        code = code << 6 | more;
    }
    if (code < least[length] || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff))
        return UINT32_MAX;
    *size = length;
    return code;
}

uint32_t utf8_size(Str text)
{
    uint32_t size = 0;

    return decode(text, &size) == UINT32_MAX ? 0 : size;
}

uint32_t utf8_first(Str text, uint32_t *size)
{
    uint32_t code = decode(text, size);

    if (code != UINT32_MAX)
        return code;
    *size = 1;
    return 0xfffd;
}
