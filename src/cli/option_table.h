/*
 * cli/option_table.h - the commands and their options, as commands.def and options.def list them
 *
 * What reads a command line, shows help, completes words in a shell and writes the manual all look
 * here, so that nothing is said twice.
 */
#ifndef PLUMB_CLI_OPTION_TABLE_H
#define PLUMB_CLI_OPTION_TABLE_H

#include "base/str.h"

typedef enum Command {
#define COMMAND(name, id, operands, help) COMMAND_##name,
#include "cli/commands.def"
#undef COMMAND
    COMMAND_COUNT
} Command;

typedef enum OptionId {
#define OPTION(name, text, letter, argument, group, commands, help) OPTION_##name,
#include "cli/options.def"
#undef OPTION
    OPTION_COUNT
} OptionId;

typedef struct CommandSpec {
    Str name;
    const char *operands; /* "[PATH...|-]"; may be empty */
    const char *help;
} CommandSpec;

typedef struct OptionSpec {
    Str name;
    char letter;          /* or 0 */
    const char *argument; /* what its value is called; NULL for a switch */
    const char *group;    /* the title that it stands under */
    unsigned commands;    /* see option_applies() */
    const char *help;
} OptionSpec;

const CommandSpec *command_spec(Command command);
const OptionSpec *option_spec(OptionId id);

/* Whether a command takes an option; whether the option is one that most people look for. */
bool option_applies(OptionId id, Command command);
bool option_is_common(OptionId id);

/* False if there is no command of that name. */
bool command_find(Str name, Command *command);

/* The names of all commands. */
void command_names(Str names[COMMAND_COUNT]);

#endif
