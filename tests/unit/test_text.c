/* Encodings of files. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "reading.h"
#include "syntax/text.h"

#define BYTES(literal)                                                                             \
    {                                                                                              \
        (literal), (uint32_t)(sizeof(literal) - 1)                                                 \
    }

static void text_becomes_utf8_without_a_mark(void **state)
{
    static const struct {
        Str bytes;
        const char *text;
    } cases[] = {
        {BYTES(""), ""},
        {BYTES("plain"), "plain"},
        {BYTES("\xef\xbb\xbf"
               "a: \xc3\xa9"),
         "a: \xc3\xa9"},
        {BYTES("\xff\xfe"
               "a\0\xe9\0"),
         "a\xc3\xa9"},
        {BYTES("\xfe\xff"
               "\0a\0\xe9"),
         "a\xc3\xa9"},
        {BYTES("a\0b\0"), "ab"},
        {BYTES("\0a\0b"), "ab"},
        {BYTES("\xff\xfe"
               "\x3d\xd8\x00\xde"),
         "\xf0\x9f\x98\x80"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Reading r = reading_of(cases[i].bytes, 1 << 16);
        assert_true(text_decode(r.source, r.arena, &r.diags));
        assert_true(text_decode(r.source, r.arena, &r.diags));
        assert_true(str_eq(r.source->text, str_of(cases[i].text)));
        arena_free(r.arena);
    }
}

static void the_first_wrong_byte_is_reported(void **state)
{
    static const struct {
        Str bytes;
        const char *diags;
    } cases[] = {
        {BYTES("ab\n\x80"), "in:2:1: error[file-encoding]: the text is not valid UTF-8\n"},
        {BYTES("\xc3"), "in:1:1: error[file-encoding]: the text is not valid UTF-8\n"},
        {BYTES("a\xc0\xaf"), "in:1:2: error[file-encoding]: the text is not valid UTF-8\n"},
        {BYTES("\xed\xa0\x80"), "in:1:1: error[file-encoding]: the text is not valid UTF-8\n"},
        {BYTES("\xf4\x90\x80\x80"), "in:1:1: error[file-encoding]: the text is not valid UTF-8\n"},
        {BYTES("\xff\xfe"
               "a\0\x3d\xd8"),
         "in:1:2: error[file-encoding]: the text is not valid UTF-16 at byte 4\n"},
        {BYTES("\xff\xfe"
               "a\0b"),
         "in:1:2: error[file-encoding]: the text is not valid UTF-16 at byte 4\n"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Reading r = reading_of(cases[i].bytes, 1 << 16);
        assert_false(text_decode(r.source, r.arena, &r.diags));
        assert_string_equal(reading_diags(&r), cases[i].diags);
        arena_free(r.arena);
    }
}

static void what_prints_is_counted_up_to_the_first_other_byte(void **state)
{
    static const char others[] = "\t\r\x1f\x7f\x80\xff";
    char text[200];

    (void)state;
    memset(text, '~', sizeof text);
    text[3] = '\n';
    assert_int_equal(text_printable((Str){text, 0}), 0);
    assert_int_equal(text_printable((Str){text, sizeof text}), sizeof text);
    for (uint32_t at = 0; at < sizeof text; at++) {
        char kept = text[at];
        text[at] = others[at % (sizeof others - 1)];
        assert_int_equal(text_printable((Str){text, sizeof text}), at);
        text[at] = kept;
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_becomes_utf8_without_a_mark),
        cmocka_unit_test(the_first_wrong_byte_is_reported),
        cmocka_unit_test(what_prints_is_counted_up_to_the_first_other_byte),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
