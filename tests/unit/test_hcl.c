/* syntax/hcl: HCL text to a tree. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/buf.h"
#include "reading.h"
#include "syntax/hcl.h"

static HclBody *read(Reading *reading)
{
    return hcl_read(reading->source, reading->arena, &reading->diags);
}

static void arguments_and_blocks_keep_their_places(void **state)
{
    Reading r = reading_of(STR("a = 1\nb \"c\" d {\n  e = \"x\"\n  f {}\n}\n"), 1 << 20);
    HclBody *body = read(&r);
    const HclBlock *block;

    (void)state;
    assert_string_equal(reading_diags(&r), "");
    assert_int_equal(body->attribute_count, 1);
    assert_int_equal(body->attributes[0].value->span.start, 4);
    assert_int_equal(body->block_count, 1);
    block = &body->blocks[0];
    assert_int_equal(block->label_count, 2);
    assert_true(str_eq(block->labels[0].text, STR("c")));
    assert_true(str_eq(block->labels[1].text, STR("d")));
    assert_int_equal(block->header.start, 6);
    assert_int_equal(block->header.end, 15);
    assert_int_equal(block->span.end, 34);
    assert_true(str_eq(hcl_string(block->body->attributes[0].value), STR("x")));
    assert_true(str_eq(block->body->blocks[0].type, STR("f")));
    arena_free(r.arena);
}

static void comments_of_all_kinds_are_kept(void **state)
{
    Reading r = reading_of(STR("# a\na = 1 // b\n/* c\n */ b = [ # d\n 1,\n]\n"), 1 << 20);
    HclBody *body = read(&r);

    (void)state;
    assert_string_equal(reading_diags(&r), "");
    assert_int_equal(body->comment_count, 4);
    assert_int_equal(body->comments[1].start, 10);
    assert_int_equal(body->comments[2].end, 23);
    assert_int_equal(body->attribute_count, 2);
    arena_free(r.arena);
}

typedef struct Mistake {
    Str text;
    const char *diags;
    uint32_t attributes; /* that are read all the same */
    uint32_t blocks;
} Mistake;

static void a_mistake_costs_its_item_only(void **state)
{
    static const Mistake mistakes[] = {
        {STR_INIT("a = \nb = 1\n"), "in:1:5: error[hcl-syntax]: a value should be here\n", 1, 0},
        {STR_INIT("a = [1, 2\nb = 3\nc = 4\n"),
         "in:2:1: error[hcl-syntax]: a comma must separate the items\n", 2, 0},
        {STR_INIT("a = {\n x = ]\n}\nb = 1\n"),
         "in:2:6: error[hcl-syntax]: a value should be here\n", 1, 0},
        {STR_INIT("a = 1\na = 2\n"),
         "in:2:1: error[hcl-duplicate]: argument \"a\" is given twice; the first one counts\n", 1,
         0},
        {STR_INIT("r \"a\" {\n  x = = 1\n  y = 2\n}\ns {\n}\n"),
         "in:2:7: error[hcl-syntax]: a value should be here\n", 0, 2},
        {STR_INIT("r \"a\"\nb = 1\n"),
         "in:1:6: error[hcl-syntax]: a block needs its opening brace here\n", 1, 0},
        {STR_INIT("r {\n  a = 1\n"), "in:1:3: error[hcl-syntax]: block is not closed\n", 0, 1},
        {STR_INIT("a = <<EOT\ntext\n"), "in:1:5: error[hcl-syntax]: heredoc is not closed\n", 0, 0},
        {STR_INIT("a = \"x\nb = 1\n"),
         "in:1:7: error[hcl-syntax]: a quoted string ends on its line; use a heredoc for more\n", 1,
         0},
        {STR_INIT("}\na = 1\n"),
         "in:1:1: error[hcl-syntax]: an argument or a block should begin here\n", 1, 0},
    };

    (void)state;
    for (size_t i = 0; i < sizeof mistakes / sizeof *mistakes; i++) {
        Reading r = reading_of(mistakes[i].text, 1 << 20);
        HclBody *body = read(&r);
        assert_string_equal(reading_diags(&r), mistakes[i].diags);
        assert_int_equal(body->attribute_count, mistakes[i].attributes);
        assert_int_equal(body->block_count, mistakes[i].blocks);
        arena_free(r.arena);
    }
}

/* `count` times `open`, a value, and as often `close`. */
static Reading nested(const char *open, const char *close, uint32_t count)
{
    Reading r = reading_of(STR(""), (size_t)64 << 20);
    Buf buf = buf_new(r.arena);

    buf_add_z(&buf, "a = ");
    for (uint32_t i = 0; i < count; i++)
        buf_add_z(&buf, open);
    buf_add_z(&buf, "1");
    for (uint32_t i = 0; i < count; i++)
        buf_add_z(&buf, close);
    buf_add_z(&buf, "\nb = 2\n");
    r.source = sources_add(&r.sources, STR("in"), buf_str(&buf));
    return r;
}

static void depth_has_a_limit(void **state)
{
    static const char *const shapes[][2] = {{"[", "]"},  {"(", ")"},      {"{a=", "}"},
                                            {"-", ""},   {"\"${", "}\""}, {"", "+1"},
                                            {"", "[0]"}, {"", ".a"},      {"", "[*]"},
                                            {"f(", ")"}, {"1?1:", ""},    {"[for x in [1]:", "]"}};

    (void)state;
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        Reading good = nested(shapes[i][0], shapes[i][1], 100);
        Reading deep = nested(shapes[i][0], shapes[i][1], 3000);
        HclBody *body = read(&good);
        assert_string_equal(reading_diags(&good), "");
        assert_int_equal(body->attribute_count, 2);
        body = read(&deep);
        assert_int_equal(deep.diags.errors, 1);
        assert_int_equal(body->attribute_count, 1);
        arena_free(good.arena);
        arena_free(deep.arena);
    }
}

static void a_spent_arena_ends_reading_quietly(void **state)
{
    static const char text[] = "a = [1, \"x${b.c[0]}y\", { k = f(x...) }]\nr \"a\" {\n  b = <<-E\n"
                               "    x\n    %{ if a }y%{ endif }\n  E\n}\n# end\n";

    (void)state;
    for (size_t limit = 256; limit < 16384; limit += 64) {
        Arena *arena = arena_new(limit);
        Sources sources = sources_new(arena);
        DiagSink diags = diags_new(arena);
        Source *source = sources_add(&sources, STR("in"), STR(text));
        HclBody *body = source ? hcl_read(source, arena, &diags) : NULL;
        assert_true(body || arena_spent(arena));
        assert_int_equal(diags.errors, 0);
        arena_free(arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(arguments_and_blocks_keep_their_places),
        cmocka_unit_test(comments_of_all_kinds_are_kept),
        cmocka_unit_test(a_mistake_costs_its_item_only),
        cmocka_unit_test(depth_has_a_limit),
        cmocka_unit_test(a_spent_arena_ends_reading_quietly),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
