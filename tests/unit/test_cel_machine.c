/* Absence, defaults, coercion and origins of the input; folding and limits of the machine. */
#include "cel_eval.h"

#include "base/limits.h"
#include "cel/plain.h"
#include "ir/resource.h"

typedef struct Case {
    const char *text;
    const char *expected;
} Case;

static Span at(uint32_t start)
{
    return (Span){0, start, start + 1};
}

static Node map_of(Bench *bench, uint32_t start, uint32_t count, const Entry *entries)
{
    Entry *copy = ARENA_ARRAY(bench->arena, Entry, count + 1);

    memcpy(copy, entries, count * sizeof *copy);
    return node_make_map(at(start), copy, count);
}

static Node defaulted(Node node)
{
    node.flags |= NODE_DEFAULTED;
    return node;
}

/* {name: "web", replicas: 3, nothing: null, ports: [80, 443], spec: {host: true, text: "5"},
 *  mode: "optional" by default, odd: "yes", empty: "", no_ports: []}; each value begins at an
 * offset of its own. */
static Node *make_input(Bench *bench)
{
    Node *ports = ARENA_ARRAY(bench->arena, Node, 2), *input = ARENA_NEW(bench->arena, Node);
    Entry spec[2], entries[9];

    ports[0] = node_make_int(at(31), 80);
    ports[1] = node_make_int(at(32), 443);
    spec[0] = bench_entry(bench, "host", node_make_bool(at(41), true));
    spec[1] = bench_entry(bench, "text", node_make_string(at(42), STR("5")));
    entries[0] = bench_entry(bench, "name", node_make_string(at(10), STR("web")));
    entries[1] = bench_entry(bench, "replicas", node_make_int(at(20), 3));
    entries[2] = bench_entry(bench, "nothing", node_make_null(at(25)));
    entries[3] = bench_entry(bench, "ports", node_make_list(at(30), ports, 2));
    entries[4] = bench_entry(bench, "spec", map_of(bench, 40, 2, spec));
    entries[5] = bench_entry(bench, "mode", defaulted(node_make_string(at(50), STR("optional"))));
    entries[6] = bench_entry(bench, "odd", node_make_string(at(60), STR("yes")));
    entries[7] = bench_entry(bench, "empty", node_make_string(at(70), STR("")));
    entries[8] = bench_entry(bench, "no_ports", node_make_list(at(80), ports, 0));
    *input = map_of(bench, 1, 9, entries);
    return input;
}

static Bench *bench_with_input(void)
{
    Bench *bench = bench_new();
    Node *input = make_input(bench);
    Resource *resource = ARENA_NEW(bench->arena, Resource);
    CelValue value = {.kind = CEL_RESOURCE};

    bench_set(bench, "o", cel_from_node(input));
    bench_set(bench, "s", cel_from_part(input, CEL_STRICT));
    resource->format = FORMAT_TERRAFORM;
    resource->address = STR("aws_x.y");
    resource->body = *input;
    value.as.resource = resource;
    bench_set(bench, "r", value);
    return bench;
}

static void expect_all(const Case *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        Bench *bench = bench_with_input();

        bench_expect(bench, cases[i].text, cases[i].expected);
        bench_free(bench);
    }
}

#define EXPECT_ALL(cases) expect_all(cases, sizeof(cases) / sizeof *(cases))

static void what_the_input_lacks_reads_as_null(void **state)
{
    static const Case cases[] = {
        {"o.name", "web"},
        {"o.missing", "null"},
        {"o.missing == null", "true"},
        {"o.missing.deeper.still", "null"},
        {"o.nothing.deeper", "null"},
        {"o.name.deeper", "null"},
        {"o.ports.deeper", "null"},
        {"o['missing']['deeper']", "null"},
        {"o['spec'].host", "true"},
        {"o.ports[1]", "443"},
        {"o.ports[2]", "null"},
        {"o.ports[2].x", "null"},
        {"o.missing[0]", "null"},
        {"o.name[0]", "null"},
        {"o[o.missing]", "null"},
        {"has(o.name)", "true"},
        {"has(o.missing)", "false"},
        {"has(o.nothing)", "false"},
        {"has(o.missing.deeper)", "false"},
        {"o.?name.orValue('x')", "web"},
        {"o.?missing.orValue('x')", "x"},
        {"o.?missing.?deeper.orValue('x')", "x"},
        {"o[?'name'].hasValue()", "true"},
        {"o.ports[?7].hasValue()", "false"},
        {"o.missing == o.nothing", "true"},
        {"o.missing == 1", "false"},
        {"o.missing != 'x'", "true"},
    };

    (void)state;
    EXPECT_ALL(cases);
}

static void strict_input_is_as_strict_as_a_map_of_the_expression(void **state)
{
    static const Case cases[] = {
        {"s.name", "web"},
        {"s.spec.host", "true"},
        {"s.missing", "(error: no such key: missing)"},
        {"s.missing.deeper", "(error: no such key: missing)"},
        {"s['missing']", "(error: no such key: missing)"},
        {"s[1]", "(error: no such key: 1)"},
        {"s.name.deeper", "(error: no such overload)"},
        {"s.ports[1]", "443"},
        {"s.ports[2]", "(error: index out of range: 2)"},
        {"s.ports.deeper", "(error: no such overload)"},
        {"has(s.name)", "true"},
        {"has(s.missing)", "false"},
        {"has(s.spec.missing)", "false"},
        {"has(s.missing.deeper)", "(error: no such key: missing)"},
        {"s.?missing.?deeper.orValue(7)", "7"},
        {"s[?'missing'].hasValue()", "false"},
        {"s[?'name'].value()", "web"},
        {"s.ports[?7].hasValue()", "false"},
        {"'missing' in s", "false"},
        {"'name' in s", "true"},
        {"s.name > 1", "(error: no such overload)"},
        {"s.replicas.startsWith('a')", "(error: no such overload)"},
        {"s.ports.all(p, p > 100)", "false"},
        {"s.name.all(x, true)", "(error: no such overload)"},
        {"s.missing == 1 || true", "true"},
        {"s.map(k, k)[0] + 1", "(error: no such overload)"},
        {"s.ports == [80, 443]", "true"},
    };

    (void)state;
    EXPECT_ALL(cases);
}

static void operators_bear_with_absence(void **state)
{
    static const Case cases[] = {
        {"o.missing < 1", "false"},
        {"o.missing > 1", "false"},
        {"1 <= o.missing", "false"},
        {"o.missing >= o.nothing", "false"},
        {"o.name > 1", "false"},
        {"'a' in o.missing", "false"},
        {"'a' in o.name", "false"},
        {"80 in o.ports", "true"},
        {"'name' in o", "true"},
        {"'missing' in o", "false"},
        {"o.missing in [null, 'x']", "true"},
        {"size(o.missing)", "0"},
        {"o.missing.size()", "0"},
        {"o.missing.all(x, false)", "true"},
        {"o.missing.exists(x, true)", "false"},
        {"o.missing.map(x, x)", "[]"},
        {"o.missing.filter(x, true).size()", "0"},
        {"o.name.all(x, false)", "true"},
        {"o.missing.startsWith('a')", "false"},
        {"o.missing.contains('a')", "false"},
        {"o.missing.matches('a')", "false"},
        {"o.name.startsWith(o.missing)", "false"},
        {"o.replicas.startsWith('a')", "false"},
        {"o.missing.lowerAscii()", "null"},
        {"o.missing.split(',')", "null"},
        {"o.replicas.split(',')", "null"},
        {"int(o.missing)", "null"},
        {"o.missing + 1", "null"},
        {"dyn('a' + o.missing) == null", "true"},
        {"-o.missing", "null"},
        {"!o.missing", "true"},
        {"o.missing || true", "true"},
        {"o.missing && true", "false"},
        {"o.missing ? 1 : 2", "2"},
        {"type(o.missing) == null_type", "true"},
        {"o.name && true", "error"},
    };

    (void)state;
    EXPECT_ALL(cases);
}

static void own_values_stay_strict(void **state)
{
    static const Case cases[] = {
        {"{'a': 1}.b", "error"},
        {"[1][3]", "error"},
        {"dyn(null).a", "error"},
        {"dyn(null) < 1", "error"},
        {"dyn(null).startsWith('a')", "error"},
        {"dyn(1) < 'a'", "error"},
        {"size(dyn(null))", "error"},
        {"dyn(null).all(x, true)", "error"},
        {"dyn('a') && true", "error"},
        {"{'a': 1, 'a': 2}", "error"},
        {"{1: 1, 1u: 2}", "error"},
        {"{1.5: 1}", "error"},
    };

    (void)state;
    EXPECT_ALL(cases);
}

static void a_default_of_the_provider_is_not_set(void **state)
{
    static const Case cases[] = {
        {"o.mode", "optional"},         {"isSet(o.mode)", "false"},
        {"isSet(o.name)", "true"},      {"isSet(o.missing)", "false"},
        {"isSet(o.nothing)", "false"},  {"isSet(o.spec)", "true"},
        {"isSet(o.spec.host)", "true"}, {"isSet(o.ports[0])", "true"},
        {"isSet(o.ports[5])", "false"}, {"isSet(r.mode)", "false"},
        {"isSet(r.name)", "true"},      {"isSet(o.empty)", "false"},
        {"isSet(o.no_ports)", "false"},
    };

    (void)state;
    EXPECT_ALL(cases);
}

static void bool_and_number_compare_as_terraform_converts(void **state)
{
    static const Case cases[] = {
        {"r.spec.text == 5", "true"},
        {"r.spec.text != 5", "false"},
        {"r.spec.text < 6", "true"},
        {"6.5 > r.spec.text", "true"},
        {"r.spec.host == 'true'", "true"},
        {"r.spec.host == 'false'", "false"},
        {"r.spec.host != 'false'", "true"},
        {"r.odd == true", "false"},
        {"r.replicas == '3'", "true"},
        {"r.replicas == '3.0'", "true"},
        {"r.replicas in ['3']", "true"},
        {"r.ports.exists(p, p == '443')", "true"},
        {"o.replicas == '3'", "false"},
        {"o.spec.host == 'true'", "false"},
        {"r.address", "aws_x.y"},
        {"r.name + '!'", "web!"},
        {"size(r.ports)", "2"},
        {"r.exists(k, k == 'name')", "true"},
    };

    (void)state;
    EXPECT_ALL(cases);
}

/* Where the result's origin begins, and the missing field or "". */
static void expect_origin(const char *text, const char *expected, uint32_t start,
                          const char *missing)
{
    Bench *bench = bench_with_input();
    CelValue value = bench_eval(bench, text);
    Str name = {"", 0};

    bench_expect(bench, text, expected);
    if (!value.origin)
        fail_msg("%s: no origin", text);
    if (value.kind != CEL_STRING)
        name = symbols_name(&bench->symbols, value.size);
    if (value.origin->start != start || !str_eq(name, str_of(missing)))
        fail_msg("%s: at %u, missing %.*s", text, value.origin->start, STR_ARG(name));
    bench_free(bench);
}

static void a_result_tells_what_decided_it(void **state)
{
    (void)state;
    expect_origin("o.name == 'db'", "false", 10, "");
    expect_origin("'db' == o.name", "false", 10, "");
    expect_origin("o.replicas > 5", "false", 20, "");
    expect_origin("!(o.replicas < 5)", "false", 20, "");
    expect_origin("o.missing == true", "false", 1, "missing");
    expect_origin("o.spec.missing.deeper == true", "false", 40, "missing");
    expect_origin("o.nothing == true", "false", 25, "");
    expect_origin("o.nothing.deeper == true", "false", 25, "deeper");
    expect_origin("o.spec.missing >= 2", "false", 40, "missing");
    expect_origin("has(o.spec.missing)", "false", 40, "missing");
    expect_origin("isSet(o.spec.missing)", "false", 40, "missing");
    expect_origin("isSet(o.mode)", "false", 50, "");
    expect_origin("o.name == 'web' && o.replicas == 1", "false", 20, "");
    expect_origin("o.name == 'db' && o.replicas == 1", "false", 10, "");
    expect_origin("o.name == 'db' || o.spec.host", "true", 41, "");
    expect_origin("o.ports.all(p, p < 100)", "false", 32, "");
    expect_origin("o.ports.exists(p, p == 443)", "true", 32, "");
    expect_origin("o.ports.exists(p, p == 22)", "false", 30, "");
    expect_origin("o.missing.exists(p, p == 22)", "false", 1, "missing");
    expect_origin("o.ports.filter(p, p > 100)[0]", "443", 32, "");
    expect_origin("o.spec.host ? o.name == 'db' : true", "false", 10, "");
    expect_origin("o.spec.host ? false : true", "false", 41, "");
    expect_origin("o.name.startsWith('db')", "false", 10, "");
    expect_origin("o.missing.startsWith('db')", "false", 1, "missing");
    expect_origin("o.name in ['a', 'b']", "false", 10, "");
    expect_origin("22 in o.ports", "false", 30, "");
    expect_origin("size(o.ports) > 5", "false", 30, "");
    expect_origin("o.replicas + 1", "4", 20, "");
    expect_origin("r.missing == 1", "false", 1, "missing");
    expect_origin("o['missing'] == 1", "false", 1, "missing");
}

static void expect_code(const char *text, const char *expected)
{
    Bench *bench = bench_with_input();
    CelEnv env = {.variables = bench->variables, .variable_count = bench->count};
    CelParseOptions options = {0};
    CelExpr *expr = cel_parse(str_of(text), &options, bench->arena, &bench->diags);
    CelCode code;
    Str got;

    assert_true(expr && cel_check(expr, &env, bench->arena, &bench->diags));
    assert_true(cel_compile(expr, bench->builder, bench->arena, &bench->diags, &code));
    assert_true(symbols_build(bench->builder, &bench->symbols.added));
    got = cel_disassemble(&code, &bench->symbols, bench->arena);
    if (!str_eq(got, str_of(expected)))
        fail_msg("%s:\n%.*s", text, STR_ARG(got));
    bench_free(bench);
}

static void code_is_short(void **state)
{
    (void)state;
    expect_code("1 + 2 * 3", "2 CONST 7\n3 RETURN\n");
    expect_code("'a' + 'b' == 'ab'", "2 BOOL 1\n3 RETURN\n");
    expect_code("o.name == 'web' && o.replicas > 1",
                "2 VARIABLE_PATH name 0\n4 EQUAL_CONST \"web\"\n5 AND_TEST 11\n"
                "6 VARIABLE_PATH replicas 0\n8 CONST 1\n9 GREATER\n10 AND\n11 RETURN\n");
    expect_code("o.a.b.c != null", "2 VARIABLE_PATH a.b.c 0\n4 NOT_EQUAL_CONST null\n5 RETURN\n");
    expect_code("o['x-y'].a.b", "2 VARIABLE 0\n3 INDEX_KEY x-y\n5 PATH a.b\n6 RETURN\n");
    expect_code("o.name in ['a', 'b']", "2 VARIABLE_PATH name 0\n4 IN_SET \"a\" \"b\"\n5 RETURN\n");
    expect_code("o['x-y']", "2 VARIABLE 0\n3 INDEX_KEY x-y\n5 RETURN\n");
}

static void errors_of_constants_wait_for_the_run(void **state)
{
    (void)state;
    static const Case cases[] = {
        {"1 / 0 == 1 || true", "true"},
        {"1 / 0", "error"},
        {"'abc'.matches('b+')", "true"},
    };

    EXPECT_ALL(cases);
}

static void a_bad_constant_pattern_is_a_mistake_in_the_rule(void **state)
{
    Bench *bench = bench_with_input();

    (void)state;
    bench_expect(bench, "o.name.matches('(?=a)')", "error");
    assert_int_equal(bench->diags.errors, 1);
    assert_int_equal(bench->diags.first->code, DIAG_CEL_REGEX);
    assert_int_equal(bench->diags.first->span.start, 15);
    bench_free(bench);
}

static void a_pattern_of_the_input_is_compiled_at_run_time(void **state)
{
    static const Case cases[] = {
        {"'web-1'.matches(o.name)", "true"},
        {"'x'.matches('(' + o.name)", "error"},
    };

    (void)state;
    EXPECT_ALL(cases);
}

static void work_is_limited(void **state)
{
    Bench *bench = bench_with_input();
    const char *loop = "lists.range(1000).all(x, lists.range(1000).all(y, x + y >= 0))";

    (void)state;
    bench->machine.step_limit = 100000;
    bench_expect(bench, loop, "error");
    bench->machine.step_limit = 0;
    bench_expect(bench, loop, "true");
    bench_expect(bench, "lists.range(1000000).map(x, lists.range(1000000))", "error");
    bench_free(bench);
}

/* The last of many entries, again and again. */
static void looking_through_a_large_map_is_work(void **state)
{
    enum { COUNT = 3000 };
    Bench *bench = bench_with_input();
    Entry *entries = ARENA_ARRAY(bench->arena, Entry, COUNT);
    Node *map = ARENA_NEW(bench->arena, Node);

    (void)state;
    for (uint32_t i = 0; i < COUNT; i++)
        entries[i] =
            bench_entry(bench, i + 1 < COUNT ? str_format(bench->arena, "k%u", i).data : "last",
                        node_make_int(SPAN_NONE, i));
    *map = node_make_map(SPAN_NONE, entries, COUNT);
    bench_set(bench, "large", cel_from_node(map));
    bench_set(bench, "own", cel_plain(map, bench->arena));
    bench->machine.step_limit = 20000;
    bench_expect(bench, "lists.range(10).all(x, large.last == 2999 && own.last == 2999)", "true");
    bench_expect(bench, "lists.range(1000).all(x, large.last == 2999)", "error");
    bench_expect(bench, "lists.range(1000).all(x, own.last == 2999)", "error");
    bench_free(bench);
}

/* Every prefix of the memory that an evaluation needs: an error, and no crash. */
static void a_spent_arena_is_an_error(void **state)
{
    const char *text = "[1, 2, 3].map(x, {'k' + string(x): [x]}).size() == 3 && "
                       "'%s'.format([{'a': [1.5]}]).split('a').join() != ''";

    (void)state;
    for (size_t limit = 64; limit < 40000; limit += 64) {
        Bench *bench = bench_new();
        Arena *small = arena_new(limit);
        CelEnv env = {0};
        CelParseOptions options = {0};
        CelExpr *expr = cel_parse(str_of(text), &options, bench->arena, &bench->diags);
        CelCode code;
        CelValue value;

        assert_true(expr && cel_check(expr, &env, bench->arena, &bench->diags));
        assert_true(cel_compile(expr, bench->builder, bench->arena, &bench->diags, &code));
        bench->machine.arena = small;
        value = cel_eval(&code, &bench->machine);
        assert_true(value.kind == CEL_ERROR || (value.kind == CEL_BOOL && value.as.boolean));
        if (limit > 30000)
            assert_int_equal(value.kind, CEL_BOOL);
        arena_free(small);
        bench_free(bench);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_the_input_lacks_reads_as_null),
        cmocka_unit_test(strict_input_is_as_strict_as_a_map_of_the_expression),
        cmocka_unit_test(operators_bear_with_absence),
        cmocka_unit_test(own_values_stay_strict),
        cmocka_unit_test(a_default_of_the_provider_is_not_set),
        cmocka_unit_test(bool_and_number_compare_as_terraform_converts),
        cmocka_unit_test(a_result_tells_what_decided_it),
        cmocka_unit_test(code_is_short),
        cmocka_unit_test(errors_of_constants_wait_for_the_run),
        cmocka_unit_test(a_bad_constant_pattern_is_a_mistake_in_the_rule),
        cmocka_unit_test(a_pattern_of_the_input_is_compiled_at_run_time),
        cmocka_unit_test(work_is_limited),
        cmocka_unit_test(looking_through_a_large_map_is_work),
        cmocka_unit_test(a_spent_arena_is_an_error),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
