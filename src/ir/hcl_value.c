#include "ir/hcl_value.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/limits.h"

/* --- numbers --- */

double hcl_double(const Node *number)
{
    if (number->kind == NODE_INT)
        return (double)number->as.integer;
    return number->kind == NODE_DOUBLE ? number->as.number : 0;
}

bool hcl_to_integer(const Node *number, int64_t *integer)
{
    if (number->kind == NODE_INT) {
        *integer = number->as.integer;
        return true;
    }
    if (number->kind != NODE_DOUBLE || number->as.number != floor(number->as.number) ||
        fabs(number->as.number) >= 9.2e18)
        return false;
    *integer = (int64_t)number->as.number;
    return true;
}

Node hcl_make_number(Span at, double number)
{
    if (number == floor(number) && fabs(number) < 9007199254740992.0)
        return node_make_int(at, (int64_t)number);
    return node_make_double(at, number);
}

/* Without an exponent, and with as many digits as a double surely has, so that 0.1 + 0.2 is 0.3. */
static Str double_text(Arena *arena, double number)
{
    char text[400];
    int size, digits;

    if (isinf(number) || isnan(number))
        return str_format(arena, "%s", isnan(number) ? "NaN" : number < 0 ? "-Inf" : "+Inf");
    if (number == floor(number))
        return str_format(arena, "%.0f", number);
    digits = 14 - (int)floor(log10(fabs(number)));
    size = snprintf(text, sizeof text, "%.*f",
                    digits < 1     ? 1
                    : digits > 300 ? 300
                                   : digits,
                    number);
    if (size >= (int)sizeof text)
        size = (int)sizeof text - 1;
    while (size > 1 && text[size - 1] == '0')
        size--;
    if (size > 1 && text[size - 1] == '.')
        size--;
    return str_copy(arena, (Str){text, (uint32_t)size});
}

bool hcl_to_text(Arena *arena, const Node *value, Str *text)
{
    switch ((NodeKind)value->kind) {
    case NODE_STRING:
        *text = node_text(value);
        return true;
    case NODE_BOOL:
        *text = value->as.boolean ? STR("true") : STR("false");
        return true;
    case NODE_INT:
        *text = str_format(arena, "%lld", (long long)value->as.integer);
        return text->data != NULL;
    case NODE_DOUBLE:
        *text = double_text(arena, value->as.number);
        return text->data != NULL;
    default:
        return false;
    }
}

/* [-]digits[.digits][e[+-]digits] and nothing else: strtod() takes more. */
static bool is_number_text(Str text)
{
    bool digit = false;

    for (uint32_t i = 0; i < text.size; i++) {
        char c = text.data[i];
        bool exponent = (c == 'e' || c == 'E') && digit;
        bool sign = (c == '-' || c == '+') &&
                    (i == 0 || text.data[i - 1] == 'e' || text.data[i - 1] == 'E');
        digit = digit || (c >= '0' && c <= '9');
        if (!(c >= '0' && c <= '9') && c != '.' && !exponent && !sign)
            return false;
    }
    return digit;
}

bool hcl_to_number(Arena *arena, const Node *value, Node *number)
{
    const char *text;
    char *end;

    *number = *value;
    if (hcl_is_number(value))
        return true;
    if (value->kind != NODE_STRING || !is_number_text(node_text(value)))
        return false;
    text = str_copy_z(arena, node_text(value));
    if (!text)
        return false;
    errno = 0;
    *number = node_make_int(node_span(value), strtoll(text, &end, 10));
    if (*end || errno) {
        double parsed = strtod(text, &end);
        *number = hcl_make_number(node_span(value), parsed);
    }
    number->flags |= value->flags & NODE_SENSITIVE;
    return *end == '\0';
}

bool hcl_to_bool(const Node *value, bool *result)
{
    Str text = node_string(value);

    if (value->kind == NODE_BOOL)
        *result = value->as.boolean;
    else if (str_eq(text, STR("true")) || str_eq(text, STR("false")))
        *result = text.size == 4;
    else
        return false;
    return true;
}

/* --- what is in a value --- */

const char *hcl_kind_name(const Node *value)
{
    static const char *const names[] = {"null",   "a bool", "a number", "a number", "a string",
                                        "a list", "a map",  "unknown",  "a scalar"};

    return names[value->kind];
}

const Node *hcl_find_unknown(const Node *value)
{
    const Node *found = NULL;

    if (value->kind == NODE_UNKNOWN)
        return value;
    for (uint32_t i = 0; !found && value->kind == NODE_LIST && i < value->count; i++)
        found = hcl_find_unknown(&value->as.items[i]);
    for (uint32_t i = 0; !found && value->kind == NODE_MAP && i < value->count; i++)
        found = hcl_find_unknown(&value->as.entries[i].value);
    return found;
}

bool hcl_has_sensitive(const Node *value)
{
    bool found = (value->flags & NODE_SENSITIVE) != 0;

    for (uint32_t i = 0; !found && value->kind == NODE_LIST && i < value->count; i++)
        found = hcl_has_sensitive(&value->as.items[i]);
    for (uint32_t i = 0; !found && value->kind == NODE_MAP && i < value->count; i++)
        found = hcl_has_sensitive(&value->as.entries[i].value);
    return found;
}

/* --- order --- */

static int compare_keys(const void *a, const void *b)
{
    return str_cmp(entry_key(*(const Entry *const *)a), entry_key(*(const Entry *const *)b));
}

const Entry **hcl_sorted(Arena *arena, const Node *map)
{
    const Entry **sorted = map->count ? ARENA_ARRAY(arena, const Entry *, map->count) : NULL;
    bool ordered = true;

    if (!sorted)
        return NULL;
    for (uint32_t i = 0; i < map->count; i++) {
        sorted[i] = &map->as.entries[i];
        ordered = ordered && (i == 0 || compare_keys(&sorted[i - 1], &sorted[i]) <= 0);
    }
    if (!ordered)
        qsort(sorted, map->count, sizeof *sorted, compare_keys);
    return sorted;
}

int hcl_compare(const Node *a, const Node *b)
{
    if (hcl_is_number(a) && hcl_is_number(b)) {
        double x = hcl_double(a), y = hcl_double(b);
        return (x > y) - (x < y);
    }
    if (a->kind != b->kind)
        return a->kind < b->kind ? -1 : 1;
    if (a->kind == NODE_STRING)
        return str_cmp(node_text(a), node_text(b));
    if (a->kind == NODE_BOOL)
        return a->as.boolean - b->as.boolean;
    return 0;
}

static int compare_nodes(const void *a, const void *b)
{
    return hcl_compare(a, b);
}

static bool all_primitive(const Node *items, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        if (!hcl_is_primitive(&items[i]))
            return false;
    return true;
}

static Node *at_stride(Node *first, uint32_t number, size_t stride)
{
    return (Node *)(void *)((char *)first + number * stride);
}

void hcl_unify(Arena *arena, Node *first, uint32_t count, size_t stride)
{
    bool texts = false, others = false;
    Str text;

    for (uint32_t i = 0; i < count; i++) {
        const Node *item = at_stride(first, i, stride);
        texts = texts || item->kind == NODE_STRING;
        others = others || item->kind == NODE_BOOL || hcl_is_number(item);
    }
    for (uint32_t i = 0; texts && others && i < count; i++) {
        Node *item = at_stride(first, i, stride);
        uint8_t flags = item->flags & NODE_SENSITIVE;
        if (item->kind == NODE_STRING || !hcl_is_primitive(item) ||
            !hcl_to_text(arena, item, &text))
            continue;
        *item = node_make_string(node_span(item), text);
        item->flags |= flags;
    }
}

Node hcl_unified_map(Arena *arena, Node map)
{
    Entry *entries = map.count ? ARENA_ARRAY(arena, Entry, map.count) : NULL;

    if (!entries)
        return map;
    memcpy(entries, map.as.entries, map.count * sizeof *entries);
    hcl_unify(arena, &entries->value, map.count, sizeof *entries);
    map.as.entries = entries;
    return map;
}

Node hcl_make_set(Span at, Node *items, uint32_t count)
{
    uint32_t kept = 0;
    Node set;

    if (count > 0 && all_primitive(items, count)) {
        qsort(items, count, sizeof *items, compare_nodes);
        for (uint32_t i = 0; i < count; i++)
            if (kept == 0 || !node_equal(&items[kept - 1], &items[i]))
                items[kept++] = items[i];
    } else {
        kept = hcl_distinct(NULL, items, count);
    }
    set = node_make_list(at, items, kept);
    set.flags |= NODE_TAG_SET << NODE_TAG_SHIFT;
    return set;
}

static bool among(const Node *items, uint32_t count, const Node *value)
{
    for (uint32_t i = 0; i < count; i++)
        if (node_equal(&items[i], value))
            return true;
    return false;
}

/* Texts, the usual case, are looked up in a table. */
static uint32_t distinct_texts(Arena *arena, Node *items, uint32_t count)
{
    HclMap seen = hcl_map_new(arena, NULL);
    uint32_t kept = 0;

    for (uint32_t i = 0; i < count; i++) {
        Str text = node_text(&items[i]);
        if (hcl_map_find(&seen, text))
            continue;
        if (!hcl_map_put(&seen, text, SPAN_NONE, node_make_null(SPAN_NONE)))
            return kept;
        items[kept++] = items[i];
    }
    return kept;
}

/* Beyond this, values that cannot be looked up are all kept: comparing each with each would take
 * too long, and no configuration has them. */
#define DISTINCT_MAX 4096u

uint32_t hcl_distinct(Arena *arena, Node *items, uint32_t count)
{
    uint32_t kept = 0;
    bool texts = arena != NULL;

    for (uint32_t i = 0; texts && i < count; i++)
        texts = items[i].kind == NODE_STRING;
    if (texts && count > 16)
        return distinct_texts(arena, items, count);
    for (uint32_t i = 0; i < count; i++)
        if (kept > DISTINCT_MAX || !among(items, kept, &items[i]))
            items[kept++] = items[i];
    return kept;
}

/* --- maps --- */

/* Maps up to this size are searched from the front. */
#define MAP_PLAIN 16u

HclMap hcl_map_new(Arena *arena, const Symbols *symbols)
{
    return (HclMap){map_builder(arena, symbols), NULL, 0};
}

static uint32_t *map_slot(const HclMap *map, Str key)
{
    uint32_t mask = map->slot_count - 1, i = (uint32_t)str_hash(key) & mask;

    while (map->slots[i] && !str_eq(entry_key(&map->builder.entries[map->slots[i] - 1]), key))
        i = (i + 1) & mask;
    return &map->slots[i];
}

Node *hcl_map_find(HclMap *map, Str key)
{
    uint32_t slot;

    if (map->slots) {
        slot = *map_slot(map, key);
        return slot ? &map->builder.entries[slot - 1].value : NULL;
    }
    for (uint32_t i = 0; i < map->builder.count; i++)
        if (str_eq(entry_key(&map->builder.entries[i]), key))
            return &map->builder.entries[i].value;
    return NULL;
}

static bool widen(HclMap *map)
{
    uint32_t size = map->slot_count ? map->slot_count * 2 : MAP_PLAIN * 4;
    uint32_t *slots = ARENA_ARRAY(map->builder.arena, uint32_t, size);

    if (!slots)
        return false;
    map->slots = slots;
    map->slot_count = size;
    for (uint32_t i = 0; i < map->builder.count; i++)
        *map_slot(map, entry_key(&map->builder.entries[i])) = i + 1;
    return true;
}

static bool append(MapBuilder *builder, Str key, Span key_span, Node value)
{
    Entry *entries = arena_grow(builder->arena, builder->entries, builder->count,
                                &builder->capacity, (size_t)builder->count + 1, sizeof *entries);

    if (!entries)
        return false;
    builder->entries = entries;
    entries[builder->count++] = (Entry){
        .key = key.data,
        .key_size = key.size,
        .symbol = builder->symbols ? symbols_find(builder->symbols, key) : SYMBOL_NONE,
        .key_start = key_span.start,
        .key_end = key_span.end,
        .value = value,
    };
    return true;
}

bool hcl_map_put(HclMap *map, Str key, Span key_span, Node value)
{
    Node *found = hcl_map_find(map, key);

    if (found) {
        *found = value;
        return true;
    }
    if (map->builder.count >= MAP_PLAIN && map->builder.count * 2 >= map->slot_count && !widen(map))
        return false;
    if (!append(&map->builder, key, key_span, value))
        return false;
    if (map->slots)
        *map_slot(map, key) = map->builder.count;
    return true;
}

Node hcl_map_done(const HclMap *map, Span at)
{
    return map_done(&map->builder, at);
}
