#include "scan/discover_roots.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "scan/discover_path.h"

static bool open_boundary(Discovery *found, ScanRoot *root, Str directory, Str boundary)
{
    const char *path;

    if (!boundary.size)
        boundary = discover_repository(directory);
    if (!boundary.size)
        boundary = directory;
    if (!str_starts(directory, boundary) || (directory.size > boundary.size && boundary.size > 1 &&
                                             directory.data[boundary.size] != '/')) {
        diag_path_error(&found->diags, DIAG_PATH_ESCAPES, STR(""),
                        "`%.*s` lies outside of %.*s, the boundary of this scan",
                        STR_ARG(root->argument), STR_ARG(boundary));
        return false;
    }
    path = str_copy_z(found->arena, boundary);
    if (!path)
        return false;
    root->boundary = (Str){path, boundary.size};
    root->dir = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    directory = str_from(directory, boundary.size);
    if (str_starts(directory, STR("/")))
        directory = str_from(directory, 1);
    root->prefix = directory.size ? str_join(found->arena, directory, STR("/")) : STR("");
    return root->dir >= 0;
}

static bool unreadable(Discovery *found, Str argument)
{
    diag_path_error(&found->diags, DIAG_FILE_UNREADABLE, STR(""), "`%.*s` cannot be read: %s",
                    STR_ARG(argument), strerror(errno));
    return false;
}

/* The place of an argument that is a file or directory, `directory` in the end. */
static bool place_root(Discovery *found, ScanRoot *root, Str directory, Str boundary)
{
    if (root->is_file) {
        Str folder = path_folder(directory);
        root->file = str_from(directory, folder.size + 1);
        directory = folder;
    }
    return open_boundary(found, root, directory.size ? directory : STR("/"), boundary);
}

/* The absolute path of what need not be on disk: its nearest directory that is, and the rest. Empty
 * where there is none. */
static Str resolve_missing(Arena *arena, Str argument)
{
    char resolved[PATH_MAX];
    Str rest = STR("");

    for (;;) {
        const char *path = str_copy_z(arena, argument.size ? argument : STR("."));
        Str folder = path_folder(argument);
        Str name = str_from(argument, folder.size + (folder.size < argument.size &&
                                                     str_find_char(argument, '/') >= 0));
        if (path && realpath(path, resolved))
            return str_format(arena, "%s%s%.*s", resolved, rest.size ? "/" : "", STR_ARG(rest));
        if (!argument.size || str_eq(name, STR("..")) || str_eq(argument, STR("/")))
            return STR("");
        rest = rest.size ? str_format(arena, "%.*s/%.*s", STR_ARG(name), STR_ARG(rest)) : name;
        argument = folder.size || !str_starts(argument, STR("/")) ? folder : STR("/");
    }
}

/* An argument of a scan that reads a tree. */
static bool find_in_tree(Discovery *found, ScanRoot *root, Str boundary)
{
    const FileTree *tree = found->options->tree;
    Str path = resolve_missing(found->arena, root->argument);
    FolderKind kind = FOLDER_DIRECTORY;
    Str inside = str_from(path, boundary.size + 1);
    bool is_inside =
        str_starts(path, boundary) && str_starts(str_from(path, boundary.size), STR("/"));

    if (!path.size)
        return unreadable(found, root->argument);
    if (is_inside && (!tree->find(tree, inside, &kind) || kind == FOLDER_OTHER)) {
        root->skipped = true;
        if (tree->may_lack)
            return true;
        diag_path_error(&found->diags, DIAG_FILE_UNREADABLE, STR(""), "`%.*s` is not in %s",
                        STR_ARG(root->argument), tree->name);
        return false;
    }
    root->tree = tree;
    root->is_file = kind == FOLDER_FILE;
    return place_root(found, root, path, boundary);
}

static bool find_on_disk(Discovery *found, ScanRoot *root, const char *path, Str boundary)
{
    char resolved[PATH_MAX];

    root->changed = found->options->changed;
    if (!realpath(path, resolved))
        return unreadable(found, root->argument);
    return place_root(found, root, str_copy(found->arena, str_of(resolved)), boundary);
}

static bool find_root(Discovery *found, ScanRoot *root, Str argument, Str boundary)
{
    const char *path = str_copy_z(found->arena, argument.size ? argument : STR("."));
    struct stat info;

    root->argument = path_tidy(argument);
    root->dir = -1;
    if (str_eq(argument, STR("-"))) {
        root->is_file = true;
        root->file = STR("<stdin>");
        return true;
    }
    if (found->options->tree)
        return find_in_tree(found, root, boundary);
    if (!path || stat(path, &info) < 0)
        return unreadable(found, argument);
    root->is_file = !S_ISDIR(info.st_mode);
    root->file = root->argument;
    /* A pipe, as the shell's <(command) gives one, is read like standard input. */
    if (root->is_file && !S_ISREG(info.st_mode))
        return true;
    return find_on_disk(found, root, path, boundary);
}

/* One directory is shown without its own name, so that paths are those inside of it. */
static void name_root(Discovery *found, ScanRoot *root)
{
    Str folder = root->is_file ? path_folder(root->argument) : root->argument;

    root->shown = STR("");
    if (root->dir >= 0 && folder.size && (root->is_file || found->root_count > 1))
        root->shown = str_join(found->arena, folder, STR("/"));
}

static Str absolute(Arena *arena, Str path)
{
    char resolved[PATH_MAX];
    const char *name = str_copy_z(arena, path);

    return name && realpath(name, resolved) ? str_copy(arena, str_of(resolved)) : STR("");
}

bool roots_find(Discovery *found, const Str *arguments, uint32_t count, Str boundary)
{
    bool ok = true;

    found->roots = ARENA_ARRAY(found->arena, ScanRoot, count);
    if (!found->roots)
        return false;
    if (boundary.size) {
        Str given = boundary;
        boundary = absolute(found->arena, boundary);
        if (!boundary.size) {
            return unreadable(found, given);
        }
    }
    found->root_count = count;
    for (uint32_t i = 0; i < count; i++)
        found->roots[i].dir = -1;
    for (uint32_t i = 0; i < count; i++)
        ok = find_root(found, &found->roots[i], arguments[i], boundary) && ok;
    for (uint32_t i = 0; i < count; i++)
        name_root(found, &found->roots[i]);
    return ok;
}

bool roots_is_repeated(const Discovery *found, const ScanRoot *root)
{
    for (const ScanRoot *other = found->roots; other < root; other++)
        if (root->dir >= 0 && other->dir >= 0 && str_eq(other->boundary, root->boundary) &&
            str_eq(other->prefix, root->prefix) && other->is_file == root->is_file &&
            (!root->is_file || str_eq(other->file, root->file)))
            return true;
    return false;
}

bool roots_have_other(const Discovery *found, Str path, bool is_directory)
{
    const ScanRoot *here = &found->roots[found->root];

    for (uint32_t i = 0; i < found->root_count; i++) {
        const ScanRoot *root = &found->roots[i];
        Str prefix = root->prefix;
        if (i == found->root || root->dir < 0 || root->is_file == is_directory ||
            !str_eq(root->boundary, here->boundary))
            continue;
        if (is_directory
                ? path.size + 1 == prefix.size && str_starts(prefix, path)
                : str_starts(path, prefix) && str_eq(str_from(path, prefix.size), root->file))
            return true;
    }
    return false;
}
