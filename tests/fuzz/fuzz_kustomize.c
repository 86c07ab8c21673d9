/*
 * A kustomization of any bytes: its file up to the first NUL, then a manifest, a patch and another
 * kustomization, which is what every directory has. Whatever else is named is the manifest.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "ir/kustomize.h"

typedef struct Files {
    Str root;
    Str manifest;
    Str patch;
    Str inner;
} Files;

static bool read_text(void *context, Str path, Arena *arena, Str *text)
{
    const Files *files = context;
    bool directory = str_ends(path, STR("/kustomization.yaml"));

    (void)arena;
    if (str_ends(path, STR("kustomization.yml")) || str_ends(path, STR("Kustomization")))
        return false;
    *text = str_eq(path, STR("kustomization.yaml")) ? files->root
            : directory                             ? files->inner
            : str_ends(path, STR("p.yaml"))         ? files->patch
                                                    : files->manifest;
    return str_ends(path, STR(".yaml")) || str_ends(path, STR(".env"));
}

/* Places lie in their texts. */
static void check(const Unit *unit, const Node *node)
{
    const Source *source = sources_get(&unit->sources, node->source);

    assert(!source || (node->start <= node->end && node->end <= source->text.size));
    for (uint32_t i = 0; node->kind == NODE_LIST && i < node->count; i++)
        check(unit, &node->as.items[i]);
    for (uint32_t i = 0; node->kind == NODE_MAP && i < node->count; i++)
        check(unit, &node->as.entries[i].value);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *copy = malloc(size + 1);
    Arena *arena = arena_new((size_t)256 << 20);
    const Symbols symbols = {0};
    Files files = {{"", 0}, {"", 0}, {"", 0}, {"", 0}};
    KustomizeFiles access = {&files, read_text};
    Str *texts[] = {&files.root, &files.manifest, &files.patch, &files.inner};
    Str rest;
    Unit unit;

    if (copy && arena) {
        memcpy(copy, data, size);
        rest = (Str){copy, (uint32_t)size};
        for (size_t i = 0; i < 4 && str_split(&rest, '\0', texts[i]); i++)
            ;
        unit = unit_new(arena, &symbols, NULL);
        kustomize_build(&unit, STR("kustomization.yaml"), &access);
        for (uint32_t i = 0; i < unit.resource_count; i++)
            check(&unit, &unit.resources[i].body);
    }
    free(copy);
    arena_free(arena);
    return 0;
}
