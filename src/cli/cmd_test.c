#include <unistd.h>

#include "cli/commands.h"
#include "rules/shipped.h"
#include "scan/rule_test.h"

static void add_summary(const RuleTestSummary *summary, Out *out)
{
    out_printf(out, "%u rule%s in %u file%s, %u without a failing or a passing test\n",
               summary->rules, summary->rules == 1 ? "" : "s", summary->files,
               summary->files == 1 ? "" : "s", summary->untested);
    out_printf(out, "%u passed, %u failed\n", summary->tests - summary->failed, summary->failed);
}

static int run_tests(const Options *options, const char *const *paths, RuleContext *context,
                     Arena *arena)
{
    const StrList *arguments = &options->setup.arguments;
    Out out = out_new(STDOUT_FILENO, arena);
    RuleSet shipped = ruleset_shipped();
    ProblemList problems = problem_list(arena);
    RuleTestSummary summary = {0};
    bool good = rules_test(paths, arguments->count, &shipped, context, &summary);

    problem_add_diags(&problems, &context->diags, &context->sources);
    cli_problems(&problems, options->color, arena);
    if (!options->quiet)
        add_summary(&summary, &out);
    if (!out_flush(&out) || !good || problems.errors > summary.failed)
        return SCAN_INCOMPLETE;
    return summary.failed ? SCAN_FAILED : SCAN_PASSED;
}

int cmd_test(const Options *options, Arena *arena)
{
    const StrList *arguments = &options->setup.arguments;
    const char **paths = ARENA_ARRAY(arena, const char *, arguments->count + 1);
    RuleContext context;
    int status;

    if (!arguments->count) {
        cli_error(STR("test takes the paths of rule files or directories"), STR(""));
        return SCAN_INCOMPLETE;
    }
    for (uint32_t i = 0; paths && i < arguments->count; i++)
        paths[i] = str_copy_z(arena, arguments->items[i]);
    context = rule_context_new();
    if (!paths || !context.arena)
        return SCAN_INCOMPLETE;
    status = run_tests(options, paths, &context, arena);
    rule_context_free(&context);
    return status;
}
