/*
 * syntax/zip.h - the members of a zip archive
 *
 * As much of it as archives of programs need: stored and deflated members, below 4 GiB (APPNOTE.TXT
 * 6.3.10 without its zip64, encryption and split archives). zlib inflates; it is opened at the
 * first deflated member, so that a scan without one does not pay for it.
 */
#ifndef PLUMB_SYNTAX_ZIP_H
#define PLUMB_SYNTAX_ZIP_H

#include "base/str.h"

typedef struct ZipMember {
    Str name;      /* as it stands in the archive: any bytes */
    Str packed;    /* its bytes in there */
    uint32_t size; /* once unpacked, as the archive says */
    uint32_t crc;
    uint16_t method; /* 0 stored, 8 deflated */
} ZipMember;

typedef struct Zip {
    ZipMember *members; /* in the archive's order */
    uint32_t count;
    uint64_t budget; /* bytes that may still be unpacked */
} Zip;

/* Reads the directory of an archive, of which only views are kept. Members whose place is not
 * inside of `bytes` are left out. False with a reason in `*error` where it is no archive that can
 * be read, or when the arena is spent. */
bool zip_open(Str bytes, Arena *arena, Zip *zip, const char **error);

/* Unpacks a member to `arena`; its size and checksum are met. False with a reason in `*error`. */
bool zip_unpack(Zip *zip, const ZipMember *member, Arena *arena, Str *text, const char **error);

/* The member of that name, the last where there are several, or NULL. */
const ZipMember *zip_find(const Zip *zip, Str name);

#endif
