/*
 * git/repository.h - what a git repository holds: trees, the index, blobs
 *
 * Reads only, with libgit2 (git/libgit2.h), and runs nothing that the repository's configuration
 * names: no filter, no hook. A tree of files is taken as a whole, as a sorted list of paths, so
 * that whoever looks for a path or a directory needs no repository.
 */
#ifndef PLUMB_GIT_REPOSITORY_H
#define PLUMB_GIT_REPOSITORY_H

#include "git/libgit2.h"

typedef struct GitRepository GitRepository;

typedef enum GitKind {
    GIT_FILE,
    GIT_LINK,   /* symbolic; its blob is the target */
    GIT_MODULE, /* another repository's commit */
} GitKind;

typedef struct GitEntry {
    Str path; /* from the repository's root; a NUL follows */
    GitId id;
    GitKind kind;
    /* Of an index: what the file on disk was like when git last compared it. */
    bool is_sparse; /* left out of the work tree on purpose */
    GitIndexTime ctime;
    GitIndexTime mtime;
    uint32_t inode;
    uint32_t size;
} GitEntry;

/* Sorted by path, bytewise, each path once. */
typedef struct GitTree {
    GitEntry *entries;
    uint32_t count;
    GitIndexTime mtime; /* of the index's file */
} GitTree;

/* Opens the repository whose root, with `.git` in it, is `root`. NULL, reported, where it cannot be
 * read, is bare, or libgit2 is missing. It lies in `arena` and ends with repository_close(), which
 * takes NULL. */
GitRepository *repository_open(Str root, Arena *arena, DiagSink *diags);
void repository_close(GitRepository *repository);

/* The commit that `name` means: a branch, a tag, a hash, `HEAD~3`. False, reported, if none. */
bool repository_find_commit(GitRepository *repository, Str name, DiagSink *diags, GitId *commit);

/* The commit of HEAD; false where there is none yet. */
bool repository_head(GitRepository *repository, GitId *commit);

/* The newest commit that both have in their history. False where there is none, as in a clone
 * without its history. */
bool repository_common_commit(GitRepository *repository, const GitId *one, const GitId *two,
                              GitId *base);
bool repository_is_shallow(const GitRepository *repository);

/* The files of a commit, in `arena`. False, reported, if one of its trees cannot be read. */
bool repository_read_commit(GitRepository *repository, const GitId *commit, Arena *arena,
                            DiagSink *diags, GitTree *tree);

/* The files of the index, in `arena`: that of the repository, or what GIT_INDEX_FILE names, as
 * hooks of a partial commit have it. False, reported, if it cannot be read or holds conflicts. */
bool repository_read_index(GitRepository *repository, Arena *arena, DiagSink *diags, GitTree *tree);

/* The bytes of a blob, with a NUL after them. For any thread. On failure false and an errno value
 * in
 * `*error`: ENOENT, EFBIG beyond `limit`, ENOMEM, ENODATA for a file that Git LFS keeps elsewhere
 * and that is not here. */
bool repository_read_blob(GitRepository *repository, const GitId *id, size_t limit, Arena *arena,
                          Str *text, int *error);

/* The id that `text` would have as a blob. For any thread. */
GitId repository_blob_id(const GitRepository *repository, Str text);

/* The part of `tree` that lies in `folder`, its paths from there; in `arena`, texts shared. False
 * if that is spent. */
bool git_tree_below(const GitTree *tree, Str folder, Arena *arena, GitTree *below);

/* The entry at `path`, or NULL. */
const GitEntry *git_tree_find(const GitTree *tree, Str path);

/* The number of the first entry whose path is not less than `path`. */
uint32_t git_tree_lower(const GitTree *tree, Str path);

/* The times of a file on disk, as an index has them. */
struct stat;
GitIndexTime git_file_mtime(const struct stat *info);
GitIndexTime git_file_ctime(const struct stat *info);

bool git_id_eq(const GitId *a, const GitId *b);

/* As 40 hexadecimal digits, in `arena`. */
Str git_id_text(const GitId *id, Arena *arena);

/* Where the repository comes from, as a URL without user and password; empty where no remote
 * `origin` has one. And the branch of HEAD, empty where it is detached. In `arena`. */
Str repository_origin(GitRepository *repository, Arena *arena);
Str repository_branch(GitRepository *repository, Arena *arena);

#endif
