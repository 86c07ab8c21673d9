/*
 * syntax/shell_marks.h - what a shell script holds besides its commands
 *
 * Expansions, and things that are rarely meant: each where it stands, with the command and the word
 * that it is part of. Noted while a script is read (syntax/shell_words.h), since nothing of it is
 * in a word's text.
 */
#ifndef PLUMB_SYNTAX_SHELL_MARKS_H
#define PLUMB_SYNTAX_SHELL_MARKS_H

#include "syntax/shell_words.h"

/* Notes something at [start, end) of the text. `name` is kept. */
void shell_mark(ShellReader *r, ShellMarkKind kind, uint32_t start, uint32_t end, Str name);

/* The marks from number `first` on that belong to no command yet are those of `command`. */
void shell_marks_own(ShellReader *r, uint32_t first, uint32_t command);

/* What a word of a command is besides its text. */
void shell_mark_word(ShellReader *r, const ShellCommand *command, uint32_t start);

/* The last word so far of [ ... ] or [[ ... ]]. */
void shell_mark_test(ShellReader *r, const ShellCommand *command, uint32_t start);

/* A variable, whose dollar sign is at `start`, up to the place of reading. */
void shell_mark_variable(ShellReader *r, uint32_t start);

/* The variables in an arithmetic expression, which need no dollar sign. */
void shell_mark_arithmetic(ShellReader *r, uint32_t start, uint32_t end);

/* Single and double quotes that end at the place of reading: what in them looks mistaken. */
void shell_mark_single(ShellReader *r, uint32_t start);
void shell_mark_double(ShellReader *r, uint32_t start);

/* A character of two bytes outside of quotes that looks like another, at the place of reading. */
void shell_mark_odd_byte(ShellReader *r);

/* The open bracket at the place of reading, outside of quotes. */
void shell_mark_range(ShellReader *r);

/* Whether a backslash before `c`, outside of quotes, changes nothing. */
bool shell_needs_no_escape(char c);

/* Where the brace at `start` stops being an expansion, or 0 where it is none. */
uint32_t shell_brace_end(const ShellReader *r, uint32_t start);

#endif
