/* Any bytes as a plan: read, and every reference asked for. Spans must lie in the text. */
#include <assert.h>
#include <stdlib.h>

#include "base/limits.h"
#include "ir/index.h"
#include "ir/plan.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_spans(const Node *node, size_t size)
{
    assert(node->start <= node->end && node->end <= size);
    for (uint32_t i = 0; node->kind == NODE_LIST && i < node->count; i++)
        check_spans(&node->as.items[i], size);
    for (uint32_t i = 0; node->kind == NODE_MAP && i < node->count; i++)
        check_spans(&node->as.entries[i].value, size);
}

static void ask(Unit *unit, size_t size)
{
    for (uint32_t i = 0; i < unit->resource_count; i++) {
        const Resource *resource = &unit->resources[i];
        check_spans(&resource->body, size);
        unit_refs(unit, resource, &resource->body);
        unit_referrers(unit, resource, resource->type_name, STR("bucket"));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const Symbols symbols;
    char *copy = malloc(size ? size : 1);
    Arena *arena = arena_new((size_t)64 << 20);

    if (copy && arena) {
        Unit unit = unit_new(arena, &symbols, NULL);
        memcpy(copy, data, size);
        if (plan_build(&unit,
                       sources_add(&unit.sources, STR("plan.json"), (Str){copy, (uint32_t)size})))
            ask(&unit, size);
    }
    arena_free(arena);
    free(copy);
    return 0;
}
