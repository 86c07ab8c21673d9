/* Keys that stand twice in a map. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#include "syntax/keys.h"

#define MOST 300

typedef struct Map {
    char texts[MOST][16];
    Entry entries[MOST];
    uint32_t count;
} Map;

/* Its value is its position, as a place. Plain, it stands in a text without quotes. */
static void add(Map *map, const char *key, Symbol symbol)
{
    uint32_t at = map->count++;
    int size = snprintf(map->texts[at], sizeof map->texts[at], "%s", key);

    map->entries[at] = (Entry){.key = map->texts[at],
                               .key_size = (uint32_t)size,
                               .symbol = symbol,
                               .key_start = 0,
                               .key_end = (uint32_t)size,
                               .value = {.start = at}};
}

/* Keys of which every third is a symbol. */
static void add_keys(Map *map, uint32_t from, uint32_t to)
{
    char key[16];

    for (uint32_t i = from; i < to; i++) {
        snprintf(key, sizeof key, "k%u", i);
        add(map, key, i % 3 == 0 ? i + 1 : SYMBOL_NONE);
    }
}

static void count_repeated(void *context, const Entry *entry)
{
    (void)entry;
    ++*(uint32_t *)context;
}

static void the_last_of_equal_keys_counts_in_maps_of_any_size(void **state)
{
    static const uint32_t sizes[] = {2, 7, 60, 63, 64, 65, 200};
    Map map;

    (void)state;
    for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
        uint32_t size = sizes[s], repeated = 0;
        map.count = 0;
        add_keys(&map, 0, size);
        add_keys(&map, 0, 2);
        assert_true(keys_close(map.entries, &map.count, count_repeated, &repeated));
        assert_int_equal(map.count, size);
        assert_int_equal(repeated, 2);
        for (uint32_t i = 0; i < size; i++)
            assert_int_equal(map.entries[i].value.start, i < 2 ? size + i : i);
    }
}

static void distinct_keys_are_left_as_they_are(void **state)
{
    Map map;

    (void)state;
    for (uint32_t size = 0; size < MOST; size += 23) {
        map.count = 0;
        add_keys(&map, 0, size);
        assert_true(keys_close(map.entries, &map.count, NULL, NULL));
        assert_int_equal(map.count, size);
    }
}

static void plain_merges_may_repeat(void **state)
{
    static const uint32_t sizes[] = {1, 10, 100};
    Map map;

    (void)state;
    for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
        map.count = 0;
        add(&map, "<<", SYMBOL_NONE);
        add_keys(&map, 0, sizes[s]);
        add(&map, "<<", SYMBOL_NONE);
        add(&map, "k0", 1);
        assert_true(keys_close(map.entries, &map.count, NULL, NULL));
        assert_int_equal(map.count, sizes[s] + 2);
        assert_int_equal(map.entries[1].value.start, sizes[s] + 2);
    }
}

static void quoted_merges_are_keys_like_others(void **state)
{
    Map map;

    (void)state;
    map.count = 0;
    add(&map, "<<", SYMBOL_NONE);
    add(&map, "<<", SYMBOL_NONE);
    add(&map, "<<", SYMBOL_NONE);
    map.entries[1].key_end = map.entries[2].key_end = 4;
    assert_true(keys_close(map.entries, &map.count, NULL, NULL));
    assert_int_equal(map.count, 2);
    assert_int_equal(map.entries[1].value.start, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_last_of_equal_keys_counts_in_maps_of_any_size),
        cmocka_unit_test(distinct_keys_are_left_as_they_are),
        cmocka_unit_test(plain_merges_may_repeat),
        cmocka_unit_test(quoted_merges_are_keys_like_others),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
