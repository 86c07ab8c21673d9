#include "cel/make.h"

#include <stdarg.h>
#include <stdio.h>

static CelValue error_text(const char *text)
{
    CelValue result = {.kind = CEL_ERROR};

    result.as.error = text;
    return result;
}

static CelValue spent(void)
{
    return error_text("out of memory");
}

CelValue cel_error(CelMachine *machine, const char *format, ...)
{
    char text[256];
    va_list args;
    const char *copy;

    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    copy = str_copy_z(machine->arena, str_of(text));
    return copy ? error_text(copy) : spent();
}

CelValue cel_no_overload(CelMachine *machine)
{
    CelValue result = error_text("no such overload");

    (void)machine;
    result.spare = CEL_NO_OVERLOAD;
    return result;
}

CelValue cel_unknown(CelMachine *machine, Str cause)
{
    CelValue result = {.kind = CEL_UNKNOWN};

    result.as.unknown = unknown_new(machine->arena, cause);
    return result.as.unknown ? result : spent();
}

CelValue cel_new_list(CelMachine *machine, uint32_t count, CelValue **items)
{
    CelValue result = {.kind = CEL_LIST};
    CelList *list = arena_alloc(machine->arena, 1, sizeof *list + count * sizeof **items);

    if (!list)
        return spent();
    list->count = count;
    *items = list->items = (CelValue *)(list + 1);
    result.as.list = list;
    return result;
}

CelValue cel_new_map(CelMachine *machine, uint32_t count, CelValue **entries)
{
    CelValue result = {.kind = CEL_MAP};
    CelMap *map = ARENA_NEW(machine->arena, CelMap);

    if (!map || !(map->entries = ARENA_ARRAY(machine->arena, CelValue, (size_t)count * 2)))
        return spent();
    map->count = count;
    *entries = map->entries;
    result.as.map = map;
    return result;
}

CelValue cel_new_string(CelMachine *machine, Str text)
{
    Str copy = str_copy(machine->arena, text);

    return copy.data ? cel_string(copy) : spent();
}

CelValue cel_new_optional(CelMachine *machine, CelValue value)
{
    CelValue result = {.kind = CEL_OPTIONAL};
    CelValue *copy = ARENA_NEW(machine->arena, CelValue);

    if (!copy)
        return spent();
    *copy = value;
    result.as.optional = copy;
    return result;
}

CelValue cel_no_optional(void)
{
    return (CelValue){.kind = CEL_OPTIONAL};
}

CelValue cel_new_opaque(const CelOpaque *opaque)
{
    CelValue result = {.kind = CEL_OPAQUE};

    result.as.opaque = opaque;
    return result;
}
