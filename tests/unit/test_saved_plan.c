/* syntax/zip, syntax/msgpack, ir/saved_plan: archives that people did not write by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/limits.h"
#include "ir/saved_plan.h"
#include "syntax/msgpack.h"
#include "syntax/zip.h"

static const Symbols no_symbols;

/* --- making archives --- */

typedef struct Member {
    const char *name;
    Str text;
    uint16_t method;
    uint32_t said; /* its size as the directory has it, 0: the true one */
} Member;

static void put16(Buf *buf, uint32_t number)
{
    buf_add_char(buf, (char)(number & 0xff));
    buf_add_char(buf, (char)(number >> 8 & 0xff));
}

static void put32(Buf *buf, uint32_t number)
{
    put16(buf, number & 0xffff);
    put16(buf, number >> 16);
}

static Str crc_of(Arena *arena, Str text)
{
    Buf buf = buf_new(arena);
    uint32_t crc = 0xffffffffu;

    for (uint32_t i = 0; i < text.size; i++) {
        crc ^= (unsigned char)text.data[i];
        for (int bit = 0; bit < 8; bit++)
            crc = crc >> 1 ^ (crc & 1 ? 0xedb88320u : 0);
    }
    put32(&buf, ~crc);
    return buf_str(&buf);
}

/* Stored blocks of deflate (RFC 1951 3.2.4), so that no library has to make them. */
static Str deflate_stored(Arena *arena, Str text)
{
    Buf buf = buf_new(arena);

    buf_add_char(&buf, 1);
    put16(&buf, text.size);
    put16(&buf, ~text.size & 0xffff);
    buf_add(&buf, text);
    return buf_str(&buf);
}

static Str make_zip(Arena *arena, const Member *members, uint32_t count)
{
    Buf zip = buf_new(arena), directory = buf_new(arena);
    uint32_t start;

    for (uint32_t i = 0; i < count; i++) {
        const Member *m = &members[i];
        Str name = str_of(m->name);
        Str packed = m->method == 8 ? deflate_stored(arena, m->text) : m->text;
        uint32_t local = zip.size, size = m->said ? m->said : m->text.size;
        put32(&zip, 0x04034b50);
        for (int j = 0; j < 11; j++)
            put16(&zip, 0);
        put16(&zip, name.size);
        put16(&zip, 0);
        buf_add(&zip, name);
        buf_add(&zip, packed);
        put32(&directory, 0x02014b50);
        put32(&directory, 0);
        put16(&directory, 0);
        put16(&directory, m->method);
        put32(&directory, 0);
        buf_add(&directory, crc_of(arena, m->text));
        put32(&directory, packed.size);
        put32(&directory, size);
        put16(&directory, name.size);
        for (int j = 0; j < 6; j++)
            put16(&directory, 0);
        put32(&directory, local);
        buf_add(&directory, name);
    }
    start = zip.size;
    buf_add(&zip, buf_str(&directory));
    put32(&zip, 0x06054b50);
    put32(&zip, 0);
    put16(&zip, count);
    put16(&zip, count);
    put32(&zip, directory.size);
    put32(&zip, start);
    put16(&zip, 0);
    return buf_str(&zip);
}

#define BYTES(text) ((Str){(text), sizeof(text) - 1})

/* Version 3; the variable `size` is the number 7. */
static const char plan_bytes[] = "\x08\x03\x12\x0d\x0a\x04size\x12\x05\x0a\x03\x92\xc4\x00\x07";
static const char good_plan[] = "\x08\x03\x12\x0e\x0a\x04size\x12\x06\x0a\x04\x92\xc4\x00\x07";
static const char manifest[] =
    "[{\"Key\":\"\",\"Dir\":\".\"},{\"Key\":\"far\",\"Source\":\"example/far/aws\","
    "\"Dir\":\"../../elsewhere\"}]";
static const char root[] = "variable \"size\" {}\n"
                           "module \"far\" {\n  source = \"example/far/aws\"\n  n = var.size\n}\n";
static const char remote[] = "variable \"n\" {}\nresource \"r\" \"x\" {\n  n = var.n + 1\n}\n";

static Str saved_plan(Arena *arena, Str plan)
{
    const Member members[] = {{"tfplan", plan, 8, 0},
                              {"tfconfig/m-/main.tf", BYTES(root), 8, 0},
                              {"tfconfig/m-far/main.tf", BYTES(remote), 0, 0},
                              {"tfconfig/modules.json", BYTES(manifest), 8, 0}};

    return make_zip(arena, members, 4);
}

static Arena *new_arena(void)
{
    Arena *arena = arena_new((size_t)64 << 20);

    assert_non_null(arena);
    return arena;
}

/* --- archives --- */

static void members_are_unpacked(void **state)
{
    Arena *arena = new_arena();
    const Member members[] = {{"a", STR_INIT("stored"), 0, 0}, {"b/c", STR_INIT("deflated"), 8, 0}};
    Zip zip;
    Str text;
    const char *error;

    (void)state;
    assert_true(zip_open(make_zip(arena, members, 2), arena, &zip, &error));
    assert_int_equal(zip.count, 2);
    assert_true(zip_unpack(&zip, zip_find(&zip, STR("b/c")), arena, &text, &error));
    assert_true(str_eq(text, STR("deflated")));
    assert_true(zip_unpack(&zip, zip_find(&zip, STR("a")), arena, &text, &error));
    assert_true(str_eq(text, STR("stored")));
    assert_null(zip_find(&zip, STR("b")));
    arena_free(arena);
}

static void sizes_that_do_not_hold_are_refused(void **state)
{
    static const uint32_t sizes[] = {3, 9, 100000, 0xffffffffu};
    Arena *arena = new_arena();

    (void)state;
    for (uint32_t i = 0; i < 8; i++) {
        const Member member = {"a", STR_INIT("deflated"), i < 4 ? 8 : 0, sizes[i % 4]};
        Zip zip;
        Str text;
        const char *error;
        assert_true(zip_open(make_zip(arena, &member, 1), arena, &zip, &error));
        assert_false(zip_unpack(&zip, zip.members, arena, &text, &error));
    }
    arena_free(arena);
}

static void all_members_share_one_budget(void **state)
{
    Arena *arena = new_arena();
    const Member member = {"a", STR_INIT("0123456789"), 8, 0};
    Zip zip;
    Str text;
    const char *error;

    (void)state;
    assert_true(zip_open(make_zip(arena, &member, 1), arena, &zip, &error));
    zip.budget = 25;
    assert_true(zip_unpack(&zip, zip.members, arena, &text, &error));
    assert_true(zip_unpack(&zip, zip.members, arena, &text, &error));
    assert_false(zip_unpack(&zip, zip.members, arena, &text, &error));
    arena_free(arena);
}

/* Every byte of an archive changed in turn, and every cut: nothing but a refusal may come of it. */
static void damaged_archives_are_refused(void **state)
{
    Arena *arena = new_arena();
    Str whole = saved_plan(arena, BYTES(good_plan));
    char *copy = malloc(whole.size);

    (void)state;
    assert_non_null(copy);
    for (uint32_t i = 0; i < whole.size * 2; i++) {
        Arena *inner = new_arena();
        Unit unit = unit_new(inner, &no_symbols, NULL);
        uint32_t size = i < whole.size ? whole.size : i - whole.size;
        memcpy(copy, whole.data, whole.size);
        if (i < whole.size)
            copy[i] = (char)(copy[i] ^ 0xff);
        unit.path = STR("tfplan");
        saved_plan_build(&unit, (Str){copy, size}, STR("."), NULL);
        arena_free(inner);
    }
    free(copy);
    arena_free(arena);
}

/* --- values --- */

static void messages_become_values(void **state)
{
    static const struct {
        Str bytes;
        const char *dump;
    } cases[] = {
        {STR_INIT("\xc0"), "null"},
        {STR_INIT("\x2a"), "42"},
        {STR_INIT("\xff"), "-1"},
        {STR_INIT("\xd1\xff\x00"), "-256"},
        {STR_INIT("\xcd\x01\x00"), "256"},
        {STR_INIT("\xca\x3f\xc0\x00\x00"), "1.5"},
        {STR_INIT("\xcb\xbf\xe0\x00\x00\x00\x00\x00\x00"), "-0.5"},
        {STR_INIT("\xa2hi"), "\"hi\""},
        {STR_INIT("\xd9\x02hi"), "\"hi\""},
        {STR_INIT("\x92\x01\xc3"), "[1, true]"},
        {STR_INIT("\x92\xc4\x01x\x05"), "5"},
        {STR_INIT("\x81\xa1k\xd4\x00\x00"), "{\"k\": <unknown known after apply>}"},
        {STR_INIT("\xc7\x03\x0c\x81\x01\xc2"), "<unknown known after apply>"},
        {STR_INIT("\xdc\x00\x01\x07"), "[7]"},
    };
    Arena *arena = new_arena();

    (void)state;
    for (uint32_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Node value;
        if (!msgpack_read(cases[i].bytes, &no_symbols, arena, &value) ||
            !str_eq(node_dump(&value, false, arena), str_of(cases[i].dump)))
            fail_msg("case %u", i);
    }
    arena_free(arena);
}

static void broken_messages_are_refused(void **state)
{
    static const Str cases[] = {
        STR_INIT(""),         STR_INIT("\xa2h"),        STR_INIT("\xdd\xff\xff\xff\xff"),
        STR_INIT("\x81\x01"), STR_INIT("\xc1"),         STR_INIT("\xdf\xff\xff\xff\xff\xa1"),
        STR_INIT("\x01\x01"), STR_INIT("\xc7\xff\x00"),
    };
    Arena *arena = new_arena();
    char deep[LIMIT_DEPTH + 2];
    Node value;

    (void)state;
    for (uint32_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (msgpack_read(cases[i], &no_symbols, arena, &value))
            fail_msg("case %u", i);
    memset(deep, 0x91, sizeof deep);
    assert_false(msgpack_read((Str){deep, sizeof deep}, &no_symbols, arena, &value));
    arena_free(arena);
}

/* --- saved plans --- */

static void a_saved_plan_is_evaluated_with_its_variables_and_modules(void **state)
{
    Arena *arena = new_arena();
    Unit unit = unit_new(arena, &no_symbols, NULL);
    const Resource *found = NULL;

    (void)state;
    unit.path = STR("live/tfplan");
    assert_true(saved_plan_build(&unit, saved_plan(arena, BYTES(good_plan)), STR("live"), NULL));
    for (uint32_t i = 0; i < unit.resource_count; i++)
        if (str_eq(unit.resources[i].address, STR("module.far.r.x")))
            found = &unit.resources[i];
    assert_non_null(found);
    assert_true(str_eq(node_dump(&found->body, false, arena), STR("{\"n\": 8}")));
    assert_true(str_eq(sources_get(&unit.sources, found->header.source)->path,
                       STR("../elsewhere/main.tf")));
    assert_int_equal(unit.diags.errors, 0);
    arena_free(arena);
}

static void a_plan_of_another_version_is_refused(void **state)
{
    Arena *arena = new_arena();
    Unit unit = unit_new(arena, &no_symbols, NULL);

    (void)state;
    unit.path = STR("tfplan");
    assert_false(saved_plan_build(&unit, saved_plan(arena, STR("\x08\x04")), STR("."), NULL));
    assert_int_equal(unit.diags.errors, 1);
    arena_free(arena);
}

/* A variable that cannot be read is as good as one that was not given. */
static void a_broken_variable_is_unknown(void **state)
{
    Arena *arena = new_arena();
    Unit unit = unit_new(arena, &no_symbols, NULL);

    (void)state;
    unit.path = STR("tfplan");
    assert_true(saved_plan_build(&unit, saved_plan(arena, BYTES(plan_bytes)), STR("."), NULL));
    assert_int_equal(unit.diags.errors, 0);
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(members_are_unpacked),
        cmocka_unit_test(sizes_that_do_not_hold_are_refused),
        cmocka_unit_test(all_members_share_one_budget),
        cmocka_unit_test(damaged_archives_are_refused),
        cmocka_unit_test(messages_become_values),
        cmocka_unit_test(broken_messages_are_refused),
        cmocka_unit_test(a_saved_plan_is_evaluated_with_its_variables_and_modules),
        cmocka_unit_test(a_plan_of_another_version_is_refused),
        cmocka_unit_test(a_broken_variable_is_unknown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
