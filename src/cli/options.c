#include "cli/options.h"

#include <stdio.h>

#include "base/buf.h"

enum {
    S = 1 << COMMAND_SCAN,
    R = 1 << COMMAND_RULES,
    E = 1 << COMMAND_EXPLAIN,
    T = 1 << COMMAND_TEST,
    C = 1 << COMMAND_SCORE,
};

typedef enum OptionId {
#define OPTION(name, text, letter, argument, commands, help) OPTION_##name,
#include "cli/options.def"
#undef OPTION
    OPTION_COUNT
} OptionId;

typedef struct OptionSpec {
    Str name;
    char letter;
    const char *argument;
    unsigned commands;
    const char *help;
} OptionSpec;

static const OptionSpec specs[] = {
#define OPTION(name, text, letter, argument, commands, help)                                       \
    {STR_INIT(text), letter, argument, commands, help},
#include "cli/options.def"
#undef OPTION
};

typedef struct CommandSpec {
    const char *name;
    const char *usage;
    const char *help;
} CommandSpec;

static const CommandSpec commands[] = {
    [COMMAND_SCAN] = {"scan", "[PATH...|-]", "judge files, or what standard input holds"},
    [COMMAND_SCORE] = {"score", "[PATH...|-]", "explain the score, and every point that was lost"},
    [COMMAND_RULES] = {"rules", "[FILTER...]",
                       "list rules: by id, alias, type, category, severity"},
    [COMMAND_EXPLAIN] = {"explain", "RULE", "why a rule is there, and how to meet it"},
    [COMMAND_TEST] = {"test", "PATH...", "run the tests that rule files hold"},
    [COMMAND_VERSION] = {"version", "", "print the version"},
    [COMMAND_HELP] = {"help", "[COMMAND]", "show this, or the options of a command"},
};

#define COMMAND_COUNT (sizeof commands / sizeof *commands)

typedef struct Parser {
    Options *options;
    OptionError *error;
    Arena *arena;
    char **words;
    uint32_t count;
    uint32_t at; /* the next word */
    StrList formats;
    StrList outputs;
} Parser;

static bool refuse(Parser *parser, Str message, Str help)
{
    *parser->error = (OptionError){message, help};
    return false;
}

/* "did you mean `X`?", or what else there is to say. */
static Str suggest(Parser *parser, Str near, const char *prefix, Str otherwise)
{
    return near.size ? str_format(parser->arena, "did you mean `%s%.*s`?", prefix, STR_ARG(near))
                     : otherwise;
}

/* --- values --- */

static bool bad_value(Parser *parser, OptionId id, Str value, const Str *words, uint32_t count)
{
    Buf list = buf_new(parser->arena);

    for (uint32_t i = 0; i < count; i++) {
        if (i)
            buf_add_z(&list, i + 1 == count ? " or " : ", ");
        buf_add(&list, words[i]);
    }
    return refuse(parser,
                  str_format(parser->arena, "--%.*s takes %.*s, not `%.*s`",
                             STR_ARG(specs[id].name), STR_ARG(buf_str(&list)), STR_ARG(value)),
                  suggest(parser, str_nearest(value, words, count), "", STR("")));
}

static bool read_severity(Parser *parser, OptionId id, Str value, Severity *severity)
{
    static const Str words[] = {STR_INIT("info"), STR_INIT("low"), STR_INIT("medium"),
                                STR_INIT("high"), STR_INIT("critical")};

    return severity_parse(value, severity) || bad_value(parser, id, value, words, 5);
}

static bool read_color(Parser *parser, OptionId id, Str value)
{
    static const Str words[] = {STR_INIT("auto"), STR_INIT("always"), STR_INIT("never")};

    for (uint32_t i = 0; i < 3; i++) {
        if (str_eq(value, words[i])) {
            parser->options->color = (ColorChoice)i;
            return true;
        }
    }
    return bad_value(parser, id, value, words, 3);
}

/* A number from 1 to `most`, of at most five digits. */
static bool read_number(Parser *parser, OptionId id, Str value, uint32_t most, uint32_t *result)
{
    uint32_t number = 0;
    bool good = value.size > 0 && value.size < 6;

    for (uint32_t i = 0; good && i < value.size; i++) {
        good = value.data[i] >= '0' && value.data[i] <= '9';
        number = number * 10 + (uint32_t)(value.data[i] - '0');
    }
    if (!good || number == 0 || number > most)
        return refuse(parser,
                      str_format(parser->arena, "--%.*s takes a number from 1 to %u, not `%.*s`",
                                 STR_ARG(specs[id].name), most, STR_ARG(value)),
                      STR(""));
    *result = number;
    return true;
}

/* Commands other than scan know the first two forms only. */
static uint32_t format_count(Command command)
{
    return command == COMMAND_SCAN ? REPORT_COUNT : REPORT_JSON + 1;
}

static bool read_format(Parser *parser, OptionId id, Str value, ReportFormat *format)
{
    Str words[REPORT_COUNT];
    uint32_t count = format_count(parser->options->command);

    if (report_format_parse(value, format) && *format < count)
        return true;
    for (uint32_t i = 0; i < count; i++)
        words[i] = report_format_name((ReportFormat)i);
    return bad_value(parser, id, value, words, count);
}

static bool keep(Parser *parser, StrList *list, Str value)
{
    return str_list_add(list, value, parser->arena);
}

static bool read_var(Parser *parser, Str value)
{
    if (str_find_char(value, '=') > 0)
        return keep(parser, &parser->options->setup.vars, value);
    return refuse(parser,
                  str_format(parser->arena, "--var takes NAME=VALUE, not `%.*s`", STR_ARG(value)),
                  STR(""));
}

static bool read_fail_on(Parser *parser, Str value)
{
    SetupOptions *setup = &parser->options->setup;

    setup->blocks = !str_eq(value, STR("none"));
    return !setup->blocks || read_severity(parser, OPTION_FAIL_ON, value, &setup->fail_on);
}

static bool read_value(Parser *parser, OptionId id, Str value)
{
    Options *options = parser->options;
    SetupOptions *setup = &options->setup;

    switch (id) {
    case OPTION_FORMAT:
        return read_format(parser, id, value, &options->format) &&
               keep(parser, &parser->formats, value);
    case OPTION_OUTPUT:
        return keep(parser, &parser->outputs, value);
    case OPTION_RULES:
        return keep(parser, &setup->rule_paths, value);
    case OPTION_RULE:
        return keep(parser, &setup->rules, value);
    case OPTION_SKIP_RULE:
        return keep(parser, &setup->skip_rules, value);
    case OPTION_PATH:
        return keep(parser, &setup->paths, value);
    case OPTION_SKIP_PATH:
        return keep(parser, &setup->skip_paths, value);
    case OPTION_VAR:
        return read_var(parser, value);
    case OPTION_VAR_FILE:
        return keep(parser, &setup->var_files, value);
    case OPTION_REPORT_AT:
        return read_severity(parser, id, value, &setup->report_at);
    case OPTION_FAIL_ON:
        return read_fail_on(parser, value);
    case OPTION_CONFIG:
        setup->config = value;
        return true;
    case OPTION_SARIF_MAX_RESULTS:
        return read_number(parser, id, value, 25000, &options->report.sarif_max_results);
    case OPTION_ROOT:
        setup->root = value;
        return true;
    case OPTION_JOBS:
        return read_number(parser, id, value, 9999, &setup->jobs);
    case OPTION_MIN_SCORE:
        return read_number(parser, id, value, 100, &setup->min_score);
    case OPTION_COMPARE:
        options->compare = value;
        return true;
    case OPTION_BADGE:
        options->badge = value;
        return true;
    case OPTION_COLOR:
        return read_color(parser, id, value);
    default:
        return false;
    }
}

static void set_switch(Options *options, OptionId id)
{
    switch (id) {
    case OPTION_SOFT_FAIL:
        options->soft_fail = true;
        break;
    case OPTION_SHOW_UNKNOWN:
        options->setup.show_unknown = true;
        break;
    case OPTION_ALL_VERDICTS:
        options->setup.all_verdicts = true;
        break;
    case OPTION_NO_SUPPRESSIONS:
        options->setup.no_suppressions = true;
        break;
    case OPTION_ALLOW_EMPTY:
        options->setup.allow_empty = true;
        break;
    case OPTION_SARIF_SUPPRESSED:
        options->report.sarif_suppressed = true;
        break;
    case OPTION_JUNIT_ONLY_FAILURES:
        options->report.junit_only_failures = true;
        break;
    case OPTION_QUIET:
        options->quiet = true;
        break;
    case OPTION_HELP:
        options->help = true;
        break;
    default:
        break;
    }
}

/* --- words --- */

static bool applies(const Parser *parser, OptionId id)
{
    return specs[id].commands & 1u << parser->options->command;
}

static bool unknown_option(Parser *parser, Str word, Str name)
{
    Str names[OPTION_COUNT];
    uint32_t count = 0;
    Str otherwise = str_format(parser->arena, "`plumb %s --help` lists the options",
                               command_name(parser->options->command));

    for (uint32_t i = 0; i < OPTION_COUNT; i++)
        if (applies(parser, (OptionId)i))
            names[count++] = specs[i].name;
    return refuse(parser, str_format(parser->arena, "unknown option `%.*s`", STR_ARG(word)),
                  suggest(parser, str_nearest(name, names, count), "--", otherwise));
}

static bool find_option(const Parser *parser, Str name, char letter, OptionId *id)
{
    for (uint32_t i = 0; i < OPTION_COUNT; i++) {
        bool same = letter ? specs[i].letter == letter : str_eq(specs[i].name, name);
        if (same && applies(parser, (OptionId)i)) {
            *id = (OptionId)i;
            return true;
        }
    }
    return false;
}

/* The value of an option: what is attached to it, else the next word. */
static bool take_value(Parser *parser, OptionId id, bool attached, Str value)
{
    if (!specs[id].argument) {
        if (attached)
            return refuse(
                parser, str_format(parser->arena, "--%.*s takes no value", STR_ARG(specs[id].name)),
                STR(""));
        set_switch(parser->options, id);
        return true;
    }
    if (!attached) {
        if (parser->at == parser->count)
            return refuse(parser,
                          str_format(parser->arena, "--%.*s needs a value: %s",
                                     STR_ARG(specs[id].name), specs[id].argument),
                          STR(""));
        value = str_of(parser->words[parser->at++]);
    }
    return read_value(parser, id, value);
}

static bool read_long(Parser *parser, Str word)
{
    int64_t equals = str_find_char(word, '=');
    Str name = str_sub(word, 2, equals < 0 ? UINT32_MAX : (uint32_t)equals - 2);
    OptionId id;

    if (!find_option(parser, name, 0, &id))
        return unknown_option(parser, word, name);
    return take_value(parser, id, equals >= 0,
                      equals < 0 ? STR("") : str_from(word, (uint32_t)equals + 1));
}

/* "-fjson", "-f json", "-qf json" */
static bool read_short(Parser *parser, Str word)
{
    for (uint32_t i = 1; i < word.size; i++) {
        Str rest = str_from(word, i + 1);
        OptionId id;
        if (!find_option(parser, STR(""), word.data[i], &id))
            return unknown_option(parser, word, str_from(word, 1));
        if (specs[id].argument)
            return take_value(parser, id, rest.size > 0, rest);
        set_switch(parser->options, id);
    }
    return true;
}

static bool read_words(Parser *parser)
{
    bool only_arguments = false;

    while (parser->at < parser->count) {
        Str word = str_of(parser->words[parser->at++]);
        bool good;
        if (!only_arguments && str_eq(word, STR("--"))) {
            only_arguments = true;
            continue;
        }
        if (only_arguments || word.size < 2 || word.data[0] != '-')
            good = keep(parser, &parser->options->setup.arguments, word);
        else
            good = str_starts(word, STR("--")) ? read_long(parser, word) : read_short(parser, word);
        if (!good)
            return false;
    }
    return true;
}

/* --- outputs --- */

/* `-o FORMAT=PATH`, or `-o PATH` in the next format that -f names. */
static bool read_output(Parser *parser, Str value, uint32_t *next_format, OutputRequest *request)
{
    int64_t equals = str_find_char(value, '=');
    Str before = str_sub(value, 0, equals < 0 ? 0 : (uint32_t)equals);
    ReportFormat format;

    if (before.size && report_format_parse(before, &request->format)) {
        request->path = str_from(value, (uint32_t)equals + 1);
    } else {
        if (report_format_parse(value, &format))
            return refuse(parser,
                          str_format(parser->arena, "-o names a file, and `%.*s` is a format",
                                     STR_ARG(value)),
                          str_format(parser->arena, "write `-f %.*s`, or `-o %.*s=FILE`",
                                     STR_ARG(value), STR_ARG(value)));
        request->path = value;
        request->format = REPORT_HUMAN;
        if (*next_format < parser->formats.count)
            report_format_parse(parser->formats.items[(*next_format)++], &request->format);
    }
    return request->path.size || refuse(parser, STR("-o needs the path of a file"), STR(""));
}

static bool only_one_at_stdout(Parser *parser)
{
    uint32_t count = 0;

    for (uint32_t i = 0; i < parser->options->output_count; i++)
        count += str_eq(parser->options->outputs[i].path, STR("-"));
    return count < 2 || refuse(parser, STR("only one report can go to standard output"),
                               STR("give the others a file: -o FORMAT=PATH"));
}

/* Files first; then standard output for each format of -f that no file takes, or for people. */
static bool plan_outputs(Parser *parser)
{
    Options *options = parser->options;
    uint32_t next = 0, plain = 0;
    uint32_t room = parser->outputs.count + parser->formats.count + 1;

    options->outputs = ARENA_ARRAY(parser->arena, OutputRequest, room);
    if (!options->outputs)
        return false;
    for (uint32_t i = 0; i < parser->outputs.count; i++) {
        Str value = parser->outputs.items[i];
        int64_t equals = str_find_char(value, '=');
        ReportFormat format;
        plain += equals < 0 || !report_format_parse(str_sub(value, 0, (uint32_t)equals), &format);
        if (!read_output(parser, value, &next, &options->outputs[options->output_count++]))
            return false;
    }
    while (next < parser->formats.count) {
        OutputRequest *request = &options->outputs[options->output_count++];
        report_format_parse(parser->formats.items[next++], &request->format);
        request->path = STR("-");
    }
    if (!parser->formats.count && !plain)
        options->outputs[options->output_count++] = (OutputRequest){REPORT_HUMAN, STR("-")};
    return only_one_at_stdout(parser);
}

/* --- all of it --- */

static bool find_command(Str word, Command *command)
{
    for (uint32_t i = 0; i < COMMAND_COUNT; i++) {
        if (str_eq(word, str_of(commands[i].name))) {
            *command = (Command)i;
            return true;
        }
    }
    return false;
}

static bool read_command(Parser *parser)
{
    Str word = parser->count ? str_of(parser->words[0]) : STR("help");
    Str names[COMMAND_COUNT];
    Str near;

    parser->at = 1;
    if (find_command(word, &parser->options->command))
        return true;
    if (str_eq(word, STR("--version")) || str_eq(word, STR("-V"))) {
        parser->options->command = COMMAND_VERSION;
        return true;
    }
    if (str_eq(word, STR("--help")) || str_eq(word, STR("-h"))) {
        parser->options->command = COMMAND_HELP;
        return true;
    }
    for (uint32_t i = 0; i < COMMAND_COUNT; i++)
        names[i] = str_of(commands[i].name);
    near = str_nearest(word, names, COMMAND_COUNT);
    return refuse(parser, str_format(parser->arena, "unknown command `%.*s`", STR_ARG(word)),
                  suggest(parser, near, "plumb ",
                          STR("to scan a path write `plumb scan PATH`; `plumb help` lists all")));
}

bool options_read(int count, char **words, Arena *arena, Options *options, OptionError *error)
{
    Parser parser = {.options = options,
                     .error = error,
                     .arena = arena,
                     .words = words,
                     .count = count > 0 ? (uint32_t)count : 0};

    *options = (Options){.setup = {.fail_on = SEVERITY_HIGH, .blocks = true}};
    *error = (OptionError){STR("memory is short"), STR("")};
    return read_command(&parser) && read_words(&parser) && plan_outputs(&parser);
}

/* --- help --- */

const char *command_name(Command command)
{
    return commands[command].name;
}

static void help_all(Out *out)
{
    out_z(out, "plumb - a static scanner for infrastructure as code\n\nusage:\n");
    for (uint32_t i = 0; i < COMMAND_COUNT; i++)
        out_printf(out, "  plumb %-8s %-14s %s\n", commands[i].name, commands[i].usage,
                   commands[i].help);
    out_z(out, "\n`plumb COMMAND --help` shows the options of a command.\n");
}

static void help_option(const OptionSpec *spec, Out *out)
{
    char left[64];
    int size = snprintf(left, sizeof left, "--%.*s%s%s", STR_ARG(spec->name),
                        spec->argument ? " " : "", spec->argument ? spec->argument : "");

    out_printf(out, "  %c%c%c %-24s %s\n", spec->letter ? '-' : ' ',
               spec->letter ? spec->letter : ' ', spec->letter ? ',' : ' ', size > 0 ? left : "",
               spec->help);
}

static void help_formats(Command command, Out *out)
{
    out_z(out, "\nforms of a report: ");
    for (uint32_t i = 0; i < format_count(command); i++) {
        out_z(out, i ? ", " : "");
        out_add(out, report_format_name((ReportFormat)i));
    }
    out_char(out, '\n');
}

void options_help(Command command, Out *out)
{
    if (command == COMMAND_HELP) {
        help_all(out);
        return;
    }
    out_printf(out, "usage: plumb %s [OPTION...] %s\n\n%s\n\n", commands[command].name,
               commands[command].usage, commands[command].help);
    for (uint32_t i = 0; i < OPTION_COUNT; i++)
        if (specs[i].commands & 1u << command)
            help_option(&specs[i], out);
    if (specs[OPTION_FORMAT].commands & 1u << command)
        help_formats(command, out);
    if (command == COMMAND_SCAN)
        out_z(out, "\nexit status: 0 passed, 1 findings, 2 no verdict (usage, configuration, or "
                   "input that\ncould not be read), 3 a fault of plumb's own\n");
}
