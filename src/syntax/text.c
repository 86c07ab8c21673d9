#include "syntax/text.h"

#include "base/buf.h"

/* Bytes that are looked at in one go. */
#define BLOCK 64

static bool is_printable(char c)
{
    return (c >= ' ' && c < 0x7f) || c == '\n';
}

/* Whether all bytes of a block are: compilers make a few vector instructions of it, all the fewer
 * as one more than DEL is negative. */
static bool block_is_printable(const char *bytes)
{
    uint8_t all = UINT8_MAX;

    for (int i = 0; i < BLOCK; i++) {
        int8_t next = (int8_t)((uint8_t)bytes[i] + 1);
        all &= (uint8_t) - ((next > ' ') | (next == '\n' + 1));
    }
    return all;
}

uint32_t text_printable(Str text)
{
    uint32_t size = 0;

    while (text.size - size >= BLOCK && block_is_printable(text.data + size))
        size += BLOCK;
    while (size < text.size && is_printable(text.data[size]))
        size++;
    return size;
}

/* Bytes of the character at `p`, or 0 where there is no valid one. */
static uint32_t char_size(const uint8_t *p, size_t left)
{
    uint8_t low = 0x80, high = 0xbf; /* bounds of the second byte (RFC 3629, section 4) */
    uint32_t size;

    if (p[0] < 0x80)
        return 1;
    if (p[0] < 0xc2 || p[0] > 0xf4)
        return 0;
    size = p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3 : 4;
    if (left < size)
        return 0;
    if (p[0] == 0xe0)
        low = 0xa0;
    else if (p[0] == 0xed)
        high = 0x9f;
    else if (p[0] == 0xf0)
        low = 0x90;
    else if (p[0] == 0xf4)
        high = 0x8f;
    if (p[1] < low || p[1] > high)
        return 0;
    for (uint32_t i = 2; i < size; i++)
        if ((p[i] & 0xc0) != 0x80)
            return 0;
    return size;
}

uint32_t text_valid(Str text)
{
    const uint8_t *p = (const uint8_t *)text.data;
    const uint8_t *end = p + text.size;

    while (p < end) {
        uint64_t words[2];
        uint32_t size;
        while (end - p >= 16) { /* most text is ASCII */
            memcpy(words, p, 16);
            if ((words[0] | words[1]) & 0x8080808080808080u)
                break;
            p += 16;
        }
        if (p == end)
            break;
        size = char_size(p, (size_t)(end - p));
        if (size == 0)
            break;
        p += size;
    }
    return text.size - (uint32_t)(end - p);
}

typedef enum Encoding { UTF_8, UTF_8_MARKED, UTF_16_LITTLE, UTF_16_BIG } Encoding;

static Encoding encoding_of(Str text)
{
    const uint8_t *p = (const uint8_t *)text.data;

    if (text.size >= 3 && p[0] == 0xef && p[1] == 0xbb && p[2] == 0xbf)
        return UTF_8_MARKED;
    if (text.size >= 2 && ((p[0] == 0xff && p[1] == 0xfe) || (p[0] != 0 && p[1] == 0)))
        return UTF_16_LITTLE;
    if (text.size >= 2 && ((p[0] == 0xfe && p[1] == 0xff) || (p[0] == 0 && p[1] != 0)))
        return UTF_16_BIG;
    return UTF_8;
}

static uint32_t unit_at(Str text, uint32_t at, bool big)
{
    uint8_t a = (uint8_t)text.data[at], b = (uint8_t)text.data[at + 1];

    return big ? (uint32_t)(a << 8 | b) : (uint32_t)(b << 8 | a);
}

/* Appends UTF-16 as UTF-8. Returns how many bytes were read before the first wrong one. */
static uint32_t read_utf16(Str text, bool big, Buf *buf)
{
    uint32_t at = unit_at(text, 0, big) == 0xfeff ? 2 : 0;

    while (at + 2 <= text.size) {
        uint32_t unit = unit_at(text, at, big);
        if (unit >= 0xd800 && unit < 0xe000) {
            uint32_t low = unit < 0xdc00 && at + 4 <= text.size ? unit_at(text, at + 2, big) : 0;
            if (low < 0xdc00 || low > 0xdfff)
                break;
            unit = 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00);
            at += 2;
        }
        buf_add_codepoint(buf, unit);
        at += 2;
    }
    return at;
}

static bool decode_utf16(Source *source, bool big, Arena *arena, DiagSink *diags)
{
    Buf buf = buf_new(arena);
    uint32_t size = source->text.size;
    uint32_t read = read_utf16(source->text, big, &buf);

    if (arena_spent(arena))
        return false;
    source->text = buf_str(&buf);
    source->lines = NULL;
    if (read == size)
        return true;
    diag_error(diags, DIAG_FILE_ENCODING, (Span){source->number, buf.size, buf.size},
               "the text is not valid UTF-16 at byte %u", read);
    return false;
}

bool text_decode(Source *source, Arena *arena, DiagSink *diags)
{
    Encoding encoding;
    uint32_t valid;

    if (source->printable)
        return true;
    encoding = encoding_of(source->text);
    if (encoding == UTF_16_LITTLE || encoding == UTF_16_BIG)
        return decode_utf16(source, encoding == UTF_16_BIG, arena, diags);
    if (encoding == UTF_8_MARKED) {
        source->text = str_from(source->text, 3);
        source->lines = NULL;
    }
    valid = text_printable(source->text);
    source->printable = valid == source->text.size;
    valid += text_valid(str_from(source->text, valid));
    if (valid == source->text.size)
        return true;
    diag_error(diags, DIAG_FILE_ENCODING, (Span){source->number, valid, valid + 1},
               "the text is not valid UTF-8");
    return false;
}
