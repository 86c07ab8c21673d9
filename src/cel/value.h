/*
 * cel/value.h - values at run time
 *
 * A value is 24 bytes of plain data. Input is not converted: a list or map of the input is a
 * value that points at its node. Every value may carry its origin, the node that it was read from
 * or that decided it, so that a verdict knows its place without being told.
 *
 * Absence (docs/cel.md): a field that an input map does not have, or that is null, reads as an
 * *input null*, whose fields are input nulls again. CEL's own maps and lists stay strict, and so
 * does input that is marked CEL_STRICT: what admission policies see (docs/policies.md).
 */
#ifndef PLUMB_CEL_VALUE_H
#define PLUMB_CEL_VALUE_H

#include <assert.h>
#include <string.h>

#include "cel/types.h"
#include "syntax/node.h"

typedef enum CelKind {
    CEL_NULL,
    CEL_BOOL,
    CEL_INT,
    CEL_UINT,
    CEL_DOUBLE,
    CEL_STRING,
    CEL_BYTES,
    CEL_LIST, /* of the expression itself, or of a node when CEL_INPUT is set */
    CEL_MAP,  /* the same */
    CEL_DURATION,
    CEL_TIMESTAMP,
    CEL_TYPE,
    CEL_OPTIONAL,
    CEL_OPAQUE,   /* net.IP and the like: `as.opaque` */
    CEL_RESOURCE, /* a resource of the unit: a map of its body, with `address` (docs/cel.md) */
    CEL_UNKNOWN,
    CEL_ERROR,
} CelKind;

/* CelValue.flags */
enum {
    CEL_INPUT = 1 << 0,  /* read from the input; `origin` is its node, or for a null that stands for
                            something absent the deepest node that is there */
    CEL_ABSENT = 1 << 1, /* an input null: `origin` lacks the field `missing` */
    CEL_TERRAFORM = 1 << 2,  /* bool and number compare with their strings */
    CEL_INCOMPLETE = 1 << 3, /* a list that may have more elements than are known: "none found" is
                                unknown. `cause` of why is in the machine's context */
    CEL_CONFIGURED = 1 << 4, /* isSet() holds: written in the input, not a provider's default */
    CEL_VAGUE = 1 << 5, /* an unknown that came of another one, as a field of it or by a function:
                           what `as.unknown` says beyond the cause is not about this value */
    CEL_STRICT =
        1 << 6, /* beside CEL_INPUT, of a list or map: what it lacks is an error, as in CEL's
                   own. Other values that are read from such a one have neither flag */
};

/* CelValue.spare of an error. A text has its Symbol there or 0, where it is a key of a map that is
 * no input. */
enum {
    CEL_NO_OVERLOAD = 1, /* the function does not take arguments of these kinds */
};

typedef struct CelValue CelValue;
typedef struct CelList CelList;
typedef struct CelMap CelMap;
typedef struct CelOpaque CelOpaque;

typedef struct CelTime {
    int64_t seconds;
    int32_t nanos; /* same sign as seconds for a duration; 0..999999999 for a timestamp */
} CelTime;

struct CelValue {
    uint8_t kind;
    uint8_t flags;
    uint16_t spare;
    uint32_t size; /* bytes of STRING and BYTES; for an absent or decided value the Symbol of the
                      missing field, or 0 */
    union {
        bool boolean;
        int64_t integer;
        uint64_t unsigned_integer;
        double number;
        const char *text;
        const CelList *list; /* not CEL_INPUT */
        const CelMap *map;   /* not CEL_INPUT */
        const Node *node;    /* LIST and MAP with CEL_INPUT */
        const CelTime *time;
        const CelType *type;
        const CelValue *optional; /* NULL for none */
        const CelOpaque *opaque;
        const struct Resource *resource;
        const Unknown *unknown;
        const char *error; /* NUL-terminated message */
    } as;
    const Node *origin; /* may be NULL */
};

struct CelList {
    uint32_t count;
    CelValue *items;
};

/* Keys and values in turn, in insertion order; keys are bool, int, uint or string. */
struct CelMap {
    uint32_t count;
    CelValue *entries;
};

/* What an opaque value is: its type's name and what all values can do. `order` is NULL where there
 * is none; `equal` and `order` are called with two values of this kind. */
typedef struct CelOpaqueKind {
    const char *name; /* "net.IP" */
    bool (*equal)(const CelOpaque *a, const CelOpaque *b);
    int (*order)(const CelOpaque *a, const CelOpaque *b);
    Str (*text)(const CelOpaque *value, Arena *arena);
} CelOpaqueKind;

/* The head of every opaque value; what follows is its module's. */
struct CelOpaque {
    const CelOpaqueKind *kind;
};

/* The value of an input node. */
CelValue cel_from_node(const Node *node);

/* What lies in an input container shares its ways: Terraform's coercion, and a default's content
 * is a default. */
uint8_t cel_part_flags(CelValue container);

/* The same of a node inside a container, from whose `flags` it takes CEL_TERRAFORM and CEL_STRICT,
 * and CEL_CONFIGURED unless it is a default itself. */
CelValue cel_from_part(const Node *node, uint8_t flags);

/* The same, put where it is wanted. */
static inline void cel_set_part(CelValue *value, const Node *node, uint8_t flags)
{
    static const uint8_t kinds[] = {
        [NODE_NULL] = CEL_NULL,     [NODE_BOOL] = CEL_BOOL,       [NODE_INT] = CEL_INT,
        [NODE_DOUBLE] = CEL_DOUBLE, [NODE_STRING] = CEL_STRING,   [NODE_LIST] = CEL_LIST,
        [NODE_MAP] = CEL_MAP,       [NODE_UNKNOWN] = CEL_UNKNOWN, [NODE_SCALAR] = CEL_STRING,
    };
    uint8_t kind = kinds[node->kind];
    bool configured = node->kind != NODE_NULL && !(node->flags & NODE_DEFAULTED);
    bool whole = kind == CEL_LIST || kind == CEL_MAP;
    bool plain = (flags & CEL_STRICT) && !whole;

    flags &= configured ? CEL_TERRAFORM | CEL_CONFIGURED | CEL_STRICT : CEL_TERRAFORM | CEL_STRICT;
    value->kind = kind;
    value->flags = plain ? 0 : CEL_INPUT | flags;
    value->spare = 0;
    value->size = kind == CEL_STRING ? node->count : 0;
    value->origin = node;
    /* both unions are 8 bytes that begin with the same scalars */
    static_assert(sizeof value->as == sizeof node->as, "a node's payload is copied as it is");
    if (whole)
        value->as.node = node;
    else
        memcpy(&value->as, &node->as, sizeof value->as);
}

static inline CelValue cel_bool(bool value)
{
    CelValue result = {.kind = CEL_BOOL};
    result.as.boolean = value;
    return result;
}

static inline CelValue cel_int(int64_t value)
{
    CelValue result = {.kind = CEL_INT};
    result.as.integer = value;
    return result;
}

static inline CelValue cel_null(void)
{
    return (CelValue){.kind = CEL_NULL};
}

static inline CelValue cel_string(Str text)
{
    CelValue result = {.kind = CEL_STRING, .size = text.size};
    result.as.text = text.data;
    return result;
}

static inline Str cel_text(CelValue value)
{
    return (Str){value.as.text, value.size};
}

/* Elements of a list and entries of a map, input or not; a resource counts as the map of its body.
 */
uint32_t cel_count(CelValue container);
CelValue cel_list_item(CelValue list, uint32_t index);
CelValue cel_map_key(CelValue map, uint32_t index);
CelValue cel_map_value(CelValue map, uint32_t index);

/* Whether a value is read from input where absence is ordinary, so that what does not fit is no
 * mistake. */
static inline bool cel_is_lenient(CelValue value)
{
    return (value.flags & (CEL_INPUT | CEL_STRICT)) == CEL_INPUT;
}

/* A null that stands for something which the input does not have. */
static inline bool cel_is_input_null(CelValue value)
{
    return value.kind == CEL_NULL && (value.flags & CEL_INPUT);
}

/* What a function or a field makes of `value`, where it is unknown. */
static inline CelValue cel_vague(CelValue value)
{
    if (value.kind == CEL_UNKNOWN)
        value.flags |= CEL_VAGUE;
    return value;
}

static inline bool cel_is_blocking(const CelValue *value)
{
    return value->kind == CEL_UNKNOWN || value->kind == CEL_ERROR;
}

/* The unknown or error among two operands, or NULL; an unknown wins. */
static inline const CelValue *cel_blocking(const CelValue *a, const CelValue *b)
{
    if (!cel_is_blocking(a))
        return cel_is_blocking(b) ? b : NULL;
    return a->kind == CEL_ERROR && b->kind == CEL_UNKNOWN ? b : a;
}

/* `value` with the origin of `from`, where it has none of its own. */
static inline CelValue cel_with_origin(CelValue value, CelValue from)
{
    if (value.origin || !from.origin)
        return value;
    value.origin = from.origin;
    if (value.kind != CEL_STRING && value.kind != CEL_BYTES && from.kind != CEL_STRING &&
        from.kind != CEL_BYTES)
        value.size = from.size;
    return value;
}

/* Why the elements beyond a CEL_INCOMPLETE list are not known, where nobody says more. */
extern const Unknown cel_incomplete_list;

/* The unknown that a value of kind CEL_UNKNOWN holds; never NULL. */
const Unknown *cel_unknown_of(CelValue value);

/* What absence of `value` means to isSet() and `== null`: present, not present, or not known. */
typedef enum CelPresence {
    CEL_NOT_THERE,
    CEL_THERE,
    CEL_MAYBE_THERE,
} CelPresence;
CelPresence cel_presence(CelValue value);

/* CEL equality (langdef, "Equality"): numbers by value across types, other types never equal. The
 * result is a bool, or an unknown where that decides, or an error for what is nested too deeply. */
CelValue cel_equal(CelValue a, CelValue b);

/* The same, counting the work done in `*steps`, which may be NULL; an error beyond `limit`. */
CelValue cel_equal_within(CelValue a, CelValue b, uint64_t *steps, uint64_t limit);

/* How `a` and `b` are ordered: below, at or above 0; CEL_UNORDERED for a NaN and CEL_INCOMPARABLE
 * for kinds that have no order among them. Coerces as Terraform does where CEL_TERRAFORM is set. */
#define CEL_UNORDERED 2
#define CEL_INCOMPARABLE 3
int cel_order(CelValue a, CelValue b);

/* The type that type() gives for a value of `kind`; of an opaque value only that it is one. */
CelTypeKind cel_type_kind(CelKind kind);

/* "int", "google.protobuf.Timestamp", "net.IP": the name of the type of `value`. */
Str cel_kind_name(CelValue value);

/* As the specification's string() and the tests print it; for dumps and messages: input nulls are
 * "null", unknowns "(unknown: cause)". */
Str cel_value_text(CelValue value, Arena *arena);

#endif
