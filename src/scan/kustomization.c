#include "scan/kustomization.h"

#include <stdlib.h>

#include "base/limits.h"
#include "ir/terraform_tree.h"
#include "scan/boundary.h"

typedef struct Reader {
    Str folder;
    KustomizationFiles files;
    Arena *arena; /* of the lists; all else is in `scratch` */
    Arena *scratch;
} Reader;

static void add_path(void *context, KustomizationPart part, Str text)
{
    Reader *r = context;
    PathList *list = part == KUSTOMIZATION_PATCH      ? &r->files.patches
                     : part == KUSTOMIZATION_RESOURCE ? &r->files.resources
                                                      : &r->files.data;
    Str path = tf_path_join(r->scratch, r->folder, text);
    Str *grown;

    if (!path.size)
        return;
    grown = arena_grow(r->arena, list->paths, list->count, &list->capacity, (size_t)list->count + 1,
                       sizeof *grown);
    if (!grown)
        return;
    list->paths = grown;
    grown[list->count] = str_copy(r->arena, path);
    list->count += grown[list->count].data != NULL;
}

static int compare_paths(const void *a, const void *b)
{
    return str_cmp(*(const Str *)a, *(const Str *)b);
}

static void sort(PathList *list)
{
    if (list->count)
        qsort(list->paths, list->count, sizeof *list->paths, compare_paths);
}

KustomizationFiles kustomization_files(const ScanRoot *root, Str path, Arena *arena)
{
    int64_t slash = str_find_last_char(path, '/');
    Reader r = {.folder = str_sub(path, 0, slash < 0 ? 0 : (uint32_t)slash),
                .arena = arena,
                .scratch = arena_new(LIMIT_UNIT_BYTES)};
    int error;

    if (!r.scratch)
        return r.files;
    if (boundary_read(root, path.data, arena, &r.files.text, &error))
        kustomization_parts(r.files.text, add_path, &r, r.scratch);
    arena_free(r.scratch);
    sort(&r.files.resources);
    sort(&r.files.patches);
    return r.files;
}

bool path_list_has(const PathList *list, Str path)
{
    return list->count && bsearch(&path, list->paths, list->count, sizeof path, compare_paths);
}

static bool read_inside(void *context, Str path, Arena *arena, Str *text)
{
    const ScanRoot *root = context;
    const char *name = str_copy_z(arena, path);
    int error;

    return name && boundary_read(root, name, arena, text, &error);
}

KustomizeOutcome kustomization_read(Unit *unit, const ScanRoot *root, const FoundFile *file)
{
    ScanRoot copy = *root;
    KustomizeFiles files = {&copy, read_inside};

    return kustomize_build(unit, file->path, &files);
}
