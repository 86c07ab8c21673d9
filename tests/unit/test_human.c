/* report/human and report/terminal: what people read. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "demo_rule.h"
#include "report/human.h"

/* What a report of one verdict says. */
static Str report_of(Arena *arena, const ReportOptions *options, const Verdict *verdict,
                     const ScanResult *result)
{
    char name[] = "/tmp/plumb-human-XXXXXX";
    int fd = mkstemp(name);
    Report report = report_new(REPORT_HUMAN, fd, options, arena);
    Str text;
    int error;

    assert_true(fd >= 0);
    report_begin(&report);
    report_verdicts(&report, verdict, verdict ? 1 : 0);
    assert_true(report_end(&report, result));
    close(fd);
    assert_true(file_read(AT_FDCWD, name, 1 << 20, arena, &text, &error));
    unlink(name);
    return text;
}

static Verdict example(void)
{
    return (Verdict){.rule = ruleset_rule(&rules, 0),
                     .status = STATUS_FAIL,
                     .severity = SEVERITY_HIGH,
                     .enabled = true,
                     .resource = STR("Pod/default/a"),
                     .attribute = STR("a"),
                     .place = {.file = STR("x.yaml"), .start = {3, 3}, .end = {3, 7}},
                     .excerpt = STR("  a: 1"),
                     .message = STR("a is one")};
}

static void a_finding_shows_its_line_and_its_fix(void **state)
{
    Arena *arena = arena_new(1 << 20);
    ReportOptions options = {.quiet = true};
    ScanResult result = {0};
    Verdict verdict = example();

    (void)state;
    assert_string_equal(report_of(arena, &options, &verdict, &result).data,
                        "x.yaml\n"
                        "  3:3 Pod/default/a\n"
                        "     3 |   a: 1\n"
                        "       |   ^^^^\n"
                        "  high      a is one  demo-a\n"
                        "            fix: Do this.\n");
    arena_free(arena);
}

static void only_what_is_scanned_is_named_from_the_directory_that_is_scanned(void **state)
{
    Arena *arena = arena_new(1 << 20);
    ReportOptions options = {.quiet = true, .prefix = STR("live/")};
    Problem problems[] = {
        {.code = "yaml-syntax", .place.file = STR("x.yaml"), .message = STR("a")},
        {.code = "config", .place.file = STR("plumb.yaml"), .message = STR("b"), .from_here = true},
    };
    ScanResult result = {.problems = problems, .problem_count = 2};
    Verdict verdict = example();
    Str text;

    (void)state;
    problems[0].level = problems[1].level = DIAG_ERROR;
    text = report_of(arena, &options, &verdict, &result);
    assert_true(str_starts(text, STR("live/x.yaml\n")));
    assert_true(str_find(text, STR("\nlive/x.yaml: error[yaml-syntax]: a\n")) >= 0);
    assert_true(str_find(text, STR("\nplumb.yaml: error[config]: b\n")) >= 0);
    arena_free(arena);
}

static void what_a_terminal_would_obey_is_made_visible(void **state)
{
    Arena *arena = arena_new(1 << 20);
    ReportOptions options = {.quiet = true};
    ScanResult result = {0};
    Verdict verdict = example();
    Str text;

    (void)state;
    verdict.excerpt = STR("\t\x1b[31m");
    verdict.message = STR("a\nb\xff\xe2\x80\xae");
    text = report_of(arena, &options, &verdict, &result);
    assert_true(str_find(text, STR("a<U+000a>b\xef\xbf\xbd<U+202e>")) >= 0);
    assert_true(str_find(text, STR("<U+001b>[31m")) >= 0);
    assert_true(str_find_char(text, '\x1b') < 0);
    arena_free(arena);
}

static void a_long_line_is_cut_around_its_mark(void **state)
{
    Arena *arena = arena_new(1 << 20);
    ReportOptions options = {.quiet = true};
    ScanResult result = {0};
    Verdict verdict = example();
    char line[2000];
    Str text;

    (void)state;
    memset(line, 'x', sizeof line);
    memcpy(line + 1000, "HERE", 4);
    verdict.excerpt = (Str){line, sizeof line};
    verdict.place.start.column = 1001;
    verdict.place.end.column = 1005;
    text = report_of(arena, &options, &verdict, &result);
    assert_true(text.size < 500);
    assert_true(str_find(text, STR("HERE")) >= 0);
    assert_true(str_find(text, STR("^^^^\n")) >= 0);
    arena_free(arena);
}

static void the_end_says_what_was_covered(void **state)
{
    Arena *arena = arena_new(1 << 20);
    ReportOptions options = {.fail_on = SEVERITY_HIGH};
    ScanResult result = {.coverage = {.files_seen = 3, .files_read = 2, .files_broken = 1},
                         .status = SCAN_INCOMPLETE};

    (void)state;
    assert_string_equal(report_of(arena, &options, NULL, &result).data,
                        "2 inputs read of 3 files (1 broken, 0 ignored), 0 resources, 0 rules\n"
                        "0 passed, 0 failed, 0 undecided\n"
                        "no verdict: the scan is incomplete\n");
    arena_free(arena);
}

static void colour_follows_the_choice_and_the_environment(void **state)
{
    (void)state;
    setenv("TERM", "xterm", 1);
    unsetenv("NO_COLOR");
    unsetenv("FORCE_COLOR");
    setenv("CLICOLOR_FORCE", "1", 1);
    assert_true(terminal_color(COLOR_AUTO, -1));
    assert_false(terminal_color(COLOR_NEVER, -1));
    setenv("NO_COLOR", "1", 1);
    assert_false(terminal_color(COLOR_AUTO, -1));
    assert_true(terminal_color(COLOR_ALWAYS, -1));
    setenv("NO_COLOR", "", 1);
    assert_true(terminal_color(COLOR_AUTO, -1));
    setenv("TERM", "dumb", 1);
    assert_false(terminal_color(COLOR_AUTO, -1));
    setenv("TERM", "xterm", 1);
    setenv("CLICOLOR_FORCE", "0", 1);
    assert_false(terminal_color(COLOR_AUTO, -1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_finding_shows_its_line_and_its_fix),
        cmocka_unit_test(what_a_terminal_would_obey_is_made_visible),
        cmocka_unit_test(only_what_is_scanned_is_named_from_the_directory_that_is_scanned),
        cmocka_unit_test(a_long_line_is_cut_around_its_mark),
        cmocka_unit_test(the_end_says_what_was_covered),
        cmocka_unit_test(colour_follows_the_choice_and_the_environment),
    };

    return cmocka_run_group_tests(tests, make_rules, free_rules);
}
