#include "scan/module_files.h"

#include <stdlib.h>

#include "scan/boundary.h"

typedef struct Names {
    Arena *arena;
    Str *items;
    uint32_t count;
    uint32_t capacity;
} Names;

/* Adds a name that is kept. */
static void add(Names *names, Str name)
{
    Str *grown = arena_grow(names->arena, names->items, names->count, &names->capacity,
                            (size_t)names->count + 1, sizeof *grown);

    if (!grown)
        return;
    names->items = grown;
    grown[names->count++] = name;
}

static void add_file(void *context, Str name, FolderKind kind)
{
    Names *names = context;

    if (kind != FOLDER_DIRECTORY && detect_name(name) == NAME_TERRAFORM)
        add(names, str_copy(names->arena, name));
}

static void add_entry(void *context, Str name, FolderKind kind)
{
    Names *names = context;

    if (kind != FOLDER_OTHER)
        add(names, str_join(names->arena, name, kind == FOLDER_DIRECTORY ? STR("/") : STR("")));
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
        add_file(names, str_from(path, (uint32_t)(str_find_last_char(path, '/') + 1)), FOLDER_FILE);
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

/* Adds what is in a directory. */
static bool add_listed(const ModuleFiles *files, Str dir, FolderFn *each, Names *names)
{
    Str inner;
    const ScanRoot *root = root_of(files, dir, &inner);
    const char *path = root ? str_copy_z(names->arena, inner) : NULL;
    int error;

    return path && boundary_list(root, path, each, names, &error);
}

/* Gives the names in their order. */
static bool hand_over(Names *names, Str **items, uint32_t *count)
{
    if (names->count)
        qsort(names->items, names->count, sizeof *names->items, compare_names);
    *items = names->items;
    *count = names->count;
    return !arena_spent(names->arena);
}

static bool list_module(void *context, Str dir, Arena *arena, Str **items, uint32_t *count)
{
    const ModuleFiles *files = context;
    Names names = {.arena = arena};

    if (files->members && str_eq(dir, files->dir))
        add_members(files, &names);
    else if (!add_listed(files, dir, add_file, &names))
        return false;
    return hand_over(&names, items, count);
}

static bool list_entries(void *context, Str dir, Arena *arena, Str **items, uint32_t *count)
{
    Names names = {.arena = arena};

    return add_listed(context, dir, add_entry, &names) && hand_over(&names, items, count);
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
