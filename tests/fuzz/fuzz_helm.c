/* A chart's template, a NUL, its definitions, a NUL and a render, to the way back; every place has
 * to lie in one of the texts. */
#include <assert.h>
#include <stdlib.h>

#include "base/source.h"
#include "ir/helm_map.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Some answer for each condition, so that all branches are met. */
static HelmTruth ask(void *context, Str inner)
{
    (void)context;
    return (HelmTruth)(inner.size % 3);
}

static void check_parts(const HelmParts *parts)
{
    for (uint32_t i = 0; i < parts->count; i++) {
        const HelmPart *part = &parts->items[i];
        for (uint32_t t = 0; t < part->count; t++) {
            assert(part->lines[t].count > 0);
            for (uint32_t j = 0; j < part->lines[t].count; j++)
                assert(part->lines[t].pieces[j].start < part->lines[t].pieces[j].end &&
                       part->lines[t].pieces[j].end <= part->text.size);
        }
        for (uint32_t j = 0; j < part->loop_count; j++)
            assert(part->loops[j].first <= part->loops[j].last &&
                   part->loops[j].last < part->count);
    }
}

static void check_routes(const SourceRoute *routes, uint32_t count, Str render, const Str *texts)
{
    for (uint32_t i = 0; i < count; i++) {
        Span there = routes[i].there;
        assert(routes[i].here < render.size && (i == 0 || routes[i].here > routes[i - 1].here));
        assert(there.source < 2 && there.start < there.end &&
               there.end <= texts[there.source].size);
    }
}

static void check_origins(const SourceRoute *routes, uint32_t count, Str render, const Str *texts,
                          Arena *arena)
{
    Sources sources = sources_new(arena);
    Source *own = sources_add(&sources, STR("a"), texts[0]);
    Source *rendered;

    sources_add(&sources, STR("b"), texts[1]);
    rendered =
        own ? sources_add_rendered(&sources, (Span){0, 0, texts[0].size}, render, routes, count)
            : NULL;
    for (uint32_t at = 0; rendered && at < render.size; at += 1 + render.size / 64) {
        Span span = sources_origin(&sources, (Span){rendered->number, at, render.size});
        assert(span.source < 2 && span.start <= span.end && span.end <= texts[span.source].size);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Arena *arena = arena_new((size_t)256 << 20);
    char *copy = malloc(size ? size : 1);
    Str rest = {copy, (uint32_t)size}, texts[2] = {{"", 0}, {"", 0}};
    HelmParts parts = {0};
    uint64_t work = 1000000;
    uint32_t count = 0;

    if (size && copy)
        memcpy(copy, data, size);
    for (uint32_t i = 0; i < 2 && arena && copy; i++) {
        str_split(&rest, '\0', &texts[i]);
        if (!helm_lines_read(texts[i], i, arena, &parts))
            break;
    }
    if (parts.count) {
        const SourceRoute *routes;
        check_parts(&parts);
        helm_lines_decide(&parts.items[0], ask, NULL);
        routes = helm_map(rest, &parts, 0, &work, arena, &count);
        check_routes(routes, count, rest, texts);
        check_origins(routes, count, rest, texts, arena);
    }
    free(copy);
    arena_free(arena);
    return 0;
}
