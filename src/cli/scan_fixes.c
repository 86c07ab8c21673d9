#include "cli/scan_fixes.h"

#include <sys/stat.h>
#include <unistd.h>

#include "base/limits.h"
#include "cli/commands.h"
#include "report/diff.h"

/* What became of the fixes, for people. */
typedef struct Tally {
    uint32_t findings;
    uint32_t files;
    uint32_t waiting;
} Tally;

static void count(Tally *tally, const FixFile *file)
{
    tally->findings += file->findings;
    tally->files += file->findings > 0;
    tally->waiting += file->waiting;
}

static void tell(const Options *options, const Tally *tally, Arena *arena)
{
    const char *verb = options->fix == FIX_SHOW ? "would put right" : "put right";
    Out out = out_new(STDERR_FILENO, arena);

    if (options->quiet)
        return;
    out_printf(&out, "plumb: %s %u finding%s in %u file%s", verb, tally->findings,
               tally->findings == 1 ? "" : "s", tally->files, tally->files == 1 ? "" : "s");
    if (tally->waiting)
        out_printf(&out, "; %u more can be by another run", tally->waiting);
    out_char(&out, '\n');
    out_flush(&out);
}

/* A pipe can be read once, and a file is needed twice. */
static bool are_files(const SetupOptions *wanted, Arena *arena)
{
    struct stat info;

    for (uint32_t i = 0; i < wanted->arguments.count; i++) {
        const char *path = str_copy_z(arena, wanted->arguments.items[i]);
        if (!path || stat(path, &info) != 0 || S_ISREG(info.st_mode) || S_ISDIR(info.st_mode))
            continue;
        cli_error(str_format(arena, "%s is no file that could be changed", path), STR(""));
        return false;
    }
    return true;
}

static void collect(void *context, const Verdict *verdicts, uint32_t count)
{
    fix_files_add(context, verdicts, count);
}

static bool write_all(const Options *options, const FixFiles *files, Arena *arena)
{
    ProblemList problems = problem_list(arena);
    Arena *scratch = arena_new(LIMIT_UNIT_BYTES);
    Tally tally = {0};

    for (uint32_t i = 0; scratch && i < files->count; i++) {
        arena_rewind(scratch, 0);
        if (fix_file_write(files->items[i], scratch, &problems))
            count(&tally, files->items[i]);
    }
    arena_free(scratch);
    cli_problems(&problems, options->color, arena);
    tell(options, &tally, arena);
    return scratch && !problems.errors;
}

bool scan_fixes_write(const Options *options, const SetupOptions *wanted, Arena *arena)
{
    FixFiles files = fix_files_new(arena);
    ScanObserver observer = {.context = &files, .verdicts = collect};
    ScanResult result;
    Setup setup;
    bool good = true;

    if (!are_files(wanted, arena))
        return false;
    if (setup_scan(wanted, arena, &setup)) {
        setup_run(&setup, &observer, arena, &result);
        good = write_all(options, &files, arena);
    }
    setup_free(&setup);
    return good;
}

bool scan_fixes_show(const Options *options, const FixFiles *files, Arena *arena)
{
    ProblemList problems = problem_list(arena);
    Arena *scratch = arena_new(LIMIT_UNIT_BYTES);
    Out out = out_new(STDOUT_FILENO, arena);
    Tally tally = {0};
    Str before, after;

    for (uint32_t i = 0; scratch && i < files->count; i++) {
        const FixFile *file = files->items[i];
        arena_rewind(scratch, 0);
        if (!fix_file_texts(file, scratch, &problems, &before, &after))
            continue;
        diff_write(&out, file->path, before, &file->plan, scratch);
        count(&tally, file);
    }
    arena_free(scratch);
    cli_problems(&problems, options->color, arena);
    tell(options, &tally, arena);
    return out_flush(&out) && scratch && !problems.errors;
}
