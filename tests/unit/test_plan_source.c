/* ir/plan_source: from a plan's addresses and attribute paths to the configuration. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "ir/plan_source.h"
#include "plan_text.h"

static const Symbols no_symbols;

static const struct {
    const char *path;
    const char *text;
} files[] = {
    {"infra/main.tf", "module \"net\" {\n"
                      "  source = \"./net\"\n"
                      "}\n"
                      "module \"far\" {\n"
                      "  source = \"example/far/aws\"\n"
                      "}\n"
                      "resource \"aws_x\" \"a\" {\n"
                      "  list = [\"one\", \"two\"]\n"
                      "  tags = { \"a.b\" = 1, plain = 2 }\n"
                      "  block {\n"
                      "    port = 1\n"
                      "  }\n"
                      "  dynamic \"block\" {\n"
                      "    for_each = local.ports\n"
                      "    content {\n"
                      "      port = block.value\n"
                      "    }\n"
                      "  }\n"
                      "  block {\n"
                      "    port = 2\n"
                      "  }\n"
                      "}\n"
                      "provider \"aws\" {\n"
                      "  alias  = \"west\"\n"
                      "  region = \"us-west-2\"\n"
                      "}\n"},
    {"infra/net/main.tf", "resource \"aws_y\" \"b\" {\n  size = 1\n}\n"},
};

static bool list_files(void *context, Str dir, Arena *arena, Str **names, uint32_t *count)
{
    (void)context;
    *names = ARENA_ARRAY(arena, Str, 2);
    for (uint32_t i = 0; *names && i < 2; i++) {
        Str path = str_of(files[i].path);
        if (str_starts(path, dir) && str_eq(str_from(path, dir.size), STR("/main.tf")))
            (*names)[(*count)++] = STR("main.tf");
    }
    return *names != NULL;
}

static bool read_file(void *context, Str path, Arena *arena, Str *text)
{
    (void)context;
    (void)arena;
    for (uint32_t i = 0; i < 2; i++) {
        if (str_eq(path, str_of(files[i].path))) {
            *text = str_of(files[i].text);
            return true;
        }
    }
    return false;
}

static const TerraformFiles reach = {.list = list_files, .read = read_file};

static const char plan[] =
    "{'format_version': '1.2', 'resource_changes': ["
    "{'address': 'aws_x.a[0]', 'change': {'actions': ['create'], 'after':"
    " {'block': [{'port': 2}, {'port': 7}, {'port': 1}]}}},"
    "{'address': 'module.net[\\\"k\\\"].aws_y.b[\\\"j\\\"]',"
    " 'change': {'actions': ['create'], 'after': {'size': 1}}},"
    "{'address': 'module.gone.aws_y.b', 'change': {'actions': ['create'], 'after': {}}},"
    "{'address': 'aws_x.gone', 'change': {'actions': ['create'], 'after': {}}}],"
    "'configuration': {'provider_config': {'aws.west': {'name': 'aws', 'alias': 'west',"
    " 'expressions': {}}}, 'root_module': {'resources': [{'address': 'aws_x.a', 'expressions':"
    " {'block': [{'port': {'constant_value': 1}}, {'port': {'constant_value': 2}}]}}],"
    " 'module_calls': {'net': {}}}}}";

typedef struct Bench {
    Arena *arena;
    Unit unit;
    PlanSource *source;
} Bench;

static void set_bench(Bench *bench)
{
    Arena *arena = arena_new((size_t)1 << 24);

    bool read;

    assert_non_null(arena);
    *bench = (Bench){.arena = arena, .unit = plan_unit(arena, &no_symbols, NULL, plan, &read)};
    assert_true(read);
    bench->source = plan_source_new(&bench->unit, STR("infra"), &reach);
    assert_non_null(bench->source);
}

/* The text at the place, up to its line's end; empty where there is none. */
static Str text_at(Bench *bench, const char *address, const char *attribute)
{
    const Resource *resource = unit_find(&bench->unit, address);
    const Source *source;
    PlanPlace place;
    Str text, line;

    assert_non_null(resource);
    if (!plan_source_find(bench->source, resource, str_of(attribute), &place))
        return STR("");
    source = sources_get(&bench->unit.sources, place.at.source);
    text = str_sub(source->text, place.at.start, place.at.end - place.at.start);
    str_split(&text, '\n', &line);
    return line;
}

static void assert_at(Bench *bench, const char *address, const char *attribute, const char *line)
{
    Str text = text_at(bench, address, attribute);

    if (!str_eq(text, str_of(line)))
        fail_msg("%s of %s is at `%.*s`", attribute, address, STR_ARG(text));
}

static void attributes_are_found_as_deep_as_they_are_written(void **state)
{
    Bench bench;

    (void)state;
    set_bench(&bench);
    assert_at(&bench, "aws_x.a[0]", "", "resource \"aws_x\" \"a\" {");
    assert_at(&bench, "aws_x.a[0]", "absent.thing", "resource \"aws_x\" \"a\" {");
    assert_at(&bench, "aws_x.a[0]", "list", "list = [\"one\", \"two\"]");
    assert_at(&bench, "aws_x.a[0]", "list[1]", "\"two\"");
    assert_at(&bench, "aws_x.a[0]", "list[7]", "list = [\"one\", \"two\"]");
    assert_at(&bench, "aws_x.a[0]", "tags[\"a.b\"]", "\"a.b\" = 1");
    assert_at(&bench, "aws_x.a[0]", "tags.plain.more", "plain = 2");
    arena_free(bench.arena);
}

static void blocks_of_a_set_are_told_apart_by_their_constants(void **state)
{
    Bench bench;

    (void)state;
    set_bench(&bench);
    assert_at(&bench, "aws_x.a[0]", "block[0].port", "port = 2");
    assert_at(&bench, "aws_x.a[0]", "block[1].port", "port = block.value");
    assert_at(&bench, "aws_x.a[0]", "block[2].port", "port = 1");
    assert_at(&bench, "aws_x.a[0]", "block[1].absent", "dynamic \"block\" {");
    arena_free(bench.arena);
}

static void modules_lead_to_their_files_and_calls(void **state)
{
    Bench bench;
    PlanPlace place;

    (void)state;
    set_bench(&bench);
    assert_at(&bench, "module.net[\"k\"].aws_y.b[\"j\"]", "size", "size = 1");
    assert_true(plan_source_find(bench.source,
                                 unit_find(&bench.unit, "module.net[\"k\"].aws_y.b[\"j\"]"),
                                 STR("size"), &place));
    assert_int_equal(place.call.start, 0);
    assert_true(
        str_eq(sources_get(&bench.unit.sources, place.at.source)->path, STR("infra/net/main.tf")));
    assert_at(&bench, "module.gone.aws_y.b", "", "");
    assert_at(&bench, "aws_x.gone", "", "");
    assert_at(&bench, "aws.west", "region", "region = \"us-west-2\"");
    assert_true(plan_source_fits(bench.source));
    arena_free(bench.arena);
}

static void hostile_paths_end_somewhere(void **state)
{
    static const char *const paths[] = {
        "[",        "[\"",       "list[",       "list[99999999999999999999]",
        "..",       "block[0]]", "[0][0]",      "block.block[",
        "list.a.b", "tags[\"a",  "block[\"x\"]"};
    Bench bench;

    (void)state;
    set_bench(&bench);
    for (uint32_t i = 0; i < sizeof paths / sizeof *paths; i++)
        assert_true(text_at(&bench, "aws_x.a[0]", paths[i]).size > 0);
    arena_free(bench.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(attributes_are_found_as_deep_as_they_are_written),
        cmocka_unit_test(blocks_of_a_set_are_told_apart_by_their_constants),
        cmocka_unit_test(modules_lead_to_their_files_and_calls),
        cmocka_unit_test(hostile_paths_end_somewhere),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
