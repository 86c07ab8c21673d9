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
    assert_int_equal(config.rules.count, 2);
    assert_string_equal(config.rules.items[0], "policies");
    assert_string_equal(config.rules.items[1], "/abs");
    assert_true(str_eq(config.ruleset, STR("2026.1")));
    arena_free(arena);
}

static void overrides_and_environments_are_parts(void **state)
{
    Arena *arena = arena_new(1 << 20);
    Config config;

    (void)state;
    read_text(arena,
              "kubernetes: {version: \"1.29\"}\nfail-on: none\nreport-at: low\nmin-score: 80\n"
              "overrides:\n  - {paths: a/, disable: [x, y]}\n  - {paths: [b], enable: z}\n"
              "environments: {prod: {paths: live/}, test: {namespaces: [t]}}\n",
              &config, "");
    assert_int_equal(config.override_count, 2);
    assert_int_equal(config_text_count(config.overrides[0].nodes[CONFIG_OVERRIDE_DISABLE]), 2);
    assert_true(str_eq(config_text(config.overrides[1].nodes[CONFIG_OVERRIDE_ENABLE]), STR("z")));
    assert_int_equal(config.environment_count, 2);
    assert_true(str_eq(config.environments[1].name, STR("test")));
    assert_int_equal(config.kubernetes_minor, 29);
    assert_int_equal(config.pod_security_minor, 29);
    assert_false(config.blocks);
    assert_int_equal(config.report_at, SEVERITY_LOW);
    assert_int_equal(config.min_score, 80);
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
    assert_int_equal(config.pod_security_minor, KUBERNETES_LATEST);
    assert_int_equal(config.rules.count, 0);
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
         "plumb.yaml:3:12: error[config]: `kubernetes.pod-security.level` is privileged, "
         "baseline or restricted\n"},
        {"kubernetes: {pod-security: {version: 2.0}}\n",
         "plumb.yaml:1:38: error[config]: `kubernetes.pod-security.version` is `latest` or a "
         "version of Kubernetes such as v1.31\n"},
        {"rules: [[a]]\n", "plumb.yaml:1:9: error[config]: `rules` is a text or a list of texts\n"},
        {"ruleset: newest\n",
         "plumb.yaml:1:10: error[config]: `ruleset` is the version of a rule set, "
         "such as \"2026.1\"\n"},
        {"kubernetes: {xyz: 1}\n",
         "plumb.yaml:1:14: error[config]: unknown key `xyz` (the keys here are version, "
         "helm-values, pod-security)\n"},
        {"exclude: [a, {b: c}]\n",
         "plumb.yaml:1:14: error[config]: `exclude` is a text or a list of texts\n"},
        {"fail-on: hihg\n",
         "plumb.yaml:1:10: error[config]: `fail-on` is info, low, medium, high, critical or none "
         "(did you mean `high`?)\n"},
        {"report-at: none\n",
         "plumb.yaml:1:12: error[config]: `report-at` is info, low, medium, high or critical\n"},
        {"min-score: 101\n",
         "plumb.yaml:1:12: error[config]: `min-score` is a number from 1 to 100\n"},
        {"severities: [a]\n",
         "plumb.yaml:1:13: error[config]: `severities` is a map of severities by rule\n"},
        {"severities: {a: 3}\n",
         "plumb.yaml:1:17: error[config]: `severities` is info, low, medium, high or critical\n"},
        {"params: {a: 3}\n",
         "plumb.yaml:1:13: error[config]: `params` is a map of parameters for each rule\n"},
        {"overrides: {paths: a}\n",
         "plumb.yaml:1:12: error[config]: `overrides` is a list of maps\n"},
        {"overrides:\n  - paths: [a]\n    sverities: {}\n",
         "plumb.yaml:3:5: error[config]: unknown key `sverities` (did you mean `severities`?)\n"},
        {"overrides: [{disable: a}]\n",
         "plumb.yaml:1:13: error[config]: an override needs `paths`: the files that it is about\n"},
        {"environments: [prod]\n",
         "plumb.yaml:1:15: error[config]: `environments` is a map of maps\n"},
        {"environments: {prod: {path: a}}\n",
         "plumb.yaml:1:23: error[config]: unknown key `path` (did you mean `paths`?)\n"},
        {"suppressions: {accept: [chekov]}\n",
         "plumb.yaml:1:25: error[config]: `suppressions.accept` is plumb, checkov, terrascan, "
         "trivy, tfsec, hadolint, kics, kube-linter, kube-score or polaris (did you mean "
         "`checkov`?)\n"},
        {"suppressions: {require-reason: yes}\n",
         "plumb.yaml:1:32: error[config]: `suppressions.require-reason` is false or true\n"},
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
        cmocka_unit_test(overrides_and_environments_are_parts),
        cmocka_unit_test(an_empty_file_says_nothing),
        cmocka_unit_test(mistakes_have_a_place_and_a_suggestion),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
