/* Values: equality, order, text. */
#include "cel_eval.h"

#include <math.h>

#include "cel/number.h"
#include "cel/time.h"

typedef struct Case {
    const char *text;
    const char *expected;
} Case;

static void values_print_as_people_read_them(void **state)
{
    static const Case cases[] = {
        {"1", "1"},
        {"-1.5", "-1.5"},
        {"1u", "1"},
        {"true", "true"},
        {"null", "null"},
        {"'a\"b'", "a\"b"},
        {"['a\"b', 1, null]", "[\"a\\\"b\", 1, null]"},
        {"{'k': [1.5], 2: true}", "{\"k\": [1.5], 2: true}"},
        {"optional.of('x')", "optional.of(\"x\")"},
        {"optional.none()", "optional.none()"},
        {"type(1)", "int"},
        {"type(type(1))", "type"},
        {"type(ip('::'))", "net.IP"},
        {"ip('::1')", "::1"},
        {"cidr('10.0.0.0/8')", "10.0.0.0/8"},
        {"duration('90m')", "5400s"},
        {"timestamp(0)", "1970-01-01T00:00:00Z"},
        {"double('nan')", "NaN"},
        {"-1.0 / 0.0", "-Infinity"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Bench *bench = bench_new();

        bench_expect(bench, cases[i].text, cases[i].expected);
        bench_free(bench);
    }
}

static void equality_is_that_of_the_specification(void **state)
{
    static const Case cases[] = {
        {"dyn(1) == 1.0", "true"},
        {"dyn(1u) == 1", "true"},
        {"dyn(1) == '1'", "false"},
        {"dyn(1) == true", "false"},
        {"dyn(null) == false", "false"},
        {"double('nan') == double('nan')", "false"},
        {"double('nan') != double('nan')", "true"},
        {"0.0 == -0.0", "true"},
        {"[1, 2] == [1.0, 2u]", "true"},
        {"dyn({1: 'a'}) == {1u: 'a'}", "true"},
        {"{'a': 1, 'b': 2} == {'b': 2, 'a': 1}", "true"},
        {"{'a': 1} == {'a': 1, 'b': 2}", "false"},
        {"optional.of(1) == optional.of(dyn(1.0))", "true"},
        {"b'a' == b'a'", "true"},
        {"dyn(b'a') == 'a'", "false"},
        {"type(1) == int", "true"},
        {"type(ip('::')) == net.CIDR", "false"},
        {"cidr('10.0.0.1/8') == cidr('10.0.0.0/8')", "false"},
        {"{1: 'a'}[dyn(1.0)]", "a"},
        {"dyn(1.0) in {1: 'a'}", "true"},
        {"dyn(-1) < 1u", "true"},
        {"dyn(18446744073709551615u) > 9223372036854775807", "true"},
        {"'Z' < 'a'", "true"},
        {"'a' < 'aa'", "true"},
        {"false < true", "true"},
        {"double('nan') < 1.0", "false"},
        {"double('nan') >= 1.0", "false"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Bench *bench = bench_new();

        bench_expect(bench, cases[i].text, cases[i].expected);
        bench_free(bench);
    }
}

static void numbers_print_as_short_as_they_can(void **state)
{
    static const struct {
        double value;
        const char *text;
        const char *fixed;
    } cases[] = {
        {0.1, "0.1", "0.1"},
        {100, "100", "100"},
        {1e20, "100000000000000000000", "100000000000000000000"},
        {1e21, "1e+21", "1000000000000000000000"},
        {1.5e-5, "1.5e-05", "0.000015"},
        {123456789.125, "123456789.125", "123456789.125"},
        {-0.25, "-0.25", "-0.25"},
        {5e-324, "5e-324", NULL},
        {NAN, "NaN", "NaN"},
        {INFINITY, "Infinity", "Infinity"},
    };
    char text[NUMBER_TEXT_SIZE];

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        number_print_double(cases[i].value, false, text);
        assert_string_equal(text, cases[i].text);
        number_print_double(cases[i].value, true, text);
        if (cases[i].fixed)
            assert_string_equal(text, cases[i].fixed);
    }
}

static void days_and_dates_agree(void **state)
{
    (void)state;
    for (int64_t day = -719162; day < 2932896; day += 37) { /* the years 1 to 9999 */
        CelDate date = cel_date(day * 86400 + 86399);

        assert_true(cel_days(date.year, date.month, date.day) == day);
        assert_int_equal(date.hour * 3600 + date.minute * 60 + date.second, 86399);
    }
}

static void an_input_node_is_not_copied(void **state)
{
    Node node = node_make_string(SPAN_NONE, STR("text"));
    CelValue value = cel_from_node(&node);

    (void)state;
    assert_int_equal(sizeof(CelValue), 24);
    assert_ptr_equal(value.as.text, node.as.text);
    assert_ptr_equal(value.origin, &node);
    assert_true(cel_is_input_null(cel_from_node(NULL)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_print_as_people_read_them),
        cmocka_unit_test(equality_is_that_of_the_specification),
        cmocka_unit_test(numbers_print_as_short_as_they_can),
        cmocka_unit_test(days_and_dates_agree),
        cmocka_unit_test(an_input_node_is_not_copied),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
