/* Edits of YAML, JSON, HCL and Dockerfiles, and which are made together. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "edit/hcl.h"
#include "edit/plan.h"
#include "edit/words.h"
#include "edit/yaml.h"
#include "ir/yaml_schema.h"
#include "reading.h"
#include "syntax/json.h"
#include "syntax/yaml.h"

/* Sets `path` below the map at `map` to `value` (YAML); without a value, takes it away. */
typedef struct Case {
    const char *map; /* "a.0.b" from the root of the first document; of HCL: unused */
    const char *path;
    const char *value;
    const char *text;
    const char *expected; /* NULL: there is no safe edit */
} Case;

#define MOST_FIELDS 8

static uint32_t split(const char *path, Str fields[MOST_FIELDS])
{
    Str rest = str_of(path);
    uint32_t count = 0;

    while (count < MOST_FIELDS && str_split(&rest, '.', &fields[count]))
        count++;
    return count;
}

static Node read_value(const char *text, Arena *arena)
{
    Sources sources = sources_new(arena);
    DiagSink diags = diags_new(arena);
    Symbols none = {0};
    YamlDocument *documents;
    uint32_t count;

    assert_true(yaml_read(sources_add(&sources, STR("value"), str_of(text)), &none, arena, &diags,
                          &documents, &count));
    assert_true(yaml_schema_apply(YAML_SCHEMA_CORE, &documents[0].root, arena, &diags));
    return documents[0].root;
}

static void expect_text(const Reading *r, bool good, const Edit *edit, const Case *item)
{
    EditPlan plan = edit_plan_new(r->arena);

    if (!item->expected) {
        if (good)
            fail_msg("an edit of `%s`", item->text);
        return;
    }
    if (!good)
        fail_msg("no edit of `%s`", item->text);
    assert_true(edit_plan_add(&plan, edit, 1));
    assert_string_equal(str_copy_z(r->arena, edit_plan_apply(&plan, r->source->text, r->arena)),
                        item->expected);
}

static void run_yaml(const Case *item)
{
    Reading r = reading_of(str_of(item->text), 1 << 20);
    Str fields[MOST_FIELDS];
    uint32_t count = split(item->path, fields), document_count;
    YamlDocument *documents;
    const Node *map;
    Node value;
    Edit edit;
    bool good;

    assert_true(yaml_read(r.source, &r.symbols, r.arena, &r.diags, &documents, &document_count));
    assert_true(yaml_schema_apply(YAML_SCHEMA_KUBERNETES, &documents[0].root, r.arena, &r.diags));
    map = *item->map ? node_path(&documents[0].root, item->map) : &documents[0].root;
    assert_non_null(map);
    if (item->value)
        value = read_value(item->value, r.arena);
    good = item->value ? edit_yaml_set(r.source, map, fields, count, &value, r.arena, &edit)
                       : edit_yaml_remove(r.source, map, fields, count, &edit);
    expect_text(&r, good, &edit, item);
    arena_free(r.arena);
}

static void run_json(const Case *item)
{
    Reading r = reading_of(str_of(item->text), 1 << 20);
    Str fields[MOST_FIELDS];
    uint32_t count = split(item->path, fields);
    Node root, value = read_value(item->value, r.arena);
    const Node *map;
    Edit edit;

    assert_true(json_read(r.source, &r.symbols, r.arena, &r.diags, &root));
    map = *item->map ? node_path(&root, item->map) : &root;
    assert_non_null(map);
    expect_text(&r, edit_yaml_set(r.source, map, fields, count, &value, r.arena, &edit), &edit,
                item);
    arena_free(r.arena);
}

static void run_hcl(const Case *item)
{
    Reading r = reading_of(str_of(item->text), 1 << 20);
    Str fields[MOST_FIELDS];
    uint32_t count = split(item->path, fields);
    HclBody *file = hcl_read(r.source, r.arena, &r.diags);
    const HclBlock *block;
    Node value;
    Edit edit;
    bool good;

    assert_non_null(file);
    assert_true(file->block_count > 0);
    block = edit_hcl_block(file, file->blocks[0].span);
    assert_ptr_equal(block, &file->blocks[0]);
    if (item->value)
        value = read_value(item->value, r.arena);
    good = item->value ? edit_hcl_set(r.source, block, fields, count, &value, r.arena, &edit)
                       : edit_hcl_remove(r.source, block, fields, count, &edit);
    expect_text(&r, good, &edit, item);
    arena_free(r.arena);
}

static void keys_are_set_in_blocks_of_yaml(void **state)
{
    static const Case cases[] = {
        {"", "b", "false", "a: 1\n", "a: 1\nb: false\n"},
        {"", "b", "false", "a: 1", "a: 1\nb: false"},
        {"", "b", "false", "a: 1 # why\n# the end\n", "a: 1 # why\nb: false\n# the end\n"},
        {"", "b", "false", "a: 1\r\nc: 2\r\n", "a: 1\r\nc: 2\r\nb: false\r\n"},
        {"", "b", "false", "a: 1\r\nc: 2", "a: 1\r\nc: 2\r\nb: false"},
        {"", "b", "false", "a: 1\n---\nc: 1\n", "a: 1\nb: false\n---\nc: 1\n"},
        {"", "a", "false", "a: true # yes\nb: 1\n", "a: false # yes\nb: 1\n"},
        {"", "a", "Always", "a: \"Never\"\n", "a: Always\n"},
        {"", "a", "false", "a:\nb: 1\n", "a: false\nb: 1\n"},
        {"", "a", "false", "a: # nothing\nb: 1\n", "a: false # nothing\nb: 1\n"},
        {"", "a", "false", "a: null\n", "a: false\n"},
        {"", "a.b", "false", "a:\nc: 1\n", "a:\n  b: false\nc: 1\n"},
        {"", "a.b", "false", "a: # none\nc:\n    d: 1\n",
         "a: # none\n    b: false\nc:\n    d: 1\n"},
        {"", "a.b", "false", "a:\n  c: 1\n\nd: 1\n", "a:\n  c: 1\n  b: false\n\nd: 1\n"},
        {"", "a.b", "1", "x: {y: 1}\n", "x: {y: 1}\na:\n  b: 1\n"},
        {"", "b", "1", "a:\n  - x\n  - y\n", "a:\n  - x\n  - y\nb: 1\n"},
        {"", "b", "1", "a:\n- x: 1\n- y\n", "a:\n- x: 1\n- y\nb: 1\n"},
        {"l.0", "c.d", "true", "l:\n  - a: 1\n    b: 2\n  - a: 3\n",
         "l:\n  - a: 1\n    b: 2\n    c:\n      d: true\n  - a: 3\n"},
        {"l.0", "b", "[ALL]", "l:\n- a: 1\n# next\n- a: 3\n",
         "l:\n- a: 1\n  b: [ALL]\n# next\n- a: 3\n"},
        {"l.0", "b", "1", "l:\n- - - x\n- a: 3\n", NULL},
        {"", "b", "1", "a: |\n  text\n  more\n\nc: 2\n", "a: |\n  text\n  more\n\nc: 2\nb: 1\n"},
        {"", "b", "1", "a: |\n  text\n\n\n", "a: |\n  text\nb: 1\n\n\n"},
        {"", "b", "1", "a: |+\n  text\n\n\n", NULL},
        {"", "b", "1", "a: |\n  text", NULL},
        {"", "b", "1", "a:\n  - |-\n    text\n", "a:\n  - |-\n    text\nb: 1\n"},
        {"", "b", "1", "a: 'x\n  y' # z\n", "a: 'x\n  y' # z\nb: 1\n"},
        {"", "b", "1", "a: x\n  y\n", "a: x\n  y\nb: 1\n"},
        {"", "b", "{x: 1, k: {z: [1]}}", "a: 1\n", "a: 1\nb:\n  x: 1\n  k:\n    z: [1]\n"},
        {"", "b", "\"true\"", "a: 1\n", "a: 1\nb: \"true\"\n"},
        {"", "b", "\"1000\"", "a: 1\n", "a: 1\nb: \"1000\"\n"},
        {"", "b", "a b", "\"a\": 1\n", "\"a\": 1\n\"b\": \"a b\"\n"},
        {"", "b/c d", "1", "a: 1\n", "a: 1\n\"b/c d\": 1\n"},
        {"", "b", "1", "\xd1\x84: 1\n", "\xd1\x84: 1\nb: 1\n"},
        {"", "a", "1", "a: !!str x\n", NULL},
        {"", "a", "1", "a: &x 2\nb: *x\n", NULL},
        {"", "a", "1", "a: |\n  x\n", NULL},
        {"", "a", "1", "a: [1,\n  2]\n", NULL},
        {"", "a", "[ALL]", "a: [x] # y\n", "a: [ALL] # y\n"},
        {"", "a", "1", "a:\n  b: 1\n", NULL},
        {"", "a.b", "1", "a: 1\n", NULL},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        run_yaml(&cases[i]);
}

static void keys_are_set_in_braces(void **state)
{
    static const Case cases[] = {
        {"a", "b", "1", "a: {}\n", "a: {b: 1}\n"},
        {"a", "b.c", "1", "a: { }\n", "a: {b: {c: 1}}\n"},
        {"a", "b", "1", "a: {c: 2}\n", "a: {c: 2, b: 1}\n"},
        {"a", "b", "1", "a: { c: 2 }\n", "a: { c: 2, b: 1 }\n"},
        {"a", "b", "1", "a: {c: 2, }\n", "a: {c: 2, b: 1 }\n"},
        {"a", "b", "1", "a: {\n  c: 2,\n  d: 3\n}\n", "a: {\n  c: 2,\n  d: 3,\n  b: 1\n}\n"},
        {"a", "b", "1", "a: {\n  c: 2 # why\n}\n", NULL},
        {"a", "c", "1", "a: {c: 2}\n", "a: {c: 1}\n"},
        {"a", "c", "1", "a: {c: , d: 1}\n", "a: {c: 1 , d: 1}\n"},
        {"a", "b", "1", "a: {c: }\n", NULL},
        {"a", "c.d", "1", "a: {c: {e: x}}\n", "a: {c: {e: x, d: 1}}\n"},
        {"a", "b", "{x: {k: z}}", "a: {c: 2}\n", "a: {c: 2, b: {x: {k: z}}}\n"},
        {"", "b", "1", "{a: 1}", "{a: 1, b: 1}"},
        {"", "b", "1", "a: {x: 1, y: [1, 2]}\n", "a: {x: 1, y: [1, 2]}\nb: 1\n"},
    };
    static const Case json[] = {
        {"", "b", "Always", "{\"a\": 1}", "{\"a\": 1, \"b\": \"Always\"}"},
        {"", "b.c", "false", "{\n  \"a\": 1\n}\n", "{\n  \"a\": 1,\n  \"b\": {\"c\": false}\n}\n"},
        {"", "a", "false", "{\"a\": null}", "{\"a\": false}"},
        {"a.0", "b", "1", "{\"a\": [{\"x\": {}}]}", "{\"a\": [{\"x\": {}, \"b\": 1}]}"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        run_yaml(&cases[i]);
    for (size_t i = 0; i < sizeof json / sizeof *json; i++)
        run_json(&json[i]);
}

static void what_an_alias_or_a_merge_brings_is_not_edited(void **state)
{
    static const Case cases[] = {
        /* An own key wins over one that is merged. */
        {"b", "c", "1", "a: &a {c: 2}\nb:\n  <<: *a\n  d: 3\n",
         "a: &a {c: 2}\nb:\n  <<: *a\n  d: 3\n  c: 1\n"},
        /* But not so that the rest of a merged map is lost. */
        {"b", "s.x", "1", "a: &a {s: {y: 2}}\nb:\n  <<: *a\n  d: 3\n", NULL},
        {"", "b.c", "1", "a: &a {d: 2}\nb: *a\n", NULL},
        {"", "c", "1", "a: &a {d: 2}\nb: *a # again\n", "a: &a {d: 2}\nb: *a # again\nc: 1\n"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        run_yaml(&cases[i]);
}

static void keys_are_taken_away_with_their_lines(void **state)
{
    static const Case cases[] = {
        {"", "a", NULL, "a: 1 # x\nb: 2\n", "b: 2\n"},
        {"", "b", NULL, "a: 1\nb:\n  c: 1\n  d: 1\n# end\n", "a: 1\n# end\n"},
        {"", "b", NULL, "a: 1\nb: 2", "a: 1\n"},
        {"", "a.b", NULL, "a:\n  b: 1\n  c: 1\n", "a:\n  c: 1\n"},
        {"", "a", NULL, "a: 1\n", NULL},
        {"", "a", NULL, "{a: 1, b: 1}\n", NULL},
        {"l.0", "a", NULL, "l:\n- a: 1\n  b: 1\n", NULL},
        {"", "x", NULL, "a: 1\nb: 1\n", NULL},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        run_yaml(&cases[i]);
}

static void arguments_are_set_in_blocks_of_hcl(void **state)
{
    static const Case cases[] = {
        {"", "x", "true", "r \"a\" \"b\" {}\n", "r \"a\" \"b\" {\n  x = true\n}\n"},
        {"", "x", "true", "r \"a\" \"b\" { }", "r \"a\" \"b\" {\n  x = true\n}"},
        {"", "x", "true", "r \"a\" \"b\" {\n}\n", "r \"a\" \"b\" {\n  x = true\n}\n"},
        {"", "x", "true", "r \"a\" \"b\" { abc = 1 }\n",
         "r \"a\" \"b\" {\n  abc = 1\n  x   = true\n}\n"},
        {"", "x", "true", "r {\n  a = 1 # one\n}\n", "r {\n  a = 1 # one\n  x = true\n}\n"},
        {"", "x", "true", "r {\n  a   = 1\n  bcd = 2\n}\n",
         "r {\n  a   = 1\n  bcd = 2\n  x   = true\n}\n"},
        {"", "xyz", "true", "r {\n  a = 1\n}\n", "r {\n  a = 1\n\n  xyz = true\n}\n"},
        {"", "x", "true", "r {\n\ta = 1\n}\n", "r {\n\ta = 1\n\tx = true\n}\n"},
        {"", "x", "true", "r {\r\n  a = 1\r\n}\r\n", "r {\r\n  a = 1\r\n  x = true\r\n}\r\n"},
        {"", "x", "true", "r {\n  a = 1\n\n  n {\n    b = 1\n  }\n}\n",
         "r {\n  a = 1\n  x = true\n\n  n {\n    b = 1\n  }\n}\n"},
        {"", "x", "true", "r {\n  n {\n    b = 1\n  }\n}\n",
         "r {\n  x = true\n\n  n {\n    b = 1\n  }\n}\n"},
        {"", "x", "true", "r {\n  t = {\n    b = 1\n  }\n}\n",
         "r {\n  t = {\n    b = 1\n  }\n  x = true\n}\n"},
        {"", "x", "true", "r {\n  t = <<EOT\nb = 1\nEOT\n}\n",
         "r {\n  t = <<EOT\nb = 1\nEOT\n  x = true\n}\n"},
        {"", "x", "true", "r {\n  x = false // no\n}\n", "r {\n  x = true // no\n}\n"},
        {"", "x", "required", "r {\n  x = \"optional\"\n}\n", "r {\n  x = \"required\"\n}\n"},
        {"", "x", "true", "r {\n  x = var.x\n}\n", NULL},
        {"", "x", "true", "r {\n  x = \"${var.x}\"\n}\n", NULL},
        {"", "x", "true", "r {\n  x {\n  }\n}\n", NULL},
        {"", "x", "[a, \"b${c}\"]", "r {\n}\n", "r {\n  x = [\"a\", \"b$${c}\"]\n}\n"},
        {"", "x", "true", "r {\n  a = 1 /* x\n */\n}\n", NULL},
        {"", "x", "true", "r {\n  a = 1\n", NULL},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        run_hcl(&cases[i]);
}

static void nested_blocks_are_made_where_they_are_missing(void **state)
{
    static const Case cases[] = {
        {"", "n.x", "1", "r {\n  a = 1\n}\n", "r {\n  a = 1\n\n  n {\n    x = 1\n  }\n}\n"},
        {"", "n.x", "1", "r {}\n", "r {\n  n {\n    x = 1\n  }\n}\n"},
        {"", "n.m.x", "1", "r {\n}\n", "r {\n  n {\n    m {\n      x = 1\n    }\n  }\n}\n"},
        {"", "n.x", "1", "r {\n    n {\n        yy = 2\n    }\n}\n",
         "r {\n    n {\n        yy = 2\n        x  = 1\n    }\n}\n"},
        {"", "n.x", "1", "r {\n  n {}\n  n {}\n}\n", NULL},
        {"", "n.x", "1", "r {\n  dynamic \"n\" {\n    for_each = []\n    content {}\n  }\n}\n",
         NULL},
        {"", "n.x", "1", "r {\n  n = [{}]\n}\n", NULL},
        {"", "a", NULL, "r {\n  a = 1\n  b = 2\n}\n", "r {\n  b = 2\n}\n"},
        {"", "n.a", NULL, "r {\n  n {\n    a = [\n      1,\n    ]\n  }\n}\n",
         "r {\n  n {\n  }\n}\n"},
        {"", "a", NULL, "r { a = 1 }\n", NULL},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        run_hcl(&cases[i]);
}

static void words_change_only_where_they_stand_as_they_are(void **state)
{
    Reading r = reading_of(STR("# x\nrun \"apt\" install\n"), 1 << 20);
    Node keyword = node_make_string((Span){r.source->number, 4, 7}, STR("RUN"));
    Node quoted = node_make_string((Span){r.source->number, 8, 13}, STR("apt"));
    Node plain = node_make_string((Span){r.source->number, 14, 21}, STR("install"));
    Edit edit;

    (void)state;
    assert_true(edit_word(r.source, &keyword, WORD_REPLACE, STR("ADD"), r.arena, &edit));
    assert_true(str_eq(edit.text, STR("add")));
    assert_false(edit_word(r.source, &quoted, WORD_AFTER, STR(" -y"), r.arena, &edit));
    assert_true(edit_word(r.source, &plain, WORD_AFTER, STR(" -y"), r.arena, &edit));
    assert_int_equal(edit.start, 21);
    assert_true(edit_word(r.source, &plain, WORD_BEFORE, STR("-y "), r.arena, &edit));
    assert_int_equal(edit.end, 14);
    arena_free(r.arena);
}

static void lines_go_above_the_comments_of_an_instruction_but_not_above_directives(void **state)
{
    Reading r = reading_of(STR("# syntax=x\nFROM a\n# one\n  # two\nRUN b\n"), 1 << 20);
    Edit edit;

    (void)state;
    assert_true(edit_line_above(r.source, 32, STR("SHELL"), r.arena, &edit));
    assert_int_equal(edit.start, 18);
    assert_true(str_eq(edit.text, STR("SHELL\n")));
    assert_true(edit_line_above(r.source, 11, STR("ARG"), r.arena, &edit));
    assert_int_equal(edit.start, 11);
    assert_false(edit_line_above(r.source, 16, STR("ARG"), r.arena, &edit));
    arena_free(r.arena);
}

/* Sets each path to true, one fix after the other. */
static void expect_plan(const char *text, const char *const *paths, uint32_t count,
                        const char *expected)
{
    Reading r = reading_of(str_of(text), 1 << 20);
    EditPlan plan = edit_plan_new(r.arena);
    Node value = node_make_bool(SPAN_NONE, true);
    YamlDocument *documents;
    uint32_t document_count;

    assert_true(yaml_read(r.source, &r.symbols, r.arena, &r.diags, &documents, &document_count));
    for (uint32_t i = 0; i < count; i++) {
        Str fields[MOST_FIELDS];
        uint32_t fields_count = split(paths[i], fields);
        Edit edit;
        assert_true(edit_yaml_set(r.source, &documents[0].root, fields, fields_count, &value,
                                  r.arena, &edit));
        assert_true(edit_plan_add(&plan, &edit, 1));
    }
    assert_string_equal(str_copy_z(r.arena, edit_plan_apply(&plan, r.source->text, r.arena)),
                        expected);
    arena_free(r.arena);
}

static void new_keys_of_one_map_are_made_once(void **state)
{
    static const char *const paths[] = {"s.a", "s.b.c", "s.a", "s.b.d", "t"};

    (void)state;
    expect_plan("k: 1\n", paths, 5,
                "k: 1\ns:\n  a: true\n  b:\n    c: true\n    d: true\nt: true\n");
    expect_plan("{k: 1}\n", paths, 5, "{k: 1, s: {a: true, b: {c: true, d: true}}, t: true}\n");
}

static void maps_that_end_together_get_their_keys_from_inside_out(void **state)
{
    static const char *const paths[] = {"x", "k.x", "k.l.x"};

    (void)state;
    expect_plan("k:\n  l:\n    m: 1\n", paths, 3,
                "k:\n  l:\n    m: 1\n    x: true\n  x: true\nx: true\n");
    expect_plan("k:\n  l:\n    m: 1", paths, 3,
                "k:\n  l:\n    m: 1\n    x: true\n  x: true\nx: true");
    expect_plan("k: {l: {m: 1}}", paths, 3, "k: {l: {m: 1, x: true}, x: true}\nx: true");
}

static Edit text_edit(uint32_t start, uint32_t end, const char *text)
{
    return (Edit){.start = start, .end = end, .text = str_of(text)};
}

static void what_is_in_conflict_waits(void **state)
{
    Arena *arena = arena_new(1 << 20);
    EditPlan plan = edit_plan_new(arena);
    Edit word = text_edit(2, 5, "xyz"), other = text_edit(2, 5, "abc");
    Edit both[] = {text_edit(0, 1, "A"), text_edit(4, 6, "B")};
    Edit ends[] = {text_edit(2, 2, "<"), text_edit(5, 5, ">")};

    (void)state;
    assert_true(edit_plan_add(&plan, &word, 1));
    assert_true(edit_plan_add(&plan, &word, 1));
    assert_false(edit_plan_add(&plan, &other, 1));
    assert_false(edit_plan_add(&plan, both, 2));
    assert_true(edit_plan_add(&plan, ends, 2));
    assert_int_equal(plan.count, 3);
    assert_true(str_eq(edit_plan_apply(&plan, STR("0123456"), arena), STR("01<xyz>56")));
    arena_free(arena);
}

static void keys_with_two_values_are_in_conflict(void **state)
{
    Reading r = reading_of(STR("a: 1\n"), 1 << 20);
    EditPlan plan = edit_plan_new(r.arena);
    Node yes = node_make_bool(SPAN_NONE, true), no = node_make_bool(SPAN_NONE, false);
    Str path[] = {STR_INIT("s"), STR_INIT("x")};
    YamlDocument *documents;
    uint32_t count;
    Edit edit;

    (void)state;
    assert_true(yaml_read(r.source, &r.symbols, r.arena, &r.diags, &documents, &count));
    assert_true(edit_yaml_set(r.source, &documents[0].root, path, 2, &yes, r.arena, &edit));
    assert_true(edit_plan_add(&plan, &edit, 1));
    assert_true(edit_yaml_set(r.source, &documents[0].root, path, 2, &no, r.arena, &edit));
    assert_false(edit_plan_add(&plan, &edit, 1));
    assert_true(edit_yaml_set(r.source, &documents[0].root, path, 1, &no, r.arena, &edit));
    assert_false(edit_plan_add(&plan, &edit, 1));
    arena_free(r.arena);
}

/* Some edits of a text of `size` bytes, in order, that do not touch. */
static EditPlan some_plan(Arena *arena, uint32_t size, uint32_t *seed)
{
    static const char *const texts[] = {"", "A", "BC", "DEFGH"};
    EditPlan plan = edit_plan_new(arena);
    uint32_t at = 0;

    for (;;) {
        uint32_t end;
        Edit edit;
        *seed = *seed * 1664525u + 1013904223u;
        at += (*seed >> 8) % 6;
        end = at + (*seed >> 12) % 4;
        if (end > size)
            return plan;
        edit = text_edit(at, end, texts[(*seed >> 16) % 4]);
        assert_true(edit_plan_add(&plan, &edit, 1));
        at = end + 1;
    }
}

static void two_plans_become_one(void **state)
{
    uint32_t seed = 1;

    (void)state;
    for (int i = 0; i < 2000; i++) {
        Arena *arena = arena_new((size_t)1 << 20);
        Str text = STR("abcdefghijklmnopqrstuvwxyz"), between, after;
        EditPlan plan = some_plan(arena, text.size, &seed), next;
        between = edit_plan_apply(&plan, text, arena);
        next = some_plan(arena, between.size, &seed);
        after = edit_plan_apply(&next, between, arena);
        assert_true(edit_plan_then(&plan, &next, between));
        assert_string_equal(str_copy_z(arena, edit_plan_apply(&plan, text, arena)),
                            str_copy_z(arena, after));
        arena_free(arena);
    }
}

static void what_is_written_leads_back_to_its_place(void **state)
{
    Arena *arena = arena_new((size_t)1 << 20);
    EditPlan plan = edit_plan_new(arena);
    Edit edits[] = {text_edit(2, 4, "xyz"), text_edit(6, 6, "+")};

    (void)state;
    assert_true(edit_plan_add(&plan, edits, 2));
    /* 01[23]45+6 is 01xyz45+6 */
    assert_int_equal(edit_plan_origin(&plan, 1), 1);
    assert_int_equal(edit_plan_origin(&plan, 2), 2);
    assert_int_equal(edit_plan_origin(&plan, 4), 2);
    assert_int_equal(edit_plan_origin(&plan, 5), 4);
    assert_int_equal(edit_plan_origin(&plan, 7), 6);
    assert_int_equal(edit_plan_origin(&plan, 8), 6);
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_plans_become_one),
        cmocka_unit_test(what_is_written_leads_back_to_its_place),
        cmocka_unit_test(keys_are_set_in_blocks_of_yaml),
        cmocka_unit_test(keys_are_set_in_braces),
        cmocka_unit_test(what_an_alias_or_a_merge_brings_is_not_edited),
        cmocka_unit_test(keys_are_taken_away_with_their_lines),
        cmocka_unit_test(arguments_are_set_in_blocks_of_hcl),
        cmocka_unit_test(nested_blocks_are_made_where_they_are_missing),
        cmocka_unit_test(words_change_only_where_they_stand_as_they_are),
        cmocka_unit_test(lines_go_above_the_comments_of_an_instruction_but_not_above_directives),
        cmocka_unit_test(new_keys_of_one_map_are_made_once),
        cmocka_unit_test(maps_that_end_together_get_their_keys_from_inside_out),
        cmocka_unit_test(what_is_in_conflict_waits),
        cmocka_unit_test(keys_with_two_values_are_in_conflict),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
