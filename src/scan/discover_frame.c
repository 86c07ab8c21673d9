#include "scan/discover_frame.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "scan/discover_path.h"
#include "scan/folder.h"

/* An ignore file beyond this is no ignore file. */
#define IGNORE_FILE_BYTES ((size_t)4 << 20)

/* Directories on the way down that are held open. A tree may be deeper than a process may hold. */
#define OPEN_FRAMES 64u

/* Of the two names that hadolint looks for the first. */
static void note_hadolint(Frame *frame, Str name)
{
    if (str_eq(name, STR(".hadolint.yaml")))
        frame->hadolint = STR(".hadolint.yaml");
    else if (!frame->hadolint.size && str_eq(name, STR(".hadolint.yml")))
        frame->hadolint = STR(".hadolint.yml");
}

static void add_name(void *context, Str text, FolderKind kind)
{
    Discovery *found = context;
    Frame *frame = found->frame;
    Name *grown;

    if (kind == FOLDER_OTHER)
        return;
    frame->gitignore |= str_eq(text, STR(".gitignore"));
    frame->plumbignore |= str_eq(text, STR(".plumbignore"));
    frame->chart |= str_eq(text, STR("Chart.yaml"));
    note_hadolint(frame, text);
    if (detect_name(text) == NAME_KUSTOMIZATION)
        frame->kustomization = str_copy(found->memory, text);
    grown = arena_grow(found->memory, frame->names, frame->count, &frame->capacity,
                       (size_t)frame->count + 1, sizeof *grown);
    if (!grown)
        return;
    frame->names = grown;
    grown[frame->count++] =
        (Name){.text = str_copy(found->memory, text), .is_directory = kind == FOLDER_DIRECTORY};
}

/* As whole paths compare, so that a directory counts with the slash that follows it. */
static int compare_names(const void *a, const void *b)
{
    const Name *x = a, *y = b;
    uint32_t size = x->text.size < y->text.size ? x->text.size : y->text.size;
    int order = memcmp(x->text.data, y->text.data, size);

    if (order)
        return order;
    return (unsigned char)(size < x->text.size ? x->text.data[size]
                           : x->is_directory   ? '/'
                                               : 0) -
           (unsigned char)(size < y->text.size ? y->text.data[size]
                           : y->is_directory   ? '/'
                                               : 0);
}

/* A directory below another one by its name there: looking up a whole path takes longer than
 * reading most directories. */
static int open_frame(const ScanRoot *root, const Frame *frame)
{
    const Frame *above = frame->above;
    Str folder = path_folder(frame->path);

    if (above && above->dir >= 0 && frame->path.size && str_eq(above->path, folder))
        return folder_open(above->dir, frame->path.data + folder.size + (folder.size > 0));
    return folder_open(root->dir, frame->path.size ? frame->path.data : ".");
}

static void close_frame(Frame *frame)
{
    if (frame->dir >= 0)
        close(frame->dir);
    frame->dir = -1;
}

static bool list_folder(Discovery *found, Frame *frame, int *error)
{
    const ScanRoot *root = &found->roots[found->root];
    bool ok;

    if (root->tree)
        return root->tree->list(root->tree, frame->path, add_name, found, error);
    frame->dir = open_frame(root, frame);
    if (frame->dir < 0) {
        *error = errno;
        return false;
    }
    ok = folder_read_open(frame->dir, add_name, found, error);
    if (frame->depth >= OPEN_FRAMES)
        close_frame(frame);
    return ok;
}

static bool read_names(Discovery *found, int *error)
{
    Frame *frame = found->frame;

    if (!list_folder(found, frame, error))
        return false;
    if (frame->count)
        qsort(frame->names, frame->count, sizeof *frame->names, compare_names);
    return true;
}

static void read_ignore_file(const ScanRoot *root, Str folder, const char *name, IgnoreLevel *level,
                             Arena *arena)
{
    Str path = path_below(arena, folder, str_of(name));
    const FileTree *tree = root->tree;
    Str text;
    int error;

    if (!level || !path.data)
        return;
    if (tree ? tree->read(tree, path, IGNORE_FILE_BYTES, arena, &text, &error)
             : file_read(root->dir, path.data, IGNORE_FILE_BYTES, arena, &text, &error))
        ignore_read(level, text, arena);
}

/* The level of a directory that has ignore files, else the one above. */
static const IgnoreLevel *level_of(Discovery *found, const Frame *frame)
{
    const ScanRoot *root = &found->roots[found->root];
    IgnoreLevel *level;

    if (!frame->gitignore && !frame->plumbignore)
        return frame->level;
    level = ignore_level_new(frame->level, frame->path, found->memory);
    if (frame->gitignore)
        read_ignore_file(root, frame->path, ".gitignore", level, found->memory);
    if (frame->plumbignore)
        read_ignore_file(root, frame->path, ".plumbignore", level, found->memory);
    return level ? level : frame->level;
}

void frame_leave(Discovery *found)
{
    size_t mark = found->frame->mark;

    close_frame(found->frame);
    found->frame = found->frame->above;
    arena_rewind(found->memory, mark);
}

static void read_kustomization(Discovery *found, Frame *frame)
{
    const ScanRoot *root = &found->roots[found->root];
    Str path = path_below(found->memory, frame->path, frame->kustomization);

    if (!path.data)
        return;
    frame->built = kustomization_files(root, path, found->memory);
    frame->builds =
        !ignore_excludes(frame->level, path, false) && discover_wants(found, root, path);
}

/* The levels above the scanned directory: .git/info/exclude, then each directory from the boundary
 * down to the one above. */
static const IgnoreLevel *levels_above(Discovery *found, Str folder)
{
    Arena *arena = found->memory;
    const ScanRoot *root = &found->roots[found->root];
    const ScanRoot on_disk = {.dir = root->dir};
    IgnoreLevel *level = ignore_level_new(NULL, STR(""), arena);

    read_ignore_file(&on_disk, STR(".git/info"), "exclude", level, arena);
    for (uint32_t i = 0; level && i < folder.size; i++) {
        Str above = str_sub(folder, 0, i);
        if (i != 0 && folder.data[i] != '/')
            continue;
        level = ignore_level_new(level, above, arena);
        read_ignore_file(root, above, ".gitignore", level, arena);
        read_ignore_file(root, above, ".plumbignore", level, arena);
    }
    return level;
}

/* What plumb.yaml excludes is as if an ignore file beside it said so. */
static const IgnoreLevel *level_of_config(Discovery *found, const IgnoreLevel *above)
{
    const ConfigFiles *config = &found->config;
    Str folder = config->base;
    IgnoreLevel *level;

    if (!config->exclude_count || !str_starts(found->roots[found->root].prefix, folder))
        return above;
    folder.size -= folder.size > 0;
    level = ignore_level_new(above, folder, found->memory);
    for (uint32_t i = 0; level && i < config->exclude_count; i++)
        ignore_read(level, config->exclude[i], found->memory);
    return level ? level : above;
}

const IgnoreLevel *frame_levels_at(Discovery *found, Str path)
{
    return level_of_config(found, levels_above(found, path));
}

static bool push(Discovery *found, Str path, const IgnoreLevel *level, size_t mark)
{
    Frame *frame = ARENA_NEW(found->memory, Frame);

    if (!frame)
        return false;
    frame->above = found->frame;
    frame->dir = -1;
    frame->depth = found->frame ? found->frame->depth + 1 : 0;
    frame->mark = mark;
    frame->path = path;
    frame->level = level;
    found->frame = frame;
    return true;
}

/* Reads what is in the directory at hand. False, with an errno value, if it cannot be read. */
static bool read_frame(Discovery *found, int *error)
{
    Frame *frame = found->frame;

    if (!read_names(found, error))
        return false;
    frame->level = level_of(found, frame);
    if (frame->kustomization.size)
        read_kustomization(found, frame);
    return true;
}

void frame_enter(Discovery *found, Str path, const IgnoreLevel *level, bool templates, size_t mark)
{
    const ScanRoot *root = &found->roots[found->root];
    int error;

    if (!push(found, path, level, mark))
        return;
    found->frame->templates = templates;
    if (read_frame(found, &error))
        return;
    diag_path_error(&found->diags, DIAG_FILE_UNREADABLE,
                    str_copy(found->arena, discover_shown(root, path, found->arena)),
                    "the directory cannot be read: %s", strerror(error));
    frame_leave(found);
}

bool frame_look_into(Discovery *found, Str path)
{
    size_t mark = arena_mark(found->memory);
    int error;

    if (!push(found, path, frame_levels_at(found, path), mark))
        return false;
    if (read_frame(found, &error))
        return true;
    frame_leave(found);
    return false;
}
