/* The YAML reader and the types that a schema gives. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/limits.h"
#include "ir/yaml_schema.h"
#include "reading.h"
#include "syntax/yaml.h"
#include "yaml_both.h"

typedef struct Case {
    const char *text;
    const char *expected;
} Case;

static bool read_documents(Reading *r, YamlDocument **documents, uint32_t *count)
{
    expect_both_same(r->source->text);
    return yaml_read(r->source, &r->symbols, r->arena, &r->diags, documents, count);
}

/* Documents as text, one a line. */
static const char *dump_documents(Reading *r, const YamlDocument *documents, uint32_t count,
                                  bool spans)
{
    Buf buf = buf_new(r->arena);

    for (uint32_t i = 0; i < count; i++) {
        if (i)
            buf_add_char(&buf, '\n');
        buf_add(&buf, node_dump(&documents[i].root, spans, r->arena));
    }
    return str_copy_z(r->arena, buf_str(&buf));
}

static void expect_reading(const Case *cases, size_t count, bool spans)
{
    for (size_t i = 0; i < count; i++) {
        Reading r = reading_of(str_of(cases[i].text), 1 << 20);
        YamlDocument *documents;
        uint32_t document_count;
        assert_true(read_documents(&r, &documents, &document_count));
        assert_string_equal(dump_documents(&r, documents, document_count, spans),
                            cases[i].expected);
        arena_free(r.arena);
    }
}

static void scalars_stay_untyped(void **state)
{
    static const Case cases[] = {
        {"a: 1", "{\"a\": !plain \"1\"}"},
        {"- 'it''s'\n- \"a\\tb\"\n-", "[!quoted \"it's\", !quoted \"a\\u0009b\", !plain \"\"]"},
        {"a: |\n  x\n  y\nb: >-\n  x\n  y\n", "{\"a\": !quoted \"x\\u000ay\\u000a\", \"b\": "
                                              "!quoted \"x y\"}"},
        {"<<: {a: 1}", "{\"<<\": {\"a\": !plain \"1\"}}"},
        {"? [a, b]\n: c", "{\"[a, b]\": !plain \"c\"}"},
        {"? \n: c", "{\"\": !plain \"c\"}"},
        {"", ""},
        {"# nothing\n", ""},
        {"---\n---\na\n...\nb\n", "!plain \"\"\n!plain \"a\"\n!plain \"b\""},
        {"%FOO bar\n--- a", "!plain \"a\""},
    };

    (void)state;
    expect_reading(cases, sizeof cases / sizeof *cases, false);
}

static void a_span_is_what_a_node_takes_up(void **state)
{
    static const Case cases[] = {
        {"a: b c # d", "{\"a\"@0-1: !plain \"b c\"@3-6}@0-6"},
        {"a: 'b' \n", "{\"a\"@0-1: !quoted \"b\"@3-6}@0-6"},
        {"a: [b, {c: d}]\n", "{\"a\"@0-1: [!plain \"b\"@4-5, {\"c\"@8-9: !plain \"d\"@11-12}"
                             "@7-13]@3-14}@0-14"},
        {"a:\n- b\n- c\n\n# x\nd: e\n",
         "{\"a\"@0-1: [!plain \"b\"@5-6, !plain \"c\"@9-10]@3-10, \"d\"@16-17: "
         "!plain \"e\"@19-20}@0-20"},
        {"a: |\n  x\n\n\nb: 1", "{\"a\"@0-1: !quoted \"x\\u000a\"@3-8, \"b\"@11-12: "
                                "!plain \"1\"@14-15}@0-15"},
        {"a:\r\n  b: 'c'\r\n  d: e f\r\n",
         "{\"a\"@0-1: {\"b\"@6-7: !quoted \"c\"@9-12, \"d\"@16-17: !plain \"e f\"@19-22}@6-22}"
         "@0-22"},
        {"\xc3\xa9: \xe2\x82\xac\nb: \"\xf0\x9f\x98\x80\"\n",
         "{\"\xc3\xa9\"@0-2: !plain \"\xe2\x82\xac\"@4-7, \"b\"@8-9: "
         "!quoted \"\xf0\x9f\x98\x80\"@11-17}@0-17"},
        {"a: &x b\nc: *x", "{\"a\"@0-1: !plain \"b\"@3-7, \"c\"@8-9: !plain \"b\"@3-7}@0-13"},
        {"[a: b, c]", "[{\"a\"@1-2: !plain \"b\"@4-5}@1-5, !plain \"c\"@7-8]@0-9"},
    };

    (void)state;
    expect_reading(cases, sizeof cases / sizeof *cases, true);
}

static void text_is_a_view_where_the_source_has_it(void **state)
{
    Str text = STR("a: plain\nb: 'quoted'\nc: \"q\"\nd: &x !!str e\n");
    Reading r = reading_of(text, 1 << 20);
    YamlDocument *documents;
    uint32_t count;

    (void)state;
    assert_true(read_documents(&r, &documents, &count));
    for (uint32_t i = 0; i < 4; i++) {
        const Entry *entry = &documents[0].root.as.entries[i];
        assert_true(entry->key >= text.data && entry->key < text.data + text.size);
        assert_true(entry->value.as.text > text.data &&
                    entry->value.as.text < text.data + text.size);
    }
    arena_free(r.arena);
}

static void a_broken_document_costs_only_itself(void **state)
{
    static const struct {
        const char *text;
        const char *documents;
        const char *diags;
    } cases[] = {
        {"a: 1\n---\nb: [1\n---\nc: 2\n", "{\"a\": !plain \"1\"}\n{\"c\": !plain \"2\"}",
         "in:4:1: error[yaml-syntax]: while parsing a flow sequence: "
         "did not find expected ',' or ']'\n"},
        {"a: \"x\n", "",
         "in:2:1: error[yaml-syntax]: while scanning a quoted scalar: "
         "found unexpected end of stream\n"},
        {"]\n---\n}\n---\na\n", "!plain \"a\"",
         "in:1:1: error[yaml-syntax]: while parsing a block node: "
         "did not find expected node content\n"
         "in:3:1: error[yaml-syntax]: while parsing a block node: "
         "did not find expected node content\n"},
        {"a: *x\n---\nb: 1", "{\"b\": !plain \"1\"}",
         "in:1:4: error[yaml-alias]: no anchor before this alias has its name\n"},
        {"&x a: 1\n---\n*x", "{\"a\": !plain \"1\"}",
         "in:3:1: error[yaml-alias]: no anchor before this alias has its name\n"},
        {"&x [*x]", "", "in:1:5: error[yaml-alias]: the alias stands inside of what it names\n"},
        {"\xc3\xa9: 1\n\xc3\xa9: \x01", "",
         "in:2:4: error[yaml-syntax]: control characters are not allowed\n"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Reading r = reading_of(str_of(cases[i].text), 1 << 20);
        YamlDocument *documents;
        uint32_t count;
        assert_false(read_documents(&r, &documents, &count));
        assert_string_equal(dump_documents(&r, documents, count, false), cases[i].documents);
        assert_string_equal(reading_diags(&r), cases[i].diags);
        arena_free(r.arena);
    }
}

static void the_last_of_two_equal_keys_counts(void **state)
{
    Reading r = reading_of(STR("a: 1\n<<: {}\nb: {a: 2}\n<<: {}\na: 3\n"), 1 << 20);
    YamlDocument *documents;
    uint32_t count;

    (void)state;
    assert_true(read_documents(&r, &documents, &count));
    assert_string_equal(dump_documents(&r, documents, count, false),
                        "{\"a\": !plain \"3\", \"<<\": {}, \"b\": {\"a\": !plain \"2\"}, "
                        "\"<<\": {}}");
    assert_string_equal(reading_diags(&r), "in:5:1: warning[duplicate-key]: "
                                           "the key \"a\" stands twice; this value counts\n");
    arena_free(r.arena);
}

static void documents_know_where_they_begin_and_what_they_are_from(void **state)
{
    Str text = STR("# Source: a/b.yaml\na: 1\n---\n# Source: c.yaml\r\n# x\nb: 1\n--- c\n");
    static const char *const comments[] = {"a/b.yaml", "c.yaml", ""};
    static const uint32_t starts[] = {0, 24, 55, 61};
    Reading r = reading_of(text, 1 << 20);
    YamlDocument *documents;
    uint32_t count;

    (void)state;
    assert_true(read_documents(&r, &documents, &count));
    assert_int_equal(count, 3);
    for (uint32_t i = 0; i < count; i++) {
        Str comment = yaml_head_comment(r.source, &documents[i], STR("# Source: "));
        assert_true(str_eq(comment, str_of(comments[i])));
        assert_int_equal(documents[i].span.start, starts[i]);
        assert_int_equal(documents[i].span.end, starts[i + 1]);
    }
    arena_free(r.arena);
}

static bool read_brackets(uint32_t depth)
{
    Str text = {calloc(1, 2u * depth), 2u * depth};
    YamlDocument *documents;
    uint32_t count;
    Reading r;
    bool read;

    memset((char *)(uintptr_t)text.data, '[', depth);
    memset((char *)(uintptr_t)text.data + depth, ']', depth);
    r = reading_of(text, 1 << 22);
    read = read_documents(&r, &documents, &count);
    if (!read)
        assert_int_equal(r.diags.first->code, DIAG_TOO_DEEP);
    arena_free(r.arena);
    free((char *)(uintptr_t)text.data);
    return read;
}

static void nesting_ends_at_the_limit(void **state)
{
    (void)state;
    assert_true(read_brackets(LIMIT_DEPTH));
    assert_false(read_brackets(LIMIT_DEPTH + 1));
}

/* Lists that hold the one before ten times. */
static void aliases_expand_only_so_far(void **state)
{
    Arena *arena = arena_new(1 << 20);
    Buf text = buf_new(arena);
    YamlDocument *documents;
    uint32_t count;
    Reading r;

    (void)state;
    buf_add_z(&text, "a0: &a0 x\n");
    for (int i = 1; i < 12; i++) {
        buf_printf(&text, "a%d: &a%d [", i, i);
        for (int j = 0; j < 10; j++)
            buf_printf(&text, "*a%d, ", i - 1);
        buf_add_z(&text, "]\n");
    }
    r = reading_of(buf_str(&text), 1 << 20);
    assert_false(read_documents(&r, &documents, &count));
    assert_int_equal(r.diags.errors, 1);
    assert_int_equal(r.diags.first->code, DIAG_YAML_ALIAS);
    arena_free(r.arena);
    arena_free(arena);
}

/* Each list holds the one before, so that the last is as deep as there are lines. */
static void aliases_nest_only_so_deep(void **state)
{
    Arena *arena = arena_new(1 << 20);
    Buf text = buf_new(arena);
    YamlDocument *documents;
    uint32_t count;
    Reading r;

    (void)state;
    buf_add_z(&text, "- &a0 x\n");
    for (unsigned i = 1; i < 600; i++)
        buf_printf(&text, "- &a%u [*a%u]\n", i, i - 1);
    r = reading_of(buf_str(&text), 1 << 20);
    assert_false(read_documents(&r, &documents, &count));
    assert_int_equal(r.diags.first->code, DIAG_TOO_DEEP);
    arena_free(r.arena);
    arena_free(arena);
}

static const char *typed(Reading *r, YamlSchema schema)
{
    YamlDocument *documents;
    uint32_t count;

    assert_true(read_documents(r, &documents, &count));
    for (uint32_t i = 0; i < count; i++)
        assert_true(yaml_schema_apply(schema, &documents[i].root, r->arena, &r->diags));
    return dump_documents(r, documents, count, false);
}

static void expect_types(YamlSchema schema, const Case *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        Reading r = reading_of(str_of(cases[i].text), 1 << 20);
        assert_string_equal(typed(&r, schema), cases[i].expected);
        arena_free(r.arena);
    }
}

static void kubernetes_reads_scalars_as_go_does(void **state)
{
    static const Case cases[] = {
        {"[yes, No, ON, off, true, FALSE, y, N]",
         "[true, false, true, false, true, false, true, false]"},
        {"[yEs, tRue, 'yes', \"on\", truex]", "[\"yEs\", \"tRue\", \"yes\", \"on\", \"truex\"]"},
        {"[~, null, Null, NULL, '', nulL]", "[null, null, null, null, \"\", \"nulL\"]"},
        {"[0, -0, 12, +12, -12]", "[0, 0, 12, 12, -12]"},
        {"[010, 0o10, 08, 0x1F, -0x1f, 0b101, -0b1, 1_000]", "[8, 8, 8, 31, -31, 5, -1, 1000]"},
        {"[0x, 0b2, 1a, 1-2, --1, 1:30]", "[\"0x\", \"0b2\", \"1a\", \"1-2\", \"--1\", \"1:30\"]"},
        {"[9223372036854775807, -9223372036854775808, 18446744073709551615]",
         "[9223372036854775807, -9223372036854775808, 1.8446744073709552e+19]"},
        {"[1.5, .5, 1., 1e3, -1.5E-2, ., 1e, 1e999]",
         "[1.5, 0.5, 1, 1000, -0.015, \".\", \"1e\", \"1e999\"]"},
        {"[.inf, -.INF, +.Inf, .iNf]", "[inf, -inf, inf, \".iNf\"]"},
        {"[2001-12-14, 2001-12-14T21:59:43Z]", "[\"2001-12-14\", \"2001-12-14T21:59:43Z\"]"},
        {"[!!str 1, ! 1, !!int '7', !!float 1, !!int x, !!null '', !x 1, !!bool yes]",
         "[\"1\", \"1\", 7, 1, \"x\", null, \"1\", true]"},
    };

    (void)state;
    expect_types(YAML_SCHEMA_KUBERNETES, cases, sizeof cases / sizeof *cases);
}

static void the_core_schema_knows_fewer_words(void **state)
{
    static const Case cases[] = {
        {"[yes, on, n, true, False]", "[\"yes\", \"on\", \"n\", true, false]"},
        {"[010, 0o10, 0x1F, 0b1, 1_000, -0x1]", "[10, 8, 31, \"0b1\", \"1_000\", \"-0x1\"]"},
        {"<<: {a: 1}", "{\"<<\": {\"a\": 1}}"},
    };

    (void)state;
    expect_types(YAML_SCHEMA_CORE, cases, sizeof cases / sizeof *cases);
}

static void merges_give_what_the_map_itself_lacks(void **state)
{
    static const Case cases[] = {
        {"- &a {x: 1, y: 2}\n- {x: 3, <<: *a}\n", "[{\"x\": 1, \"y\": 2}, {\"x\": 3, \"y\": 2}]"},
        {"- &a {x: 1}\n- &b {x: 2, y: 3}\n- {<<: [*a, *b], z: 4}\n",
         "[{\"x\": 1}, {\"x\": 2, \"y\": 3}, {\"x\": 1, \"y\": 3, \"z\": 4}]"},
        {"- &a {x: 1}\n- &b {<<: *a, y: 2}\n- {<<: *b}\n- {k: *b}\n",
         "[{\"x\": 1}, {\"x\": 1, \"y\": 2}, {\"x\": 1, \"y\": 2}, "
         "{\"k\": {\"x\": 1, \"y\": 2}}]"},
        {"- &a {x: 1}\n- &b {x: 2, y: 3}\n- {<<: *a, <<: *b}\n",
         "[{\"x\": 1}, {\"x\": 2, \"y\": 3}, {\"x\": 1, \"y\": 3}]"},
        {"'<<': {a: 1}", "{\"<<\": {\"a\": 1}}"},
        {"<<: {}", "{}"},
        {"<<: 1\na: 2", "{\"a\": 2}"},
    };

    (void)state;
    expect_types(YAML_SCHEMA_KUBERNETES, cases, sizeof cases / sizeof *cases);
}

static void every_truncated_text_leaves_spans_within_it(void **state)
{
    static const char text[] =
        "a: &x [1, 'b', \"c\\n\"]\n\xc3\xa9: |\n  d\n? {e: f}\n: *x\n--- >\n x";

    (void)state;
    for (uint32_t size = 0; size < sizeof text; size++) {
        char *copy = malloc(size + 1u);
        Reading r = reading_of((Str){memcpy(copy, text, size), size}, 1 << 20);
        YamlDocument *documents;
        uint32_t count;
        read_documents(&r, &documents, &count);
        for (uint32_t i = 0; i < count; i++)
            assert_true(documents[i].root.end <= size);
        arena_free(r.arena);
        free(copy);
    }
}

static void short_memory_is_an_error_at_every_size(void **state)
{
    Str text = STR("a: &x [1, \"\\n\", {b: 2}]\nc: *x\nd: {<<: {e: f}}\n---\n|\n g\n h\n");
    bool read = false;

    (void)state;
    for (size_t limit = 256; !read; limit += 16) {
        Reading r = reading_of(text, limit);
        YamlDocument *documents;
        uint32_t count;
        if (r.source && read_documents(&r, &documents, &count))
            read = yaml_schema_apply(YAML_SCHEMA_KUBERNETES, &documents[0].root, r.arena, &r.diags);
        arena_free(r.arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(scalars_stay_untyped),
        cmocka_unit_test(a_span_is_what_a_node_takes_up),
        cmocka_unit_test(text_is_a_view_where_the_source_has_it),
        cmocka_unit_test(a_broken_document_costs_only_itself),
        cmocka_unit_test(the_last_of_two_equal_keys_counts),
        cmocka_unit_test(documents_know_where_they_begin_and_what_they_are_from),
        cmocka_unit_test(nesting_ends_at_the_limit),
        cmocka_unit_test(aliases_expand_only_so_far),
        cmocka_unit_test(aliases_nest_only_so_deep),
        cmocka_unit_test(kubernetes_reads_scalars_as_go_does),
        cmocka_unit_test(the_core_schema_knows_fewer_words),
        cmocka_unit_test(merges_give_what_the_map_itself_lacks),
        cmocka_unit_test(every_truncated_text_leaves_spans_within_it),
        cmocka_unit_test(short_memory_is_an_error_at_every_size),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
