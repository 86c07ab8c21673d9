/*
 * syntax/shell_command.h - a simple command: assignments, words, redirections, and `[[ ... ]]`
 *
 * The middle of shell_read(), between words (syntax/shell_words.h) and what commands are put
 * together to (syntax/shell.c).
 */
#ifndef PLUMB_SYNTAX_SHELL_COMMAND_H
#define PLUMB_SYNTAX_SHELL_COMMAND_H

#include "syntax/shell_words.h"

/* Reads the simple command that begins here, or the function that it defines, and adds it to the
 * script as `place` with what it says; false after a report. */
bool shell_read_command(ShellReader *r, const ShellCommand *place);

/* Reads the redirections behind a compound command; false after a report. */
bool shell_read_redirects(ShellReader *r);

/* Of shell.c: the rest of `NAME ( ) body`, from the open parenthesis on, or of `function NAME
 * body`. */
bool shell_read_function(ShellReader *r);

#endif
