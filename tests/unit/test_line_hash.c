/* report/line_hash, uri, xml and worst: what the forms of a report are made with. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "report/line_hash.h"
#include "report/uri.h"
#include "report/worst.h"
#include "report/xml.h"

static void assert_hashes(Str text, const char *const *expected, uint32_t count)
{
    Arena *arena = arena_new(1 << 20);
    uint32_t found;
    LineHash *hashes = line_hashes(text, arena, &found);

    assert_non_null(hashes);
    assert_int_equal(found, count);
    for (uint32_t i = 0; i < count; i++)
        assert_string_equal(str_copy_z(arena, line_hash_text(hashes[i], arena)), expected[i]);
    arena_free(arena);
}

/* The vectors that GitHub's own tests publish. */
static void an_empty_file_has_one_line(void **state)
{
    static const char *const expected[] = {"c129715d7a2bc9a3:1"};

    (void)state;
    assert_hashes(STR(""), expected, 1);
}

static const char *const four[] = {"271789c17abda88f:1", "54703d4cd895b18:1", "180aee12dab6264:1",
                                   "a23a3dc5e078b07b:1"};

static void blanks_do_not_count(void **state)
{
    (void)state;
    assert_hashes(STR(" a\nb\n  \t\tc\n d"), four, 4);
    assert_hashes(STR("a\nb\nc\nd"), four, 4);
}

static void every_line_end_is_the_same(void **state)
{
    (void)state;
    assert_hashes(STR(" a\r\nb\r\n  \t\tc\r\n d"), four, 4);
    assert_hashes(STR(" a\rb\r  \t\tc\r d"), four, 4);
}

static void equal_lines_are_counted(void **state)
{
    Arena *arena = arena_new(1 << 22);
    char text[4000];
    uint32_t count;
    LineHash *hashes;

    (void)state;
    memset(text, 'x', sizeof text);
    for (uint32_t i = 200; i < sizeof text; i += 201)
        text[i] = '\n';
    hashes = line_hashes((Str){text, sizeof text}, arena, &count);
    assert_non_null(hashes);
    assert_int_equal(count, 20);
    for (uint32_t i = 1; i + 1 < count; i++) {
        assert_true(hashes[i].hash == hashes[0].hash);
        assert_int_equal(hashes[i].number, i + 1);
    }
    arena_free(arena);
}

static void any_bytes_have_hashes(void **state)
{
    Arena *arena = arena_new(1 << 22);
    char text[1024];
    uint32_t count;

    (void)state;
    for (uint32_t i = 0; i < sizeof text; i++)
        text[i] = (char)(i * 37 % 256);
    for (uint32_t i = 0; i < 300; i++)
        assert_non_null(line_hashes((Str){text + i, 1024 - i - i % 7}, arena, &count));
    arena_free(arena);
}

static void paths_are_relative_references(void **state)
{
    static const char *const cases[][2] = {
        {"main.tf", "main.tf"},
        {"./a/./b", "a/./b"},
        {"a b/c#d?.tf", "a%20b/c%23d%3F.tf"},
        {"a:b", "a%3Ab"},
        {"\xc3\xa9", "%C3%A9"},
        {"100%", "100%25"},
        {"<stdin>", "%3Cstdin%3E"},
        {"\xff\n", "%FF%0A"},
        {"a-b_c~d.e", "a-b_c~d.e"},
        {"", "."},
    };
    Arena *arena = arena_new(1 << 20);

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_string_equal(str_copy_z(arena, uri_of_path(str_of(cases[i][0]), arena)),
                            cases[i][1]);
    arena_free(arena);
}

static void xml_holds_any_text(void **state)
{
    char name[] = "/tmp/plumb-xml-XXXXXX";
    Arena *arena = arena_new(1 << 20);
    int fd = mkstemp(name);
    Out out = out_new(fd, arena);
    Str text;
    int error;

    (void)state;
    assert_true(fd >= 0);
    xml_attribute(&out, "a", STR("<\"&'\n\x01\x1b\xff\xef\xbf\xbf"));
    xml_text(&out, STR("]]>\t\n\r\xf0\x9f\x98\x80"));
    assert_true(out_flush(&out));
    close(fd);
    assert_true(file_read(AT_FDCWD, name, 1 << 20, arena, &text, &error));
    unlink(name);
    assert_string_equal(text.data, " a=\"&lt;&quot;&amp;'&#10;\xef\xbf\xbd\"]]&gt;\t\n&#13;"
                                   "\xf0\x9f\x98\x80");
    arena_free(arena);
}

static Verdict verdict_of(Severity severity, Str message)
{
    return (Verdict){.status = STATUS_FAIL,
                     .severity = severity,
                     .place = {.file = STR("a"), .start = {1, 1}, .end = {1, 2}},
                     .message = message};
}

static void add(Worst *worst, Severity severity, const char *message)
{
    Verdict verdict = verdict_of(severity, str_of(message));

    worst_add(worst, &verdict);
}

static void the_worst_are_kept_in_order(void **state)
{
    static const char expected[] = "bdf";
    Arena *arena = arena_new(1 << 20);
    Worst worst = worst_new(3, arena);
    uint32_t at = 0;

    (void)state;
    add(&worst, SEVERITY_LOW, "a");
    add(&worst, SEVERITY_CRITICAL, "b");
    add(&worst, SEVERITY_INFO, "c");
    add(&worst, SEVERITY_CRITICAL, "d");
    add(&worst, SEVERITY_LOW, "e");
    add(&worst, SEVERITY_HIGH, "f");
    add(&worst, SEVERITY_HIGH, "g");
    for (const Kept *kept = worst_first(&worst); kept; kept = worst_next(&worst, kept))
        assert_int_equal(kept->verdict.message.data[0], expected[at++]);
    assert_int_equal(at, 3);
    assert_int_equal(worst.seen, 7);
    arena_free(arena);
}

static void nothing_is_kept_where_nothing_fits(void **state)
{
    Arena *arena = arena_new(1 << 20);
    Worst worst = worst_new(0, arena);

    (void)state;
    add(&worst, SEVERITY_LOW, "a");
    assert_null(worst_first(&worst));
    assert_int_equal(worst.seen, 1);
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_empty_file_has_one_line),
        cmocka_unit_test(blanks_do_not_count),
        cmocka_unit_test(every_line_end_is_the_same),
        cmocka_unit_test(equal_lines_are_counted),
        cmocka_unit_test(any_bytes_have_hashes),
        cmocka_unit_test(paths_are_relative_references),
        cmocka_unit_test(xml_holds_any_text),
        cmocka_unit_test(the_worst_are_kept_in_order),
        cmocka_unit_test(nothing_is_kept_where_nothing_fits),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
