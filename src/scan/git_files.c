#include "scan/git_files.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/limits.h"
#include "scan/boundary.h"

/* Links inside each other, as many as Linux follows. */
#define MAX_LINKS 40u
#define LINK_BYTES ((size_t)4096)

/* --- the same on disk --- */

static bool same_time(GitIndexTime a, GitIndexTime b)
{
    return a.seconds == b.seconds && a.nanoseconds == b.nanoseconds;
}

static bool is_before(GitIndexTime a, GitIndexTime b)
{
    return a.seconds != b.seconds ? a.seconds < b.seconds : a.nanoseconds < b.nanoseconds;
}

bool git_disk_same(const GitDisk *disk, const GitEntry *entry)
{
    struct stat info;

    return fstatat(disk->dir, entry->path.data, &info, AT_SYMLINK_NOFOLLOW) == 0 &&
           S_ISREG(info.st_mode) && entry->kind == GIT_FILE &&
           same_time(entry->mtime, git_file_mtime(&info)) &&
           same_time(entry->ctime, git_file_ctime(&info)) &&
           entry->inode == (uint32_t)info.st_ino && entry->size == (uint32_t)info.st_size &&
           is_before(entry->mtime, disk->index->mtime);
}

/* --- paths --- */

/* What a path means, its links followed. */
typedef struct Lookup {
    const GitFiles *files;
    Arena *arena;
    uint32_t links;        /* followed so far */
    const GitEntry *entry; /* a file, or NULL for a directory, ... */
    Str folder;            /* ... which this is then */
} Lookup;

static bool has_folder(const GitTree *tree, Str folder, Arena *arena)
{
    Str below = str_join(arena, folder, STR("/"));
    uint32_t at = git_tree_lower(tree, below);

    return below.data && at < tree->count && str_starts(tree->entries[at].path, below);
}

/* `path` as seen from `folder`, without "." and "..". Empty data where it leads outside. */
static Str join(Arena *arena, Str folder, Str path)
{
    Str joined = folder, part;

    if (str_starts(path, STR("/")))
        return (Str){NULL, 0};
    while (str_split(&path, '/', &part)) {
        if (!part.size || str_eq(part, STR(".")))
            continue;
        if (!str_eq(part, STR(".."))) {
            joined = joined.size ? str_format(arena, "%.*s/%.*s", STR_ARG(joined), STR_ARG(part))
                                 : str_copy(arena, part);
            continue;
        }
        if (!joined.size)
            return (Str){NULL, 0};
        joined.size =
            str_find_char(joined, '/') < 0 ? 0 : (uint32_t)str_find_last_char(joined, '/');
    }
    return joined.data ? joined : STR("");
}

/* Where a link leads, with what follows it in the path. */
static Str follow(Lookup *lookup, const GitEntry *link, Str rest)
{
    int64_t slash = str_find_last_char(link->path, '/');
    Str folder = str_sub(link->path, 0, slash < 0 ? 0 : (uint32_t)slash);
    Str target;
    int error;

    if (++lookup->links > MAX_LINKS ||
        !repository_read_blob(lookup->files->repository, &link->id, LINK_BYTES, lookup->arena,
                              &target, &error))
        return (Str){NULL, 0};
    folder = join(lookup->arena, folder, target);
    return folder.data && rest.size ? join(lookup->arena, folder, rest) : folder;
}

/* The link that the path begins with, if it does; `*rest` is what follows. */
static const GitEntry *find_link(const GitTree *tree, Str path, Str *rest)
{
    for (uint32_t i = 0; i <= path.size; i++) {
        const GitEntry *entry;
        if (i < path.size && path.data[i] != '/')
            continue;
        entry = git_tree_find(tree, str_sub(path, 0, i));
        *rest = str_from(path, i + 1);
        if (entry)
            return entry->kind == GIT_LINK ? entry : NULL;
    }
    return NULL;
}

/* Finds a file or a directory. */
static bool look_up(Lookup *lookup, Str path)
{
    const GitTree *tree = lookup->files->entries;

    for (;;) {
        const GitEntry *link;
        Str rest;
        lookup->entry = git_tree_find(tree, path);
        if (lookup->entry && lookup->entry->kind == GIT_FILE)
            return true;
        lookup->folder = path;
        if (!path.size || has_folder(tree, path, lookup->arena))
            return true;
        link = find_link(tree, path, &rest);
        path = link ? follow(lookup, link, rest) : (Str){NULL, 0};
        if (!path.data)
            return false;
    }
}

/* --- the functions of a tree --- */

/* Where the entries of a directory that begin at `at` end. */
static uint32_t end_of_folder(const GitTree *tree, uint32_t at, uint32_t size)
{
    Str folder = str_sub(tree->entries[at].path, 0, size + 1);

    while (at < tree->count && str_starts(tree->entries[at].path, folder))
        at++;
    return at;
}

static FolderKind kind_of(const GitEntry *entry)
{
    return entry->kind == GIT_FILE ? FOLDER_FILE : FOLDER_OTHER;
}

static void list_below(const GitTree *tree, Str prefix, FolderFn *each, void *context)
{
    uint32_t at = git_tree_lower(tree, prefix);

    while (at < tree->count && str_starts(tree->entries[at].path, prefix)) {
        Str rest = str_from(tree->entries[at].path, prefix.size);
        int64_t slash = str_find_char(rest, '/');
        if (slash < 0) {
            each(context, rest, kind_of(&tree->entries[at]));
            at++;
        } else {
            each(context, str_sub(rest, 0, (uint32_t)slash), FOLDER_DIRECTORY);
            at = end_of_folder(tree, at, prefix.size + (uint32_t)slash);
        }
    }
}

/* In `.terraform`, which belongs to the work tree whatever is committed. */
static bool is_downloaded(Str path)
{
    return str_starts(path, STR(".terraform/")) || str_find(path, STR("/.terraform/")) >= 0;
}

static ScanRoot disk_root(const GitFiles *files)
{
    return (ScanRoot){.dir = files->disk->dir, .boundary = files->disk->boundary};
}

static bool list(const FileTree *tree, Str folder, FolderFn *each, void *context, int *error)
{
    const GitFiles *files = (const GitFiles *)(const void *)tree;
    Arena *scratch = arena_new(LIMIT_UNIT_BYTES);
    Lookup lookup = {.files = files, .arena = scratch};
    bool good = scratch && look_up(&lookup, folder) && !lookup.entry;
    const ScanRoot root = disk_root(files);

    *error = scratch ? ENOENT : ENOMEM;
    if (good)
        list_below(files->entries,
                   lookup.folder.size ? str_join(scratch, lookup.folder, STR("/")) : STR(""), each,
                   context);
    else if (scratch && is_downloaded(folder))
        good = boundary_list(&root, str_copy_z(scratch, folder), each, context, error);
    arena_free(scratch);
    return good;
}

/* Whether the disk holds what the entry names. */
static bool is_on_disk(const GitDisk *disk, const GitEntry *entry)
{
    const GitEntry *indexed = disk ? git_tree_find(disk->index, entry->path) : NULL;

    return indexed && git_id_eq(&indexed->id, &entry->id) && git_disk_same(disk, indexed);
}

static bool read_entry(const GitFiles *files, const GitEntry *entry, size_t limit, Arena *arena,
                       Str *text, int *error)
{
    if (is_on_disk(files->disk, entry) &&
        file_read(files->disk->dir, entry->path.data, limit, arena, text, error))
        return true;
    return repository_read_blob(files->repository, &entry->id, limit, arena, text, error);
}

static bool read(const FileTree *tree, Str path, size_t limit, Arena *arena, Str *text, int *error)
{
    const GitFiles *files = (const GitFiles *)(const void *)tree;
    const GitEntry *entry = git_tree_find(files->entries, path);
    Lookup lookup = {.files = files, .arena = arena};
    const ScanRoot root = disk_root(files);

    if (entry && entry->kind == GIT_FILE)
        return read_entry(files, entry, limit, arena, text, error);
    path = join(arena, STR(""), path);
    *error = ENOENT;
    if (!path.data)
        return false;
    if (!look_up(&lookup, path))
        return is_downloaded(path) &&
               boundary_read(&root, str_copy_z(arena, path), arena, text, error);
    *error = EISDIR;
    return lookup.entry && read_entry(files, lookup.entry, limit, arena, text, error);
}

static bool find(const FileTree *tree, Str path, FolderKind *kind)
{
    const GitFiles *files = (const GitFiles *)(const void *)tree;
    const GitEntry *entry = git_tree_find(files->entries, path);
    Arena *scratch = entry ? NULL : arena_new(LIMIT_UNIT_BYTES);
    bool found = entry || (scratch && has_folder(files->entries, path, scratch));

    *kind = entry ? kind_of(entry) : FOLDER_DIRECTORY;
    arena_free(scratch);
    return found;
}

GitFiles git_files(GitRepository *repository, const GitTree *entries, const GitDisk *disk,
                   const char *name)
{
    return (GitFiles){{name, false, list, read, find}, repository, entries, disk};
}
