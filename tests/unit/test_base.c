/* tests/unit/test_base.c - base/str.c, symbols.c, source.c, diag.c, sha256.c, workers.c */
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/diag.h"
#include "base/limits.h"
#include "base/sha256.h"
#include "base/symbols.h"
#include "base/workers.h"

static void globs_match_whole_texts(void **state)
{
    static const struct {
        const char *pattern, *text;
        bool match;
    } cases[] = {
        {"", "", true},
        {"*", "", true},
        {"a*", "abc", true},
        {"a*c", "abcbc", true},
        {"a*d", "abc", false},
        {"?", "", false},
        {"a?c", "abc", true},
        {"**a**", "bab", true},
        {"aws-*-x", "aws-s3-x", true},
        {"aws-*", "gcp-", false},
        {"a*b*c", "aXbYbZc", true},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(str_glob(str_of(cases[i].pattern), str_of(cases[i].text)), cases[i].match);
}

static void a_split_gives_every_part(void **state)
{
    Str rest = STR("a,,b"), part;

    (void)state;
    assert_true(str_split(&rest, ',', &part) && str_eq(part, STR("a")));
    assert_true(str_split(&rest, ',', &part) && part.size == 0);
    assert_true(str_split(&rest, ',', &part) && str_eq(part, STR("b")));
    assert_false(str_split(&rest, ',', &part));
}

static void a_number_is_nothing_but_digits(void **state)
{
    static const char *const others[] = {"", "-1", "+1", "1 ", "0x1", "1.0", "1234567890"};
    uint32_t number;

    (void)state;
    assert_true(str_to_number(STR("0"), &number));
    assert_int_equal(number, 0);
    assert_true(str_to_number(STR("007"), &number));
    assert_int_equal(number, 7);
    assert_true(str_to_number(STR("999999999"), &number));
    assert_int_equal(number, 999999999);
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        assert_false(str_to_number(str_of(others[i]), &number));
}

static void a_part_is_found_where_it_stands_first(void **state)
{
    static const struct {
        const char *text, *part;
        int64_t at;
    } cases[] = {
        {"", "", 0},
        {"", "a", -1},
        {"abc", "abc", 0},
        {"abc", "c", 2},
        {"abc", "abcd", -1},
        {"aXbX", "bX", 2},
        {"X", "aX", -1},
        {"Xa", "aX", -1},
        {"strict", "ict", 3},
        {"a_b=a_c", "a_c", 4},
        {"aaab", "aab", 1},
        {"see", "ee", 1},
        {"x://y", "://", 1},
        {"pip install", "pi", 0},
        {"ab\xff\x80", "\x80", 3},
        {"0123456789012345678901234567890123456789", "8901234567890123456789012345678901234", -1},
        {"-0123456789012345678901234567890123456789", "0123456789012345678901234567890123", 1},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (str_find(str_of(cases[i].text), str_of(cases[i].part)) != cases[i].at)
            fail_msg("%s in %s", cases[i].part, cases[i].text);
}

static void the_nearest_word_is_suggested(void **state)
{
    static const Str words[] = {STR_INIT("severity"), STR_INIT("category"), STR_INIT("check")};

    (void)state;
    assert_true(str_eq(str_nearest(STR("severty"), words, 3), STR("severity")));
    assert_true(str_eq(str_nearest(STR("chekc"), words, 3), STR("check")));
    assert_int_equal(str_nearest(STR("zzzzzzzz"), words, 3).size, 0);
    assert_int_equal(str_distance(STR("ab"), STR("ba")), 1);
}

static void added_symbols_go_on_after_the_fixed_ones(void **state)
{
    Arena *arena = arena_new(1 << 22);
    SymbolBuilder *first = symbols_builder(arena, NULL);
    Symbols symbols = {0};
    SymbolBuilder *second;

    (void)state;
    for (int i = 0; i < 1000; i++)
        assert_int_equal(symbols_intern(first, str_format(arena, "name%d", i)), i + 1);
    assert_int_equal(symbols_intern(first, STR("name7")), 8);
    assert_true(symbols_build(first, &symbols.fixed));
    second = symbols_builder(arena, &symbols);
    assert_int_equal(symbols_intern(second, STR("name9")), 10);
    assert_int_equal(symbols_intern(second, STR("other")), 1001);
    assert_true(symbols_build(second, &symbols.added));
    assert_int_equal(symbols_find(&symbols, STR("other")), 1001);
    assert_int_equal(symbols_find(&symbols, STR("name999")), 1000);
    assert_int_equal(symbols_find(&symbols, STR("none")), SYMBOL_NONE);
    assert_true(str_eq(symbols_name(&symbols, 1001), STR("other")));
    assert_true(str_eq(symbols_name(&symbols, 1), STR("name0")));
    assert_int_equal(symbols_name(&symbols, 5000).size, 0);
    arena_free(arena);
}

static void positions_count_code_points_from_one(void **state)
{
    Arena *arena = arena_new(1 << 20);
    Sources sources = sources_new(arena);
    Source *source = sources_add(&sources, STR("f"), STR("a\n\xc3\xa4\xe2\x82\xac b\r\nlast"));
    Position at = source_position(&sources, source, 8);

    (void)state;
    assert_int_equal(at.line, 2);
    assert_int_equal(at.column, 4);
    at = source_position(&sources, source, 1000);
    assert_int_equal(at.line, 3);
    assert_int_equal(at.column, 5);
    assert_true(str_eq(source_line(&sources, source, 2), STR("\xc3\xa4\xe2\x82\xac b")));
    assert_true(str_eq(source_line(&sources, source, 3), STR("last")));
    assert_int_equal(source_line(&sources, source, 4).size, 0);
    arena_free(arena);
}

static void decoded_text_leads_back_to_the_file(void **state)
{
    Arena *arena = arena_new(1 << 20);
    Sources sources = sources_new(arena);
    Source *file = sources_add(&sources, STR("f"), STR("x: \"ab\\ncd\""));
    /* `ab`, a newline written as two bytes, `cd` */
    const OffsetStep steps[] = {{0, 4}, {3, 8}};
    Source *decoded =
        sources_add_decoded(&sources, (Span){file->number, 3, 11}, STR("ab\ncd"), steps, 2);
    Span at = sources_origin(&sources, (Span){decoded->number, 3, 5});

    (void)state;
    assert_int_equal(at.source, file->number);
    assert_int_equal(at.start, 8);
    assert_int_equal(at.end, 10);
    decoded = sources_add_decoded(&sources, (Span){decoded->number, 3, 5}, STR("zz"), NULL, 0);
    at = sources_origin(&sources, (Span){decoded->number, 1, 2});
    assert_int_equal(at.start, 8);
    assert_int_equal(at.end, 10);
    arena_free(arena);
}

static void diagnostics_are_dumped_with_their_place(void **state)
{
    Arena *arena = arena_new(1 << 20);
    Sources sources = sources_new(arena);
    Source *source = sources_add(&sources, STR("f.yaml"), STR("a\nbc"));
    DiagSink diags = diags_new(arena);
    Diag *diag =
        diag_error(&diags, DIAG_YAML_SYNTAX, (Span){source->number, 3, 4}, "no %s here", "c");

    (void)state;
    diag_help(&diags, diag, "use d");
    diag_path_error(&diags, DIAG_FILE_UNREADABLE, STR("g"), "Permission denied");
    assert_int_equal(diags.errors, 2);
    assert_string_equal(str_copy_z(arena, diags_dump(&diags, &sources, arena)),
                        "f.yaml:2:2: error[yaml-syntax]: no c here (use d)\n"
                        "g: error[file-unreadable]: Permission denied\n");
    arena_free(arena);
}

static void a_message_does_not_quote_a_book(void **state)
{
    Arena *arena = arena_new(1 << 20);
    DiagSink diags = diags_new(arena);
    Str book = {arena_raw(arena, 100000, 1), 100000};

    (void)state;
    memset((char *)(uintptr_t)book.data, 'x', book.size);
    assert_true(diag_error(&diags, DIAG_FILE_UNREADABLE, SPAN_NONE, "no `%.*s`", STR_ARG(book))
                    ->message.size < LIMIT_DIAG_TEXT);
    arena_free(arena);
}

static void a_message_is_not_cut_within_a_character(void **state)
{
    Arena *arena = arena_new(1 << 20);
    DiagSink diags = diags_new(arena);
    char *text = arena_raw(arena, 3000, 1);

    (void)state;
    for (uint32_t i = 0; i < 3000; i += 3)
        memcpy(text + i, "\xe2\x82\xac", 3);
    for (int begin = 0; begin < 3; begin++) {
        Str message = diag_error(&diags, DIAG_FILE_UNREADABLE, SPAN_NONE, "%.*s%.*s", begin, "xxx",
                                 3000, text)
                          ->message;
        assert_true(message.size > LIMIT_DIAG_TEXT - 8);
        assert_int_equal((message.size - (uint32_t)begin) % 3, 0);
    }
    arena_free(arena);
}

static void hashes_equal_the_published_ones(void **state)
{
    Sha256 hash = sha256_new();
    char digits[65];

    (void)state;
    sha256_hex(&hash, digits);
    assert_string_equal(digits, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    hash = sha256_new();
    sha256_add(&hash, STR("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"));
    sha256_hex(&hash, digits);
    assert_string_equal(digits, "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
}

/* What the processor can do by itself, and what it cannot, are the same. */
static void hashes_depend_neither_on_the_processor_nor_on_the_parts(void **state)
{
    char text[200];

    (void)state;
    for (uint32_t i = 0; i < sizeof text; i++)
        text[i] = (char)(i * 37 + 11);
    for (uint32_t size = 0; size <= sizeof text; size++) {
        Sha256 fast = sha256_new(), portable = sha256_new();
        char digits[65], expected[65];

        portable.portable = true;
        sha256_add(&fast, (Str){text, size / 3});
        sha256_add(&fast, str_from((Str){text, size}, size / 3));
        sha256_add(&portable, (Str){text, size});
        sha256_hex(&fast, digits);
        sha256_hex(&portable, expected);
        assert_string_equal(digits, expected);
    }
}

static void count_task(void *context, uint32_t worker, uint32_t task)
{
    atomic_uint *done = context;

    (void)worker;
    atomic_fetch_add(&done[task], 1);
}

static void each_task_is_done_once(void **state)
{
    atomic_uint done[500] = {0};

    (void)state;
    workers_run(4, 500, count_task, done);
    for (int i = 0; i < 500; i++)
        assert_int_equal(done[i], 1);
    assert_true(workers_available() >= 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(globs_match_whole_texts),
        cmocka_unit_test(a_split_gives_every_part),
        cmocka_unit_test(a_number_is_nothing_but_digits),
        cmocka_unit_test(a_part_is_found_where_it_stands_first),
        cmocka_unit_test(the_nearest_word_is_suggested),
        cmocka_unit_test(added_symbols_go_on_after_the_fixed_ones),
        cmocka_unit_test(positions_count_code_points_from_one),
        cmocka_unit_test(decoded_text_leads_back_to_the_file),
        cmocka_unit_test(diagnostics_are_dumped_with_their_place),
        cmocka_unit_test(a_message_does_not_quote_a_book),
        cmocka_unit_test(a_message_is_not_cut_within_a_character),
        cmocka_unit_test(hashes_equal_the_published_ones),
        cmocka_unit_test(hashes_depend_neither_on_the_processor_nor_on_the_parts),
        cmocka_unit_test(each_task_is_done_once),
    };

    return cmocka_run_group_tests_name("base", tests, NULL, NULL);
}
