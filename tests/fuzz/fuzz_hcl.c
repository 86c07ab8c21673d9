/* Any bytes as a Terraform module, read and evaluated. Spans must lie in the text. */
#include <assert.h>
#include <stdlib.h>

#include "ir/terraform.h"
#include "syntax/hcl.h"
#include "syntax/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_body(const HclBody *body, size_t size)
{
    for (uint32_t i = 0; i < body->attribute_count; i++) {
        const HclAttribute *attribute = &body->attributes[i];
        assert(attribute->name_span.end <= attribute->value->span.start);
        assert(attribute->value->span.start <= attribute->value->span.end);
        assert(attribute->value->span.end <= size);
    }
    for (uint32_t i = 0; i < body->block_count; i++) {
        const HclBlock *block = &body->blocks[i];
        assert(block->header.start < block->header.end && block->header.end <= block->span.end);
        assert(block->span.end <= size);
        check_body(block->body, size);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const Symbols no_symbols;
    Arena *arena = arena_new((size_t)256 << 20);
    Unit unit = unit_new(arena, &no_symbols, NULL);
    char *copy = malloc(size ? size : 1);
    Source *source = sources_add(&unit.sources, STR("main.tf"), (Str){copy, (uint32_t)size});

    if (size)
        memcpy(copy, data, size);
    if (text_decode(source, arena, &unit.diags)) {
        HclBody *body = hcl_read(source, arena, &unit.diags);
        if (body)
            check_body(body, source->text.size);
        terraform_build(&unit, &source, 1);
        for (uint32_t i = 0; i < unit.resource_count; i++)
            node_dump(&unit.resources[i].body, true, arena);
    }
    free(copy);
    arena_free(arena);
    return 0;
}
