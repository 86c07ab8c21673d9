/*
 * base/sha256.h - SHA-256 (FIPS 180-4)
 */
#ifndef PLUMB_BASE_SHA256_H
#define PLUMB_BASE_SHA256_H

#include "base/str.h"

typedef struct Sha256 {
    uint32_t state[8];
    uint64_t size; /* bytes taken in so far */
    char block[64];
    bool portable; /* not by the processor's own instructions for it, even where there are some */
} Sha256;

Sha256 sha256_new(void);
void sha256_add(Sha256 *hash, Str bytes);

/* Ends the hash and writes it: as it is, or as 64 lowercase hexadecimal digits and a NUL. */
void sha256_bytes(Sha256 *hash, uint8_t bytes[32]);
void sha256_hex(Sha256 *hash, char digits[65]);

#endif
