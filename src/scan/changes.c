#include "scan/changes.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/limits.h"
#include "base/sorted.h"
#include "scan/detect.h"
#include "scan/folder.h"

typedef struct Comparison {
    const GitDisk *disk; /* NULL: the index itself is the new side */
    const GitRepository *repository;
    Arena *arena;   /* of the result */
    Arena *scratch; /* of one file */
    Str *paths;
    uint32_t count;
    uint32_t capacity;
    bool everything;
} Comparison;

static Str name_of(Str path)
{
    return str_from(path, (uint32_t)(str_find_last_char(path, '/') + 1));
}

/* Files that decide about others: the first two about all, two about Dockerfiles, the last about
 * templates; of that it only matters whether it is there. */
static const Str deciding[] = {STR_INIT(".gitignore"), STR_INIT(".plumbignore"),
                               STR_INIT(".hadolint.yaml"), STR_INIT(".hadolint.yml"),
                               STR_INIT("Chart.yaml")};

#define IGNORING 2u
#define DECIDING (sizeof deciding / sizeof *deciding)

static bool concerns_others(Str path, bool is_in_both)
{
    Str name = name_of(path);

    for (size_t i = 0; i < (is_in_both ? DECIDING - 1 : DECIDING); i++)
        if (str_eq(name, deciding[i]))
            return true;
    /* Rules ask whether it is there (`beside` of docs/cel.md). */
    return !is_in_both && str_ends(name, STR(".dockerignore"));
}

static void add(Comparison *comparison, Str path, bool is_in_both)
{
    Str *grown = arena_grow(comparison->arena, comparison->paths, comparison->count,
                            &comparison->capacity, comparison->count + 1u, sizeof *grown);

    comparison->everything |= concerns_others(path, is_in_both);
    if (!grown)
        return;
    comparison->paths = grown;
    grown[comparison->count++] = path;
}

/* Whether the file on disk has the bytes that the index holds, by its status or, where that says
 * nothing, by its content. */
static bool same_on_disk(Comparison *comparison, const GitEntry *entry)
{
    const GitDisk *disk = comparison->disk;
    Str text;
    GitId id;
    int error;

    if (git_disk_same(disk, entry))
        return true;
    if (entry->kind != GIT_FILE)
        return entry->kind == GIT_MODULE;
    arena_rewind(comparison->scratch, 0);
    if (!file_read(disk->dir, entry->path.data, LIMIT_SOURCE_BYTES, comparison->scratch, &text,
                   &error))
        return false;
    id = repository_blob_id(comparison->repository, text);
    return git_id_eq(&id, &entry->id);
}

static bool is_same(Comparison *comparison, const GitEntry *before, const GitEntry *now)
{
    if (before->kind != now->kind || !git_id_eq(&before->id, &now->id))
        return false;
    return !comparison->disk || same_on_disk(comparison, now);
}

static void compare(Comparison *comparison, const GitTree *before, const GitTree *now)
{
    uint32_t i = 0, j = 0;

    while (i < before->count || j < now->count) {
        int order = i == before->count ? 1
                    : j == now->count  ? -1
                                       : str_cmp(before->entries[i].path, now->entries[j].path);
        if (order < 0)
            add(comparison, before->entries[i].path, false);
        else if (order > 0)
            add(comparison, now->entries[j].path, false);
        else if (!is_same(comparison, &before->entries[i], &now->entries[j]))
            add(comparison, now->entries[j].path, true);
        i += order <= 0;
        j += order >= 0;
    }
}

/* Whether there is one of them in a directory (empty, or with its slash) that git does not know. */
static bool is_untracked(Comparison *comparison, const GitTree *now, Str folder, Str name)
{
    Str path = str_format(comparison->scratch, "%.*s%.*s", STR_ARG(folder), STR_ARG(name));
    struct stat info;

    return path.data && fstatat(comparison->disk->dir, path.data, &info, 0) == 0 &&
           !git_tree_find(now, path);
}

/* A directory that holds files of git's. */
static void look_into(Comparison *comparison, const GitTree *now, Str folder)
{
    Str name = folder.size ? name_of(str_sub(folder, 0, folder.size - 1)) : folder;
    Str above = str_sub(folder, 0, folder.size - name.size - (folder.size > 0));

    arena_rewind(comparison->scratch, 0);
    for (size_t i = 0; i < IGNORING; i++)
        comparison->everything |= is_untracked(comparison, now, folder, deciding[i]);
    if (str_eq(name, STR("templates")))
        comparison->everything |= is_untracked(comparison, now, above, deciding[DECIDING - 1]);
}

static void look_for_hadolint(Comparison *comparison, const GitTree *now, Str folder)
{
    for (size_t i = IGNORING; i < DECIDING - 1; i++)
        comparison->everything |= is_untracked(comparison, now, folder, deciding[i]);
}

static bool is_judged_with_others(Str path)
{
    NameKind kind = detect_name(path);

    return detect_goes_together(kind, kind);
}

/* A directory, with its slash, in which manifests are looked for that git does not know. */
typedef struct Listing {
    Comparison *comparison;
    const GitTree *now;
    Str folder;
} Listing;

static void add_untracked(void *context, Str name, FolderKind kind)
{
    const Listing *listing = context;
    Comparison *comparison = listing->comparison;
    Str path = kind == FOLDER_FILE ? str_join(comparison->scratch, listing->folder, name) : STR("");

    if (path.size && is_judged_with_others(path) && !git_tree_find(listing->now, path))
        add(comparison, str_copy(comparison->arena, path), false);
}

/* Manifests are judged with those beside them, which are touched by what is new there. */
static void look_for_manifests(Comparison *comparison, const GitTree *now, Str folder)
{
    Listing listing = {comparison, now, folder};
    const char *path;
    int error;

    arena_rewind(comparison->scratch, 0);
    path = str_copy_z(comparison->scratch, folder.size ? folder : STR("."));
    if (path)
        folder_read(comparison->disk->dir, path, add_untracked, &listing, &error);
}

/* Directories that were listed, each in the one before it. */
typedef struct Listed {
    Str *folders;
    uint32_t count;
    uint32_t capacity;
} Listed;

/* Whether a directory was not listed yet, which it is from now on. Paths come in their order: of
 * what is no longer on the way to one nothing more will come. */
static bool is_next(Listed *listed, Str folder, Arena *arena)
{
    Str *grown;

    while (listed->count && !str_starts(folder, listed->folders[listed->count - 1]))
        listed->count--;
    if (listed->count && str_eq(folder, listed->folders[listed->count - 1]))
        return false;
    grown = arena_grow(arena, listed->folders, listed->count, &listed->capacity, listed->count + 1u,
                       sizeof *grown);
    if (!grown)
        return true;
    listed->folders = grown;
    grown[listed->count++] = folder;
    return true;
}

/* hadolint's configuration is looked for where it mostly is: beside a Dockerfile, and at the top.
 */
static void look_for_untracked(Comparison *comparison, const GitTree *now)
{
    Listed listed = {0};
    Str last = {0};

    look_into(comparison, now, STR(""));
    look_for_hadolint(comparison, now, STR(""));
    for (uint32_t i = 0; i < now->count && !comparison->everything; i++) {
        Str path = now->entries[i].path;
        Str folder = str_sub(path, 0, (uint32_t)(str_find_last_char(path, '/') + 1));
        if (detect_name(path) == NAME_DOCKERFILE)
            look_for_hadolint(comparison, now, folder);
        if (is_judged_with_others(path) && is_next(&listed, folder, comparison->arena))
            look_for_manifests(comparison, now, folder);
        if (folder.size && (!last.data || !str_eq(folder, last)))
            look_into(comparison, now, folder);
        last = folder;
    }
}

static int compare_paths(const void *a, const void *b)
{
    return str_cmp(*(const Str *)a, *(const Str *)b);
}

static int compare_ids(const void *a, const void *b)
{
    const GitId *x = a, *y = b;

    return memcmp(x->bytes, y->bytes, sizeof x->bytes);
}

/* Which of the paths are new names of what stands in `before` under a path that is gone. */
static bool *find_renamed(const Comparison *comparison, const GitTree *before, const GitTree *now)
{
    bool *renamed = ARENA_ARRAY(comparison->arena, bool, comparison->count);
    GitId *gone = ARENA_ARRAY(comparison->scratch, GitId, comparison->count);
    uint32_t count = 0;

    if (!renamed || !gone)
        return NULL;
    for (uint32_t i = 0; i < comparison->count; i++) {
        const GitEntry *entry = git_tree_find(before, comparison->paths[i]);
        if (entry && !git_tree_find(now, comparison->paths[i]))
            gone[count++] = entry->id;
    }
    if (count)
        qsort(gone, count, sizeof *gone, compare_ids);
    for (uint32_t i = 0; count && i < comparison->count; i++) {
        const GitEntry *entry = git_tree_find(now, comparison->paths[i]);
        renamed[i] = entry && !git_tree_find(before, comparison->paths[i]) &&
                     bsearch(&entry->id, gone, count, sizeof *gone, compare_ids);
    }
    return renamed;
}

/* Whether manifests are made of a file: themselves, kustomizations, charts with their values and
 * helpers. */
static bool is_of_manifests(Str path)
{
    NameKind kind = detect_name(path);

    return detect_may_be_manifest(kind) || kind == NAME_KUSTOMIZATION || kind == NAME_CHART ||
           str_ends(path, STR("values.yaml")) || str_ends(path, STR(".tpl"));
}

static bool any_of_manifests(const Str *paths, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        if (is_of_manifests(paths[i]))
            return true;
    return false;
}

bool changes_find(const GitTree *before, const GitTree *now, const GitDisk *disk,
                  const GitRepository *repository, Arena *arena, Changes *changes)
{
    Comparison comparison = {.disk = disk,
                             .repository = repository,
                             .arena = arena,
                             .scratch = arena_new(LIMIT_UNIT_BYTES)};
    const bool *renamed;

    if (!comparison.scratch)
        return false;
    compare(&comparison, before, now);
    if (disk)
        look_for_untracked(&comparison, now);
    if (disk && comparison.count)
        qsort(comparison.paths, comparison.count, sizeof *comparison.paths, compare_paths);
    renamed = find_renamed(&comparison, before, now);
    arena_free(comparison.scratch);
    *changes = (Changes){.tracked = now,
                         .paths = comparison.paths,
                         .renamed = renamed,
                         .count = comparison.count,
                         .manifests = any_of_manifests(comparison.paths, comparison.count),
                         .everything = comparison.everything};
    return renamed && !arena_spent(arena);
}

/* --- asking --- */

static bool is_path_before(const void *item, const void *key)
{
    return str_cmp(*(const Str *)item, *(const Str *)key) < 0;
}

static uint32_t lower(const Changes *changes, Str path)
{
    return sorted_before(changes->paths, changes->count, sizeof path, is_path_before, &path);
}

bool changes_list(const Changes *changes, Str path)
{
    uint32_t at = lower(changes, path);

    return at < changes->count && str_eq(changes->paths[at], path);
}

bool changes_has(const Changes *changes, Str path)
{
    return changes_list(changes, path) || !git_tree_find(changes->tracked, path);
}

bool changes_renamed(const Changes *changes, Str path)
{
    return changes_list(changes, path) && changes->renamed[lower(changes, path)];
}

static bool is_terraform(Str path)
{
    NameKind kind = detect_name(path);

    return kind == NAME_TERRAFORM || kind == NAME_TFVARS;
}

/* The changes below a directory, one after the other: `*at` is 0 in the beginning, and `*rest` the
 * path from there. */
static bool next_below(const Changes *changes, Str dir, uint32_t *at, Str *rest)
{
    bool is_top = str_eq(dir, STR("."));

    if (!*at && !is_top)
        *at = lower(changes, dir);
    for (; *at < changes->count; ++*at) {
        Str path = changes->paths[*at];
        if (!is_top && !str_starts(path, dir))
            return false;
        if (is_top || (path.size > dir.size && path.data[dir.size] == '/')) {
            *rest = is_top ? path : str_from(path, dir.size + 1);
            ++*at;
            return true;
        }
    }
    return false;
}

bool changes_in_folder(const Changes *changes, Str dir)
{
    uint32_t at = 0;
    Str rest;

    return next_below(changes, dir, &at, &rest);
}

bool changes_beside(const Changes *changes, Str path)
{
    NameKind kind = detect_name(path);
    int64_t slash = str_find_last_char(path, '/');
    Str dir = slash < 0 ? STR(".") : str_sub(path, 0, (uint32_t)slash), rest;
    uint32_t at = 0;

    while (next_below(changes, dir, &at, &rest))
        if (str_find_char(rest, '/') < 0 &&
            detect_goes_together(kind, detect_name(changes->paths[at - 1])))
            return true;
    return false;
}

bool changes_in_module(const Changes *changes, Str dir)
{
    uint32_t at = 0;
    Str rest;

    while (next_below(changes, dir, &at, &rest))
        if (str_find_char(rest, '/') < 0 || !is_terraform(rest))
            return true;
    return false;
}

bool changes_in_terraform(const Changes *changes)
{
    for (uint32_t i = 0; i < changes->count; i++)
        if (is_terraform(changes->paths[i]))
            return true;
    return false;
}

bool changes_in_data(const Changes *changes)
{
    for (uint32_t i = 0; i < changes->count; i++)
        if (!is_terraform(changes->paths[i]))
            return true;
    return false;
}

bool changes_in_kustomizations(const Changes *changes)
{
    for (uint32_t i = 0; i < changes->count; i++)
        if (detect_name(changes->paths[i]) == NAME_KUSTOMIZATION)
            return true;
    return false;
}

bool changes_in_kustomization_above(const Changes *changes, Str path)
{
    for (uint32_t i = 0; i < changes->count; i++) {
        Str other = changes->paths[i];
        Str folder = str_sub(other, 0, (uint32_t)(str_find_last_char(other, '/') + 1));
        if (str_starts(path, folder) && detect_name(other) == NAME_KUSTOMIZATION)
            return true;
    }
    return false;
}
