#include "cli/history_options.h"

#include "cli/commands.h"

static HistoryEntry entry_of(const Options *options, const ReportOptions *report,
                             const Score *score)
{
    HistoryEntry entry = history_entry(score, report->ruleset);

    entry.time = report->now;
    entry.name = report->name;
    entry.branch = options->branch.size ? options->branch : report->scanned.ref;
    entry.commit = options->commit.size ? options->commit : report->scanned.commit;
    return entry;
}

static bool keep(const Options *options, const HistoryEntry *entry, Score *score, Arena *arena)
{
    HistoryQuery query = {entry->name, entry->branch, HISTORY_SHOWN};
    ProblemList problems = problem_list(arena);
    History *history = ARENA_NEW(arena, History);
    bool good = history && history_record(options->history, entry, arena, &problems) &&
                history_read(options->history, &query, arena, &problems, history);

    if (good)
        score->history = history;
    cli_problems(&problems, options->color, arena);
    return good;
}

bool history_check(const Options *options)
{
    if (!options->history.size || !options->setup.staged || options->setup.since.size)
        return true;
    cli_error(STR("--history needs a whole scan, and --staged judges what is staged"), STR(""));
    return false;
}

bool history_keep(const Options *options, const ReportOptions *report, ScanResult *result,
                  Arena *arena)
{
    HistoryEntry entry;

    if (!options->history.size || !result->score || !result->score->overall.applicable)
        return true;
    entry = entry_of(options, report, result->score);
    return keep(options, &entry, result->score, arena);
}
