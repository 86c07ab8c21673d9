#include <stdlib.h>
#include <unistd.h>

#include "cli/commands.h"
#include "cli/history_options.h"
#include "cli/scan_fixes.h"
#include "cli/scan_reports.h"
#include "cli/score_options.h"

/* A report of a scan that could not start, so that whoever reads it finds out why. */
static void fail_setup(const Setup *setup, Reports *reports, ScanResult *result)
{
    *result = (ScanResult){.problems = setup->problems.items,
                           .problem_count = setup->problems.count,
                           .status = SCAN_INCOMPLETE};
    for (uint32_t i = 0; i < reports->count; i++)
        reports->items[i].options.quiet = true;
}

/* Who sees the verdicts. */
typedef struct Watch {
    Reports reports;
    FixFiles fixes;
    bool fix; /* whether those are wanted */
} Watch;

static void observe(void *context, const Verdict *verdicts, uint32_t count)
{
    Watch *watch = context;

    reports_observe(&watch->reports, verdicts, count);
    if (watch->fix)
        fix_files_add(&watch->fixes, verdicts, count);
}

static void count_files(void *context, uint64_t files)
{
    reports_count_files(&((Watch *)context)->reports, files);
}

static int scan(const Options *options, SetupOptions wanted, Arena *arena)
{
    Watch watch = {.fixes = fix_files_new(arena), .fix = options->fix == FIX_SHOW};
    ScanObserver observer = {&watch, observe, count_files};
    ScoreRecord before;
    ScanResult result;
    Setup setup;
    bool ready, kept;
    int status = SCAN_INCOMPLETE;

    reports_want(options, &wanted);
    wanted.keep_fixes |= watch.fix;
    ready = setup_scan(&wanted, arena, &setup) && score_before(options, &setup, arena, &before);
    if (reports_open(options, &setup, arena, &watch.reports)) {
        if (ready)
            setup_run(&setup, &observer, arena, &result);
        else
            fail_setup(&setup, &watch.reports, &result);
        progress_end(&watch.reports.progress);
        if (result.score && options->compare.size)
            result.score->before = &before;
        kept = history_keep(options, &watch.reports.items[0].options, &result, arena);
        /* a reader of machine output would not see them */
        if (!watch.reports.for_people)
            cli_errors(result.problems, result.problem_count, options->color, arena);
        status =
            reports_close(&watch.reports, &result, arena) ? (int)result.status : SCAN_INCOMPLETE;
        if (!score_badge(options, result.score, arena) || !kept)
            status = SCAN_INCOMPLETE;
        if (watch.fix && !scan_fixes_show(options, &wanted, &watch.fixes, arena))
            status = SCAN_INCOMPLETE;
    }
    setup_free(&setup);
    return status;
}

int cmd_scan(const Options *options, Arena *arena)
{
    SetupOptions wanted = options->setup;
    bool fixed = true;
    int status;

    if (!history_check(options))
        return SCAN_INCOMPLETE;
    cli_environment(&wanted, arena);
    if (options->fix == FIX_WRITE)
        fixed = scan_fixes_write(options, &wanted, arena);
    status = scan(options, wanted, arena);
    if (!fixed && status < SCAN_INCOMPLETE)
        status = SCAN_INCOMPLETE;
    return options->soft_fail && status == SCAN_FAILED ? SCAN_PASSED : status;
}
