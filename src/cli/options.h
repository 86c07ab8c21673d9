/*
 * cli/options.h - the words of the command line
 */
#ifndef PLUMB_CLI_OPTIONS_H
#define PLUMB_CLI_OPTIONS_H

#include "cli/option_table.h"
#include "report/report.h"
#include "scan/setup.h"

/* A report that the user asked for. */
typedef struct OutputRequest {
    ReportFormat format;
    Str path; /* "-": standard output */
} OutputRequest;

/* Whether files are changed so that findings go away. */
typedef enum FixMode {
    FIX_NONE,
    FIX_SHOW, /* --fix-dry-run: as a diff */
    FIX_WRITE,
} FixMode;

typedef struct Options {
    Command command;
    bool help;          /* of that command */
    SetupOptions setup; /* its arguments are those of any command */
    OutputRequest *outputs;
    uint32_t output_count;
    ReportOptions report; /* what only reports look at; the rest of it is filled in by the scan */
    ReportFormat format;  /* of commands other than scan */
    Str dir;              /* --dir, or empty */
    Str compare;          /* --compare: an earlier report, or empty */
    Str badge;            /* --badge: a file to write, or empty */
    Str history;          /* --history: where scores are kept, or empty */
    Str branch;           /* --branch and --commit: of what is scanned, or empty */
    Str commit;
    Str until; /* --until and --reason: of new entries of a baseline, or empty */
    Str reason;
    bool prune;    /* --prune: no new ones */
    uint32_t last; /* --last: scans of a history; 0 if not given */
    ColorChoice color;
    FixMode fix;
    bool quiet;
    bool soft_fail;
    bool schema; /* --schema */
    bool force;  /* --force */
} Options;

/* What is wrong with a command line. */
typedef struct OptionError {
    Str message;
    Str help;
} OptionError;

/* Reads the words after the program's name. Texts are views of them or in `arena`. */
bool options_read(int count, char **words, Arena *arena, Options *options, OptionError *error);

/* How many forms of a report a command knows: all, or those for people and JSON, the first two. */
uint32_t options_format_count(Command command);

/* The words that the value of an option must be one of; none where it may be anything. */
#define OPTION_WORDS_MAX 32
uint32_t options_words(OptionId id, Command command, Str words[OPTION_WORDS_MAX]);

#endif
