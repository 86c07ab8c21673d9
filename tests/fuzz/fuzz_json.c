/* Any bytes as JSON, whole and with members left out. Spans must lie in the text. */
#include <assert.h>
#include <stdlib.h>

#include "syntax/json.h"
#include "syntax/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_spans(const Node *node, size_t size)
{
    assert(node->start <= node->end && node->end <= size);
    for (uint32_t i = 0; node->kind == NODE_LIST && i < node->count; i++)
        check_spans(&node->as.items[i], size);
    for (uint32_t i = 0; node->kind == NODE_MAP && i < node->count; i++) {
        const Entry *entry = &node->as.entries[i];
        assert(entry->key_start <= entry->key_end && entry->key_end <= entry->value.start);
        check_spans(&entry->value, size);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const Symbols no_symbols;
    static const Str skip[] = {STR_INIT("a"), STR_INIT("prior_state")};
    Arena *arena = arena_new((size_t)64 << 20);
    Sources sources = sources_new(arena);
    DiagSink diags = diags_new(arena);
    char *copy = malloc(size ? size : 1);
    Source *source = sources_add(&sources, STR("in"), (Str){copy, (uint32_t)size});
    Node whole, partial;
    bool read, skipped;

    if (size)
        memcpy(copy, data, size);
    if (text_decode(source, arena, &diags)) {
        read = json_read(source, &no_symbols, arena, &diags, &whole);
        skipped = json_read_partial(source, &no_symbols, arena, &diags, skip, 2, &partial);
        assert(read == skipped);
        if (read) {
            check_spans(&whole, source->text.size);
            check_spans(&partial, source->text.size);
        }
    }
    diags_dump(&diags, &sources, arena);
    free(copy);
    arena_free(arena);
    return 0;
}
