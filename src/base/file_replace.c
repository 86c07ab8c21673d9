#include "base/file_replace.h"

#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

/* Names that are tried for the file beside. */
#define MOST_NAMES 100u

static bool is_same(const struct stat *a, const struct stat *b)
{
    return S_ISREG(b->st_mode) && a->st_dev == b->st_dev && a->st_ino == b->st_ino &&
           a->st_size == b->st_size && a->st_mtim.tv_sec == b->st_mtim.tv_sec &&
           a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

/* Whether the file still is what was seen, and may be written. */
static int check(int dir, const char *name, const struct stat *seen)
{
    struct stat now;

    if (fstatat(dir, name, &now, AT_SYMLINK_NOFOLLOW) != 0)
        return errno;
    if (!is_same(seen, &now))
        return ESTALE;
    return faccessat(dir, name, W_OK, AT_EACCESS) == 0 ? 0 : errno;
}

/* Opens a file of a name that is free, which goes to `beside`. */
static int open_beside(int dir, const char *name, char *beside, size_t size)
{
    for (unsigned i = 0; i < MOST_NAMES; i++) {
        int fd, length = snprintf(beside, size, ".%s.plumb-%ld-%u", name, (long)getpid(), i);
        if (length < 0 || (size_t)length >= size) {
            errno = ENAMETOOLONG;
            return -1;
        }
        fd = openat(dir, beside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
        if (fd >= 0 || errno != EEXIST)
            return fd;
    }
    return -1;
}

/* The owner stays where the user may say so; where not, the file is the user's, as with an editor.
 */
static int keep_mode(int fd, const struct stat *seen)
{
    struct stat made;

    if (fstat(fd, &made) != 0)
        return errno;
    if ((made.st_uid != seen->st_uid || made.st_gid != seen->st_gid) &&
        fchown(fd, seen->st_uid, seen->st_gid) != 0 && errno != EPERM)
        return errno;
    return fchmod(fd, seen->st_mode & 07777) == 0 ? 0 : errno;
}

static int fill(int fd, Str text, const struct stat *seen)
{
    int error = file_write(fd, text);

    if (!error)
        error = keep_mode(fd, seen);
    if (!error && fsync(fd) != 0)
        error = errno;
    return close(fd) == 0 || error ? error : errno;
}

bool file_replace(int dir, const char *name, Str text, const struct stat *seen, int *error)
{
    char beside[512];
    int fd;

    *error = check(dir, name, seen);
    if (*error)
        return false;
    fd = open_beside(dir, name, beside, sizeof beside);
    if (fd < 0) {
        *error = errno;
        return false;
    }
    *error = fill(fd, text, seen);
    if (!*error)
        *error = check(dir, name, seen);
    if (!*error && renameat(dir, beside, dir, name) != 0)
        *error = errno;
    if (*error)
        unlinkat(dir, beside, 0);
    return *error == 0;
}
