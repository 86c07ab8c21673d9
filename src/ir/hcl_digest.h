/*
 * ir/hcl_digest.h - the hashes that Terraform's functions offer beside SHA-256
 */
#ifndef PLUMB_IR_HCL_DIGEST_H
#define PLUMB_IR_HCL_DIGEST_H

#include "base/str.h"

/* The raw hash of `text`: MD5 (RFC 1321), SHA-1 and SHA-512 (FIPS 180-4). */
void hcl_md5(Str text, uint8_t hash[16]);
void hcl_sha1(Str text, uint8_t hash[20]);
void hcl_sha512(Str text, uint8_t hash[64]);

#endif
