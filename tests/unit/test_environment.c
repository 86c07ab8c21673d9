/* scan/environment: where a resource belongs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "ir/kubernetes.h"
#include "ir/terraform.h"
#include "scan/environment.h"
#include "syntax/yaml.h"

/* The environment of the first resource of `input` at `path`; "?" where that is not known. */
static const char *find(Arena *arena, const char *yaml, const char *input, const char *path,
                        const char *workspace)
{
    static const Symbols none;
    Sources sources = sources_new(arena);
    DiagSink diags = diags_new(arena);
    Source *text = sources_add(&sources, STR("plumb.yaml"), str_of(yaml));
    Config config = config_default();
    Unit unit = unit_new(arena, &none, NULL);
    Source *source = sources_add(&unit.sources, str_of(path), str_of(input));
    Environments environments;
    YamlDocument *documents;
    uint32_t count, at = 0;
    CelValue value;

    assert_true(yaml_read(text, &none, arena, &diags, &documents, &count));
    if (count)
        assert_true(config_build(&documents[0].root, arena, &diags, &config));
    environments = environments_of(&config, STR("base/"), arena);
    if (str_starts(str_of(input), STR("apiVersion")))
        assert_true(kubernetes_build(&unit, source));
    else
        assert_true(terraform_build(&unit, &source, 1));
    unit.workspace = str_of(workspace);
    while (!str_eq(unit.resources[at].name, STR("web")))
        at++;
    value = environment_find(&environments, &unit, &unit.resources[at], str_of(path));
    return value.kind == CEL_UNKNOWN ? "?" : str_copy_z(arena, cel_text(value));
}

typedef struct Case {
    const char *yaml;
    const char *input;
    const char *path;
    const char *workspace;
    const char *expected;
} Case;

static void check(const Case *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        Arena *arena = arena_new((size_t)64 << 20);
        assert_string_equal(find(arena, cases[i].yaml, cases[i].input, cases[i].path,
                                 cases[i].workspace ? cases[i].workspace : ""),
                            cases[i].expected);
        arena_free(arena);
    }
}

#define POD(metadata) "apiVersion: v1\nkind: Pod\nmetadata: {name: web, " metadata "}\n"
#define BUCKET(body) "resource \"aws_s3_bucket\" \"web\" {\n" body "\n}\n"

static void production_is_a_word(void **state)
{
    static const Case cases[] = {
        {"", POD(""), "a.yaml", NULL, ""},
        {"", POD(""), "clusters/prod/a.yaml", NULL, "prod"},
        {"", POD(""), "clusters/Production.eu/a.yaml", NULL, "prod"},
        {"", POD(""), "products/a.yaml", NULL, ""},
        {"", POD(""), "reprod/a.yaml", NULL, ""},
        {"", POD("namespace: shop-prod"), "a.yaml", NULL, "prod"},
        {"", POD("namespace: prod-eu"), "a.yaml", NULL, "prod"},
        {"", POD("namespace: productive"), "a.yaml", NULL, ""},
        {"", POD("labels: {env: production}"), "a.yaml", NULL, "prod"},
        {"", POD("labels: {environment: test}"), "a.yaml", NULL, ""},
        {"", BUCKET("tags = { Environment = \"Prod\" }"), "a.tf", NULL, "prod"},
        {"", BUCKET("tags = { Environment = \"preprod\" }"), "a.tf", NULL, ""},
        {"", BUCKET("tags = { Environment = var.e }") "variable \"e\" {}", "a.tf", NULL, "?"},
        {"", BUCKET("tags = { Environment = var.e }") "variable \"e\" {}", "prod/a.tf", NULL,
         "prod"},
        {"", BUCKET("") "variable \"environment\" { default = \"prod\" }", "a.tf", NULL, "prod"},
        {"", BUCKET("") "variable \"env\" {}", "a.tf", NULL, ""},
        {"", BUCKET(""), "a.tf", "eu-prod", "prod"},
    };

    (void)state;
    check(cases, sizeof cases / sizeof *cases);
}

static void what_is_named_counts_instead(void **state)
{
    static const char live[] = "environments: {prod: {paths: live/, namespaces: [shop, 'x-*'], "
                               "workspaces: w*, values: [live]}, test: {paths: '*.yaml'}}\n";
    static const Case cases[] = {
        {live, POD(""), "base/live/a.yaml", NULL, "prod"},
        {live, POD(""), "live/a.yaml", NULL, ""},
        {live, POD(""), "base/prod/a.yaml", NULL, "test"},
        {live, POD(""), "base/prod/a.yml", NULL, ""},
        {live, POD("namespace: shop"), "a.yml", NULL, "prod"},
        {live, POD("namespace: x-1"), "a.yml", NULL, "prod"},
        {live, POD("namespace: prod"), "a.yml", NULL, ""},
        {live, POD("labels: {env: live}"), "a.yml", NULL, "prod"},
        {live, BUCKET(""), "a.tf", "web", "prod"},
        {live, BUCKET("tags = { env = \"live\" }"), "a.tf", NULL, "prod"},
        {live, BUCKET("tags = var.t") "variable \"t\" {}", "a.tf", NULL, "?"},
        {"environments: {test: {paths: test/}}\n", POD(""), "base/test/a.yaml", NULL, "test"},
        {"environments: {test: {paths: test/}}\n", POD(""), "base/prod/a.yaml", NULL, "prod"},
    };

    (void)state;
    check(cases, sizeof cases / sizeof *cases);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(production_is_a_word),
        cmocka_unit_test(what_is_named_counts_instead),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
