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

/* --- one file --- */

/* A changed file. */
typedef struct Changed {
    const Sides *sides;
    const Symbols *symbols;
    Str path;
    NameKind name;
    Arena *arena;
} Changed;

static bool is_there(const Changed *changed, Side side)
{
    const Sides *sides = changed->sides;

    return side == SIDE_NOW ? sides_have(sides, changed->path)
                            : git_tree_find(&sides->before, changed->path) != NULL;
}

static bool read_side(const Changed *changed, Side side, Str *text)
{
    const Sides *sides = changed->sides;
    const FileTree *tree = side == SIDE_NOW ? &sides->index_files.tree : &sides->before_files.tree;
    const char *name = str_copy_z(changed->arena, changed->path);
    int error;

    if (side == SIDE_BEFORE || sides->staged)
        return tree->read(tree, changed->path, LIMIT_SOURCE_BYTES, changed->arena, text, &error);
    return name &&
           file_read(sides->disk.dir, name, LIMIT_SOURCE_BYTES, changed->arena, text, &error);
}

static void add_objects(FactList *list, const Changed *changed, Str text)
{
    Unit unit = unit_new(changed->arena, changed->symbols, NULL);
    Source *source = sources_add(&unit.sources, changed->path, text);

    if (source)
        kubernetes_build(&unit, source);
    list->open |= !source || unit.diags.errors || !unit.resource_count;
    scope_facts(&unit, add_fact, list);
    tidy(list);
}

/* Objects of Kubernetes that Terraform makes may be any, and a packed plan may hold some. */
static bool may_make_any(InputKind kind, Str text)
{
    return kind == INPUT_SAVED_PLAN || kind == INPUT_ENCRYPTED_PLAN || detect_makes_objects(text);
}

static FactList facts_on(const Changed *changed, Side side)
{
    FactList list = {.arena = changed->arena};
    InputKind kind;
    Str text;

    if (!is_there(changed, side))
        return list;
    list.open = !read_side(changed, side, &text);
    if (list.open)
        return list;
    kind = detect_content(changed->name, text);
    if (kind != INPUT_KUBERNETES)
        list.open = may_make_any(kind, text);
    else if (detect_may_be_manifest(changed->name))
        add_objects(&list, changed, text);
    else
        list.open = true; /* nobody asks what such a file holds (scan/scan_judge.c) */
    return list;
}

/* What charts, kustomizations and Terraform are made of otherwise, their walk knows
 * (scan/module_calls.h). */
static bool differs(const Changed *changed)
{
    FactList before, now;

    switch (changed->name) {
    case NAME_KUSTOMIZATION:
    case NAME_CHART:
        return true;
    case NAME_YAML:
    case NAME_JSON:
    case NAME_PLAN:
    case NAME_ANY:
    case NAME_TERRAFORM:
        break;
    default:
        return detect_makes_manifests(changed->path) &&
               is_there(changed, SIDE_BEFORE) != is_there(changed, SIDE_NOW);
    }
    before = facts_on(changed, SIDE_BEFORE);
    now = facts_on(changed, SIDE_NOW);
    return before.open || now.open || before.count != now.count ||
           (now.count && memcmp(before.items, now.items, now.count * sizeof *now.items) != 0);
}

/* --- all of them --- */

bool changed_facts(const Sides *sides, const Symbols *symbols)
{
    const Changes *changes = &sides->changes;
    Arena *arena = arena_new(LIMIT_UNIT_BYTES);
    bool differ = !arena;

    for (uint32_t i = 0; i < changes->count && !differ; i++) {
        Str path = changes->paths[i];
        differ = differs(&(Changed){sides, symbols, path, detect_name(path), arena}) ||
                 arena_spent(arena);
        arena_rewind(arena, 0);
    }
    arena_free(arena);
    return differ;
}
