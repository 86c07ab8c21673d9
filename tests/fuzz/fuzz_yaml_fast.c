/* Any bytes as YAML, read both with and without the reader of syntax/yaml_fast.h: documents, spans
 * and diagnostics must be the same. What that reader takes whole counts as good, so nothing of it
 * may be wrong. */
#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "syntax/yaml.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

typedef bool ReadYaml(const Source *source, const Symbols *symbols, Arena *arena, DiagSink *diags,
                      YamlDocument **documents, uint32_t *count);

/* All that one reading gave, as text. */
static Str reading_dump(ReadYaml *read, Str text, Arena *arena)
{
    static const Symbols no_symbols;
    Sources sources = sources_new(arena);
    Source *source = sources_add(&sources, STR("in"), text);
    DiagSink diags = diags_new(arena);
    Buf buf = buf_new(arena);
    YamlDocument *documents;
    uint32_t count;
    bool good = read(source, &no_symbols, arena, &diags, &documents, &count);

    buf_printf(&buf, "%s\n", good ? "good" : "bad");
    for (uint32_t i = 0; i < count; i++) {
        buf_printf(&buf, "%u-%u: ", documents[i].span.start, documents[i].span.end);
        buf_add(&buf, node_dump(&documents[i].root, true, arena));
        buf_add_char(&buf, '\n');
    }
    buf_add(&buf, diags_dump(&diags, &sources, arena));
    return buf_str(&buf);
}

static void expect_same(Str fast, Str slow)
{
    if (str_eq(fast, slow))
        return;
    fprintf(stderr, "fast: %.*s\nslow: %.*s\n", STR_ARG(fast), STR_ARG(slow));
    abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Arena *arena = arena_new((size_t)256 << 20);
    char *copy = malloc(size ? size : 1);
    Str text = {copy, (uint32_t)size};

    if (size)
        memcpy(copy, data, size);
    expect_same(reading_dump(yaml_read, text, arena), reading_dump(yaml_read_slowly, text, arena));
    free(copy);
    arena_free(arena);
    return 0;
}
