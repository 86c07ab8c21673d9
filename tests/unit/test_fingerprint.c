/* scan/fingerprint: what changes the name of a finding, and what does not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "rules/load.h"
#include "scan/fingerprint.h"
#include "scan/repeats.h"

typedef struct Fixture {
    RuleContext context;
    RuleSet set;
} Fixture;

static int set_up(void **state)
{
    static Fixture fixture;
    RuleTree tree = rule_tree_new();
    CompileOptions options = {.version = {"", 0}};

    fixture.context = rule_context_new();
    rule_tree_add_text(&tree, STR("r.yaml"),
                       STR("- {id: a, title: t, severity: low, category: cost, for: any,"
                           " check: true}\n"
                           "- {id: b, title: t, severity: low, category: cost, for: any,"
                           " check: true}\n"),
                       &fixture.context);
    *state = &fixture;
    return rules_compile(tree.first, &options, &fixture.context, &fixture.set) ? 0 : 1;
}

static int tear_down(void **state)
{
    Fixture *fixture = *state;

    rule_context_free(&fixture->context);
    return 0;
}

static Verdict verdict_of(const Fixture *fixture, const char *attribute, const char *element)
{
    return (Verdict){.rule = ruleset_rule(&fixture->set, 0),
                     .resource = STR("Pod/default/web"),
                     .attribute = str_of(attribute),
                     .element = str_of(element),
                     .place = {.file = STR("a/pod.yaml"), .start = {7, 3}, .end = {7, 9}},
                     .message = STR("something")};
}

static void positions_lines_and_messages_do_not_count(void **state)
{
    Verdict a = verdict_of(*state, "spec.containers[0].image", "web");
    Verdict b = verdict_of(*state, "spec.containers[12].image", "web");

    b.place.start.line = 40;
    b.message = STR("something else");
    fingerprint_set(&a, a.resource, STR(""), STR(""));
    fingerprint_set(&b, b.resource, STR(""), STR(""));
    assert_string_equal(a.fingerprint, b.fingerprint);
    assert_int_equal(strlen(a.fingerprint), 64);
}

static void what_is_hashed_is_what_the_header_says(void **state)
{
    /* printf 'a\0x/a/pod.yaml\0Pod/default/web\0spec.containers[].image\0web\0' | sha256sum */
    Verdict a = verdict_of(*state, "spec.containers[3].image", "web");

    fingerprint_set(&a, a.resource, STR("x/"), STR(""));
    assert_string_equal(a.fingerprint,
                        "a49da18fe2b43049f736a9dc284e3c2b994f1db3e75c8e9c1697b3e8df4db2e5");
}

static void rule_file_address_attribute_element_and_label_count(void **state)
{
    const Fixture *fixture = *state;
    Verdict verdicts[7];
    const size_t count = sizeof verdicts / sizeof *verdicts;

    for (size_t i = 0; i < count; i++)
        verdicts[i] = verdict_of(fixture, "spec", "web");
    verdicts[1].rule = ruleset_rule(&fixture->set, 1);
    verdicts[2].place.file = STR("b/pod.yaml");
    verdicts[3].resource = STR("Pod/default/other");
    verdicts[4].attribute = STR("metadata");
    verdicts[5].element = STR("other");
    for (size_t i = 0; i < count; i++)
        fingerprint_set(&verdicts[i], verdicts[i].resource, STR(""),
                        i == 6 ? STR("prod") : STR(""));
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < i; j++)
            assert_string_not_equal(verdicts[i].fingerprint, verdicts[j].fingerprint);
}

static void equal_ones_are_told_apart_in_their_order(void **state)
{
    Verdict verdicts[4];
    char first[65];

    for (size_t i = 0; i < 4; i++) {
        verdicts[i] = verdict_of(*state, "spec", i == 2 ? "other" : "web");
        fingerprint_set(&verdicts[i], verdicts[i].resource, STR(""), STR(""));
    }
    memcpy(first, verdicts[0].fingerprint, sizeof first);
    fingerprints_finish(verdicts, 4);
    assert_string_equal(verdicts[0].fingerprint, first);
    for (size_t i = 0; i < 4; i++)
        for (size_t j = 0; j < i; j++)
            assert_string_not_equal(verdicts[i].fingerprint, verdicts[j].fingerprint);
}

static void a_finding_is_the_same_with_and_without_the_passes(void **state)
{
    Verdict alone = verdict_of(*state, "spec", "web");
    Verdict all[3];

    fingerprint_set(&alone, alone.resource, STR(""), STR(""));
    alone.status = STATUS_FAIL;
    for (size_t i = 0; i < 3; i++) {
        all[i] = alone;
        all[i].status = i == 1 ? STATUS_FAIL : STATUS_PASS;
    }
    fingerprints_finish(all, 3);
    assert_string_equal(all[1].fingerprint, alone.fingerprint);
    assert_string_not_equal(all[0].fingerprint, all[2].fingerprint);
}

/* A base in three overlays: the last one counts for more. */
static void what_overlays_share_is_found_once(void **state)
{
    Repeats seen = {0};
    Coverage coverage = {.failed = 3, .passed = 3};
    Verdict first;

    for (int overlay = 0; overlay < 3; overlay++) {
        Verdict both[2] = {verdict_of(*state, "spec", "web"), verdict_of(*state, "spec", "db")};
        both[0].status = STATUS_FAIL;
        both[0].severity = overlay == 2 ? SEVERITY_CRITICAL : SEVERITY_LOW;
        both[1].status = STATUS_PASS;
        for (size_t i = 0; i < 2; i++)
            fingerprint_set(&both[i], both[i].resource, STR(""), STR(""));
        first = overlay ? first : both[0];
        assert_int_equal(repeats_drop(&seen, STR("o"), both, 2, &coverage), overlay == 1 ? 1 : 2);
        if (overlay == 2)
            assert_string_not_equal(both[0].fingerprint, first.fingerprint);
    }
    assert_int_equal(coverage.failed, 2);
    assert_int_equal(coverage.passed, 3);
    repeats_free(&seen);
}

static void findings_of_many_overlays_are_told_apart(void **state)
{
    Repeats seen = {0};
    Coverage coverage = {.failed = 2000};

    for (uint32_t i = 0; i < 2000; i++) {
        char name[16];
        Verdict finding;
        snprintf(name, sizeof name, "web-%u", i % 1000);
        finding = verdict_of(*state, "spec", name);
        finding.status = STATUS_FAIL;
        fingerprint_set(&finding, finding.resource, STR(""), STR(""));
        assert_int_equal(repeats_drop(&seen, STR("o"), &finding, 1, &coverage), i < 1000);
    }
    assert_int_equal(coverage.failed, 1000);
    repeats_free(&seen);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(positions_lines_and_messages_do_not_count),
        cmocka_unit_test(what_is_hashed_is_what_the_header_says),
        cmocka_unit_test(rule_file_address_attribute_element_and_label_count),
        cmocka_unit_test(equal_ones_are_told_apart_in_their_order),
        cmocka_unit_test(a_finding_is_the_same_with_and_without_the_passes),
        cmocka_unit_test(what_overlays_share_is_found_once),
        cmocka_unit_test(findings_of_many_overlays_are_told_apart),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
