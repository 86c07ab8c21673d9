/* scan/evaluate: what verdicts a rule gives, and where they point. */
#include "base/buf.h"
#include "judging.h"

/* A rule but for its expressions. */
#define RULE_BUT_ID                                                                                \
    "  title: T\n  severity: low\n  category: cost\n  for: [pod, aws_x]\n"                         \
    "  absent: [a, b, c, list, name, hostPID, hostIPC, secret]\n"
#define RULE "- id: r\n" RULE_BUT_ID

/* One line for each kept verdict, then one for each problem. */
static const char *dump(Bench *b)
{
    static const char *const status[] = {"pass", "fail", "unknown", "suppressed"};
    Buf text = buf_new(b->arena);

    for (uint32_t i = 0; i < b->sink.count; i++) {
        const Verdict *v = &b->sink.verdicts[i];
        buf_printf(&text, "%s %s %u:%u-%u:%u %.*s [%.*s] %.*s%s%.*s\n", status[v->status],
                   severity_name(v->severity), v->place.start.line, v->place.start.column,
                   v->place.end.line, v->place.end.column, STR_ARG(v->attribute),
                   STR_ARG(v->element), STR_ARG(v->message), v->cause.size ? " <- " : "",
                   STR_ARG(v->cause));
    }
    for (uint32_t i = 0; i < b->sink.problem_count; i++)
        buf_printf(&text, "%s: %.*s\n", b->sink.problems[i].code,
                   STR_ARG(b->sink.problems[i].message));
    return str_copy_z(b->arena, buf_str(&text));
}

typedef struct Case {
    const char *rule; /* after RULE */
    const char *input;
    const char *expected;
} Case;

static void check(const Case *cases, size_t count, Format format)
{
    for (size_t i = 0; i < count; i++) {
        Bench b = {.options = {.all_verdicts = true}};
        const char *rules;
        Arena *arena = arena_new(1 << 20);

        rules = str_copy_z(arena, str_format(arena, "%s%s", RULE, cases[i].rule));
        bench_judge(&b, rules, format, cases[i].input);
        assert_string_equal(dump(&b), cases[i].expected);
        bench_free(&b);
        arena_free(arena);
    }
}

#define POD                                                                                        \
    "apiVersion: v1\n"                                                                             \
    "kind: Pod\n"                                                                                  \
    "metadata: {name: web}\n"                                                                      \
    "spec:\n"                                                                                      \
    "  hostPID: true\n"                                                                            \
    "  list:\n"                                                                                    \
    "    - name: one\n"                                                                            \
    "      a:\n"                                                                                   \
    "        b: 1\n"                                                                               \
    "    - name: two\n"                                                                            \
    "  containers: [{name: c}]\n"

static void a_verdict_points_at_what_decided_it(void **state)
{
    static const Case cases[] = {
        {"  check: pod.spec.hostPID != true\n", POD, "fail low 5:3-5:16 spec.hostPID [] T\n"},
        {"  check: pod.spec.hostIPC == true\n", POD, "fail low 4:1-4:5 spec.hostIPC [] T\n"},
        {"  check: resource.a == true\n", POD, "fail low 2:1-2:10 a [] T\n"},
        {"  check: 1 == 2\n", POD, "fail low 2:1-2:10  [] T\n"},
        {"  check: 1 == 2\n  at: spec.list[0].a.c\n", POD,
         "fail low 8:7-8:8 spec.list[0].a.c [] T\n"},
        {"  check: 1 == 2\n  at: spec.list\n", POD, "fail low 6:3-6:8 spec.list [] T\n"},
        {"  check: pod.spec.hostIPC != true\n", POD, "pass low 4:1-4:5 spec.hostIPC [] T\n"},
    };

    (void)state;
    check(cases, sizeof cases / sizeof *cases, FORMAT_KUBERNETES);
}

static void each_gives_a_verdict_an_element(void **state)
{
    static const Case cases[] = {
        {"  each: pod.spec.list\n  check: it.a.b == 1\n  message: '{it.name} at {index}'\n", POD,
         "pass low 9:9-9:13 spec.list[0].a.b [one] one at 0\n"
         "fail low 10:7-10:16 spec.list[1].a [two] two at 1\n"},
        {"  each: pod.spec.list\n  when: it.a != null\n  check: false\n  at: it.a\n", POD,
         "fail low 8:7-8:9 spec.list[0].a [one] T\n"},
        {"  each: pod.spec.c\n  check: it.a == 1\n", POD, ""},
        {"  each: '[1, 2]'\n  check: it == 1\n", POD,
         "pass low 2:1-2:10  [0] T\nfail low 2:1-2:10  [1] T\n"},
    };

    (void)state;
    check(cases, sizeof cases / sizeof *cases, FORMAT_KUBERNETES);
}

static void the_first_case_that_holds_decides(void **state)
{
    static const Case cases[] = {
        {"  cases:\n"
         "    - {if: pod.spec.hostIPC == true, severity: critical}\n"
         "    - {if: pod.spec.hostPID == true, severity: high, message: M, at: metadata.name}\n"
         "    - {if: 'true', severity: info}\n",
         POD, "fail high 3:12-3:21 metadata.name [] M\n"},
        {"  cases:\n    - {if: pod.spec.hostIPC == true}\n", POD,
         "pass low 4:1-4:5 spec.hostIPC [] T\n"},
        {"  check: pod.spec.hostPID != true\n"
         "  cases:\n    - {if: pod.spec.hostIPC == true, severity: high}\n",
         POD, "fail low 5:3-5:16 spec.hostPID [] T\n"},
    };

    (void)state;
    check(cases, sizeof cases / sizeof *cases, FORMAT_KUBERNETES);
}

static void a_rule_that_does_not_apply_is_silent(void **state)
{
    static const Case cases[] = {
        {"  when: pod.spec.hostIPC == true\n  check: false\n", POD, ""},
        {"  check: false\n", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n", ""},
    };

    (void)state;
    check(cases, sizeof cases / sizeof *cases, FORMAT_KUBERNETES);
}

static void a_failing_expression_is_undecided_and_a_problem(void **state)
{
    static const Case cases[] = {
        {"  check: 1 / pod.spec.list.size() == 1 / 0\n", POD,
         "unknown low 2:1-2:10  [] T <- rule error\n"
         "rule-error: rule r cannot judge Pod/default/web: divide by zero\n"},
        {"  check: '\"text\"'\n", POD,
         "unknown low 2:1-2:10  [] T <- rule error\n"
         "rule-error: rule r cannot judge Pod/default/web: the expression gives no bool\n"},
    };

    (void)state;
    check(cases, sizeof cases / sizeof *cases, FORMAT_KUBERNETES);
}

#define AWS                                                                                        \
    "variable \"x\" {}\n"                                                                          \
    "resource \"aws_x\" \"a\" {\n"                                                                 \
    "  a = var.x\n"                                                                                \
    "  b = \"true\"\n"                                                                             \
    "  list {\n"                                                                                   \
    "    name = \"n\"\n"                                                                           \
    "  }\n"                                                                                        \
    "}\n"

static void what_is_not_known_is_undecided(void **state)
{
    static const Case cases[] = {
        {"  check: resource.a == 1\n", AWS, "unknown low 3:3-3:12 a [] T <- var.x\n"},
        {"  when: resource.a == 1\n  check: false\n", AWS,
         "unknown low 3:3-3:12 a [] T <- var.x\n"},
        {"  each: resource.a\n  check: it == 1\n", AWS, "unknown low 3:3-3:12 a [] T <- var.x\n"},
        {"  check: resource.b\n", AWS, "pass low 4:3-4:13 b [] T\n"},
        {"  each: resource.list\n  check: it.c == 1\n", AWS, "fail low 5:3-5:9 list[0].c [n] T\n"},
        {"  check: resource.c == 1\n  message: '{resource.address} {resource.a} {resource.b}'\n",
         AWS, "fail low 2:1-2:23 c [] aws_x.a (unknown) true\n"},
    };

    (void)state;
    check(cases, sizeof cases / sizeof *cases, FORMAT_TERRAFORM);
}

static void what_is_undecided_early_speaks_of_the_resource_at_hand(void **state)
{
    static const Case cases[] = {
        {"  when: resource.a == 1\n  check: false\n  message: '{meta.name} {params.most}'\n"
         "  params: {most: {type: int, default: 3, title: M}}\n",
         "resource \"aws_x\" \"a\" {\n  a = 1\n}\n"
         "resource \"aws_x\" \"b\" {\n  a = var.x\n}\nvariable \"x\" {}\n",
         "fail low 1:1-1:23  [] a 3\nunknown low 5:3-5:12 a [] b 3 <- var.x\n"},
        {"  check: false\n  message: '{meta.name}'\n",
         "resource \"aws_x\" \"a\" {}\n"
         "resource \"aws_x\" \"b\" {\n  count = var.x\n}\nvariable \"x\" {}\n",
         "fail low 1:1-1:23  [] a\nunknown low 2:1-2:23  [] b <- its count or for_each\n"},
    };

    (void)state;
    check(cases, sizeof cases / sizeof *cases, FORMAT_TERRAFORM);
}

static void only_what_a_report_shows_is_kept(void **state)
{
    static const char rules[] = RULE "  check: pod.spec.hostPID != true\n";
    Bench b = {.options = {.report_at = SEVERITY_MEDIUM}};

    (void)state;
    bench_judge(&b, rules, FORMAT_KUBERNETES, POD);
    assert_int_equal(b.sink.count, 0);
    assert_int_equal(b.sink.coverage.failed, 1);
    assert_true(b.sink.any_failed);
    assert_int_equal(b.sink.worst, SEVERITY_LOW);
    bench_free(&b);
}

static void a_rule_newer_than_the_pin_does_not_count(void **state)
{
    static const char rules[] = RULE "  since: '2026.2'\n  check: pod.spec.hostPID != true\n";
    Bench b = {.options = {.pin = STR_INIT("2026.1")}};

    (void)state;
    bench_judge(&b, rules, FORMAT_KUBERNETES, POD);
    assert_int_equal(b.sink.count, 1);
    assert_false(b.sink.verdicts[0].enabled);
    assert_false(b.sink.any_failed);
    bench_free(&b);
}

static void types_that_no_rule_names_are_told_by_their_names(void **state)
{
    static const char rules[] =
        "- id: any\n  title: A\n  severity: low\n  category: cost\n  for: any\n  check: 1 == 2\n"
        "- id: wide\n  title: W\n  severity: low\n  category: cost\n  for: 'Wid*'\n"
        "  check: 1 == 2\n"
        "- id: most\n  title: M\n  severity: low\n  category: cost\n  for: ['W*', Known]\n"
        "  check: 1 == 2\n";
    static const char *const kinds[] = {"Gadget", "Widget", "Other", "Wide",
                                        "Wall",   "Widget", "Known", "Gadget"};
    Bench b = {.options = {.all_verdicts = true}};
    Buf input, found;

    (void)state;
    bench_compile(&b, rules);
    input = buf_new(b.arena);
    found = buf_new(b.arena);
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        buf_printf(&input, "---\n{apiVersion: x.io/v1, kind: %s, metadata: {name: a}}\n", kinds[i]);
    bench_judge_compiled(&b, FORMAT_KUBERNETES, str_copy_z(b.arena, buf_str(&input)));
    for (uint32_t i = 0; i < b.sink.count; i++)
        buf_printf(&found, "%u:%.*s ", b.sink.verdicts[i].place.start.line / 2,
                   STR_ARG(rule_id(b.sink.verdicts[i].rule)));
    assert_string_equal(str_copy_z(b.arena, buf_str(&found)),
                        "1:any 2:any 2:wide 2:most 3:any 4:any 4:wide 4:most 5:any 5:most "
                        "6:any 6:wide 6:most 7:any 7:most 8:any ");
    bench_free(&b);
}

static void secrets_appear_nowhere(void **state)
{
    static const char rules[] =
        "- {id: r, title: T, severity: low, category: cost, for: Secret,"
        " check: resource.stringData.secret == '', absent: [stringData, secret],"
        " message: 'it is {resource.stringData.secret}, {\"a\" + resource.stringData.secret}'}\n";
    Bench b = {.options = {.keep_excerpts = true}};

    (void)state;
    bench_judge(
        &b, rules, FORMAT_KUBERNETES,
        "apiVersion: v1\nkind: Secret\nmetadata: {name: a}\nstringData:\n  secret: hunter2\n");
    assert_int_equal(b.sink.count, 1);
    assert_int_equal(b.sink.verdicts[0].place.start.line, 5);
    assert_int_equal(b.sink.verdicts[0].excerpt.size, 0);
    assert_true(str_eq(b.sink.verdicts[0].message, STR("it is (sensitive), (sensitive)")));
    bench_free(&b);
}

/* The verdicts of one rule. */
static const char *dump_of(Bench *b, Str id)
{
    VerdictSink all = b->sink;
    const char *text;

    b->sink.verdicts = ARENA_ARRAY(b->arena, Verdict, all.count);
    b->sink.count = b->sink.problem_count = 0;
    for (uint32_t i = 0; i < all.count; i++)
        if (str_eq(rule_id(all.verdicts[i].rule), id))
            b->sink.verdicts[b->sink.count++] = all.verdicts[i];
    text = dump(b);
    b->sink = all;
    return text;
}

#define TWICE(fields) RULE fields "- id: s\n" RULE_BUT_ID fields
#define MANIFEST "apiVersion: v1\nkind: Pod\nspec: {}\n"

/* The second of two equal rules gets the answers to the first one's questions. */
static void rules_that_share_answers_give_the_same_verdicts(void **state)
{
    static const struct {
        const char *rules;
        const char *input;
        const char *expected; /* of each */
    } cases[] = {
        {TWICE("  each: resource.list.filter(x, x.a > 0)\n  when: it.a < 3\n  check: it.a == 1\n"),
         MANIFEST "list: [{a: 1}, {a: 0}, {a: 2}, {a: 5}]\n",
         "pass low 4:9-4:13 list[0].a [0] T\nfail low 4:25-4:29 list[2].a [1] T\n"},
        {TWICE("  each: resource.list\n  when: it.a + 1 < 2\n  check: it.b == 1\n"),
         MANIFEST "list: [{a: x}, {a: 0}]\n",
         "unknown low 4:9-4:13 list[0].a [0] T <- rule error\n"
         "fail low 4:16-4:22 list[1].b [1] T\n"},
        {TWICE("  when: resource.a < 3\n  check: resource.b == 1\n"),
         MANIFEST "a: 1\nb: 1\n---\n" MANIFEST "a: 4\n---\n" MANIFEST "a: 2\nb: 2\n",
         "pass low 5:1-5:5 b [] T\nfail low 16:1-16:5 b [] T\n"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Bench b = {.options = {.all_verdicts = true}};

        bench_judge(&b, cases[i].rules, FORMAT_KUBERNETES, cases[i].input);
        assert_string_equal(dump_of(&b, STR("r")), cases[i].expected);
        assert_string_equal(dump_of(&b, STR("s")), cases[i].expected);
        bench_free(&b);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_verdict_points_at_what_decided_it),
        cmocka_unit_test(each_gives_a_verdict_an_element),
        cmocka_unit_test(the_first_case_that_holds_decides),
        cmocka_unit_test(a_rule_that_does_not_apply_is_silent),
        cmocka_unit_test(a_failing_expression_is_undecided_and_a_problem),
        cmocka_unit_test(what_is_not_known_is_undecided),
        cmocka_unit_test(what_is_undecided_early_speaks_of_the_resource_at_hand),
        cmocka_unit_test(only_what_a_report_shows_is_kept),
        cmocka_unit_test(a_rule_newer_than_the_pin_does_not_count),
        cmocka_unit_test(rules_that_share_answers_give_the_same_verdicts),
        cmocka_unit_test(types_that_no_rule_names_are_told_by_their_names),
        cmocka_unit_test(secrets_appear_nowhere),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
