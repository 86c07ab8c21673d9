#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#define FIRST_READ ((size_t)16 << 10)

/* Reads to the end of `fd`; `expected` bytes are likely. A regular file gives fewer bytes than it
 * is asked for only at its end. */
static bool read_all(int fd, bool regular, size_t expected, size_t limit, Arena *arena, Str *text,
                     int *error)
{
    uint32_t capacity = 0;
    size_t size = 0;
    char *data = arena_grow(arena, NULL, 0, &capacity, expected + 1, 1);

    while (data) {
        size_t room = capacity - size - 1;
        ssize_t got = read(fd, data + size, room);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0) {
            *error = errno;
            return false;
        }
        size += (size_t)got;
        if (size > limit) {
            *error = EFBIG;
            return false;
        }
        if (got == 0 || (regular && (size_t)got < room)) {
            data[size] = '\0';
            *text = (Str){data, (uint32_t)size};
            return true;
        }
        if (size + 1 == capacity)
            data = arena_grow(arena, data, size, &capacity, (size_t)capacity + 1, 1);
    }
    *error = ENOMEM;
    return false;
}

bool file_read_fd(int fd, size_t limit, Arena *arena, Str *text, int *error)
{
    return read_all(fd, false, FIRST_READ, limit, arena, text, error);
}

bool file_read_regular(int fd, size_t limit, Arena *arena, Str *text, int *error)
{
    struct stat info;

    if (fstat(fd, &info) < 0)
        *error = errno;
    else if (S_ISDIR(info.st_mode))
        *error = EISDIR;
    else if (!S_ISREG(info.st_mode))
        *error = EINVAL;
    else if ((uint64_t)info.st_size > limit)
        *error = EFBIG;
    else
        /* One byte more than the file has: the read that finds the end needs no second buffer. */
        return read_all(fd, true, (size_t)info.st_size + 1, limit, arena, text, error);
    return false;
}

bool file_read(int dir, const char *path, size_t limit, Arena *arena, Str *text, int *error)
{
    /* O_NONBLOCK: a FIFO that nobody writes must not hold up the scan. */
    int fd = openat(dir, path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    bool ok;

    if (fd < 0) {
        *error = errno;
        return false;
    }
    ok = file_read_regular(fd, limit, arena, text, error);
    close(fd);
    return ok;
}

int file_write(int fd, Str text)
{
    uint32_t done = 0;

    while (done < text.size) {
        ssize_t wrote = write(fd, text.data + done, text.size - done);
        if (wrote < 0 && errno == EINTR)
            continue;
        if (wrote < 0)
            return errno;
        done += (uint32_t)wrote;
    }
    return 0;
}
