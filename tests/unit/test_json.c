/* The JSON reader. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/limits.h"
#include "reading.h"
#include "syntax/json.h"

typedef struct Case {
    const char *text;
    const char *dump;
} Case;

static void expect_reading(const char *text, bool spans, const char *dump)
{
    Reading r = reading_of(str_of(text), 1 << 20);
    Node node;

    assert_true(json_read(r.source, &r.symbols, r.arena, &r.diags, &node));
    assert_string_equal(str_copy_z(r.arena, node_dump(&node, spans, r.arena)), dump);
    arena_free(r.arena);
}

static void values_of_every_kind_are_read(void **state)
{
    static const Case cases[] = {
        {"null", "null"},
        {" true ", "true"},
        {"false", "false"},
        {"0", "0"},
        {"-1", "-1"},
        {"9223372036854775807", "9223372036854775807"},
        {"-9223372036854775808", "-9223372036854775808"},
        {"9223372036854775808", "9.223372036854776e+18"},
        {"1.5e3", "1500"},
        {"1E-2", "0.01"},
        {"\"\"", "\"\""},
        {"\"long enough for two steps of the search\"",
         "\"long enough for two steps of the search\""},
        {"\"a\\n\\u0041\\ud83d\\ude00\\ud800\"", "\"a\\u000aA\xf0\x9f\x98\x80\xef\xbf\xbd\""},
        {"[]", "[]"},
        {"{}", "{}"},
        {"[1,[2,{\"a\":[]}]]", "[1, [2, {\"a\": []}]]"},
        {"{\"a\": {\"b\": 1},\n\t\"c\": 2}\r\n", "{\"a\": {\"b\": 1}, \"c\": 2}"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        expect_reading(cases[i].text, false, cases[i].dump);
}

static void a_span_is_what_a_value_takes_up(void **state)
{
    (void)state;
    expect_reading(" {\"a\": [1, \"x\\\"\"]}", true,
                   "{\"a\"@2-5: [1@8-9, \"x\\\"\"@11-16]@7-17}@1-18");
}

static void the_last_of_two_equal_keys_counts(void **state)
{
    const char *text = "{\"a\": 1, \"b\": {\"a\": 2}, \"a\": 3}";
    Reading r = reading_of(str_of(text), 1 << 20);
    Node node;

    (void)state;
    assert_true(json_read(r.source, &r.symbols, r.arena, &r.diags, &node));
    assert_string_equal(reading_diags(&r), "in:1:25: warning[duplicate-key]: "
                                           "the key \"a\" stands twice; this value counts\n");
    arena_free(r.arena);
    expect_reading(text, false, "{\"a\": 3, \"b\": {\"a\": 2}}");
}

static void the_first_mistake_is_reported_at_its_place(void **state)
{
    static const Case cases[] = {
        {"", "in:1:1: error[json-syntax]: the text ends early: expected a value\n"},
        {"{\"a\": tru", "in:1:7: error[json-syntax]: expected a value\n"},
        {"[1,]", "in:1:4: error[json-syntax]: expected a value\n"},
        {"{\"a\" 1}", "in:1:6: error[json-syntax]: expected ':' after a key\n"},
        {"{a: 1}", "in:1:2: error[json-syntax]: expected a key in double quotes\n"},
        {"[1 2]", "in:1:4: error[json-syntax]: expected ',' or ']'\n"},
        {"{\"a\":1", "in:1:7: error[json-syntax]: the text ends early: expected ',' or '}'\n"},
        {"1 2", "in:1:3: error[json-syntax]: something stands after the value\n"},
        {"\"a", "in:1:3: error[json-syntax]: the text ends early: a string is not closed\n"},
        {"\"a\\", "in:1:4: error[json-syntax]: the text ends early: a string is not closed\n"},
        {"\"\\x\"", "in:1:3: error[json-syntax]: a string holds an unknown escape\n"},
        {"\"\\u12\"", "in:1:4: error[json-syntax]: \\u wants four hexadecimal digits\n"},
        {"\"a\tb\"", "in:1:3: error[json-syntax]: a string holds a control character\n"},
        {"01", "in:1:1: error[json-syntax]: a number begins with a zero\n"},
        {"-", "in:1:2: error[json-syntax]: the text ends early: a number has no digits\n"},
        {"1.x", "in:1:3: error[json-syntax]: a number lacks digits\n"},
        {"1e", "in:1:3: error[json-syntax]: the text ends early: a number lacks digits\n"},
        {"+1", "in:1:1: error[json-syntax]: expected a value\n"},
        {"NaN", "in:1:1: error[json-syntax]: expected a value\n"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Reading r = reading_of(str_of(cases[i].text), 1 << 20);
        Node node;
        assert_false(json_read(r.source, &r.symbols, r.arena, &r.diags, &node));
        assert_string_equal(reading_diags(&r), cases[i].dump);
        arena_free(r.arena);
    }
}

static bool read_brackets(uint32_t depth)
{
    char *text = malloc(2u * depth);
    Reading r;
    Node node;
    bool read;

    memset(text, '[', depth);
    memset(text + depth, ']', depth);
    r = reading_of((Str){text, 2u * depth}, 1 << 22);
    read = json_read(r.source, &r.symbols, r.arena, &r.diags, &node);
    if (!read)
        assert_int_equal(r.diags.first->code, DIAG_TOO_DEEP);
    arena_free(r.arena);
    free(text);
    return read;
}

static void nesting_ends_at_the_limit(void **state)
{
    (void)state;
    assert_true(read_brackets(LIMIT_DEPTH));
    assert_false(read_brackets(LIMIT_DEPTH + 1));
}

static void a_skipped_member_is_checked_and_can_be_read_later(void **state)
{
    static const Str skip[] = {STR_INIT("big")};
    Reading r = reading_of(STR("{\"big\": [1, {\"big\": 2}], \"small\": {\"big\": 3}}"), 1 << 20);
    Node node, part;
    const Node *big;

    (void)state;
    assert_true(json_read_partial(r.source, &r.symbols, r.arena, &r.diags, skip, 1, &node));
    assert_string_equal(str_copy_z(r.arena, node_dump(&node, false, r.arena)),
                        "{\"big\": null, \"small\": {\"big\": 3}}");
    big = node_get_named(&node, STR("big"));
    assert_true(json_read_part(r.source, node_span(big), &r.symbols, r.arena, &r.diags, &part));
    assert_string_equal(str_copy_z(r.arena, node_dump(&part, true, r.arena)),
                        "[1@9-10, {\"big\"@13-18: 2@20-21}@12-22]@8-23");
    arena_free(r.arena);

    r = reading_of(STR("{\"big\": [1, ]}"), 1 << 20);
    assert_false(json_read_partial(r.source, &r.symbols, r.arena, &r.diags, skip, 1, &node));
    assert_string_equal(reading_diags(&r), "in:1:13: error[json-syntax]: expected a value\n");
    arena_free(r.arena);
}

static void every_truncated_text_is_refused(void **state)
{
    static const char text[] = "{\"a\": [1.5e1, \"x\\u0041\", true, null], \"b\": {\"c\": -0}}";
    Node node;

    (void)state;
    for (uint32_t size = 0; size < sizeof text - 1; size++) {
        char *copy = malloc(size + 1u);
        Reading r = reading_of((Str){memcpy(copy, text, size), size}, 1 << 20);
        assert_false(json_read(r.source, &r.symbols, r.arena, &r.diags, &node));
        assert_int_equal(r.diags.errors, 1);
        arena_free(r.arena);
        free(copy);
    }
}

static void short_memory_is_an_error_at_every_size(void **state)
{
    Str text = STR("{\"a\": [1, \"\\n\", {\"b\": 2}], \"c\": [[], {}, \"\\u0041\"]}");
    bool read = false;

    (void)state;
    for (size_t limit = 256; !read; limit += 16) {
        Reading r = reading_of(text, limit);
        Node node;
        if (r.source)
            read = json_read(r.source, &r.symbols, r.arena, &r.diags, &node);
        arena_free(r.arena);
    }
}

static void keys_that_rules_mention_have_their_symbol(void **state)
{
    Reading r = reading_of(STR("{\"name\": 1, \"other\": {\"name\": 2}}"), 1 << 20);
    SymbolBuilder *builder = symbols_builder(r.arena, NULL);
    Symbol name = symbols_intern(builder, STR("name"));
    Node node;

    (void)state;
    assert_true(symbols_build(builder, &r.symbols.fixed));
    assert_true(json_read(r.source, &r.symbols, r.arena, &r.diags, &node));
    assert_int_equal(node_get(&node, name)->as.integer, 1);
    assert_int_equal(node_get(&node.as.entries[1].value, name)->as.integer, 2);
    assert_int_equal(node.as.entries[1].symbol, SYMBOL_NONE);
    arena_free(r.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_of_every_kind_are_read),
        cmocka_unit_test(a_span_is_what_a_value_takes_up),
        cmocka_unit_test(the_last_of_two_equal_keys_counts),
        cmocka_unit_test(the_first_mistake_is_reported_at_its_place),
        cmocka_unit_test(nesting_ends_at_the_limit),
        cmocka_unit_test(a_skipped_member_is_checked_and_can_be_read_later),
        cmocka_unit_test(every_truncated_text_is_refused),
        cmocka_unit_test(short_memory_is_an_error_at_every_size),
        cmocka_unit_test(keys_that_rules_mention_have_their_symbol),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
