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

static FixFile *find_file(const FixFiles *files, const Fix *fix)
{
    uint32_t at = position_of(files, fix);

    return at < files->count && compare(files->items[at], fix) == 0 ? files->items[at] : NULL;
}

static FixFile *insert_file(FixFiles *files, uint32_t at, FixFile file)
{
    FixFile **items = arena_grow(files->arena, files->items, files->count, &files->capacity,
                                 (size_t)files->count + 1, sizeof *items);
    FixFile *kept;

    if (!items)
        return NULL;
    files->items = items;
    kept = ARENA_NEW(files->arena, FixFile);
    if (!kept)
        return NULL;
    memmove(items + at + 1, items + at, (files->count - at) * sizeof *items);
    items[at] = kept;
    files->count++;
    *kept = file;
    return kept;
}

static FixFile *file_of(FixFiles *files, const Fix *fix)
{
    FixFile *known = find_file(files, fix);
    FixFile file = {.plan = edit_plan_new(files->arena)};

    if (known)
        return known;
    file.root = str_copy(files->arena, fix->root);
    file.path = str_copy(files->arena, fix->path);
    memcpy(file.digest, fix->digest, sizeof file.digest);
    return insert_file(files, position_of(files, fix), file);
}

static void note_done(FixFile *file, FixDone done, Arena *arena)
{
    FixDone *items = arena_grow(arena, file->done, file->findings, &file->done_capacity,
                                (size_t)file->findings + 1, sizeof *items);

    if (!items)
        return;
    file->done = items;
    items[file->findings++] = done;
}

/* Whether a scan before has the rule put this very place right: it did not help, or the file was to
 * be left alone. */
static bool was_done(const FixFile *before, Str rule, uint32_t at)
{
    if (before->refused)
        return true;
    for (uint32_t i = 0; i < before->findings; i++)
        if (before->done[i].at == at && str_eq(before->done[i].rule, rule))
            return true;
    return false;
}

static void add_fix(FixFiles *files, Str rule, const Fix *fix)
{
    const FixFile *before = files->before ? find_file(files->before, fix) : NULL;
    uint32_t at = fix->count ? fix->edits[0].start : 0;
    FixFile *file;

    if (before)
        at = edit_plan_origin(&before->plan, at);
    if (before && was_done(before, rule, at))
        return;
    file = file_of(files, fix);
    if (!file)
        return;
    /* Two readings of a file that was written to meanwhile count in different texts. */
    if (strcmp(file->digest, fix->digest) == 0 &&
        edit_plan_add(&file->plan, fix->edits, fix->count))
        note_done(file, (FixDone){str_copy(files->arena, rule), at}, files->arena);
    else
        file->waiting++;
}

void fix_files_add(FixFiles *files, const Verdict *verdicts, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        if (verdicts[i].fix && verdicts[i].status == STATUS_FAIL && verdicts[i].enabled)
            add_fix(files, rule_id(verdicts[i].rule), verdicts[i].fix);
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

/* --- scan after scan --- */

/* The file as it is at first. */
static bool start_file(FixFiles *files, const FixFile *found, ProblemList *problems)
{
    Fix place = {.root = found->root, .path = found->path};
    FixFile *file = insert_file(files, position_of(files, &place), *found);
    Str before;

    if (!file)
        return false;
    file->refused = !fix_file_texts(file, files->arena, problems, &before, &file->text);
    return !file->refused;
}

/* What was found in the text that the scans before made of it. */
static bool go_on(FixFile *file, const FixFile *found, Arena *arena)
{
    Str text = edit_plan_apply(&found->plan, file->text, arena);

    if (!text.data || !edit_plan_then(&file->plan, &found->plan, file->text))
        return false;
    file->text = text;
    for (uint32_t i = 0; i < found->findings; i++)
        note_done(file, found->done[i], arena);
    return true;
}

bool fix_files_join(FixFiles *files, const FixFiles *found, ProblemList *problems)
{
    bool changed = false;

    for (uint32_t i = 0; i < files->count; i++)
        files->items[i]->waiting = 0;
    for (uint32_t i = 0; i < found->count; i++) {
        const FixFile *more = found->items[i];
        FixFile *file = find_file(files, &(Fix){.root = more->root, .path = more->path});
        if (file)
            file->waiting = more->waiting;
        if (more->findings &&
            (file ? go_on(file, more, files->arena) : start_file(files, more, problems)))
            changed = true;
    }
    return changed;
}

const FileCache *fix_files_texts(const FixFiles *files, Arena *arena)
{
    FileCache *texts = file_cache_new(arena);

    for (uint32_t i = 0; texts && i < files->count; i++) {
        const FixFile *file = files->items[i];
        if (!file->refused)
            file_cache_add(texts,
                           str_format(arena, "%.*s/%.*s", STR_ARG(file->root), STR_ARG(file->path)),
                           file->text);
    }
    return texts;
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
