#include "scan/boundary.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#ifdef __linux__
#include <linux/openat2.h>
#include <sys/syscall.h>
#endif

#include "base/file.h"
#include "base/limits.h"
#include "scan/file_cache.h"

/* By resolving the path first, where the system has no call that does both. */
static int open_resolved(const ScanRoot *root, const char *path, int flags)
{
    char full[PATH_MAX], resolved[PATH_MAX];
    int size = snprintf(full, sizeof full, "%.*s/%s", STR_ARG(root->boundary), path);
    Str boundary = root->boundary;
    Str inside;

    if (size < 0 || (size_t)size >= sizeof full) {
        errno = ENAMETOOLONG;
        return -1;
    }
    if (!realpath(full, resolved))
        return -1;
    inside = str_of(resolved);
    if (boundary.size > 1 && (!str_starts(inside, boundary) ||
                              (inside.size > boundary.size && inside.data[boundary.size] != '/'))) {
        errno = EXDEV;
        return -1;
    }
    return open(resolved, flags | O_NOFOLLOW);
}

int boundary_open(const ScanRoot *root, const char *path, bool directory)
{
    /* O_NONBLOCK: a FIFO that nobody writes must not hold up the scan. */
    int flags = O_RDONLY | O_CLOEXEC | O_NOCTTY | (directory ? O_DIRECTORY : O_NONBLOCK);
#ifdef SYS_openat2
    struct open_how how = {.flags = (unsigned)flags,
                           .resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS};
    long fd = syscall(SYS_openat2, root->dir, path, &how, sizeof how);

    /* Old kernels do not have it, and sandboxes may forbid what they do not know. */
    if (fd >= 0 || (errno != ENOSYS && errno != EPERM))
        return (int)fd;
#endif
    return open_resolved(root, path, flags);
}

bool boundary_changed(const ScanRoot *root, Str path, Str *text)
{
    char full[PATH_MAX];
    int size;

    if (!root->changed)
        return false;
    size = snprintf(full, sizeof full, "%.*s/%.*s", STR_ARG(root->boundary), STR_ARG(path));
    return size > 0 && (size_t)size < sizeof full &&
           file_cache_find(root->changed, (Str){full, (uint32_t)size}, text);
}

bool boundary_read(const ScanRoot *root, const char *path, Arena *arena, Str *text, int *error)
{
    bool ok;
    int fd;

    if (boundary_changed(root, str_of(path), text))
        return true;
    if (file_cache_find(root->cache, str_of(path), text))
        return true;
    if (root->tree)
        return root->tree->read(root->tree, str_of(path), LIMIT_SOURCE_BYTES, arena, text, error);
    fd = boundary_open(root, path, false);
    if (fd < 0) {
        *error = errno;
        return false;
    }
    ok = file_read_regular(fd, LIMIT_SOURCE_BYTES, arena, text, error);
    close(fd);
    return ok;
}

bool boundary_list(const ScanRoot *root, const char *path, FolderFn *each, void *context,
                   int *error)
{
    Str folder = str_of(path);
    bool ok;
    int fd;

    if (root->tree)
        return root->tree->list(root->tree, str_eq(folder, STR(".")) ? STR("") : folder, each,
                                context, error);
    fd = boundary_open(root, path, true);
    if (fd < 0) {
        *error = errno;
        return false;
    }
    ok = folder_read_open(fd, each, context, error);
    close(fd);
    return ok;
}

bool boundary_find(const ScanRoot *root, Str path)
{
    FolderKind kind;

    return root->tree ? root->tree->find(root->tree, path, &kind) : boundary_has(root->dir, path);
}

bool boundary_has(int dir, Str path)
{
    char name[PATH_MAX];
    int size = snprintf(name, sizeof name, "%.*s", STR_ARG(path));

    return size > 0 && (size_t)size < sizeof name &&
           faccessat(dir, name, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
}
