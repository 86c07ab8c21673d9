/* scan/ignore: the semantics of gitignore(5), alone and against git itself. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "scan/ignore.h"

static bool glob(const char *pattern, const char *path)
{
    return ignore_glob(str_of(pattern), str_of(path));
}

static void a_star_stays_within_its_directory(void **state)
{
    (void)state;
    assert_true(glob("*.yaml", "a.yaml"));
    assert_false(glob("*.yaml", "a/b.yaml"));
    assert_true(glob("a/*/c", "a/b/c"));
    assert_false(glob("a/*/c", "a/b/b/c"));
    assert_true(glob("*ab", "aab"));
    assert_false(glob("?", "/"));
}

static void two_stars_match_any_directories(void **state)
{
    (void)state;
    assert_true(glob("**/c", "c"));
    assert_true(glob("**/c", "a/b/c"));
    assert_true(glob("a/**/c", "a/c"));
    assert_true(glob("a/**/c", "a/x/y/c"));
    assert_true(glob("a/**", "a/x/y"));
    assert_false(glob("a/**", "a"));
    assert_true(glob("a**c", "abbc"));
    assert_false(glob("a**c", "ab/bc"));
    assert_true(glob("**/a/**/b/*.c", "x/a/y/a/z/b/q.c"));
}

static void brackets_and_escapes_are_read(void **state)
{
    (void)state;
    assert_true(glob("[a-c]x", "bx"));
    assert_false(glob("[!a-c]x", "bx"));
    assert_true(glob("[^a-c]x", "dx"));
    assert_true(glob("[]a]", "]"));
    assert_true(glob("[[:digit:]]", "7"));
    assert_false(glob("[[:digit:]]", "a"));
    assert_false(glob("[!a]", "/"));
    assert_true(glob("\\*", "*"));
    assert_false(glob("\\*", "a"));
    assert_false(glob("a\\", "a"));
    assert_false(glob("[a", "a"));
    assert_true(glob("[\\]]", "]"));
}

static void many_stars_take_no_long_time(void **state)
{
    char text[2001];

    (void)state;
    memset(text, 'a', 2000);
    text[2000] = '\0';
    assert_false(glob("*a*a*a*a*a*a*a*a*a*a*a*a*b", text));
    assert_false(glob("**/*a*a*a*a*a*a/**/*a*a*a*b", text));
}

static void the_last_pattern_decides(void **state)
{
    Arena *arena = arena_new(1 << 20);
    IgnoreLevel *top = ignore_level_new(NULL, STR(""), arena);
    IgnoreLevel *sub = ignore_level_new(top, STR("sub"), arena);

    (void)state;
    ignore_read(top, STR("*.log\n!keep.log\r\n# comment\n\\#x\nbuild/\n/only-top\ntrail \\ \n"),
                arena);
    ignore_read(sub, STR("!a.log\nkeep.log"), arena);
    assert_true(ignore_excludes(top, STR("x/a.log"), false));
    assert_false(ignore_excludes(top, STR("x/keep.log"), false));
    assert_true(ignore_excludes(top, STR("#x"), false));
    assert_true(ignore_excludes(top, STR("x/build"), true));
    assert_false(ignore_excludes(top, STR("x/build"), false));
    assert_true(ignore_excludes(top, STR("only-top"), false));
    assert_false(ignore_excludes(top, STR("x/only-top"), false));
    assert_true(ignore_excludes(top, STR("trail  "), false));
    assert_false(ignore_excludes(sub, STR("sub/a.log"), false));
    assert_true(ignore_excludes(sub, STR("sub/keep.log"), false));
    assert_false(ignore_excludes(NULL, STR("a"), false));
    arena_free(arena);
}

/* --- against git --- */

static const char *const directories[] = {
    "a",     "a/b",         "a/b/c",   "build", "a/build",   "doc",          "doc/frotz",
    "a/doc", "a/doc/frotz", "x y",     "logs",  "logs/deep", "logs/deep/er", "a/b/logs",
    "[odd]", "keep",        "keep/in",
};
static const char *const files[] = {
    "x.log", "keep.log",   "main.c",     "main.o", "foo", "bar",       "foo.txt", "#hash", "!bang",
    "a b ",  "debug0.log", "debugA.log", "*star",  "q?",  "file.yaml", ".hidden", "Z",
};
static const char top_patterns[] =
    "# top\n*.log\n!keep.log\n/foo\nbuild/\ndoc/frotz/\n**/logs/debug[0-9].log\n*.[oa]\n\\#hash\n"
    "\\!bang\na b\\ \n/a/**/c\nx\\ y\nfoo.*  "
    "\n!/a/foo.txt\n\\*star\n[[:upper:]]\nkeep/*\n!keep/in\n"
    "\\[odd\\]/main.c\n**/deep/**\n!**/deep/er\nq\\?\nlogs/**/bar\n";
static const char sub_patterns[] = "!x.log\n/bar\nb/foo\nc/\n.*\n!.hidden\n**/file.yaml\n";
static const char exclude_patterns[] = "bar\nmain.c\n!a/main.c\n";

static void write_file(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");

    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static void make_tree(void)
{
    char path[256];

    for (size_t i = 0; i < sizeof directories / sizeof *directories; i++)
        assert_int_equal(mkdir(directories[i], 0777), 0);
    for (size_t i = 0; i <= sizeof directories / sizeof *directories; i++)
        for (size_t j = 0; j < sizeof files / sizeof *files; j++) {
            snprintf(path, sizeof path, "%s/%s", i ? directories[i - 1] : ".", files[j]);
            write_file(path, "");
        }
    write_file(".gitignore", top_patterns);
    write_file("a/.gitignore", sub_patterns);
    write_file(".git/info/exclude", exclude_patterns);
}

static void walk(const IgnoreLevel *level, const char *folder, Arena *arena, FILE *out)
{
    const char *path = *folder ? folder : ".";
    DIR *dir = opendir(path);
    struct dirent *entry;

    assert_non_null(dir);
    if (strcmp(folder, "a") == 0) {
        IgnoreLevel *own = ignore_level_new(level, STR("a"), arena);
        ignore_read(own, str_of(sub_patterns), arena);
        level = own;
    }
    while ((entry = readdir(dir))) {
        char name[512];
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0 ||
            strcmp(entry->d_name, ".git") == 0)
            continue;
        snprintf(name, sizeof name, "%s%s%s", folder, *folder ? "/" : "", entry->d_name);
        if (ignore_excludes(level, str_of(name), entry->d_type == DT_DIR))
            continue;
        if (entry->d_type == DT_DIR)
            walk(level, name, arena, out);
        else
            fprintf(out, "%s\n", name);
    }
    closedir(dir);
}

static void it_agrees_with_git(void **state)
{
    char folder[] = "/tmp/plumb-ignore-XXXXXX";
    char command[128];
    Arena *arena = arena_new(1 << 20);
    IgnoreLevel *exclude = ignore_level_new(NULL, STR(""), arena);
    IgnoreLevel *top = ignore_level_new(exclude, STR(""), arena);
    FILE *out;

    (void)state;
    if (system("git --version >/dev/null 2>&1") != 0)
        skip();
    assert_non_null(mkdtemp(folder));
    assert_int_equal(chdir(folder), 0);
    assert_int_equal(system("git init -q . && mkdir -p .git/info"), 0);
    make_tree();
    ignore_read(exclude, str_of(exclude_patterns), arena);
    ignore_read(top, str_of(top_patterns), arena);
    out = fopen(".git/ours", "w");
    walk(top, "", arena, out);
    fclose(out);
    assert_int_equal(system("find . -type f ! -path './.git/*' | sed 's,^./,,' | sort > .git/all; "
                            "git -c core.excludesFile= check-ignore --no-index --stdin < .git/all "
                            "> .git/ignored; sort .git/ignored | comm -23 .git/all - > .git/git; "
                            "sort .git/ours | diff .git/git - >&2"),
                     0);
    assert_int_equal(chdir("/"), 0);
    snprintf(command, sizeof command, "rm -rf %s", folder);
    assert_int_equal(system(command), 0);
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_star_stays_within_its_directory),
        cmocka_unit_test(two_stars_match_any_directories),
        cmocka_unit_test(brackets_and_escapes_are_read),
        cmocka_unit_test(many_stars_take_no_long_time),
        cmocka_unit_test(the_last_pattern_decides),
        cmocka_unit_test(it_agrees_with_git),
    };

    setenv("LC_ALL", "C", 1);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
