#include "cel/address.h"

#include <ctype.h>
#include <stdio.h>

static bool parse_v4(Str text, uint8_t bytes[4])
{
    uint32_t at = 0;

    for (uint32_t i = 0; i < 4; i++) {
        uint32_t value = 0, start = at;

        if (i > 0 && (at >= text.size || text.data[at++] != '.'))
            return false;
        start = at;
        while (at < text.size && isdigit((unsigned char)text.data[at]) && at - start < 3)
            value = value * 10 + (uint32_t)(text.data[at++] - '0');
        if (at == start || value > 255 || (at - start > 1 && text.data[start] == '0'))
            return false;
        bytes[i] = (uint8_t)value;
    }
    return at == text.size;
}

/* The groups of an IPv6 address so far. */
typedef struct Groups {
    uint8_t bytes[16];
    uint32_t used;
    int32_t gap; /* where "::" stands, in bytes, or -1 */
} Groups;

static uint32_t hex_digits(Str text, uint32_t at, uint32_t *value)
{
    uint32_t count = 0;

    *value = 0;
    while (at + count < text.size && count < 5 && isxdigit((unsigned char)text.data[at + count])) {
        int c = tolower((unsigned char)text.data[at + count++]);

        *value = *value * 16 + (uint32_t)(c <= '9' ? c - '0' : c - 'a' + 10);
    }
    return count;
}

/* One group of hexadecimal digits, or the dotted end, at `*at`. */
static bool parse_group(Str text, uint32_t *at, Groups *groups)
{
    uint32_t value, count = hex_digits(text, *at, &value);

    if (count == 0)
        return false;
    if (*at + count < text.size && text.data[*at + count] == '.') {
        if (groups->used > 12 || !parse_v4(str_from(text, *at), groups->bytes + groups->used))
            return false;
        groups->used += 4;
        *at = text.size;
        return true;
    }
    if (count > 4 || groups->used > 14)
        return false;
    groups->bytes[groups->used++] = (uint8_t)(value >> 8);
    groups->bytes[groups->used++] = (uint8_t)value;
    *at += count;
    return true;
}

/* ":" or "::" between groups. */
static bool parse_colons(Str text, uint32_t *at, Groups *groups)
{
    if (text.data[*at] != ':')
        return false;
    ++*at;
    if (*at < text.size && text.data[*at] == ':') {
        if (groups->gap >= 0)
            return false;
        groups->gap = (int32_t)groups->used;
        ++*at;
        return true;
    }
    return *at < text.size;
}

static bool parse_v6(Str text, uint8_t bytes[16])
{
    Groups groups = {.gap = -1};
    uint32_t at = 0, tail;

    if (str_starts(text, STR("::"))) {
        groups.gap = 0;
        at = 2;
    }
    while (at < text.size) {
        if (!parse_group(text, &at, &groups))
            return false;
        if (at < text.size && !parse_colons(text, &at, &groups))
            return false;
    }
    if (groups.gap < 0 ? groups.used != 16 : groups.used > 14)
        return false;
    memset(bytes, 0, 16);
    if (groups.gap < 0)
        groups.gap = 16;
    tail = groups.used > (uint32_t)groups.gap ? groups.used - (uint32_t)groups.gap : 0;
    memcpy(bytes, groups.bytes, groups.used - tail);
    memcpy(bytes + 16 - tail, groups.bytes + groups.used - tail, tail);
    return true;
}

static bool is_mapped(const Address *address)
{
    static const uint8_t head[12] = {[10] = 0xff, [11] = 0xff};

    return address->family == 6 && memcmp(address->bytes, head, sizeof head) == 0;
}

AddressError address_parse(Str text, Address *address)
{
    *address = (Address){.family = 4};
    if (parse_v4(text, address->bytes))
        return ADDRESS_OK;
    if (str_find_char(text, '%') >= 0)
        return ADDRESS_ZONE;
    address->family = 6;
    if (!parse_v6(text, address->bytes))
        return ADDRESS_SYNTAX;
    return is_mapped(address) && str_find_char(text, '.') >= 0 ? ADDRESS_MAPPED : ADDRESS_OK;
}

AddressError network_parse(Str text, Network *network)
{
    int64_t slash = str_find_last_char(text, '/');
    uint32_t prefix = 0;
    AddressError error;
    Str rest;

    if (slash < 0)
        return ADDRESS_PREFIX;
    error = address_parse(str_sub(text, 0, (uint32_t)slash), &network->address);
    if (error != ADDRESS_OK)
        return error;
    rest = str_from(text, (uint32_t)slash + 1);
    if (!str_to_number(rest, &prefix) || (rest.size > 1 && rest.data[0] == '0') ||
        prefix > (network->address.family == 4 ? 32u : 128u))
        return ADDRESS_PREFIX;
    network->prefix = (uint8_t)prefix;
    return ADDRESS_OK;
}

/* The longest run of two or more zero groups, the first of equals. */
static void longest_zeros(const uint8_t *bytes, uint32_t *start, uint32_t *length)
{
    *start = 8;
    *length = 1;
    for (uint32_t i = 0; i < 8; i++) {
        uint32_t end = i;

        while (end < 8 && bytes[2 * end] == 0 && bytes[2 * end + 1] == 0)
            end++;
        if (end - i > *length) {
            *start = i;
            *length = end - i;
        }
    }
}

static void print_v6(const uint8_t *bytes, char text[ADDRESS_TEXT_SIZE])
{
    uint32_t start, length;
    size_t at = 0;

    longest_zeros(bytes, &start, &length);
    for (uint32_t i = 0; i < 8; i++) {
        if (i == start) {
            at += (size_t)snprintf(text + at, ADDRESS_TEXT_SIZE - at, "::");
            i += length - 1;
            continue;
        }
        at += (size_t)snprintf(text + at, ADDRESS_TEXT_SIZE - at, "%s%x",
                               i > 0 && text[at - 1] != ':' ? ":" : "",
                               (unsigned)bytes[2 * i] << 8 | bytes[2 * i + 1]);
    }
}

void address_print(const Address *address, char text[ADDRESS_TEXT_SIZE])
{
    const uint8_t *b = address->bytes;

    if (address->family == 4)
        snprintf(text, ADDRESS_TEXT_SIZE, "%u.%u.%u.%u", b[0], b[1], b[2], b[3]);
    else
        print_v6(b, text);
}

static Address unmapped(const Address *address)
{
    Address plain = *address;

    if (!is_mapped(address))
        return plain;
    plain = (Address){.family = 4};
    memcpy(plain.bytes, address->bytes + 12, 4);
    return plain;
}

bool address_equal(const Address *a, const Address *b)
{
    Address x = unmapped(a), y = unmapped(b);

    return x.family == y.family && memcmp(x.bytes, y.bytes, sizeof x.bytes) == 0;
}

Address network_base(const Network *network)
{
    Address base = network->address;

    for (uint32_t bit = network->prefix; bit < (base.family == 4 ? 32u : 128u); bit++)
        base.bytes[bit / 8] &= (uint8_t) ~(0x80u >> bit % 8);
    return base;
}

bool network_contains(const Network *network, const Address *address)
{
    Network other = {*address, network->prefix};
    Address a, b;

    if (network->address.family != address->family)
        return false;
    a = network_base(network);
    b = network_base(&other);
    return memcmp(a.bytes, b.bytes, sizeof a.bytes) == 0;
}
