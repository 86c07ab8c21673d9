#include "cel/loop.h"

#include "cel/library.h"

CelValue cel_truth(CelMachine *machine, CelValue value)
{
    CelValue truth;

    if (value.kind == CEL_BOOL || value.kind == CEL_UNKNOWN || value.kind == CEL_ERROR)
        return value;
    if (cel_is_input_null(value))
        return cel_with_origin(cel_bool(false), value);
    if (value.kind == CEL_STRING && (value.flags & CEL_TERRAFORM)) {
        truth = cel_equal(value, cel_bool(true));
        if (truth.as.boolean || cel_equal(value, cel_bool(false)).as.boolean)
            return cel_with_origin(truth, value);
    }
    return cel_no_overload(machine);
}

static const CelList no_elements;

static bool makes_list(CelMacro macro)
{
    return macro == CEL_MACRO_MAP || macro == CEL_MACRO_FILTER || macro == CEL_MACRO_TRANSFORM_LIST;
}

static bool makes_map(CelMacro macro)
{
    return macro == CEL_MACRO_TRANSFORM_MAP || macro == CEL_MACRO_TRANSFORM_MAP_ENTRY;
}

/* Room for as many elements as the range has; the count grows as they come. */
static CelValue empty_container(CelMachine *machine, CelMacro macro, const CelValue *range)
{
    CelValue *items, result;

    if (makes_list(macro)) {
        result = cel_new_list(machine, cel_count(*range), &items);
        if (result.kind == CEL_LIST)
            ((CelList *)result.as.list)->count = 0;
    } else {
        result = cel_new_map(machine, cel_count(*range), &items);
        if (result.kind == CEL_MAP)
            ((CelMap *)result.as.map)->count = 0;
    }
    return cel_with_origin(result, *range);
}

/* As cel_bool() and cel_with_origin() make it, but in place: most loops begin with one. */
static void set_bool(CelValue *result, bool value, const CelValue *range)
{
    result->kind = CEL_BOOL;
    result->flags = 0;
    result->spare = 0;
    result->size = range->origin ? range->size : 0;
    result->as.unsigned_integer = 0;
    result->as.boolean = value;
    result->origin = range->origin;
}

static bool is_range(const CelValue *value)
{
    return value->kind == CEL_LIST || value->kind == CEL_MAP || value->kind == CEL_RESOURCE;
}

/* What is absent, or is no list although it should be one, has no elements. */
static bool make_range(CelMachine *machine, CelValue *value)
{
    CelValue range = *value;

    if (range.kind == CEL_UNKNOWN || range.kind == CEL_ERROR)
        return false;
    if (!(range.flags & CEL_INPUT)) {
        *value = cel_no_overload(machine);
        return false;
    }
    *value = (CelValue){.kind = CEL_LIST, .origin = range.origin};
    value->as.list = &no_elements;
    value->size = range.kind == CEL_NULL ? range.size : 0;
    return true;
}

bool loop_begin(CelMachine *machine, Loop *loop, CelMacro macro)
{
    if (!is_range(&loop->range) && !make_range(machine, &loop->range))
        return false;
    loop->state = cel_int(0);
    if (!makes_list(macro) && !makes_map(macro)) {
        set_bool(&loop->result, macro == CEL_MACRO_ALL, &loop->range);
        return true;
    }
    loop->result = empty_container(machine, macro, &loop->range);
    if (loop->result.kind == CEL_ERROR) {
        loop->range = loop->result;
        return false;
    }
    return true;
}

bool loop_next_other(Loop *loop, bool two, CelValue *first, CelValue *second)
{
    const CelValue *range = &loop->range;
    uint32_t index = (uint32_t)loop->state.as.integer;

    if (index >= cel_count(*range))
        return false;
    loop->state.as.integer++;
    if (range->kind == CEL_LIST) {
        *(two ? second : first) = cel_list_item(*range, index);
        if (two)
            *first = cel_int(index);
    } else {
        *first = cel_map_key(*range, index);
        if (two)
            *second = cel_map_value(*range, index);
    }
    return true;
}

/* An unknown or an error of an element waits, since a later element may decide; an unknown wins. */
static void suspend(Loop *loop, CelValue value)
{
    if (loop->result.kind == CEL_UNKNOWN)
        return;
    if (loop->result.kind == CEL_ERROR && value.kind != CEL_UNKNOWN)
        return;
    loop->result = value;
}

bool loop_when(Loop *loop, CelValue condition)
{
    if (condition.kind == CEL_BOOL)
        return condition.as.boolean;
    suspend(loop, condition);
    return false;
}

/* all() and exists(): the element that says `deciding` decides. */
static bool quantify(Loop *loop, bool deciding, CelValue value)
{
    if (value.kind != CEL_BOOL) {
        suspend(loop, value);
        return true;
    }
    if (value.as.boolean != deciding)
        return true;
    loop->result = cel_with_origin(value, loop->range);
    return false;
}

static CelValue element_of(Loop *loop)
{
    return cel_list_item(loop->range, (uint32_t)loop->state.as.integer - 1);
}

static CelValue key_of(Loop *loop)
{
    return cel_map_key(loop->range, (uint32_t)loop->state.as.integer - 1);
}

static void add_item(Loop *loop, CelValue item)
{
    CelList *list;

    if (loop->result.kind != CEL_LIST)
        return;
    list = (CelList *)loop->result.as.list;
    list->items[list->count++] = item;
}

static void add_entry(Loop *loop, CelValue key, CelValue value)
{
    CelMap *map;

    if (loop->result.kind != CEL_MAP)
        return;
    map = (CelMap *)loop->result.as.map;
    map->entries[2 * map->count] = key;
    map->entries[2 * map->count + 1] = value;
    map->count++;
}

static bool has_key(CelMachine *machine, CelValue map, CelValue key)
{
    for (uint32_t i = 0; i < cel_count(map); i++)
        if (!cel_charge(machine, 1) || cel_order(cel_map_key(map, i), key) == 0)
            return true;
    return false;
}

/* The one entry of the map that transformMapEntry() gave. */
static void merge_entry(CelMachine *machine, Loop *loop, CelValue entry)
{
    if (entry.kind == CEL_UNKNOWN || entry.kind == CEL_ERROR) {
        suspend(loop, entry);
        return;
    }
    if (entry.kind != CEL_MAP || cel_count(entry) > 1) {
        suspend(loop, cel_error(machine, "transformMapEntry() takes a map of one entry"));
        return;
    }
    if (cel_count(entry) == 0)
        return;
    if (loop->result.kind == CEL_MAP && has_key(machine, loop->result, cel_map_key(entry, 0)))
        suspend(loop, cel_error(machine, "duplicate key in map"));
    add_entry(loop, cel_map_key(entry, 0), cel_map_value(entry, 0));
}

static void filter(Loop *loop, CelValue value)
{
    if (loop_when(loop, value))
        add_item(loop, loop->range.kind == CEL_LIST ? element_of(loop) : key_of(loop));
}

/* An element that is unknown stays in the list that is made; one that is an error spoils it. */
static void collect(Loop *loop, CelMacro macro, CelValue value)
{
    if (value.kind == CEL_ERROR)
        suspend(loop, value);
    else if (macro != CEL_MACRO_TRANSFORM_MAP)
        add_item(loop, value);
    else if (loop->range.kind == CEL_LIST)
        add_entry(loop, cel_int(loop->state.as.integer - 1), value);
    else
        add_entry(loop, key_of(loop), value);
}

bool loop_step(CelMachine *machine, Loop *loop, CelMacro macro, CelValue value)
{
    bool condition = macro == CEL_MACRO_ALL || macro == CEL_MACRO_EXISTS ||
                     macro == CEL_MACRO_EXISTS_ONE || macro == CEL_MACRO_FILTER;

    if (condition && value.kind != CEL_BOOL)
        value = cel_truth(machine, value);
    switch (macro) {
    case CEL_MACRO_ALL:
    case CEL_MACRO_EXISTS:
        return quantify(loop, macro == CEL_MACRO_EXISTS, value);
    case CEL_MACRO_EXISTS_ONE:
        loop->state.size += loop_when(loop, value);
        return true;
    case CEL_MACRO_FILTER:
        filter(loop, value);
        return true;
    case CEL_MACRO_TRANSFORM_MAP_ENTRY:
        merge_entry(machine, loop, value);
        return true;
    default:
        collect(loop, macro, value);
        return true;
    }
}

static CelValue open_end(CelMachine *machine, CelValue range)
{
    CelValue result = {.kind = CEL_UNKNOWN, .origin = range.origin};

    if (machine->incomplete_cause.size > 0)
        return cel_unknown(machine, machine->incomplete_cause);
    result.as.unknown = &cel_incomplete_list;
    return result;
}

static CelValue exactly_one(CelMachine *machine, Loop *loop)
{
    uint32_t found = loop->state.size;

    if ((loop->range.flags & CEL_INCOMPLETE) && found < 2)
        return open_end(machine, loop->range);
    return cel_with_origin(cel_bool(found == 1), loop->range);
}

CelValue loop_end(CelMachine *machine, Loop *loop, CelMacro macro)
{
    CelValue result = loop->result;
    bool open = loop->range.flags & CEL_INCOMPLETE;

    if (result.kind == CEL_UNKNOWN)
        return result;
    if (open && (result.kind == CEL_ERROR || (macro == CEL_MACRO_ALL && result.as.boolean) ||
                 (macro == CEL_MACRO_EXISTS && !result.as.boolean)))
        return open_end(machine, loop->range);
    if (result.kind == CEL_ERROR)
        return result;
    if (macro == CEL_MACRO_EXISTS_ONE)
        return exactly_one(machine, loop);
    if (open && makes_list(macro))
        result.flags |= CEL_INCOMPLETE;
    if (open && makes_map(macro))
        return open_end(machine, loop->range);
    return result;
}
