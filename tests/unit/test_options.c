/* cli/options: the words of the command line. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "cli/options.h"

#define READ(options, ...)                                                                         \
    read_all((options), (char *[]){__VA_ARGS__},                                                   \
             (int)(sizeof((char *[]){__VA_ARGS__}) / sizeof(char *)))

static Arena *memory;
static OptionError mistake;

static bool read_all(Options *options, char **words, int count)
{
    return options_read(count, words, memory, options, &mistake);
}

static void defaults_hold(void **state)
{
    Options options;

    (void)state;
    assert_true(READ(&options, "scan", "a", "b"));
    assert_int_equal(options.command, COMMAND_SCAN);
    assert_int_equal(options.setup.arguments.count, 2);
    assert_int_equal(options.setup.fail_on, SEVERITY_HIGH);
    assert_true(options.setup.blocks);
    assert_int_equal(options.setup.report_at, SEVERITY_INFO);
    assert_int_equal(options.output_count, 1);
    assert_int_equal(options.outputs[0].format, REPORT_HUMAN);
    assert_true(str_eq(options.outputs[0].path, STR("-")));
}

static void values_stand_apart_or_attached(void **state)
{
    Options options;

    (void)state;
    assert_true(READ(&options, "scan", "--format", "json", "--jobs=3", "-q", "--fail-on=none",
                     "--report-at", "low", "--rule=a", "--rule", "b", "--", "--odd"));
    assert_int_equal(options.outputs[0].format, REPORT_JSON);
    assert_int_equal(options.setup.jobs, 3);
    assert_true(options.quiet);
    assert_false(options.setup.blocks);
    assert_int_equal(options.setup.report_at, SEVERITY_LOW);
    assert_int_equal(options.setup.rules.count, 2);
    assert_true(str_eq(options.setup.arguments.items[0], STR("--odd")));
    assert_true(READ(&options, "scan", "-qfjson", "-"));
    assert_int_equal(options.outputs[0].format, REPORT_JSON);
    assert_true(str_eq(options.setup.arguments.items[0], STR("-")));
}

static void outputs_pair_with_formats(void **state)
{
    Options options;

    (void)state;
    assert_true(READ(&options, "scan", "-f", "json", "-o", "out.json"));
    assert_int_equal(options.output_count, 1);
    assert_int_equal(options.outputs[0].format, REPORT_JSON);
    assert_true(str_eq(options.outputs[0].path, STR("out.json")));
    assert_true(READ(&options, "scan", "-o", "json=out.json"));
    assert_int_equal(options.output_count, 2);
    assert_int_equal(options.outputs[0].format, REPORT_JSON);
    assert_int_equal(options.outputs[1].format, REPORT_HUMAN);
    assert_true(str_eq(options.outputs[1].path, STR("-")));
    assert_true(READ(&options, "scan", "-o", "a=b.txt"));
    assert_true(str_eq(options.outputs[0].path, STR("a=b.txt")));
}

static void expect_mistake(const char *message, const char *help)
{
    assert_string_equal(str_copy_z(memory, mistake.message), message);
    assert_string_equal(str_copy_z(memory, mistake.help), help);
}

static void mistakes_are_explained(void **state)
{
    Options options;

    (void)state;
    assert_false(READ(&options, "scna"));
    expect_mistake("unknown command `scna`", "did you mean `plumb scan`?");
    assert_false(READ(&options, "--quiet", "scan"));
    expect_mistake("`--quiet` is no command", "options follow the command: plumb scan --quiet .");
    assert_false(READ(&options, "scan", "--fromat=json"));
    expect_mistake("unknown option `--fromat=json`", "did you mean `--format`?");
    assert_false(READ(&options, "scan", "--fail-on", "hihg"));
    expect_mistake("--fail-on takes info, low, medium, high, critical or none, not `hihg`",
                   "did you mean `high`?");
    assert_false(READ(&options, "scan", "-o", "json"));
    expect_mistake("-o names a file, and `json` is a format", "write `-f json`, or `-o json=FILE`");
    assert_false(READ(&options, "scan", "--format"));
    expect_mistake("--format needs a value: FORMAT", "");
    assert_false(READ(&options, "scan", "--quiet=yes"));
    expect_mistake("--quiet takes no value", "");
    assert_false(READ(&options, "scan", "-j", "0"));
    assert_false(READ(&options, "scan", "-f", "json", "-f", "human"));
    expect_mistake("only one report can go to standard output",
                   "give the others a file: -o FORMAT=PATH");
    assert_false(READ(&options, "rules", "--jobs", "2"));
    expect_mistake("`plumb rules` has no option `--jobs`",
                   "it belongs to `plumb scan`, `plumb score`, `plumb history`, `plumb baseline`");
    assert_false(READ(&options, "scan", "-o", "srif=out.sarif"));
    expect_mistake("`srif` is no form of a report",
                   "did you mean `sarif`? a file of that name is `./srif=out.sarif`");
}

static void commands_are_known(void **state)
{
    Options options;

    (void)state;
    assert_true(READ(&options, "--version"));
    assert_int_equal(options.command, COMMAND_VERSION);
    assert_true(options_read(0, NULL, memory, &options, &mistake));
    assert_int_equal(options.command, COMMAND_HELP);
    assert_true(READ(&options, "rules", "--format", "json", "aws_*"));
    assert_int_equal(options.format, REPORT_JSON);
    assert_true(READ(&options, "explain", "--help"));
    assert_true(options.help);
}

/* A value that the option takes. */
static const char *some_value(OptionId id, Command command)
{
    const char *argument = option_spec(id)->argument;
    Str words[OPTION_WORDS_MAX];

    if (options_words(id, command, words))
        return str_copy_z(memory, words[0]);
    if (strcmp(argument, "N") == 0)
        return "7";
    if (strcmp(argument, "NAME=VALUE") == 0)
        return "a=b";
    return strcmp(argument, "DATE") == 0 ? "2030-01-31" : "x";
}

static void every_option_of_the_table_is_read(void **state)
{
    (void)state;
    for (Command command = 0; command < COMMAND_COUNT; command++) {
        for (OptionId id = 0; id < OPTION_COUNT; id++) {
            const OptionSpec *spec = option_spec(id);
            Str option = str_format(memory, "--%.*s", STR_ARG(spec->name));
            char *words[] = {(char *)str_copy_z(memory, command_spec(command)->name),
                             (char *)str_copy_z(memory, option), NULL};
            Options options;
            if (!option_applies(id, command))
                continue;
            if (spec->argument)
                words[2] = (char *)some_value(id, command);
            if (!read_all(&options, words, spec->argument ? 3 : 2))
                fail_msg("%s %s: %.*s", words[0], words[1], STR_ARG(mistake.message));
        }
    }
}

static void a_text_that_is_given_is_not_empty(void **state)
{
    Options options;

    (void)state;
    assert_false(READ(&options, "scan", "--since="));
    expect_mistake("--since needs a value: REF", "");
    assert_false(READ(&options, "scan", "--config", ""));
    expect_mistake("--config needs a value: FILE", "");
}

static int start(void **state)
{
    (void)state;
    memory = arena_new(1 << 20);
    return memory ? 0 : -1;
}

static int stop(void **state)
{
    (void)state;
    arena_free(memory);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(defaults_hold),
        cmocka_unit_test(values_stand_apart_or_attached),
        cmocka_unit_test(outputs_pair_with_formats),
        cmocka_unit_test(mistakes_are_explained),
        cmocka_unit_test(commands_are_known),
        cmocka_unit_test(every_option_of_the_table_is_read),
        cmocka_unit_test(a_text_that_is_given_is_not_empty),
    };

    return cmocka_run_group_tests(tests, start, stop);
}
