/*
 * cel/address.h - IP addresses and networks
 */
#ifndef PLUMB_CEL_ADDRESS_H
#define PLUMB_CEL_ADDRESS_H

#include "base/str.h"

typedef struct Address {
    uint8_t family;    /* 4 or 6 */
    uint8_t bytes[16]; /* 4 or 16 of them, most significant first */
} Address;

typedef struct Network {
    Address address; /* as written, host bits included */
    uint8_t prefix;  /* 0 to 32 or 128 */
} Network;

typedef enum AddressError {
    ADDRESS_OK,
    ADDRESS_SYNTAX,
    ADDRESS_ZONE,   /* fe80::1%en0 */
    ADDRESS_MAPPED, /* ::ffff:192.168.0.1 */
    ADDRESS_PREFIX, /* a network without a length that fits */
} AddressError;

/* "10.0.0.1", without leading zeros, or "2001:db8::1", which may end in dotted decimals. */
AddressError address_parse(Str text, Address *address);

/* "10.0.0.0/8". */
AddressError network_parse(Str text, Network *network);

/* The canonical text (RFC 5952). */
#define ADDRESS_TEXT_SIZE 48
void address_print(const Address *address, char text[ADDRESS_TEXT_SIZE]);

/* Same address; an IPv4 address and the IPv6 address that maps it are the same. */
bool address_equal(const Address *a, const Address *b);

bool network_contains(const Network *network, const Address *address);
/* The address with all bits beyond the prefix cleared. */
Address network_base(const Network *network);

#endif
