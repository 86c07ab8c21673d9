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

/* One fix may open the way for another, but not for ever. */
enum { ROUNDS_MAX = 8 };

/* Scans what the fixes so far make of the files, until nothing is left that could be put right. */
static void settle(const SetupOptions *wanted, FixFiles *files, ProblemList *problems, Arena *arena)
{
    SetupOptions next = *wanted;
    bool changed = true;

    next.keep_fixes = true;
    for (uint32_t i = 0; changed && i < ROUNDS_MAX; i++) {
        FixFiles found = fix_files_after(files, arena);
        ScanObserver observer = {.context = &found, .verdicts = collect};
        ScanResult result;
        Setup setup;

        next.changed = fix_files_texts(files, arena);
        changed = setup_scan(&next, arena, &setup);
        if (changed) {
            setup_run(&setup, &observer, arena, &result);
            changed = fix_files_join(files, &found, problems);
        }
        setup_free(&setup);
    }
}

/* Says what was done and what could not be. */
static bool finish(const Options *options, const Tally *tally, const ProblemList *problems,
                   Arena *arena)
{
    cli_problems(problems, options->color, arena);
    tell(options, tally, arena);
    return !problems->errors;
}

bool scan_fixes_write(const Options *options, const SetupOptions *wanted, Arena *arena)
{
    ProblemList problems = problem_list(arena);
    FixFiles files = fix_files_new(arena);
    Arena *scratch;
    Tally tally = {0};

    if (!are_files(wanted, arena))
        return false;
    settle(wanted, &files, &problems, arena);
    scratch = arena_new(LIMIT_UNIT_BYTES);
    for (uint32_t i = 0; scratch && i < files.count; i++) {
        const FixFile *file = files.items[i];
        arena_rewind(scratch, 0);
        if (!file->refused && fix_file_write(file, scratch, &problems))
            count(&tally, file);
    }
    arena_free(scratch);
    return finish(options, &tally, &problems, arena) && scratch;
}

bool scan_fixes_show(const Options *options, const SetupOptions *wanted, const FixFiles *found,
                     Arena *arena)
{
    ProblemList problems = problem_list(arena);
    FixFiles files = fix_files_new(arena);
    Arena *scratch = arena_new(LIMIT_UNIT_BYTES);
    Out out = out_new(STDOUT_FILENO, arena);
    Tally tally = {0};
    Str before, after;

    if (fix_files_join(&files, found, &problems))
        settle(wanted, &files, &problems, arena);
    for (uint32_t i = 0; scratch && i < files.count; i++) {
        const FixFile *file = files.items[i];
        arena_rewind(scratch, 0);
        if (file->refused || !fix_file_texts(file, scratch, &problems, &before, &after))
            continue;
        diff_write(&out, file->path, before, &file->plan, scratch);
        count(&tally, file);
    }
    arena_free(scratch);
    return finish(options, &tally, &problems, arena) && out_flush(&out) && scratch;
}
