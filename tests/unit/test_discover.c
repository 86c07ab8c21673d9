/* scan/discover: which files a scan looks at. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/limits.h"
#include "scan/discover.h"

static char folder[] = "/tmp/plumb-discover-XXXXXX";

static void write_file(const char *path, const char *text)
{
    char command[256];
    FILE *file;

    snprintf(command, sizeof command, "mkdir -p \"$(dirname '%s')\"", path);
    assert_int_equal(system(command), 0);
    file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static int make_tree(void **state)
{
    (void)state;
    if (!mkdtemp(folder) || chdir(folder) != 0)
        return -1;
    mkdir(".git", 0777);
    write_file(".git/config.yaml", "");
    write_file(".git/info/exclude", "excluded.yaml\n");
    write_file(".gitignore", "build/\n*.tmp.yaml\n");
    write_file("b.yaml", "");
    write_file("a-b.yaml", "");
    write_file("a.yaml", "");
    write_file("a/z.yaml", "");
    write_file("a/Dockerfile", "");
    write_file("a/x.tmp.yaml", "");
    write_file("a/excluded.yaml", "");
    write_file("a/.plumbignore", "hidden/\n!x.tmp.yaml\n");
    write_file("a/hidden/h.yaml", "");
    write_file("a/readme.md", "");
    write_file("build/out.yaml", "");
    write_file("chart/Chart.yaml", "");
    write_file("chart/templates/sub/t.yaml", "");
    write_file("chart/crds/c.yaml", "");
    write_file(".terraform/m/main.tf", "");
    write_file("main.tf", "");
    write_file("variables.tf", "");
    write_file("terraform.tfvars", "");
    return symlink("/etc", "link") || symlink("b.yaml", "linked.yaml");
}

static int remove_tree(void **state)
{
    char command[128];

    (void)state;
    snprintf(command, sizeof command, "rm -rf %s", folder);
    return chdir("/") || system(command);
}

/* The files found, as a report shows them, a line each. */
static void expect(const char *const *arguments, uint32_t count, const DiscoverOptions *options,
                   const char *expected)
{
    Arena *arena = arena_new(1 << 24);
    Str paths[4];
    Discovery found;
    FoundFile file;
    Buf text = buf_new(arena);

    for (uint32_t i = 0; i < count; i++)
        paths[i] = str_of(arguments[i]);
    assert_true(discover_open(paths, count, options, arena, &found));
    while (discover_next(&found, arena, &file)) {
        buf_add(&text, discover_shown(&found.roots[file.root], file.path, arena));
        for (uint32_t i = 1; found_is_scope(&file) && i < file.member_count; i++) {
            buf_add(&text, i < file.member_count - file.context_count ? STR(" ") : STR(" ~"));
            buf_add(&text, discover_shown(&found.roots[file.root], file.members[i], arena));
        }
        buf_add_char(&text, '\n');
    }
    buf_add_char(&text, '\0');
    assert_string_equal(text.data, expected);
    discover_close(&found);
    arena_free(arena);
}

static void ignored_files_are_left_out(void **state)
{
    DiscoverOptions options = {0};

    (void)state;
    expect((const char *[]){"."}, 1, &options,
           "a-b.yaml a.yaml b.yaml\na/Dockerfile\na/x.tmp.yaml a/z.yaml\nchart/crds/c.yaml\n"
           "main.tf\n");
}

static void ignore_files_above_the_scanned_directory_count(void **state)
{
    DiscoverOptions options = {0};

    (void)state;
    expect((const char *[]){"a"}, 1, &options, "Dockerfile\nx.tmp.yaml z.yaml\n");
}

static void what_the_user_names_is_read_even_if_ignored(void **state)
{
    DiscoverOptions options = {0};

    (void)state;
    expect((const char *[]){"build/out.yaml"}, 1, &options, "build/out.yaml\n");
}

static void overlapping_arguments_give_a_file_once(void **state)
{
    DiscoverOptions options = {0};

    (void)state;
    expect((const char *[]){"a", "./a/z.yaml", "b.yaml"}, 3, &options,
           "a/Dockerfile\na/x.tmp.yaml ~a/z.yaml\na/z.yaml ~a/x.tmp.yaml\n"
           "b.yaml ~a.yaml ~a-b.yaml\n");
    expect((const char *[]){"a", "a/"}, 2, &options, "a/Dockerfile\na/x.tmp.yaml a/z.yaml\n");
}

static void manifests_that_the_user_names_are_met_once_with_all_beside_them(void **state)
{
    DiscoverOptions options = {0};

    (void)state;
    expect((const char *[]){"b.yaml", "a/z.yaml", "a-b.yaml"}, 3, &options,
           "b.yaml a-b.yaml ~a.yaml\na/z.yaml ~a/x.tmp.yaml\n");
}

static void manifests_that_the_user_does_not_want_are_context(void **state)
{
    Str only = STR("a.yaml");
    DiscoverOptions options = {.paths = &only, .path_count = 1};

    (void)state;
    expect((const char *[]){"."}, 1, &options, "a.yaml ~b.yaml ~a-b.yaml\n");
}

static void a_directory_with_too_many_manifests_falls_into_pieces(void **state)
{
    Arena *arena = arena_new(1 << 24);
    DiscoverOptions options = {0};
    Str path = STR("many");
    uint32_t pieces = 0, files = 0;
    Discovery found;
    FoundFile file;
    char name[64];

    (void)state;
    for (uint32_t i = 0; i <= LIMIT_SCOPE_FILES; i++) {
        snprintf(name, sizeof name, "many/%u.yaml", i);
        write_file(name, "");
    }
    assert_true(discover_open(&path, 1, &options, arena, &found));
    for (; discover_next(&found, arena, &file); pieces++)
        files += found_file_count(&file);
    assert_int_equal(pieces, 2);
    assert_int_equal(files, LIMIT_SCOPE_FILES + 1);
    assert_int_equal(found.files_seen, LIMIT_SCOPE_FILES + 1);
    discover_close(&found);
    arena_free(arena);
    assert_int_equal(system("rm -r many"), 0);
}

static void path_patterns_select(void **state)
{
    Str paths[] = {STR("a/"), STR("c.yaml")};
    Str skipped[] = {STR("*file")};
    DiscoverOptions options = {.paths = paths, .path_count = 2};

    (void)state;
    expect((const char *[]){"."}, 1, &options,
           "a/Dockerfile\na/x.tmp.yaml a/z.yaml\nchart/crds/c.yaml\n");
    options.skip_paths = skipped;
    options.skip_path_count = 1;
    expect((const char *[]){"."}, 1, &options, "a/x.tmp.yaml a/z.yaml\nchart/crds/c.yaml\n");
}

static void look_alikes_are_counted_with_a_reason(void **state)
{
    Arena *arena = arena_new(1 << 24);
    DiscoverOptions options = {0};
    Str path = STR(".");
    Discovery found;
    FoundFile file;

    (void)state;
    assert_true(discover_open(&path, 1, &options, arena, &found));
    while (discover_next(&found, arena, &file))
        ;
    assert_int_equal(found.ignored_count, 1);
    assert_true(str_eq(found.ignored[0].path, STR("chart/templates/sub/t.yaml")));
    assert_int_equal(found.diags.errors, 0);
    discover_close(&found);
    arena_free(arena);
}

static void the_terraform_files_of_a_directory_are_one_module(void **state)
{
    Arena *arena = arena_new(1 << 24);
    Str only = STR("*.tf*");
    DiscoverOptions options = {.paths = &only, .path_count = 1};
    Str path = STR(".");
    Discovery found;
    FoundFile file;

    (void)state;
    assert_true(discover_open(&path, 1, &options, arena, &found));
    assert_true(discover_next(&found, arena, &file));
    assert_int_equal(file.member_count, 3);
    assert_int_equal(file.value_count, 1);
    assert_true(str_eq(file.members[1], STR("variables.tf")));
    assert_true(str_eq(file.members[2], STR("terraform.tfvars")));
    assert_false(discover_next(&found, arena, &file));
    discover_close(&found);
    arena_free(arena);
}

static void a_scan_begun_inside_templates_knows_it(void **state)
{
    DiscoverOptions options = {0};

    (void)state;
    expect((const char *[]){"chart/templates/sub"}, 1, &options, "");
}

static void parts_of_a_kustomization_are_no_manifests(void **state)
{
    DiscoverOptions options = {0};

    (void)state;
    write_file("build/k/kustomization.yaml",
               "resources: [web.yaml]\npatches:\n- path: more/size.yaml\n- patch: |\n    a: b\n"
               "patchesStrategicMerge: [./env.yaml, \"a: b\\nc: d\", more]\n"
               "patchesJson6902: [{path: more/../more/ops.json}, {path: }, 3, [x]]\n");
    write_file("build/k/web.yaml", "");
    write_file("build/k/env.yaml", "");
    write_file("build/k/more/size.yaml", "");
    write_file("build/k/more/ops.json", "");
    write_file("build/k/more/pod.json", "");
    write_file("build/l/kustomization.yml", "patches: [{path: web.yaml\n");
    write_file("build/l/web.yaml", "");
    expect((const char *[]){"build/k"}, 1, &options, "kustomization.yaml\nmore/pod.json\n");
    expect((const char *[]){"build/k/more/size.yaml"}, 1, &options, "");
    expect((const char *[]){"build/k/web.yaml"}, 1, &options, "build/k/web.yaml\n");
    expect((const char *[]){"build/l"}, 1, &options, "kustomization.yml\nweb.yaml\n");
}

static void of_a_kustomization_that_is_ignored_only_patches_are_left(void **state)
{
    DiscoverOptions options = {0};

    (void)state;
    write_file("build/m/kustomization.yaml",
               "resources: [web.yaml]\npatches: [{path: env.yaml}]\n");
    write_file("build/m/web.yaml", "");
    write_file("build/m/env.yaml", "");
    write_file("build/m/.plumbignore", "kustomization.yaml\n");
    expect((const char *[]){"build/m"}, 1, &options, "web.yaml\n");
}

static void what_lies_outside_the_boundary_is_refused(void **state)
{
    Arena *arena = arena_new(1 << 24);
    DiscoverOptions options = {.boundary = STR("a")};
    Str path = STR("b.yaml");
    Discovery found;

    (void)state;
    assert_false(discover_open(&path, 1, &options, arena, &found));
    assert_int_equal(found.diags.errors, 1);
    assert_int_equal(found.diags.first->code, DIAG_PATH_ESCAPES);
    discover_close(&found);
    arena_free(arena);
}

static void a_missing_argument_is_an_error(void **state)
{
    Arena *arena = arena_new(1 << 24);
    DiscoverOptions options = {0};
    Str path = STR("nowhere");
    Discovery found;

    (void)state;
    assert_false(discover_open(&path, 1, &options, arena, &found));
    assert_int_equal(found.diags.first->code, DIAG_FILE_UNREADABLE);
    discover_close(&found);
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ignored_files_are_left_out),
        cmocka_unit_test(ignore_files_above_the_scanned_directory_count),
        cmocka_unit_test(what_the_user_names_is_read_even_if_ignored),
        cmocka_unit_test(overlapping_arguments_give_a_file_once),
        cmocka_unit_test(manifests_that_the_user_names_are_met_once_with_all_beside_them),
        cmocka_unit_test(manifests_that_the_user_does_not_want_are_context),
        cmocka_unit_test(a_directory_with_too_many_manifests_falls_into_pieces),
        cmocka_unit_test(path_patterns_select),
        cmocka_unit_test(look_alikes_are_counted_with_a_reason),
        cmocka_unit_test(the_terraform_files_of_a_directory_are_one_module),
        cmocka_unit_test(a_scan_begun_inside_templates_knows_it),
        cmocka_unit_test(parts_of_a_kustomization_are_no_manifests),
        cmocka_unit_test(of_a_kustomization_that_is_ignored_only_patches_are_left),
        cmocka_unit_test(what_lies_outside_the_boundary_is_refused),
        cmocka_unit_test(a_missing_argument_is_an_error),
    };

    return cmocka_run_group_tests(tests, make_tree, remove_tree);
}
