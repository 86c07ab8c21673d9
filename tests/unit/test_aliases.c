/* Aliases that mean a part of what a rule finds: findings, suppressions, settings; and who needs
 * the shipped rules that are there for users of one other scanner. */
#include "base/buf.h"
#include "judging.h"
#include "rules/shipped.h"
#include "scan/score.h"
#include "scan/settings.h"
#include "scan/suppress_policy.h"
#include "syntax/yaml.h"

static const char rules[] =
    "- id: wild\n  title: W\n  severity: high\n  category: cost\n  for: [Role, ClusterRole, Pod]\n"
    "  absent: [verb, group, name]\n"
    "  check: resource.verb != \"*\" && resource.group != \"*\"\n"
    "  aliases:\n"
    "    - ALL-1\n"
    "    - {id: [V-1, V-2], if: resource.verb == \"*\"}\n"
    "    - {id: R-1, for: Role}\n"
    "    - {id: R-2, for: [ClusterRole, Pod], if: resource.group == \"*\"}\n"
    "    - {id: N-1, if: resource.name}\n"
    "- id: other\n  title: O\n  severity: low\n  category: cost\n  for: Pod\n  default: off\n"
    "  aliases: [{id: V-1, for: Pod}]\n  check: 1 == 2\n";

static const char *names_of(const Verdict *verdict, Arena *arena)
{
    Buf text = buf_new(arena);

    for (uint32_t i = 0; i < rule_alias_count(verdict->rule); i++)
        if (rule_alias_holds(verdict->rule, i, verdict->aliases))
            buf_printf(&text, "%s%.*s", text.size ? " " : "",
                       STR_ARG(rule_alias(verdict->rule, i)));
    return str_copy_z(arena, buf_str(&text));
}

/* The one verdict of the rule `wild` is such, and goes by these aliases. */
static void expect_names(const char *input, Status status, const char *names)
{
    Bench b = {.options = {.all_verdicts = true}};

    bench_judge(&b, rules, FORMAT_KUBERNETES, input);
    assert_int_equal(b.sink.verdicts[0].status, status);
    assert_string_equal(names_of(&b.sink.verdicts[0], b.arena), names);
    bench_free(&b);
}

static void a_finding_goes_by_the_aliases_whose_conditions_hold(void **state)
{
    (void)state;
    expect_names("{apiVersion: v1, metadata: {name: a}, kind: Role, verb: '*'}", STATUS_FAIL,
                 "ALL-1 V-1 V-2 R-1");
    expect_names("{apiVersion: v1, metadata: {name: a}, kind: Role, group: '*'}", STATUS_FAIL,
                 "ALL-1 R-1");
    expect_names("{apiVersion: v1, metadata: {name: a}, kind: ClusterRole, group: '*'}",
                 STATUS_FAIL, "ALL-1 R-2");
    expect_names("{apiVersion: v1, metadata: {name: a}, kind: ClusterRole, verb: '*'}", STATUS_FAIL,
                 "ALL-1 V-1 V-2");
}

static void what_passes_does_so_by_all_names_of_its_type(void **state)
{
    (void)state;
    expect_names("{apiVersion: v1, metadata: {name: a}, kind: Role, verb: a}", STATUS_PASS,
                 "ALL-1 V-1 V-2 R-1 N-1");
    expect_names("{apiVersion: v1, metadata: {name: a}, kind: ClusterRole, verb: a}", STATUS_PASS,
                 "ALL-1 V-1 V-2 R-2 N-1");
}

static void a_condition_that_fails_does_not_hold(void **state)
{
    (void)state;
    expect_names("{apiVersion: v1, metadata: {name: a}, kind: Role, group: '*', name: x}",
                 STATUS_FAIL, "ALL-1 R-1");
    expect_names("{apiVersion: v1, metadata: {name: a}, kind: Role, group: '*', name: true}",
                 STATUS_FAIL, "ALL-1 R-1 N-1");
}

static void expect_status(const char *mark, const char *body, Status status)
{
    Bench b = {.options = {.keep_every = true}};
    Buf text;

    bench_compile(&b, rules);
    text = buf_new(b.arena);
    buf_printf(&text, "# plumb:ignore-file=%s reason=x\n%s", mark, body);
    bench_judge_compiled(&b, FORMAT_KUBERNETES, str_copy_z(b.arena, buf_str(&text)));
    assert_int_equal(b.sink.verdicts[0].status, status);
    bench_free(&b);
}

static void a_suppression_by_such_an_alias_covers_no_more(void **state)
{
    (void)state;
    expect_status("V-1", "apiVersion: v1\nmetadata: {name: a}\nkind: Role\nverb: '*'\n",
                  STATUS_SUPPRESSED);
    expect_status("V-1", "apiVersion: v1\nmetadata: {name: a}\nkind: Role\ngroup: '*'\n",
                  STATUS_FAIL);
    expect_status("V-*", "apiVersion: v1\nmetadata: {name: a}\nkind: Role\nverb: '*'\n",
                  STATUS_SUPPRESSED);
    expect_status("V-*", "apiVersion: v1\nmetadata: {name: a}\nkind: Role\ngroup: '*'\n",
                  STATUS_FAIL);
    expect_status("R-2", "apiVersion: v1\nmetadata: {name: a}\nkind: Role\ngroup: '*'\n",
                  STATUS_FAIL);
    expect_status("ALL-1", "apiVersion: v1\nmetadata: {name: a}\nkind: Role\ngroup: '*'\n",
                  STATUS_SUPPRESSED);
    expect_status("wild", "apiVersion: v1\nmetadata: {name: a}\nkind: Role\ngroup: '*'\n",
                  STATUS_SUPPRESSED);
}

/* How many findings stay where a comment takes back all of the rule, and nobody may take back what
 * its alias `V-1` means, and how many comments are refused. */
static void expect_stays(const char *mark, const char *body, uint32_t failed, uint32_t refused)
{
    const AliasSet forbidden[] = {1, 0};
    const SuppressPolicy policy = {
        .tools = UINT32_MAX, .forbidden = forbidden, .forbid_from = SEVERITY_OWN};
    Bench b = {.options = {.keep_every = true, .policy = &policy}};

    bench_compile(&b, rules);
    bench_judge_compiled(
        &b, FORMAT_KUBERNETES,
        str_format(b.arena, "# plumb:ignore-file=%s reason=x\n%s", mark, body).data);
    assert_int_equal(b.sink.coverage.failed, failed);
    assert_int_equal(b.sink.problem_count, refused);
    bench_free(&b);
}

static void a_part_may_be_one_that_nobody_takes_back(void **state)
{
    (void)state;
    expect_stays("wild", "apiVersion: v1\nmetadata: {name: a}\nkind: Role\nverb: '*'\n", 1, 1);
    expect_stays("wild", "apiVersion: v1\nmetadata: {name: a}\nkind: Role\ngroup: '*'\n", 0, 0);
    expect_stays("R-1", "apiVersion: v1\nmetadata: {name: a}\nkind: Role\nverb: '*'\n", 1, 1);
    expect_stays("V-2", "apiVersion: v1\nmetadata: {name: a}\nkind: Role\nverb: '*'\n", 1, 1);
}

static void a_suppression_of_what_is_not_judged_is_not_called_unused(void **state)
{
    static const char input[] = "apiVersion: v1\nmetadata: {name: a}\nkind: Role\n"
                                "verb: '*' # plumb:ignore=V-2 reason=x\n---\n"
                                "{apiVersion: v1, metadata: {name: b}, kind: Role, group: '*'}\n";
    RuleParts parts[2] = {{.without = 1}, {0, 0}};
    Bench b = {.options = {.keep_every = true}};

    (void)state;
    bench_compile(&b, rules);
    b.options.rules.parts = parts;
    bench_judge_compiled(&b, FORMAT_KUBERNETES, input);
    assert_int_equal(b.sink.coverage.failed, 1);
    assert_int_equal(b.sink.problem_count, 0);
    bench_free(&b);
}

/* How many findings a configuration leaves of a Role with any verb and of one with any group. */
static void expect_findings(const char *yaml, uint32_t of_verb, uint32_t of_group)
{
    static const char *const inputs[] = {
        "{apiVersion: v1, metadata: {name: a}, kind: Role, verb: '*'}",
        "{apiVersion: v1, metadata: {name: a}, kind: Role, group: '*'}"};

    for (int i = 0; i < 2; i++) {
        static const Symbols none;
        Bench b = {.options = {.keep_every = true}};
        SettingsRequest request = {.set_count = 2};
        DiagSink diags;
        Sources sources;
        YamlDocument *documents;
        Config config;
        Settings settings;
        uint32_t count;

        bench_compile(&b, rules);
        diags = diags_new(b.arena);
        sources = sources_new(b.arena);
        assert_true(yaml_read(sources_add(&sources, STR("plumb.yaml"), str_of(yaml)), &none,
                              b.arena, &diags, &documents, &count));
        assert_true(config_build(&documents[0].root, b.arena, &diags, &config));
        request.sets = b.sets;
        request.config = &config;
        assert_true(settings_resolve(&request, b.arena, &diags, &settings));
        b.options.rules = settings.rules;
        bench_judge_compiled(&b, FORMAT_KUBERNETES, inputs[i]);
        assert_int_equal(b.sink.coverage.failed, i ? of_group : of_verb);
        bench_free(&b);
    }
}

static void settings_by_such_an_alias_are_about_that_part(void **state)
{
    (void)state;
    expect_findings("fail-on: low\n", 1, 1);
    expect_findings("disable: [V-1]\n", 0, 1);
    expect_findings("disable: [V-1, wild]\n", 0, 0);
    expect_findings("only: [V-1]\n", 1, 0);
    expect_findings("only: [V-1, wild]\n", 1, 1);
    expect_findings("only: [V-1, R-1]\n", 1, 1);
    expect_findings("only: [V-1]\ndisable: [V-2]\n", 0, 0);
    expect_findings("disable: [wild]\nenable: [V-1]\n", 0, 0);
    expect_findings("disable: ['*']\nenable: [V-1]\n", 1, 0);
    expect_findings("disable: ['V-*']\n", 0, 1);
    expect_findings("only: ['V-*']\n", 1, 0);
}

static void scores_of_other_parts_are_of_another_selection(void **state)
{
    RuleParts parts[2] = {{0, 0}, {0, 0}};
    char whole[SCORE_HASH_DIGITS + 1], same[SCORE_HASH_DIGITS + 1];
    char only[SCORE_HASH_DIGITS + 1], without[SCORE_HASH_DIGITS + 1];
    Bench b = {.options = {.report_at = SEVERITY_INFO}};

    (void)state;
    bench_compile(&b, rules);
    score_selection(&b.options, whole);
    b.options.rules.parts = parts;
    score_selection(&b.options, same);
    parts[0].only = 1;
    score_selection(&b.options, only);
    parts[0] = (RuleParts){.without = 1};
    score_selection(&b.options, without);
    assert_string_equal(same, whole);
    assert_string_not_equal(only, whole);
    assert_string_not_equal(without, whole);
    assert_string_not_equal(without, only);
    bench_free(&b);
}

/* Whose check an alias is. */
static Str scanner_of(Str alias)
{
    int64_t slash = str_find_char(alias, '/');

    if (slash >= 0)
        return str_sub(alias, 0, (uint32_t)slash);
    return str_starts(alias, STR("CKV")) ? STR("checkov") : STR("trivy");
}

static uint32_t scanners_of(const Rule *rule)
{
    Str first = rule_alias_count(rule) ? scanner_of(rule_alias(rule, 0)) : STR("");
    bool one = true;

    for (uint32_t i = 1; i < rule_alias_count(rule); i++)
        one &= str_eq(scanner_of(rule_alias(rule, i)), first);
    return !first.size ? 0 : one ? 1 : 2;
}

static void few_rules_follow_one_scanner_and_say_who_needs_them(void **state)
{
    RuleSet set = ruleset_shipped();
    uint32_t count = 0;

    (void)state;
    for (uint32_t i = 0; i < ruleset_rule_count(&set); i++) {
        const Rule *rule = ruleset_rule(&set, i);
        bool follows = str_starts(rule_id(rule), STR("k8s-")) && rule_default(rule) == RULE_OFF &&
                       scanners_of(rule) == 1;
        if (rule_needed_by(rule).size)
            assert_int_equal(rule_default(rule), RULE_OFF);
        if (!follows && !rule_needed_by(rule).size)
            continue;
        count++;
        if (!rule_needed_by(rule).size)
            print_error("%.*s does not say who needs it\n", STR_ARG(rule_id(rule)));
        assert_true(rule_needed_by(rule).size > 0);
    }
    assert_in_range(count, 1, 25);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_finding_goes_by_the_aliases_whose_conditions_hold),
        cmocka_unit_test(what_passes_does_so_by_all_names_of_its_type),
        cmocka_unit_test(a_condition_that_fails_does_not_hold),
        cmocka_unit_test(a_suppression_by_such_an_alias_covers_no_more),
        cmocka_unit_test(a_part_may_be_one_that_nobody_takes_back),
        cmocka_unit_test(a_suppression_of_what_is_not_judged_is_not_called_unused),
        cmocka_unit_test(settings_by_such_an_alias_are_about_that_part),
        cmocka_unit_test(scores_of_other_parts_are_of_another_selection),
        cmocka_unit_test(few_rules_follow_one_scanner_and_say_who_needs_them),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
