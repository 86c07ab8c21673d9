/* What is remembered of matches is what matching again would say. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "cel/matches.h"

static Regex *pattern(const char *text)
{
    char error[REGEX_ERROR_SIZE];
    Regex *regex = regex_new(str_of(text), error);

    assert_non_null(regex);
    return regex;
}

static void expect(CelMatches *matches, const Regex *regex, Str text, Arena *scratch)
{
    RegexResult wanted = regex_find(regex, text, 0, scratch, NULL, 0);

    for (int again = 0; again < 2; again++)
        assert_int_equal(cel_matches_find(matches, regex, text, scratch), wanted);
}

static void a_second_answer_is_the_first(void **state)
{
    static const Str texts[] = {
        STR_INIT(""),
        STR_INIT("a"),
        STR_INIT("password"),
        STR_INIT("db_password"),
        STR_INIT("passwords"),
        STR_INIT("a\0password"),
        STR_INIT("a text of more than fifty bytes, of which nothing is remembered: password"),
    };
    Regex *regexes[] = {pattern("(^|_)password$"), pattern("^$"), pattern("pass"), pattern("s$")};
    Arena *arena = arena_new(1 << 20);
    CelMatches *matches = cel_matches_new(arena);

    (void)state;
    for (int round = 0; round < 3; round++)
        for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
            for (size_t j = 0; j < sizeof regexes / sizeof *regexes; j++) {
                expect(matches, regexes[j], texts[i], arena);
                expect(NULL, regexes[j], texts[i], arena);
            }
    for (size_t j = 0; j < sizeof regexes / sizeof *regexes; j++)
        regex_free(regexes[j]);
    arena_free(arena);
}

static void texts_that_share_a_place_are_told_apart(void **state)
{
    Regex *even = pattern("[02468]$");
    Arena *arena = arena_new(1 << 20);
    CelMatches *matches = cel_matches_new(arena);

    (void)state;
    for (uint32_t i = 0; i < 5000; i++)
        expect(matches, even, str_format(arena, "name-%u", i % 1700), arena);
    regex_free(even);
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_second_answer_is_the_first),
        cmocka_unit_test(texts_that_share_a_place_are_told_apart),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
