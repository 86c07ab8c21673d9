/* scan/score: the formula as a table, the example of docs/scores.md, and what compares with what.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/limits.h"
#include "scan/score_record.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

enum { INFO, LOW, MEDIUM, HIGH, CRITICAL };
enum { SEC, REL, AUTO, GITOPS, COST, OBS, DOC };

/* A rule that decided `resources`: passes, and failures by severity. */
#define RULE(name, kind, level, on, passes, ...)                                                   \
    {                                                                                              \
        .id = STR_INIT(name), .category = (Category)(kind), .severity = (Severity)(level),         \
        .tally = {                                                                                 \
            .resources = on,                                                                       \
            .passed = passes,                                                                      \
            __VA_ARGS__                                                                            \
        }                                                                                          \
    }

/* --- one category --- */

typedef struct Row {
    const char *why;
    RuleScore rules[3];
    uint32_t count;
    bool incomplete;
    int32_t value; /* -1: n/a */
    uint32_t uncapped;
    ScoreCap cap;
    uint32_t coverage; /* in thousandths */
    const char *grade;
} Row;

static const Row rows[] = {
    {"no rule at all", {{0}}, 0, false, -1, 0, SCORE_CAP_NONE, 1000, "n/a"},
    {"a rule that judged nothing",
     {RULE("a", SEC, HIGH, 0, 0, .unknown = 0)},
     1,
     false,
     -1,
     0,
     SCORE_CAP_NONE,
     1000,
     "n/a"},
    {"undecided only",
     {RULE("a", SEC, HIGH, 0, 0, .unknown = 3)},
     1,
     false,
     -1,
     0,
     SCORE_CAP_NONE,
     0,
     "n/a"},
    {"all passed",
     {RULE("a", SEC, CRITICAL, 3, 3, .unknown = 0)},
     1,
     false,
     100,
     100,
     SCORE_CAP_NONE,
     1000,
     "A+"},
    {"undecided lowers the coverage and nothing else",
     {RULE("a", SEC, HIGH, 3, 3, .unknown = 1)},
     1,
     false,
     100,
     100,
     SCORE_CAP_NONE,
     750,
     "A+"},
    {"suppressed leaves the sum",
     {RULE("a", SEC, HIGH, 1, 1, .suppressed = 9)},
     1,
     false,
     100,
     100,
     SCORE_CAP_NONE,
     1000,
     "A+"},
    {"info rules count nothing",
     {RULE("a", SEC, INFO, 2, 0, .failed[INFO] = 2)},
     1,
     false,
     -1,
     0,
     SCORE_CAP_NONE,
     1000,
     "n/a"},
    {"info failures of another rule count nothing",
     {RULE("a", SEC, LOW, 2, 2, .failed[INFO] = 7)},
     1,
     false,
     100,
     100,
     SCORE_CAP_NONE,
     1000,
     "A+"},
    {"low failures cap nothing",
     {RULE("a", SEC, LOW, 10, 9, .failed[LOW] = 1)},
     1,
     false,
     90,
     90,
     SCORE_CAP_NONE,
     1000,
     "A-"},
    {"one high caps at 79",
     {RULE("a", SEC, HIGH, 10, 99, .failed[HIGH] = 1)},
     1,
     false,
     79,
     99,
     SCORE_CAP_HIGH,
     1000,
     "C+"},
    {"one critical caps at 59",
     {RULE("a", SEC, CRITICAL, 10, 99, .failed[CRITICAL] = 1)},
     1,
     false,
     59,
     99,
     SCORE_CAP_CRITICAL,
     1000,
     "F"},
    {"critical beats high and incomplete",
     {RULE("a", SEC, HIGH, 10, 99, .failed[HIGH] = 1),
      RULE("b", SEC, CRITICAL, 10, 99, .failed[CRITICAL] = 1)},
     2,
     true,
     59,
     99,
     SCORE_CAP_CRITICAL,
     1000,
     "F"},
    {"incomplete caps at 89",
     {RULE("a", SEC, HIGH, 1, 1, .unknown = 0)},
     1,
     true,
     89,
     100,
     SCORE_CAP_INCOMPLETE,
     1000,
     "B+"},
    {"a cap does not lift",
     {RULE("a", SEC, CRITICAL, 4, 1, .failed[CRITICAL] = 3)},
     1,
     false,
     25,
     25,
     SCORE_CAP_CRITICAL,
     1000,
     "F"},
    {"five hundred failures of one rule weigh as ten",
     {RULE("a", SEC, LOW, 500, 0, .failed[LOW] = 500), RULE("b", SEC, LOW, 10, 10, .unknown = 0)},
     2,
     false,
     50,
     50,
     SCORE_CAP_NONE,
     1000,
     "F"},
    {"a failure of lower severity than its rule's costs in proportion",
     {RULE("a", SEC, HIGH, 1, 0, .failed[LOW] = 1)},
     1,
     false,
     80,
     80,
     SCORE_CAP_NONE,
     1000,
     "B-"},
    {"a failure of higher severity costs no more than the rule's weight, and caps",
     {RULE("a", SEC, LOW, 2, 1, .failed[HIGH] = 1)},
     1,
     false,
     50,
     50,
     SCORE_CAP_HIGH,
     1000,
     "F"},
    {"three thirds are a whole",
     {RULE("a", SEC, LOW, 3, 2, .failed[LOW] = 1), RULE("b", SEC, LOW, 3, 2, .failed[LOW] = 1),
      RULE("c", SEC, LOW, 3, 2, .failed[LOW] = 1)},
     3,
     false,
     66,
     66,
     SCORE_CAP_NONE,
     1000,
     "D"},
    {"the least loss takes the 100",
     {RULE("a", SEC, CRITICAL, 10, 4000000000u, .failed[LOW] = 1)},
     1,
     false,
     99,
     99,
     SCORE_CAP_NONE,
     1000,
     "A+"},
    {"counts near the limit of their type do not overflow",
     {RULE("a", SEC, CRITICAL, 4000000000u, 0, .failed[CRITICAL] = 4000000000u)},
     1,
     false,
     0,
     0,
     SCORE_CAP_CRITICAL,
     1000,
     "F"},
};

static void check_row(const Row *row)
{
    RuleScore rules[3];
    Score score;
    const ScoreValue *value = &score.categories[SEC];

    memcpy(rules, row->rules, sizeof rules);
    score_compute(rules, row->count, row->incomplete, &score);
    if (value->applicable != (row->value >= 0) ||
        (value->applicable && (int32_t)value->value != row->value) ||
        value->uncapped != row->uncapped || (value->applicable && value->cap != row->cap) ||
        strcmp(score_value_grade(value), row->grade) != 0)
        fail_msg("%s: %u, uncapped %u, cap %s, %s", row->why, value->value, value->uncapped,
                 score_cap_name(value->cap), score_value_grade(value));
    if (score_coverage(value) != row->coverage)
        fail_msg("%s: coverage %u", row->why, score_coverage(value));
}

static void a_category_comes_to_what_the_table_says(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++)
        check_row(&rows[i]);
}

static void grades_begin_where_they_should(void **state)
{
    static const struct {
        uint32_t value;
        const char *grade;
    } table[] = {{100, "A+"}, {97, "A+"}, {96, "A"}, {93, "A"}, {92, "A-"}, {90, "A-"},
                 {89, "B+"},  {87, "B+"}, {86, "B"}, {83, "B"}, {82, "B-"}, {80, "B-"},
                 {79, "C+"},  {77, "C+"}, {76, "C"}, {73, "C"}, {72, "C-"}, {70, "C-"},
                 {69, "D+"},  {67, "D+"}, {66, "D"}, {63, "D"}, {62, "D-"}, {60, "D-"},
                 {59, "F"},   {0, "F"}};

    (void)state;
    for (size_t i = 0; i < COUNT(table); i++)
        assert_string_equal(score_grade(table[i].value), table[i].grade);
}

/* --- the example of docs/scores.md --- */

static void compute_example(Score *score, RuleScore rules[8])
{
    static const RuleScore example[] = {
        RULE("k8s-limits-memory", REL, MEDIUM, 5, 4, .failed[MEDIUM] = 4),
        RULE("k8s-image-tag-fixed", SEC, HIGH, 12, 12, .unknown = 0),
        RULE("aws-rds-not-public", SEC, CRITICAL, 1, 0, .failed[CRITICAL] = 1),
        RULE("aws-redis-auth", SEC, HIGH, 4, 3, .failed[HIGH] = 1),
        RULE("k8s-namespace-pss-enforce", SEC, HIGH, 2, 0, .failed[HIGH] = 1, .failed[LOW] = 1),
        RULE("k8s-replicas", REL, MEDIUM, 3, 3, .unknown = 0),
        RULE("k8s-hpa", REL, LOW, 0, 0, .unknown = 3),
        RULE("tf-variable-described", DOC, LOW, 6, 6, .unknown = 0),
    };

    memcpy(rules, example, sizeof example);
    score_compute(rules, 8, false, score);
}

static void the_documented_example_is_right(void **state)
{
    RuleScore rules[8];
    Score score;
    const ScoreValue *security = &score.categories[SEC], *reliability = &score.categories[REL];

    (void)state;
    compute_example(&score, rules);
    assert_int_equal(security->uncapped, 76);
    assert_int_equal(security->value, 59);
    assert_string_equal(security->cap_rule->id.data, "aws-rds-not-public");
    assert_int_equal(reliability->value, 68);
    assert_string_equal(score_value_grade(reliability), "D+");
    assert_int_equal(score_coverage(reliability), 785);
    assert_int_equal(score.categories[DOC].value, 100);
    assert_false(score.categories[COST].applicable);
    assert_int_equal(score.overall.uncapped, 65);
    assert_int_equal(score.overall.value, 59);
}

static void points_are_lost_by_rules_largest_first(void **state)
{
    static const struct {
        const char *id;
        uint32_t weight;
        uint32_t lost;
    } expected[] = {{"aws-rds-not-public", 10, 11111},
                    {"k8s-namespace-pss-enforce", 10, 6667},
                    {"aws-redis-auth", 20, 5556}};
    RuleScore rules[8];
    Score score;
    const ScoreValue *security = &score.categories[SEC];

    (void)state;
    compute_example(&score, rules);
    assert_int_equal(security->lost_count, COUNT(expected));
    for (size_t i = 0; i < COUNT(expected); i++) {
        assert_string_equal(security->lost[i].id.data, expected[i].id);
        assert_int_equal(security->lost[i].weight, expected[i].weight);
        assert_int_equal(security->lost[i].lost, expected[i].lost);
    }
    assert_int_equal(score.categories[REL].lost[0].lost, 31250);
}

static void only_security_caps_the_overall_score(void **state)
{
    RuleScore rules[] = {RULE("a", REL, CRITICAL, 10, 99, .failed[CRITICAL] = 1),
                         RULE("b", SEC, HIGH, 1, 1, .unknown = 0)};
    Score score;

    (void)state;
    score_compute(rules, COUNT(rules), false, &score);
    assert_int_equal(score.categories[REL].value, 59);
    assert_int_equal(score.overall.value, (33 * 100 + 20 * 59) / 53);
    assert_int_equal(score.overall.cap, SCORE_CAP_NONE);
}

static void category_weights_make_a_hundred(void **state)
{
    uint32_t sum = 0;

    (void)state;
    for (uint32_t i = 0; i < SCORE_CATEGORIES; i++)
        sum += score_category_weight((Category)i);
    assert_int_equal(sum, 100);
}

static void what_is_not_judged_is_never_too_low(void **state)
{
    RuleScore rules[] = {RULE("a", SEC, HIGH, 2, 1, .failed[MEDIUM] = 1)};
    Score score;

    (void)state;
    score_compute(rules, 0, false, &score);
    score.wanted = 100;
    assert_false(score_is_below(&score));
    score_compute(rules, 1, false, &score);
    assert_int_equal(score.overall.value, 80);
    score.wanted = 80;
    assert_false(score_is_below(&score));
    score.wanted = 81;
    assert_true(score_is_below(&score));
}

/* --- counting --- */

static void a_resource_counts_once_for_a_rule(void **state)
{
    RuleTally tally = {0}, sum = {0};

    (void)state;
    tally_add(&tally, STATUS_PASS, SEVERITY_HIGH, 1);
    tally_add(&tally, STATUS_FAIL, SEVERITY_HIGH, 1);
    tally_add(&tally, STATUS_FAIL, SEVERITY_INFO, 2);
    tally_add(&tally, STATUS_UNKNOWN, SEVERITY_HIGH, 3);
    tally_add(&tally, STATUS_SUPPRESSED, SEVERITY_HIGH, 4);
    tally_merge(&sum, &tally);
    tally_merge(&sum, &tally);
    assert_int_equal(sum.resources, 2);
    assert_int_equal(sum.passed, 2);
    assert_int_equal(tally_failed(&sum), 2);
    assert_int_equal(sum.failed[SEVERITY_INFO], 2);
    assert_int_equal(sum.unknown, 2);
    assert_int_equal(sum.suppressed, 2);
}

/* --- records --- */

#define REPORT(version, ruleset, selection)                                                        \
    "{\"score\": {\"version\": \"" version "\", \"ruleset\": \"" ruleset                           \
    "\", \"selection\": \"" selection                                                              \
    "\", \"overall\": {\"value\": 62}, \"categories\": {\"security\": {\"value\": 59},"            \
    " \"cost\": {\"value\": null}}}}"

static void only_the_same_rules_compare(void **state)
{
    static const struct {
        const char *text;
        bool read;
        bool compares;
    } table[] = {
        {REPORT("score/v1", "2026.1#ab", "01"), true, true},
        {REPORT("score/v2", "2026.1#ab", "01"), true, false},
        {REPORT("score/v1", "2026.1#cd", "01"), true, false},
        {REPORT("score/v1", "2026.1#ab", "02"), true, false},
        {"{\"score\": {}}", true, false},
        {"{\"score\": null}", false, false},
        {"{\"results\": []}", false, false},
        {"[]", false, false},
        {"{\"score\": ", false, false},
        {"", false, false},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(table); i++) {
        Arena *arena = arena_new(LIMIT_UNIT_BYTES);
        ProblemList problems = problem_list(arena);
        ScoreRecord record;
        bool read =
            score_record_parse(STR("old.json"), str_of(table[i].text), arena, &problems, &record);
        bool compares = read && score_record_check(&record, STR("old.json"), STR("2026.1#ab"),
                                                   STR("01"), &problems);
        assert_int_equal(read, table[i].read);
        assert_int_equal(compares, table[i].compares);
        assert_int_equal(problems.errors > 0, !compares);
        arena_free(arena);
    }
}

static void a_record_has_the_values_that_were_written(void **state)
{
    Arena *arena = arena_new(LIMIT_UNIT_BYTES);
    ProblemList problems = problem_list(arena);
    ScoreRecord record;

    (void)state;
    assert_true(score_record_parse(STR("old.json"), STR(REPORT("score/v1", "r", "s")), arena,
                                   &problems, &record));
    assert_int_equal(score_record_value(&record, SCORE_CATEGORIES), 62);
    assert_int_equal(score_record_value(&record, SEC), 59);
    assert_int_equal(score_record_value(&record, COST), -1);
    assert_int_equal(score_record_value(&record, DOC), -1);
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_category_comes_to_what_the_table_says),
        cmocka_unit_test(grades_begin_where_they_should),
        cmocka_unit_test(the_documented_example_is_right),
        cmocka_unit_test(points_are_lost_by_rules_largest_first),
        cmocka_unit_test(only_security_caps_the_overall_score),
        cmocka_unit_test(category_weights_make_a_hundred),
        cmocka_unit_test(what_is_not_judged_is_never_too_low),
        cmocka_unit_test(a_resource_counts_once_for_a_rule),
        cmocka_unit_test(only_the_same_rules_compare),
        cmocka_unit_test(a_record_has_the_values_that_were_written),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
