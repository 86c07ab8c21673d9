/* Patterns in RE2 syntax: what is accepted, how it matches, what is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants those before it */
#include <cmocka.h>

#include <string.h>

#include "base/regex.h"

typedef struct Case {
    const char *pattern;
    const char *text;
    bool matches;
} Case;

static void expect(Arena *arena, const char *pattern, Str text, bool matches)
{
    char error[REGEX_ERROR_SIZE];
    Regex *regex = regex_new(str_of(pattern), error);

    if (!regex)
        fail_msg("%s: %s", pattern, error);
    if (regex_find(regex, text, 0, arena, NULL, 0) != (matches ? REGEX_FOUND : REGEX_NONE))
        fail_msg("%s on %s", pattern, text.data);
    regex_free(regex);
}

static void patterns_match_as_re2_does(void **state)
{
    static const Case cases[] = {
        {"abc", "xxabcxx", true},
        {"^abc", "xabc", false},
        {"^abc", "abcx", true},
        {"abc$", "xabc", true},
        {"abc$", "abc\n", false},
        {"^abc$", "abc", true},
        {"^abc$", "abcabc", false},
        {"^a\\.b$", "a.b", true},
        {"^a\\.b$", "axb", false},
        {"", "anything", true},
        {"^$", "", true},
        {"^$", "x", false},
        {"a|b", "xb", true},
        {"a$b", "a$b", false},
        {"\\Aab", "abc", true},
        {"\\Aab", "cab", false},
        {"ab\\z", "cab", true},
        {"ab\\z", "cab\n", false},
        {"(?m)^b$", "a\nb\nc", true},
        {"(?i)HeLLo", "hello", true},
        {"(?s)a.b", "a\nb", true},
        {"a.b", "a\nb", false},
        {"(?i:A)b", "ab", true},
        {"(?i:A)b", "aB", false},
        {"(?P<name>a+)b", "aab", true},
        {"(?<name>a+)b", "aab", true},
        {"(?:a|b)+c", "abac", true},
        {"^\\d{3}-\\w+$", "123-abc", true},
        {"^\\s$", "\v", false},
        {"^\\S$", "\v", true},
        {"^[\\s]$", "\v", false},
        {"^[^\\S]$", "\v", false},
        {"\\v", "\v", true},
        {"^\\x41\\x{42}$", "AB", true},
        {"^\\101$", "A", true},
        {"^\\pL+$", "a\xc3\xa9z", true},
        {"^\\p{Greek}$", "\xce\xb1", true},
        {"^\\PN$", "1", false},
        {"^[[:alpha:]]+$", "abc", true},
        {"^[[:^digit:]]$", "5", false},
        {"^[]a]+$", "]a", true},
        {"^[^]a]$", "]", false},
        {"^[[]$", "[", true},
        {"^[a\\]]+$", "a]", true},
        {"\\Qa.b\\E+", "a.bbb", true},
        {"^\\Q^$\\E$", "^$", true},
        {"a{,2}", "a{,2}", true},
        {"a{2}", "aa", true},
        {"x{", "x{", true},
        {"{", "{", true},
        {"a*?b", "aab", true},
        {"(?U)a+", "aa", true},
        {"^.$", "\xc3\xa9", true},
        {"\\bfoo\\b", "a foo b", true},
        {"\\/", "/", true},
        {"\\_", "_", true},
        {"-", "a-b", true},
        {"#", "#", true},
    };
    Arena *arena = arena_new((size_t)1 << 20);

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        expect(arena, cases[i].pattern, str_of(cases[i].text), cases[i].matches);
    arena_free(arena);
}

static void what_re2_lacks_is_refused(void **state)
{
    static const char *const patterns[] = {
        "(a)\\1",  "(?=a)",      "(?!a)",       "(?<=a)b", "(?<!a)b",   "(?>a)",   "a++",
        "a*+",     "a**",        "(?(1)a)",     "(?R)",    "(?1)",      "(?&n)",   "(?P=n)",
        "(?P>n)",  "(*ACCEPT)a", "\\Z",         "\\G",     "\\K",       "\\R",     "\\h",
        "\\cA",    "\\e",        "\\C",         "(?x)a",   "(?#note)a", "(?|a|b)", "(?'n'a)",
        "a{1001}", "a{2}{3}",    "\\x{110000}", "\\xZZ",   "\\",        "[a",      "(a",
        "a)",      "*a",         "[\\b]",       "[z-a]",   "(?P<>a)",   "(?P<1",   "(+)",
    };
    char error[REGEX_ERROR_SIZE];

    (void)state;
    for (size_t i = 0; i < sizeof patterns / sizeof *patterns; i++) {
        Regex *regex = regex_new(str_of(patterns[i]), error);

        if (regex)
            fail_msg("%s is accepted", patterns[i]);
        assert_true(error[0] != '\0');
    }
}

static void spans_tell_where_groups_are(void **state)
{
    Arena *arena = arena_new((size_t)1 << 20);
    char error[REGEX_ERROR_SIZE];
    Regex *regex = regex_new(STR("(a+)(b)?(c)"), error);
    RegexSpan spans[4];

    (void)state;
    assert_int_equal(regex_group_count(regex), 3);
    assert_int_equal(regex_find(regex, STR("xaac"), 0, arena, spans, 4), REGEX_FOUND);
    assert_int_equal(spans[0].start, 1);
    assert_int_equal(spans[0].end, 4);
    assert_int_equal(spans[1].end, 3);
    assert_int_equal(spans[2].start, UINT32_MAX);
    assert_int_equal(regex_find(regex, STR("xaac"), 2, arena, spans, 1), REGEX_FOUND);
    assert_int_equal(spans[0].start, 2);
    regex_free(regex);
    arena_free(arena);
}

static void work_on_a_text_is_bounded(void **state)
{
    Arena *arena = arena_new((size_t)64 << 20);
    char error[REGEX_ERROR_SIZE], text[64];
    Regex *regex = regex_new(STR("^(a+)+$"), error);

    (void)state;
    memset(text, 'a', sizeof text);
    text[sizeof text - 1] = 'b';
    assert_int_equal(regex_find(regex, (Str){text, sizeof text}, 0, arena, NULL, 0), REGEX_FAILED);
    regex_free(regex);
    arena_free(arena);
}

static void any_bytes_can_be_searched(void **state)
{
    Arena *arena = arena_new((size_t)1 << 20);
    static const char bytes[] = "a\xff\xfe\0b\xc3";

    (void)state;
    expect(arena, "a", (Str){bytes, 6}, true);
    expect(arena, "[ab]$", (Str){bytes, 6}, false);
    expect(arena, "^.*b.*$", (Str){bytes, 5}, false);
    expect(arena, "b+", (Str){bytes, 6}, true);
    arena_free(arena);
}

/* Machine code is made for a pattern after some searches: nothing else may change by it. */
static void much_used_patterns_answer_as_at_first(void **state)
{
    Arena *arena = arena_new((size_t)64 << 20);
    char error[REGEX_ERROR_SIZE], hard[64];
    Regex *regex = regex_new(STR("(a+)+(b|c)"), error);
    RegexSpan spans[3];

    (void)state;
    memset(hard, 'a', sizeof hard);
    for (int i = 0; i < 500; i++) {
        assert_int_equal(regex_find(regex, STR("xaac"), 0, arena, spans, 3), REGEX_FOUND);
        assert_int_equal(spans[0].start, 1);
        assert_int_equal(spans[2].start, 3);
        assert_int_equal(regex_find(regex, STR("xd"), 0, arena, spans, 3), REGEX_NONE);
        if (i % 250 == 0)
            assert_int_equal(regex_find(regex, (Str){hard, sizeof hard}, 0, arena, NULL, 0),
                             REGEX_FAILED);
    }
    regex_free(regex);
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(patterns_match_as_re2_does),
        cmocka_unit_test(what_re2_lacks_is_refused),
        cmocka_unit_test(spans_tell_where_groups_are),
        cmocka_unit_test(work_on_a_text_is_bounded),
        cmocka_unit_test(any_bytes_can_be_searched),
        cmocka_unit_test(much_used_patterns_answer_as_at_first),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
