/* scan/rule_test: what inline tests of rules accept and what they say when they fail. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "scan/rule_test.h"

#define RULE(target, rest)                                                                         \
    "- id: r\n  title: T\n  severity: low\n  category: cost\n  for: " target                       \
    "\n  absent: [a, list]\n" rest "  tests:\n"

#define POD_RULE RULE("Pod", "  check: resource.a == 1\n")

typedef struct Case {
    const char *rules;
    const char *expected; /* diagnostics without the path; empty where the tests pass */
} Case;

/* The diagnostics of testing `rules`, without the file's path at the start of each. */
static const char *test(RuleContext *context, const char *rules, RuleTestSummary *summary)
{
    char path[] = "/tmp/plumb-rule-test-XXXXXX";
    const char *paths[] = {path};
    int file = mkstemp(path);
    Str text, line;
    char *out;

    assert_true(file >= 0);
    assert_int_equal(write(file, rules, strlen(rules)), strlen(rules));
    close(file);
    assert_true(rules_test(paths, 1, NULL, context, summary));
    unlink(path);
    text = diags_dump(&context->diags, &context->sources, context->arena);
    out = arena_alloc(context->arena, text.size + 1u, 1);
    while (str_split(&text, '\n', &line)) {
        line = str_from(line, (uint32_t)strlen(path) + 1);
        strncat(out, line.data, line.size);
        strcat(out, "\n");
    }
    return out;
}

static void check(const Case *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        RuleContext context = rule_context_new();
        RuleTestSummary summary;

        assert_string_equal(test(&context, cases[i].rules, &summary), cases[i].expected);
        assert_int_equal(summary.tests, 1);
        assert_int_equal(summary.failed, *cases[i].expected != '\0');
        rule_context_free(&context);
    }
}

static void an_outcome_is_what_it_says(void **state)
{
    static const Case cases[] = {
        {POD_RULE "    - fail: '{apiVersion: v1, kind: Pod, a: 2}'\n", ""},
        {POD_RULE "    - pass: '{apiVersion: v1, kind: Pod, a: 1}'\n", ""},
        {POD_RULE "    - skip: '{apiVersion: v1, kind: Job, a: 1}'\n", ""},
        {POD_RULE "    - fail: '{apiVersion: v1, kind: Pod, a: 1}'\n",
         "9:7: error[rule-test]: r, `fail`: no finding; 1 passed, 0 undecided\n"},
        {POD_RULE "    - pass: '{apiVersion: v1, kind: Pod, a: 2}'\n",
         "9:7: error[rule-test]: r, `pass`: there is a finding on Pod/default/ at line 1: T\n"},
        {POD_RULE "    - pass: '{apiVersion: v1, kind: Job, a: 2}'\n",
         "9:7: error[rule-test]: r, `pass`: the rule judged nothing; is that what `skip` would "
         "say?\n"},
        {POD_RULE "    - skip: '{apiVersion: v1, kind: Pod, a: 2}'\n",
         "9:7: error[rule-test]: r, `skip`: the rule gave 1 verdicts\n"},
        {POD_RULE "    - unknown: '{apiVersion: v1, kind: Pod, a: 1}'\n",
         "9:7: error[rule-test]: r, `unknown`: nothing is undecided; 1 passed\n"},
        {RULE("aws_x",
              "  check: resource.a == 1\n") "    - unknown: |\n        variable \"a\" {}\n        "
                                            "resource \"aws_x\" \"a\" { a = var.a }\n",
         ""},
        {RULE(
             "Pod",
             "  check: 1 / resource.a == 1\n") "    - error: '{apiVersion: v1, kind: Pod, a: 0}'\n",
         ""},
        {RULE("Pod",
              "  check: 1 / resource.a == 1\n") "    - fail: '{apiVersion: v1, kind: Pod, a: 0}'\n",
         "9:7: error[rule-test]: r, `fail`: rule r cannot judge Pod/default/: divide by zero\n"},
        {POD_RULE "    - fail: '{apiVersion: v1, kind: Pod, a: [}'\n",
         "9:7: error[rule-test]: r, `fail`: the input is broken: while parsing a flow node: "
         "did not find expected node content\n"},
    };

    (void)state;
    check(cases, sizeof cases / sizeof *cases);
}

#define MANIFEST(a, b)                                                                             \
    "apiVersion: v1\n        kind: Pod\n        a: 2" a "\n        list: []" b "\n"

static void a_mark_is_where_the_finding_must_be(void **state)
{
    static const Case cases[] = {
        {POD_RULE "    - fail: |\n        " MANIFEST(" # here", ""), ""},
        {POD_RULE "    - fail: |\n        " MANIFEST("", " # here"),
         "9:7: error[rule-test]: r, `fail`: the verdict on Pod/default/ is at test.yaml:3, which "
         "is "
         "not marked\n"},
        {POD_RULE "    - fail: |\n        " MANIFEST(" # here", " # here"),
         "9:7: error[rule-test]: r, `fail`: nothing points at the marked line 4 of test.yaml\n"},
        {RULE("RUN", "  check: '1 == 2'\n") "    - fail: |\n        FROM a:1\n        # here\n"
                                            "        RUN b\n",
         ""},
        {RULE("aws_x",
              "  check: resource.a == 1\n") "    - fail: '{\"format_version\": \"1.2\", "
                                            "\"terraform_version\": \"1.9.0\", "
                                            "\"planned_values\": {\"root_module\": {\"resources\": "
                                            "[{\"address\": \"aws_x.a\", "
                                            "\"mode\": \"managed\", \"type\": \"aws_x\", \"name\": "
                                            "\"a\", \"values\": {\"a\": 2}}]}}}'\n"
                                            "      as: plan\n      at: "
                                            "/planned_values/root_module/resources/0/values/a\n",
         ""},
    };

    (void)state;
    check(cases, sizeof cases / sizeof *cases);
}

static void count_severity_and_resource_are_compared(void **state)
{
    static const Case cases[] = {
        {POD_RULE "    - {fail: '{apiVersion: v1, kind: Pod, a: 2}', count: 1, severity: low, "
                  "resource: Pod/default/}\n",
         ""},
        {POD_RULE "    - {fail: '{apiVersion: v1, kind: Pod, a: 2}', count: 2}\n",
         "9:8: error[rule-test]: r, `fail`: 1 findings instead of 2\n"},
        {POD_RULE "    - {fail: '{apiVersion: v1, kind: Pod, a: 2}', severity: high}\n",
         "9:8: error[rule-test]: r, `fail`: the finding is low\n"},
        {POD_RULE "    - {fail: '{apiVersion: v1, kind: Pod, a: 2}', resource: Pod/a/b}\n",
         "9:8: error[rule-test]: r, `fail`: the verdict is on Pod/default/\n"},
    };

    (void)state;
    check(cases, sizeof cases / sizeof *cases);
}

static void an_input_may_be_several_files(void **state)
{
    static const Case cases[] = {
        {RULE("aws_x",
              "  check: resource.a == 1\n") "    - fail:\n        files:\n"
                                            "          a.tf: |\n            resource \"aws_x\" "
                                            "\"a\" {\n              a = local.a # here\n"
                                            "            }\n"
                                            "          b.tf: |\n            locals { a = 2 }\n",
         ""},
        {RULE("Pod", "  check: resource.a == 1\n") "    - fail:\n      files: {a.yaml: "
                                                   "'{apiVersion: v1, kind: Pod}'}\n",
         ""},
    };

    (void)state;
    check(cases, sizeof cases / sizeof *cases);
}

#define EDIT_RULE(edit) RULE("Pod", "  check: resource.a == 1\n  at: a\n  edit: " edit "\n")

static void an_edit_is_proved_by_the_failing_test(void **state)
{
    static const Case cases[] = {
        {EDIT_RULE("{set: 1}") "    - fail: '{apiVersion: v1, kind: Pod, a: 2}'\n"
                               "      fixed: '{apiVersion: v1, kind: Pod, a: 1}'\n",
         ""},
        {EDIT_RULE("{remove: true, when: resource.a == 3}") "    - fail: '{apiVersion: v1, kind: "
                                                            "Pod, a: 2}'\n",
         "1:7: error[rule-test]: r: `edit` changes no input of a failing test\n"},
        {EDIT_RULE("{set: 3}") "    - fail: '{apiVersion: v1, kind: Pod, a: 2}'\n",
         "11:7: error[rule-test]: r, `fail`: the edit has something to change in what it has "
         "changed\n"},
        {EDIT_RULE(
             "{set: 3, when: resource.a == 2}") "    - fail: '{apiVersion: v1, kind: Pod, a: 2}'\n",
         "11:7: error[rule-test]: r, `fail`: 1 findings are left after the edit, which had none "
         "for "
         "0\n"},
    };

    (void)state;
    check(cases, sizeof cases / sizeof *cases);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_outcome_is_what_it_says),
        cmocka_unit_test(a_mark_is_where_the_finding_must_be),
        cmocka_unit_test(count_severity_and_resource_are_compared),
        cmocka_unit_test(an_input_may_be_several_files),
        cmocka_unit_test(an_edit_is_proved_by_the_failing_test),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
