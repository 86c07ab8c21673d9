/* scan/detect: what is an input, by name and by content. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "scan/detect.h"

static void names_promise_kinds(void **state)
{
    static const struct {
        const char *path;
        NameKind kind;
    } cases[] = {
        {"a/b.yaml", NAME_YAML},
        {"b.yml", NAME_YAML},
        {"plan.json", NAME_JSON},
        {"Dockerfile", NAME_DOCKERFILE},
        {"x/dockerfile", NAME_DOCKERFILE},
        {"Dockerfile.dev", NAME_DOCKERFILE},
        {"api.Dockerfile", NAME_DOCKERFILE},
        {"Containerfile", NAME_DOCKERFILE},
        {"Dockerfile.dockerignore", NAME_OTHER},
        {"Dockerfile.prod.dockerignore", NAME_OTHER},
        {"Containerfile.containerignore", NAME_OTHER},
        {"Dockerfiles", NAME_OTHER},
        {"src/dockerfile.c", NAME_ANY},
        {"src/dockerfile.h", NAME_ANY},
        {"Dockerfile.PY", NAME_ANY},
        {"Dockerfile-alpine", NAME_ANY},
        {"dockerfile_dev", NAME_ANY},
        {"web-Dockerfile", NAME_ANY},
        {"dockerfile-parser.js", NAME_ANY},
        {"docs/dockerfile.md", NAME_ANY},
        {"containerfile.go", NAME_ANY},
        {"Dockerfile.web.ts", NAME_ANY},
        {"Dockerfile.alpine-c", NAME_DOCKERFILE},
        {"go.Dockerfile", NAME_DOCKERFILE},
        {"main.tf", NAME_TERRAFORM},
        {"main.tf.json", NAME_TERRAFORM},
        {"terraform.tfvars", NAME_TFVARS},
        {"a/x.auto.tfvars", NAME_TFVARS},
        {"a/x.tfvars", NAME_OTHER},
        {"main.tofu", NAME_TERRAFORM},
        {".github/workflows/ci.yml", NAME_WORKFLOW},
        {"x/.github/workflows/ci.yml", NAME_WORKFLOW},
        {"x.github/workflows/ci.yml", NAME_YAML},
        {"docker-compose.yml", NAME_COMPOSE},
        {"kustomization.yaml", NAME_KUSTOMIZATION},
        {"Kustomization", NAME_KUSTOMIZATION},
        {"plumb.yaml", NAME_OTHER},
        {"chart/Chart.yaml", NAME_CHART},
        {"chart/values.yaml", NAME_OTHER},
        {"README.md", NAME_OTHER},
        {"", NAME_OTHER},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(detect_name(str_of(cases[i].path)), cases[i].kind);
}

static void content_decides(void **state)
{
    static const struct {
        NameKind name;
        const char *text;
        InputKind kind;
    } cases[] = {
        {NAME_YAML, "apiVersion: v1\nkind: Pod\n", INPUT_KUBERNETES},
        {NAME_YAML,
         "\xef\xbb\xbf"
         "apiVersion: v1\r\nkind: Pod\r\n",
         INPUT_KUBERNETES},
        {NAME_YAML, "# c\n\n---\nkind: Pod\nmetadata: {}\napiVersion: v1", INPUT_KUBERNETES},
        {NAME_YAML, "\"apiVersion\": v1\n'kind' : Pod\n", INPUT_KUBERNETES},
        {NAME_YAML, "  apiVersion: v1\n  kind: Pod\n", INPUT_KUBERNETES},
        {NAME_YAML, "{\"apiVersion\": \"v1\",\n \"kind\": \"Pod\"}", INPUT_KUBERNETES},
        {NAME_YAML, "a: 1\n---\napiVersion: v1\nkind: Pod\n", INPUT_KUBERNETES},
        {NAME_YAML, "x:\n  apiVersion: v1\n  kind: Pod\n", INPUT_NONE},
        {NAME_YAML, "apiVersion: v1\n---\nkind: Pod\n", INPUT_NONE},
        {NAME_YAML, "apiVersions: v1\nkinds: Pod\n", INPUT_NONE},
        {NAME_YAML, "", INPUT_NONE},
        {NAME_JSON, "{\"apiVersion\": \"v1\", \"kind\": \"List\"}", INPUT_KUBERNETES},
        {NAME_JSON, "{\"format_version\":\"1.2\",\"terraform_version\":\"1.9\"", INPUT_PLAN},
        {NAME_JSON, "{\"format_version\" : \"1.0\", \"planned_values\":{}}", INPUT_PLAN},
        {NAME_JSON, "{\"version\": 4, \"terraform_version\": \"1.9\"}", INPUT_NONE},
        {NAME_JSON, "{\"name\": \"format_version\"}", INPUT_NONE},
        {NAME_JSON, "[1, 2]", INPUT_NONE},
        {NAME_DOCKERFILE, "anything", INPUT_DOCKERFILE},
        {NAME_ANY, "# syntax=x\nARG A=1\nfrom a\n", INPUT_DOCKERFILE},
        {NAME_ANY, "apiVersion: v1\nkind: Pod\n", INPUT_KUBERNETES},
        {NAME_ANY, "hello\nFROM x\n", INPUT_NONE},
        {NAME_ANY, "from --platform=linux/amd64 a as import\n", INPUT_DOCKERFILE},
        {NAME_ANY, "# of Python\nfrom docker import client\n", INPUT_NONE},
        {NAME_ANY, "from docker  import (\n    client)\n", INPUT_NONE},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(detect_content(cases[i].name, str_of(cases[i].text)), cases[i].kind);
}

static void a_binary_file_is_no_dockerfile(void **state)
{
    (void)state;
    assert_int_equal(detect_content(NAME_DOCKERFILE, STR("FROM\0x")), INPUT_BINARY);
}

static void utf16_is_seen_through(void **state)
{
    (void)state;
    assert_int_equal(detect_content(NAME_YAML, STR("\xff\xfe"
                                                   "a\0p\0i\0V\0e\0r\0s\0i\0o\0n\0:\0\n\0"
                                                   "k\0i\0n\0d\0:\0")),
                     INPUT_KUBERNETES);
}

static void templates_have_control_lines(void **state)
{
    (void)state;
    assert_true(detect_template(STR("a: 1\n{{- if .x }}\nb: 2\n")));
    assert_true(detect_template(STR("a: {{ .x }}\n")));
    assert_true(detect_template(STR("a:\n  - {{ .x }}\n")));
    assert_false(detect_template(STR("a: \"{{ .x }}\"\n")));
    assert_false(detect_template(STR("a: b\n")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_promise_kinds),
        cmocka_unit_test(content_decides),
        cmocka_unit_test(a_binary_file_is_no_dockerfile),
        cmocka_unit_test(utf16_is_seen_through),
        cmocka_unit_test(templates_have_control_lines),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
