#include "scan/discover.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/limits.h"
#include "scan/ignore.h"

/* An ignore file beyond this is no ignore file. */
#define IGNORE_FILE_BYTES ((size_t)4 << 20)

/* A directory that is still to be read. */
typedef struct Folder {
    Str path; /* from the boundary, without a slash at the end; empty for the boundary itself */
    const IgnoreLevel *level;
    bool templates; /* below `templates/` of a chart */
} Folder;

typedef struct Walk {
    Discovery *found;
    const IgnoreLevel *only; /* --path, or NULL */
    const IgnoreLevel *skip; /* --skip-path, or NULL */
    const ScanRoot *root;
    uint32_t root_number;
    Folder *folders; /* a stack */
    uint32_t folder_count;
    uint32_t folder_capacity;
    Arena *scratch; /* names of the directory that is being read */
    Str *members;   /* files of the Terraform module in it */
    uint32_t member_count;
    uint32_t member_capacity;
    uint32_t value_count; /* of these: files of values */
} Walk;

typedef struct Name {
    Str text;
    unsigned char type; /* d_type */
} Name;

typedef struct Names {
    Name *items;
    uint32_t count;
    uint32_t capacity;
    bool gitignore;
    bool plumbignore;
    bool chart;
} Names;

/* --- paths --- */

static Str path_below(Arena *arena, Str folder, Str name)
{
    return folder.size ? str_format(arena, "%.*s/%.*s", STR_ARG(folder), STR_ARG(name))
                       : str_copy(arena, name);
}

static Str path_folder(Str path)
{
    int64_t slash = str_find_last_char(path, '/');

    return slash < 0 ? (Str){path.data, 0} : str_sub(path, 0, (uint32_t)slash);
}

static Str path_tidy(Str path)
{
    while (str_starts(path, STR("./")))
        path = str_from(path, 2);
    while (path.size > 1 && path.data[path.size - 1] == '/')
        path.size--;
    return str_eq(path, STR(".")) ? (Str){path.data, 0} : path;
}

Str discover_shown(const ScanRoot *root, Str path, Arena *arena)
{
    Str up = STR("");
    Str prefix = root->prefix;

    if (str_starts(path, prefix)) {
        path = str_from(path, prefix.size);
        return root->shown.size ? str_join(arena, root->shown, path) : path;
    }
    /* Above the scanned directory, as a module that it calls may be. */
    while (prefix.size && !str_starts(path, prefix)) {
        prefix = path_folder((Str){prefix.data, prefix.size - 1});
        prefix.size += prefix.size > 0;
        up = str_join(arena, up, STR("../"));
    }
    path = str_join(arena, up, str_from(path, prefix.size));
    return root->shown.size ? str_join(arena, root->shown, path) : path;
}

Str discover_repository(Str directory)
{
    char name[PATH_MAX];

    while (directory.size) {
        int size = snprintf(name, sizeof name, "%.*s/.git", STR_ARG(directory));
        if (size > 0 && (size_t)size < sizeof name && access(name, F_OK) == 0)
            return directory;
        directory = path_folder(directory);
    }
    return directory;
}

/* --- what is kept --- */

static bool matches_any(const IgnoreLevel *patterns, Str path)
{
    for (uint32_t i = 0; i < path.size; i++)
        if (path.data[i] == '/' && ignore_excludes(patterns, str_sub(path, 0, i), true))
            return true;
    return ignore_excludes(patterns, path, false);
}

static bool is_wanted(const Walk *walk, Str path)
{
    Str below = str_from(path, walk->root->prefix.size);

    return (!walk->only || matches_any(walk->only, below)) &&
           (!walk->skip || !matches_any(walk->skip, below));
}

static void keep_ignored(Walk *walk, Str path, const char *reason)
{
    Discovery *found = walk->found;
    IgnoredFile *grown =
        arena_grow(found->arena, found->ignored, found->ignored_count, &found->ignored_capacity,
                   (size_t)found->ignored_count + 1, sizeof *grown);

    found->files_ignored++;
    if (!grown)
        return;
    found->ignored = grown;
    grown[found->ignored_count++] = (IgnoredFile){path, walk->root_number, reason};
}

static void keep_file(Walk *walk, const FoundFile *file)
{
    Discovery *found = walk->found;
    FoundFile *grown =
        arena_grow(found->arena, found->files, found->file_count, &found->file_capacity,
                   (size_t)found->file_count + 1, sizeof *grown);

    if (!grown)
        return;
    found->files = grown;
    grown[found->file_count++] = *file;
}

static uint64_t size_of(const ScanRoot *root, Str path)
{
    struct stat info;

    return fstatat(root->dir, path.data, &info, AT_SYMLINK_NOFOLLOW) == 0 ? (uint64_t)info.st_size
                                                                          : 0;
}

static void keep_member(Walk *walk, Str path, NameKind name)
{
    Str *grown = arena_grow(walk->found->arena, walk->members, walk->member_count,
                            &walk->member_capacity, (size_t)walk->member_count + 1, sizeof path);

    if (!grown)
        return;
    walk->members = grown;
    grown[walk->member_count++] = path;
    walk->value_count += name == NAME_TFVARS;
}

/* Files of values after all others, both by name. */
static int compare_members(const void *a, const void *b)
{
    const Str *x = a, *y = b;
    bool x_value = detect_name(*x) == NAME_TFVARS, y_value = detect_name(*y) == NAME_TFVARS;

    return x_value != y_value ? x_value - y_value : str_cmp(*x, *y);
}

/* The Terraform files of a directory are one module. */
static void keep_module(Walk *walk, bool given)
{
    FoundFile file = {.root = walk->root_number,
                      .name = NAME_TERRAFORM,
                      .given = given,
                      .members = walk->members,
                      .member_count = walk->member_count,
                      .value_count = walk->value_count};

    if (walk->member_count > walk->value_count) {
        qsort(walk->members, walk->member_count, sizeof *walk->members, compare_members);
        file.path = walk->members[0];
        keep_file(walk, &file);
    }
    walk->members = NULL;
    walk->member_count = walk->member_capacity = walk->value_count = 0;
}

/* A regular file that no ignore file excludes. `path` is in scratch memory. */
static void meet_file(Walk *walk, Str path, bool templates)
{
    NameKind name = detect_name(path);
    const char *reason = detect_reason(name);
    FoundFile file = {.root = walk->root_number, .name = name};

    walk->found->files_seen++;
    if (name == NAME_OTHER || !is_wanted(walk, path))
        return;
    if (templates && (name == NAME_YAML || name == NAME_JSON))
        reason = "template of a Helm chart; scan what it renders: helm template . | plumb scan -";
    file.path = str_copy(walk->found->arena, path);
    if (!file.path.data)
        return;
    if (reason) {
        keep_ignored(walk, file.path, reason);
        return;
    }
    if (name == NAME_JSON)
        file.size = size_of(walk->root, file.path);
    if (name == NAME_TERRAFORM || name == NAME_TFVARS)
        keep_member(walk, file.path, name);
    else
        keep_file(walk, &file);
}

/* --- the walk --- */

static void push_folder(Walk *walk, Folder folder)
{
    Arena *arena = walk->found->arena;
    Folder *grown = arena_grow(arena, walk->folders, walk->folder_count, &walk->folder_capacity,
                               (size_t)walk->folder_count + 1, sizeof folder);

    if (!grown)
        return;
    walk->folders = grown;
    grown[walk->folder_count++] = folder;
}

/* Version control's own files, and what Terraform has downloaded. */
static bool is_skipped(Str name)
{
    return str_eq(name, STR(".git")) || str_eq(name, STR(".hg")) || str_eq(name, STR(".svn")) ||
           str_eq(name, STR(".terraform")) || str_eq(name, STR(".terragrunt-cache"));
}

static unsigned char type_of(int dir, const struct dirent *entry)
{
    struct stat info;

    if (entry->d_type != DT_UNKNOWN)
        return entry->d_type;
    if (fstatat(dir, entry->d_name, &info, AT_SYMLINK_NOFOLLOW) < 0)
        return DT_UNKNOWN;
    return S_ISDIR(info.st_mode) ? DT_DIR : S_ISREG(info.st_mode) ? DT_REG : DT_UNKNOWN;
}

static void add_name(Walk *walk, Names *names, const struct dirent *entry, int dir)
{
    Str text = str_of(entry->d_name);
    unsigned char type = type_of(dir, entry);
    Name *grown;

    if ((type != DT_DIR && type != DT_REG) || str_eq(text, STR(".")) || str_eq(text, STR("..")))
        return;
    names->gitignore |= str_eq(text, STR(".gitignore"));
    names->plumbignore |= str_eq(text, STR(".plumbignore"));
    names->chart |= str_eq(text, STR("Chart.yaml"));
    grown = arena_grow(walk->scratch, names->items, names->count, &names->capacity,
                       (size_t)names->count + 1, sizeof *grown);
    if (!grown)
        return;
    names->items = grown;
    grown[names->count++] = (Name){str_copy(walk->scratch, text), type};
}

/* Reads the names in a directory. False, reported, if it cannot be read. */
static bool read_names(Walk *walk, Str path, Names *names)
{
    int fd = openat(walk->root->dir, path.size ? path.data : ".",
                    O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
    DIR *dir = fd < 0 ? NULL : fdopendir(fd);
    const struct dirent *entry;

    if (!dir) {
        diag_path_error(&walk->found->diags, DIAG_FILE_UNREADABLE,
                        discover_shown(walk->root, path, walk->found->arena),
                        "the directory cannot be read: %s", strerror(errno));
        if (fd >= 0)
            close(fd);
        return false;
    }
    while ((entry = readdir(dir)))
        add_name(walk, names, entry, fd);
    closedir(dir);
    return true;
}

static void read_ignore_file(int dir, Str folder, const char *name, IgnoreLevel *level,
                             Arena *arena)
{
    Str path = path_below(arena, folder, str_of(name));
    Str text;
    int error;

    if (level && path.data && file_read(dir, path.data, IGNORE_FILE_BYTES, arena, &text, &error))
        ignore_read(level, text, arena);
}

/* The level of a directory that has ignore files, else the one above. */
static const IgnoreLevel *level_of(Walk *walk, const Folder *folder, const Names *names)
{
    Arena *arena = walk->found->arena;
    IgnoreLevel *level;

    if (!names->gitignore && !names->plumbignore)
        return folder->level;
    level = ignore_level_new(folder->level, folder->path, arena);
    if (names->gitignore)
        read_ignore_file(walk->root->dir, folder->path, ".gitignore", level, arena);
    if (names->plumbignore)
        read_ignore_file(walk->root->dir, folder->path, ".plumbignore", level, arena);
    return level ? level : folder->level;
}

static void meet_name(Walk *walk, const Folder *folder, const Names *names, const Name *name)
{
    Str path = path_below(walk->scratch, folder->path, name->text);
    bool is_directory = name->type == DT_DIR;
    bool templates = folder->templates || (names->chart && str_eq(name->text, STR("templates")));

    if (!path.data || (is_directory && is_skipped(name->text)))
        return;
    if (ignore_excludes(folder->level, path, is_directory)) {
        walk->found->files_ignored++;
        return;
    }
    if (!is_directory) {
        meet_file(walk, path, templates);
        return;
    }
    path = str_copy(walk->found->arena, path);
    if (path.data)
        push_folder(walk, (Folder){path, folder->level, templates});
}

static void walk_folder(Walk *walk, Folder folder)
{
    Names names = {0};

    arena_rewind(walk->scratch, 0);
    if (!read_names(walk, folder.path, &names))
        return;
    folder.level = level_of(walk, &folder, &names);
    for (uint32_t i = 0; i < names.count; i++)
        meet_name(walk, &folder, &names, &names.items[i]);
    keep_module(walk, false);
}

/* --- roots --- */

/* The levels above the scanned directory: .git/info/exclude, then each directory from the boundary
 * down to the one above. */
static const IgnoreLevel *levels_above(Walk *walk, Str folder)
{
    Arena *arena = walk->found->arena;
    int dir = walk->root->dir;
    IgnoreLevel *level = ignore_level_new(NULL, STR(""), arena);

    read_ignore_file(dir, STR(".git/info"), "exclude", level, arena);
    for (uint32_t i = 0; level && i < folder.size; i++) {
        Str above = str_sub(folder, 0, i);
        if (i != 0 && folder.data[i] != '/')
            continue;
        level = ignore_level_new(level, above, arena);
        read_ignore_file(dir, above, ".gitignore", level, arena);
        read_ignore_file(dir, above, ".plumbignore", level, arena);
    }
    return level;
}

/* Whether a directory lies below `templates/` of a chart, for a scan that begins there. */
static bool is_in_templates(const ScanRoot *root, Str folder, Arena *arena)
{
    while (folder.size) {
        Str above = path_folder(folder);
        Str name = str_from(folder, above.size + (above.size > 0));
        Str chart = path_below(arena, above, STR("Chart.yaml"));
        if (str_eq(name, STR("templates")) && chart.data &&
            faccessat(root->dir, chart.data, F_OK, 0) == 0)
            return true;
        folder = above;
    }
    return false;
}

static void walk_root(Walk *walk, const ScanRoot *root, uint32_t number)
{
    Str folder = root->prefix;

    folder.size -= folder.size > 0;
    folder = str_copy(walk->found->arena, folder);
    walk->root = root;
    walk->root_number = number;
    push_folder(walk, (Folder){folder, levels_above(walk, folder),
                               is_in_templates(root, folder, walk->found->arena)});
    while (walk->folder_count)
        walk_folder(walk, walk->folders[--walk->folder_count]);
}

/* A file that the user named is read whatever the ignore files say. */
static void meet_given(Walk *walk, const ScanRoot *root, uint32_t number)
{
    Arena *arena = walk->found->arena;
    FoundFile file = {.root = number, .given = true};

    walk->root = root;
    walk->root_number = number;
    walk->found->files_seen++;
    file.path = str_join(arena, root->prefix, root->file);
    file.name = root->dir < 0 ? NAME_ANY : detect_name(file.path);
    if (!file.path.data)
        return;
    if ((file.name == NAME_YAML || file.name == NAME_JSON) &&
        is_in_templates(root, path_folder(file.path), arena)) {
        keep_ignored(walk, file.path, "template of a Helm chart; scan what it renders");
        return;
    }
    if (detect_reason(file.name)) {
        keep_ignored(walk, file.path, detect_reason(file.name));
        return;
    }
    if (file.name == NAME_OTHER || file.name == NAME_TFVARS)
        file.name = NAME_ANY;
    if (file.name == NAME_TERRAFORM) {
        keep_member(walk, file.path, file.name);
        keep_module(walk, true);
    } else {
        keep_file(walk, &file);
    }
}

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

static bool find_root(Discovery *found, ScanRoot *root, Str argument, Str boundary)
{
    char resolved[PATH_MAX];
    const char *path = str_copy_z(found->arena, argument.size ? argument : STR("."));
    struct stat info;
    Str directory;

    root->argument = path_tidy(argument);
    root->dir = -1;
    if (str_eq(argument, STR("-"))) {
        root->is_file = true;
        root->file = STR("<stdin>");
        return true;
    }
    if (!path || !realpath(path, resolved) || stat(resolved, &info) < 0) {
        diag_path_error(&found->diags, DIAG_FILE_UNREADABLE, STR(""), "`%.*s` cannot be read: %s",
                        STR_ARG(argument), strerror(errno));
        return false;
    }
    root->is_file = !S_ISDIR(info.st_mode);
    /* A pipe, as the shell's <(command) gives one, is read like standard input. */
    root->file = root->argument;
    if (root->is_file && !S_ISREG(info.st_mode))
        return true;
    directory = str_copy(found->arena, str_of(resolved));
    if (root->is_file) {
        Str folder = path_folder(directory);
        root->file = str_from(directory, folder.size + 1);
        directory = folder;
    }
    if (!directory.size)
        directory = STR("/");
    return open_boundary(found, root, directory, boundary);
}

/* One directory is shown without its own name, so that paths are those inside of it. */
static void name_root(Discovery *found, ScanRoot *root)
{
    Str folder = root->is_file ? path_folder(root->argument) : root->argument;

    root->shown = STR("");
    if (root->dir >= 0 && folder.size && (root->is_file || found->root_count > 1))
        root->shown = str_join(found->arena, folder, STR("/"));
}

/* --- all of it --- */

static const IgnoreLevel *pattern_level(const Str *patterns, uint32_t count, Arena *arena)
{
    IgnoreLevel *level = count ? ignore_level_new(NULL, STR(""), arena) : NULL;

    for (uint32_t i = 0; level && i < count; i++)
        ignore_read(level, patterns[i], arena);
    return level;
}

static int compare_places(uint32_t root_a, Str a, uint32_t root_b, Str b)
{
    return root_a != root_b ? (root_a > root_b) - (root_a < root_b) : str_cmp(a, b);
}

static int compare_files(const void *a, const void *b)
{
    const FoundFile *x = a, *y = b;

    return compare_places(x->root, x->path, y->root, y->path);
}

static int compare_ignored(const void *a, const void *b)
{
    const IgnoredFile *x = a, *y = b;

    return compare_places(x->root, x->path, y->root, y->path);
}

/* A file that several arguments lead to is judged once, for the first of them. */
static bool is_met_before(const Discovery *found, const FoundFile *file)
{
    for (uint32_t i = 0; i < file->root; i++) {
        const ScanRoot *other = &found->roots[i];
        const FoundFile key = {.path = file->path, .root = i};
        if (other->dir >= 0 && str_eq(other->boundary, found->roots[file->root].boundary) &&
            bsearch(&key, found->files, found->file_count, sizeof key, compare_files))
            return true;
    }
    return false;
}

static void sort_files(Discovery *found)
{
    bool *again;
    uint32_t kept = 0;

    if (found->ignored_count)
        qsort(found->ignored, found->ignored_count, sizeof *found->ignored, compare_ignored);
    if (!found->file_count)
        return;
    qsort(found->files, found->file_count, sizeof *found->files, compare_files);
    if (found->root_count < 2)
        return;
    again = ARENA_ARRAY(found->arena, bool, found->file_count);
    for (uint32_t i = 0; again && i < found->file_count; i++)
        again[i] =
            found->roots[found->files[i].root].dir >= 0 && is_met_before(found, &found->files[i]);
    for (uint32_t i = 0; again && i < found->file_count; i++)
        if (!again[i])
            found->files[kept++] = found->files[i];
    if (again)
        found->file_count = kept;
}

static Str absolute(Arena *arena, Str path)
{
    char resolved[PATH_MAX];
    const char *name = str_copy_z(arena, path);

    return name && realpath(name, resolved) ? str_copy(arena, str_of(resolved)) : STR("");
}

static bool find_roots(Discovery *found, const Str *arguments, uint32_t count, Str boundary)
{
    bool ok = true;

    found->roots = ARENA_ARRAY(found->arena, ScanRoot, count);
    if (!found->roots)
        return false;
    if (boundary.size) {
        Str given = boundary;
        boundary = absolute(found->arena, boundary);
        if (!boundary.size) {
            diag_path_error(&found->diags, DIAG_FILE_UNREADABLE, STR(""),
                            "`%.*s` cannot be read: %s", STR_ARG(given), strerror(errno));
            return false;
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

bool discover(const Str *arguments, uint32_t count, const DiscoverOptions *options, Arena *arena,
              Discovery *found)
{
    Walk walk = {.found = found};

    *found = (Discovery){.arena = arena, .diags = diags_new(arena)};
    if (!find_roots(found, arguments, count, options->boundary))
        return false;
    walk.scratch = arena_new(LIMIT_UNIT_BYTES);
    if (!walk.scratch)
        return false;
    walk.only = pattern_level(options->paths, options->path_count, arena);
    walk.skip = pattern_level(options->skip_paths, options->skip_path_count, arena);
    for (uint32_t i = 0; i < count; i++) {
        if (found->roots[i].is_file)
            meet_given(&walk, &found->roots[i], i);
        else
            walk_root(&walk, &found->roots[i], i);
    }
    arena_free(walk.scratch);
    sort_files(found);
    return true;
}

void discover_close(Discovery *found)
{
    for (uint32_t i = 0; i < found->root_count; i++)
        if (found->roots[i].dir >= 0)
            close(found->roots[i].dir);
    found->root_count = 0;
}
