/* plumb/plumb.h: the embedding API, and what a scan as a whole promises. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "plumb/plumb.h"

typedef struct Seen {
    unsigned failed;
    unsigned errors;
    unsigned calls;
    unsigned stop_after;
    unsigned long hash; /* of everything, in order */
} Seen;

static void add(Seen *seen, const char *text)
{
    for (; *text; text++)
        seen->hash = seen->hash * 31 + (unsigned char)*text;
}

static int see(void *context, const plumb_finding *finding)
{
    Seen *seen = context;

    seen->calls++;
    seen->failed += finding->outcome == PLUMB_FAIL;
    seen->errors += finding->outcome == PLUMB_ERROR;
    add(seen, finding->rule);
    add(seen, finding->resource);
    add(seen, finding->attribute);
    add(seen, finding->file);
    add(seen, finding->message);
    add(seen, finding->fix);
    add(seen, finding->fingerprint);
    return seen->stop_after && seen->calls >= seen->stop_after;
}

static const char pod[] = "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec:\n  containers:\n"
                          "    - name: web\n      image: nginx\n      securityContext:\n"
                          "        privileged: true\n";

static void a_text_is_judged(void **state)
{
    Seen seen = {0};

    (void)state;
    assert_int_equal(plumb_scan_buffer("x.yaml", pod, strlen(pod), NULL, see, &seen), PLUMB_FAILED);
    assert_true(seen.failed > 0);
    assert_int_equal(seen.errors, 0);
}

static void options_decide_the_status(void **state)
{
    plumb_options options;
    Seen seen = {0};

    (void)state;
    plumb_options_init(&options);
    options.fail_on = PLUMB_NEVER;
    assert_int_equal(plumb_scan_buffer("x", pod, strlen(pod), &options, see, &seen), PLUMB_PASSED);
    seen = (Seen){0};
    assert_int_equal(plumb_scan_buffer("x", "", 0, &options, see, &seen), PLUMB_INCOMPLETE);
    assert_int_equal(seen.errors, 1);
    options.allow_empty = 1;
    assert_int_equal(plumb_scan_buffer("x", "", 0, &options, see, &seen), PLUMB_PASSED);
}

static void a_broken_text_is_an_error(void **state)
{
    Seen seen = {0};

    (void)state;
    assert_int_equal(plumb_scan_buffer("x", pod, strlen(pod) - 6, NULL, see, &seen), PLUMB_FAILED);
    seen = (Seen){0};
    assert_int_equal(plumb_scan_buffer("x", "apiVersion: v1\nkind: [", 22, NULL, see, &seen),
                     PLUMB_INCOMPLETE);
    assert_int_equal(seen.errors, 1);
}

static void a_callback_can_stop_the_calls(void **state)
{
    Seen seen = {.stop_after = 1};

    (void)state;
    assert_int_equal(plumb_scan_buffer("x.yaml", pod, strlen(pod), NULL, see, &seen), PLUMB_FAILED);
    assert_int_equal(seen.calls, 1);
}

static void any_number_of_threads_says_the_same(void **state)
{
    char folder[] = "/tmp/plumb-scan-XXXXXX";
    char command[64];
    plumb_options options;
    Seen first = {0};

    (void)state;
    assert_non_null(mkdtemp(folder));
    for (int i = 0; i < 200; i++) {
        char path[64];
        FILE *file;
        snprintf(path, sizeof path, "%s/%d.yaml", folder, i);
        file = fopen(path, "w");
        assert_non_null(file);
        for (int j = 0; j <= i % 7 * (i % 50 == 0 ? 40 : 1); j++)
            fprintf(file, "---\n%s", pod);
        fclose(file);
    }
    plumb_options_init(&options);
    for (options.jobs = 1; options.jobs <= 8; options.jobs++) {
        Seen seen = {0};
        assert_int_equal(plumb_scan_path(folder, &options, see, &seen), PLUMB_FAILED);
        if (options.jobs == 1)
            first = seen;
        assert_int_equal(seen.calls, first.calls);
        assert_true(seen.hash == first.hash);
    }
    snprintf(command, sizeof command, "rm -rf %s", folder);
    assert_int_equal(system(command), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_text_is_judged),
        cmocka_unit_test(options_decide_the_status),
        cmocka_unit_test(a_broken_text_is_an_error),
        cmocka_unit_test(a_callback_can_stop_the_calls),
        cmocka_unit_test(any_number_of_threads_says_the_same),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
