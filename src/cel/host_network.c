/* isOpenCIDR() and isPublicCIDR(): what an address range lets in. */
#include <arpa/inet.h>

#include "cel/host.h"

typedef struct Range {
    uint8_t bytes[16];
    uint8_t size;   /* of the address: 4 or 16 */
    uint8_t prefix; /* bits that are fixed */
} Range;

/* A CIDR, or an address, which is a range of one. */
static bool read_range(Str text, Range *range)
{
    int64_t slash = str_find_char(text, '/');
    Str address = slash < 0 ? text : str_sub(text, 0, (uint32_t)slash);
    Str bits = slash < 0 ? STR("") : str_from(text, (uint32_t)slash + 1);
    uint32_t prefix = 0;
    char copy[64];

    if (address.size >= sizeof copy || memchr(address.data, '\0', address.size))
        return false;
    memcpy(copy, address.data, address.size);
    copy[address.size] = '\0';
    range->size = str_find_char(address, ':') < 0 ? 4 : 16;
    if (inet_pton(range->size == 4 ? AF_INET : AF_INET6, copy, range->bytes) != 1)
        return false;
    if (slash < 0)
        prefix = range->size * 8u;
    else if (bits.size > 3 || !str_to_number(bits, &prefix))
        return false;
    range->prefix = (uint8_t)prefix;
    return prefix <= range->size * 8u;
}

/* Whether all of `part` lies in `whole`. */
static bool lies_in(const Range *part, const Range *whole)
{
    if (part->size != whole->size || part->prefix < whole->prefix)
        return false;
    for (uint32_t bit = 0; bit < whole->prefix; bit++)
        if ((part->bytes[bit / 8] ^ whole->bytes[bit / 8]) & (0x80u >> (bit % 8)))
            return false;
    return true;
}

/* Ranges that the internet does not route to or from: RFC 6890 and its registries. */
static const char *const closed_ranges[] = {
    "0.0.0.0/8",       "10.0.0.0/8",     "100.64.0.0/10", "127.0.0.0/8",    "169.254.0.0/16",
    "172.16.0.0/12",   "192.0.0.0/24",   "192.0.2.0/24",  "192.168.0.0/16", "198.18.0.0/15",
    "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4",   "240.0.0.0/4",    "::/128",
    "::1/128",         "100::/64",       "2001:db8::/32", "fc00::/7",       "fe80::/10",
    "ff00::/8",
};

static bool is_closed(const Range *range)
{
    for (size_t i = 0; i < sizeof closed_ranges / sizeof *closed_ranges; i++) {
        Range whole;

        if (read_range(str_of(closed_ranges[i]), &whole) && lies_in(range, &whole))
            return true;
    }
    return false;
}

/* Halves too: two rules for 0.0.0.0/1 and 128.0.0.0/1 are a known way around a look for /0. */
CelValue cel_host_is_open_cidr(CelMachine *machine, const CelValue *args, uint32_t count)
{
    Range range;

    (void)count;
    if (args[0].kind != CEL_STRING)
        return cel_no_overload(machine);
    return cel_bool(read_range(str_trim(cel_text(args[0])), &range) && range.prefix <= 1);
}

CelValue cel_host_is_public_cidr(CelMachine *machine, const CelValue *args, uint32_t count)
{
    Range range;

    (void)count;
    if (args[0].kind != CEL_STRING)
        return cel_no_overload(machine);
    return cel_bool(read_range(str_trim(cel_text(args[0])), &range) && !is_closed(&range));
}
