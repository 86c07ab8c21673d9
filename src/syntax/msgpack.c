#include "syntax/msgpack.h"

#include "base/limits.h"

typedef struct Reader {
    Str rest;
    const Symbols *symbols;
    Arena *arena;
    uint32_t depth;
} Reader;

static const Unknown later = {
    .cause = STR_INIT("known after apply"), .type = NODE_UNKNOWN, .set = true};

/* --- bytes --- */

static bool take(Reader *r, uint32_t size, Str *bytes)
{
    if (size > r->rest.size)
        return false;
    *bytes = str_sub(r->rest, 0, size);
    r->rest = str_from(r->rest, size);
    return true;
}

/* A number of `size` bytes, the highest first. */
static bool take_number(Reader *r, uint32_t size, uint64_t *number)
{
    Str bytes;

    if (!take(r, size, &bytes))
        return false;
    *number = 0;
    for (uint32_t i = 0; i < size; i++)
        *number = *number << 8 | (unsigned char)bytes.data[i];
    return true;
}

/* A length of `size` bytes and so many bytes. */
static bool take_sized(Reader *r, uint32_t size, Str *bytes)
{
    uint64_t length;

    return take_number(r, size, &length) && length <= r->rest.size &&
           take(r, (uint32_t)length, bytes);
}

/* --- values --- */

static bool read_value(Reader *r, Node *value);

static bool read_text(Str text, Node *value)
{
    *value = node_make_string(SPAN_NONE, text);
    return true;
}

static bool read_unsigned(Reader *r, uint32_t size, Node *value)
{
    uint64_t number;

    if (!take_number(r, size, &number))
        return false;
    *value = number <= INT64_MAX ? node_make_int(SPAN_NONE, (int64_t)number)
                                 : node_make_double(SPAN_NONE, (double)number);
    return true;
}

static bool read_signed(Reader *r, uint32_t size, Node *value)
{
    uint64_t number;
    uint32_t unused = 64 - size * 8;

    if (!take_number(r, size, &number))
        return false;
    *value = node_make_int(SPAN_NONE, (int64_t)(number << unused) >> unused);
    return true;
}

static bool read_float(Reader *r, uint32_t size, Node *value)
{
    uint64_t number;
    uint32_t half;
    double wide;
    float narrow;

    if (!take_number(r, size, &number))
        return false;
    half = (uint32_t)number;
    memcpy(&narrow, &half, sizeof narrow);
    memcpy(&wide, &number, sizeof wide);
    *value = node_make_double(SPAN_NONE, size == 4 ? (double)narrow : wide);
    return true;
}

static bool read_unknown(Reader *r, uint32_t size, Node *value)
{
    Str ignored;

    *value = node_make_unknown(SPAN_NONE, &later);
    return take(r, 1, &ignored) && take(r, size, &ignored);
}

static bool read_sized_unknown(Reader *r, uint32_t size, Node *value)
{
    uint64_t length;

    return take_number(r, size, &length) && length <= r->rest.size &&
           read_unknown(r, (uint32_t)length, value);
}

/* Whether what follows is a type in binary, which tells nothing more than its value. */
static bool skip_type(Reader *r)
{
    Str ignored;
    unsigned char tag = r->rest.size ? (unsigned char)r->rest.data[0] : 0;

    return tag >= 0xc4 && tag <= 0xc6 && take(r, 1, &ignored) &&
           take_sized(r, 1u << (tag - 0xc4), &ignored);
}

static bool read_list(Reader *r, uint64_t count, Node *value)
{
    Node *items;

    if (count == 2 && skip_type(r))
        return read_value(r, value);
    /* An element takes a byte at least. */
    items = count <= r->rest.size ? ARENA_ARRAY(r->arena, Node, count) : NULL;
    for (uint64_t i = 0; items && i < count; i++)
        if (!read_value(r, &items[i]))
            return false;
    *value = node_make_list(SPAN_NONE, items, (uint32_t)count);
    return items != NULL;
}

static bool read_map(Reader *r, uint64_t count, Node *value)
{
    MapBuilder map = map_builder(r->arena, r->symbols);
    Node key, item;

    if (count > r->rest.size / 2 + 1)
        return false;
    for (uint64_t i = 0; i < count; i++) {
        if (!read_value(r, &key) || key.kind != NODE_STRING || !read_value(r, &item))
            return false;
        map_put(&map, node_text(&key), SPAN_NONE, item);
    }
    *value = map_done(&map, SPAN_NONE);
    return true;
}

static bool read_sized_list(Reader *r, uint32_t size, Node *value)
{
    uint64_t count;

    return take_number(r, size, &count) && read_list(r, count, value);
}

static bool read_sized_map(Reader *r, uint32_t size, Node *value)
{
    uint64_t count;

    return take_number(r, size, &count) && read_map(r, count, value);
}

static bool read_sized_text(Reader *r, uint32_t size, Node *value)
{
    Str text;

    return take_sized(r, size, &text) && read_text(text, value);
}

/* Formats with a tag of their own: the first and the last of a kind, and the bytes of the first
 * one's number or length, which double from tag to tag. */
static const struct Tagged {
    unsigned char first, last;
    uint8_t size;
    bool (*read)(Reader *r, uint32_t size, Node *value);
} tagged[] = {
    {0xc4, 0xc6, 1, read_sized_text}, /* binary */
    {0xc7, 0xc9, 1, read_sized_unknown}, {0xca, 0xcb, 4, read_float},
    {0xcc, 0xcf, 1, read_unsigned},      {0xd0, 0xd3, 1, read_signed},
    {0xd4, 0xd8, 1, read_unknown},       {0xd9, 0xdb, 1, read_sized_text},
    {0xdc, 0xdd, 2, read_sized_list},    {0xde, 0xdf, 2, read_sized_map},
};

/* 0xc0 to 0xdf. */
static bool read_tagged(Reader *r, unsigned char tag, Node *value)
{
    if (tag == 0xc0) {
        *value = node_make_null(SPAN_NONE);
        return true;
    }
    if (tag == 0xc2 || tag == 0xc3) {
        *value = node_make_bool(SPAN_NONE, tag == 0xc3);
        return true;
    }
    for (size_t i = 0; i < sizeof tagged / sizeof *tagged; i++)
        if (tag >= tagged[i].first && tag <= tagged[i].last)
            return tagged[i].read(r, (uint32_t)tagged[i].size << (tag - tagged[i].first), value);
    return false;
}

static bool read_any(Reader *r, unsigned char tag, Node *value)
{
    Str text;

    if (tag < 0x80 || tag >= 0xe0) {
        *value = node_make_int(SPAN_NONE, tag < 0x80 ? tag : (int64_t)tag - 0x100);
        return true;
    }
    if (tag < 0x90)
        return read_map(r, tag & 0x0fu, value);
    if (tag < 0xa0)
        return read_list(r, tag & 0x0fu, value);
    if (tag < 0xc0)
        return take(r, tag & 0x1fu, &text) && read_text(text, value);
    return read_tagged(r, tag, value);
}

static bool read_value(Reader *r, Node *value)
{
    Str tag;
    bool good;

    if (r->depth >= LIMIT_DEPTH || !take(r, 1, &tag))
        return false;
    r->depth++;
    good = read_any(r, (unsigned char)tag.data[0], value);
    r->depth--;
    return good;
}

bool msgpack_read(Str bytes, const Symbols *symbols, Arena *arena, Node *value)
{
    Reader reader = {bytes, symbols, arena, 0};

    return read_value(&reader, value) && reader.rest.size == 0 && !arena_spent(arena);
}
