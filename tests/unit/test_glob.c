/* base/glob: paths against patterns. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/glob.h"

static bool matches(const char *pattern, const char *path)
{
    Arena *arena = arena_new((size_t)1 << 20);
    uint32_t effort = 10000;
    bool good = arena && glob_match(str_of(pattern), str_of(path), arena, &effort);

    arena_free(arena);
    return good;
}

static void patterns_match_as_people_expect(void **state)
{
    static const struct {
        const char *pattern;
        const char *path;
        bool expected;
    } cases[] = {
        {"a.tf", "a.tf", true},
        {"a.tf", "b.tf", false},
        {"*.tf", "a.tf", true},
        {"*.tf", "x/a.tf", false},
        {"**/*.tf", "a.tf", true},
        {"**/*.tf", "x/y/a.tf", true},
        {"**", "x/y", true},
        {"x/**", "x/y/z", true},
        {"x/**/z", "x/z", true},
        {"x/**/z", "y/z", false},
        {"?.tf", "a.tf", true},
        {"?.tf", "\xc3\xa4.tf", true},
        {"?", "/", false},
        {"[a-c]x", "bx", true},
        {"[^a-c]x", "bx", false},
        {"[^a-c]x", "dx", true},
        {"{a,b}.tf", "b.tf", true},
        {"{a,b}.tf", "c.tf", false},
        {"{a,{b,c}}d", "cd", true},
        {"{,x}a", "a", true},
        {"\\*", "*", true},
        {"\\*", "a", false},
        {"", "", true},
        {"", "a", false},
        {"*", "", true},
        {"[", "[", false},
        {"{", "{", false},
        {"a\\", "a\\", true},
        {"[]", "a", false},
        {"*a*b*c", "xaxbxc", true},
    };

    (void)state;
    for (uint32_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (matches(cases[i].pattern, cases[i].path) != cases[i].expected)
            fail_msg("%s against %s", cases[i].pattern, cases[i].path);
}

static void hostile_patterns_end(void **state)
{
    (void)state;
    assert_false(matches("*a*a*a*a*a*a*a*a*a*a*a*a*b",
                         "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"));
    assert_false(matches("{a,{a,{a,{a,{a,{a,{a,{a,{a,{a,{a,b}}}}}}}}}}}c", "d"));
    assert_false(matches("**/**/**/**/**/**/**/**/x", "a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/y"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(patterns_match_as_people_expect),
        cmocka_unit_test(hostile_patterns_end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
