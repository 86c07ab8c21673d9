/* Any bytes as a manifest stream: read, typed, made resources of. Spans must lie in the text. */
#include <assert.h>
#include <stdlib.h>

#include "base/limits.h"
#include "ir/index.h"
#include "ir/kubernetes.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_spans(const Node *node, size_t size, uint32_t depth)
{
    assert(depth <= LIMIT_DEPTH + 8);
    assert(node->kind != NODE_SCALAR);
    assert(node->start <= node->end && node->end <= size);
    for (uint32_t i = 0; node->kind == NODE_LIST && i < node->count; i++)
        check_spans(&node->as.items[i], size, depth + 1);
    for (uint32_t i = 0; node->kind == NODE_MAP && i < node->count; i++) {
        const Entry *entry = &node->as.entries[i];
        assert(entry->key_start <= entry->key_end && entry->key_end <= size);
        check_spans(&entry->value, size, depth + 1);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const Symbols no_symbols;
    Unit unit = unit_new(arena_new((size_t)256 << 20), &no_symbols, NULL);
    char *copy = malloc(size ? size : 1);
    Source *source = sources_add(&unit.sources, STR("in"), (Str){copy, (uint32_t)size});

    if (size)
        memcpy(copy, data, size);
    kubernetes_build(&unit, source);
    for (uint32_t i = 0; i < unit.resource_count; i++) {
        const Resource *resource = &unit.resources[i];
        check_spans(&resource->body, source->text.size, 0);
        if (resource->pod)
            check_spans(resource->pod, source->text.size, 0);
        unit_selected(&unit, resource->namespace, node_path(&resource->body, "spec.selector"));
    }
    diags_dump(&unit.diags, &unit.sources, unit.arena);
    free(copy);
    arena_free(unit.arena);
    return 0;
}
