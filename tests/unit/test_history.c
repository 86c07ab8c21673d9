#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>
#include <sqlite3.h>

#include "scan/history.h"
#include "store/database.h"
#include "store/locked_file.h"

#define ARENA_BYTES ((size_t)64 << 20)

/* What is declared of SQLite is what its own header has. */
#define FUNCTION(result, name, arguments)                                                          \
    _Static_assert(                                                                                \
        __builtin_types_compatible_p(__typeof__(((Sqlite *)0)->name), __typeof__(&name)), #name);
#include "store/sqlite.def"
#undef FUNCTION

typedef struct Fixture {
    char folder[32];
    Arena *arena;
    Str path;
    ProblemList problems;
} Fixture;

static int set_up(void **state)
{
    Fixture *fixture = calloc(1, sizeof *fixture);

    strcpy(fixture->folder, "/tmp/plumb-history-XXXXXX");
    fixture->arena = arena_new(ARENA_BYTES);
    fixture->problems = problem_list(fixture->arena);
    *state = fixture;
    if (!mkdtemp(fixture->folder))
        return -1;
    fixture->path = str_format(fixture->arena, "%s/h.db", fixture->folder);
    return 0;
}

static void remove_file(Fixture *fixture, const char *suffix)
{
    unlink(str_copy_z(fixture->arena,
                      str_format(fixture->arena, "%s/h.db%s", fixture->folder, suffix)));
}

static int tear_down(void **state)
{
    Fixture *fixture = *state;

    remove_file(fixture, "");
    remove_file(fixture, ".damaged");
    rmdir(fixture->folder);
    arena_free(fixture->arena);
    free(fixture);
    return 0;
}

static HistoryEntry entry(int64_t time, const char *name, const char *branch, int32_t overall)
{
    HistoryEntry entry = {.time = time,
                          .name = str_of(name),
                          .branch = str_of(branch),
                          .commit = STR("abc"),
                          .score = {.version = STR("score/v1"),
                                    .ruleset = STR("2026.1#1"),
                                    .selection = STR("2"),
                                    .overall = overall},
                          .failed = {0, 2, 3, 4, 5}};

    for (int i = 0; i < SCORE_CATEGORIES; i++)
        entry.score.categories[i] = i - 1;
    return entry;
}

static void keep(Fixture *fixture, int64_t time, const char *name, const char *branch,
                 int32_t overall)
{
    HistoryEntry one = entry(time, name, branch, overall);

    assert_true(history_record(fixture->path, &one, fixture->arena, &fixture->problems));
}

static History read_all(Fixture *fixture, const char *name, const char *branch, uint32_t most)
{
    HistoryQuery query = {str_of(name), str_of(branch), most};
    History history;

    assert_true(history_read(fixture->path, &query, fixture->arena, &fixture->problems, &history));
    return history;
}

static void what_is_recorded_is_read(void **state)
{
    Fixture *fixture = *state;
    History history;

    keep(fixture, 1767225600, "it's; DROP TABLE scan --", "main", 62);
    history = read_all(fixture, "", "", 10);
    assert_int_equal(history.count, 1);
    assert_int_equal(history.entries[0].time, 1767225600);
    assert_true(str_eq(history.entries[0].name, STR("it's; DROP TABLE scan --")));
    assert_true(str_eq(history.entries[0].commit, STR("abc")));
    assert_true(str_eq(history.entries[0].score.selection, STR("2")));
    assert_int_equal(history.entries[0].score.overall, 62);
    assert_int_equal(history.entries[0].score.categories[0], -1);
    assert_int_equal(history.entries[0].score.categories[6], 5);
    assert_int_equal(history.entries[0].failed[SEVERITY_CRITICAL], 5);
    assert_int_equal(fixture->problems.count, 0);
}

static void the_last_scans_of_each_name_come_oldest_first(void **state)
{
    Fixture *fixture = *state;
    History history;

    for (int i = 0; i < 5; i++) {
        keep(fixture, i, "b", "main", 10 + i);
        keep(fixture, i, "a", i % 2 ? "main" : "other", 20 + i);
    }
    history = read_all(fixture, "", "", 2);
    assert_int_equal(history.count, 4);
    assert_int_equal(history.entries[0].score.overall, 23);
    assert_int_equal(history.entries[1].score.overall, 24);
    assert_int_equal(history.entries[3].score.overall, 14);
    history = read_all(fixture, "a", "main", 9);
    assert_int_equal(history.count, 2);
    assert_int_equal(history.entries[1].score.overall, 23);
}

static void a_damaged_file_is_put_aside_with_a_warning(void **state)
{
    Fixture *fixture = *state;
    FILE *file = fopen(str_copy_z(fixture->arena, fixture->path), "w");

    assert_non_null(file);
    fputs("no database", file);
    fclose(file);
    keep(fixture, 1, "a", "", 50);
    assert_int_equal(fixture->problems.count, 1);
    assert_int_equal(fixture->problems.items[0].level, DIAG_WARNING);
    assert_int_equal(read_all(fixture, "", "", 9).count, 1);
}

static void a_history_that_is_not_there_is_an_error(void **state)
{
    Fixture *fixture = *state;
    HistoryQuery query = {.most = 1};
    History history;

    assert_false(history_read(fixture->path, &query, fixture->arena, &fixture->problems, &history));
    assert_int_equal(fixture->problems.errors, 1);
}

static void a_trend_begins_where_the_rules_are_the_same(void **state)
{
    HistoryEntry entries[] = {entry(1, "a", "", 90), entry(2, "a", "", 40), entry(3, "a", "", -1),
                              entry(4, "a", "", 55)};
    HistoryTrend trend;

    (void)state;
    entries[0].score.ruleset = STR("2025.1#1");
    trend = history_trend(entries, 4, SCORE_CATEGORIES);
    assert_int_equal(trend.count, 3);
    assert_int_equal(trend.judged, 2);
    assert_int_equal(trend.first, 40);
    assert_int_equal(trend.last, 55);
    assert_int_equal(trend.least, 40);
    assert_int_equal(trend.most, 55);
    assert_int_equal(history_trend(entries, 0, 0).count, 0);
}

static void a_lock_is_that_of_the_file_that_has_the_name(void **state)
{
    Fixture *fixture = *state;
    const char *path = str_copy_z(fixture->arena, fixture->path);
    LockedFile file;
    Str name;

    assert_true(locked_file_open(&file, path));
    name = locked_file_set_aside(&file, fixture->arena);
    assert_true(str_ends(name, STR("h.db.damaged")));
    assert_int_equal(access(path, F_OK), 0);
    locked_file_close(&file);
    assert_false(locked_file_open(&file, fixture->folder));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_is_recorded_is_read, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_last_scans_of_each_name_come_oldest_first, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_damaged_file_is_put_aside_with_a_warning, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_history_that_is_not_there_is_an_error, set_up, tear_down),
        cmocka_unit_test(a_trend_begins_where_the_rules_are_the_same),
        cmocka_unit_test_setup_teardown(a_lock_is_that_of_the_file_that_has_the_name, set_up,
                                        tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
