/* Any bytes as a saved plan: an archive, and in it a protocol buffer, MessagePack and modules. */
#include <stdlib.h>

#include "base/limits.h"
#include "ir/saved_plan.h"
#include "syntax/msgpack.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const Symbols symbols;
    char *copy = malloc(size ? size : 1);
    Arena *arena = arena_new((size_t)64 << 20);

    if (copy && arena) {
        Unit unit = unit_new(arena, &symbols, NULL);
        Node value;
        memcpy(copy, data, size);
        msgpack_read((Str){copy, (uint32_t)size}, &symbols, arena, &value);
        unit.path = STR("tfplan");
        saved_plan_build(&unit, (Str){copy, (uint32_t)size}, STR("."), NULL);
    }
    arena_free(arena);
    free(copy);
    return 0;
}
