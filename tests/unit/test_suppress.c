/* scan/suppress: which findings comments and annotations take back, and what is said of them. */
#include "base/buf.h"
#include "judging.h"
#include "scan/suppress_marks.h"

/* 2026-07-01 */
#define NOW 1782864000

static const char rules[] =
    "- id: a-rule\n  title: A\n  severity: high\n  category: cost\n  for: [aws_x, Pod, Deployment, "
    "RUN]\n"
    "  aliases: [CKV_A_1, AVD-A-0001, DL1, kube-linter/one, kube-score/one, polaris/one]\n"
    "  absent: [a]\n  check: resource.a == true\n  at: resource.a\n"
    "- id: b-rule\n  title: B\n  severity: high\n  category: cost\n  for: [aws_x, Pod, RUN]\n"
    "  aliases: [CKV_B_1, tf-b-rule, DL2]\n"
    "  absent: [list, b]\n  each: resource.list\n  check: it.b == true\n  at: it.b\n"
    "- id: image\n  title: I\n  severity: low\n  category: cost\n  for: FROM\n  aliases: [DL3]\n"
    "  check: 1 == 2\n"
    "- id: off-rule\n  title: O\n  severity: low\n  category: cost\n  for: [aws_x]\n"
    "  default: off\n  check: 1 == 2\n";

static void judge(Bench *b, Format format, const char *input)
{
    b->options.now = NOW;
    b->options.keep_every = true;
    bench_judge(b, rules, format, input);
}

/* One line for each verdict that is no pass, then one for each problem. */
static const char *dump(Bench *b)
{
    static const char *const status[] = {"pass", "fail", "unknown", "suppressed"};
    Buf text = buf_new(b->arena);

    for (uint32_t i = 0; i < b->sink.count; i++) {
        const Verdict *v = &b->sink.verdicts[i];
        if (v->status == STATUS_PASS)
            continue;
        buf_printf(&text, "%s %u %.*s", status[v->status], v->place.start.line,
                   STR_ARG(rule_id(v->rule)));
        if (v->reason.size)
            buf_printf(&text, " (%.*s)", STR_ARG(v->reason));
        buf_add_z(&text, "\n");
    }
    for (uint32_t i = 0; i < b->sink.problem_count; i++)
        buf_printf(&text, "%s %u:%u\n", b->sink.problems[i].code,
                   b->sink.problems[i].place.start.line, b->sink.problems[i].place.start.column);
    return str_copy_z(b->arena, buf_str(&text));
}

typedef struct Case {
    const char *input;
    const char *expected;
} Case;

static void check(Format format, const Case *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        Bench b = {0};
        judge(&b, format, cases[i].input);
        if (strcmp(dump(&b), cases[i].expected) != 0)
            print_error("%s\n", cases[i].input);
        assert_string_equal(dump(&b), cases[i].expected);
        bench_free(&b);
    }
}

#define CHECK(format, cases) check(format, cases, sizeof cases / sizeof *cases)

static void our_comments_cover_what_begins_there(void **state)
{
    static const Case cases[] = {
        {"resource \"aws_x\" \"r\" {\n  a = 1\n}\n", "fail 2 a-rule\n"},
        {"resource \"aws_x\" \"r\" {\n  a = 1 # plumb:ignore=a-rule reason=\"so it is\"\n}\n",
         "suppressed 2 a-rule (so it is)\n"},
        {"resource \"aws_x\" \"r\" {\n  // plumb:ignore=A-RULE reason='x'\n  a = 1\n}\n",
         "suppressed 3 a-rule (x)\n"},
        {"/* plumb:ignore=CKV_A_1 reason=x */\nresource \"aws_x\" \"r\" {\n  a = 1\n}\n",
         "suppressed 3 a-rule (x)\n"},
        {"# plumb:ignore=a-rule,b-rule reason=x\n# and why\nresource \"aws_x\" \"r\" {\n"
         "  a = 1\n  list {\n    b = 1\n  }\n}\n",
         "suppressed 4 a-rule (x)\nsuppressed 6 b-rule (x)\n"},
        {"resource \"aws_x\" \"r\" { # plumb:ignore=a-rule reason=x\n  a = 1\n}\n",
         "suppressed 2 a-rule (x)\n"},
        {"resource \"aws_x\" \"r\" {\n  a = true\n  list {\n    b = 1\n  }\n"
         "  # plumb:ignore=b-rule reason=x\n  list {\n    b = 2\n  }\n}\n",
         "fail 4 b-rule\nsuppressed 8 b-rule (x)\n"},
        {"# plumb:ignore-file=a-* reason=x\n\nresource \"aws_x\" \"r\" {\n  a = 1\n}\n",
         "suppressed 4 a-rule (x)\n"},
        /* not there, or not in a comment */
        {"resource \"aws_x\" \"r\" {\n  a = 1\n}\n# plumb:ignore=a-rule reason=x",
         "fail 2 a-rule\nsuppression-unused 4:16\n"},
        {"# plumb:ignore=a-rule reason=x\n\nresource \"aws_x\" \"r\" {\n  a = 1\n}\n",
         "fail 4 a-rule\nsuppression-unused 1:16\n"},
        {"resource \"aws_x\" \"r\" {\n  a = \"# plumb:ignore=a-rule reason=x\"\n}\n",
         "fail 2 a-rule\n"},
    };

    (void)state;
    CHECK(FORMAT_TERRAFORM, cases);
}

static void a_condition_narrows_a_suppression(void **state)
{
#define TWO                                                                                        \
    "resource \"aws_x\" \"r\" {\n  a = true\n  list {\n    b = 1\n    p = 443\n  }\n"              \
    "  list {\n    b = 2\n    p = 22\n  }\n}\n"
    static const Case cases[] = {
        {"# plumb:ignore=b-rule[p=22] reason=x\n" TWO, "fail 5 b-rule\nsuppressed 9 b-rule (x)\n"},
        {"# plumb:ignore=b-rule[list.b] reason=x\n" TWO,
         "suppressed 5 b-rule (x)\nsuppressed 9 b-rule (x)\n"},
        {"# plumb:ignore=b-rule[list[1].b] reason=x\n" TWO,
         "fail 5 b-rule\nsuppressed 9 b-rule (x)\n"},
        {"# plumb:ignore=b-rule[other] reason=x\n" TWO,
         "fail 5 b-rule\nfail 9 b-rule\nsuppression-unused 1:16\n"},
        {"# trivy:ignore:tf-b-rule[list.p=\"443\"]\n" TWO,
         "suppressed 5 b-rule\nsuppressed 9 b-rule\n"},
        {"# trivy:ignore:tf-b-rule[list.p=1,a=true]\n" TWO,
         "fail 5 b-rule\nfail 9 b-rule\nsuppression-unused 1:16\n"},
    };

    (void)state;
    CHECK(FORMAT_TERRAFORM, cases);
}

static void dates_and_mistakes_are_told(void **state)
{
#define X "\nresource \"aws_x\" \"r\" {\n  a = 1\n}\n"
    static const Case cases[] = {
        {"# plumb:ignore=a-rule until=2026-07-01 reason=x" X, "suppressed 3 a-rule (x)\n"},
        {"# plumb:ignore=a-rule until=2026-06-30 reason=x" X,
         "fail 3 a-rule\nsuppression-expired 1:16\n"},
        {"# plumb:ignore=a-rule until=2026-02-29 reason=x" X, "fail 3 a-rule\nsuppression 1:23\n"},
        {"# plumb:ignore=a-rule until=soon reason=x" X, "fail 3 a-rule\nsuppression 1:23\n"},
        {"# plumb:ignore=a-rule untill=2027-01-01 reason=x" X, "fail 3 a-rule\nsuppression 1:23\n"},
        {"# plumb:ignore=a-rule" X, "suppressed 3 a-rule\nsuppression-reason 1:16\n"},
        {"# plumb:ignore=c-rule reason=x" X, "fail 3 a-rule\nsuppression-unknown 1:16\n"},
        {"# plumb:ignore= reason=x" X, "fail 3 a-rule\nsuppression-unknown 1:17\n"},
        {"# plumb:ignore=\"\"" X, "fail 3 a-rule\nsuppression 1:16\n"},
        {"# plumb:ignore=a-rule[a reason=x" X, "fail 3 a-rule\nsuppression 1:16\n"},
        {"# plumb:ignore=b-rule reason=x" X, "fail 3 a-rule\nsuppression-unused 1:16\n"},
        /* a rule that does not run could not have used it */
        {"# plumb:ignore=off-rule reason=x" X, "fail 3 a-rule\n"},
        {"# trivy:ignore:AVD-A-0001:exp:2026-07-02" X, "suppressed 3 a-rule\n"},
        {"# trivy:ignore:AVD-A-0001:exp:2026-07-01" X, "fail 3 a-rule\nsuppression-expired 1:16\n"},
        {"# trivy:ignore:AVD-A-0001:exp:never" X, "fail 3 a-rule\n"},
        {"# trivy:ignore:X-1 trivy:ignore:X-2" X, "fail 3 a-rule\nsuppression-unused 1:16\n"},
    };

    (void)state;
    CHECK(FORMAT_TERRAFORM, cases);
}

static void terraform_comments_of_the_peers(void **state)
{
    static const Case cases[] = {
        {"resource \"aws_x\" \"r\" {\n  #checkov:skip=CKV_B_1, CKV_A_1\n  a = 1\n}\n",
         "fail 3 a-rule\nsuppression-unused 2:17\n"},
        {"resource \"aws_x\" \"r\" {\n  #checkov:skip=CKV_A_1,CKV_B_1:it is\n\n  a = 1\n"
         "  list {\n    b = 1\n  }\n}\n",
         "suppressed 4 a-rule (it is)\nsuppressed 6 b-rule (it is)\n"},
        {"resource \"aws_x\" \"r\" {\n  list {\n    b = true\n    # bridgecrew:skip=CKV_A_1\n  }\n"
         "  a = 1\n}\n",
         "suppressed 6 a-rule\n"},
        {"#checkov:skip=CKV_A_1:above is not inside\nresource \"aws_x\" \"r\" {\n  a = 1\n}\n",
         "fail 3 a-rule\nsuppression-unused 1:15\n"},
        {"#trivy:ignore:a-0001\nresource \"aws_x\" \"r\" {\n  a = 1\n}\n", "suppressed 3 a-rule\n"},
        {"resource \"aws_x\" \"r\" {\n  a = 1 //tfsec:ignore:AVD-A-0001\n}\n",
         "suppressed 2 a-rule\n"},
        {"# tfsec:ignore:X tfsec:ignore:tf-b-*\nresource \"aws_x\" \"r\" {\n  a = true\n"
         "  list {\n    b = 1\n  }\n}\n",
         "suppressed 5 b-rule\nsuppression-unused 1:16\n"},
        {"#trivy:ignore:A-0001:ws:prod\nresource \"aws_x\" \"r\" {\n  a = 1\n}\n",
         "fail 3 a-rule\n"},
        {"#trivy:ignore:*\nresource \"aws_x\" \"r\" {\n  a = 1\n}\n", "suppressed 3 a-rule\n"},
        {"resource \"aws_x\" \"r\" {\n  #ts:skip=CKV_A_1 known here\n  a = 1\n}\n",
         "suppressed 3 a-rule (known here)\n"},
        {"# kics-scan ignore\nresource \"aws_x\" \"r\" {\n  a = 1\n}\n", "suppressed 3 a-rule\n"},
        {"resource \"aws_x\" \"r\" {\n  # kics-scan ignore-line\n  a = 1\n}\n",
         "suppressed 3 a-rule\n"},
        {"# kics-scan ignore-line\nresource \"aws_x\" \"r\" {\n  a = 1\n}\n",
         "fail 3 a-rule\nsuppression-unused 1:1\n"},
        {"# kics-scan ignore-block\nresource \"aws_x\" \"r\" {\n  a = 1\n}\n",
         "suppressed 3 a-rule\n"},
    };

    (void)state;
    CHECK(FORMAT_TERRAFORM, cases);
}

static void dockerfile_comments(void **state)
{
    static const Case cases[] = {
        {"FROM a\nRUN b\n", "fail 1 image\nfail 2 a-rule\n"},
        {"FROM a\n# hadolint ignore=DL1 # why\nRUN b\n", "fail 1 image\nsuppressed 3 a-rule\n"},
        {"# hadolint ignore=DL1,DL3\nFROM a\nRUN b\n",
         "suppressed 2 image\nfail 3 a-rule\nsuppression-unused 1:19\n"},
        {"#hadolint   ignore = dl3 , DL9\nFROM a\nRUN b\n",
         "suppressed 2 image\nfail 3 a-rule\nsuppression-unused 1:28\n"},
        {"# hadolint global ignore=DL1,DL3\nFROM a\nRUN b\n",
         "suppressed 2 image\nsuppressed 3 a-rule\n"},
        {"FROM a\n# hadolint ignore=DL1\n# more\nRUN b\n",
         "fail 1 image\nfail 4 a-rule\nsuppression-unused 2:19\n"},
        {"FROM a\nRUN b\n# see hadolint ignore=DL1\n", "fail 1 image\nfail 2 a-rule\n"},
        {"FROM a\nRUN b\n# checkov:skip=CKV_A_1: fine\n",
         "fail 1 image\nsuppressed 2 a-rule (fine)\n"},
        {"FROM a\n# plumb:ignore=DL1 reason=x\n# more\nRUN b\n",
         "fail 1 image\nsuppressed 4 a-rule (x)\n"},
        {"FROM a\nRUN b \\\n # trivy:ignore:A-0001\n c\n", "fail 1 image\nsuppressed 2 a-rule\n"},
        {"FROM a\nRUN echo '# hadolint ignore=DL3'\n", "fail 1 image\nfail 2 a-rule\n"},
    };

    (void)state;
    CHECK(FORMAT_DOCKERFILE, cases);
}

#define POD "apiVersion: v1\nkind: Pod\nmetadata:\n  name: p\n"

static void manifest_comments(void **state)
{
    static const Case cases[] = {
        {POD "a: 1\n", "fail 5 a-rule\n"},
        {POD "a: 1 # plumb:ignore=a-rule reason=x\n", "suppressed 5 a-rule (x)\n"},
        {POD "# plumb:ignore=a-rule reason=x\na: 1\n", "suppressed 6 a-rule (x)\n"},
        {"# plumb:ignore=a-rule reason=x\n" POD "a: 1\n---\n" POD "a: 2\n",
         "suppressed 6 a-rule (x)\nfail 12 a-rule\n"},
        {POD "a: 1\n# plumb:ignore=a-rule reason=x\n---\n" POD "a: 2\n",
         "fail 5 a-rule\nsuppressed 12 a-rule (x)\n"},
        {POD "a: true\nlist:\n- b: 1\n# plumb:ignore=b-rule reason=x\n- c: 1\n  b: 2\n- b: 3\n",
         "fail 7 b-rule\nsuppressed 10 b-rule (x)\nfail 11 b-rule\n"},
        {POD "a: true\n# plumb:ignore=b-rule reason=x\nlist:\n- b: 1\n- b: 2\n",
         "suppressed 8 b-rule (x)\nsuppressed 9 b-rule (x)\n"},
        {POD "a: true\nlist:\n- b: 1 # plumb:ignore=b-rule reason=x\n- b: 2\n",
         "suppressed 7 b-rule (x)\nfail 8 b-rule\n"},
        {POD "a: 1\n# plumb:ignore-file=a-rule reason=x\n", "suppressed 5 a-rule (x)\n"},
        {POD "a: 1\n# plumb:ignore=a-rule reason=x", "fail 5 a-rule\nsuppression-unused 6:16\n"},
        /* in scalars */
        {POD "a: \"x # plumb:ignore=a-rule reason=x\"\n", "fail 5 a-rule\n"},
        {POD "t: |\n  # plumb:ignore=a-rule reason=x\n  y\na: 1\n", "fail 8 a-rule\n"},
        {POD "a: 'x # y' # plumb:ignore=a-rule reason=x\n", "suppressed 5 a-rule (x)\n"},
        {POD "a: x#plumb:ignore=a-rule\n", "fail 5 a-rule\n"},
    };

    (void)state;
    CHECK(FORMAT_KUBERNETES, cases);
}

#define NOTED(text) POD "  annotations:\n    " text "\na: 1\n"

static void manifest_annotations(void **state)
{
    static const Case cases[] = {
        {NOTED("plumb.dev/ignore-a-rule: because"), "suppressed 7 a-rule (because)\n"},
        {NOTED("plumb.dev/ignore-CKV_A_1: so; until=2027-01-01"), "suppressed 7 a-rule (so)\n"},
        {NOTED("plumb.dev/ignore-a-rule: so; until=2026-01-01"),
         "fail 7 a-rule\nsuppression-expired 6:5\n"},
        {NOTED("plumb.dev/ignore-a-rule: until=2027-01-01"),
         "suppressed 7 a-rule\nsuppression-reason 6:5\n"},
        {NOTED("plumb.dev/ignore-a-rule: until=tomorrow"), "fail 7 a-rule\nsuppression 6:5\n"},
        {NOTED("plumb.dev/ignore-a-rul: x"), "fail 7 a-rule\nsuppression-unknown 6:5\n"},
        {NOTED("checkov.io/skip1: CKV_A_1=a=b"), "suppressed 7 a-rule (a=b)\n"},
        {NOTED("bridgecrew.io/skip: CKV_A_1"), "suppressed 7 a-rule\n"},
        {NOTED("ignore-check.kube-linter.io/one: so"), "suppressed 7 a-rule (so)\n"},
        {NOTED("kube-linter.io/ignore-all: so"), "suppressed 7 a-rule (so)\n"},
        {NOTED("kube-score/ignore: two, one"), "suppressed 7 a-rule\nsuppression-unused 6:5\n"},
        {NOTED("kube-score/ignore: \"*\""), "suppressed 7 a-rule\n"},
        {NOTED("kube-score/skip: \"true\""), "suppressed 7 a-rule\n"},
        {NOTED("kube-score/skip: \"false\""), "fail 7 a-rule\n"},
        {NOTED("kube-score/enable: one"), "fail 7 a-rule\n"},
        {NOTED("polaris.fairwinds.com/exempt: \"true\""), "suppressed 7 a-rule\n"},
        {NOTED("polaris.fairwinds.com/exempt: \"True\""), "suppressed 7 a-rule\n"},
        {NOTED("polaris.fairwinds.com/one-exempt: true"), "suppressed 7 a-rule\n"},
        {NOTED("polaris.fairwinds.com/one-exempt: \"false\""), "fail 7 a-rule\n"},
        {NOTED("other/ignore: one"), "fail 7 a-rule\n"},
    };

    (void)state;
    CHECK(FORMAT_KUBERNETES, cases);
}

#define TEMPLATE(text)                                                                             \
    "apiVersion: apps/v1\nkind: Deployment\nspec:\n  template:\n    metadata:\n"                   \
    "      annotations: {" text "}\n    spec: {containers: []}\na: 1\n"

/* kube-linter looks at the object alone; nobody minds that its word counts here too. */
static void annotations_of_a_pod_template_count(void **state)
{
    static const Case cases[] = {
        {TEMPLATE("b: c"), "fail 8 a-rule\n"},
        {TEMPLATE("plumb.dev/ignore-a-rule: so"), "suppressed 8 a-rule (so)\n"},
        {TEMPLATE("checkov.io/skip2: CKV_A_1=so"), "suppressed 8 a-rule (so)\n"},
        {TEMPLATE("ignore-check.kube-linter.io/one: so"), "suppressed 8 a-rule (so)\n"},
        {TEMPLATE("kube-score/ignore: one"), "suppressed 8 a-rule\n"},
        {TEMPLATE("polaris.fairwinds.com/one-exempt: \"true\""), "suppressed 8 a-rule\n"},
    };

    (void)state;
    CHECK(FORMAT_KUBERNETES, cases);
}

static void what_is_suppressed_does_not_count(void **state)
{
    Bench b = {0};

    (void)state;
    judge(&b, FORMAT_KUBERNETES, POD "a: 1 # plumb:ignore=a-rule reason=x\n");
    assert_int_equal(b.sink.coverage.suppressed, 1);
    assert_int_equal(b.sink.coverage.failed, 0);
    assert_false(b.sink.any_failed);
    bench_free(&b);
}

static void suppressions_can_be_left_out_of_account(void **state)
{
    Bench b = {.options = {.no_suppressions = true}};

    (void)state;
    judge(&b, FORMAT_KUBERNETES, POD "a: 1 # plumb:ignore=nothing\n");
    assert_string_equal(dump(&b), "fail 5 a-rule\n");
    bench_free(&b);
}

/* Texts are looked through in blocks, whose ends no word may hide behind. */
static void a_word_is_found_wherever_it_begins(void **state)
{
    static const Str words[] = {STR_INIT("ignore"), STR_INIT("skip"), STR_INIT("exempt"),
                                STR_INIT("kics-scan")};
    char text[220];

    (void)state;
    for (uint32_t size = 0; size <= sizeof text; size++) {
        memset(text, 'x', sizeof text);
        assert_int_equal(marks_next((Str){text, size}, 0), size);
        for (uint32_t at = 0; at < size; at++) {
            Str word = words[at % 4];
            if (at + word.size > size)
                continue;
            memset(text, 'x', sizeof text);
            memcpy(text + at, word.data, word.size);
            assert_int_equal(marks_next((Str){text, size}, 0), at);
            assert_int_equal(marks_next((Str){text, size}, at / 2), at);
            assert_int_equal(marks_next((Str){text, size}, at + 1), size);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_word_is_found_wherever_it_begins),
        cmocka_unit_test(our_comments_cover_what_begins_there),
        cmocka_unit_test(a_condition_narrows_a_suppression),
        cmocka_unit_test(dates_and_mistakes_are_told),
        cmocka_unit_test(terraform_comments_of_the_peers),
        cmocka_unit_test(dockerfile_comments),
        cmocka_unit_test(manifest_comments),
        cmocka_unit_test(manifest_annotations),
        cmocka_unit_test(annotations_of_a_pod_template_count),
        cmocka_unit_test(what_is_suppressed_does_not_count),
        cmocka_unit_test(suppressions_can_be_left_out_of_account),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
