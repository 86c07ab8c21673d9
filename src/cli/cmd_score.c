#include <string.h>
#include <unistd.h>

#include "cli/commands.h"
#include "cli/history_options.h"
#include "cli/progress.h"
#include "cli/scan_reports.h"
#include "cli/score_options.h"
#include "plumb/plumb.h"
#include "report/score_json.h"
#include "report/score_text.h"

/* The score needs counts only. */
static void drop(void *context, const Verdict *verdicts, uint32_t count)
{
    (void)context;
    (void)verdicts;
    (void)count;
}

static void write_json(Out *out, const Score *score, Str ruleset)
{
    JsonDoc doc = json_doc(out);

    json_begin(&doc, '{');
    json_put_string(&doc, "schema", STR("plumb/score-report/v1"));
    json_put_string(&doc, "version", str_of(plumb_version()));
    json_put_string(&doc, "ruleset", ruleset);
    json_key(&doc, "score");
    score_json(&doc, score, ruleset);
    json_end(&doc, '}');
}

static void write_text(const Options *options, Out *out, const Score *score)
{
    Terminal terminal = {.out = out, .color = terminal_color(options->color, out->fd)};

    if (!score)
        return;
    if (!score->overall.applicable)
        out_z(out, "score n/a: nothing was judged\n");
    else if (options->quiet)
        score_text_table(&terminal, score);
    else
        score_text_explain(&terminal, score);
    score_text_wanted(&terminal, score);
}

static bool write_score(const Options *options, const Score *score, Str ruleset, Arena *arena)
{
    Out out = out_new(STDOUT_FILENO, arena);

    if (options->format == REPORT_JSON)
        write_json(&out, score, ruleset);
    else
        write_text(options, &out, score);
    if (out_flush(&out))
        return true;
    cli_error(str_format(arena, "the score cannot be written: %s", strerror(out.error)), STR(""));
    return false;
}

static bool keep_score(const Options *options, const Setup *setup, ScanResult *result, Arena *arena)
{
    ReportOptions report;

    if (!options->history.size)
        return true;
    report = reports_options(options, setup, arena);
    return history_keep(options, &report, result, arena);
}

static ScanStatus run(const Options *options, Setup *setup, const ScoreRecord *before, Arena *arena)
{
    Progress progress;
    ScanObserver observer = {&progress, drop, progress_files};
    ScanResult result;
    bool good;

    progress_begin(&progress, true);
    scan_run(&setup->scan, &observer, arena, &result);
    progress_end(&progress);
    if (result.score && options->compare.size)
        result.score->before = before;
    cli_errors(result.problems, result.problem_count, options->color, arena);
    good = write_score(options, result.score, setup_ruleset(setup), arena);
    good = score_badge(options, result.score, arena) && good;
    good = keep_score(options, setup, &result, arena) && good;
    return good ? result.status : SCAN_INCOMPLETE;
}

int cmd_score(const Options *options, Arena *arena)
{
    SetupOptions wanted = options->setup;
    ScanStatus status = SCAN_INCOMPLETE;
    ScoreRecord before;
    Setup setup;

    if (options->format != REPORT_HUMAN && options->format != REPORT_JSON) {
        cli_error(STR("a score is written as human or json"), STR(""));
        return SCAN_INCOMPLETE;
    }
    cli_environment(&wanted, arena);
    wanted.blocks = false;
    wanted.fail_on_given = true;
    wanted.report_at = SEVERITY_CRITICAL;
    wanted.report_at_given = true;
    if (setup_scan(&wanted, arena, &setup) && score_before(options, &setup, arena, &before))
        status = run(options, &setup, &before, arena);
    else
        cli_errors(setup.problems.items, setup.problems.count, options->color, arena);
    setup_free(&setup);
    return (int)status;
}
