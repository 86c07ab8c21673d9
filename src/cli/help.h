/*
 * cli/help.h - what `plumb help` and `plumb COMMAND --help` show
 *
 * The short form fits a terminal of 80 columns and 24 lines.
 */
#ifndef PLUMB_CLI_HELP_H
#define PLUMB_CLI_HELP_H

#include "base/out.h"
#include "cli/option_table.h"

/* All commands. */
void help_commands(Out *out);

/* One command with the options that most people look for, or with all of them. */
void help_short(Command command, Out *out);
void help_full(Command command, Out *out);

#endif
