#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <unistd.h>

#include "report/html_text.h"

typedef struct Case {
    Str text;
    const char *expected;
} Case;

/* Compares what `write` makes of a text. */
static void assert_written(void (*write)(Out *, Str), const Case *one)
{
    char room[512] = {0};
    int ends[2];
    Out out = {0};

    assert_int_equal(pipe(ends), 0);
    out.fd = ends[1];
    write(&out, one->text);
    assert_true(out_flush(&out));
    close(ends[1]);
    for (ssize_t got, at = 0; (got = read(ends[0], room + at, sizeof room - 1 - (size_t)at)) > 0;)
        at += got;
    close(ends[0]);
    assert_string_equal(room, one->expected);
}

static void no_character_ends_an_element_or_an_attribute(void **state)
{
    static const Case cases[] = {
        {STR_INIT(""), ""},
        {STR_INIT("plain"), "plain"},
        {STR_INIT("<a href='x' title=\"y\">&amp;"),
         "&lt;a href=&#39;x&#39; title=&quot;y&quot;&gt;&amp;amp;"},
        {STR_INIT("two\nlines\tand `ticks`"), "two&lt;U+000a&gt;lines and `ticks`"},
        {STR_INIT("\xff\xc0\x80g\xc3\xbc"), "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbdg\xc3\xbc"},
        {STR_INIT("a\xe2\x80\xae\x1b[0m\0b"), "a&lt;U+202e&gt;&lt;U+001b&gt;[0m&lt;U+0000&gt;b"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_written(html_text, &cases[i]);
}

static void prose_has_paragraphs_and_code(void **state)
{
    static const Case cases[] = {
        {STR_INIT(" \n"), ""},
        {STR_INIT("Set `a < b`.\n"), "<p>Set <code>a &lt; b</code>.</p>"},
        {STR_INIT("one\n  two\n\n\nthree"), "<p>one two</p><p>three</p>"},
        {STR_INIT("an `open\nend"), "<p>an <code>open end</code></p>"},
        {STR_INIT("an `open\n\nend"), "<p>an <code>open</code></p><p>end</p>"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_written(html_prose, &cases[i]);
}

static void write_number(Out *out, Str text)
{
    uint64_t number = 0;

    for (uint32_t i = 0; i < text.size; i++)
        number = number * 10 + (uint64_t)(text.data[i] - '0');
    html_number(out, number);
}

static void numbers_are_grouped(void **state)
{
    static const Case cases[] = {
        {STR_INIT("0"), "0"},
        {STR_INIT("999"), "999"},
        {STR_INIT("1000"), "1,000"},
        {STR_INIT("20007"), "20,007"},
        {STR_INIT("1000000000"), "1,000,000,000"},
        {STR_INIT("18446744073709551615"), "18,446,744,073,709,551,615"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_written(write_number, &cases[i]);
}

static void links_go_to_the_web_only(void **state)
{
    (void)state;
    assert_true(html_is_link(STR("https://example.com")));
    assert_false(html_is_link(STR("javascript:alert(1)")));
    assert_false(html_is_link(STR("data:text/html,x")));
    assert_false(html_is_link(STR(" https://example.com")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_character_ends_an_element_or_an_attribute),
        cmocka_unit_test(prose_has_paragraphs_and_code),
        cmocka_unit_test(numbers_are_grouped),
        cmocka_unit_test(links_go_to_the_web_only),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
