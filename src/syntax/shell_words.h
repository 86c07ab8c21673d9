/*
 * syntax/shell_words.h - the words of a shell script: quotes, escapes and expansions
 *
 * The lower half of shell_read(). Words and commands contain each other (`a "$(b)"`), so the
 * reader is one, and a command substitution comes back to shell_read_list().
 */
#ifndef PLUMB_SYNTAX_SHELL_WORDS_H
#define PLUMB_SYNTAX_SHELL_WORDS_H

#include "syntax/shell.h"

/* A heredoc whose body begins after the next line end. */
typedef struct ShellHeredoc {
    Str name;
    bool strip_tabs;
    struct ShellHeredoc *next;
} ShellHeredoc;

typedef struct ShellReader {
    const MappedText *in;
    Str text; /* that of `in`, cut to the part which is read */
    uint32_t at;
    Arena *arena;
    DiagSink *diags;
    ShellScript *script;
    ShellHeredoc *pending;
    uint32_t depth;
    uint32_t pipelines; /* numbers given so far */
    uint32_t blocks;    /* the same of lists */
    uint32_t block;     /* the list at hand */
    uint32_t word;      /* number of the one that is read, in its command */
    ShellPlace place;   /* of what is read */
    bool quoted;        /* inside of double quotes */
    ShellCommand state; /* what a new command starts as: options, and what it stands in */
    bool failed;        /* reported already; everything ends where it is */
} ShellReader;

/* The byte `ahead` of the place of reading; NUL past the end, and for a NUL. */
static inline char shell_peek(const ShellReader *r, uint32_t ahead)
{
    uint64_t at = (uint64_t)r->at + ahead;

    return at < r->text.size ? r->text.data[at] : '\0';
}

/* Letters, digits and `_`. */
static inline bool shell_is_name(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

static inline bool shell_is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Blanks, line ends, operators and the end. */
static inline bool shell_ends_word(char c)
{
    return c == '\0' || strchr(" \t\r\n;&|<>()", c);
}

/* Whether the reserved word stands here. */
static inline bool shell_at_word(const ShellReader *r, const char *word)
{
    uint32_t size = (uint32_t)strlen(word);

    return str_starts(str_from(r->text, r->at), (Str){word, size}) &&
           shell_ends_word(shell_peek(r, size));
}

static inline bool shell_at_end(const ShellReader *r)
{
    return r->failed || r->at >= r->text.size;
}

/* Reports that the script makes no sense at `start`, once, and ends reading. False. */
bool shell_fail(ShellReader *r, uint32_t start, const char *what);

/* Counts a level of nesting; false, and reported, when there are too many. */
bool shell_enter(ShellReader *r);
static inline void shell_leave(ShellReader *r)
{
    r->depth--;
}

/* Passes what stands from here to the parenthesis that closes the first; false where none does. */
bool shell_skip_parentheses(ShellReader *r);

/* Passes blanks, escaped line ends and comments. */
void shell_skip_blanks(ShellReader *r);

/* Passes the line end that stands here, and the bodies of the heredocs that wait for it. */
void shell_skip_line_end(ShellReader *r);

/* Reads the word that begins here; false where none does, or after a report. Commands in its
 * substitutions go to the script. */
bool shell_read_word(ShellReader *r, ShellWord *word);

/* The same for the elements of `name=( ... )`, whose open parenthesis stands here. */
bool shell_read_array(ShellReader *r, ShellWord *word);

/* Of shell.c: the commands up to a word or an operator that ends them. */
bool shell_read_list(ShellReader *r);

#endif
