#include "scan/module_files.h"

#include <stdlib.h>

#include "scan/boundary.h"

typedef struct Names {
    Arena *arena;
    Str *items;
    uint32_t count;
    uint32_t capacity;
} Names;

static void add_name(void *context, Str name, FolderKind kind)
{
    Names *names = context;
    Str *grown;

    if (kind == FOLDER_DIRECTORY || detect_name(name) != NAME_TERRAFORM)
        return;
    grown = arena_grow(names->arena, names->items, names->count, &names->capacity,
                       (size_t)names->count + 1, sizeof *grown);
    if (!grown)
        return;
    names->items = grown;
    grown[names->count++] = str_copy(names->arena, name);
}

static int compare_names(const void *a, const void *b)
{
    const Str *x = a, *y = b;

    return str_cmp(*x, *y);
}

/* The files of the root module: those that the scan found there. */
static void add_members(const ModuleFiles *files, Names *names)
{
    for (uint32_t i = 0; i < files->member_count; i++) {
        Str path = files->members[i];
        add_name(names, str_from(path, (uint32_t)(str_find_last_char(path, '/') + 1)), FOLDER_FILE);
    }
}

/* The root that a path is read through, and the path from there; NULL where it is none's. */
static const ScanRoot *root_of(const ModuleFiles *files, Str path, Str *inner)
{
    const ScanRoot *modules = files->modules;

    *inner = path;
    if (!str_starts(path, STR("/")))
        return files->root;
    if (!modules || !str_starts(path, modules->boundary))
        return NULL;
    path = str_from(path, modules->boundary.size);
    *inner = str_eq(path, STR("")) ? STR(".") : str_from(path, 1);
    return !path.size || path.data[0] == '/' ? modules : NULL;
}

static bool list_module(void *context, Str dir, Arena *arena, Str **items, uint32_t *count)
{
    const ModuleFiles *files = context;
    Names names = {.arena = arena};
    Str inner;
    const ScanRoot *root = root_of(files, dir, &inner);
    const char *path = root ? str_copy_z(arena, inner) : NULL;
    bool ok = true;
    int error;

    if (files->members && str_eq(dir, files->dir))
        add_members(files, &names);
    else
        ok = path && boundary_list(root, path, add_name, &names, &error);
    if (names.count)
        qsort(names.items, names.count, sizeof *names.items, compare_names);
    *items = names.items;
    *count = names.count;
    return ok && !arena_spent(arena);
}

static void add_entry(void *context, Str name, FolderKind kind)
{
    Names *names = context;
    Str *grown;

    if (kind == FOLDER_OTHER)
        return;
    grown = arena_grow(names->arena, names->items, names->count, &names->capacity,
                       (size_t)names->count + 1, sizeof *grown);
    if (!grown)
        return;
    names->items = grown;
    grown[names->count++] =
        str_join(names->arena, name, kind == FOLDER_DIRECTORY ? STR("/") : STR(""));
}

static bool list_entries(void *context, Str dir, Arena *arena, Str **items, uint32_t *count)
{
    const ModuleFiles *files = context;
    Names names = {.arena = arena};
    Str inner;
    const ScanRoot *root = root_of(files, dir, &inner);
    const char *path = root ? str_copy_z(arena, inner) : NULL;
    bool ok;
    int error;

    ok = path && boundary_list(root, path, add_entry, &names, &error);
    if (names.count)
        qsort(names.items, names.count, sizeof *names.items, compare_names);
    *items = names.items;
    *count = names.count;
    return ok && !arena_spent(arena);
}

static bool read_inside(void *context, Str path, Arena *arena, Str *text)
{
    const ModuleFiles *files = context;
    Str inner;
    const ScanRoot *root = root_of(files, path, &inner);
    const char *name = root ? str_copy_z(arena, inner) : NULL;
    int error;

    return name && boundary_read(root, name, arena, text, &error);
}

/* From the boundary where it is inside of it, else absolute. */
static Str modules_dir(const ModuleFiles *files)
{
    Str dir = files->modules ? files->modules->boundary : STR("");
    Str boundary = files->root->boundary;

    if (!dir.size || !boundary.size || !str_starts(dir, boundary))
        return dir;
    if (dir.size == boundary.size)
        return STR(".");
    return dir.data[boundary.size] == '/' ? str_from(dir, boundary.size + 1) : dir;
}

TerraformFiles module_files(ModuleFiles *files)
{
    return (TerraformFiles){.context = files,
                            .list = list_module,
                            .read = read_inside,
                            .entries = list_entries,
                            .modules = modules_dir(files)};
}
