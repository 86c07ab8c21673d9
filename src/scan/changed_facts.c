#include "scan/changed_facts.h"

#include <stdlib.h>

#include "base/file.h"
#include "base/limits.h"
#include "ir/kubernetes.h"
#include "ir/scope.h"

/* Of one file on one side. */
typedef struct FactList {
    Arena *arena;
    uint64_t *items;
    uint32_t count;
    uint32_t capacity;
    bool open; /* what else it may mean is not known */
} FactList;

static void add_fact(void *context, uint64_t fact)
{
    FactList *list = context;
    uint64_t *grown = arena_grow(list->arena, list->items, list->count, &list->capacity,
                                 (size_t)list->count + 1, sizeof *grown);

    list->open |= !grown;
    if (!grown)
        return;
    list->items = grown;
    grown[list->count++] = fact;
}

static int compare_facts(const void *a, const void *b)
{
    const uint64_t *x = a, *y = b;

    return (*x > *y) - (*x < *y);
}

/* Sorted, each once. */
static void tidy(FactList *list)
{
    uint32_t kept = 0;

    if (list->count)
        qsort(list->items, list->count, sizeof *list->items, compare_facts);
    for (uint32_t i = 0; i < list->count; i++)
        if (!kept || list->items[kept - 1] != list->items[i])
            list->items[kept++] = list->items[i];
    list->count = kept;
}

static bool read_now(const Sides *sides, Str path, Arena *arena, Str *text)
{
    const char *name = str_copy_z(arena, path);
    int error;

    if (sides->disk.dir < 0 || sides->staged)
        return sides->index_files.tree.read(&sides->index_files.tree, path, LIMIT_SOURCE_BYTES,
                                            arena, text, &error);
    return name && file_read(sides->disk.dir, name, LIMIT_SOURCE_BYTES, arena, text, &error);
}

static bool read_before(const Sides *sides, Str path, Arena *arena, Str *text)
{
    const FileTree *tree = &sides->before_files.tree;
    int error;

    return tree->read(tree, path, LIMIT_SOURCE_BYTES, arena, text, &error);
}

/* A file without objects may be a patch of those of others. */
static FactList facts_of(Str path, Str text, const Symbols *symbols, Arena *arena)
{
    FactList list = {.arena = arena};
    Unit unit = unit_new(arena, symbols, NULL);
    Source *source;

    if (detect_content(detect_name(path), text) != INPUT_KUBERNETES)
        return list;
    source = sources_add(&unit.sources, path, text);
    if (source)
        kubernetes_build(&unit, source);
    list.open = !source || unit.diags.errors || !unit.resource_count;
    scope_facts(&unit, add_fact, &list);
    tidy(&list);
    return list;
}

static bool differs(const Sides *sides, Str path, const Symbols *symbols, Arena *arena)
{
    FactList before = {0}, now = {0};
    Str text;

    if (!detect_may_be_manifest(detect_name(path)))
        return true;
    if (read_before(sides, path, arena, &text))
        before = facts_of(path, text, symbols, arena);
    if (read_now(sides, path, arena, &text))
        now = facts_of(path, text, symbols, arena);
    return before.open || now.open || before.count != now.count ||
           (now.count && memcmp(before.items, now.items, now.count * sizeof *now.items) != 0);
}

bool changed_facts(const Sides *sides, const Symbols *symbols)
{
    const Changes *changes = &sides->changes;
    Arena *arena = arena_new(LIMIT_UNIT_BYTES);
    bool differ = !arena;

    for (uint32_t i = 0; i < changes->count && !differ; i++) {
        if (!changes_are_of_manifests(changes->paths[i]))
            continue;
        differ = differs(sides, changes->paths[i], symbols, arena) || arena_spent(arena);
        arena_rewind(arena, 0);
    }
    arena_free(arena);
    return differ;
}
