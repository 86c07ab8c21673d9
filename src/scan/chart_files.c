#include "scan/chart_state.h"

#include <errno.h>

#include "base/limits.h"
#include "scan/boundary.h"

/* Folders inside each other that a chart is looked for in. */
enum { FOLDER_DEPTH = 32 };

typedef struct Name {
    Str text;
    bool link; /* or something else that is neither file nor folder */
} Name;

typedef struct Folder {
    Arena *arena;
    Name *names;
    uint32_t count;
    uint32_t capacity;
} Folder;

/* Version control's, and what a package manager has brought, are no part of a chart. */
static bool is_foreign(Str name)
{
    return str_eq(name, STR(".git")) || str_eq(name, STR("node_modules"));
}

static void add_name(void *context, Str name, FolderKind kind)
{
    Folder *folder = context;
    Name *grown;

    if (is_foreign(name))
        return;
    grown = arena_grow(folder->arena, folder->names, folder->count, &folder->capacity,
                       (size_t)folder->count + 1, sizeof *grown);
    if (!grown)
        return;
    folder->names = grown;
    grown[folder->count++] = (Name){str_copy(folder->arena, name), kind == FOLDER_OTHER};
}

static bool add_file(Chart *chart, Str path, Str text)
{
    HelmFile *grown;

    chart->bytes += text.size;
    if (chart->count == LIMIT_CHART_FILES || chart->bytes > LIMIT_CHART_BYTES)
        return false;
    grown = arena_grow(chart->unit->arena, chart->files, chart->count, &chart->capacity,
                       (size_t)chart->count + 1, sizeof *grown);
    if (!grown)
        return false;
    chart->files = grown;
    grown[chart->count++] = (HelmFile){path, text};
    return true;
}

static bool read_folder(Chart *chart, Str path, uint32_t depth);

/* A folder, or nothing that helm could read. Of links to folders no second one is followed inside
 * of a first: they might lead round in a circle. */
static bool read_below(Chart *chart, Str path, bool link, uint32_t depth)
{
    bool inside = chart->in_link, good;

    if (depth == 0 || (link && inside))
        return true;
    chart->in_link |= link;
    good = read_folder(chart, path, depth - 1);
    chart->in_link = inside;
    return good;
}

/* A file, or a folder; a link is what it leads to, if that is inside of the boundary. */
static bool read_entry(Chart *chart, Str path, bool link, uint32_t depth)
{
    Arena *arena = chart->unit->arena;
    const char *place = str_copy_z(arena, str_join(arena, chart->folder, path));
    int error = 0;
    Str text;

    if (!place)
        return false;
    if (boundary_read(chart->root, place, arena, &text, &error))
        return add_file(chart, path, text);
    /* A tree of git's says no more than that it is no file. */
    return (error != EISDIR && !chart->root->tree) || read_below(chart, path, link, depth);
}

static bool read_folder(Chart *chart, Str path, uint32_t depth)
{
    Arena *arena = chart->unit->arena;
    Folder folder = {.arena = arena};
    Str whole = str_join(arena, chart->folder, path);
    const char *place;
    int error;

    whole.size -= whole.size && whole.data[whole.size - 1] == '/';
    place = whole.size ? str_copy_z(arena, whole) : ".";
    if (!place || !boundary_list(chart->root, place, add_name, &folder, &error))
        return path.size > 0;
    for (uint32_t i = 0; i < folder.count; i++) {
        Str name = folder.names[i].text;
        if (path.size)
            name = str_format(arena, "%.*s/%.*s", STR_ARG(path), STR_ARG(name));
        if (ignore_excludes_below(chart->ignored, name))
            continue;
        if (!read_entry(chart, name, folder.names[i].link, depth))
            return false;
    }
    return !arena_spent(arena);
}

/* What helm would not read need not be copied. */
static void read_ignored(Chart *chart)
{
    Arena *arena = chart->unit->arena;
    Str path = str_join(arena, chart->folder, STR(".helmignore")), text;
    const char *name = str_copy_z(arena, path);
    IgnoreLevel *level = ignore_level_new(NULL, STR(""), arena);
    int error;

    if (!name || !level || !boundary_read(chart->root, name, arena, &text, &error))
        return;
    ignore_read(level, text, arena);
    chart->ignored = level;
}

const HelmFile *chart_find_file(const Chart *chart, Str path)
{
    for (uint32_t i = 0; i < chart->count; i++)
        if (str_eq(chart->files[i].path, path))
            return &chart->files[i];
    return NULL;
}

bool chart_is_template(Str path)
{
    return str_starts(path, STR("templates/")) || str_find(path, STR("/templates/")) >= 0;
}

bool chart_read_files(Chart *chart)
{
    read_ignored(chart);
    return read_folder(chart, STR(""), FOLDER_DEPTH);
}
