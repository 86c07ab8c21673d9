/* tests/unit/test_arena.c - base/arena.c and base/buf.c */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/buf.h"

static void what_is_allocated_is_zeroed_and_aligned(void **state)
{
    Arena *arena = arena_new(1 << 20);

    (void)state;
    for (size_t size = 1; size < 500; size += 7) {
        unsigned char *bytes = arena_alloc(arena, 1, size);
        assert_non_null(bytes);
        assert_int_equal((uintptr_t)bytes % 16, 0);
        for (size_t i = 0; i < size; i++)
            assert_int_equal(bytes[i], 0);
        memset(bytes, 0xff, size);
    }
    arena_free(arena);
}

static void a_spent_arena_stays_spent_until_it_is_emptied(void **state)
{
    Arena *arena = arena_new(1000);

    (void)state;
    assert_null(arena_alloc(arena, 1, 1001));
    assert_true(arena_spent(arena));
    assert_null(arena_alloc(arena, 1, 1));
    arena_rewind(arena, 0);
    assert_false(arena_spent(arena));
    assert_non_null(arena_alloc(arena, 1, 1));
    arena_free(arena);
}

static void what_a_spent_arena_holds_does_not_grow(void **state)
{
    Arena *arena = arena_new(1 << 20);
    uint32_t capacity = 0;
    char *bytes = arena_grow(arena, NULL, 0, &capacity, 100, 1);

    (void)state;
    assert_null(arena_alloc(arena, 1, 2 << 20));
    assert_null(arena_grow(arena, bytes, 100, &capacity, 101, 1));
    assert_int_equal(capacity, 100);
    assert_ptr_equal(arena_grow(arena, bytes, 50, &capacity, 100, 1), bytes);
    arena_free(arena);
}

static void an_overflowing_product_spends_the_arena(void **state)
{
    Arena *arena = arena_new(SIZE_MAX / 2);

    (void)state;
    assert_null(arena_alloc(arena, SIZE_MAX / 4, 8));
    assert_true(arena_spent(arena));
    arena_free(arena);
}

static void a_rewound_arena_hands_out_the_same_memory(void **state)
{
    Arena *arena = arena_new(1 << 20);
    char *kept = arena_alloc(arena, 1, 100);
    size_t mark = arena_mark(arena);

    (void)state;
    kept[0] = 'k';
    for (int round = 0; round < 3; round++) {
        for (int i = 0; i < 200; i++)
            assert_non_null(arena_alloc(arena, 1, 333));
        arena_rewind(arena, mark);
        assert_int_equal(arena_mark(arena), mark);
        assert_int_equal(kept[0], 'k');
    }
    arena_free(arena);
}

static void growing_keeps_what_is_in_use(void **state)
{
    Arena *arena = arena_new(1 << 24);
    uint32_t capacity = 0;
    uint32_t *numbers = NULL;

    (void)state;
    for (uint32_t i = 0; i < 5000; i++) {
        numbers = arena_grow(arena, numbers, i, &capacity, i + 1u, sizeof *numbers);
        assert_non_null(numbers);
        numbers[i] = i;
        if (i % 100 == 0)
            assert_non_null(arena_alloc(arena, 1, 1)); /* so that it can't always grow in place */
    }
    for (uint32_t i = 0; i < 5000; i++)
        assert_int_equal(numbers[i], i);
    arena_free(arena);
}

#ifndef PLUMB_CHECKED_ARENA
static void an_array_that_is_alone_leaves_nothing_behind(void **state)
{
    const uint32_t count = 1 << 20;
    Arena *arena = arena_new(1 << 24);
    uint32_t capacity = 0;
    uint8_t *bytes = NULL;

    (void)state;
    assert_non_null(arena_raw(arena, 100, 1));
    for (uint32_t i = 0; i < count; i++) {
        bytes = arena_grow(arena, bytes, i, &capacity, i + 1u, sizeof *bytes);
        assert_non_null(bytes);
        bytes[i] = (uint8_t)i;
    }
    for (uint32_t i = 0; i < count; i++)
        assert_int_equal(bytes[i], (uint8_t)i);
    assert_true(arena_mark(arena) < count + (64 << 10));
    arena_rewind(arena, 0);
    assert_non_null(arena_alloc(arena, count, 2));
    arena_free(arena);
}
#endif

static void the_limit_counts_all_that_is_handed_out(void **state)
{
    Arena *arena = arena_new(16 * 100);

    (void)state;
    for (int i = 0; i < 100; i++)
        assert_non_null(arena_alloc(arena, 1, 16));
    assert_null(arena_alloc(arena, 1, 1));
    arena_free(arena);
}

static void an_emptied_arena_can_be_trimmed(void **state)
{
    Arena *arena = arena_new(1 << 24);

    (void)state;
    for (int i = 0; i < 100; i++)
        assert_non_null(arena_alloc(arena, 1, 10000));
    arena_rewind(arena, 0);
    arena_trim(arena, 1 << 16);
    assert_non_null(arena_alloc(arena, 1, 100000));
    arena_free(arena);
}

static void text_grows_and_takes_code_points(void **state)
{
    Arena *arena = arena_new(1 << 20);
    Buf buf = buf_new(arena);

    (void)state;
    buf_add_z(&buf, "a");
    buf_add_codepoint(&buf, 0xe4);
    buf_add_codepoint(&buf, 0x20ac);
    buf_add_codepoint(&buf, 0x1f642);
    buf_printf(&buf, "%d-%s", 7, "x");
    assert_string_equal(str_copy_z(arena, buf_str(&buf)), "a\xc3\xa4\xe2\x82\xac\xf0\x9f\x99\x82"
                                                          "7-x");
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_allocated_is_zeroed_and_aligned),
        cmocka_unit_test(a_spent_arena_stays_spent_until_it_is_emptied),
        cmocka_unit_test(what_a_spent_arena_holds_does_not_grow),
        cmocka_unit_test(an_overflowing_product_spends_the_arena),
        cmocka_unit_test(a_rewound_arena_hands_out_the_same_memory),
        cmocka_unit_test(growing_keeps_what_is_in_use),
#ifndef PLUMB_CHECKED_ARENA
        cmocka_unit_test(an_array_that_is_alone_leaves_nothing_behind),
#endif
        cmocka_unit_test(the_limit_counts_all_that_is_handed_out),
        cmocka_unit_test(an_emptied_arena_can_be_trimmed),
        cmocka_unit_test(text_grows_and_takes_code_points),
    };

    return cmocka_run_group_tests_name("arena", tests, NULL, NULL);
}
