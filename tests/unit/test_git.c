/* git/: the interface of libgit2 that plumb declares by itself is that of <git2.h>; trees as lists.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <git2.h>

#include "base/limits.h"
#include "git/repository.h"
#include "scan/known.h"

#define SAME_PLACE(mine, theirs, part, other)                                                      \
    _Static_assert(offsetof(mine, part) == offsetof(theirs, other), #part);                        \
    _Static_assert(sizeof((mine){0}.part) == sizeof((theirs){0}.other), #part)

SAME_PLACE(GitIndexTime, git_index_time, seconds, seconds);
SAME_PLACE(GitIndexTime, git_index_time, nanoseconds, nanoseconds);
SAME_PLACE(GitIndexEntry, git_index_entry, ctime, ctime);
SAME_PLACE(GitIndexEntry, git_index_entry, mtime, mtime);
SAME_PLACE(GitIndexEntry, git_index_entry, inode, ino);
SAME_PLACE(GitIndexEntry, git_index_entry, mode, mode);
SAME_PLACE(GitIndexEntry, git_index_entry, size, file_size);
SAME_PLACE(GitIndexEntry, git_index_entry, id, id);
SAME_PLACE(GitIndexEntry, git_index_entry, flags, flags);
SAME_PLACE(GitIndexEntry, git_index_entry, flags_extended, flags_extended);
SAME_PLACE(GitIndexEntry, git_index_entry, path, path);
SAME_PLACE(GitLibError, git_error, message, message);
_Static_assert(sizeof(GitIndexEntry) == sizeof(git_index_entry), "an entry of the index");
_Static_assert(sizeof(GitId) == sizeof(git_oid), "a hash");
_Static_assert(GIT_LIB_AMBIGUOUS == GIT_EAMBIGUOUS, "an error");
_Static_assert(GIT_LIB_COMMIT == GIT_OBJECT_COMMIT, "a type");
_Static_assert(GIT_LIB_TREE == GIT_OBJECT_TREE, "a type");
_Static_assert(GIT_LIB_BLOB == GIT_OBJECT_BLOB, "a type");
_Static_assert(GIT_LIB_OPT_OWNER_VALIDATION == GIT_OPT_SET_OWNER_VALIDATION, "an option");

/* --- trees --- */

static void the_library_is_found(void **state)
{
    Arena *arena = arena_new(LIMIT_UNIT_BYTES);
    DiagSink diags = diags_new(arena);
    LibGit2 lib;

    (void)state;
    assert_true(libgit2_open(&lib, &diags));
    assert_int_equal(diags.count, 0);
    libgit2_close(&lib);
    libgit2_close(&lib);
    arena_free(arena);
}

static GitTree make_tree(GitEntry *entries, uint32_t count)
{
    return (GitTree){.entries = entries, .count = count};
}

static void a_path_is_found_in_a_tree(void **state)
{
    GitEntry entries[] = {{.path = STR_INIT("a-b")},
                          {.path = STR_INIT("a/b")},
                          {.path = STR_INIT("a/c/d")},
                          {.path = STR_INIT("a0")}};
    GitTree tree = make_tree(entries, 4);

    (void)state;
    assert_ptr_equal(git_tree_find(&tree, STR("a/b")), &entries[1]);
    assert_null(git_tree_find(&tree, STR("a")));
    assert_null(git_tree_find(&tree, STR("")));
    assert_null(git_tree_find(&tree, STR("b")));
    assert_int_equal(git_tree_lower(&tree, STR("a/")), 1);
}

static void a_folder_of_a_tree_is_a_tree(void **state)
{
    GitEntry entries[] = {{.path = STR_INIT("a-b")},
                          {.path = STR_INIT("a/b")},
                          {.path = STR_INIT("a/c/d")},
                          {.path = STR_INIT("a0")}};
    GitTree tree = make_tree(entries, 4), below;
    Arena *arena = arena_new(LIMIT_UNIT_BYTES);

    (void)state;
    assert_true(git_tree_below(&tree, STR("a"), arena, &below));
    assert_int_equal(below.count, 2);
    assert_true(str_eq(below.entries[0].path, STR("b")));
    assert_true(str_eq(below.entries[1].path, STR("c/d")));
    assert_true(git_tree_below(&tree, STR("x"), arena, &below));
    assert_int_equal(below.count, 0);
    arena_free(arena);
}

static void an_id_is_forty_digits(void **state)
{
    GitId id = {{0x00, 0x9f, 0xa0, 0xff}};
    Arena *arena = arena_new(LIMIT_UNIT_BYTES);

    (void)state;
    assert_true(str_eq(git_id_text(&id, arena), STR("009fa0ff00000000000000000000000000000000")));
    arena_free(arena);
}

/* --- known findings --- */

static const char *print_of(char digit)
{
    static char texts[16][FINGERPRINT_DIGITS + 1];
    static unsigned next;
    char *text = texts[next++ % 16];

    memset(text, digit, FINGERPRINT_DIGITS);
    text[FINGERPRINT_DIGITS] = '\0';
    return text;
}

static void one_entry_stands_for_one_finding(void **state)
{
    Arena *arena = arena_new(LIMIT_UNIT_BYTES);
    KnownSet set = known_new(arena);

    (void)state;
    known_add(&set, print_of('b'), print_of('1'), false);
    known_add(&set, print_of('a'), print_of('2'), false);
    known_add(&set, print_of('a'), print_of('3'), false);
    assert_true(known_seal(&set));
    assert_false(known_may_move(&set));
    assert_int_equal(known_take(&set, print_of('a'))->number, 1);
    assert_int_equal(known_take(&set, print_of('a'))->number, 2);
    assert_null(known_take(&set, print_of('a')));
    assert_null(known_take(&set, print_of('c')));
    assert_null(known_take_moved(&set, print_of('1')));
    arena_free(arena);
}

static void a_finding_moves_only_where_nothing_is_like_it(void **state)
{
    Arena *arena = arena_new(LIMIT_UNIT_BYTES);
    KnownSet set = known_new(arena);

    (void)state;
    known_add(&set, print_of('a'), print_of('1'), true);
    known_add(&set, print_of('b'), print_of('2'), false);
    known_add(&set, print_of('c'), print_of('3'), true);
    known_add(&set, print_of('d'), print_of('3'), true);
    known_add(&set, print_of('e'), print_of('4'), true);
    assert_true(known_seal(&set));
    known_see(&set, print_of('1'));
    known_see(&set, print_of('2'));
    known_see(&set, print_of('3'));
    known_see(&set, print_of('4'));
    known_see(&set, print_of('4'));
    assert_true(known_has_moved(&set, print_of('1')));
    assert_int_equal(known_take_moved(&set, print_of('1'))->number, 0);
    assert_null(known_take_moved(&set, print_of('1'))); /* used */
    assert_null(known_take_moved(&set, print_of('2'))); /* its file is there */
    assert_null(known_take_moved(&set, print_of('3'))); /* two were alike */
    assert_null(known_take_moved(&set, print_of('4'))); /* two are alike */
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_library_is_found),
        cmocka_unit_test(a_path_is_found_in_a_tree),
        cmocka_unit_test(a_folder_of_a_tree_is_a_tree),
        cmocka_unit_test(an_id_is_forty_digits),
        cmocka_unit_test(one_entry_stands_for_one_finding),
        cmocka_unit_test(a_finding_moves_only_where_nothing_is_like_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
