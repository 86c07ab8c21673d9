#include <arpa/inet.h>

#include "ir/hcl_functions_parts.h"

__extension__ typedef unsigned __int128 Wide;

/* An address and how many bits of it name the network. */
typedef struct Prefix {
    Wide address; /* an IPv4 address in the lowest 32 bits */
    uint32_t bits;
    uint32_t length; /* 32 or 128 */
} Prefix;

static bool read_address(Arena *arena, Str text, Prefix *prefix)
{
    const char *ended = str_copy_z(arena, text);
    uint8_t bytes[16];

    if (!ended)
        return false;
    prefix->length = inet_pton(AF_INET, ended, bytes) == 1    ? 32
                     : inet_pton(AF_INET6, ended, bytes) == 1 ? 128
                                                              : 0;
    prefix->address = 0;
    for (uint32_t i = 0; i < prefix->length / 8; i++)
        prefix->address = prefix->address << 8 | bytes[i];
    prefix->bits = prefix->length;
    return prefix->length != 0;
}

static Wide mask_of(uint32_t length, uint32_t bits)
{
    Wide all = length == 128 ? ~(Wide)0 : (Wide)0xffffffff;

    return bits == 0 ? 0 : all & (all << (length - bits));
}

static bool read_prefix(HclEval *eval, const HclCall *call, uint32_t arg, Prefix *prefix)
{
    int64_t slash;
    uint32_t bits;
    Str text, digits;

    if (!hcl_arg_text(eval, call, arg, &text))
        return false;
    slash = str_find_char(text, '/');
    digits = slash < 0 ? (Str){"", 0} : str_from(text, (uint32_t)slash + 1);
    if (!str_to_number(digits, &bits) ||
        !read_address(eval->arena, str_sub(text, 0, (uint32_t)slash), prefix) ||
        bits > prefix->length) {
        hcl_fail(eval, call->at, "\"%.*s\" is no network such as 10.0.0.0/16", STR_ARG(text));
        return false;
    }
    prefix->bits = bits;
    prefix->address &= mask_of(prefix->length, bits);
    return true;
}

static Str address_text(Arena *arena, Wide address, uint32_t length)
{
    char text[INET6_ADDRSTRLEN];
    uint8_t bytes[16];

    for (uint32_t i = length / 8; i > 0; i--) {
        bytes[i - 1] = (uint8_t)address;
        address >>= 8;
    }
    if (!inet_ntop(length == 32 ? AF_INET : AF_INET6, bytes, text, sizeof text))
        return (Str){NULL, 0};
    return str_copy(arena, str_of(text));
}

static Node prefix_result(HclEval *eval, const HclCall *call, const Prefix *prefix)
{
    Str address = address_text(eval->arena, prefix->address, prefix->length);

    if (!address.data)
        return hcl_failed(eval, call);
    return hcl_text_result(eval, call,
                           str_format(eval->arena, "%.*s/%u", STR_ARG(address), prefix->bits));
}

/* Whether `number` needs no more than `bits` bits. */
static bool fits(uint64_t number, uint32_t bits)
{
    return bits >= 64 || number >> bits == 0;
}

Node hcl_fn_cidrhost(HclEval *eval, const HclCall *call)
{
    int64_t number;
    uint32_t free_bits;
    uint64_t magnitude;
    Prefix prefix;
    Wide address;

    if (!read_prefix(eval, call, 0, &prefix) || !hcl_arg_integer(eval, call, 1, &number))
        return hcl_failed(eval, call);
    free_bits = prefix.length - prefix.bits;
    magnitude = number < 0 ? 0 - (uint64_t)number - 1 : (uint64_t)number;
    if (!fits(magnitude, free_bits))
        return hcl_fail(eval, call->at, "the network has no host %lld", (long long)number);
    /* -1 is the last address. */
    address = number < 0 ? ~mask_of(prefix.length, prefix.bits) - magnitude : magnitude;
    if (prefix.length == 32)
        address &= 0xffffffff;
    address = prefix.address | address;
    return hcl_text_result(eval, call, address_text(eval->arena, address, prefix.length));
}

Node hcl_fn_cidrnetmask(HclEval *eval, const HclCall *call)
{
    Prefix prefix;

    if (!read_prefix(eval, call, 0, &prefix))
        return hcl_failed(eval, call);
    if (prefix.length != 32)
        return hcl_fail(eval, call->at, "cidrnetmask() is for IPv4");
    return hcl_text_result(eval, call, address_text(eval->arena, mask_of(32, prefix.bits), 32));
}

Node hcl_fn_cidrsubnet(HclEval *eval, const HclCall *call)
{
    int64_t more, number;
    Prefix prefix;

    if (!read_prefix(eval, call, 0, &prefix) || !hcl_arg_integer(eval, call, 1, &more) ||
        !hcl_arg_integer(eval, call, 2, &number))
        return hcl_failed(eval, call);
    if (more < 0 || more > prefix.length - prefix.bits)
        return hcl_fail(eval, call->at, "the network has not %lld bits left", (long long)more);
    if (number < 0 || !fits((uint64_t)number, (uint32_t)more))
        return hcl_fail(eval, call->at, "%lld bits do not hold the number %lld", (long long)more,
                        (long long)number);
    prefix.bits += (uint32_t)more;
    if (prefix.bits && prefix.length - prefix.bits < 128)
        prefix.address |= (Wide)(uint64_t)number << (prefix.length - prefix.bits);
    return prefix_result(eval, call, &prefix);
}

Node hcl_fn_cidrsubnets(HclEval *eval, const HclCall *call)
{
    Node *items = hcl_items(eval, call, call->count);
    Wide next = 0, end;
    Prefix prefix, part;

    if (!items || !read_prefix(eval, call, 0, &prefix))
        return hcl_failed(eval, call);
    next = prefix.address;
    end = prefix.address |
          (mask_of(prefix.length, prefix.length) & ~mask_of(prefix.length, prefix.bits));
    for (uint32_t i = 1; i < call->count; i++) {
        int64_t more;
        if (!hcl_arg_integer(eval, call, i, &more) || more < 1 ||
            more > prefix.length - prefix.bits)
            return hcl_fail(eval, call->at, "the network has no such part");
        part = prefix;
        part.bits += (uint32_t)more;
        Wide size = (Wide)1 << (part.length - part.bits);
        part.address = (next + size - 1) & mask_of(part.length, part.bits);
        if (part.address < next || part.address > end || size - 1 > end - part.address)
            return hcl_fail(eval, call->at, "the network has no room for that many parts");
        items[i - 1] = prefix_result(eval, call, &part);
        next = part.address + size;
    }
    return hcl_list_result(eval, call, items, call->count - 1);
}

Node hcl_fn_cidrcontains(HclEval *eval, const HclCall *call)
{
    Prefix outer, inner;
    Str text;

    if (!read_prefix(eval, call, 0, &outer) || !hcl_arg_text(eval, call, 1, &text))
        return hcl_failed(eval, call);
    if (str_find_char(text, '/') >= 0 ? !read_prefix(eval, call, 1, &inner)
                                      : !read_address(eval->arena, text, &inner))
        return hcl_fail(eval, call->at, "cidrcontains() needs an address or a network");
    return node_make_bool(call->at,
                          outer.length == inner.length && inner.bits >= outer.bits &&
                              (inner.address & mask_of(outer.length, outer.bits)) == outer.address);
}
