/*
 * cli/options.h - the words of the command line
 */
#ifndef PLUMB_CLI_OPTIONS_H
#define PLUMB_CLI_OPTIONS_H

#include "report/report.h"
#include "scan/setup.h"

typedef enum Command {
    COMMAND_SCAN,
    COMMAND_SCORE,
    COMMAND_RULES,
    COMMAND_EXPLAIN,
    COMMAND_TEST,
    COMMAND_VERSION,
    COMMAND_HELP,
} Command;

/* A report that the user asked for. */
typedef struct OutputRequest {
    ReportFormat format;
    Str path; /* "-": standard output */
} OutputRequest;

typedef struct Options {
    Command command;
    bool help;          /* of that command */
    SetupOptions setup; /* its arguments are those of any command */
    OutputRequest *outputs;
    uint32_t output_count;
    ReportOptions report; /* what only reports look at; the rest of it is filled in by the scan */
    ReportFormat format; /* of commands other than scan */
    Str compare;         /* --compare: an earlier report, or empty */
    Str badge;           /* --badge: a file to write, or empty */
    ColorChoice color;
    bool quiet;
    bool soft_fail;
} Options;

/* What is wrong with a command line. */
typedef struct OptionError {
    Str message;
    Str help;
} OptionError;

/* Reads the words after the program's name. Texts are views of them or in `arena`. */
bool options_read(int count, char **words, Arena *arena, Options *options, OptionError *error);

/* The name of a command, and the help of one or, for COMMAND_HELP, of all. */
const char *command_name(Command command);
void options_help(Command command, Out *out);

#endif
