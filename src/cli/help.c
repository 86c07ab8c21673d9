#include "cli/help.h"

#include <stdio.h>

#include "cli/options.h"
#include "plumb/plumb.h"

#define COMMAND_WIDTH 22 /* of a command and its operands */
#define OPTION_WIDTH 22  /* of "--output [FORMAT=]PATH" */
#define TITLES_FROM 10   /* options, so many that groups of them have titles */

void help_commands(Out *out)
{
    out_printf(out,
               "plumb %s - tells whether infrastructure code stands true\n\n"
               "usage: plumb COMMAND [OPTION...] [OPERAND...]\n\n",
               plumb_version());
    for (Command command = 0; command < COMMAND_COUNT; command++) {
        const CommandSpec *spec = command_spec(command);
        int used = (int)spec->name.size + 1;
        out_printf(out, "  %.*s %-*s  %s\n", STR_ARG(spec->name), COMMAND_WIDTH - used,
                   spec->operands, spec->help);
    }
    out_z(out, "\n`plumb scan .` judges the tree that you are in.\n"
               "`plumb COMMAND --help` shows the usual options, `plumb help COMMAND` all.\n");
}

static void help_option(const OptionSpec *spec, Out *out)
{
    char left[64];
    int size = snprintf(left, sizeof left, "--%.*s%s%s", STR_ARG(spec->name),
                        spec->argument ? " " : "", spec->argument ? spec->argument : "");

    out_printf(out, "  %c%c%c %-*s  %s\n", spec->letter ? '-' : ' ',
               spec->letter ? spec->letter : ' ', spec->letter ? ',' : ' ', OPTION_WIDTH,
               size > 0 ? left : "", spec->help);
}

static void help_usage(Command command, Out *out)
{
    const CommandSpec *spec = command_spec(command);

    out_printf(out, "usage: plumb %.*s [OPTION...]%s%s\n\n%s\n", STR_ARG(spec->name),
               *spec->operands ? " " : "", spec->operands, spec->help);
}

static void help_formats(Command command, Out *out)
{
    out_z(out, "\nforms of a report:\n ");
    for (uint32_t i = 0; i < options_format_count(command); i++) {
        out_char(out, ' ');
        out_add(out, report_format_name((ReportFormat)i));
    }
    out_char(out, '\n');
}

static uint32_t count_options(Command command, bool common)
{
    uint32_t count = 0;

    for (OptionId id = 0; id < OPTION_COUNT; id++)
        count += option_applies(id, command) && (!common || option_is_common(id));
    return count;
}

void help_short(Command command, Out *out)
{
    uint32_t hidden = count_options(command, false) - count_options(command, true);

    help_usage(command, out);
    out_char(out, '\n');
    for (OptionId id = 0; id < OPTION_COUNT; id++)
        if (option_applies(id, command) && option_is_common(id))
            help_option(option_spec(id), out);
    if (option_applies(OPTION_FORMAT, command))
        help_formats(command, out);
    if (hidden)
        out_printf(out, "\n`plumb help %.*s` shows %u more.\n",
                   STR_ARG(command_spec(command)->name), hidden);
}

void help_full(Command command, Out *out)
{
    const char *group = NULL;
    bool titles = count_options(command, false) > TITLES_FROM;

    help_usage(command, out);
    for (OptionId id = 0; id < OPTION_COUNT; id++) {
        const OptionSpec *spec = option_spec(id);
        if (!option_applies(id, command))
            continue;
        if (titles && spec->group != group)
            out_printf(out, "\n%s:\n", spec->group);
        else if (!group)
            out_char(out, '\n');
        group = spec->group;
        help_option(spec, out);
    }
    if (option_applies(OPTION_FORMAT, command))
        help_formats(command, out);
    if (command == COMMAND_SCAN)
        out_z(out, "\nexit status:\n"
                   "  0  nothing at or above --fail-on, and all of the input was read\n"
                   "  1  findings, or a score that is too low\n"
                   "  2  no verdict: usage, configuration, or input that could not be read\n"
                   "  3  a fault of plumb's own\n");
}
