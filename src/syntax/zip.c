#include "syntax/zip.h"

#include <dlfcn.h>
#include <zlib.h>

#include "base/limits.h"

/* Signatures and sizes of the records (APPNOTE.TXT 4.3). */
#define END_SIGNATURE 0x06054b50u
#define END_SIZE 22u
#define ENTRY_SIGNATURE 0x02014b50u
#define ENTRY_SIZE 46u
#define LOCAL_SIGNATURE 0x04034b50u
#define LOCAL_SIZE 30u
#define COMMENT_MAX 65535u
#define FLAG_ENCRYPTED 1u

/* Deflate makes at most 1032 bytes of one (zlib's own figure). */
#define DEFLATE_MOST 1032u

/* --- numbers, lowest byte first; the caller has checked the bounds --- */

static uint32_t get16(Str bytes, uint32_t at)
{
    const unsigned char *p = (const unsigned char *)bytes.data + at;

    return (uint32_t)p[0] | (uint32_t)p[1] << 8;
}

static uint32_t get32(Str bytes, uint32_t at)
{
    return get16(bytes, at) | get16(bytes, at + 2) << 16;
}

static bool fits(Str bytes, uint64_t at, uint64_t size)
{
    return at + size <= bytes.size;
}

/* --- the directory --- */

/* The end record stands before a comment of unknown length. */
static bool find_end(Str bytes, uint32_t *end)
{
    uint32_t most = END_SIZE + COMMENT_MAX;
    uint32_t first = bytes.size > most ? bytes.size - most : 0;

    if (bytes.size < END_SIZE)
        return false;
    for (uint32_t at = bytes.size - END_SIZE + 1; at-- > first;) {
        if (get32(bytes, at) == END_SIGNATURE &&
            fits(bytes, at + END_SIZE, get16(bytes, at + 20))) {
            *end = at;
            return true;
        }
    }
    return false;
}

/* The bytes of a member lie behind its local header, whose lengths are its own. */
static bool find_packed(Str bytes, uint32_t local, uint32_t size, Str *packed)
{
    uint64_t at;

    if (!fits(bytes, local, LOCAL_SIZE) || get32(bytes, local) != LOCAL_SIGNATURE)
        return false;
    at = (uint64_t)local + LOCAL_SIZE + get16(bytes, local + 26) + get16(bytes, local + 28);
    if (!fits(bytes, at, size))
        return false;
    *packed = str_sub(bytes, (uint32_t)at, size);
    return true;
}

/* Reads the entry at `*at` and moves behind it; false where there is none. */
static bool read_entry(Str bytes, uint32_t *at, Zip *zip)
{
    ZipMember *member = &zip->members[zip->count];
    uint32_t name, skip, local;

    if (!fits(bytes, *at, ENTRY_SIZE) || get32(bytes, *at) != ENTRY_SIGNATURE)
        return false;
    name = get16(bytes, *at + 28);
    skip = get16(bytes, *at + 30) + get16(bytes, *at + 32);
    local = get32(bytes, *at + 42);
    if (!fits(bytes, (uint64_t)*at + ENTRY_SIZE, (uint64_t)name + skip))
        return false;
    *member = (ZipMember){.name = str_sub(bytes, *at + ENTRY_SIZE, name),
                          .size = get32(bytes, *at + 24),
                          .crc = get32(bytes, *at + 16),
                          .method = (uint16_t)get16(bytes, *at + 10)};
    if (!(get16(bytes, *at + 8) & FLAG_ENCRYPTED) &&
        find_packed(bytes, local, get32(bytes, *at + 20), &member->packed))
        zip->count++;
    *at += ENTRY_SIZE + name + skip;
    return true;
}

bool zip_open(Str bytes, Arena *arena, Zip *zip, const char **error)
{
    uint32_t end, count, at;

    *zip = (Zip){.budget = LIMIT_ZIP_BYTES};
    *error = "the archive has no directory: is it whole?";
    if (!find_end(bytes, &end))
        return false;
    count = get16(bytes, end + 10);
    at = get32(bytes, end + 16);
    /* As many as there is room for, whatever the record says. */
    if (count > bytes.size / ENTRY_SIZE)
        return false;
    zip->members = ARENA_ARRAY(arena, ZipMember, count + 1u);
    if (!zip->members)
        return false;
    for (uint32_t i = 0; i < count; i++)
        if (!read_entry(bytes, &at, zip))
            return false;
    return true;
}

/* --- unpacking --- */

/* zlib's functions, as far as they are needed. */
typedef struct Zlib {
    void *library;
    int (*init)(z_stream *stream, int bits, const char *version, int size);
    int (*inflate)(z_stream *stream, int flush);
    int (*end)(z_stream *stream);
    unsigned long (*crc)(unsigned long crc, const unsigned char *bytes, unsigned size);
} Zlib;

/* POSIX has it that functions can be had so, ISO C forbids to write it. */
static void get_function(void *library, const char *name, void *function)
{
    void *address = dlsym(library, name);

    memcpy(function, &address, sizeof address);
}

static bool open_zlib(Zlib *zlib)
{
    static const char *const names[] = {"libz.so.1", "libz.so", "libz.1.dylib"};

    *zlib = (Zlib){0};
    for (size_t i = 0; i < sizeof names / sizeof *names && !zlib->library; i++)
        zlib->library = dlopen(names[i], RTLD_NOW | RTLD_LOCAL);
    if (!zlib->library)
        return false;
    get_function(zlib->library, "inflateInit2_", &zlib->init);
    get_function(zlib->library, "inflate", &zlib->inflate);
    get_function(zlib->library, "inflateEnd", &zlib->end);
    get_function(zlib->library, "crc32", &zlib->crc);
    return zlib->init && zlib->inflate && zlib->end && zlib->crc;
}

/* All of `member` to `to`, which has room for its size; false where it is more or less. */
static bool inflate_all(const Zlib *zlib, const ZipMember *member, char *to)
{
    z_stream stream = {.next_in = (unsigned char *)(uintptr_t)member->packed.data,
                       .avail_in = member->packed.size,
                       .next_out = (unsigned char *)to,
                       .avail_out = member->size};
    int result;

    if (zlib->init(&stream, -MAX_WBITS, ZLIB_VERSION, (int)sizeof stream) != Z_OK)
        return false;
    result = zlib->inflate(&stream, Z_FINISH);
    zlib->end(&stream);
    return result == Z_STREAM_END && stream.avail_out == 0;
}

static bool unpack(const Zlib *zlib, const ZipMember *member, char *to)
{
    if (member->method == 0 && member->size == member->packed.size)
        memcpy(to, member->packed.data, member->size);
    else if (member->method != 8 || !inflate_all(zlib, member, to))
        return false;
    return zlib->crc(0, (const unsigned char *)to, member->size) == member->crc;
}

bool zip_unpack(Zip *zip, const ZipMember *member, Arena *arena, Str *text, const char **error)
{
    Zlib zlib;
    char *to;
    bool good;

    *error = "a file in the archive is too large";
    if (member->size > zip->budget ||
        member->size > (uint64_t)member->packed.size * DEFLATE_MOST + DEFLATE_MOST)
        return false;
    zip->budget -= member->size;
    to = arena_raw(arena, (size_t)member->size + 1, 1);
    if (!to)
        return false;
    *error = "zlib, which unpacks archives, is not on this machine";
    good = open_zlib(&zlib);
    if (good) {
        *error = "a file in the archive is damaged";
        good = unpack(&zlib, member, to);
    }
    if (zlib.library)
        dlclose(zlib.library);
    to[good ? member->size : 0] = '\0';
    *text = (Str){to, good ? member->size : 0};
    return good;
}

const ZipMember *zip_find(const Zip *zip, Str name)
{
    for (uint32_t i = zip->count; i-- > 0;)
        if (str_eq(zip->members[i].name, name))
            return &zip->members[i];
    return NULL;
}
