/* The reader of plain YAML: what it takes, what it leaves to libyaml, and that nobody can tell. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/limits.h"
#include "reading.h"
#include "syntax/yaml_fast.h"
#include "yaml_both.h"

/* Each is a text whole. */
static const char *const plain[] = {
    "",
    "# nothing\n\n",
    "---\n",
    "---\n---\n# x\n---",
    "a",
    "a: b",
    "a: 1\nb: 'c'\n\"d\": \"e\"\n'f' : g h\n",
    "# head\n---\n# Source: x\na: b # c\n\n\n# d\nc:\n  # e\n  d: f\n    # g\n---\nh: i\n",
    "a:\nb: \nc: # d\ne:\n  f:\ng:",
    "a:\n- b\n- c: d\n  e: f\n-\n- - g\n  -   - h\n-\n  i: j\nk:\n  - l\n",
    "- a\n-\n  - b\n- c:\n  - d\n  e:\n    - f\n",
    "a: b c#d:e -f\nb: :8080\nc: --x\nd: -1\ne: http://x:80/?y=[z]{}&!*|>'\"%@`\n<<: f\n",
    "a: b\n  c\n\n\n  d\n   # e\nf: -g\n - h\n",
    "a: 'b\n  c  \n\n   d'\ne: \"f\\\n  g\\n\n  h\\\n\n  i \"\n",
    "a: 'it''s'\nb: \"\\\"\\\\\\x41\\u00e9\\U0001F600\\0\\t\\ \"\nc: ''\nd: \"\"\n",
    "a: |\n  b\n   c\n\n  d  \n\nb: |-\n  e\n\nc: |+\n  f\n\nd: |2\n   g\ne: |\nf: |1-\n  h\n",
    "a: >\n  b\n  c\n\n  d\n    e\n  f\n\n\n  g\nb: >-\n h\n i\n\nc: >+ # j\n k\n\n",
    "- |\n a\n- >2-\n    b\n-\n  |\n  c\n# d\n- |\n\n  e",
    "--- |\n a\n--- >-\n b\n---\n|\n c",
    "a: [b, 'c', \"d\", [], {}, {e: f, \"g\":h, 'i' : [j]}]\nb: [\n  c, # d\n  e,\n]\n",
    "{\n\"a\": 1,\n\"b\": [1, -2, true,\n3]\n}\n",
    "--- a\n--- {b: c}\n--- 'd'\n---\ne: f\n... # g\n\n",
    "a:\r\n  b: 'c'\r\n  d: e\r\n   f\r\n  g: |\r\n    h\r\n\r\n    i\r\n",
    "\xc3\xa9: \xe2\x82\xac # \xf0\x9f\x98\x80\nb: \"\xc3\xa9\\n\"\n",
};

/* Read up to `at` only. */
static const struct {
    const char *text;
    uint32_t at;
} left[] = {
    {"a: b\n---\nc: &d e\n---\nf: g\n", 5},
    {"a: *b\n", 0},
    {"a: !!str b\n", 0},
    {"? a\n: b\n", 0},
    {"%YAML 1.2\n---\na\n", 0},
    {"a: b\n...\n%YAML 1.2\n---\n", 0},
    {"a\n...\nb\n", 0},
    {"a\n...\n---\nb\n", 0},
    {"a\n---\n%b\n%TAG !m! !n\n---\nc\n", 2},
    {"a: b\na: c\n", 0},
    {"{a: b, a: c}", 0},
    {"a:\tb\n", 0},
    {"a:\n\tb\n", 0},
    {"a: 'b'#c\n", 0},
    {"a: []#c\n", 0},
    {"a: |#c\n  d\n", 0},
    {"a: b: c\n", 0},
    {"a: b\n  c: d\n", 0},
    {"a:\n  b: c\n d: e\n", 0},
    {"- a\nb: c\n", 0},
    {"a: - b\n", 0},
    {"--- a: b\n", 0},
    {"'a\n b': c\n", 0},
    {"[a: b]", 0},
    {"{a, b: c}", 0},
    {"{a: , b: c}", 0},
    {"[a\n b]", 0},
    {"[a", 0},
    {"'a", 0},
    {"\"\\q\"", 0},
    {"\"\\ud800\"", 0},
    {"a: 'b\n---\nc'\n", 0},
    {"[a,\n---\n]", 0},
    {"a: @b\n", 0},
    {"a: b\rc: d\n", 0},
    {"a: \xc2\x85\n", 0},
    {"a: \xe2\x80\xa8\n", 0},
    {"a: \xef\xbb\xbf\n", 0},
    {"a: \x7f\n", 0},
    {"a: \xff\n", 0},
    {"a: \xc0\x80\n", 0},
    {"a: \xed\xa0\x80\n", 0},
    {"a: \xe2\x82", 0},
};

static bool read_fast(Reading *r, uint32_t *count, uint32_t *at)
{
    Stack documents = {0};
    bool all = yaml_fast_read(r->source, &r->symbols, r->arena, &documents, at);

    *count = documents.count;
    free(documents.items);
    return all;
}

static void plain_texts_need_no_libyaml(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof plain / sizeof *plain; i++) {
        Reading r = reading_of(str_of(plain[i]), 1 << 20);
        uint32_t count, at;
        if (!read_fast(&r, &count, &at))
            fail_msg("left at %u: %s", at, plain[i]);
        expect_both_same(str_of(plain[i]));
        arena_free(r.arena);
    }
}

static void what_is_not_plain_is_left_to_libyaml(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof left / sizeof *left; i++) {
        Reading r = reading_of(str_of(left[i].text), 1 << 20);
        uint32_t count, at;
        if (read_fast(&r, &count, &at) || at != left[i].at)
            fail_msg("read to %u: %s", at, left[i].text);
        assert_int_equal(r.diags.count, 0);
        expect_both_same(str_of(left[i].text));
        arena_free(r.arena);
    }
}

static void every_truncated_text_reads_the_same_both_ways(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof plain / sizeof *plain; i++) {
        for (uint32_t size = 0; plain[i][size]; size++) {
            char *copy = malloc(size + 1u);
            expect_both_same((Str){memcpy(copy, plain[i], size), size});
            free(copy);
        }
    }
}

/* `depth` lists in brackets, or in each other's lines. */
static void expect_depth(uint32_t depth, bool brackets, bool taken)
{
    char text[2 * (LIMIT_DEPTH + 1) + 1];
    uint32_t count, at;
    Reading r;

    for (uint32_t i = 0; i < depth; i++)
        memcpy(text + (brackets ? i : 2 * i), brackets ? "[" : "- ", brackets ? 1 : 2);
    if (brackets)
        memset(text + depth, ']', depth);
    r = reading_of((Str){text, 2 * depth}, 1 << 20);
    assert_int_equal(read_fast(&r, &count, &at), taken);
    arena_free(r.arena);
}

static void nesting_is_taken_up_to_the_limit(void **state)
{
    (void)state;
    expect_depth(LIMIT_DEPTH, true, true);
    expect_depth(LIMIT_DEPTH + 1, true, false);
    expect_depth(LIMIT_DEPTH, false, true);
    expect_depth(LIMIT_DEPTH + 1, false, false);
}

/* 1024 characters from the start of a key to its colon, as libyaml counts. */
static void a_long_key_is_left(void **state)
{
    char text[1100];

    (void)state;
    memset(text, 'k', sizeof text);
    for (uint32_t size = 1000; size < 1050; size++) {
        memcpy(text + size, ": v", 3);
        expect_both_same((Str){text, size + 3});
        text[size] = text[size + 1] = text[size + 2] = 'k';
    }
}

static void short_memory_never_crashes(void **state)
{
    Str text = STR("a: [1, \"\\n\", {b: 2}]\nc:\n- d\n- |\n  e\n  f\n---\ng: h\n i\n");
    bool read = false;

    (void)state;
    for (size_t limit = 256; !read; limit += 16) {
        Reading r = reading_of(text, limit);
        uint32_t count, at;
        read = r.source && read_fast(&r, &count, &at);
        arena_free(r.arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plain_texts_need_no_libyaml),
        cmocka_unit_test(what_is_not_plain_is_left_to_libyaml),
        cmocka_unit_test(every_truncated_text_reads_the_same_both_ways),
        cmocka_unit_test(nesting_is_taken_up_to_the_limit),
        cmocka_unit_test(a_long_key_is_left),
        cmocka_unit_test(short_memory_never_crashes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
