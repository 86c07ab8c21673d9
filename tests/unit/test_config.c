/* scan/config: plumb.yaml. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "scan/config.h"
#include "syntax/yaml.h"

static void read_text(Arena *arena, const char *text, Config *config, const char *expected)
{
    static const Symbols none;
    Sources sources = sources_new(arena);
    DiagSink diags = diags_new(arena);
    Source *source = sources_add(&sources, STR("plumb.yaml"), str_of(text));
    YamlDocument *documents;
    uint32_t count;
    Str dump;

    assert_true(yaml_read(source, &none, arena, &diags, &documents, &count));
    *config = config_default();
    if (count)
        assert_int_equal(config_build(&documents[0].root, arena, &diags, config), !*expected);
    dump = diags_dump(&diags, &sources, arena);
    assert_string_equal(str_copy_z(arena, dump), expected);
}

static void all_keys_are_read(void **state)
{
    Arena *arena = arena_new(1 << 20);
    Config config;

    (void)state;
    read_text(arena,
              "kubernetes:\n  pod-security: {level: baseline, version: v1.31}\n"
              "rules: [policies, /abs]\nruleset: \"2026.1\"\n",
              &config, "");
    assert_int_equal(config.pod_security, POD_SECURITY_BASELINE);
    assert_int_equal(config.pod_security_minor, 31);
    assert_int_equal(config.rule_count, 2);
    assert_string_equal(config.rules[0], "policies");
    assert_string_equal(config.rules[1], "/abs");
    assert_true(str_eq(config.ruleset, STR("2026.1")));
    arena_free(arena);
}

static void an_empty_file_says_nothing(void **state)
{
    Arena *arena = arena_new(1 << 20);
    Config config;

    (void)state;
    read_text(arena, "", &config, "");
    read_text(arena, "kubernetes:\nrules:\n", &config, "");
    assert_int_equal(config.pod_security, POD_SECURITY_RESTRICTED);
    assert_int_equal(config.pod_security_minor, POD_SECURITY_LATEST);
    assert_int_equal(config.rule_count, 0);
    arena_free(arena);
}

static void mistakes_have_a_place_and_a_suggestion(void **state)
{
    static const struct {
        const char *text;
        const char *expected;
    } cases[] = {
        {"kubernets: {}\n",
         "plumb.yaml:1:1: error[config]: unknown key `kubernets` (did you mean `kubernetes`?)\n"},
        {"kubernetes:\n  pod-security:\n    levle: baseline\n",
         "plumb.yaml:3:5: error[config]: unknown key `levle` (did you mean `level`?)\n"},
        {"kubernetes:\n  pod-security:\n    level: strict\n",
         "plumb.yaml:3:12: error[config]: the level is privileged, baseline or restricted\n"},
        {"kubernetes: {pod-security: {version: 2.0}}\n",
         "plumb.yaml:1:38: error[config]: the version is `latest` or a Kubernetes version such as "
         "v1.31\n"},
        {"rules: [[a]]\n",
         "plumb.yaml:1:9: error[config]: rules are the paths of directories or rule files\n"},
        {"ruleset: newest\n",
         "plumb.yaml:1:10: error[config]: a rule set is pinned by its version, "
         "such as \"2026.1\"\n"},
        {"- a\n", "plumb.yaml:1:1: error[config]: plumb.yaml must be a map\n"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Arena *arena = arena_new(1 << 20);
        Config config;
        read_text(arena, cases[i].text, &config, cases[i].expected);
        arena_free(arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_keys_are_read),
        cmocka_unit_test(an_empty_file_says_nothing),
        cmocka_unit_test(mistakes_have_a_place_and_a_suggestion),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
