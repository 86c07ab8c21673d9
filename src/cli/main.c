/*
 * cli/main.c - the command line: the only place that ends the process
 */
#include <stdlib.h>
#include <unistd.h>

#include "base/limits.h"
#include "cli/commands.h"
#include "cli/help.h"
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

void cli_errors(const Problem *problems, uint32_t count, ColorChoice color, Arena *arena)
{
    ProblemList errors = problem_list(arena);

    for (uint32_t i = 0; i < count; i++)
        if (problems[i].level == DIAG_ERROR)
            problem_add(&errors, &problems[i]);
    cli_problems(&errors, color, arena);
}

static int compare_texts(const void *a, const void *b)
{
    const Str *x = a, *y = b;

    return str_cmp(*x, *y);
}

static Str variable(const char *name)
{
    const char *value = getenv(name);

    return str_of(value ? value : "");
}

/* What the environment tells Terraform, its variables in the order of their names, and helm. */
void cli_environment(SetupOptions *wanted, Arena *arena)
{
    StrList *list = &wanted->environment;

    wanted->workspace = variable("TF_WORKSPACE");
    wanted->world = (HelmWorld){variable("PATH"), variable("HOME"), variable("TMPDIR")};
    for (char **entry = environ; entry && *entry; entry++)
        if (str_starts(str_of(*entry), STR("TF_VAR_")))
            str_list_add(list, str_from(str_of(*entry), 7), arena);
    if (list->count)
        qsort(list->items, list->count, sizeof *list->items, compare_texts);
}

static bool unknown_topic(Str name, Arena *arena)
{
    Str names[COMMAND_COUNT];
    Str near;

    command_names(names);
    near = str_nearest(name, names, COMMAND_COUNT);
    cli_error(str_format(arena, "there is no command `%.*s`", STR_ARG(name)),
              near.size ? str_format(arena, "did you mean `plumb help %.*s`?", STR_ARG(near))
                        : STR("`plumb help` lists all"));
    return false;
}

static bool show_help(const Options *options, Out *out, Arena *arena)
{
    Command topic;

    if (options->command != COMMAND_HELP)
        help_short(options->command, out);
    else if (options->help || !options->setup.arguments.count)
        help_commands(out);
    else if (command_find(options->setup.arguments.items[0], &topic))
        help_full(topic, out);
    else
        return unknown_topic(options->setup.arguments.items[0], arena);
    return true;
}

int cmd_help(const Options *options, Arena *arena)
{
    Out out = out_new(STDOUT_FILENO, arena);
    bool good = show_help(options, &out, arena);

    return out_flush(&out) && good ? SCAN_PASSED : SCAN_INCOMPLETE;
}

static int run(const Options *options, Arena *arena)
{
    static int (*const commands[])(const Options *, Arena *) = {
#define COMMAND(name, id, operands, help) cmd_##id,
#include "cli/commands.def"
#undef COMMAND
    };

    return (options->help ? cmd_help : commands[options->command])(options, arena);
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
