/* base/json_doc: JSON text written piece by piece. The report as a whole is in the golden tests. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "base/json_doc.h"
#include "base/utf8.h"
#include "syntax/json.h"

typedef void WriteFn(JsonDoc *doc);

static Str written(Arena *arena, WriteFn *write_it)
{
    char name[] = "/tmp/plumb-json-XXXXXX";
    int fd = mkstemp(name);
    Out out = out_new(fd, arena);
    JsonDoc doc = json_doc(&out);
    Str text;
    int error;

    assert_true(fd >= 0);
    write_it(&doc);
    assert_true(out_flush(&out));
    close(fd);
    assert_true(file_read(AT_FDCWD, name, 1 << 24, arena, &text, &error));
    unlink(name);
    return text;
}

static void write_nested(JsonDoc *doc)
{
    json_begin(doc, '{');
    json_key(doc, "list");
    json_begin(doc, '[');
    json_begin(doc, '{');
    json_put_number(doc, "a", 1);
    json_key(doc, "b");
    json_begin(doc, '[');
    json_string(doc, STR("x"));
    json_string(doc, STR("y"));
    json_end(doc, ']');
    json_end(doc, '}');
    json_number(doc, 18446744073709551615u);
    json_end(doc, ']');
    json_key(doc, "empty");
    json_begin(doc, '[');
    json_end(doc, ']');
    json_key(doc, "yes");
    json_bool(doc, true);
    json_end(doc, '}');
}

static void the_outer_levels_have_lines(void **state)
{
    Arena *arena = arena_new(1 << 20);

    (void)state;
    assert_string_equal(written(arena, write_nested).data,
                        "{\n"
                        "  \"list\": [\n"
                        "    {\"a\": 1, \"b\": [\"x\", \"y\"]},\n"
                        "    18446744073709551615\n"
                        "  ],\n"
                        "  \"empty\": [],\n"
                        "  \"yes\": true\n"
                        "}\n");
    arena_free(arena);
}

static void write_odd_text(JsonDoc *doc)
{
    json_string(doc, STR("\"\\\n\x01\x7f\xff\xc3\xa9\xed\xa0\x80\xf0\x9f\x98\x80"));
}

static void bytes_that_are_no_utf8_are_replaced(void **state)
{
    Arena *arena = arena_new(1 << 20);

    (void)state;
    assert_string_equal(written(arena, write_odd_text).data,
                        "\"\\\"\\\\\\n\\u0001\\u007f\xef\xbf\xbd\xc3\xa9"
                        "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xf0\x9f\x98\x80\"");
    arena_free(arena);
}

static void write_every_byte(JsonDoc *doc)
{
    char bytes[512];

    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (char)(i * 7 % 256);
    json_begin(doc, '[');
    for (uint32_t i = 0; i < 512; i++)
        json_string(doc, (Str){bytes + i, 512 - i});
    json_end(doc, ']');
}

static void any_bytes_give_valid_json(void **state)
{
    static const Symbols none;
    Arena *arena = arena_new(1 << 26);
    Sources sources = sources_new(arena);
    DiagSink diags = diags_new(arena);
    Str text = written(arena, write_every_byte);
    Node node;

    (void)state;
    assert_true(text.size > OUT_BUFFER_BYTES);
    assert_true(json_read(sources_add(&sources, STR("x"), text), &none, arena, &diags, &node));
    assert_int_equal(node.count, 512);
    arena_free(arena);
}

static void code_points_are_told_from_other_bytes(void **state)
{
    static const struct {
        const char *text;
        uint32_t size;
        uint32_t code;
    } cases[] = {
        {"a", 1, 'a'},
        {"\xc3\xa9", 2, 0xe9},
        {"\xe2\x82\xac", 3, 0x20ac},
        {"\xf4\x8f\xbf\xbf", 4, 0x10ffff},
        {"\xc0\x80", 0, 0xfffd},
        {"\xc1\xbf", 0, 0xfffd},
        {"\xe0\x9f\xbf", 0, 0xfffd},
        {"\xed\xa0\x80", 0, 0xfffd},
        {"\xf4\x90\x80\x80", 0, 0xfffd},
        {"\xf8\x88\x80\x80", 0, 0xfffd},
        {"\x80", 0, 0xfffd},
        {"\xe2\x82", 0, 0xfffd},
        {"", 0, 0xfffd},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        uint32_t size;
        assert_int_equal(utf8_size(str_of(cases[i].text)), cases[i].size);
        assert_int_equal(utf8_first(str_of(cases[i].text), &size), cases[i].code);
        assert_int_equal(size, cases[i].size ? cases[i].size : 1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_outer_levels_have_lines),
        cmocka_unit_test(bytes_that_are_no_utf8_are_replaced),
        cmocka_unit_test(any_bytes_give_valid_json),
        cmocka_unit_test(code_points_are_told_from_other_bytes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
