/* The lists and sets extensions, and what Kubernetes adds for lists. */
#include "cel/access.h"
#include "cel/arithmetic.h"
#include "cel/library.h"

#define RANGE_MAX 1000000

CelValue cel_fn_lists_range(CelMachine *machine, const CelValue *args, uint32_t count)
{
    CelValue *items, result;
    int64_t size;

    if (!cel_args_are(args, count, "i"))
        return cel_no_overload(machine);
    size = args[0].as.integer < 0 ? 0 : args[0].as.integer;
    if (size > RANGE_MAX || !cel_charge(machine, (uint64_t)size))
        return cel_exhausted(machine);
    result = cel_new_list(machine, (uint32_t)size, &items);
    for (int64_t i = 0; result.kind == CEL_LIST && i < size; i++)
        items[i] = cel_int(i);
    return result;
}

CelValue cel_fn_slice(CelMachine *machine, const CelValue *args, uint32_t count)
{
    CelValue *items, result;
    int64_t start, end;

    if (!cel_args_are(args, count, "lii"))
        return cel_no_overload(machine);
    start = args[1].as.integer;
    end = args[2].as.integer;
    if (start < 0 || end < start || end > cel_count(args[0]))
        return cel_error(machine, "cannot slice(%lld, %lld) a list of %u", (long long)start,
                         (long long)end, cel_count(args[0]));
    if (!cel_charge(machine, (uint64_t)(end - start)))
        return cel_exhausted(machine);
    result = cel_new_list(machine, (uint32_t)(end - start), &items);
    for (int64_t i = start; result.kind == CEL_LIST && i < end; i++)
        items[i - start] = cel_list_item(args[0], (uint32_t)i);
    return result;
}

/* Elements of a list once the lists among them, `depth` deep, are opened; written where `items` is
 * not NULL. An unknown, which may be a list, goes to `*obstacle`. */
static uint32_t flatten(CelMachine *machine, CelValue list, int64_t depth, CelValue *items,
                        CelValue *obstacle)
{
    uint32_t used = 0;

    for (uint32_t i = 0; i < cel_count(list); i++) {
        CelValue item = cel_list_item(list, i);

        if (!cel_charge(machine, 1)) {
            *obstacle = cel_exhausted(machine);
            return used;
        }
        if (item.kind == CEL_UNKNOWN || item.kind == CEL_ERROR)
            *obstacle = item;
        if (item.kind == CEL_LIST && depth > 0) {
            used += flatten(machine, item, depth - 1, items ? items + used : NULL, obstacle);
            continue;
        }
        if (items)
            items[used] = item;
        used++;
    }
    return used;
}

CelValue cel_fn_flatten(CelMachine *machine, const CelValue *args, uint32_t count)
{
    CelValue *items, result, obstacle = cel_null();
    int64_t depth = count == 2 ? args[1].as.integer : 1;
    uint32_t size;

    if (!cel_args_are(args, count, "l") && !cel_args_are(args, count, "li"))
        return cel_no_overload(machine);
    if (depth < 0)
        return cel_error(machine, "level must be non-negative");
    size = flatten(machine, args[0], depth, NULL, &obstacle);
    if (obstacle.kind != CEL_NULL)
        return obstacle;
    result = cel_new_list(machine, size, &items);
    if (result.kind == CEL_LIST)
        flatten(machine, args[0], depth, items, &obstacle);
    return obstacle.kind != CEL_NULL ? obstacle : result;
}

static bool are_texts(CelValue list, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        if (cel_list_item(list, i).kind != CEL_STRING)
            return false;
    return true;
}

/* Puts `text` into a table of `mask` + 1 places, which hold numbers of `items` from 1; false where
 * it is there. */
static bool table_put(uint32_t *table, uint32_t mask, const CelValue *items, uint32_t used,
                      Str text)
{
    uint32_t at = (uint32_t)str_hash(text) & mask;

    for (; table[at]; at = (at + 1) & mask)
        if (str_eq(cel_text(items[table[at] - 1]), text))
            return false;
    table[at] = used + 1;
    return true;
}

/* The usual case, without comparing each with each. */
static CelValue distinct_texts(CelMachine *machine, CelValue list, CelValue result, CelValue *items)
{
    uint32_t count = cel_count(list), room = 16, used = 0;
    uint32_t *table;

    while (room < 2 * (uint64_t)count)
        room *= 2;
    table = ARENA_ARRAY(machine->arena, uint32_t, room);
    if (!table)
        return cel_spent();
    if (!cel_charge(machine, count))
        return cel_exhausted(machine);
    for (uint32_t i = 0; i < count; i++) {
        items[used] = cel_list_item(list, i);
        used += table_put(table, room - 1, items, used, cel_text(items[used]));
    }
    ((CelList *)result.as.list)->count = used;
    return result;
}

CelValue cel_fn_distinct(CelMachine *machine, const CelValue *args, uint32_t count)
{
    uint32_t size, used = 0;
    CelValue *items, result, same;

    if (!cel_args_are(args, count, "l"))
        return cel_no_overload(machine);
    if (cel_list_obstacle(args[0], &same))
        return same;
    size = cel_count(args[0]);
    result = cel_new_list(machine, size, &items);
    if (result.kind != CEL_LIST)
        return result;
    if (are_texts(args[0], size))
        return distinct_texts(machine, args[0], result, items);
    for (uint32_t i = 0; i < size; i++) {
        CelValue item = cel_list_item(args[0], i);

        ((CelList *)result.as.list)->count = used;
        same = access_in(machine, item, result);
        if (same.kind != CEL_BOOL)
            return same;
        if (!same.as.boolean)
            items[used++] = item;
    }
    ((CelList *)result.as.list)->count = used;
    return result;
}

/* Sorting by merging, since it is stable and bounded: `from` and `to` are the halves' arena. */
static void merge(const CelValue *keys, const uint32_t *from, uint32_t *to, uint32_t low,
                  uint32_t middle, uint32_t high)
{
    uint32_t a = low, b = middle;

    for (uint32_t i = low; i < high; i++) {
        bool first = a < middle && (b >= high || cel_order(keys[from[b]], keys[from[a]]) != -1);

        to[i] = first ? from[a++] : from[b++];
    }
}

/* The order of the keys as positions; NULL when the arena is spent. */
static const uint32_t *sorted(CelMachine *machine, const CelValue *keys, uint32_t count)
{
    uint32_t *from = ARENA_ARRAY(machine->arena, uint32_t, (size_t)count + 1);
    uint32_t *to = ARENA_ARRAY(machine->arena, uint32_t, (size_t)count + 1);

    if (!from || !to)
        return NULL;
    for (uint32_t i = 0; i < count; i++)
        from[i] = i;
    for (uint64_t width = 1; width < count; width *= 2) {
        uint32_t *swap = from;

        for (uint64_t low = 0; low < count; low += 2 * width) {
            uint64_t middle = low + width < count ? low + width : count;
            uint64_t high = low + 2 * width < count ? low + 2 * width : count;

            merge(keys, from, to, (uint32_t)low, (uint32_t)middle, (uint32_t)high);
        }
        from = to;
        to = swap;
    }
    return from;
}

/* The elements of a list as an array, all of one kind that has an order; else false and why. */
static bool comparable(CelMachine *machine, CelValue list, CelValue **items, CelValue *failure)
{
    uint32_t count = cel_count(list);
    CelValue copy = cel_new_list(machine, count, items);

    *failure = copy;
    if (copy.kind == CEL_ERROR || cel_list_obstacle(list, failure))
        return false;
    if (!cel_charge(machine, (uint64_t)count * 16)) {
        *failure = cel_exhausted(machine);
        return false;
    }
    for (uint32_t i = 0; i < count; i++) {
        (*items)[i] = cel_list_item(list, i);
        if ((*items)[i].kind == (*items)[0].kind &&
            cel_order((*items)[0], (*items)[i]) != CEL_INCOMPARABLE)
            continue;
        *failure = cel_error(machine, "list elements must have the same type, which has an order");
        return false;
    }
    return true;
}

static CelValue sort_by(CelMachine *machine, CelValue list, CelValue keys)
{
    CelValue *values, *items, result;
    const uint32_t *order;

    if (!comparable(machine, keys, &values, &result))
        return result;
    order = sorted(machine, values, cel_count(keys));
    if (!order)
        return cel_spent();
    result = cel_new_list(machine, cel_count(list), &items);
    for (uint32_t i = 0; result.kind == CEL_LIST && i < cel_count(list); i++)
        items[i] = cel_list_item(list, order[i]);
    return result;
}

CelValue cel_fn_sort(CelMachine *machine, const CelValue *args, uint32_t count)
{
    if (!cel_args_are(args, count, "l"))
        return cel_no_overload(machine);
    return sort_by(machine, args[0], args[0]);
}

CelValue cel_fn_sort_by_keys(CelMachine *machine, const CelValue *args, uint32_t count)
{
    if (!cel_args_are(args, count, "ll") || cel_count(args[0]) != cel_count(args[1]))
        return cel_no_overload(machine);
    return sort_by(machine, args[0], args[1]);
}

static CelValue end_of(CelMachine *machine, const CelValue *args, uint32_t count, bool last)
{
    uint32_t size;
    CelValue item;

    if (!cel_args_are(args, count, "l"))
        return cel_no_overload(machine);
    size = cel_count(args[0]);
    if (size == 0)
        return cel_no_optional();
    item = cel_list_item(args[0], last ? size - 1 : 0);
    return item.kind == CEL_UNKNOWN ? item : cel_new_optional(machine, item);
}

CelValue cel_fn_first(CelMachine *machine, const CelValue *args, uint32_t count)
{
    return end_of(machine, args, count, false);
}

CelValue cel_fn_last(CelMachine *machine, const CelValue *args, uint32_t count)
{
    return end_of(machine, args, count, true);
}

/* Kubernetes */

CelValue cel_fn_is_sorted(CelMachine *machine, const CelValue *args, uint32_t count)
{
    CelValue *items, failure;

    if (!cel_args_are(args, count, "l"))
        return cel_no_overload(machine);
    if (!comparable(machine, args[0], &items, &failure))
        return failure;
    for (uint32_t i = 1; i < cel_count(args[0]); i++)
        if (cel_order(items[i - 1], items[i]) == 1)
            return cel_bool(false);
    return cel_bool(true);
}

CelValue cel_fn_sum(CelMachine *machine, const CelValue *args, uint32_t count)
{
    CelValue sum = cel_int(0), obstacle;

    if (!cel_args_are(args, count, "l"))
        return cel_no_overload(machine);
    if (cel_list_obstacle(args[0], &obstacle))
        return obstacle;
    for (uint32_t i = 0; i < cel_count(args[0]) && sum.kind != CEL_ERROR; i++) {
        CelValue item = cel_list_item(args[0], i);

        if (!cel_charge(machine, 1))
            return cel_exhausted(machine);
        if (item.kind != CEL_INT && item.kind != CEL_UINT && item.kind != CEL_DOUBLE &&
            item.kind != CEL_DURATION)
            return cel_no_overload(machine);
        sum = i == 0 ? item : arithmetic_add(machine, sum, item);
    }
    return sum;
}

/* The first element that none is above (`sign` 1) or below (-1). */
static CelValue extreme(CelMachine *machine, const CelValue *args, uint32_t count, int sign)
{
    CelValue *items, best, failure;

    if (!cel_args_are(args, count, "l"))
        return cel_no_overload(machine);
    if (!comparable(machine, args[0], &items, &failure))
        return failure;
    if (cel_count(args[0]) == 0)
        return cel_error(machine, "min() and max() need an element");
    best = items[0];
    for (uint32_t i = 1; i < cel_count(args[0]); i++)
        if (cel_order(items[i], best) == sign)
            best = items[i];
    return best;
}

CelValue cel_fn_min(CelMachine *machine, const CelValue *args, uint32_t count)
{
    return extreme(machine, args, count, -1);
}

CelValue cel_fn_max(CelMachine *machine, const CelValue *args, uint32_t count)
{
    return extreme(machine, args, count, 1);
}

/* Sets */

/* Whether all elements of `part` (any of them unless `all`) are in `list`. */
static CelValue membership(CelMachine *machine, CelValue list, CelValue part, bool all)
{
    CelValue result = cel_bool(all);

    for (uint32_t i = 0; i < cel_count(part); i++) {
        CelValue in = access_in(machine, cel_list_item(part, i), list);

        if (in.kind == CEL_ERROR)
            return in;
        if (in.kind == CEL_BOOL && in.as.boolean != all)
            return in;
        if (in.kind == CEL_UNKNOWN)
            result = in;
    }
    return result;
}

CelValue cel_fn_sets_contains(CelMachine *machine, const CelValue *args, uint32_t count)
{
    if (!cel_args_are(args, count, "ll"))
        return cel_no_overload(machine);
    return membership(machine, args[0], args[1], true);
}

CelValue cel_fn_sets_intersects(CelMachine *machine, const CelValue *args, uint32_t count)
{
    if (!cel_args_are(args, count, "ll"))
        return cel_no_overload(machine);
    return membership(machine, args[0], args[1], false);
}

CelValue cel_fn_sets_equivalent(CelMachine *machine, const CelValue *args, uint32_t count)
{
    CelValue one, other;

    if (!cel_args_are(args, count, "ll"))
        return cel_no_overload(machine);
    one = membership(machine, args[0], args[1], true);
    if (one.kind == CEL_ERROR || (one.kind == CEL_BOOL && !one.as.boolean))
        return one;
    other = membership(machine, args[1], args[0], true);
    return other.kind == CEL_BOOL && other.as.boolean ? one : other;
}
