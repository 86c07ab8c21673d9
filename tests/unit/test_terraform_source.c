/* ir/terraform_source: where a module may be kept. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/buf.h"
#include "ir/terraform_source.h"

static void sources_lead_to_paths(void **state)
{
    static const struct {
        const char *source;
        const char *paths;
    } cases[] = {
        {"net/vpc/aws", "net/vpc/aws vpc/aws aws terraform-aws-vpc m"},
        {"reg.io/net/vpc/aws//modules/x",
         "reg.io/net/vpc/aws/modules/x net/vpc/aws/modules/x vpc/aws/modules/x aws/modules/x "
         "terraform-aws-vpc/modules/x m/modules/x"},
        {"git::https://git.example.org/infra/vpc.git?ref=v1.2",
         "git.example.org/infra/vpc infra/vpc vpc terraform-vpc-infra m"},
        {"git@github.com:org/repo.git", "github.com/org/repo org/repo repo terraform-repo-org m"},
        {"git::ssh://git@host/org/repo//a/b", "host/org/repo/a/b org/repo/a/b repo/a/b "
                                              "terraform-repo-org/a/b m/a/b"},
        {"s3::https://bucket.s3.amazonaws.com/vpc.zip",
         "bucket.s3.amazonaws.com/vpc.zip vpc.zip m"},
        {"https://host/../../etc", ""},
        {"host/a//../b", ""},
        {"", "m"},
    };
    Arena *arena = arena_new((size_t)1 << 20);

    (void)state;
    assert_non_null(arena);
    for (uint32_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Str paths[TF_SOURCE_PATHS_MAX];
        uint32_t count = tf_source_paths(str_of(cases[i].source), STR("m"), arena, paths);
        Buf all = buf_new(arena);
        for (uint32_t j = 0; j < count; j++)
            buf_printf(&all, "%s%.*s", j ? " " : "", STR_ARG(paths[j]));
        if (!str_eq(buf_str(&all), str_of(cases[i].paths)))
            fail_msg("%s: %.*s", cases[i].source, STR_ARG(buf_str(&all)));
    }
    arena_free(arena);
}

static void many_parts_are_bounded(void **state)
{
    Arena *arena = arena_new((size_t)1 << 20);
    Str paths[TF_SOURCE_PATHS_MAX];

    (void)state;
    assert_non_null(arena);
    assert_true(tf_source_paths(STR("a/b/c/d/e/f/g/h/i/j/k/l/m/n/o/p/q/r/s/t/u/v/w/x/y/z"),
                                STR("m"), arena, paths) <= TF_SOURCE_PATHS_MAX);
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sources_lead_to_paths),
        cmocka_unit_test(many_parts_are_bounded),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
