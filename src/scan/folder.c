#include "scan/folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#ifdef __linux__
#include <sys/syscall.h>
#endif

typedef struct Reader {
    int fd;
    FolderFn *each;
    void *context;
} Reader;

static FolderKind kind_of(int fd, const char *name, unsigned char type)
{
    struct stat info;

    if (type == DT_UNKNOWN && fstatat(fd, name, &info, AT_SYMLINK_NOFOLLOW) == 0)
        type = S_ISDIR(info.st_mode) ? DT_DIR : S_ISREG(info.st_mode) ? DT_REG : DT_UNKNOWN;
    return type == DT_DIR ? FOLDER_DIRECTORY : type == DT_REG ? FOLDER_FILE : FOLDER_OTHER;
}

static void give(const Reader *reader, const char *name, unsigned char type)
{
    if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
        return;
    reader->each(reader->context, str_of(name), kind_of(reader->fd, name, type));
}

#ifdef __linux__

/* The records of getdents64(2); `offset` is the position after it. readdir() would ask for the
 * directory's status and flags, and take memory, for each directory: a third of the system calls of
 * a walk. */
typedef struct Record {
    uint64_t inode;
    int64_t offset;
    uint16_t size;
    unsigned char type;
    char name[];
} Record;

static int read_fd(const Reader *reader)
{
    _Alignas(8) char buffer[16384];
    int64_t offset = 0;

    /* Where the file system says that no position is left, as ext4 does, there is no need to ask
     * for what follows. */
    while (offset != INT64_MAX) {
        long size = syscall(SYS_getdents64, reader->fd, buffer, sizeof buffer);
        if (size <= 0)
            return size < 0 ? errno : 0;
        for (long at = 0; at < size;) {
            const Record *record = (const Record *)(const void *)(buffer + at);
            give(reader, record->name, record->type);
            at += record->size;
            offset = record->offset;
        }
    }
    return 0;
}

#else

static int read_fd(const Reader *reader)
{
    int copy = dup(reader->fd);
    DIR *stream = copy < 0 ? NULL : fdopendir(copy);
    const struct dirent *entry;

    if (!stream)
        return errno;
    while ((entry = readdir(stream)))
        give(reader, entry->d_name, entry->d_type);
    closedir(stream);
    return 0;
}

#endif

bool folder_read_open(int fd, FolderFn *each, void *context, int *error)
{
    Reader reader = {fd, each, context};

    *error = read_fd(&reader);
    return *error == 0;
}

int folder_open(int dir, const char *path)
{
    return openat(dir, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
}

bool folder_read(int dir, const char *path, FolderFn *each, void *context, int *error)
{
    int fd = folder_open(dir, path);
    bool ok;

    if (fd < 0) {
        *error = errno;
        return false;
    }
    ok = folder_read_open(fd, each, context, error);
    close(fd);
    return ok;
}
