#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/commands.h"
#include "cli/score_options.h"
#include "plumb/plumb.h"

typedef struct Reports {
    Report *items;
    uint32_t count;
    bool for_people; /* one of them is read at the terminal */
} Reports;

static void observe(void *context, const Verdict *verdicts, uint32_t count)
{
    Reports *reports = context;

    for (uint32_t i = 0; i < reports->count; i++)
        report_verdicts(&reports->items[i], verdicts, count);
}

static int open_output(Str path, Arena *arena)
{
    const char *name = str_copy_z(arena, path);
    int fd = -1;

    if (str_eq(path, STR("-")))
        return STDOUT_FILENO;
    if (name)
        fd = open(name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (fd < 0)
        cli_error(str_format(arena, "%.*s cannot be written: %s", STR_ARG(path), strerror(errno)),
                  STR(""));
    return fd;
}

/* Reports name files from the directory that is scanned; people start where they are. */
static Str path_prefix(const SetupOptions *setup, Arena *arena)
{
    Str path = setup->arguments.count == 1 ? setup->arguments.items[0] : STR(".");
    const char *name = str_copy_z(arena, path);
    struct stat info;

    if (!name || str_eq(path, STR(".")) || stat(name, &info) != 0 || !S_ISDIR(info.st_mode))
        return STR("");
    return str_ends(path, STR("/")) ? path : str_join(arena, path, STR("/"));
}

static bool open_reports(const Options *options, const Setup *setup, Arena *arena, Reports *reports)
{
    ReportOptions report = {.version = str_of(plumb_version()),
                            .ruleset = setup_ruleset(setup),
                            .prefix = path_prefix(&options->setup, arena),
                            .fail_on = options->setup.fail_on,
                            .blocks = options->setup.blocks,
                            .quiet = options->quiet};

    reports->items = ARENA_ARRAY(arena, Report, options->output_count);
    if (!reports->items)
        return false;
    for (uint32_t i = 0; i < options->output_count; i++) {
        const OutputRequest *request = &options->outputs[i];
        int fd = open_output(request->path, arena);
        if (fd < 0)
            return false;
        report.color = terminal_color(options->color, fd);
        reports->items[i] = report_new(request->format, fd, &report, arena);
        reports->for_people |= request->format == REPORT_HUMAN && fd == STDOUT_FILENO;
        reports->count++;
    }
    for (uint32_t i = 0; i < reports->count; i++)
        report_begin(&reports->items[i]);
    return true;
}

/* False if any of them could not be written. */
static bool close_reports(Reports *reports, const ScanResult *result, Arena *arena)
{
    bool good = true;

    for (uint32_t i = 0; i < reports->count; i++) {
        Report *report = &reports->items[i];
        if (!report_end(report, result)) {
            cli_error(str_format(arena, "the report cannot be written: %s", strerror(errno)),
                      STR(""));
            good = false;
        }
        if (report->out.fd != STDOUT_FILENO)
            close(report->out.fd);
    }
    return good;
}

/* What a reader of machine output would not see. */
static void tell_problems(const Options *options, const ScanResult *result, Arena *arena)
{
    ProblemList problems = problem_list(arena);

    for (uint32_t i = 0; i < result->problem_count; i++)
        if (result->problems[i].level == DIAG_ERROR)
            problem_add(&problems, &result->problems[i]);
    cli_problems(&problems, options->color, arena);
}

static bool has_human(const Options *options)
{
    for (uint32_t i = 0; i < options->output_count; i++)
        if (options->outputs[i].format == REPORT_HUMAN)
            return true;
    return false;
}

/* A report of a scan that could not start, so that whoever reads it finds out why. */
static void fail_setup(const Setup *setup, Reports *reports, ScanResult *result)
{
    *result = (ScanResult){.problems = setup->problems.items,
                           .problem_count = setup->problems.count,
                           .status = SCAN_INCOMPLETE};
    for (uint32_t i = 0; i < reports->count; i++)
        reports->items[i].options.quiet = true;
}

static int compare_texts(const void *a, const void *b)
{
    const Str *x = a, *y = b;

    return str_cmp(*x, *y);
}

/* Terraform's variables in the environment, in the order of their names. */
static void add_environment(StrList *list, Arena *arena)
{
    for (char **entry = environ; entry && *entry; entry++)
        if (str_starts(str_of(*entry), STR("TF_VAR_")))
            str_list_add(list, str_from(str_of(*entry), 7), arena);
    if (list->count)
        qsort(list->items, list->count, sizeof *list->items, compare_texts);
}

int cmd_scan(const Options *options, Arena *arena)
{
    SetupOptions wanted = options->setup;
    Reports reports = {0};
    ScanObserver observer = {&reports, observe};
    ScoreRecord before;
    ScanResult result;
    Setup setup;
    bool ready;
    int status = SCAN_INCOMPLETE;

    wanted.keep_excerpts = has_human(options);
    add_environment(&wanted.environment, arena);
    ready = setup_scan(&wanted, arena, &setup) && score_before(options, &setup, arena, &before);
    if (open_reports(options, &setup, arena, &reports)) {
        if (ready)
            scan_run(&setup.scan, &observer, arena, &result);
        else
            fail_setup(&setup, &reports, &result);
        if (result.score && options->compare.size)
            result.score->before = &before;
        if (!reports.for_people)
            tell_problems(options, &result, arena);
        status = close_reports(&reports, &result, arena) ? (int)result.status : SCAN_INCOMPLETE;
        if (!score_badge(options, result.score, arena))
            status = SCAN_INCOMPLETE;
    }
    setup_free(&setup);
    return options->soft_fail && status == SCAN_FAILED ? SCAN_PASSED : status;
}
