/*
 * cli/commands.h - what each command does; the result is the exit status
 */
#ifndef PLUMB_CLI_COMMANDS_H
#define PLUMB_CLI_COMMANDS_H

#include "cli/options.h"

int cmd_scan(const Options *options, Arena *arena);
int cmd_score(const Options *options, Arena *arena);
int cmd_rules(const Options *options, Arena *arena);
int cmd_explain(const Options *options, Arena *arena);
int cmd_test(const Options *options, Arena *arena);
int cmd_version(const Options *options, Arena *arena);

/* "plumb: message", and the help on a line of its own where there is any. */
void cli_error(Str message, Str help);

/* Problems of configuration and rules, on the standard error. */
void cli_problems(const ProblemList *problems, ColorChoice color, Arena *arena);

#endif
