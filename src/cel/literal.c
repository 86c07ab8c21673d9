#include "cel/literal.h"

#include "cel/code.h"
#include "cel/make.h"

static bool is_optional(const uint8_t *mask, uint32_t index)
{
    return mask && code_word(mask + sizeof(CodeConst), index / 32) >> index % 32 & 1;
}

/* What an optional element stands for: false when it is left out. */
static bool unwrap(CelMachine *machine, CelValue *value)
{
    if (value->kind == CEL_UNKNOWN || value->kind == CEL_ERROR)
        return true;
    if (value->kind != CEL_OPTIONAL) {
        *value = cel_no_overload(machine);
        return true;
    }
    if (!value->as.optional)
        return false;
    *value = *value->as.optional;
    return true;
}

CelValue literal_list(CelMachine *machine, const uint8_t *mask, const CelValue *values,
                      uint32_t count)
{
    CelValue *items, result = cel_new_list(machine, count, &items);
    uint32_t used = 0;

    if (result.kind == CEL_ERROR)
        return result;
    for (uint32_t i = 0; i < count; i++) {
        CelValue item = values[i];

        if (is_optional(mask, i)) {
            if (!unwrap(machine, &item))
                continue;
            if (item.kind == CEL_UNKNOWN) /* whether there is an element */
                return item;
        }
        if (item.kind == CEL_ERROR)
            return item;
        items[used++] = item;
    }
    ((CelList *)result.as.list)->count = used;
    return result;
}

static bool is_key(CelValue value)
{
    return value.kind == CEL_BOOL || value.kind == CEL_INT || value.kind == CEL_UINT ||
           value.kind == CEL_STRING;
}

/* Adds an entry; an error when the key cannot be one or is there. */
static CelValue add_entry(CelMachine *machine, CelMap *map, CelValue key, CelValue value)
{
    if (key.kind == CEL_ERROR || value.kind == CEL_ERROR)
        return key.kind == CEL_ERROR ? key : value;
    if (!is_key(key))
        return cel_error(machine, "unsupported key type");
    for (uint32_t i = 0; i < map->count; i++)
        if (cel_order(map->entries[2 * i], key) == 0)
            return cel_error(machine, "Failed with repeated key");
    map->entries[2 * map->count] = key;
    map->entries[2 * map->count + 1] = value;
    map->count++;
    return cel_bool(true);
}

CelValue literal_map(CelMachine *machine, const uint8_t *mask, const CelValue *values,
                     uint32_t count)
{
    CelValue *entries, result = cel_new_map(machine, count / 2, &entries);
    CelMap *map = (CelMap *)result.as.map;
    CelValue failure = {.kind = CEL_BOOL};

    if (result.kind == CEL_ERROR)
        return result;
    map->count = 0;
    for (uint32_t i = 0; i < count; i += 2) {
        CelValue value = values[i + 1], added;
        bool optional = is_optional(mask, i);

        if (values[i].kind == CEL_UNKNOWN)
            return values[i];
        if (optional && !unwrap(machine, &value))
            continue;
        if (optional && value.kind == CEL_UNKNOWN)
            return value;
        added = add_entry(machine, map, values[i], value);
        if (added.kind == CEL_ERROR)
            failure = added;
    }
    return failure.kind == CEL_ERROR ? failure : result;
}
