/*
 * cli/main.c - the command line: the only place that ends the process
 */
#include <unistd.h>

#include "base/limits.h"
#include "cli/commands.h"
#include "report/human.h"

void cli_error(Str message, Str help)
{
    Out out = {.fd = STDERR_FILENO};
    Terminal terminal = {.out = &out};

    out_z(&out, "plumb: ");
    terminal_text(&terminal, message);
    out_char(&out, '\n');
    if (help.size) {
        out_z(&out, "  ");
        terminal_text(&terminal, help);
        out_char(&out, '\n');
    }
}

void cli_problems(const ProblemList *problems, ColorChoice color, Arena *arena)
{
    Out out = out_new(STDERR_FILENO, arena);
    Terminal terminal = {.out = &out, .color = terminal_color(color, STDERR_FILENO)};

    for (uint32_t i = 0; i < problems->count; i++)
        human_problem(&terminal, &problems->items[i]);
    out_flush(&out);
}

static bool find_help_topic(const Options *options, Command *topic)
{
    Str name = options->setup.arguments.count ? options->setup.arguments.items[0] : STR("");

    *topic = options->command;
    if (options->command != COMMAND_HELP || !name.size)
        return true;
    for (Command command = COMMAND_SCAN; command <= COMMAND_HELP; command++) {
        if (str_eq(name, str_of(command_name(command)))) {
            *topic = command;
            return true;
        }
    }
    return false;
}

static int cmd_help(const Options *options, Arena *arena)
{
    Out out = out_new(STDOUT_FILENO, arena);
    Command topic;

    if (!find_help_topic(options, &topic)) {
        cli_error(STR("there is no such command"), STR("`plumb help` lists all"));
        return SCAN_INCOMPLETE;
    }
    options_help(topic, &out);
    return out_flush(&out) ? SCAN_PASSED : SCAN_INCOMPLETE;
}

static int run(const Options *options, Arena *arena)
{
    if (options->help)
        return cmd_help(options, arena);
    switch (options->command) {
    case COMMAND_SCAN:
        return cmd_scan(options, arena);
    case COMMAND_SCORE:
        return cmd_score(options, arena);
    case COMMAND_RULES:
        return cmd_rules(options, arena);
    case COMMAND_EXPLAIN:
        return cmd_explain(options, arena);
    case COMMAND_TEST:
        return cmd_test(options, arena);
    case COMMAND_VERSION:
        return cmd_version(options, arena);
    case COMMAND_HELP:
        break;
    }
    return cmd_help(options, arena);
}

int main(int argc, char **argv)
{
    Arena *arena = arena_new(LIMIT_UNIT_BYTES);
    OptionError error;
    Options options;
    int status = SCAN_INCOMPLETE;

    if (!arena)
        return SCAN_FAULT;
    if (options_read(argc - 1, argv + 1, arena, &options, &error))
        status = run(&options, arena);
    else
        cli_error(error.message, error.help);
    arena_free(arena);
    return status;
}
