/* ir/hcl_eval and ir/hcl_functions_*: what expressions are worth. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "ir/hcl_eval.h"
#include "reading.h"

/* `list`, `map`, `five` and `secret` are known; every other name is unknown. */
static bool root(HclEval *eval, const HclExpr *name, Node *value)
{
    static Node items[3];
    static Entry entries[2];
    Span at = name->span;

    for (int i = 0; i < 3; i++)
        items[i] = node_make_string(at, str_sub(STR("abc"), (uint32_t)i, 1));
    entries[0] = (Entry){.key = "z", .key_size = 1, .value = node_make_int(at, 1)};
    entries[1] = (Entry){.key = "b", .key_size = 1, .value = node_make_int(at, 2)};
    *value = hcl_unknown(eval, at, name->as.name, NODE_UNKNOWN);
    if (str_eq(name->as.name, STR("list")))
        *value = node_make_list(at, items, 3);
    else if (str_eq(name->as.name, STR("map")))
        *value = node_make_map(at, entries, 2);
    else if (str_eq(name->as.name, STR("five")))
        *value = node_make_int(at, 5);
    else if (str_eq(name->as.name, STR("secret")))
        *value = node_make_string(at, STR("pw"));
    if (str_eq(name->as.name, STR("secret")))
        value->flags |= NODE_SENSITIVE;
    return true;
}

static Node step(HclEval *eval, const HclHandle *handle, const Node *key, Span at)
{
    (void)handle;
    (void)key;
    return hcl_fail(eval, at, "no handles here");
}

static Node evaluate(Reading *r, HclEval *eval)
{
    static HclWorld world = {.root = root, .step = step};
    const HclExpr *expr = hcl_read_expression(r->source, r->arena, &r->diags);

    assert_non_null(expr);
    *eval = (HclEval){.arena = r->arena,
                      .symbols = &r->symbols,
                      .sources = &r->sources,
                      .diags = &r->diags,
                      .world = &world};
    return hcl_eval(eval, expr);
}

typedef struct Example {
    Str text;
    const char *value;
} Example;

static void check(const Example *examples, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        Reading r = reading_of(examples[i].text, (size_t)16 << 20);
        HclEval eval;
        Node value = evaluate(&r, &eval);
        assert_string_equal(reading_diags(&r), "");
        assert_string_equal(str_copy_z(r.arena, node_dump(&value, false, r.arena)),
                            examples[i].value);
        arena_free(r.arena);
    }
}

#define CHECK(examples) check((examples), sizeof(examples) / sizeof *(examples))

static void operators_follow_their_precedence(void **state)
{
    static const Example examples[] = {
        {STR_INIT("1 + 2 * 3 - 4 / 2"), "5"},
        {STR_INIT("-5 % 3"), "-2"},
        {STR_INIT("1 / 4"), "0.25"},
        {STR_INIT("9223372036854775807 + 1 > 9e18"), "true"},
        {STR_INIT("!false && 1 < 2 || x"), "true"},
        {STR_INIT("false && x"), "false"},
        {STR_INIT("x && false"), "false"},
        {STR_INIT("x || false"), "<unknown x>"},
        {STR_INIT("\"3\" + 4"), "7"},
        {STR_INIT("five == 5 ? \"a\" : \"b\""), "\"a\""},
        {STR_INIT("\"1\" == 1"), "false"},
        {STR_INIT("x == null"), "<unknown x>"},
        {STR_INIT("[1, x] == [1]"), "false"},
    };

    (void)state;
    CHECK(examples);
}

static void collections_and_their_elements(void **state)
{
    static const Example examples[] = {
        {STR_INIT("list[1]"), "\"b\""},
        {STR_INIT("list.2"), "\"c\""},
        {STR_INIT("map[\"z\"] + map.b"), "3"},
        {STR_INIT("[for s in list : upper(s) if s != \"b\"]"), "[\"A\", \"C\"]"},
        {STR_INIT("[for k, v in map : \"${k}${v}\"]"), "[\"b2\", \"z1\"]"},
        {STR_INIT("{for i, s in list : s => i}"), "{\"a\": 0, \"b\": 1, \"c\": 2}"},
        {STR_INIT("{for s in [\"a\", \"b\", \"a\"] : s => 1...}"), "{\"a\": [1, 1], \"b\": [1]}"},
        {STR_INIT("[{a = 1}, {a = 2}][*].a"), "[1, 2]"},
        {STR_INIT("[{a = [3]}].*.a[0]"), "[3]"},
        {STR_INIT("null[*].a"), "[]"},
        {STR_INIT("\"x\"[*]"), "[\"x\"]"},
        {STR_INIT("{ a = 1, (list[0]) = 2, \"${list[1]}x\" = 3 }"), "{\"a\": 2, \"bx\": 3}"},
        {STR_INIT("[for x in y : x]"), "<unknown y>"},
        {STR_INIT("{ (y) = 1 }"), "<unknown y>"},
    };

    (void)state;
    CHECK(examples);
}

static void templates_make_texts(void **state)
{
    static const Example examples[] = {
        {STR_INIT("\"a${five}b\""), "\"a5b\""},
        {STR_INIT("\"${list}\""), "[\"a\", \"b\", \"c\"]"},
        {STR_INIT("\"%{ for s in list ~} ${s}, %{~ endfor }.\""), "\"a,b,c,.\""},
        {STR_INIT("\"%{ if five > 6 }x%{ else }y%{ endif }\""), "\"y\""},
        {STR_INIT("<<-E\n    a\n      ${five}\n    E\n"), "\"a\\u000a  5\\u000a\""},
        {STR_INIT("\"$${x} %%{y} \\u00e9\""), "\"${x} %{y} \xc3\xa9\""},
        {STR_INIT("\"${1 / 3} ${1e21} ${0.1 + 0.2}\""),
         "\"0.333333333333333 1000000000000000000000 0.3\""},
    };

    (void)state;
    CHECK(examples);
}

static void functions_do_what_terraform_says(void **state)
{
    static const Example examples[] = {
        {STR_INIT("format(\"%s-%03d %q %v %5.1f%%\", \"x\", 7, \"y\", [1], 2.25)"),
         "\"x-007 \\\"y\\\" [1]   2.2%\""},
        {STR_INIT("join(\"-\", split(\",\", \"a,b,c\"))"), "\"a-b-c\""},
        {STR_INIT("merge({a = 1}, null, {a = 2, b = 3})"), "{\"a\": 2, \"b\": 3}"},
        {STR_INIT("jsonencode({b = [1, null], a = \"<\"})"),
         "\"{\\\"a\\\":\\\"\\\\u003c\\\",\\\"b\\\":[1,null]}\""},
        {STR_INIT("jsondecode(\"{\\\"a\\\":[1,2]}\").a[1]"), "2"},
        {STR_INIT("try(list[9], map.nosuch, \"d\")"), "\"d\""},
        {STR_INIT("[can(list[9]), can(list[0])]"), "[false, true]"},
        {STR_INIT("regex(\"(?P<n>[0-9]+)-(?P<w>.)\", \"a12-b\")"), "{\"n\": \"12\", \"w\": \"b\"}"},
        {STR_INIT("replace(\"hello\", \"/l+/\", \"L\")"), "\"heLo\""},
        {STR_INIT("cidrsubnet(\"10.0.0.0/16\", 8, 2)"), "\"10.0.2.0/24\""},
        {STR_INIT("cidrhost(\"10.12.127.0/20\", 268)"), "\"10.12.113.12\""},
        {STR_INIT("cidrsubnets(\"10.1.0.0/16\", 4, 4, 8)"),
         "[\"10.1.0.0/20\", \"10.1.16.0/20\", \"10.1.32.0/24\"]"},
        {STR_INIT("md5(\"hello\")"), "\"5d41402abc4b2a76b9719d911017c592\""},
        {STR_INIT("sha1(\"hello\")"), "\"aaf4c61ddcc5e8a2dabede0f3b482cd9aea9434d\""},
        {STR_INIT("substr(sha512(\"hello\"), 0, 16)"), "\"9b71d224bd62f378\""},
        {STR_INIT("base64decode(base64encode(\"hi!\"))"), "\"hi!\""},
        {STR_INIT("timeadd(\"2017-11-22T00:00:00Z\", \"10m\")"), "\"2017-11-22T00:10:00Z\""},
        {STR_INIT("toset([\"b\", \"a\", \"b\"])"), "[\"a\", \"b\"]"},
        {STR_INIT("tomap({a = 1, b = \"x\"})"), "{\"a\": \"1\", \"b\": \"x\"}"},
        {STR_INIT("yamldecode(\"[2012-10-17, 2012-1-2, '2012-10-17', 2012-10-17x, yes, 010]\")"),
         "[\"2012-10-17T00:00:00Z\", \"2012-01-02T00:00:00Z\", \"2012-10-17\", \"2012-10-17x\", "
         "true, 10]"},
        {STR_INIT("yamldecode(\"{a: &x {b: 1}, c: {<<: *x, d: 2}}\").c"), "{\"b\": 1, \"d\": 2}"},
        {STR_INIT("flatten([[1], [2, [3]]])"), "[1, 2, 3]"},
        {STR_INIT("setproduct([\"a\", \"b\"], [1])"), "[[\"a\", 1], [\"b\", 1]]"},
        {STR_INIT("contains([x, \"a\"], \"a\")"), "true"},
        {STR_INIT("uuidv5(\"dns\", \"www.terraform.io\")"),
         "\"a5008fae-b28c-5ba5-96cd-82b4c53552d6\""},
        {STR_INIT("timestamp()"), "<unknown timestamp()>"},
    };

    (void)state;
    CHECK(examples);
}

static void what_is_known_of_an_unknown_is_kept(void **state)
{
    Reading r = reading_of(STR("cond ? \"arn:aws:${x}\" : null"), 1 << 20), s;
    HclEval eval;
    Node value = evaluate(&r, &eval);

    (void)state;
    assert_int_equal(value.kind, NODE_UNKNOWN);
    assert_true(value.as.unknown->may_be_null);
    assert_int_equal(value.as.unknown->type, NODE_STRING);
    arena_free(r.arena);
    r = reading_of(STR("format(\"%s:%s\", \"arn\", x)"), 1 << 20);
    value = evaluate(&r, &eval);
    assert_true(str_eq(value.as.unknown->prefix, STR("arn:")));
    assert_true(str_eq(value.as.unknown->cause, STR("x")));
    arena_free(r.arena);
    s = reading_of(STR("jsonencode({a = x, b = 1})"), 1 << 20);
    value = evaluate(&s, &eval);
    assert_non_null(hcl_decoded(&value));
    assert_int_equal(node_get_named(hcl_decoded(&value), STR("b"))->as.integer, 1);
    arena_free(s.arena);
}

static void sensitive_values_stay_so(void **state)
{
    static const Str texts[] = {STR_INIT("\"a${secret}\""), STR_INIT("upper(secret)"),
                                STR_INIT("secret == \"x\""), STR_INIT("true ? secret : \"\""),
                                STR_INIT("jsonencode({a = secret})")};

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        Reading r = reading_of(texts[i], 1 << 20);
        HclEval eval;
        Node value = evaluate(&r, &eval);
        assert_true(value.flags & NODE_SENSITIVE);
        arena_free(r.arena);
    }
}

static void mistakes_are_reported_once_at_their_place(void **state)
{
    static const Example mistakes[] = {
        {STR_INIT("list[9] + 1"),
         "in:1:5: warning[hcl-evaluate]: the list has no element 9, only 3 in all\n"},
        {STR_INIT("map.x"), "in:1:4: warning[hcl-evaluate]: there is no element \"x\" here\n"},
        {STR_INIT("nosuch(1)"), "in:1:1: warning[hcl-evaluate]: there is no function \"nosuch\"\n"},
        {STR_INIT("\"a${null}\""),
         "in:1:5: warning[hcl-evaluate]: null cannot be part of a text\n"},
        {STR_INIT("{for s in [1, 1] : s => s}"), "in:1:20: warning[hcl-evaluate]: key \"1\" is "
                                                 "made twice; `...` after the value would group "
                                                 "them\n"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof mistakes / sizeof *mistakes; i++) {
        Reading r = reading_of(mistakes[i].text, 1 << 20);
        HclEval eval;
        Node value = evaluate(&r, &eval);
        assert_string_equal(reading_diags(&r), mistakes[i].value);
        assert_true(eval.failed);
        assert_int_equal(value.kind, NODE_UNKNOWN);
        arena_free(r.arena);
    }
}

static void endless_work_ends(void **state)
{
    Reading r = reading_of(STR("[for a in range(1000) : [for b in range(1000) : [for c in "
                               "range(1000) : 1]]]"),
                           (size_t)2 << 30);
    HclEval eval;

    (void)state;
    evaluate(&r, &eval);
    assert_true(eval.too_long);
    assert_int_equal(r.diags.errors, 1);
    arena_free(r.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(operators_follow_their_precedence),
        cmocka_unit_test(collections_and_their_elements),
        cmocka_unit_test(templates_make_texts),
        cmocka_unit_test(functions_do_what_terraform_says),
        cmocka_unit_test(what_is_known_of_an_unknown_is_kept),
        cmocka_unit_test(sensitive_values_stay_so),
        cmocka_unit_test(mistakes_are_reported_once_at_their_place),
        cmocka_unit_test(endless_work_ends),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
