/*
 * syntax/shell.h - shell script to the commands in it
 *
 * Reads POSIX sh with the additions of bash that Dockerfiles hold. The tree is given flat: every
 * simple command in the order of the text, with what it stands in noted on it, since that is what
 * rules ask for. Nothing is expanded; a word says whether the shell will.
 */
#ifndef PLUMB_SYNTAX_SHELL_H
#define PLUMB_SYNTAX_SHELL_H

#include "base/diag.h"
#include "syntax/mapped.h"

/* ShellWord.flags */
enum {
    SHELL_EXPANDS = 1 << 0, /* holds a variable, a command or an arithmetic expansion */
    SHELL_SPLITS = 1 << 1,  /* one of these is not quoted: it may become any number of words */
    SHELL_QUOTED = 1 << 2,  /* some of it is quoted or escaped */
    SHELL_GLOB = 1 << 3,    /* holds an unquoted * ? or [ */
};

typedef struct ShellWord {
    Str text;    /* quotes and escapes removed; expansions as they are written */
    Str written; /* as it stands in the text */
    Span span;
    uint32_t known; /* bytes of `text` before the first expansion */
    uint8_t flags;
} ShellWord;

typedef struct ShellAssignment {
    Str name;
    ShellWord value;
    Span span;
} ShellAssignment;

typedef struct ShellRedirect {
    Str op; /* ">", ">>", "<", "<<", "<<-", "<<<", ">&", "<&", "&>", "&>>", "<>", ">|" */
    int fd; /* as written, else the one that `op` means; -1 for both of `&>` */
    ShellWord target;
    Span span;
} ShellRedirect;

/* What stands between a command and the one before it. */
typedef enum ShellJoin {
    SHELL_JOIN_START, /* the first of the script, of a group, a branch or a substitution */
    SHELL_JOIN_THEN,  /* `;` or a new line */
    SHELL_JOIN_AND,
    SHELL_JOIN_OR,
    SHELL_JOIN_PIPE,
    SHELL_JOIN_BACKGROUND, /* `&` */
} ShellJoin;

typedef struct ShellCommand {
    Str text; /* as written, redirections included */
    Span span;
    ShellWord *words; /* name and arguments; none for assignments or redirections alone */
    uint32_t word_count;
    ShellAssignment *assignments;
    uint32_t assignment_count;
    ShellRedirect *redirects;
    uint32_t redirect_count;
    uint32_t pipeline; /* number of its pipeline in the script */
    uint32_t position; /* in the pipeline, from 0 */
    uint32_t pipeline_size;
    ShellJoin join;
    bool conditional;  /* in a branch, a loop, or after `||` */
    bool substitution; /* inside $(...), `...` or <(...) */
    bool subshell;     /* inside ( ... ) */
    bool checked;      /* somebody asks whether it failed: a condition, or left of && or || */
    uint32_t block;    /* number of the list that its pipeline is an item of */
    bool function;     /* in the body of a function */
    bool errexit;      /* `set -e` is in force */
    bool pipefail;     /* `set -o pipefail` is in force */
} ShellCommand;

typedef enum ShellMarkKind {
#define MARK(name, text) SHELL_MARK_##name,
#include "syntax/shell_marks.def"
#undef MARK
    SHELL_MARK_COUNT
} ShellMarkKind;

/* What a mark stands in. */
typedef enum ShellPlace {
    SHELL_IN_WORD,
    SHELL_IN_ASSIGNMENT,
    SHELL_IN_REDIRECT,
    SHELL_IN_TEST, /* [[ ... ]] */
    SHELL_IN_LIST, /* the words of `for` */
    SHELL_IN_CASE, /* the word and the patterns of `case`, which nothing splits */
} ShellPlace;

/* ShellMark.flags */
enum {
    SHELL_MARK_QUOTED = 1 << 0, /* inside of double quotes */
    SHELL_MARK_ALONE = 1 << 1,  /* with its quotes, it is all of a word */
    SHELL_MARK_PLAIN = 1 << 2,
    SHELL_MARK_BRACES = 1 << 3, /* ${...} */
};

#define SHELL_NO_COMMAND UINT32_MAX

/* Something that a script holds besides its commands (syntax/shell_marks.def). */
typedef struct ShellMark {
    uint8_t kind;  /* ShellMarkKind */
    uint8_t place; /* ShellPlace */
    uint8_t flags;
    uint32_t start, end; /* bytes of the text */
    uint32_t command;    /* number of the one that it stands in, or SHELL_NO_COMMAND */
    uint32_t inner;      /* of a substitution: the first command in it, or SHELL_NO_COMMAND */
    uint32_t word;       /* of `command`, from 0, in SHELL_IN_WORD and SHELL_IN_TEST */
    Str name;
    Str rest; /* of a variable in braces, what follows its name: ":-x", "//a/b", "[@]" */
} ShellMark;

/* The name that shell_marks.def gives to a kind. */
Str shell_mark_name(ShellMarkKind kind);

typedef struct ShellScript {
    ShellCommand *commands;
    uint32_t count;
    uint32_t capacity;
    ShellMark *marks; /* those of words in the order of the text */
    uint32_t mark_count;
    uint32_t mark_capacity;
    bool complete; /* all of the text was read */
} ShellScript;

/* The options that are set when the script starts. */
typedef struct ShellOptions {
    bool errexit;
    bool pipefail;
} ShellOptions;

/* Reads `text`, any bytes at all. The result is in `arena` and points into `text`. Where a shell
 * would refuse the script, a note goes to `diags` and the commands up to there are given. NULL when
 * `arena` is spent. */
ShellScript *shell_read(const MappedText *text, ShellOptions options, Arena *arena,
                        DiagSink *diags);

#endif
