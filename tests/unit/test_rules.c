/* Rule files to rule sets: what compiles, what is refused and where, how a set is used. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/buf.h"
#include "rules/load.h"

#define HEAD                                                                                       \
    "- id: a\n"                                                                                    \
    "  title: A\n"                                                                                 \
    "  severity: low\n"                                                                            \
    "  category: cost\n"                                                                           \
    "  for: Pod\n"

#define TEST(outcome, text) "    - " outcome ": |\n        " text "\n"

#define PASS_AND_FAIL "  tests:\n" TEST("fail", "{}") TEST("pass", "{}")

/* Reads `text` as a file r.yaml and compiles it. */
static RuleSet compile(RuleContext *context, const char *text, const RuleSet *base)
{
    RuleTree tree = rule_tree_new();
    CompileOptions options = {.base = base, .version = STR("2026.1"), .hash = STR("00ff")};
    RuleSet set = {.bytes = NULL};

    assert_true(rule_tree_add_text(&tree, STR("r.yaml"), str_of(text), context));
    assert_true(rules_compile(tree.first, &options, context, &set));
    return set;
}

static const char *diags_of(RuleContext *context)
{
    return str_copy_z(context->arena,
                      diags_dump(&context->diags, &context->sources, context->arena));
}

static void assert_str(Str text, const char *wanted)
{
    assert_int_equal(text.size, strlen(wanted));
    assert_memory_equal(text.data, wanted, text.size);
}

static void a_rule_keeps_what_its_file_says(void **state)
{
    RuleContext context = rule_context_new();
    RuleSet set = compile(&context,
                          "# rules\n" HEAD "  default: off\n"
                          "  why: |\n    Because.\n"
                          "  aliases: [X_1, x/two]\n"
                          "  references: https://example.com/\n"
                          "  frameworks: {cis: ['1.1', '1.2'], own: A}\n"
                          "  check: resource.spec != null\n"
                          "  tests:\n" TEST("fail", "{}") TEST("pass", "spec: {}"),
                          NULL);
    const Rule *rule = ruleset_rule(&set, 0);

    (void)state;
    assert_string_equal(diags_of(&context), "");
    assert_int_equal(ruleset_rule_count(&set), 1);
    assert_str(rule_id(rule), "a");
    assert_str(rule_title(rule), "A");
    assert_str(rule_why(rule), "Because.");
    assert_int_equal(rule_severity(rule), SEVERITY_LOW);
    assert_int_equal(rule_category(rule), CATEGORY_COST);
    assert_int_equal(rule_default(rule), RULE_OFF);
    assert_int_equal(rule_alias_count(rule), 2);
    assert_str(rule_alias(rule, 1), "x/two");
    assert_str(rule_reference(rule, 0), "https://example.com/");
    assert_int_equal(rule_framework_count(rule), 3);
    assert_str(rule_framework(rule, 1), "cis");
    assert_str(rule_framework_control(rule, 1), "1.2");
    assert_str(rule_passing_example(rule), "spec: {}\n");
    assert_str(rule_target(rule, 0), "Pod");
    assert_str(rule_file(rule), "r.yaml");
    assert_int_equal(rule_line(rule), 2);
    assert_str(ruleset_version(&set), "2026.1");
    rule_context_free(&context);
}

typedef struct Refused {
    const char *text;
    const char *diags;
} Refused;

static void assert_refused(const Refused *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        RuleContext context = rule_context_new();
        RuleSet set = compile(&context, cases[i].text, NULL);
        assert_string_equal(diags_of(&context), cases[i].diags);
        assert_int_equal(ruleset_rule_count(&set), 0);
        rule_context_free(&context);
    }
}

static void a_mistake_in_the_shape_is_reported_at_its_place(void **state)
{
    static const Refused cases[] = {
        {HEAD "  chek: true\n",
         "r.yaml:6:3: error[rule-file]: key \"chek\" is not known (did you mean "
         "\"check\"?)\n"},
        {HEAD, "r.yaml:1:7: error[rule-file]: a rule needs `check` or `cases`\n"},
        {"- id: A b\n  title: A\n  severity: lo\n  category: cost\n  for: Pod\n  check: true\n",
         "r.yaml:1:7: error[rule-file]: an id has lower case letters, digits and hyphens only\n"
         "r.yaml:3:13: error[rule-file]: severity \"lo\" is not known (did you mean \"low\"?)\n"},
        {HEAD "  check: [a]\n", "r.yaml:6:3: error[rule-file]: `check` must be a text\n"},
        {HEAD "  check: true\n  tests: [{}]\n",
         "r.yaml:7:11: error[rule-file]: a test needs one of `fail`, `pass`, `unknown`, `skip`, "
         "`error`\n"},
        {HEAD "  cases: [{severity: low}]\n", "r.yaml:6:11: error[rule-file]: a case needs `if`\n"},
        {HEAD "  check: true\n  edit: {set: 1, at: a, remove: true}\n",
         "r.yaml:7:9: error[rule-file]: an edit needs one of `set`, `remove`, `replace`, "
         "`before`, `after`, `above`\n"},
        {HEAD "  check: true\n  edit: [{remove: false, at: a}]\n",
         "r.yaml:7:19: error[rule-file]: `remove` can be `true` only\n"},
        {HEAD "  check: true\n  edit: [off]\n",
         "r.yaml:7:10: error[rule-file]: an edit is a map, or a list of maps\n"},
        {HEAD "  check: true\n  edit: {set: 1}\n",
         "r.yaml:7:15: error[rule-file]: an edit needs `at`, since the rule has none\n"},
        {HEAD "  check: true\n  edit: {set: 1, at: resource}\n",
         "r.yaml:7:22: error[rule-file]: an edit needs a field's path here\n"},
        {HEAD "  check: true\n  tests: [{pass: a, fixed: b}]\n",
         "r.yaml:7:11: error[rule-file]: `fixed` belongs to a test that fails and has one file\n"},
        {HEAD "  check: true\n  aliases: [A, {id: B}]\n",
         "r.yaml:7:16: error[rule-file]: an alias is a text, or a map of `id` with `for`, `if` or "
         "both\n"},
        {HEAD "  check: true\n  aliases: [{id: B, when: x}]\n",
         "r.yaml:7:21: error[rule-file]: key \"when\" is not known\n"},
        {HEAD "  check: true\n  aliases: {id: B}\n",
         "r.yaml:7:3: error[rule-file]: `aliases` must be a text or a list of texts and maps\n"},
        {"just text\n", "r.yaml:1:1: error[rule-file]: a rule file is a list of rules, or a map of "
                        "`define` and `rules`\n"},
    };

    (void)state;
    assert_refused(cases, sizeof cases / sizeof *cases);
}

static void a_mistake_in_an_expression_is_reported_at_its_place(void **state)
{
    static const Refused cases[] = {
        {HEAD "  check: it.a == 1\n  absent: a\n",
         "r.yaml:1:7: error[rule-file]: a reads `it` or `index` and has no `each`\n"},
        {HEAD
         "  check: resource.spec.hostPidd != true\n  tests:\n" TEST("fail", "spec: {hostPid: 1}"),
         "r.yaml:6:24: error[rule-file]: no test of a sets `hostPidd` (did you mean "
         "`hostPid`?)\n"},
        {HEAD "  check: true\n  message: 'a {meta.name'\n",
         "r.yaml:7:15: error[rule-file]: the brace is not closed\n"},
        {"define: {x: y + 1, y: x}\nrules:\n" HEAD "  check: x == 1\n",
         "r.yaml:1:23: error[rule-file]: `x` is defined by itself\n"},
    };

    (void)state;
    assert_refused(cases, sizeof cases / sizeof *cases);
}

static void places_in_a_block_scalar_lead_back_into_the_file(void **state)
{
    RuleContext context = rule_context_new();

    (void)state;
    compile(&context,
            HEAD "  check: |\n"
                 "    resource.kind == null &&\n"
                 "      resource.nowhere\n",
            NULL);
    assert_string_equal(diags_of(&context),
                        "r.yaml:8:16: error[rule-file]: no test of a sets `nowhere` (add a test "
                        "that sets it, or list it under `absent`)\n");
    rule_context_free(&context);
}

static void an_id_stands_once(void **state)
{
    RuleContext context = rule_context_new();
    RuleContext user = rule_context_new();
    RuleSet set = compile(&context, HEAD "  check: true\n" HEAD "  check: true\n", NULL);

    (void)state;
    assert_string_equal(diags_of(&context),
                        "r.yaml:7:7: error[rule-file]: there is a rule a already\n");
    compile(&user, HEAD "  check: true\n", &set);
    assert_string_equal(diags_of(&user),
                        "r.yaml:1:7: error[rule-file]: there is a rule a already\n");
    rule_context_free(&user);
    rule_context_free(&context);
}

static void count_number(void *context, uint32_t number)
{
    *(uint32_t *)context += number + 1;
}

static void rules_are_found_by_type_pattern_and_family(void **state)
{
    RuleContext context = rule_context_new();
    RuleSet set = compile(&context,
                          "- {id: r0, title: t, severity: low, category: cost, check: true,"
                          " for: [Pod, Job]}\n"
                          "- {id: r1, title: t, severity: low, category: cost, check: true,"
                          " for: [aws_*, pod]}\n"
                          "- {id: r2, title: t, severity: low, category: cost, check: true,"
                          " for: any}\n",
                          NULL);
    Symbols symbols = ruleset_symbols(&set, NULL);
    uint32_t sum = 0;

    (void)state;
    assert_string_equal(diags_of(&context), "");
    assert_int_equal(ruleset_for_type(&set, symbols_find(&symbols, STR("Job"))).items[0], 0);
    assert_int_equal(ruleset_for_type(&set, 4711).count, 0);
    ruleset_for_glob(&set, STR("aws_vpc"), count_number, &sum);
    assert_int_equal(sum, 2);
    assert_int_equal(ruleset_for_pod(&set).items[0], 1);
    assert_int_equal(ruleset_for_any(&set).items[0], 2);
    rule_context_free(&context);
}

static void a_user_s_set_goes_on_after_the_shipped_symbols(void **state)
{
    RuleContext context = rule_context_new(), more = rule_context_new();
    RuleSet set = compile(&context, HEAD "  check: resource.one == 1\n  absent: one\n", NULL);
    RuleSet user = compile(&more,
                           "- {id: b, title: t, severity: low, category: cost, for: Pod,"
                           " check: resource.two == resource.one, absent: [one, two]}\n",
                           &set);
    Symbols symbols = ruleset_symbols(&set, &user);
    const RuleSet *sets[] = {&set, &user};

    (void)state;
    assert_true(symbols_find(&symbols, STR("one")) <= symbols.fixed.count);
    assert_true(symbols_find(&symbols, STR("two")) > symbols.fixed.count);
    assert_ptr_equal(ruleset_find(sets, 2, STR("b")), ruleset_rule(&user, 0));
    assert_null(ruleset_find(sets, 2, STR("c")));
    rule_context_free(&more);
    rule_context_free(&context);
}

static void versions_are_ordered_by_their_numbers(void **state)
{
    (void)state;
    assert_true(ruleset_version_cmp(STR("2026.10"), STR("2026.9")) > 0);
    assert_true(ruleset_version_cmp(STR("2026.1"), STR("2026.1")) == 0);
    assert_true(ruleset_version_cmp(STR("2026"), STR("2026.1")) < 0);
    assert_true(ruleset_version_cmp(STR(""), STR("2026.1")) < 0);
}

static void bytes_of_another_layout_are_no_set(void **state)
{
    RuleContext context = rule_context_new();
    RuleSet set = compile(&context, HEAD "  check: true\n", NULL), other;

    (void)state;
    assert_true(ruleset_open(set.bytes, set.size, &other));
    assert_false(ruleset_open(set.bytes, set.size - 8, &other));
    assert_false(ruleset_open("", 0, &other));
    rule_context_free(&context);
}

/* Compiles under `limit` bytes; false when they do not suffice. */
static bool compile_within(size_t limit, const char *text)
{
    RuleContext context = {.arena = arena_new(limit)};
    RuleTree tree = rule_tree_new();
    CompileOptions options = {.version = {"", 0}};
    RuleSet set;
    bool good;

    context.sources = sources_new(context.arena);
    context.diags = diags_new(context.arena);
    good = rule_tree_add_text(&tree, STR("r.yaml"), str_of(text), &context) &&
           rules_compile(tree.first, &options, &context, &set) && !arena_spent(context.arena);
    arena_free(context.arena);
    return good;
}

static void no_limit_of_memory_is_a_crash(void **state)
{
    static const char text[] =
        "define: {big: 'resource.a > 5'}\nrules:\n" HEAD
        "  each: resource.list\n  when: it.b != null\n  check: |\n    big &&\n    it.b in [1, 2]\n"
        "  message: '{it.b} {{'\n  at: list[0]\n  absent: [a, b, list]\n"
        "  params: {p: {type: list, default: [a]}}\n  frameworks: {x: [y]}\n"
        "  cases: [{if: it.b == 1, severity: high}]\n  related: [{at: list, message: m}]\n"
        "  tests:\n" TEST("fail", "a: 1") TEST("pass", "b: 2");
    size_t limit = 0;

    (void)state;
    while (!compile_within(limit, text) && limit < (1u << 20))
        limit += 331;
    assert_true(limit < (1u << 20));
}

/* A rule with another id, from its `for` on. */
#define OTHER(id) "- id: " id "\n  title: A\n  severity: low\n  category: cost\n  for: Pod\n"
#define FIELDS "  check: 1 == 1\n  absent: [a, b, list, x]\n" PASS_AND_FAIL

static void rules_share_what_they_ask_alike(void **state)
{
    static const char text[] =
        OTHER("a") "  when: resource.a == 1\n  each: resource.list\n" FIELDS OTHER(
            "b") "  when: resource.a  ==  1\n  each: resource.list\n" FIELDS
            OTHER("c") "  when: it.x\n  each: resource.list\n" FIELDS OTHER(
                "d") "  when: it.x\n  each: resource.list\n" FIELDS
                OTHER("e") "  when: it.x\n  each: resource.b\n" FIELDS OTHER(
                    "f") "  when: params.p == 1\n  params: {p: {type: int, default: 1}}\n" FIELDS
                    OTHER("g") "  when: params.p == 1\n  params: {p: {type: int, default: "
                               "2}}\n" FIELDS;
    RuleContext context = rule_context_new();
    RuleSet set = compile(&context, text, NULL);
    const Rule *rules = ruleset_rule(&set, 0);

    (void)state;
    assert_string_equal(diags_of(&context), "");
    assert_int_equal(ruleset_shared_count(&set), 3);
    assert_int_not_equal(rules[0].when.shared, 0);
    assert_int_equal(rules[0].when.shared, rules[1].when.shared);
    assert_int_not_equal(rules[0].each_shared, 0);
    assert_int_equal(rules[0].each_shared, rules[3].each_shared);
    assert_int_not_equal(rules[2].when.shared, 0);
    assert_int_equal(rules[2].when.shared, rules[3].when.shared);
    for (int i = 4; i < 7; i++)
        assert_int_equal(rules[i].when.shared, 0);
    rule_context_free(&context);
}

static void rules_that_begin_alike_share_the_longest_beginning(void **state)
{
    static const char text[] =
        OTHER("a") "  when: resource.a == 1 && resource.b == 2 && resource.x == 3\n" FIELDS OTHER(
            "b") "  when: resource.a == 1 && resource.b == 2\n" FIELDS
            OTHER("c") "  when: resource.a == 1 && resource.b == 3\n" FIELDS OTHER(
                "d") "  when: resource.x == 3 && resource.a == 1\n" FIELDS;
    RuleContext context = rule_context_new();
    RuleSet set = compile(&context, text, NULL);
    const Rule *rules = ruleset_rule(&set, 0);

    (void)state;
    assert_string_equal(diags_of(&context), "");
    assert_int_not_equal(rules[0].guard.shared, 0);
    assert_int_equal(rules[0].guard.shared, rules[1].when.shared);
    assert_int_not_equal(rules[1].guard.shared, 0);
    assert_int_equal(rules[1].guard.shared, rules[2].guard.shared);
    assert_int_equal(rules[3].guard.code.size, 0);
    rule_context_free(&context);
}

/* The rule that has parameters comes when the list of beginnings is full. */
static void a_rule_with_parameters_shares_nothing_wherever_it_stands(void **state)
{
    enum { COUNT = 20, OWN = 8 };
    RuleContext context = rule_context_new();
    Buf text = buf_new(context.arena);
    RuleSet set;

    (void)state;
    for (int i = 0; i < COUNT; i++) {
        buf_printf(&text, "- id: r%d\n  title: A\n  severity: low\n  category: cost\n  for: Pod\n",
                   i);
        buf_printf(&text, i == OWN ? "  when: params.p == %d\n" : "  when: resource.a == %d\n", i);
        if (i == OWN)
            buf_printf(&text, "  params: {p: {type: int, default: 1}}\n");
        buf_printf(&text, "%s", FIELDS);
    }
    set = compile(&context, str_copy_z(context.arena, buf_str(&text)), NULL);
    assert_string_equal(diags_of(&context), "");
    assert_int_equal(ruleset_rule_count(&set), COUNT);
    for (uint32_t i = 0; i < COUNT; i++)
        assert_int_equal(ruleset_rule(&set, i)->guard.shared, 0);
    rule_context_free(&context);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rules_that_begin_alike_share_the_longest_beginning),
        cmocka_unit_test(a_rule_with_parameters_shares_nothing_wherever_it_stands),
        cmocka_unit_test(a_rule_keeps_what_its_file_says),
        cmocka_unit_test(a_mistake_in_the_shape_is_reported_at_its_place),
        cmocka_unit_test(a_mistake_in_an_expression_is_reported_at_its_place),
        cmocka_unit_test(places_in_a_block_scalar_lead_back_into_the_file),
        cmocka_unit_test(an_id_stands_once),
        cmocka_unit_test(rules_are_found_by_type_pattern_and_family),
        cmocka_unit_test(a_user_s_set_goes_on_after_the_shipped_symbols),
        cmocka_unit_test(rules_share_what_they_ask_alike),
        cmocka_unit_test(versions_are_ordered_by_their_numbers),
        cmocka_unit_test(bytes_of_another_layout_are_no_set),
        cmocka_unit_test(no_limit_of_memory_is_a_crash),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
