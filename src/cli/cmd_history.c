#include <unistd.h>

#include "cli/commands.h"
#include "cli/history_options.h"
#include "plumb/plumb.h"
#include "report/history_json.h"
#include "report/history_text.h"

/* In the working directory, so that nothing is written that nobody would look for. */
#define DEFAULT_FILE "plumb-history.db"

static void write_json(Out *out, const History *history)
{
    JsonDoc doc = json_doc(out);

    json_begin(&doc, '{');
    json_put_string(&doc, "schema", STR("plumb/history/v1"));
    json_put_string(&doc, "version", str_of(plumb_version()));
    json_key(&doc, "scans");
    history_json(&doc, history);
    json_end(&doc, '}');
}

static void write_text(const Options *options, Out *out, const History *history)
{
    Terminal terminal = {.out = out, .color = terminal_color(options->color, out->fd)};

    if (history->count)
        history_text(&terminal, history);
    else
        out_z(out, "no scan is recorded\n");
}

static ScanStatus show(const Options *options, Arena *arena)
{
    HistoryQuery query = {.branch = options->branch,
                          .most = options->last ? options->last : HISTORY_SHOWN};
    ProblemList problems = problem_list(arena);
    Out out = out_new(STDOUT_FILENO, arena);
    History history;
    bool good = history_read(options->history, &query, arena, &problems, &history);

    cli_problems(&problems, options->color, arena);
    if (good && options->format == REPORT_JSON)
        write_json(&out, &history);
    else if (good)
        write_text(options, &out, &history);
    return out_flush(&out) && good ? SCAN_PASSED : SCAN_INCOMPLETE;
}

/* The operands after the first. */
static StrList rest_of(const StrList *list)
{
    StrList rest = *list;

    rest.items += rest.count > 0;
    rest.count -= rest.count > 0;
    return rest;
}

int cmd_history(const Options *given, Arena *arena)
{
    Options options = *given;
    Str word = given->setup.arguments.count ? given->setup.arguments.items[0] : STR("show");

    options.setup.arguments = rest_of(&given->setup.arguments);
    if (!options.history.size)
        options.history = STR(DEFAULT_FILE);
    options.quiet = true;
    if (str_eq(word, STR("record")))
        return cmd_score(&options, arena);
    if (str_eq(word, STR("show")) && !options.setup.arguments.count)
        return (int)show(&options, arena);
    cli_error(
        STR("a history is shown or recorded into"),
        STR("`plumb history show --history FILE`, `plumb history record --history FILE PATH`"));
    return SCAN_INCOMPLETE;
}
