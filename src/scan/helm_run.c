#include "scan/helm_run.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/interrupt.h"
#include "base/limits.h"
#include "base/out.h"

/* Arguments beside values, of which each takes two. */
enum { FIXED_ARGUMENTS = 8, VARIABLES = 8 };

/* --- which helm --- */

static Str find_program(Str path, Arena *arena)
{
    const char *name = str_copy_z(arena, path);
    char resolved[PATH_MAX];
    struct stat info;

    if (!name || !realpath(name, resolved) || stat(resolved, &info) < 0 || !S_ISREG(info.st_mode) ||
        access(resolved, X_OK) < 0)
        return STR("");
    /* Under the name that it was found by: a program may be several. */
    return str_starts(path, STR("/")) ? path : str_copy(arena, str_of(resolved));
}

Str helm_find(Str wanted, const HelmWorld *world, Arena *arena)
{
    Str rest = world->search, folder;

    if (!wanted.size)
        wanted = STR("helm");
    if (str_find_char(wanted, '/') >= 0)
        return find_program(wanted, arena);
    while (str_split(&rest, ':', &folder)) {
        Str found;
        /* A relative directory may lie in what is scanned. */
        if (!str_starts(folder, STR("/")))
            continue;
        found =
            find_program(str_format(arena, "%.*s/%.*s", STR_ARG(folder), STR_ARG(wanted)), arena);
        if (found.size)
            return found;
    }
    return STR("");
}

/* --- the copy --- */

/* Makes the directories above `path`, which ends with NUL. */
static bool make_folders(int dir, const char *path)
{
    char folder[PATH_MAX];

    for (uint32_t i = 0; path[i]; i++) {
        if (i == sizeof folder - 1)
            return errno = ENAMETOOLONG, false;
        folder[i] = path[i];
        if (path[i] != '/')
            continue;
        folder[i] = '\0';
        if (mkdirat(dir, folder, 0700) < 0 && errno != EEXIST)
            return false;
        folder[i] = '/';
    }
    return true;
}

static bool write_file(int dir, const char *path, Str text)
{
    bool written = false;
    int fd = -1;

    if (make_folders(dir, path))
        fd = openat(dir, path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0)
        return false;
    while (text.size) {
        ssize_t size = write(fd, text.data, text.size);
        if (size < 0 && errno == EINTR)
            continue;
        if (size <= 0)
            break;
        text = str_from(text, (uint32_t)size);
    }
    written = text.size == 0;
    close(fd);
    return written;
}

static bool write_files(int dir, const HelmJob *job, Arena *arena)
{
    for (uint32_t i = 0; i < job->file_count; i++) {
        Str path = str_format(arena, "chart/%.*s", STR_ARG(job->files[i].path));
        if (!path.data || !write_file(dir, path.data, job->files[i].text))
            return false;
    }
    for (uint32_t i = 0; i < job->value_count; i++) {
        Str path = str_format(arena, "values/%u.yaml", i);
        if (!path.data || !write_file(dir, path.data, job->values[i].text))
            return false;
    }
    return true;
}

static int remove_one(const char *path, const struct stat *info, int kind, struct FTW *place)
{
    (void)info;
    (void)kind;
    (void)place;
    remove(path);
    return 0;
}

/* --- the run --- */

/* Nothing of the user's helm: plugins would run, repositories be asked. HOME stays for those who
 * have a helm that looks for itself there. */
static const char *const *environment(const HelmJob *job, const char *place, Arena *arena)
{
    const HelmWorld *world = job->world;
    Str where = str_of(place);
    const char **list = ARENA_ARRAY(arena, const char *, VARIABLES);

    if (!list)
        return NULL;
    list[0] = str_format(arena, "PATH=%.*s", STR_ARG(world->search)).data;
    list[1] = str_format(arena, "HOME=%.*s", STR_ARG(world->home)).data;
    list[2] = str_format(arena, "TMPDIR=%.*s", STR_ARG(where)).data;
    list[3] = str_format(arena, "HELM_CACHE_HOME=%.*s/cache", STR_ARG(where)).data;
    list[4] = str_format(arena, "HELM_CONFIG_HOME=%.*s/config", STR_ARG(where)).data;
    list[5] = str_format(arena, "HELM_DATA_HOME=%.*s/data", STR_ARG(where)).data;
    list[6] = "KUBECONFIG=/dev/null";
    return list;
}

/* The release has the name that helm gives it by itself, so that what it prints elsewhere says the
 * same. */
static const char *const *arguments(const HelmJob *job, Arena *arena)
{
    const char **list = ARENA_ARRAY(arena, const char *, FIXED_ARGUMENTS + 2 * job->value_count);
    uint32_t count = 0;

    if (!list)
        return NULL;
    list[count++] = str_copy_z(arena, job->program);
    list[count++] = "template";
    list[count++] = "release-name";
    list[count++] = "./chart";
    if (job->kubernetes_minor) {
        list[count++] = "--kube-version";
        list[count++] = str_format(arena, "v1.%u.0", job->kubernetes_minor).data;
    }
    if (job->skips_schemas)
        list[count++] = "--skip-schema-validation";
    for (uint32_t i = 0; i < job->value_count; i++) {
        list[count++] = "--values";
        list[count++] = str_format(arena, "values/%u.yaml", i).data;
    }
    return list;
}

static bool run_in(const HelmJob *job, const char *place, Arena *arena, ProcessResult *result)
{
    ProcessCommand command = {.arguments = arguments(job, arena),
                              .environment = environment(job, place, arena),
                              .directory = place,
                              .seconds = LIMIT_HELM_SECONDS,
                              .output_limit = LIMIT_HELM_OUTPUT,
                              .memory_limit = LIMIT_HELM_MEMORY};

    return command.arguments && command.environment && process_run(&command, arena, result);
}

/* In a directory that is there for this alone. */
static bool run_apart(const HelmJob *job, Arena *arena, ProcessResult *result, int *error)
{
    Str parent = job->world->temporary.size ? job->world->temporary : STR("/tmp");
    char place[PATH_MAX];
    int size = snprintf(place, sizeof place, "%.*s/plumb-XXXXXX", STR_ARG(parent));
    bool good = false;
    int dir = -1;

    errno = ENAMETOOLONG;
    if (size > 0 && (size_t)size < sizeof place && mkdtemp(place)) {
        dir = open(place, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        good = dir >= 0 && write_files(dir, job, arena) && run_in(job, place, arena, result);
        *error = good ? 0 : errno;
        if (dir >= 0)
            close(dir);
        nftw(place, remove_one, 16, FTW_DEPTH | FTW_PHYS);
        return good;
    }
    *error = errno;
    return false;
}

bool helm_run(const HelmJob *job, Arena *arena, ProcessResult *result, int *error)
{
    bool good;

    *error = EINTR;
    if (!interrupt_hold())
        return false;
    good = run_apart(job, arena, result, error);
    interrupt_release();
    return good;
}
