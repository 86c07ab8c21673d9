#include "scan/sides.h"

#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <unistd.h>

#include "scan/boundary.h"

/* --- the repository --- */

static Str absolute(Str path, Arena *arena)
{
    char resolved[PATH_MAX];
    const char *name = str_copy_z(arena, path.size ? path : STR("."));

    return name && realpath(name, resolved) ? str_copy(arena, str_of(resolved)) : STR("");
}

/* The nearest directory upwards that is there: what is named may be in git alone. */
static Str nearest_directory(Str path, Arena *arena)
{
    for (;;) {
        Str directory = absolute(path, arena);
        int64_t slash = str_find_last_char(path, '/');
        if (directory.size || !path.size || slash == 0)
            return directory;
        path = str_sub(path, 0, slash < 0 ? 0 : (uint32_t)slash);
    }
}

/* A bare repository has no `.git` in it. */
static bool report_outside(const SidesOptions *options, Str start, DiagSink *diags)
{
    Str bare = str_format(diags->arena, "%.*s/objects", STR_ARG(start));

    if (bare.data && access(bare.data, F_OK) == 0)
        diag_path_error(diags, DIAG_GIT, STR(""),
                        "%.*s is a bare repository: it has no work tree and no index",
                        STR_ARG(start));
    else
        diag_path_error(diags, DIAG_GIT, STR(""), "%s needs a git repository, and %.*s is in none",
                        options->staged ? "--staged" : "--since", STR_ARG(start));
    return false;
}

static bool open_repository(const SidesOptions *options, Arena *arena, DiagSink *diags,
                            Sides *sides, Str *root)
{
    Str start = nearest_directory(options->first, arena);

    *root = discover_repository(start);
    if (!root->size)
        return report_outside(options, start, diags);
    sides->boundary = options->root.size ? absolute(options->root, arena) : *root;
    if (!str_eq(sides->boundary, *root) &&
        !str_starts(sides->boundary, str_join(arena, *root, STR("/")))) {
        diag_path_error(diags, DIAG_GIT, STR(""), "--root must lie in the repository %.*s",
                        STR_ARG(*root));
        return false;
    }
    sides->repository = repository_open(*root, arena, diags);
    return sides->repository != NULL;
}

/* --- which commit --- */

/* Without a common ancestor, as in a clone without history, what was named itself. */
static bool find_base(const SidesOptions *options, Sides *sides, DiagSink *diags, GitId *commit)
{
    GitId named, head;

    if (!repository_find_commit(sides->repository, options->since, diags, &named))
        return false;
    *commit = named;
    if (!repository_head(sides->repository, &head) ||
        repository_common_commit(sides->repository, &named, &head, commit))
        return true;
    *commit = named;
    diag_warning(diags, DIAG_GIT, SPAN_NONE,
                 "no common ancestor of HEAD and `%.*s` is in this %s: compared with the latter",
                 STR_ARG(options->since),
                 repository_is_shallow(sides->repository) ? "shallow clone" : "repository");
    return true;
}

/* The older tree: empty where HEAD has no commit yet. */
static bool read_before(const SidesOptions *options, Sides *sides, Arena *arena, DiagSink *diags)
{
    GitId commit;

    if (options->since.size ? !find_base(options, sides, diags, &commit)
                            : !repository_head(sides->repository, &commit))
        return !options->since.size;
    sides->commit = git_id_text(&commit, arena);
    return repository_read_commit(sides->repository, &commit, arena, diags, &sides->before);
}

/* --- trees --- */

/* Only the part of the repository that is inside the boundary. */
static bool cut(GitTree *tree, Str root, Str boundary, Arena *arena)
{
    GitTree below;

    if (str_eq(root, boundary))
        return true;
    if (!git_tree_below(tree, str_from(boundary, root.size + 1), arena, &below))
        return false;
    *tree = below;
    return true;
}

/* Files that are left out of the work tree on purpose were not deleted. */
static void leave_sparse(Sides *sides)
{
    GitTree *before = &sides->before;
    uint32_t left = 0;

    for (uint32_t i = 0; i < before->count; i++) {
        const GitEntry *entry = git_tree_find(&sides->index, before->entries[i].path);
        if (!entry || !entry->is_sparse)
            before->entries[left++] = before->entries[i];
    }
    before->count = left;
    left = 0;
    for (uint32_t i = 0; i < sides->index.count; i++)
        if (!sides->index.entries[i].is_sparse)
            sides->index.entries[left++] = sides->index.entries[i];
    sides->index.count = left;
}

static bool list_modules(Sides *sides, Arena *arena)
{
    uint32_t count = 0;

    for (uint32_t i = 0; i < sides->index.count; i++)
        count += sides->index.entries[i].kind == GIT_MODULE;
    sides->modules = ARENA_ARRAY(arena, Str, count);
    for (uint32_t i = 0; sides->modules && i < sides->index.count; i++)
        if (sides->index.entries[i].kind == GIT_MODULE)
            sides->modules[sides->module_count++] = sides->index.entries[i].path;
    return count == sides->module_count;
}

static bool read_sides(const SidesOptions *options, Arena *arena, DiagSink *diags, Sides *sides)
{
    const char *boundary;
    Str root;

    if (!open_repository(options, arena, diags, sides, &root) ||
        !repository_read_index(sides->repository, arena, diags, &sides->index) ||
        !read_before(options, sides, arena, diags) ||
        !cut(&sides->index, root, sides->boundary, arena) ||
        !cut(&sides->before, root, sides->boundary, arena) || !list_modules(sides, arena))
        return false;
    boundary = str_copy_z(arena, sides->boundary);
    sides->disk.index = &sides->index;
    sides->disk.boundary = sides->boundary;
    sides->disk.dir = boundary ? open(boundary, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
    if (!sides->staged)
        leave_sparse(sides);
    return sides->disk.dir >= 0;
}

bool sides_open(const SidesOptions *options, Arena *arena, ProblemList *problems, Sides *sides)
{
    DiagSink diags = diags_new(arena);
    bool good;

    *sides = (Sides){.staged = options->staged,
                     .since = options->since.size > 0,
                     .ref = options->since,
                     .disk = {.dir = -1}};
    good = read_sides(options, arena, &diags, sides) &&
           changes_find(&sides->before, &sides->index, sides->staged ? NULL : &sides->disk,
                        sides->repository, arena, &sides->changes);
    sides->index_files = git_files(sides->repository, &sides->index, &sides->disk, "git's index");
    sides->before_files =
        git_files(sides->repository, &sides->before, &sides->disk, "the older tree");
    sides->before_files.tree.may_lack = true;
    problem_add_diags(problems, &diags, NULL);
    if (!good && !diags.errors)
        problem_error(problems, DIAG_GIT, STR(""), STR("git's trees cannot be read"), STR(""));
    return good;
}

void sides_close(Sides *sides)
{
    if (sides->repository && sides->disk.dir >= 0)
        close(sides->disk.dir);
    repository_close(sides->repository);
    sides->repository = NULL;
}

bool sides_have(const Sides *sides, Str path)
{
    if (sides->staged)
        return git_tree_find(&sides->index, path) != NULL;
    return boundary_has(sides->disk.dir, path);
}
