#include "scan/discover.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/limits.h"
#include "scan/boundary.h"
#include "scan/folder.h"
#include "scan/ignore.h"
#include "scan/kustomization.h"

static const char patch_reason[] =
    "patch of a kustomization; scan what it builds: kustomize build | plumb scan -";

/* An ignore file beyond this is no ignore file. */
#define IGNORE_FILE_BYTES ((size_t)4 << 20)

typedef struct Name {
    Str text;
    bool is_directory;
} Name;

/* A directory on the way to the current file, and its names in the order of their paths. */
struct Frame {
    Frame *above;
    size_t mark; /* of the walk's memory, to which its end goes back */
    Str path;    /* from the boundary, without a slash at the end; empty for the boundary itself */
    const IgnoreLevel *level;
    bool templates; /* below `templates/` of a chart */
    bool module;    /* the Terraform module in it was given out */
    bool gitignore;
    bool plumbignore;
    bool chart;
    Str hadolint;      /* name of hadolint's configuration in it, or empty */
    Str kustomization; /* likewise */
    PathList patches;  /* that it names */
    Name *names;
    uint32_t count;
    uint32_t capacity;
    uint32_t at; /* the next one */
};

/* --- paths --- */

static Str path_below(Arena *arena, Str folder, Str name)
{
    uint32_t from = folder.size ? folder.size + 1 : 0;
    char *path = arena_raw(arena, (size_t)from + name.size + 1, 1);

    if (!path)
        return (Str){NULL, 0};
    if (from) {
        memcpy(path, folder.data, folder.size);
        path[folder.size] = '/';
    }
    memcpy(path + from, name.data, name.size);
    path[from + name.size] = '\0';
    return (Str){path, from + name.size};
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

Str found_directory(const FoundFile *file)
{
    Str folder = path_folder(file->path);

    return folder.size ? folder : STR(".");
}

Str discover_directory(const ScanRoot *root)
{
    return root->prefix.size ? str_sub(root->prefix, 0, root->prefix.size - 1) : STR(".");
}

Str discover_shown(const ScanRoot *root, Str path, Arena *arena)
{
    Str up = STR("");
    Str prefix = root->prefix;

    /* Outside of the boundary, as what the user gives by name may be. */
    if (str_starts(path, STR("/")))
        return path;
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

/* Whether plumb.yaml leaves it in; of what does not lie where that speaks of, it says nothing. */
static bool is_included(const Discovery *found, Str path)
{
    const ConfigFiles *config = &found->config;

    return !config->include || !str_starts(path, config->base) ||
           ignore_excludes_below(config->include, str_from(path, config->base.size));
}

bool discover_wants(const Discovery *found, const ScanRoot *root, Str path)
{
    bool below = str_starts(path, root->prefix);
    Str rest = below ? str_from(path, root->prefix.size) : path;

    return is_included(found, path) && (!found->only || ignore_excludes_below(found->only, rest)) &&
           (!found->skip || !ignore_excludes_below(found->skip, rest));
}

bool discover_chooses(const Discovery *found)
{
    return found->only || found->skip || found->config.include;
}

static bool is_wanted(const Discovery *found, Str path)
{
    return discover_wants(found, &found->roots[found->root], path);
}

void discover_ignore(Discovery *found, const ScanRoot *root, Str path, const char *reason)
{
    Ignored *grown =
        arena_grow(found->arena, found->ignored, found->ignored_count, &found->ignored_capacity,
                   (size_t)found->ignored_count + 1, sizeof *grown);

    found->files_ignored++;
    if (!grown)
        return;
    found->ignored = grown;
    path = str_copy(found->arena, discover_shown(root, path, found->arena));
    grown[found->ignored_count++] = (Ignored){path, str_of(reason)};
}

static uint64_t size_of(const ScanRoot *root, Str path)
{
    struct stat info;

    return fstatat(root->dir, path.data, &info, AT_SYMLINK_NOFOLLOW) == 0 ? (uint64_t)info.st_size
                                                                          : 0;
}

/* --- directories --- */

/* Version control's own files, and what Terraform has downloaded. */
static bool is_skipped(Str name)
{
    return str_eq(name, STR(".git")) || str_eq(name, STR(".hg")) || str_eq(name, STR(".svn")) ||
           str_eq(name, STR(".terraform")) || str_eq(name, STR(".terragrunt-cache"));
}

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
    grown[frame->count++] = (Name){str_copy(found->memory, text), kind == FOLDER_DIRECTORY};
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

static bool list_folder(Discovery *found, Str path, int *error)
{
    const ScanRoot *root = &found->roots[found->root];

    if (root->tree)
        return root->tree->list(root->tree, path, add_name, found, error);
    return folder_read(root->dir, path.size ? path.data : ".", add_name, found, error);
}

/* Reads the names in the directory at hand. False, reported, if it cannot be read. */
static bool read_names(Discovery *found)
{
    const ScanRoot *root = &found->roots[found->root];
    Frame *frame = found->frame;
    int error;

    if (!list_folder(found, frame->path, &error)) {
        diag_path_error(&found->diags, DIAG_FILE_UNREADABLE,
                        str_copy(found->arena, discover_shown(root, frame->path, found->arena)),
                        "the directory cannot be read: %s", strerror(error));
        return false;
    }
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

static void leave(Discovery *found)
{
    size_t mark = found->frame->mark;

    found->frame = found->frame->above;
    arena_rewind(found->memory, mark);
}

static void read_patches(Discovery *found, Frame *frame)
{
    Str path = path_below(found->memory, frame->path, frame->kustomization);

    if (path.data)
        frame->patches = kustomization_patches(&found->roots[found->root], path, found->memory);
}

/* Makes a directory the one at hand. `mark` is what its end goes back to. */
static void enter(Discovery *found, Str path, const IgnoreLevel *level, bool templates, size_t mark)
{
    Frame *frame = ARENA_NEW(found->memory, Frame);

    if (!frame)
        return;
    frame->above = found->frame;
    frame->mark = mark;
    frame->path = path;
    frame->level = level;
    frame->templates = templates;
    found->frame = frame;
    if (!read_names(found)) {
        leave(found);
        return;
    }
    frame->level = level_of(found, frame);
    if (frame->kustomization.size)
        read_patches(found, frame);
}

/* --- files --- */

/* Whether what a frame names is not left out by an ignore file or a pattern of the user. */
static bool is_member(Discovery *found, const Frame *frame, const Name *name, Str path)
{
    NameKind kind = detect_name(name->text);

    return !name->is_directory && (kind == NAME_TERRAFORM || kind == NAME_TFVARS) &&
           !ignore_excludes(frame->level, path, false) && is_wanted(found, path);
}

static bool is_value_file(Str path)
{
    return detect_name(path) == NAME_TFVARS;
}

/* Files of values after all others, terraform.tfvars as the first of those, as Terraform takes
 * them. */
static int member_rank(Str path)
{
    return !is_value_file(path)                       ? 0
           : str_ends(path, STR(".auto.tfvars"))      ? 3
           : str_ends(path, STR(".auto.tfvars.json")) ? 3
           : str_ends(path, STR(".json"))             ? 2
                                                      : 1;
}

static int compare_members(const void *a, const void *b)
{
    const Str *x = a, *y = b;
    int order = member_rank(*x) - member_rank(*y);

    return order ? order : str_cmp(*x, *y);
}

/* The Terraform files of the directory at hand are one module. */
static bool give_module(Discovery *found, Arena *arena, FoundFile *file)
{
    Frame *frame = found->frame;
    Str *members = ARENA_ARRAY(arena, Str, frame->count);

    frame->module = true;
    for (uint32_t i = 0; members && i < frame->count; i++) {
        Str path = path_below(arena, frame->path, frame->names[i].text);
        if (!path.data || !is_member(found, frame, &frame->names[i], path))
            continue;
        members[file->member_count++] = path;
        file->value_count += is_value_file(path);
    }
    if (!file->member_count)
        return false;
    qsort(members, file->member_count, sizeof *members, compare_members);
    file->members = members;
    file->path = members[0];
    return true;
}

/* hadolint's configuration in `folder` or a directory above it; empty where there is none. */
static Str find_hadolint(Discovery *found, Str folder)
{
    static const Str names[] = {STR_INIT(".hadolint.yaml"), STR_INIT(".hadolint.yml")};
    const ScanRoot *root = &found->roots[found->root];

    for (;;) {
        for (size_t i = 0; i < 2; i++) {
            Str path = path_below(found->arena, folder, names[i]);
            if (path.data && boundary_find(root, path))
                return path;
        }
        if (!folder.size)
            return (Str){"", 0};
        folder = path_folder(folder);
    }
}

/* The nearest one to the directory at hand, by the names that were read. */
static Str nearest_hadolint(Discovery *found, Arena *arena)
{
    Str folder = found->roots[found->root].prefix;

    for (const Frame *frame = found->frame; frame; frame = frame->above)
        if (frame->hadolint.size)
            return path_below(arena, frame->path, frame->hadolint);
    if (!found->above_sought) {
        found->above_sought = true;
        folder.size -= folder.size > 0;
        found->hadolint_above =
            folder.size ? find_hadolint(found, path_folder(folder)) : (Str){"", 0};
    }
    return found->hadolint_above;
}

/* Whether a kustomization on the way to the file takes it for a patch. */
static bool is_patch(const Discovery *found, Str path)
{
    for (const Frame *frame = found->frame; frame; frame = frame->above)
        if (path_list_has(&frame->patches, path))
            return true;
    return false;
}

/* Whether a kustomization in `folder` takes the file for a patch. */
static bool is_patch_of(const ScanRoot *root, Str folder, Str path, Arena *arena)
{
    static const Str names[] = {STR_INIT("kustomization.yaml"), STR_INIT("kustomization.yml"),
                                STR_INIT("Kustomization")};

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        Str place = path_below(arena, folder, names[i]);
        PathList patches = {0};
        if (place.data && boundary_find(root, place))
            patches = kustomization_patches(root, place, arena);
        if (path_list_has(&patches, path))
            return true;
    }
    return false;
}

/* is_patch() for a file that the user named. */
static bool is_given_patch(const ScanRoot *root, Str path, Arena *arena)
{
    size_t mark = arena_mark(arena);
    Str folder = path;
    bool found = false;

    while (!found && folder.size) {
        folder = path_folder(folder);
        found = is_patch_of(root, folder, path, arena);
    }
    arena_rewind(arena, mark);
    return found;
}

/* A file that no ignore file excludes. Whether it is one for the scan. */
static bool give_file(Discovery *found, Str path, bool templates, Arena *arena, FoundFile *file)
{
    const ScanRoot *root = &found->roots[found->root];
    NameKind name = detect_name(path);
    const char *reason = detect_reason(name);

    found->files_seen++;
    if (name == NAME_OTHER || name == NAME_TFVARS || !is_wanted(found, path))
        return false;
    if (templates && (name == NAME_YAML || name == NAME_JSON))
        reason = "template of a Helm chart; scan what it renders: helm template . | plumb scan -";
    if (!reason && (name == NAME_YAML || name == NAME_JSON) && is_patch(found, path))
        reason = patch_reason;
    if (reason) {
        discover_ignore(found, root, path, reason);
        return false;
    }
    *file = (FoundFile){.root = found->root, .name = name};
    if (name == NAME_TERRAFORM)
        return !found->frame->module && give_module(found, arena, file);
    file->path = str_copy(arena, path);
    if (name == NAME_JSON && file->path.data && !root->tree)
        file->size = size_of(root, file->path);
    if (name == NAME_DOCKERFILE || name == NAME_ANY)
        file->hadolint = nearest_hadolint(found, arena);
    return file->path.data != NULL;
}

/* Whether the user named this path too: it is met there. */
static bool is_other_root(const Discovery *found, Str path, bool is_directory)
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

/* Whether a directory is a repository of its own, which git knows by its commit alone. */
static bool is_module(const Discovery *found, Str path)
{
    for (uint32_t i = 0; i < found->options->module_count; i++)
        if (str_eq(found->options->modules[i], path))
            return true;
    return false;
}

/* Meets the next name of the directory at hand. Whether it is a file for the scan. */
static bool meet_name(Discovery *found, Arena *arena, FoundFile *file)
{
    Frame *frame = found->frame;
    const Name *name = &frame->names[frame->at++];
    size_t mark = arena_mark(found->memory);
    Str path = path_below(found->memory, frame->path, name->text);
    bool templates = frame->templates || (frame->chart && str_eq(name->text, STR("templates")));
    bool given = false;

    if (path.data && !(name->is_directory && is_skipped(name->text)) &&
        !(found->root_count > 1 && is_other_root(found, path, name->is_directory))) {
        if (ignore_excludes(frame->level, path, name->is_directory)) {
            found->files_ignored++;
        } else if (name->is_directory && is_module(found, path)) {
            discover_ignore(found, &found->roots[found->root], path,
                            "submodule; scan it where it is a repository");
        } else if (name->is_directory) {
            enter(found, path, frame->level, templates, mark);
            return false;
        } else {
            given = give_file(found, path, templates, arena, file);
        }
    }
    arena_rewind(found->memory, mark);
    return given;
}

/* --- roots --- */

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

/* Whether a directory lies below `templates/` of a chart, for a scan that begins there. */
static bool is_in_templates(const ScanRoot *root, Str folder, Arena *arena)
{
    while (folder.size) {
        Str above = path_folder(folder);
        Str name = str_from(folder, above.size + (above.size > 0));
        Str chart = path_below(arena, above, STR("Chart.yaml"));
        if (str_eq(name, STR("templates")) && chart.data && boundary_find(root, chart))
            return true;
        folder = above;
    }
    return false;
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

static void enter_root(Discovery *found)
{
    const ScanRoot *root = &found->roots[found->root];
    size_t mark = arena_mark(found->memory);
    Str folder = root->prefix;

    folder.size -= folder.size > 0;
    folder = str_copy(found->memory, folder);
    enter(found, folder, level_of_config(found, levels_above(found, folder)),
          is_in_templates(root, folder, found->memory), mark);
}

/* A file that the user named is read whatever the ignore files say. */
static bool give_root(Discovery *found, Arena *arena, FoundFile *file)
{
    const ScanRoot *root = &found->roots[found->root];
    Str path = str_join(arena, root->prefix, root->file);
    NameKind name = root->dir < 0 ? NAME_ANY : detect_name(path);
    const char *reason = detect_reason(name);

    found->files_seen++;
    if (!path.data)
        return false;
    if ((name == NAME_YAML || name == NAME_JSON) &&
        is_in_templates(root, path_folder(path), found->memory))
        reason = "template of a Helm chart; scan what it renders";
    if (!reason && (name == NAME_YAML || name == NAME_JSON) && root->dir >= 0 &&
        is_given_patch(root, path, found->memory))
        reason = patch_reason;
    if (reason) {
        discover_ignore(found, root, path, reason);
        return false;
    }
    *file = (FoundFile){.path = path, .root = found->root, .name = name, .given = true};
    if (name == NAME_OTHER || name == NAME_TFVARS)
        file->name = NAME_ANY;
    if (root->dir >= 0 && (name == NAME_DOCKERFILE || name == NAME_ANY || name == NAME_OTHER))
        file->hadolint = find_hadolint(found, path_folder(path));
    if (name == NAME_TERRAFORM) {
        Str *members = ARENA_ARRAY(arena, Str, 1);
        if (!members)
            return false;
        members[0] = path;
        file->members = members;
        file->member_count = 1;
    }
    return true;
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

/* --- all of it --- */

static const IgnoreLevel *pattern_level(const Str *patterns, uint32_t count, Arena *arena)
{
    IgnoreLevel *level = count ? ignore_level_new(NULL, STR(""), arena) : NULL;

    for (uint32_t i = 0; level && i < count; i++)
        ignore_read(level, patterns[i], arena);
    return level;
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

static bool is_repeated(const Discovery *found, const ScanRoot *root)
{
    for (const ScanRoot *other = found->roots; other < root; other++)
        if (root->dir >= 0 && other->dir >= 0 && str_eq(other->boundary, root->boundary) &&
            str_eq(other->prefix, root->prefix) && other->is_file == root->is_file &&
            (!root->is_file || str_eq(other->file, root->file)))
            return true;
    return false;
}

bool discover_open(const Str *arguments, uint32_t count, const DiscoverOptions *options,
                   Arena *arena, Discovery *found)
{
    *found = (Discovery){.arena = arena, .diags = diags_new(arena), .options = options};
    if (!find_roots(found, arguments, count, options->boundary))
        return false;
    for (uint32_t i = 0; i < count; i++) {
        ScanRoot *root = &found->roots[i];
        root->skipped |= is_repeated(found, root);
        if (options->text.data && str_eq(root->argument, STR("-"))) {
            root->text = options->text;
            root->file = options->text_name;
        }
    }
    found->memory = arena_new(LIMIT_UNIT_BYTES);
    found->only = pattern_level(options->paths, options->path_count, arena);
    found->config = options->config;
    found->skip = pattern_level(options->skip_paths, options->skip_path_count, arena);
    return found->memory != NULL;
}

bool discover_open_directory(Str directory, const DiscoverOptions *options, Arena *arena,
                             Discovery *found)
{
    ScanRoot *root;

    *found = (Discovery){.arena = arena, .diags = diags_new(arena), .options = options};
    if (!find_roots(found, &directory, 1, options->boundary))
        return false;
    root = found->roots;
    if (root->is_file) {
        diag_path_error(&found->diags, DIAG_FILE_UNREADABLE, STR(""), "`%.*s` is no directory",
                        STR_ARG(directory));
        return false;
    }
    if (root->argument.size)
        root->shown = str_join(arena, root->argument, STR("/"));
    return true;
}

bool discover_next(Discovery *found, Arena *arena, FoundFile *file)
{
    while (found->root < found->root_count) {
        const ScanRoot *root = &found->roots[found->root];
        if (found->frame) {
            if (found->frame->at == found->frame->count)
                leave(found);
            else if (meet_name(found, arena, file))
                return true;
            continue;
        }
        if (found->entered || root->skipped) {
            found->root++;
            found->entered = false;
            found->above_sought = false;
            continue;
        }
        found->entered = true;
        if (!root->is_file)
            enter_root(found);
        else if (give_root(found, arena, file))
            return true;
    }
    return false;
}

void discover_close(Discovery *found)
{
    for (uint32_t i = 0; i < found->root_count; i++)
        if (found->roots[i].dir >= 0)
            close(found->roots[i].dir);
    arena_free(found->memory);
    *found = (Discovery){.arena = found->arena};
}
