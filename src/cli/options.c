#include "cli/options.h"

#include "base/buf.h"

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

static const Str color_words[] = {STR_INIT("auto"), STR_INIT("always"), STR_INIT("never")};

#define COLOR_COUNT (sizeof color_words / sizeof *color_words)

uint32_t options_format_count(Command command)
{
    return command == COMMAND_SCAN ? REPORT_COUNT : REPORT_JSON + 1;
}

static uint32_t severity_words(OptionId id, Str *words)
{
    uint32_t count = 0;

    for (Severity severity = SEVERITY_INFO; severity <= SEVERITY_CRITICAL; severity++)
        words[count++] = str_of(severity_name(severity));
    if (id == OPTION_FAIL_ON)
        words[count++] = STR("none");
    return count;
}

uint32_t options_words(OptionId id, Command command, Str words[OPTION_WORDS_MAX])
{
    const char *argument = option_spec(id)->argument;
    uint32_t count = 0;

    if (argument && strcmp(argument, "SEVERITY") == 0)
        return severity_words(id, words);
    if (id == OPTION_COLOR)
        for (; count < COLOR_COUNT; count++)
            words[count] = color_words[count];
    if (id == OPTION_FORMAT)
        for (; count < options_format_count(command); count++)
            words[count] = report_format_name((ReportFormat)count);
    return count;
}

static bool bad_value(Parser *parser, OptionId id, Str value)
{
    Str words[OPTION_WORDS_MAX];
    uint32_t count = options_words(id, parser->options->command, words);
    Buf list = buf_new(parser->arena);

    for (uint32_t i = 0; i < count; i++) {
        if (i)
            buf_add_z(&list, i + 1 == count ? " or " : ", ");
        buf_add(&list, words[i]);
    }
    return refuse(parser,
                  str_format(parser->arena, "--%.*s takes %.*s, not `%.*s`",
                             STR_ARG(option_spec(id)->name), STR_ARG(buf_str(&list)),
                             STR_ARG(value)),
                  suggest(parser, str_nearest(value, words, count), "", STR("")));
}

static bool read_severity(Parser *parser, OptionId id, Str value, Severity *severity)
{
    return severity_parse(value, severity) || bad_value(parser, id, value);
}

static bool read_color(Parser *parser, OptionId id, Str value)
{
    for (uint32_t i = 0; i < COLOR_COUNT; i++) {
        if (str_eq(value, color_words[i])) {
            parser->options->color = (ColorChoice)i;
            return true;
        }
    }
    return bad_value(parser, id, value);
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
                                 STR_ARG(option_spec(id)->name), most, STR_ARG(value)),
                      STR(""));
    *result = number;
    return true;
}

static bool read_format(Parser *parser, OptionId id, Str value, ReportFormat *format)
{
    return (report_format_parse(value, format) &&
            *format < options_format_count(parser->options->command)) ||
           bad_value(parser, id, value);
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

    setup->fail_on_given = true;
    setup->blocks = !str_eq(value, STR("none"));
    return !setup->blocks || read_severity(parser, OPTION_FAIL_ON, value, &setup->fail_on);
}

static bool read_until(Parser *parser, Str value)
{
    int64_t end;

    return baseline_date(value, &end) ||
           refuse(parser,
                  str_format(parser->arena, "--until takes a day, YYYY-MM-DD, not `%.*s`",
                             STR_ARG(value)),
                  STR(""));
}

/* Where that goes which is taken as it stands. */
typedef enum Take {
    TAKE_PARSED, /* it is not: see parse_value() */
    TAKE_SWITCH,
    TAKE_TEXT,
    TAKE_LIST,
} Take;

typedef struct Slot {
    Take take;
    size_t at; /* in Options */
} Slot;

#define SWITCH(member)                                                                             \
    {                                                                                              \
        TAKE_SWITCH, offsetof(Options, member)                                                     \
    }
#define TEXT(member)                                                                               \
    {                                                                                              \
        TAKE_TEXT, offsetof(Options, member)                                                       \
    }
#define LIST(member)                                                                               \
    {                                                                                              \
        TAKE_LIST, offsetof(Options, member)                                                       \
    }

static const Slot slots[OPTION_COUNT] = {
    [OPTION_RULES] = LIST(setup.rule_paths),
    [OPTION_POLICY] = LIST(setup.policies),
    [OPTION_RULE] = LIST(setup.rules),
    [OPTION_SKIP_RULE] = LIST(setup.skip_rules),
    [OPTION_PATH] = LIST(setup.paths),
    [OPTION_SKIP_PATH] = LIST(setup.skip_paths),
    [OPTION_VAR_FILE] = LIST(setup.var_files),
    [OPTION_DIR] = TEXT(dir),
    [OPTION_MODULE_DIR] = TEXT(setup.module_dir),
    [OPTION_HELM] = TEXT(setup.helm),
    [OPTION_HELM_VALUES] = LIST(setup.helm_values),
    [OPTION_SOURCE] = TEXT(setup.source),
    [OPTION_CONFIG] = TEXT(setup.config),
    [OPTION_ROOT] = TEXT(setup.root),
    [OPTION_SINCE] = TEXT(setup.since),
    [OPTION_BASELINE] = TEXT(setup.baseline),
    [OPTION_COMPARE] = TEXT(compare),
    [OPTION_BADGE] = TEXT(badge),
    [OPTION_HISTORY] = TEXT(history),
    [OPTION_BRANCH] = TEXT(branch),
    [OPTION_COMMIT] = TEXT(commit),
    [OPTION_UNTIL] = TEXT(until),
    [OPTION_REASON] = TEXT(reason),
    [OPTION_SOFT_FAIL] = SWITCH(soft_fail),
    [OPTION_PRUNE] = SWITCH(prune),
    [OPTION_STAGED] = SWITCH(setup.staged),
    [OPTION_SHOW_UNKNOWN] = SWITCH(setup.show_unknown),
    [OPTION_ALL_VERDICTS] = SWITCH(setup.all_verdicts),
    [OPTION_NO_SUPPRESSIONS] = SWITCH(setup.no_suppressions),
    [OPTION_ALLOW_EMPTY] = SWITCH(setup.allow_empty),
    [OPTION_SARIF_SUPPRESSED] = SWITCH(report.sarif_suppressed),
    [OPTION_JUNIT_ONLY_FAILURES] = SWITCH(report.junit_only_failures),
    [OPTION_FORCE] = SWITCH(force),
    [OPTION_SCHEMA] = SWITCH(schema),
    [OPTION_QUIET] = SWITCH(quiet),
    [OPTION_HELP] = SWITCH(help),
};

#undef SWITCH
#undef TEXT
#undef LIST

/* A value that has to be understood. */
static bool parse_value(Parser *parser, OptionId id, Str value)
{
    Options *options = parser->options;
    SetupOptions *setup = &options->setup;

    switch (id) {
    case OPTION_FORMAT:
        return read_format(parser, id, value, &options->format) &&
               keep(parser, &parser->formats, value);
    case OPTION_OUTPUT:
        return keep(parser, &parser->outputs, value);
    case OPTION_VAR:
        return read_var(parser, value);
    case OPTION_REPORT_AT:
        setup->report_at_given = true;
        return read_severity(parser, id, value, &setup->report_at);
    case OPTION_FAIL_ON:
        return read_fail_on(parser, value);
    case OPTION_SARIF_MAX_RESULTS:
        return read_number(parser, id, value, 25000, &options->report.sarif_max_results);
    case OPTION_JOBS:
        return read_number(parser, id, value, 9999, &setup->jobs);
    case OPTION_MIN_SCORE:
        return read_number(parser, id, value, 100, &setup->min_score);
    case OPTION_LAST:
        return read_number(parser, id, value, 9999, &options->last);
    case OPTION_COLOR:
        return read_color(parser, id, value);
    default:
        return false;
    }
}

/* A text that is given must not be empty, since an empty one means that none is. */
static bool take_text(Parser *parser, OptionId id, Str value, Str *text)
{
    *text = value;
    if (!value.size)
        return refuse(parser,
                      str_format(parser->arena, "--%.*s needs a value: %s",
                                 STR_ARG(option_spec(id)->name), option_spec(id)->argument),
                      STR(""));
    return id != OPTION_UNTIL || read_until(parser, value);
}

static bool read_value(Parser *parser, OptionId id, Str value)
{
    void *slot = (char *)parser->options + slots[id].at;

    switch (slots[id].take) {
    case TAKE_TEXT:
        return take_text(parser, id, value, slot);
    case TAKE_LIST:
        return keep(parser, slot, value);
    case TAKE_PARSED:
    case TAKE_SWITCH:
        break;
    }
    return parse_value(parser, id, value);
}

static void set_switch(Options *options, OptionId id)
{
    if (slots[id].take == TAKE_SWITCH)
        *(bool *)((char *)options + slots[id].at) = true;
    else if (id == OPTION_FIX_DRY_RUN)
        options->fix = FIX_SHOW;
    else if (id == OPTION_FIX && !options->fix)
        options->fix = FIX_WRITE;
}

/* --- words --- */

/* `--jobs` is an option of `plumb scan`, ... */
static bool misplaced_option(Parser *parser, Str word, OptionId id)
{
    Buf list = buf_new(parser->arena);

    for (uint32_t i = 0; i < COMMAND_COUNT; i++)
        if (option_applies(id, (Command)i))
            buf_printf(&list, "%s`plumb %.*s`", list.size ? ", " : "",
                       STR_ARG(command_spec((Command)i)->name));
    return refuse(parser,
                  str_format(parser->arena, "`plumb %.*s` has no option `%.*s`",
                             STR_ARG(command_spec(parser->options->command)->name), STR_ARG(word)),
                  str_format(parser->arena, "it belongs to %.*s", STR_ARG(buf_str(&list))));
}

static bool unknown_option(Parser *parser, Str word, Str name)
{
    Str names[OPTION_COUNT];
    uint32_t count = 0;
    Str otherwise = str_format(parser->arena, "`plumb help %.*s` lists the options",
                               STR_ARG(command_spec(parser->options->command)->name));

    for (uint32_t i = 0; i < OPTION_COUNT; i++) {
        if (option_applies((OptionId)i, parser->options->command))
            names[count++] = option_spec((OptionId)i)->name;
        else if (str_eq(name, option_spec((OptionId)i)->name))
            return misplaced_option(parser, word, (OptionId)i);
    }
    return refuse(parser, str_format(parser->arena, "unknown option `%.*s`", STR_ARG(word)),
                  suggest(parser, str_nearest(name, names, count), "--", otherwise));
}

static bool find_option(const Parser *parser, Str name, char letter, OptionId *id)
{
    for (uint32_t i = 0; i < OPTION_COUNT; i++) {
        const OptionSpec *spec = option_spec((OptionId)i);
        bool same = letter ? spec->letter == letter : str_eq(spec->name, name);
        if (same && option_applies((OptionId)i, parser->options->command)) {
            *id = (OptionId)i;
            return true;
        }
    }
    return false;
}

/* The value of an option: what is attached to it, else the next word. */
static bool take_value(Parser *parser, OptionId id, bool attached, Str value)
{
    if (!option_spec(id)->argument) {
        if (attached)
            return refuse(
                parser,
                str_format(parser->arena, "--%.*s takes no value", STR_ARG(option_spec(id)->name)),
                STR(""));
        set_switch(parser->options, id);
        return true;
    }
    if (!attached) {
        if (parser->at == parser->count)
            return refuse(parser,
                          str_format(parser->arena, "--%.*s needs a value: %s",
                                     STR_ARG(option_spec(id)->name), option_spec(id)->argument),
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
        if (option_spec(id)->argument)
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

static Str nearest_format(Str word)
{
    Str words[OPTION_WORDS_MAX];

    return str_nearest(word, words, options_words(OPTION_FORMAT, COMMAND_SCAN, words));
}

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
        if (before.size && nearest_format(before).size)
            return refuse(
                parser, str_format(parser->arena, "`%.*s` is no form of a report", STR_ARG(before)),
                str_format(parser->arena, "did you mean `%.*s`? a file of that name is `./%.*s`",
                           STR_ARG(nearest_format(before)), STR_ARG(value)));
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
    if (count && parser->options->fix == FIX_SHOW)
        return refuse(parser, STR("--fix-dry-run prints its diff to standard output"),
                      STR("give the report a file: -o FORMAT=PATH"));
    return count < 2 || refuse(parser, STR("only one report can go to standard output"),
                               STR("give the others a file: -o FORMAT=PATH"));
}

static bool fixes_files(Parser *parser)
{
    const Options *options = parser->options;

    for (uint32_t i = 0; options->fix && i < options->setup.arguments.count; i++)
        if (str_eq(options->setup.arguments.items[i], STR("-")))
            return refuse(parser, STR("standard input is no file that could be changed"),
                          STR("give --fix and --fix-dry-run the path of the file"));
    return true;
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
    if (!parser->formats.count && !plain && options->fix != FIX_SHOW)
        options->outputs[options->output_count++] = (OutputRequest){REPORT_HUMAN, STR("-")};
    return only_one_at_stdout(parser);
}

/* --- all of it --- */

static bool read_command(Parser *parser)
{
    Str word = parser->count ? str_of(parser->words[0]) : STR("help");
    Str names[COMMAND_COUNT];
    Str near;

    parser->at = 1;
    if (command_find(word, &parser->options->command))
        return true;
    if (str_eq(word, STR("--version")) || str_eq(word, STR("-V"))) {
        parser->options->command = COMMAND_VERSION;
        return true;
    }
    if (str_eq(word, STR("--help")) || str_eq(word, STR("-h"))) {
        parser->options->command = COMMAND_HELP;
        return true;
    }
    if (str_starts(word, STR("-")))
        return refuse(parser, str_format(parser->arena, "`%.*s` is no command", STR_ARG(word)),
                      STR("options follow the command: plumb scan --quiet ."));
    command_names(names);
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
    return read_command(&parser) && read_words(&parser) && plan_outputs(&parser) &&
           fixes_files(&parser);
}
