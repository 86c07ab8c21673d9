/*
 * git/libgit2.h - libgit2, opened when it is asked for
 *
 * Linked, it would cost every start two milliseconds for its libraries, and its own start four
 * more. Few scans need it, so it is opened at run time, and plumb builds and runs where it is
 * missing. What is declared here is the part of its interface (https://libgit2.org/docs/reference)
 * that plumb uses; tests/unit/test_git.c holds the structures against <git2.h>.
 */
#ifndef PLUMB_GIT_LIBGIT2_H
#define PLUMB_GIT_LIBGIT2_H

#include "base/diag.h"

typedef struct git_repository git_repository;
typedef struct git_reference git_reference;
typedef struct git_object git_object;
typedef struct git_config git_config;
typedef struct git_index git_index;
typedef struct git_tree git_tree;
typedef struct git_tree_entry git_tree_entry;
typedef struct git_odb git_odb;
typedef struct git_odb_object git_odb_object;

/* The hash that names an object. libgit2 reads repositories with SHA-1. */
typedef struct GitId {
    unsigned char bytes[20];
} GitId;

typedef struct GitLibError {
    char *message;
    int kind;
} GitLibError;

typedef struct GitIndexTime {
    int32_t seconds;
    uint32_t nanoseconds;
} GitIndexTime;

typedef struct GitIndexEntry {
    GitIndexTime ctime;
    GitIndexTime mtime;
    uint32_t device;
    uint32_t inode;
    uint32_t mode;
    uint32_t user;
    uint32_t group;
    uint32_t size;
    GitId id;
    uint16_t flags;
    uint16_t flags_extended;
    const char *path;
} GitIndexEntry;

/* Numbers of its enumerations. */
#define GIT_LIB_NOT_FOUND (-3)
#define GIT_LIB_AMBIGUOUS (-5)
#define GIT_LIB_UNBORN (-9)
#define GIT_LIB_COMMIT 1
#define GIT_LIB_TREE 2
#define GIT_LIB_BLOB 3
#define GIT_LIB_OPT_OWNER_VALIDATION 36

typedef struct LibGit2 {
    void *handle;
#define FUNCTION(result, name, arguments) result(*name) arguments;
#include "git/libgit2.def"
#undef FUNCTION
} LibGit2;

/* Opens the library and starts it. False, reported, where there is none or one that plumb does not
 * know. The caller ends with libgit2_close(), which takes one that was not opened too. */
bool libgit2_open(LibGit2 *lib, DiagSink *diags);
void libgit2_close(LibGit2 *lib);

/* What the library says of its last mistake. */
const char *libgit2_error(const LibGit2 *lib);

#endif
