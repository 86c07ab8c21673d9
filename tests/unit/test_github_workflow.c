/* ir/github_workflow: workflows to resources. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/buf.h"
#include "ir/github_workflow.h"

static const Symbols no_symbols;

/* The addresses of what a workflow holds, a line each. */
static void expect(const char *text, bool good, const char *addresses)
{
    Unit unit = unit_new(arena_new(1 << 22), &no_symbols, NULL);
    Buf buf = buf_new(unit.arena);
    Source *source;

    source = sources_add(&unit.sources, STR(".github/workflows/ci.yml"), str_of(text));
    assert_non_null(source);
    assert_int_equal(github_workflow_build(&unit, source), good);
    for (uint32_t i = 0; i < unit.resource_count; i++) {
        buf_add(&buf, unit.resources[i].address);
        buf_add_char(&buf, '\n');
    }
    buf_add_char(&buf, '\0');
    assert_string_equal(buf.data, addresses);
    arena_free(unit.arena);
}

static void jobs_and_steps_are_resources(void **state)
{
    (void)state;
    expect("on: push\njobs:\n  test:\n    steps:\n    - uses: a/b@v1\n    - {id: x, name: y}\n"
           "    - name: z\n    - run: make\n  call: {uses: ./w.yml}\n",
           true,
           "workflow ci.yml\njob test\nstep test/a/b@v1\nstep test/x\nstep test/z\nstep test/4\n"
           "job call\n");
    expect("name: CI\non: push\njobs: {}\n", true, "workflow CI\n");
}

static void on_is_a_word(void **state)
{
    Unit unit = unit_new(arena_new(1 << 22), &no_symbols, NULL);
    Source *source = sources_add(&unit.sources, STR("ci.yml"), STR("on: push\njobs: {}\n"));

    (void)state;
    assert_true(github_workflow_build(&unit, source));
    assert_non_null(node_get_named(&unit.resources[0].body, STR("on")));
    arena_free(unit.arena);
}

static void odd_shapes_hold_nothing(void **state)
{
    (void)state;
    expect("", true, "");
    expect("- a\n", true, "");
    expect("jobs: 3\n", true, "");
    expect("jobs: {a: 1, b: {steps: 2}, c: {steps: [3, [], {}]}}\n", true,
           "workflow ci.yml\njob b\njob c\nstep c/3\n");
    expect("jobs: {a: [\n", false, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(jobs_and_steps_are_resources),
        cmocka_unit_test(on_is_a_word),
        cmocka_unit_test(odd_shapes_hold_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
