/* cel/parse: texts to trees, macros expanded; what is refused and where. */
#include "arena_state.h"
#include "base/limits.h"
#include "cel/ast.h"

typedef struct Case {
    const char *text;
    const char *expected;
} Case;

static CelExpr *parse(Arena *arena, Str text, DiagSink *diags)
{
    *diags = diags_new(arena);
    return cel_parse(text, NULL, arena, diags);
}

static void assert_tree(Arena *arena, Str text, const char *expected)
{
    DiagSink diags;
    CelExpr *expr = parse(arena, text, &diags);
    Str dump;

    if (!expr)
        fail_msg("%.*s: %.*s", STR_ARG(text), STR_ARG(diags.first->message));
    dump = cel_dump(expr, arena);
    if (!str_eq(dump, str_of(expected)))
        fail_msg("%.*s is\n%.*s, not\n%s", STR_ARG(text), STR_ARG(dump), expected);
}

static void assert_trees(void **state, const Case *cases, size_t count)
{
    for (size_t i = 0; i < count; i++)
        assert_tree(*state, str_of(cases[i].text), cases[i].expected);
}

/* The message, and the place as start-end. */
static void assert_mistakes(void **state, const Case *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        DiagSink diags;
        CelExpr *expr = parse(*state, str_of(cases[i].text), &diags);
        Str got;

        assert_null(expr);
        assert_int_equal(diags.count, 1);
        got = str_format(*state, "%u-%u %.*s", diags.first->span.start, diags.first->span.end,
                         STR_ARG(diags.first->message));
        if (!str_eq(got, str_of(cases[i].expected)))
            fail_msg("%s: %.*s", cases[i].text, STR_ARG(got));
    }
}

#define ALL(cases) cases, sizeof(cases) / sizeof *(cases)

static void literals_have_their_values(void **state)
{
    static const Case cases[] = {
        {"42", "42"},
        {"0x1F", "31"},
        {"-9223372036854775808", "-9223372036854775808"},
        {"18446744073709551615u", "18446744073709551615u"},
        {"0xffU", "255u"},
        {".5", "0.5"},
        {"1.5e3", "1500"},
        {"2e-1", "0.20000000000000001"},
        {"null", "null"},
        {"true && false", "_&&_(true, false)"},
        {"'a\\n\\x41\\u00e9\\101'", "\"a\\x0aA\xc3\xa9"
                                    "A\""},
        {"r'a\\n'", "\"a\\x5cn\""},
        {"'''a\r\nb\rc'''", "\"a\\x0ab\\x0ac\""},
        {"\"\"\"a\"b\"\"\"", "\"a\\x22b\""},
        {"b'\\xff\\000'", "b\"\xff\\x00\""},
        {"bR'\\x'", "b\"\\x5cx\""},
    };

    assert_trees(state, ALL(cases));
}

static void operators_bind_as_in_c(void **state)
{
    static const Case cases[] = {
        {"a || b && c == d + e * -f", "_||_(a, _&&_(b, _==_(c, _+_(d, _*_(e, -_(f))))))"},
        {"a - b - c", "_-_(_-_(a, b), c)"},
        {"a ? b : c ? d : e", "_?_:_(a, b, _?_:_(c, d, e))"},
        {"!!a", "!_(!_(a))"},
        {"-1 in [1]", "@in(-1, [1])"},
        {"(a + b) % c", "_%_(_+_(a, b), c)"},
        {"a < b", "_<_(a, b)"},
    };

    assert_trees(state, ALL(cases));
}

static void fields_calls_and_indices_chain(void **state)
{
    static const Case cases[] = {
        {"a.b[0].c(d, 1)", "_[_](a.b, 0).c(d, 1)"},
        {".a.b", ".a.b"},
        {"a.`b-c/d.e`", "a.b-c/d.e"},
        {"a.?b[?c]", "_[?_](a.?b, c)"},
        {"[?a, b]", "[?a, b]"},
        {"{?'k': v, 1: 2,}", "{?\"k\": v, 1: 2}"},
        {"[1, 2,]", "[1, 2]"},
        {"a.for.while()", "a.for.while()"},
        {"a // comment\n\f.b\t", "a.b"},
        {"size(x)", "size(x)"},
        {"p.q.R{f: 1}", "p.q.R{1}"},
    };

    assert_trees(state, ALL(cases));
}

static void macros_are_nodes_of_their_own(void **state)
{
    static const Case cases[] = {
        {"has(a.b)", "has(a.b)"},
        {"l.all(x, x > 0)", "l.all(x, _>_(x, 0))"},
        {"l.existsOne(i, v, v)", "l.exists_one(i, v, v)"},
        {"l.map(x, x > 0, -x)", "l.map(x, _>_(x, 0), -_(x))"},
        {"m.transformMap(k, v, v)", "m.transformMap(k, v, v)"},
        {"cel.bind(x, 1, x)", "cel.bind(x, 1, x)"},
        {"o.optMap(x, x)", "o.optMap(x, x)"},
        {"isSet(a.b)", "isSet(a.b)"},
        {"l.sortBy(x, -x)", "cel.bind(@list, l, @list.@sortByAssociatedKeys(@list.map(x, -_(x))))"},
        {"l.map(x)", "l.map(x)"},
    };

    assert_trees(state, ALL(cases));
}

static void macros_can_be_left_alone(void **state)
{
    CelParseOptions options = {.no_macros = true};
    DiagSink diags = diags_new(*state);
    CelExpr *expr = cel_parse(STR("[].all(x, has(x.y))"), &options, *state, &diags);

    assert_non_null(expr);
    assert_true(str_eq(cel_dump(expr, *state), STR("[].all(x, has(x.y))")));
    assert_int_equal(expr->kind, CEL_EXPR_CALL);
}

static void mistakes_have_a_place(void **state)
{
    static const Case cases[] = {
        {"1 +", "3-3 the expression ends where an expression should be"},
        {"a.b(", "4-4 the expression ends where an expression should be"},
        {"f(1,)", "4-5 `)` where an expression should be"},
        {"a = b", "2-3 a comparison is written `==`"},
        {"a # b", "2-3 this character has no meaning"},
        {"'abc", "0-1 the string has no closing quotes"},
        {"'a\\q'", "2-4 there is no such escape"},
        {"'\\ud800'", "1-3 there is no such escape"},
        {"b'\\u0041'", "2-4 there is no such escape"},
        {"9223372036854775808", "0-19 the integer does not fit 64 bits"},
        {"99999999999999999999", "0-20 the integer does not fit 64 bits"},
        {"1e999", "0-5 the number is beyond what a double can hold"},
        {"a ? b", "5-5 the expression ends where `:` and the other value should be"},
        {"has(a)", "4-5 has() takes a field, as in has(a.b)"},
        {"l.all(1, x)", "6-7 `all` takes the name of a new variable here"},
        {"l.all(x, x, x)", "9-10 both variables have the name `x`"},
        {"isSet(1)", "6-7 isSet() takes a path, as in isSet(resource.a.b)"},
        {"if", "0-2 `if` is a reserved word"},
        {"a b", "2-3 `b` where an operator or the end should be"},
        {"a.`b", "2-4 a field in backticks has letters, digits, `_.-/` and blanks, and ends with a "
                 "backtick"},
        {"", "0-0 the expression ends where an expression should be"},
    };

    assert_mistakes(state, ALL(cases));
}

static void spans_count_from_the_offset_that_is_given(void **state)
{
    CelParseOptions options = {.source = 3, .offset = 100};
    DiagSink diags = diags_new(*state);
    CelExpr *expr = cel_parse(STR(" a == bc.d"), &options, *state, &diags);

    assert_non_null(expr);
    assert_int_equal(expr->span.source, 3);
    assert_int_equal(expr->span.start, 101);
    assert_int_equal(expr->args[1]->span.start, 106);
    assert_int_equal(expr->args[1]->span.end, 110);
}

/* `count` times `open`, "a", `count` times `close`. */
static Str nested(Arena *arena, const char *open, const char *close, uint32_t count)
{
    size_t size = (strlen(open) + strlen(close)) * count + 1;
    char *text = arena_alloc(arena, size, 1), *p = text;

    for (uint32_t i = 0; i < count; i++, p += strlen(open))
        memcpy(p, open, strlen(open));
    *p++ = 'a';
    for (uint32_t i = 0; i < count; i++, p += strlen(close))
        memcpy(p, close, strlen(close));
    return (Str){text, (uint32_t)size};
}

static void nesting_has_a_limit(void **state)
{
    static const struct {
        const char *open, *close;
    } forms[] = {{"(", ")"}, {"[", "]"}, {"!", ""},    {"f(", ")"},  {"-", ""},
                 {"", ".b"}, {"", "+a"}, {"a?b:", ""}, {"{1:", "}"}, {"", "[0]"}};

    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        DiagSink diags;

        assert_non_null(parse(*state, nested(*state, forms[i].open, forms[i].close, 100), &diags));
        assert_null(parse(*state, nested(*state, forms[i].open, forms[i].close, 20000), &diags));
        assert_int_equal(diags.count, 1);
    }
}

static void a_tree_at_the_limit_is_read_and_one_past_it_is_not(void **state)
{
    DiagSink diags;

    assert_non_null(parse(*state, nested(*state, "!", "", LIMIT_CEL_DEPTH - 1), &diags));
    assert_null(parse(*state, nested(*state, "!", "", LIMIT_CEL_DEPTH), &diags));
}

static void a_small_arena_gives_nothing_and_no_crash(void **state)
{
    Str text = STR("a.b(c)[?d].all(x, y, 'e\\n' + {?1: [1.5, -2u]}) ? has(f.g) : l.sortBy(e, e)");

    (void)state;
    for (size_t limit = 1;; limit += 64) {
        Arena *arena = arena_new(limit);
        DiagSink diags;
        bool done;

        assert_non_null(arena);
        done = parse(arena, text, &diags) != NULL;
        arena_free(arena);
        if (done)
            break;
        assert_true(limit < 1 << 20);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(literals_have_their_values, set_up, tear_down),
        cmocka_unit_test_setup_teardown(operators_bind_as_in_c, set_up, tear_down),
        cmocka_unit_test_setup_teardown(fields_calls_and_indices_chain, set_up, tear_down),
        cmocka_unit_test_setup_teardown(macros_are_nodes_of_their_own, set_up, tear_down),
        cmocka_unit_test_setup_teardown(macros_can_be_left_alone, set_up, tear_down),
        cmocka_unit_test_setup_teardown(mistakes_have_a_place, set_up, tear_down),
        cmocka_unit_test_setup_teardown(spans_count_from_the_offset_that_is_given, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(nesting_has_a_limit, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_tree_at_the_limit_is_read_and_one_past_it_is_not, set_up,
                                        tear_down),
        cmocka_unit_test(a_small_arena_gives_nothing_and_no_crash),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
