/* cel/check: names, overloads and types; what is refused and what is suggested. */
#include <stdio.h>

#include "arena_state.h"
#include "cel/ast.h"
#include "cel/functions.h"

typedef struct Case {
    const char *text;
    const char *expected;
} Case;

#define ALL(cases) cases, sizeof(cases) / sizeof *(cases)

/* Variables as rules have them, and some with types. */
static CelEnv test_env(Arena *arena, const char *container)
{
    static const char *const variables[][2] = {
        {"resource", "dyn"}, {"x.y", "bool"},           {"com.example.z", "int"},
        {"z", "string"},     {"names", "list(string)"}, {"w", "wrapper(int)"},
        {"n", "int"},
    };
    size_t count = sizeof variables / sizeof *variables;
    CelVariable *list = ARENA_ARRAY(arena, CelVariable, count);

    assert_non_null(list);
    for (size_t i = 0; i < count; i++) {
        list[i].name = str_of(variables[i][0]);
        list[i].type = cel_type_parse(str_of(variables[i][1]), arena);
        assert_non_null(list[i].type);
    }
    return (CelEnv){
        .container = str_of(container), .variables = list, .variable_count = (uint32_t)count};
}

static CelExpr *check_in(Arena *arena, const CelEnv *env, const char *text, DiagSink *diags)
{
    CelExpr *expr;

    *diags = diags_new(arena);
    expr = cel_parse(str_of(text), NULL, arena, diags);
    if (!expr)
        fail_msg("%s: %.*s", text, STR_ARG(diags->first->message));
    return cel_check(expr, env, arena, diags) ? expr : NULL;
}

static void assert_types(Arena *arena, const char *container, const Case *cases, size_t count)
{
    CelEnv env = test_env(arena, container);

    for (size_t i = 0; i < count; i++) {
        DiagSink diags;
        CelExpr *expr = check_in(arena, &env, cases[i].text, &diags);
        Str type;

        if (!expr)
            fail_msg("%s: %.*s", cases[i].text, STR_ARG(diags.first->message));
        type = cel_type_text(expr->type, arena);
        if (!str_eq(type, str_of(cases[i].expected)))
            fail_msg("%s is %.*s, not %s", cases[i].text, STR_ARG(type), cases[i].expected);
    }
}

static void types_are_deduced(void **state)
{
    static const Case cases[] = {
        {"1", "int"},
        {"[1, 2]", "list(int)"},
        {"[1, 'a']", "list(dyn)"},
        {"[]", "list(dyn)"},
        {"[[], [1]]", "list(list(int))"},
        {"{}", "map(dyn, dyn)"},
        {"{'a': [1u]}", "map(string, list(uint))"},
        {"[1].map(x, string(x))", "list(string)"},
        {"{'a': 1}.map(k, k)", "list(string)"},
        {"[1].filter(x, x > 0)", "list(int)"},
        {"['a'].transformMap(i, v, i)", "map(int, int)"},
        {"['a'].transformMapEntry(i, v, {v: i})", "map(string, int)"},
        {"true ? 1 : dyn(2)", "dyn"},
        {"optional.of(1)", "optional_type(int)"},
        {"optional.none()", "optional_type(dyn)"},
        {"{'a': 1}.?a", "optional_type(int)"},
        {"{'a': 1}[?'a'].orValue(2)", "int"},
        {"optional.of(1).optMap(x, string(x))", "optional_type(string)"},
        {"optional.of(1).optFlatMap(x, optional.of('a'))", "optional_type(string)"},
        {"[?optional.of(1)]", "list(int)"},
        {"resource.a.b[0]", "dyn"},
        {"resource.a.b > 3", "bool"},
        {"resource.?a.b", "optional_type(dyn)"},
        {"cel.bind(a, 1u, a + 2u)", "uint"},
        {"type(1)", "type(int)"},
        {"int", "type(int)"},
        {"type([1]) == list", "bool"},
        {"timestamp('x') - timestamp('y')", "google.protobuf.Duration"},
        {"math.greatest(1, 2.0)", "dyn"},
        {"math.greatest(1, 2)", "int"},
        {"names.map(s, s.size()).sum()", "int"},
        {"[3, 1].sortBy(x, -x)", "list(int)"},
        {"n == null", "bool"},
        {"resource.a.size() != null", "bool"},
        {"w + 1", "int"},
        {"w == null", "bool"},
        {"[w, 1]", "list(wrapper(int))"},
        {"quantity('1') < quantity('1')", "bool"},
        {"image('a').tag", "dyn"},
        {"statements(resource.policy)[0].effect", "dyn"},
        {"isSet(resource.a)", "bool"},
        {"has(resource.a.b)", "bool"},
    };

    assert_types(*state, "", ALL(cases));
}

static void names_are_looked_up_in_the_container_first(void **state)
{
    static const Case inside[] = {
        {"z", "int"},
        {".z", "string"},
        {"com.example.z", "int"},
        {"x.y", "bool"},
        {"['a'].map(z, z)", "list(string)"},
        {"['a'].map(z, .z)", "list(string)"},
        {"[{'y': 1}].map(x, x.y)", "list(int)"},
        {"[{'y': 1}].map(x, .x.y)", "list(bool)"},
    };

    assert_types(*state, "com.example", ALL(inside));
}

/* Message and, where there is one, the suggestion. */
static void assert_mistakes(Arena *arena, const Case *cases, size_t count)
{
    CelEnv env = test_env(arena, "");

    for (size_t i = 0; i < count; i++) {
        DiagSink diags;
        Str got;

        if (check_in(arena, &env, cases[i].text, &diags))
            fail_msg("%s is accepted", cases[i].text);
        got = str_format(arena, "%u-%u %.*s%s%.*s", diags.first->span.start, diags.first->span.end,
                         STR_ARG(diags.first->message), diags.first->help.size ? ". " : "",
                         STR_ARG(diags.first->help));
        if (!str_eq(got, str_of(cases[i].expected)))
            fail_msg("%s: %.*s", cases[i].text, STR_ARG(got));
    }
}

static void type_errors_have_a_place_and_a_suggestion(void **state)
{
    static const Case cases[] = {
        {"1 + 'a'", "0-7 `+` does not take int, string"},
        {"1 == 'a'", "0-8 `==` does not take int, string"},
        {"1 && true", "0-9 `&&` does not take int, bool"},
        {"'a' in names == 1", "0-17 `==` does not take bool, int"},
        {"1 in names", "0-10 `in` does not take int, list(string)"},
        {"resourc.a", "0-7 there is no variable `resourc`. Did you mean `resource`?"},
        {"'a'.startWith('b')", "0-18 there is no function `startWith`. Did you mean `startsWith`?"},
        {"resource.a.exist(x, x)", "0-22 there is no function `exist`. Did you mean `exists`?"},
        {"sets.contain([1], [2])",
         "0-22 there is no function `sets.contain`. Did you mean `sets.contains`?"},
        {"imag('a')", "0-9 there is no function `imag`. Did you mean `image`?"},
        {"startsWith('a', 'b')",
         "0-20 startsWith() is a function of a value: write a.startsWith(...)"},
        {"'a'.image()", "0-11 image() is no function of a value: write image(a, ...)"},
        {"size(1)", "0-7 size() does not take (int)"},
        {"'a'.size(1)", "0-11 string has no function size(int)"},
        {"[1].foo", "0-7 list(int) has no fields, so there is no `foo` in it"},
        {"[1].map(x, y)", "11-12 there is no variable `y`. Did you mean `x`?"},
        {"[1].all(x, x)", "11-12 this is int where bool is wanted"},
        {"1.all(x, x)", "0-1 this is int where a list or map is wanted"},
        {"[?1]", "2-3 this is int where optional_type(dyn) is wanted"},
        {"Foo{a: 1}", "0-9 plumb's CEL has no message `Foo`"},
        {"quantity('1').getHost()", "0-23 kubernetes.Quantity has no function getHost()"},
    };

    assert_mistakes(*state, ALL(cases));
}

static void the_dynamic_form_reports_no_type_error(void **state)
{
    static const char *const texts[] = {"1 + 'a'",
                                        "nobody.home",
                                        "f(1)",
                                        "x.y.g(1)",
                                        "[1].foo",
                                        "1.all(x, x)",
                                        "[1].map(q, q.r + nobody)"};
    CelEnv env = test_env(*state, "");

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        DiagSink diags = diags_new(*state);
        CelExpr *expr = cel_parse(str_of(texts[i]), NULL, *state, &diags);

        assert_non_null(expr);
        assert_true(cel_resolve(expr, &env, *state, &diags));
        assert_int_equal(diags.count, 0);
        assert_null(expr->type);
    }
}

static void identifiers_know_their_variable(void **state)
{
    CelEnv env = test_env(*state, "");
    DiagSink diags;
    CelExpr *expr = check_in(*state, &env, "names.all(a, [1].all(i, v, a == string(v)))", &diags);
    const CelExpr *inner;

    assert_non_null(expr);
    assert_int_equal(expr->args[0]->variable, 4);
    inner = expr->args[1]->args[1];
    assert_int_equal(inner->function, CEL_FN_EQUAL);
    assert_int_equal(inner->args[0]->variable, -1);
    assert_int_equal(inner->args[1]->function, CEL_FN_STRING);
    assert_int_equal(inner->args[1]->args[0]->variable, -3);
}

static void a_qualified_name_becomes_one_identifier(void **state)
{
    CelEnv env = test_env(*state, "");
    DiagSink diags;
    CelExpr *expr = check_in(*state, &env, "x.y", &diags);

    assert_non_null(expr);
    assert_int_equal(expr->kind, CEL_EXPR_IDENT);
    assert_int_equal(expr->variable, 1);
    expr = check_in(*state, &env, "google.protobuf.Timestamp", &diags);
    assert_non_null(expr);
    assert_int_equal(expr->variable, CEL_IDENT_TYPE);
}

static void declared_functions_are_known(void **state)
{
    Arena *arena = *state;
    const CelType *params[3];
    CelDeclaration declaration = {.name = STR("tuple"), .params = params, .param_count = 3};
    CelEnv env = {.declarations = &declaration, .declaration_count = 1};
    DiagSink diags;
    CelExpr *expr;

    for (int i = 0; i < 3; i++)
        params[i] = cel_type_parse((Str){&"TUV"[i], 1}, arena);
    declaration.result = cel_type_parse(STR("tuple(T, U, V)"), arena);
    expr = check_in(arena, &env, "[tuple(1, 2u, 3.0), tuple(dyn(1), 2u, 3.0)]", &diags);
    assert_non_null(expr);
    assert_true(str_eq(cel_type_text(expr->type, arena), STR("list(tuple(dyn, uint, double))")));
    assert_null(check_in(arena, &env, "tuple(1, 2)", &diags));
}

static void every_overload_can_be_read(void **state)
{
    static const char *const texts[] = {
#define OPERATOR(id, name, arity)
#define FUNCTION(id, name, member, arity, implementation, flags)
#define OVERLOAD(id, params, result) "f(" params "", result,
#include "cel/functions.def"
    };
    static const uint16_t numbers[] = {
#define OPERATOR(id, name, arity)
#define FUNCTION(id, name, member, arity, implementation, flags)
#define OVERLOAD(id, params, result) CEL_FN_##id,
#include "cel/functions.def"
    };

    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        const CelFunction *function = cel_function(numbers[i]);
        const char *params = texts[2 * i] + 2;
        uint32_t count = params[0] != '\0', depth = 0;

        assert_non_null(cel_type_parse(str_of(texts[2 * i + 1]), *state));
        for (const char *p = params; *p; p++) {
            depth += *p == '(';
            depth -= *p == ')';
            count += *p == ',' && depth == 0;
        }
        if (function->arity != CEL_ANY_ARITY && function->arity != count)
            fail_msg("%.*s(%s) has %u parameters", STR_ARG(function->name), params, count);
    }
}

static void types_are_printed_as_they_are_read(void **state)
{
    static const char *const texts[] = {
        "dyn",          "null_type",           "list(map(string, dyn))",
        "wrapper(int)", "optional_type(uint)", "type(bytes)",
        "net.IP",       "tuple(int, dyn, A)",  "google.protobuf.Duration",
    };
    static const char *const wrong[] = {"",
                                        "list",
                                        "list()",
                                        "list(int",
                                        "map(int)",
                                        "int(int)",
                                        "list(int) x",
                                        "A(int)",
                                        "tuple(int, int, int, int)",
                                        "("};

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        const CelType *type = cel_type_parse(str_of(texts[i]), *state);

        assert_non_null(type);
        assert_true(str_eq(cel_type_text(type, *state), str_of(texts[i])));
    }
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_null(cel_type_parse(str_of(wrong[i]), *state));
}

static void types_that_refer_to_each_other_end(void **state)
{
    CelEnv env = test_env(*state, "");
    DiagSink diags;
    char text[4000] = "";
    size_t used = 0;

    check_in(*state, &env, "cel.bind(a, [], [a, [a], [[a]]] == [[a], a])", &diags);
    for (int i = 0; i < 80; i++)
        used += (size_t)snprintf(text + used, sizeof text - used, "cel.bind(v%d, {v%d: v%d}, ",
                                 i + 1, i, i);
    memmove(text + 19, text, used + 1);
    memcpy(text, "cel.bind(v0, {1:1},", 19);
    used += 19;
    used += (size_t)snprintf(text + used, sizeof text - used, "v80");
    memset(text + used, ')', 81);
    assert_non_null(check_in(*state, &env, text, &diags));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(types_are_deduced, set_up, tear_down),
        cmocka_unit_test_setup_teardown(names_are_looked_up_in_the_container_first, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(type_errors_have_a_place_and_a_suggestion, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(the_dynamic_form_reports_no_type_error, set_up, tear_down),
        cmocka_unit_test_setup_teardown(identifiers_know_their_variable, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_qualified_name_becomes_one_identifier, set_up, tear_down),
        cmocka_unit_test_setup_teardown(declared_functions_are_known, set_up, tear_down),
        cmocka_unit_test_setup_teardown(every_overload_can_be_read, set_up, tear_down),
        cmocka_unit_test_setup_teardown(types_are_printed_as_they_are_read, set_up, tear_down),
        cmocka_unit_test_setup_teardown(types_that_refer_to_each_other_end, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
