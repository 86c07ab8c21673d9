/* The whole way from a Dockerfile's bytes to resources; every span has to lie in the file. */
#include <assert.h>
#include <stdlib.h>

#include "ir/docker.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_spans(const Node *node, uint32_t size, uint32_t depth)
{
    assert(node->start <= node->end && node->end <= size && depth < 64);
    for (uint32_t i = 0; node->kind == NODE_LIST && i < node->count; i++)
        check_spans(&node->as.items[i], size, depth + 1);
    for (uint32_t i = 0; node->kind == NODE_MAP && i < node->count; i++)
        if (!str_eq(entry_key(&node->as.entries[i]), STR("stage")))
            check_spans(&node->as.entries[i].value, size, depth + 1);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Arena *arena = arena_new((size_t)256 << 20);
    char *copy = malloc(size ? size : 1);
    Symbols symbols = {0};

    if (arena && copy) {
        Unit unit = unit_new(arena, &symbols, NULL);
        Source *source;
        if (size)
            memcpy(copy, data, size);
        source = sources_add(&unit.sources, STR("Dockerfile"), (Str){copy, (uint32_t)size});
        if (source && docker_build(&unit, source))
            for (uint32_t i = 1; i < unit.resource_count; i++)
                check_spans(&unit.resources[i].body, (uint32_t)size, 0);
    }
    free(copy);
    arena_free(arena);
    return 0;
}
