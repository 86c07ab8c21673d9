#include "scan/fix_files.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "base/file_replace.h"
#include "base/limits.h"
#include "base/sha256.h"
#include "base/sorted.h"
#include "scan/boundary.h"

static const Str byte_order_mark = STR_INIT("\xef\xbb\xbf");

/* --- collecting --- */

static int compare(const FixFile *file, const Fix *fix)
{
    int order = str_cmp(file->root, fix->root);

    return order ? order : str_cmp(file->path, fix->path);
}

static bool is_file_before(const void *item, const void *key)
{
    return compare(*(FixFile *const *)item, key) < 0;
}

/* Where the file of a fix is, or would be. */
static uint32_t position_of(const FixFiles *files, const Fix *fix)
{
    return sorted_before(files->items, files->count, sizeof *files->items, is_file_before, fix);
}

static FixFile *file_of(FixFiles *files, const Fix *fix)
{
    uint32_t at = position_of(files, fix);
    FixFile **items, *file;

    if (at < files->count && compare(files->items[at], fix) == 0)
        return files->items[at];
    items = arena_grow(files->arena, files->items, files->count, &files->capacity,
                       (size_t)files->count + 1, sizeof *items);
    file = ARENA_NEW(files->arena, FixFile);
    if (!items || !file)
        return NULL;
    files->items = items;
    memmove(items + at + 1, items + at, (files->count - at) * sizeof *items);
    items[at] = file;
    files->count++;
    file->root = str_copy(files->arena, fix->root);
    file->path = str_copy(files->arena, fix->path);
    memcpy(file->digest, fix->digest, sizeof file->digest);
    file->plan = edit_plan_new(files->arena);
    return file;
}

static void add_fix(FixFiles *files, const Fix *fix)
{
    FixFile *file = file_of(files, fix);

    if (!file)
        return;
    /* Two readings of a file that was written to meanwhile count in different texts. */
    if (strcmp(file->digest, fix->digest) == 0 &&
        edit_plan_add(&file->plan, fix->edits, fix->count))
        file->findings++;
    else
        file->waiting++;
}

void fix_files_add(FixFiles *files, const Verdict *verdicts, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        if (verdicts[i].fix && verdicts[i].status == STATUS_FAIL && verdicts[i].enabled)
            add_fix(files, verdicts[i].fix);
}

/* --- reading --- */

typedef struct Opened {
    const FixFile *file;
    Arena *arena;
    ProblemList *problems;
    struct stat seen;
    Str bytes;
    Str text; /* of these: without a byte order mark */
} Opened;

static bool refuse(const Opened *opened, Str message)
{
    Arena *kept = opened->problems->arena;

    problem_error(opened->problems, DIAG_FIX_REFUSED, str_copy(kept, opened->file->path),
                  str_format(kept, "was left as it is: %.*s", STR_ARG(message)), STR(""));
    return false;
}

static bool refuse_error(const Opened *opened, int error)
{
    if (error == EXDEV)
        return refuse(opened, STR("it lies outside of what was scanned"));
    if (error == ESTALE)
        return refuse(opened, STR("it was changed meanwhile"));
    return refuse(opened, str_of(strerror(error)));
}

static bool read_open(Opened *opened, int fd)
{
    int error;

    if (fstat(fd, &opened->seen) != 0)
        return refuse_error(opened, errno);
    return file_read_regular(fd, LIMIT_SOURCE_BYTES, opened->arena, &opened->bytes, &error) ||
           refuse_error(opened, error);
}

static bool read_bytes(Opened *opened)
{
    const char *root = str_copy_z(opened->arena, opened->file->root);
    const char *path = str_copy_z(opened->arena, opened->file->path);
    ScanRoot boundary = {.dir = -1, .boundary = opened->file->root};
    int fd = -1;
    bool good;

    if (root && path)
        boundary.dir = open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (boundary.dir >= 0)
        fd = boundary_open(&boundary, path, false);
    good = fd >= 0 ? read_open(opened, fd) : refuse_error(opened, errno);
    if (fd >= 0)
        close(fd);
    if (boundary.dir >= 0)
        close(boundary.dir);
    return good;
}

static bool is_what_was_scanned(const Opened *opened)
{
    Sha256 sum = sha256_new();
    char digest[65];

    sha256_add(&sum, opened->text);
    sha256_hex(&sum, digest);
    return strcmp(digest, opened->file->digest) == 0;
}

static bool open_file(Opened *opened)
{
    if (!read_bytes(opened))
        return false;
    opened->text = opened->bytes;
    if (str_starts(opened->text, byte_order_mark))
        opened->text = str_from(opened->text, byte_order_mark.size);
    if (str_starts(opened->bytes, STR("\xff\xfe")) || str_starts(opened->bytes, STR("\xfe\xff")))
        return refuse(opened, STR("it is no UTF-8"));
    return is_what_was_scanned(opened) || refuse_error(opened, ESTALE);
}

static bool make_text(const Opened *opened, Str *after)
{
    *after = edit_plan_apply(&opened->file->plan, opened->text, opened->arena);
    return after->data || refuse_error(opened, ENOMEM);
}

bool fix_file_texts(const FixFile *file, Arena *arena, ProblemList *problems, Str *before,
                    Str *after)
{
    Opened opened = {.file = file, .arena = arena, .problems = problems};

    if (!open_file(&opened))
        return false;
    *before = opened.text;
    return make_text(&opened, after);
}

/* --- writing --- */

/* The directory that the file is in, whatever links lead to it, and its name there. */
static int open_directory(const Opened *opened, char resolved[PATH_MAX], const char **name)
{
    Str root = opened->file->root;
    Str full = str_format(opened->arena, "%.*s/%.*s", STR_ARG(root), STR_ARG(opened->file->path));
    const char *path = str_copy_z(opened->arena, full);
    char *slash;

    if (!path || !realpath(path, resolved))
        return -1;
    slash = strrchr(resolved, '/');
    if (root.size > 1 && (!str_starts(str_of(resolved), root) || resolved[root.size] != '/')) {
        errno = EXDEV;
        return -1;
    }
    *slash = '\0';
    *name = slash + 1;
    return open(slash == resolved ? "/" : resolved, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

static bool write_text(const Opened *opened, Str text)
{
    char resolved[PATH_MAX];
    const char *name;
    int dir = open_directory(opened, resolved, &name), error;
    bool good;

    if (dir < 0)
        return refuse_error(opened, errno);
    good = file_replace(dir, name, text, &opened->seen, &error);
    close(dir);
    return good || refuse_error(opened, error);
}

bool fix_file_write(const FixFile *file, Arena *arena, ProblemList *problems)
{
    Opened opened = {.file = file, .arena = arena, .problems = problems};
    Str after;

    if (!open_file(&opened) || !make_text(&opened, &after))
        return false;
    if (opened.text.size < opened.bytes.size)
        after = str_join(arena, byte_order_mark, after);
    return after.data ? write_text(&opened, after) : refuse_error(&opened, ENOMEM);
}
