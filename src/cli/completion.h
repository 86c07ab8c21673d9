/*
 * cli/completion.h - what makes a shell complete the words of plumb
 *
 * Made of the same tables as the options themselves, so that it knows what they know. Rules are
 * asked for when they are needed.
 */
#ifndef PLUMB_CLI_COMPLETION_H
#define PLUMB_CLI_COMPLETION_H

#include "base/out.h"
#include "base/str.h"

/* The names of the shells: bash, zsh, fish. */
#define COMPLETION_SHELLS 3
void completion_shells(Str names[COMPLETION_SHELLS]);

/* Writes the script for a shell; false if that is none of them. */
bool completion_write(Str shell, Out *out);

#endif
