#include "store/locked_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define WAIT_MILLISECONDS 30000u
#define STEP_MILLISECONDS 5u
#define MOST_NAMES 1000u

static bool wait_for_lock(int fd)
{
    struct timespec step = {0, (long)STEP_MILLISECONDS * 1000000};

    for (uint32_t waited = 0; flock(fd, LOCK_EX | LOCK_NB) != 0; waited += STEP_MILLISECONDS) {
        if (errno != EWOULDBLOCK && errno != EINTR)
            return false;
        if (waited >= WAIT_MILLISECONDS) {
            errno = EBUSY;
            return false;
        }
        nanosleep(&step, NULL);
    }
    return true;
}

/* Whether the name still means the file that is open; another run may have put that aside. */
static bool is_current(const LockedFile *file)
{
    struct stat open_one, named;

    return fstat(file->fd, &open_one) == 0 && stat(file->path, &named) == 0 &&
           open_one.st_dev == named.st_dev && open_one.st_ino == named.st_ino;
}

static bool fail(LockedFile *file, int error)
{
    locked_file_close(file);
    errno = error;
    return false;
}

bool locked_file_open(LockedFile *file, const char *path)
{
    struct stat info;

    *file = (LockedFile){path, -1};
    for (;;) {
        file->fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NONBLOCK, 0666);
        if (file->fd < 0)
            return false;
        if (fstat(file->fd, &info) != 0 || !S_ISREG(info.st_mode))
            return fail(file, EINVAL);
        if (!wait_for_lock(file->fd))
            return fail(file, errno);
        if (is_current(file))
            return true;
        locked_file_close(file);
    }
}

void locked_file_close(LockedFile *file)
{
    if (file->fd >= 0)
        close(file->fd);
    file->fd = -1;
}

/* The first name of "x.damaged", "x.damaged-2", ... that is not taken; empty if all are. */
static const char *free_name(const char *path, Arena *arena)
{
    for (uint32_t i = 1; i <= MOST_NAMES; i++) {
        Str name = i == 1 ? str_format(arena, "%s.damaged", path)
                          : str_format(arena, "%s.damaged-%u", path, i);
        const char *text = str_copy_z(arena, name);
        if (!text || access(text, F_OK) != 0)
            return text;
    }
    errno = EEXIST;
    return NULL;
}

/* A journal without its database would be taken for that of the next one. */
static bool move_journal(const char *from, const char *to, Arena *arena)
{
    const char *old_name = str_copy_z(arena, str_format(arena, "%s-journal", from));
    const char *new_name = str_copy_z(arena, str_format(arena, "%s-journal", to));

    if (!old_name || !new_name)
        return false;
    return rename(old_name, new_name) == 0 || errno == ENOENT;
}

Str locked_file_set_aside(LockedFile *file, Arena *arena)
{
    const char *path = file->path;
    const char *name = free_name(path, arena);

    if (!name || !move_journal(path, name, arena) || rename(path, name) != 0)
        return (Str){0};
    locked_file_close(file);
    return locked_file_open(file, path) ? str_of(name) : (Str){0};
}
