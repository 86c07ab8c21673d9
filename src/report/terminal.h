/*
 * report/terminal.h - text for people: colours, and nothing that a terminal would obey
 *
 * Names and messages come out of files that anybody may have written. An escape sequence, a line
 * break or a mark that turns the writing direction is shown as its number and never sent.
 */
#ifndef PLUMB_REPORT_TERMINAL_H
#define PLUMB_REPORT_TERMINAL_H

#include "base/out.h"
#include "rules/rule.h"

typedef enum ColorChoice {
    COLOR_AUTO,
    COLOR_ALWAYS,
    COLOR_NEVER,
} ColorChoice;

/* Whether to colour what goes to `fd`: the choice if it is not auto; no if NO_COLOR is set and not
 * empty, or TERM is "dumb"; yes if CLICOLOR_FORCE or FORCE_COLOR is set and not "0"; else if it is
 * a terminal. */
bool terminal_color(ColorChoice choice, int fd);

typedef enum Style {
    STYLE_PLAIN,
    STYLE_BOLD,
    STYLE_FAINT,
    STYLE_RED,
    STYLE_RED_BOLD,
    STYLE_YELLOW,
    STYLE_BLUE,
    STYLE_GREEN,
} Style;

typedef struct Terminal {
    Out *out;
    bool color;
    Str prefix; /* of the names of files: the way from where the reader is; may be empty */
} Terminal;

/* What is shown for the code point at the start of `text`, a view of it or of `number`; `*size` is
 * what it takes of the text. */
Str terminal_visible(Str text, char number[16], uint32_t *size);

/* Text with what a terminal would obey made visible; tabs are one blank. */
void terminal_text(const Terminal *terminal, Str text);
void terminal_styled(const Terminal *terminal, Style style, Str text);
void terminal_file(const Terminal *terminal, Style style, Str file);
Style terminal_severity(Severity severity);

/* Text that may have several lines, each after `indent` blanks but for the first. */
void terminal_lines(const Terminal *terminal, Str text, uint32_t indent);

/* How many columns terminal_text() takes for it. */
uint32_t terminal_width(Str text);

/* The offset in a line of a column, which counts code points from 1; at most the line's size. */
uint32_t terminal_offset(Str line, uint32_t column);

#endif
