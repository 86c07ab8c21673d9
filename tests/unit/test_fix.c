/* Files that are replaced, and diffs of them. */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"
#include "base/file_replace.h"
#include "report/diff.h"

/* --- files --- */

static char directory[] = "/tmp/plumb-fix-XXXXXX";
static int dir = -1;

static int make_directory(void **state)
{
    (void)state;
    dir = mkdtemp(directory) ? open(directory, O_RDONLY | O_DIRECTORY) : -1;
    return dir < 0;
}

static int remove_directory(void **state)
{
    (void)state;
    unlinkat(dir, "a", 0);
    unlinkat(dir, "link", 0);
    close(dir);
    return rmdir(directory); /* fails where something was left behind */
}

static void write_file(const char *name, const char *text)
{
    int fd = openat(dir, name, O_WRONLY | O_CREAT | O_TRUNC, 0640);

    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
    close(fd);
}

static void expect_file(const char *name, const char *expected)
{
    Arena *arena = arena_new(1 << 20);
    Str text;
    int error;

    assert_true(file_read(dir, name, 1000, arena, &text, &error));
    assert_true(str_eq(text, str_of(expected)));
    arena_free(arena);
}

static void a_file_gets_a_new_text_and_keeps_its_permissions(void **state)
{
    struct stat seen, now;
    int error;

    (void)state;
    write_file("a", "one");
    assert_int_equal(fchmodat(dir, "a", 0751, 0), 0);
    assert_int_equal(fstatat(dir, "a", &seen, 0), 0);
    assert_true(file_replace(dir, "a", STR("two"), &seen, &error));
    expect_file("a", "two");
    assert_int_equal(fstatat(dir, "a", &now, 0), 0);
    assert_int_equal(now.st_mode & 07777, 0751);
}

static void a_file_that_was_written_to_meanwhile_stays(void **state)
{
    struct stat seen;
    int error;

    (void)state;
    write_file("a", "one");
    assert_int_equal(fstatat(dir, "a", &seen, 0), 0);
    write_file("a", "more");
    assert_false(file_replace(dir, "a", STR("two"), &seen, &error));
    assert_int_equal(error, ESTALE);
    expect_file("a", "more");
}

static void a_link_in_the_place_of_a_file_is_not_written_through(void **state)
{
    struct stat seen;
    int error;

    (void)state;
    write_file("a", "one");
    assert_int_equal(fstatat(dir, "a", &seen, 0), 0);
    assert_int_equal(symlinkat("a", dir, "link"), 0);
    assert_false(file_replace(dir, "link", STR("two"), &seen, &error));
    assert_int_equal(error, ESTALE);
    expect_file("a", "one");
}

/* --- diffs --- */

typedef struct Case {
    const char *text;
    Edit edits[3];
    const char *expected; /* without the names */
} Case;

static Edit change(uint32_t start, uint32_t end, const char *text)
{
    return (Edit){.start = start, .end = end, .text = str_of(text)};
}

static void expect_diff(const Case *item)
{
    Arena *arena = arena_new(1 << 20);
    EditPlan plan = edit_plan_new(arena);
    Out out = out_new(-1, arena);
    Str head = STR("--- a/x\n+++ b/x\n");
    Str written;

    for (size_t i = 0; i < 3 && item->edits[i].text.data; i++)
        assert_true(edit_plan_add(&plan, &item->edits[i], 1));
    diff_write(&out, STR("x"), str_of(item->text), &plan, arena);
    written = (Str){out.data, out.used};
    assert_true(str_starts(written, head));
    assert_string_equal(str_copy_z(arena, str_from(written, head.size)), item->expected);
    arena_free(arena);
}

static void changes_have_three_lines_around_them(void **state)
{
    const Case cases[] = {
        {"a\nb\nc\nd\ne\nf\ng\nh\n",
         {change(8, 9, "E")},
         "@@ -2,7 +2,7 @@\n b\n c\n d\n-e\n+E\n f\n g\n h\n"},
        {"a\nb\n", {change(0, 0, "new\n")}, "@@ -1,2 +1,3 @@\n+new\n a\n b\n"},
        {"a\nb\n", {change(4, 4, "new\n")}, "@@ -1,2 +1,3 @@\n a\n b\n+new\n"},
        {"a\nb",
         {change(3, 3, "\nnew")},
         "@@ -1,2 +1,3 @@\n a\n-b\n\\ No newline at end of file\n"
         "+b\n+new\n\\ No newline at end of file\n"},
        {"a\nb\nc\n", {change(2, 4, "")}, "@@ -1,3 +1,2 @@\n a\n-b\n c\n"},
        {"a",
         {change(0, 1, "b")},
         "@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+b\n\\ No newline "
         "at end of file\n"},
        {"", {change(0, 0, "a\n")}, "@@ -0,0 +1 @@\n+a\n"},
        {"a\r\nb\r\n", {change(3, 4, "c")}, "@@ -1,2 +1,2 @@\n a\r\n-b\r\n+c\r\n"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        expect_diff(&cases[i]);
}

static void changes_near_each_other_share_a_hunk(void **state)
{
    const Case cases[] = {
        {"a\nb\nc\n", {change(0, 1, "A"), change(1, 1, "B")}, "@@ -1,3 +1,3 @@\n-a\n+AB\n b\n c\n"},
        {"a\nb\n1\n2\n3\n4\n5\n6\nc\n",
         {change(0, 0, "x\n"), change(2, 3, "B"), change(16, 17, "C")},
         "@@ -1,9 +1,10 @@\n+x\n a\n-b\n+B\n 1\n 2\n 3\n 4\n 5\n 6\n-c\n+C\n"},
        {"a\nb\n1\n2\n3\n4\n5\n6\n7\nc\n",
         {change(0, 0, "x\n"), change(2, 3, "B"), change(18, 19, "C")},
         "@@ -1,5 +1,6 @@\n+x\n a\n-b\n+B\n 1\n 2\n 3\n@@ -7,4 +8,4 @@\n 5\n 6\n 7\n-c\n+C\n"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        expect_diff(&cases[i]);
}

static void names_with_odd_bytes_are_quoted(void **state)
{
    Arena *arena = arena_new(1 << 20);
    EditPlan plan = edit_plan_new(arena);
    Edit edit = change(0, 1, "b");
    Out out = out_new(-1, arena);

    (void)state;
    assert_true(edit_plan_add(&plan, &edit, 1));
    diff_write(&out, STR("a \"\xc3\xa9"), STR("a\n"), &plan, arena);
    assert_true(str_starts((Str){out.data, out.used},
                           STR("--- \"a/a \\\"\\303\\251\"\n+++ \"b/a \\\"\\303\\251\"\n")));
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_gets_a_new_text_and_keeps_its_permissions),
        cmocka_unit_test(a_file_that_was_written_to_meanwhile_stays),
        cmocka_unit_test(a_link_in_the_place_of_a_file_is_not_written_through),
        cmocka_unit_test(changes_have_three_lines_around_them),
        cmocka_unit_test(changes_near_each_other_share_a_hunk),
        cmocka_unit_test(names_with_odd_bytes_are_quoted),
    };

    return cmocka_run_group_tests(tests, make_directory, remove_directory);
}
