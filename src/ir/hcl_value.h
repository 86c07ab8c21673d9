/*
 * ir/hcl_value.h - values of HCL expressions
 *
 * A value is a Node. A set is a list with the tag NODE_TAG_SET, sorted and without repetitions; a
 * tuple and a list, and an object and a map, are the same thing. Maps keep the order in which they
 * were written; one with the tag NODE_TAG_OTHER, a block of a resource, may have more than is known
 * of it. Expressions go through maps in the order of their keys. Numbers are int64 or
 * double, where Terraform has 512 bits.
 */
#ifndef PLUMB_IR_HCL_VALUE_H
#define PLUMB_IR_HCL_VALUE_H

#include "syntax/node.h"

/* The text of a string, number or bool, as HCL converts it. False for everything else, and when the
 * arena is spent. */
bool hcl_to_text(Arena *arena, const Node *value, Str *text);

/* A number, or a string that is one, as a number at `value`'s place. */
bool hcl_to_number(Arena *arena, const Node *value, Node *number);

/* A bool, or "true" or "false". */
bool hcl_to_bool(const Node *value, bool *result);

/* The number as a double; 0 for what is none. */
double hcl_double(const Node *number);

/* A whole number, however it is kept; false beyond int64 and for fractions. */
bool hcl_to_integer(const Node *number, int64_t *integer);

/* A double as an int where it is whole and exact. */
Node hcl_make_number(Span at, double number);

static inline bool hcl_is_set(const Node *value)
{
    return value->kind == NODE_LIST && node_tag(value) == NODE_TAG_SET;
}

static inline bool hcl_is_number(const Node *value)
{
    return value->kind == NODE_INT || value->kind == NODE_DOUBLE;
}

static inline bool hcl_is_primitive(const Node *value)
{
    return value->kind == NODE_STRING || value->kind == NODE_BOOL || hcl_is_number(value);
}

/* "a list", "null", for messages. */
const char *hcl_kind_name(const Node *value);

/* NODE_SENSITIVE where the value itself has it. */
static inline uint8_t hcl_sensitive(const Node *value)
{
    return value->flags & NODE_SENSITIVE;
}

/* The first unknown in the tree, or NULL. */
const Node *hcl_find_unknown(const Node *value);

/* Whether anything in the tree is sensitive. */
bool hcl_has_sensitive(const Node *value);

/* The entries of a map in the order of their keys; NULL for an empty map and when the arena is
 * spent. */
const Entry **hcl_sorted(Arena *arena, const Node *map);

/* Brings `count` values that lie `stride` bytes apart to one type: texts as soon as there is one
 * among them, for other primitives. */
void hcl_unify(Arena *arena, Node *first, uint32_t count, size_t stride);

/* A map whose values are so. */
Node hcl_unified_map(Arena *arena, Node map);

/* A set of `count` values, of which the array is kept and changed. */
Node hcl_make_set(Span at, Node *items, uint32_t count);

/* The elements in a row that are equal to none before them, moved to the front; their number. */
uint32_t hcl_distinct(Arena *arena, Node *items, uint32_t count);

/* Order for sorting: texts by bytes, numbers by value, the rest by kind only. */
int hcl_compare(const Node *a, const Node *b);

/* A map that may become large: finds a key that is there without going through all. */
typedef struct HclMap {
    MapBuilder builder;
    uint32_t *slots;
    uint32_t slot_count;
} HclMap;

HclMap hcl_map_new(Arena *arena, const Symbols *symbols);

/* The value of `key`, or NULL; good until the next entry. */
Node *hcl_map_find(HclMap *map, Str key);

/* Adds an entry, or changes its value and keeps its place. False when the arena is spent. */
bool hcl_map_put(HclMap *map, Str key, Span key_span, Node value);

Node hcl_map_done(const HclMap *map, Span at);

#endif
