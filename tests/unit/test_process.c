/* base/process: programs are run to their end, and no further. */
#include "arena_state.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "base/process.h"

static ProcessResult run(Arena *arena, const char *script, uint32_t seconds, size_t limit)
{
    const char *arguments[] = {"/bin/sh", "-c", script, NULL};
    const char *environment[] = {"A=b", NULL};
    ProcessCommand command = {.arguments = arguments,
                              .environment = environment,
                              .directory = "/",
                              .seconds = seconds,
                              .output_limit = limit,
                              .memory_limit = (size_t)1 << 30};
    ProcessResult result;

    assert_true(process_run(&command, arena, &result));
    return result;
}

static void outputs_and_status_are_told(void **state)
{
    ProcessResult result = run(*state, "echo \"$A\"; pwd; echo no >&2; exit 3", 10, 1000);

    assert_int_equal(result.end, PROCESS_EXITED);
    assert_int_equal(result.code, 3);
    assert_true(str_eq(result.output, STR("b\n/\n")));
    assert_true(str_eq(result.errors, STR("no\n")));
}

static void there_is_nothing_to_read(void **state)
{
    ProcessResult result = run(*state, "read x || echo end", 10, 1000);

    assert_true(str_eq(result.output, STR("end\n")));
}

static void a_signal_is_told(void **state)
{
    ProcessResult result = run(*state, "kill -TERM $$", 10, 1000);

    assert_int_equal(result.end, PROCESS_KILLED);
    assert_int_equal(result.code, SIGTERM);
}

static void what_prints_too_much_is_ended(void **state)
{
    ProcessResult result = run(*state, "while :; do echo x; done", 60, 1000);

    assert_int_equal(result.end, PROCESS_TOO_LARGE);
}

static void what_takes_too_long_is_ended(void **state)
{
    assert_int_equal(run(*state, "while :; do :; done", 1, 1000).end, PROCESS_TOO_LONG);
    assert_int_equal(run(*state, "exec >&- 2>&-; while :; do :; done", 1, 1000).end,
                     PROCESS_TOO_LONG);
}

static void what_is_not_there_is_not_started(void **state)
{
    const char *arguments[] = {"/nonexistent/program", NULL};
    const char *environment[] = {NULL};
    ProcessCommand command = {.arguments = arguments,
                              .environment = environment,
                              .directory = "/",
                              .seconds = 10,
                              .output_limit = 10,
                              .memory_limit = (size_t)1 << 30};
    ProcessResult result;

    assert_true(process_run(&command, *state, &result));
    assert_int_equal(result.end, PROCESS_NOT_STARTED);
    assert_int_equal(result.code, ENOENT);
}

static void what_else_is_open_stays_here(void **state)
{
#ifndef __GLIBC__
    skip();
#endif
    int ends[2], open;
    char script[64];

    assert_int_equal(pipe(ends), 0);
    open = dup2(ends[1], 9);
    assert_int_equal(open, 9);
    snprintf(script, sizeof script, "(echo secret >&%d) 2>/dev/null || echo closed", open);
    assert_true(str_eq(run(*state, script, 10, 1000).output, STR("closed\n")));
    close(open);
    close(ends[0]);
    close(ends[1]);
}

static void what_is_left_behind_ends_by_itself(void **state)
{
#ifndef __linux__
    skip();
#endif
    assert_true(str_eq(run(*state, "sleep 0.2; ulimit -t", 10, 1000).output, STR("40\n")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(outputs_and_status_are_told, set_up, tear_down),
        cmocka_unit_test_setup_teardown(there_is_nothing_to_read, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_signal_is_told, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_prints_too_much_is_ended, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_takes_too_long_is_ended, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_not_there_is_not_started, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_else_is_open_stays_here, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_left_behind_ends_by_itself, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
