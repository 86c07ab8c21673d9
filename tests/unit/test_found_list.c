/* scan/found_list: files come out of the list as they went in. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "scan/found_list.h"

static void assert_texts(const Str *a, uint32_t count, const Str *b, uint32_t other)
{
    assert_int_equal(count, other);
    assert_int_equal(a != NULL, b != NULL);
    for (uint32_t i = 0; i < count; i++)
        assert_true(str_eq(a[i], b[i]));
}

static void assert_same(const FoundFile *a, const FoundFile *b)
{
    assert_true(str_eq(a->path, b->path));
    assert_int_equal(a->path.data[a->path.size], '\0');
    assert_int_equal(a->root, b->root);
    assert_int_equal(a->name, b->name);
    assert_int_equal(a->given, b->given);
    assert_true(a->size == b->size);
    assert_true(str_eq(a->hadolint, b->hadolint));
    assert_int_equal(a->value_count, b->value_count);
    assert_int_equal(a->context_count, b->context_count);
    assert_ptr_equal(a->chart, b->chart);
    assert_int_equal(a->render, b->render);
    assert_texts(a->members, a->member_count, b->members, b->member_count);
    assert_texts(a->only, a->only_count, b->only, b->only_count);
    assert_texts(a->names, a->name_count, b->names, b->name_count);
    assert_texts(a->plans, a->plan_count, b->plans, b->plan_count);
}

static void files_come_out_as_they_went_in(void **state)
{
    static const int chart;
    Str members[] = {STR("infra/prod/a.tf"), STR("infra/prod/b.tf"), STR("infra/prod/x.tfvars")};
    Str names[] = {STR(""), STR("README.md"), STR("main.tf")};
    FoundFile files[] = {
        {.path = STR("infra/a.yaml"), .name = NAME_YAML, .given = true},
        {.path = STR("infra/prod/a.tf"),
         .root = 300,
         .name = NAME_TERRAFORM,
         .members = members,
         .member_count = 3,
         .value_count = 1,
         .context_count = 2,
         .names = names,
         .name_count = 3,
         .plans = names,
         .only = names},
        {.path = STR("infra/prod/Dockerfile"),
         .hadolint = STR("infra/.hadolint.yaml"),
         .size = (uint64_t)1 << 40,
         .chart = (const struct ChartOptions *)(const void *)&chart,
         .render = 128},
        {.path = STR("z"), .only = names, .only_count = 2},
    };
    uint32_t count = sizeof files / sizeof *files;
    Arena *arena = arena_new((size_t)1 << 20);
    FoundList list = {0};
    FoundFile file;

    (void)state;
    for (uint32_t i = 0; i < count; i++)
        assert_true(found_list_add(&list, &files[i]));
    for (uint32_t i = 0; i < count; i++) {
        assert_true(found_list_take(&list, arena, &file));
        assert_same(&file, &files[i]);
    }
    assert_false(found_list_take(&list, arena, &file));
    found_list_free(&list);
    arena_free(arena);
}

static void where_memory_is_short_nothing_is_left(void **state)
{
    Str members[] = {STR("a\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff.yaml"), STR("b.yaml")};
    FoundFile file = {.path = STR("a.yaml"), .members = members, .member_count = 2}, taken;
    Arena *small = arena_new(32), *arena = arena_new((size_t)1 << 20);
    FoundList list = {0};

    (void)state;
    for (uint32_t i = 0; i < 2; i++)
        assert_true(found_list_add(&list, &file));
    assert_false(found_list_take(&list, small, &taken));
    assert_true(arena_spent(small));
    assert_false(found_list_take(&list, arena, &taken));
    found_list_free(&list);
    arena_free(small);
    arena_free(arena);
}

static size_t bytes_of(const FoundList *list)
{
    size_t size = 0;

    for (const FoundChunk *chunk = list->first; chunk; chunk = chunk->next)
        size += chunk->bytes.size;
    return size;
}

static void what_was_taken_is_given_back(void **state)
{
    Arena *arena = arena_new((size_t)1 << 22);
    FoundList list = {0};
    FoundFile file = {0};
    size_t full;

    (void)state;
    for (uint32_t i = 0; i < 20000; i++) {
        file.path = str_format(arena, "clusters/%u.yaml", i);
        assert_true(found_list_add(&list, &file));
    }
    full = bytes_of(&list);
    for (uint32_t i = 0; i < 15000; i++)
        assert_true(found_list_take(&list, arena, &file));
    assert_true(bytes_of(&list) < full / 2);
    assert_true(str_eq(file.path, STR("clusters/14999.yaml")));
    found_list_free(&list);
    arena_free(arena);
}

static void paths_in_order_take_little(void **state)
{
    Arena *arena = arena_new((size_t)1 << 20);
    FoundList list = {0};
    FoundFile file = {0};

    (void)state;
    for (uint32_t i = 0; i < 1000; i++) {
        file.path = str_format(arena, "clusters/production/europe/applications/web-%03u.yaml", i);
        assert_true(found_list_add(&list, &file));
    }
    assert_true(bytes_of(&list) < 24000);
    for (uint32_t i = 0; i < 1000; i++)
        assert_true(found_list_take(&list, arena, &file));
    assert_true(str_eq(file.path, STR("clusters/production/europe/applications/web-999.yaml")));
    found_list_free(&list);
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_come_out_as_they_went_in),
        cmocka_unit_test(where_memory_is_short_nothing_is_left),
        cmocka_unit_test(what_was_taken_is_given_back),
        cmocka_unit_test(paths_in_order_take_little),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
