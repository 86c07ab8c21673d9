/*
 * cli/commands.h - what each command does; the result is the exit status
 */
#ifndef PLUMB_CLI_COMMANDS_H
#define PLUMB_CLI_COMMANDS_H

#include "cli/options.h"

#define COMMAND(name, id, operands, help) int cmd_##id(const Options *options, Arena *arena);
#include "cli/commands.def"
#undef COMMAND

/* The words that the first operand of `plumb baseline` is one of. */
#define BASELINE_ACTIONS 3
extern const Str baseline_actions[BASELINE_ACTIONS];

/* "plumb: message", and the help on a line of its own where there is any. */
void cli_error(Str message, Str help);

/* What the environment tells Terraform: TF_VAR_, TF_WORKSPACE. */
void cli_environment(SetupOptions *wanted, Arena *arena);

/* Problems of configuration and rules, on the standard error. */
void cli_problems(const ProblemList *problems, ColorChoice color, Arena *arena);

/* The errors among them, as commands show that print no report. */
void cli_errors(const Problem *problems, uint32_t count, ColorChoice color, Arena *arena);

#endif
