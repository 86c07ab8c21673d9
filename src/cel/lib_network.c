/* The network extension: values of the types net.IP and net.CIDR. */
#include <stdio.h>

#include "cel/address.h"
#include "cel/library.h"

typedef struct IpValue {
    CelOpaque head;
    Address address;
} IpValue;

typedef struct CidrValue {
    CelOpaque head;
    Network network;
} CidrValue;

static const Address *address_in(const CelOpaque *value)
{
    return &((const IpValue *)value)->address;
}

static const Network *network_in(const CelOpaque *value)
{
    return &((const CidrValue *)value)->network;
}

static bool ip_equal(const CelOpaque *a, const CelOpaque *b)
{
    return address_equal(address_in(a), address_in(b));
}

static Str ip_text(const CelOpaque *value, Arena *arena)
{
    char text[ADDRESS_TEXT_SIZE];

    address_print(address_in(value), text);
    return str_copy(arena, str_of(text));
}

static bool cidr_equal(const CelOpaque *a, const CelOpaque *b)
{
    const Network *x = network_in(a), *y = network_in(b);

    return x->prefix == y->prefix && x->address.family == y->address.family &&
           address_equal(&x->address, &y->address);
}

static Str cidr_text(const CelOpaque *value, Arena *arena)
{
    char text[ADDRESS_TEXT_SIZE];

    address_print(&network_in(value)->address, text);
    return str_format(arena, "%s/%u", text, network_in(value)->prefix);
}

static const CelOpaqueKind ip_kind = {"net.IP", ip_equal, NULL, ip_text};
static const CelOpaqueKind cidr_kind = {"net.CIDR", cidr_equal, NULL, cidr_text};

static CelValue new_ip(CelMachine *machine, Address address)
{
    IpValue *value = ARENA_NEW(machine->arena, IpValue);

    if (!value)
        return cel_spent();
    *value = (IpValue){{&ip_kind}, address};
    return cel_new_opaque(&value->head);
}

static CelValue new_cidr(CelMachine *machine, Network network)
{
    CidrValue *value = ARENA_NEW(machine->arena, CidrValue);

    if (!value)
        return cel_spent();
    *value = (CidrValue){{&cidr_kind}, network};
    return cel_new_opaque(&value->head);
}

static bool is_opaque(CelValue value, const CelOpaqueKind *kind)
{
    return value.kind == CEL_OPAQUE && value.as.opaque->kind == kind;
}

static CelValue parse_error(CelMachine *machine, const char *what, CelValue value,
                            AddressError error)
{
    if (error == ADDRESS_ZONE)
        return cel_error(machine, "%s with zone value is not allowed", what);
    if (error == ADDRESS_MAPPED)
        return cel_error(machine, "IPv4-mapped IPv6 address is not allowed");
    return cel_error(machine, "%s '%.*s' parse error during conversion from string", what,
                     (int)(value.size < 60 ? value.size : 60), value.as.text);
}

/* Addresses */

CelValue cel_fn_ip(CelMachine *machine, const CelValue *args, uint32_t count)
{
    AddressError error;
    Address address;

    if (!cel_args_are(args, count, "s"))
        return cel_no_overload(machine);
    error = address_parse(cel_text(args[0]), &address);
    if (error != ADDRESS_OK)
        return parse_error(machine, "IP Address", args[0], error);
    return new_ip(machine, address);
}

CelValue cel_fn_is_ip(CelMachine *machine, const CelValue *args, uint32_t count)
{
    Address address;

    if (!cel_args_are(args, count, "s"))
        return cel_no_overload(machine);
    return cel_bool(address_parse(cel_text(args[0]), &address) == ADDRESS_OK);
}

CelValue cel_fn_ip_is_canonical(CelMachine *machine, const CelValue *args, uint32_t count)
{
    char text[ADDRESS_TEXT_SIZE];
    AddressError error;
    Address address;

    if (!cel_args_are(args, count, "s"))
        return cel_no_overload(machine);
    error = address_parse(cel_text(args[0]), &address);
    if (error != ADDRESS_OK)
        return parse_error(machine, "IP Address", args[0], error);
    address_print(&address, text);
    return cel_bool(str_eq(str_of(text), cel_text(args[0])));
}

/* The address of a call's only argument, or NULL. */
static const Address *receiver(const CelValue *args)
{
    return is_opaque(args[0], &ip_kind) ? address_in(args[0].as.opaque) : NULL;
}

CelValue cel_fn_ip_family(CelMachine *machine, const CelValue *args, uint32_t count)
{
    const Address *ip = receiver(args);

    (void)count;
    return ip ? cel_int(ip->family) : cel_no_overload(machine);
}

static bool all_zero(const uint8_t *bytes, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        if (bytes[i] != 0)
            return false;
    return true;
}

static bool is_unspecified(const Address *ip)
{
    return all_zero(ip->bytes, 16);
}

static bool is_loopback(const Address *ip)
{
    return ip->family == 4 ? ip->bytes[0] == 127 : all_zero(ip->bytes, 15) && ip->bytes[15] == 1;
}

static bool is_multicast(const Address *ip)
{
    return ip->family == 4 ? (ip->bytes[0] & 0xf0) == 0xe0 : ip->bytes[0] == 0xff;
}

static bool is_link_local_unicast(const Address *ip)
{
    return ip->family == 4 ? ip->bytes[0] == 169 && ip->bytes[1] == 254
                           : ip->bytes[0] == 0xfe && (ip->bytes[1] & 0xc0) == 0x80;
}

static bool is_link_local_multicast(const Address *ip)
{
    return ip->family == 4 ? ip->bytes[0] == 224 && all_zero(ip->bytes + 1, 2)
                           : ip->bytes[0] == 0xff && (ip->bytes[1] & 0x0f) == 2;
}

/* As Go's net/netip has it: private addresses are unicast too. */
static bool is_global_unicast(const Address *ip)
{
    static const uint8_t broadcast[4] = {255, 255, 255, 255};

    if (ip->family == 4 && memcmp(ip->bytes, broadcast, sizeof broadcast) == 0)
        return false;
    return !is_unspecified(ip) && !is_loopback(ip) && !is_multicast(ip) &&
           !is_link_local_unicast(ip);
}

typedef bool Property(const Address *ip);

static CelValue property(CelMachine *machine, const CelValue *args, Property *holds)
{
    const Address *ip = receiver(args);

    return ip ? cel_bool(holds(ip)) : cel_no_overload(machine);
}

CelValue cel_fn_ip_is_unspecified(CelMachine *machine, const CelValue *args, uint32_t count)
{
    (void)count;
    return property(machine, args, is_unspecified);
}

CelValue cel_fn_ip_is_loopback(CelMachine *machine, const CelValue *args, uint32_t count)
{
    (void)count;
    return property(machine, args, is_loopback);
}

CelValue cel_fn_ip_is_global_unicast(CelMachine *machine, const CelValue *args, uint32_t count)
{
    (void)count;
    return property(machine, args, is_global_unicast);
}

CelValue cel_fn_ip_is_link_local_unicast(CelMachine *machine, const CelValue *args, uint32_t count)
{
    (void)count;
    return property(machine, args, is_link_local_unicast);
}

CelValue cel_fn_ip_is_link_local_multicast(CelMachine *machine, const CelValue *args,
                                           uint32_t count)
{
    (void)count;
    return property(machine, args, is_link_local_multicast);
}

/* Networks */

CelValue cel_fn_cidr(CelMachine *machine, const CelValue *args, uint32_t count)
{
    AddressError error;
    Network network;

    if (!cel_args_are(args, count, "s"))
        return cel_no_overload(machine);
    error = network_parse(cel_text(args[0]), &network);
    if (error != ADDRESS_OK)
        return parse_error(machine, "CIDR", args[0], error);
    return new_cidr(machine, network);
}

CelValue cel_fn_is_cidr(CelMachine *machine, const CelValue *args, uint32_t count)
{
    Network network;

    if (!cel_args_are(args, count, "s"))
        return cel_no_overload(machine);
    return cel_bool(network_parse(cel_text(args[0]), &network) == ADDRESS_OK);
}

CelValue cel_fn_cidr_contains_ip(CelMachine *machine, const CelValue *args, uint32_t count)
{
    AddressError error = ADDRESS_OK;
    Address address;

    (void)count;
    if (!is_opaque(args[0], &cidr_kind))
        return cel_no_overload(machine);
    if (args[1].kind == CEL_STRING)
        error = address_parse(cel_text(args[1]), &address);
    else if (is_opaque(args[1], &ip_kind))
        address = *address_in(args[1].as.opaque);
    else
        return cel_no_overload(machine);
    if (error != ADDRESS_OK)
        return parse_error(machine, "IP Address", args[1], error);
    return cel_bool(network_contains(network_in(args[0].as.opaque), &address));
}

CelValue cel_fn_cidr_contains_cidr(CelMachine *machine, const CelValue *args, uint32_t count)
{
    AddressError error = ADDRESS_OK;
    const Network *outer;
    Network inner;

    (void)count;
    if (!is_opaque(args[0], &cidr_kind))
        return cel_no_overload(machine);
    if (args[1].kind == CEL_STRING)
        error = network_parse(cel_text(args[1]), &inner);
    else if (is_opaque(args[1], &cidr_kind))
        inner = *network_in(args[1].as.opaque);
    else
        return cel_no_overload(machine);
    if (error != ADDRESS_OK)
        return parse_error(machine, "CIDR", args[1], error);
    outer = network_in(args[0].as.opaque);
    return cel_bool(inner.prefix >= outer->prefix && network_contains(outer, &inner.address));
}

static const Network *network_receiver(const CelValue *args)
{
    return is_opaque(args[0], &cidr_kind) ? network_in(args[0].as.opaque) : NULL;
}

CelValue cel_fn_cidr_ip(CelMachine *machine, const CelValue *args, uint32_t count)
{
    const Network *network = network_receiver(args);

    (void)count;
    return network ? new_ip(machine, network->address) : cel_no_overload(machine);
}

CelValue cel_fn_cidr_masked(CelMachine *machine, const CelValue *args, uint32_t count)
{
    const Network *network = network_receiver(args);

    (void)count;
    if (!network)
        return cel_no_overload(machine);
    return new_cidr(machine, (Network){network_base(network), network->prefix});
}

CelValue cel_fn_cidr_prefix_length(CelMachine *machine, const CelValue *args, uint32_t count)
{
    const Network *network = network_receiver(args);

    (void)count;
    return network ? cel_int(network->prefix) : cel_no_overload(machine);
}
