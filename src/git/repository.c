#include "git/repository.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/limits.h"
#include "base/sorted.h"

#define MODE_TYPE 0170000u
#define MODE_TREE 0040000u
#define MODE_LINK 0120000u
#define MODE_MODULE 0160000u

/* Bits of an index entry (gitformat-index(5)). */
#define FLAG_STAGE 0x3000u
#define FLAG_SKIP_WORKTREE 0x4000u

/* A pointer of Git LFS is smaller than this. */
#define LFS_POINTER_BYTES 1024u

struct GitRepository {
    LibGit2 lib;
    git_repository *handle;
    git_odb *odb;
    pthread_mutex_t lock; /* the library's objects serve one thread at a time */
};

/* --- opening --- */

static bool report(const GitRepository *repository, DiagSink *diags, const char *what)
{
    diag_path_error(diags, DIAG_GIT, STR(""), "%s: %s", what, libgit2_error(&repository->lib));
    return false;
}

static bool open_handle(GitRepository *repository, const char *path, DiagSink *diags)
{
    const LibGit2 *lib = &repository->lib;

    if (lib->git_repository_open(&repository->handle, path) != 0)
        return report(repository, diags, "the git repository cannot be read");
    if (lib->git_repository_is_bare(repository->handle)) {
        diag_path_error(diags, DIAG_GIT, STR(""), "%s is a bare repository: it has no work tree",
                        path);
        return false;
    }
    return lib->git_repository_odb(&repository->odb, repository->handle) == 0 ||
           report(repository, diags, "git's objects cannot be read");
}

GitRepository *repository_open(Str root, Arena *arena, DiagSink *diags)
{
    GitRepository *repository = ARENA_NEW(arena, GitRepository);
    const char *path = str_copy_z(arena, root);

    if (!repository || !path)
        return NULL;
    pthread_mutex_init(&repository->lock, NULL);
    if (libgit2_open(&repository->lib, diags) && open_handle(repository, path, diags))
        return repository;
    repository_close(repository);
    return NULL;
}

void repository_close(GitRepository *repository)
{
    if (!repository)
        return;
    if (repository->odb)
        repository->lib.git_odb_free(repository->odb);
    if (repository->handle)
        repository->lib.git_repository_free(repository->handle);
    libgit2_close(&repository->lib);
    pthread_mutex_destroy(&repository->lock);
}

/* --- commits --- */

static bool report_name(const GitRepository *repository, int error, Str name, DiagSink *diags)
{
    const LibGit2 *lib = &repository->lib;
    Diag *diag;

    if (error == GIT_LIB_AMBIGUOUS)
        diag = diag_path_error(diags, DIAG_GIT, STR(""), "`%.*s` is ambiguous: %s", STR_ARG(name),
                               libgit2_error(lib));
    else
        diag =
            diag_path_error(diags, DIAG_GIT, STR(""), "git knows no commit `%.*s`", STR_ARG(name));
    if (lib->git_repository_is_shallow(repository->handle))
        diag_help(diags, diag,
                  "this clone has no history; fetch it: `git fetch --unshallow`, or "
                  "`fetch-depth: 0` of actions/checkout");
    return false;
}

bool repository_find_commit(GitRepository *repository, Str name, DiagSink *diags, GitId *commit)
{
    const LibGit2 *lib = &repository->lib;
    const char *spec = str_copy_z(diags->arena, name);
    git_object *object = NULL, *peeled = NULL;
    int error;

    if (!spec)
        return false;
    error = lib->git_revparse_single(&object, repository->handle, spec);
    if (error == 0)
        error = lib->git_object_peel(&peeled, object, GIT_LIB_COMMIT);
    if (error == 0)
        *commit = *lib->git_object_id(peeled);
    lib->git_object_free(peeled);
    lib->git_object_free(object);
    return error == 0 || report_name(repository, error, name, diags);
}

bool repository_head(GitRepository *repository, GitId *commit)
{
    return repository->lib.git_reference_name_to_id(commit, repository->handle, "HEAD") == 0;
}

bool repository_common_commit(GitRepository *repository, const GitId *one, const GitId *two,
                              GitId *base)
{
    return repository->lib.git_merge_base(base, repository->handle, one, two) == 0;
}

bool repository_is_shallow(const GitRepository *repository)
{
    return repository->lib.git_repository_is_shallow(repository->handle) != 0;
}

/* --- trees --- */

static int compare_entries(const void *a, const void *b)
{
    const GitEntry *x = a, *y = b;

    return str_cmp(x->path, y->path);
}

/* A name that no checkout could have made leads out of the tree. */
static bool is_sane(Str path)
{
    Str part;

    while (str_split(&path, '/', &part))
        if (!part.size || str_eq(part, STR(".")) || str_eq(part, STR("..")))
            return false;
    return true;
}

static GitEntry *add_entry(GitTree *tree, uint32_t *capacity, Arena *arena)
{
    GitEntry *grown =
        arena_grow(arena, tree->entries, tree->count, capacity, tree->count + 1u, sizeof *grown);

    if (!grown)
        return NULL;
    tree->entries = grown;
    grown[tree->count] = (GitEntry){0};
    return &grown[tree->count++];
}

static GitKind kind_of(uint32_t mode)
{
    return (mode & MODE_TYPE) == MODE_LINK     ? GIT_LINK
           : (mode & MODE_TYPE) == MODE_MODULE ? GIT_MODULE
                                               : GIT_FILE;
}

typedef struct TreeWalk {
    GitRepository *repository;
    Arena *arena;
    GitTree *tree;
    uint32_t capacity;
    uint32_t depth;
    uint32_t seen;
} TreeWalk;

static bool walk_tree(TreeWalk *walk, const GitId *id, Str folder);

static bool walk_entry(TreeWalk *walk, const git_tree_entry *entry, Str folder)
{
    const LibGit2 *lib = &walk->repository->lib;
    uint32_t mode = (uint32_t)lib->git_tree_entry_filemode_raw(entry);
    bool is_tree = (mode & MODE_TYPE) == MODE_TREE;
    GitEntry *made;
    Str path;

    if (++walk->seen > LIMIT_GIT_ENTRIES)
        return false;
    path = str_format(walk->arena, "%.*s%s%s", STR_ARG(folder), lib->git_tree_entry_name(entry),
                      is_tree ? "/" : "");
    if (!path.data)
        return false;
    if (is_tree)
        return walk_tree(walk, lib->git_tree_entry_id(entry), path);
    if (!is_sane(path))
        return true;
    made = add_entry(walk->tree, &walk->capacity, walk->arena);
    if (!made)
        return false;
    made->path = path;
    made->id = *lib->git_tree_entry_id(entry);
    made->kind = kind_of(mode);
    return true;
}

/* `folder` is empty or ends with a slash. */
static bool walk_tree(TreeWalk *walk, const GitId *id, Str folder)
{
    const LibGit2 *lib = &walk->repository->lib;
    git_tree *tree = NULL;
    bool good = true;

    if (walk->depth == LIMIT_DEPTH ||
        lib->git_tree_lookup(&tree, walk->repository->handle, id) != 0)
        return false;
    walk->depth++;
    for (size_t i = 0; good && i < lib->git_tree_entrycount(tree); i++)
        good = walk_entry(walk, lib->git_tree_entry_byindex(tree, i), folder);
    walk->depth--;
    lib->git_tree_free(tree);
    return good;
}

static bool tree_of_commit(GitRepository *repository, const GitId *commit, GitId *id)
{
    const LibGit2 *lib = &repository->lib;
    git_object *object = NULL, *tree = NULL;
    bool good = lib->git_object_lookup(&object, repository->handle, commit, GIT_LIB_COMMIT) == 0 &&
                lib->git_object_peel(&tree, object, GIT_LIB_TREE) == 0;

    if (good)
        *id = *lib->git_object_id(tree);
    lib->git_object_free(tree);
    lib->git_object_free(object);
    return good;
}

bool repository_read_commit(GitRepository *repository, const GitId *commit, Arena *arena,
                            DiagSink *diags, GitTree *tree)
{
    TreeWalk walk = {.repository = repository, .arena = arena, .tree = tree};
    GitId id;

    *tree = (GitTree){0};
    if (!tree_of_commit(repository, commit, &id) || !walk_tree(&walk, &id, STR(""))) {
        if (walk.seen <= LIMIT_GIT_ENTRIES)
            return report(repository, diags, "a tree of the commit cannot be read");
        diag_path_error(diags, DIAG_GIT, STR(""), "the tree of the commit has more than %u files",
                        LIMIT_GIT_ENTRIES);
        return false;
    }
    if (tree->count)
        qsort(tree->entries, tree->count, sizeof *tree->entries, compare_entries);
    return true;
}

/* --- the index --- */

#ifdef __APPLE__
#define st_mtim st_mtimespec
#define st_ctim st_ctimespec
#endif

GitIndexTime git_file_mtime(const struct stat *info)
{
    return (GitIndexTime){(int32_t)info->st_mtim.tv_sec, (uint32_t)info->st_mtim.tv_nsec};
}

GitIndexTime git_file_ctime(const struct stat *info)
{
    return (GitIndexTime){(int32_t)info->st_ctim.tv_sec, (uint32_t)info->st_ctim.tv_nsec};
}

static git_index *open_index(GitRepository *repository)
{
    const LibGit2 *lib = &repository->lib;
    const char *named = getenv("GIT_INDEX_FILE");
    git_index *index = NULL;
    int error;

    if (named && *named)
        error = lib->git_index_open(&index, named);
    else
        error = lib->git_repository_index(&index, repository->handle);
    return error == 0 ? index : NULL;
}

static void set_index_time(GitTree *tree, const char *path)
{
    struct stat info;

    if (path && stat(path, &info) == 0)
        tree->mtime = git_file_mtime(&info);
}

static bool take_entry(const GitIndexEntry *from, Arena *arena, uint32_t *capacity, GitTree *tree)
{
    GitEntry *entry;

    if (!is_sane(str_of(from->path)))
        return true;
    entry = add_entry(tree, capacity, arena);
    if (!entry)
        return false;
    entry->path = str_of(str_copy_z(arena, str_of(from->path)));
    entry->id = from->id;
    entry->kind = kind_of(from->mode);
    entry->is_sparse = from->flags_extended & FLAG_SKIP_WORKTREE;
    entry->ctime = from->ctime;
    entry->mtime = from->mtime;
    entry->inode = from->inode;
    entry->size = from->size;
    return entry->path.data != NULL;
}

static bool take_entries(GitRepository *repository, git_index *index, Arena *arena, DiagSink *diags,
                         GitTree *tree)
{
    const LibGit2 *lib = &repository->lib;
    size_t count = lib->git_index_entrycount(index);
    uint32_t capacity = 0;

    for (size_t i = 0; i < count; i++) {
        const GitIndexEntry *entry = lib->git_index_get_byindex(index, i);
        if (entry->flags & FLAG_STAGE) {
            diag_path_error(diags, DIAG_GIT, str_copy(diags->arena, str_of(entry->path)),
                            "has a merge conflict in the index; resolve it and add it");
            return false;
        }
        if (!take_entry(entry, arena, &capacity, tree))
            return false;
    }
    /* libgit2 may sort without regard to case. */
    if (tree->count)
        qsort(tree->entries, tree->count, sizeof *tree->entries, compare_entries);
    return true;
}

bool repository_read_index(GitRepository *repository, Arena *arena, DiagSink *diags, GitTree *tree)
{
    git_index *index = open_index(repository);
    bool good;

    *tree = (GitTree){0};
    if (!index)
        return report(repository, diags, "git's index cannot be read");
    set_index_time(tree, repository->lib.git_index_path(index));
    good = take_entries(repository, index, arena, diags, tree);
    repository->lib.git_index_free(index);
    return good;
}

/* --- blobs --- */

static bool is_hex(Str text)
{
    for (uint32_t i = 0; i < text.size; i++)
        if (!((text.data[i] >= '0' && text.data[i] <= '9') ||
              (text.data[i] >= 'a' && text.data[i] <= 'f')))
            return false;
    return text.size == 64;
}

/* The hash in a pointer that Git LFS commits in place of a file; empty in any other text
 * (https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md). */
static Str lfs_hash(Str text)
{
    Str line;

    if (text.size >= LFS_POINTER_BYTES ||
        !str_starts(text, STR("version https://git-lfs.github.com/spec/")))
        return STR("");
    while (str_split(&text, '\n', &line))
        if (str_starts(line, STR("oid sha256:")) && is_hex(str_from(line, 11)))
            return str_from(line, 11);
    return STR("");
}

/* What Git LFS keeps under that hash in this clone. */
static bool read_lfs(const GitRepository *repository, Str hash, size_t limit, Arena *arena,
                     Str *text, int *error)
{
    const char *folder = repository->lib.git_repository_commondir(repository->handle);
    Str path = str_format(arena, "%slfs/objects/%.2s/%.2s/%.*s", folder, hash.data, hash.data + 2,
                          STR_ARG(hash));

    if (path.data && file_read(AT_FDCWD, path.data, limit, arena, text, error))
        return true;
    if (path.data && *error == ENOENT)
        *error = ENODATA;
    return false;
}

static int read_object(GitRepository *repository, const GitId *id, size_t limit, Arena *arena,
                       Str *text)
{
    const LibGit2 *lib = &repository->lib;
    git_odb_object *object = NULL;
    size_t size = 0;
    int type = 0;
    char *data;

    if (lib->git_odb_read_header(&size, &type, repository->odb, id) != 0 || type != GIT_LIB_BLOB)
        return ENOENT;
    if (size > limit)
        return EFBIG;
    data = arena_raw(arena, size + 1, 1);
    if (!data)
        return ENOMEM;
    if (lib->git_odb_read(&object, repository->odb, id) != 0)
        return EIO;
    memcpy(data, lib->git_odb_object_data(object), size);
    data[size] = '\0';
    lib->git_odb_object_free(object);
    *text = (Str){data, (uint32_t)size};
    return 0;
}

bool repository_read_blob(GitRepository *repository, const GitId *id, size_t limit, Arena *arena,
                          Str *text, int *error)
{
    Str hash;

    pthread_mutex_lock(&repository->lock);
    *error = read_object(repository, id, limit, arena, text);
    pthread_mutex_unlock(&repository->lock);
    if (*error)
        return false;
    hash = lfs_hash(*text);
    return !hash.size || read_lfs(repository, hash, limit, arena, text, error);
}

GitId repository_blob_id(const GitRepository *repository, Str text)
{
    GitId id = {{0}};

    repository->lib.git_odb_hash(&id, text.data, text.size, GIT_LIB_BLOB);
    return id;
}

/* --- looking up --- */

static bool is_entry_before(const void *item, const void *key)
{
    return str_cmp(((const GitEntry *)item)->path, *(const Str *)key) < 0;
}

uint32_t git_tree_lower(const GitTree *tree, Str path)
{
    return sorted_before(tree->entries, tree->count, sizeof *tree->entries, is_entry_before, &path);
}

bool git_tree_below(const GitTree *tree, Str folder, Arena *arena, GitTree *below)
{
    uint32_t from = git_tree_lower(tree, str_join(arena, folder, STR("/")));
    /* '0' follows '/'. */
    uint32_t to = git_tree_lower(tree, str_join(arena, folder, STR("0")));

    *below = (GitTree){.mtime = tree->mtime, .count = to - from};
    below->entries = ARENA_ARRAY(arena, GitEntry, to - from);
    for (uint32_t i = from; below->entries && i < to; i++) {
        below->entries[i - from] = tree->entries[i];
        below->entries[i - from].path = str_from(tree->entries[i].path, folder.size + 1);
    }
    return below->entries || from == to;
}

const GitEntry *git_tree_find(const GitTree *tree, Str path)
{
    uint32_t at = git_tree_lower(tree, path);

    return at < tree->count && str_eq(tree->entries[at].path, path) ? &tree->entries[at] : NULL;
}

bool git_id_eq(const GitId *a, const GitId *b)
{
    return memcmp(a->bytes, b->bytes, sizeof a->bytes) == 0;
}

Str git_id_text(const GitId *id, Arena *arena)
{
    static const char digits[] = "0123456789abcdef";
    char *text = arena_raw(arena, 2 * sizeof id->bytes, 1);

    for (size_t i = 0; text && i < sizeof id->bytes; i++) {
        text[2 * i] = digits[id->bytes[i] >> 4];
        text[2 * i + 1] = digits[id->bytes[i] & 15];
    }
    return (Str){text, text ? (uint32_t)(2 * sizeof id->bytes) : 0};
}

/* --- where it comes from --- */

/* "git@host:path" is "ssh://host/path"; what stands before an @ may be a password. */
static Str tidy_url(Str url, Arena *arena)
{
    int64_t scheme = str_find(url, STR("://"));
    Str rest = scheme < 0 ? url : str_from(url, (uint32_t)scheme + 3);
    int64_t slash = str_find_char(rest, '/');
    Str host = slash < 0 ? rest : str_sub(rest, 0, (uint32_t)slash);
    int64_t at = str_find_last_char(host, '@');
    int64_t colon;

    if (at >= 0)
        rest = str_from(rest, (uint32_t)at + 1);
    /* A place on this machine says nothing elsewhere. */
    if (str_starts(url, STR("file:")))
        return STR("");
    if (scheme >= 0)
        return str_format(arena, "%.*s://%.*s", (int)scheme, url.data, STR_ARG(rest));
    colon = str_find_char(rest, ':');
    slash = str_find_char(rest, '/');
    if (colon <= 0 || (slash >= 0 && slash < colon))
        return STR("");
    return str_format(arena, "ssh://%.*s/%.*s", (int)colon, rest.data,
                      STR_ARG(str_from(rest, (uint32_t)colon + 1)));
}

Str repository_origin(GitRepository *repository, Arena *arena)
{
    const LibGit2 *lib = &repository->lib;
    git_config *config = NULL;
    const char *text = NULL;
    Str url = STR("");

    /* Not by git_remote_lookup(): 1.5 loses 20 kB in it for each setting. */
    if (lib->git_repository_config_snapshot(&config, repository->handle) != 0)
        return url;
    if (lib->git_config_get_string(&text, config, "remote.origin.url") == 0)
        url = tidy_url(str_of(text), arena);
    lib->git_config_free(config);
    return url;
}

Str repository_branch(GitRepository *repository, Arena *arena)
{
    const LibGit2 *lib = &repository->lib;
    git_reference *head = NULL;
    Str name = STR("");

    if (lib->git_repository_head(&head, repository->handle) != 0)
        return name;
    if (lib->git_reference_is_branch(head))
        name = str_copy(arena, str_of(lib->git_reference_shorthand(head)));
    lib->git_reference_free(head);
    return name;
}
