/* rules/needs and scan/need_set: which rules are passed over for what a resource lacks. */
#include "base/buf.h"
#include "judging.h"
#include "scan/need_set.h"

#define RULE_WITH(expressions)                                                                     \
    "- id: r\n  title: T\n  severity: low\n  category: cost\n  for: [Pod, aws_x]\n"                \
    "  absent: [a, b, c, list, hostPID]\n" expressions "  check: 1 == 1\n"

/* Whether the resource of an input has nothing of what the one rule needs. */
static bool lacks(Bench *b, Format format, const char *rule, const char *input)
{
    const Rule *made;
    const Resource *resource = NULL;
    NeedPaths paths = {0};
    NeedSet when, each, there;

    bench_compile(b, rule);
    bench_build(b, format, input);
    made = ruleset_rule(&b->set, 0);
    for (uint32_t i = 0; i < b->unit.resource_count; i++)
        if (str_eq(b->unit.resources[i].name, STR("r")))
            resource = &b->unit.resources[i];
    assert_non_null(resource);
    when = need_paths_add(&paths, made, made->when_needs, b->arena);
    each = need_paths_add(&paths, made, made->each_needs, b->arena);
    there = need_paths_there(&paths, &resource->body, resource->pod);
    return need_set_lacks(&when, &there) || need_set_lacks(&each, &there);
}

#define WHEN(condition) RULE_WITH("  when: |\n    " condition "\n")
#define EACH(list) RULE_WITH("  each: |\n    " list "\n")

typedef struct Case {
    const char *rule;
    const char *fields; /* of the resource */
    bool lacks;
} Case;

static void check(const Case *cases, size_t count, const char *before)
{
    for (size_t i = 0; i < count; i++) {
        Bench b = {.options = {.all_verdicts = false}};
        Arena *arena = arena_new(1 << 20);
        Str input =
            str_format(arena, "%sresource \"aws_x\" \"r\" {\n%s\n}\n", before, cases[i].fields);

        if (lacks(&b, FORMAT_TERRAFORM, cases[i].rule, str_copy_z(arena, input)) != cases[i].lacks)
            fail_msg("%s%s", cases[i].rule, cases[i].fields);
        bench_free(&b);
        arena_free(arena);
    }
}

#define CHECK(cases, before) check(cases, sizeof cases / sizeof *cases, before)

static void a_condition_that_is_false_of_what_is_absent_needs_it(void **state)
{
    static const Case cases[] = {
        {WHEN("resource.a"), "", true},
        {WHEN("resource.a"), "a = false", false},
        {WHEN("resource.a != null"), "", true},
        {WHEN("resource.a != null"), "a = null", true},
        {WHEN("resource.a != null"), "a = 1", false},
        {WHEN("resource.a == 1"), "b = 1", true},
        {WHEN("1 == resource.a"), "b = 1", true},
        {WHEN("resource[\"a\"] == 1"), "b = 1", true},
        {WHEN("resource.a > 1"), "b = 1", true},
        {WHEN("1 <= resource.a"), "b = 1", true},
        {WHEN("resource.a in [1, 2]"), "b = 1", true},
        {WHEN("isSet(resource.a)"), "b = 1", true},
        {WHEN("resource.list.exists(x, x == 1)"), "b = 1", true},
        {WHEN("resource.list.exists(x, x == 1)"), "list = [2]", false},
        {WHEN("gather(resource.a, [\"b\", \"c\"]) != null"), "a = { d = [1] }", true},
        {WHEN("gather(resource.a, [\"b\", \"c\"]) != null"), "a = { c = [1] }", false},
        {WHEN("resource.a.b.c == 1"), "a = {}", true},
        {WHEN("resource.a.b.c == 1"), "a = { b = {} }", true},
        {WHEN("resource.a.b.c == 1"), "a = { b = { c = 2 } }", false},
    };

    (void)state;
    CHECK(cases, "");
}

static void operands_are_needed_as_they_decide(void **state)
{
    static const Case cases[] = {
        {WHEN("resource.a == 1 && resource.b == null"), "c = 1", true},
        {WHEN("resource.b == null && resource.a == 1"), "c = 1", true},
        {WHEN("resource.a == 1 || resource.b == 1"), "c = 1", true},
        {WHEN("resource.a == 1 || resource.b == 1"), "b = 1", false},
        {WHEN("resource.a == 1 || resource.b == null"), "c = 1", false},
        {WHEN("(resource.a == 1 || resource.b == 1) && resource.c != 1"), "c = 2", true},
    };

    (void)state;
    CHECK(cases, "");
}

static void a_condition_that_may_hold_of_what_is_absent_needs_nothing(void **state)
{
    static const char *const conditions[] = {
        WHEN("resource.a == null"),
        WHEN("resource.a != 1"),
        WHEN("resource.a in [1, null]"),
        WHEN("!(resource.a == 1)"),
        WHEN("!isSet(resource.a)"),
        WHEN("resource.a == resource.b"),
        WHEN("resource.list.all(x, x == 1)"),
        WHEN("!resource.list.exists(x, x == 1)"),
        WHEN("resource.address == \"aws_x.r\""),
        WHEN("(resource.a == 1 ? 1 : 2) == 2"),
    };

    (void)state;
    for (size_t i = 0; i < sizeof conditions / sizeof *conditions; i++) {
        const Case one = {conditions[i], "", false};

        check(&one, 1, "");
    }
}

static void what_is_not_known_is_never_passed_over(void **state)
{
    static const Case cases[] = {
        {WHEN("resource.a != null"), "a = var.u", false},
        {WHEN("resource.a == 1"), "a = var.u", false},
        {WHEN("resource.a.b.c == 1"), "a = var.u", false},
        {WHEN("resource.a.b.c == 1"), "a = { b = var.u }", false},
        {WHEN("resource.a == 1 || resource.b == 1"), "b = var.u", false},
        {WHEN("resource.list.exists(x, x == 1)"), "list = var.u", false},
        {WHEN("resource.list.exists(x, x.a == 1)"),
         "dynamic \"list\" {\n  for_each = var.u\n  content {\n    a = 2\n  }\n}", false},
        {EACH("resource.list"), "list = var.u", false},
        {EACH("resource.a.list.filter(x, x.b == 1)"), "a = var.u", false},
    };

    (void)state;
    CHECK(cases, "variable \"u\" {}\n");
}

static void a_list_of_elements_needs_what_it_is_made_of(void **state)
{
    static const Case cases[] = {
        {EACH("resource.list"), "", true},
        {EACH("resource.list"), "list = [1]", false},
        {EACH("resource.a.list.filter(x, x == 1).map(x, x)"), "a = {}", true},
        {EACH("resource.list.filter(x, x == 1)"), "list = []", false},
        {EACH("[resource.a, resource.b]"), "", false},
        {EACH("gather(resource.a, [\"b\", \"c\"])"), "a = {}", true},
        {EACH("gather(resource.a, [\"b\", \"c\"]).filter(x, x == 1)"), "a = { c = [] }", false},
        {EACH("gather(resource.a, [resource.b])"), "", false},
    };

    (void)state;
    CHECK(cases, "");
}

static void a_condition_may_be_about_one_format(void **state)
{
    static const struct {
        const char *rule;
        uint32_t format;
    } cases[] = {
        {WHEN("meta.format == \"kubernetes\""), FORMAT_KUBERNETES + 1},
        {WHEN("resource.a == 1 && meta.format == \"plan\" && resource.b == 1"), FORMAT_PLAN + 1},
        {WHEN("meta.format == \"kubernetes\" || resource.a == 1"), 0},
        {WHEN("meta.format == \"something\""), 0},
        {WHEN("meta.name == \"kubernetes\""), 0},
        {EACH("[meta.format == \"kubernetes\"]"), 0},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Bench b = {.options = {.all_verdicts = false}};

        bench_compile(&b, cases[i].rule);
        assert_int_equal(ruleset_rule(&b.set, 0)->format, cases[i].format);
        bench_free(&b);
    }
}

static void a_path_of_the_pod_is_looked_for_there(void **state)
{
    static const char rule[] = WHEN("pod.spec.hostPID == true");
    Bench with = {.options = {.all_verdicts = false}}, without = with, other = with;

    (void)state;
    assert_false(lacks(&with, FORMAT_KUBERNETES, rule,
                       "{apiVersion: v1, kind: Pod, metadata: {name: r}, spec: {hostPID: true}}"));
    assert_true(lacks(&without, FORMAT_KUBERNETES, rule,
                      "{apiVersion: v1, kind: Pod, metadata: {name: r}, spec: {}}"));
    assert_true(lacks(&other, FORMAT_TERRAFORM, rule, "resource \"aws_x\" \"r\" {}"));
    bench_free(&with);
    bench_free(&without);
    bench_free(&other);
}

/* Rules beyond the room for paths are asked as if they needed nothing. */
static void what_there_is_no_room_for_is_not_passed_over(void **state)
{
    Bench b = {.options = {.all_verdicts = false}};
    Arena *arena = arena_new(1 << 24);
    Buf rules = buf_new(arena);
    NeedPaths paths = {0};
    NeedSet needs, there = {{0}};

    (void)state;
    for (uint32_t i = 0; i <= NEED_MOST; i++)
        buf_printf(&rules,
                   "- {id: r%u, title: T, severity: low, category: cost, for: aws_x, "
                   "absent: [f%u], when: resource.f%u == 1, check: true}\n",
                   i, i, i);
    bench_compile(&b, str_copy_z(arena, buf_str(&rules)));
    for (uint32_t i = 0; i <= NEED_MOST; i++) {
        const Rule *rule = ruleset_rule(&b.set, i);

        needs = need_paths_add(&paths, rule, rule->when_needs, b.arena);
        assert_int_equal(need_set_lacks(&needs, &there), i < NEED_MOST);
    }
    assert_int_equal(paths.count, NEED_MOST);
    bench_free(&b);
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_condition_that_is_false_of_what_is_absent_needs_it),
        cmocka_unit_test(operands_are_needed_as_they_decide),
        cmocka_unit_test(a_condition_that_may_hold_of_what_is_absent_needs_nothing),
        cmocka_unit_test(what_is_not_known_is_never_passed_over),
        cmocka_unit_test(a_list_of_elements_needs_what_it_is_made_of),
        cmocka_unit_test(a_condition_may_be_about_one_format),
        cmocka_unit_test(a_path_of_the_pod_is_looked_for_there),
        cmocka_unit_test(what_there_is_no_room_for_is_not_passed_over),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
