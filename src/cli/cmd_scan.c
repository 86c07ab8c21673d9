#include <stdlib.h>
#include <unistd.h>

#include "cli/commands.h"
#include "cli/scan_reports.h"
#include "cli/score_options.h"

/* What a reader of machine output would not see. */
static void tell_problems(const Options *options, const ScanResult *result, Arena *arena)
{
    ProblemList problems = problem_list(arena);

    for (uint32_t i = 0; i < result->problem_count; i++)
        if (result->problems[i].level == DIAG_ERROR)
            problem_add(&problems, &result->problems[i]);
    cli_problems(&problems, options->color, arena);
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

int cmd_scan(const Options *options, Arena *arena)
{
    SetupOptions wanted = options->setup;
    Reports reports = {0};
    ScanObserver observer = {&reports, reports_observe, reports_count_files};
    ScoreRecord before;
    ScanResult result;
    Setup setup;
    bool ready;
    int status = SCAN_INCOMPLETE;

    reports_want(options, &wanted);
    cli_environment(&wanted, arena);
    ready = setup_scan(&wanted, arena, &setup) && score_before(options, &setup, arena, &before);
    if (reports_open(options, &setup, arena, &reports)) {
        if (ready)
            setup_run(&setup, &observer, arena, &result);
        else
            fail_setup(&setup, &reports, &result);
        progress_end(&reports.progress);
        if (result.score && options->compare.size)
            result.score->before = &before;
        if (!reports.for_people)
            tell_problems(options, &result, arena);
        status = reports_close(&reports, &result, arena) ? (int)result.status : SCAN_INCOMPLETE;
        if (!score_badge(options, result.score, arena))
            status = SCAN_INCOMPLETE;
    }
    setup_free(&setup);
    return options->soft_fail && status == SCAN_FAILED ? SCAN_PASSED : status;
}
