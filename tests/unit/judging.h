/*
 * tests/unit/judging.h - rules and an input that stand in the test, judged as in a scan
 */
#ifndef PLUMB_TESTS_JUDGING_H
#define PLUMB_TESTS_JUDGING_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants those before it */
#include <cmocka.h>

#include "ir/docker.h"
#include "ir/kubernetes.h"
#include "ir/terraform.h"
#include "rules/load.h"
#include "scan/evaluate.h"

/* `options` are the test's to set, before it judges. */
typedef struct Bench {
    RuleContext context;
    RuleSet empty; /* in the place of the shipped rules */
    RuleSet set;
    const RuleSet *sets[2];
    Symbols symbols;
    EvalOptions options;
    Arena *arena;
    Unit unit;
    VerdictSink sink;
} Bench;

/* Compiles `rules` as if they were a user's. */
static inline void bench_compile(Bench *b, const char *rules)
{
    RuleTree tree = rule_tree_new();
    CompileOptions options = {.version = {"", 0}};

    b->context = rule_context_new();
    b->arena = arena_new((size_t)64 << 20);
    assert_true(rules_compile(NULL, &options, &b->context, &b->empty));
    b->sets[0] = options.base = &b->empty;
    assert_true(rule_tree_add_text(&tree, STR("r.yaml"), str_of(rules), &b->context));
    assert_true(rules_compile(tree.first, &options, &b->context, &b->set));
    assert_string_equal(diags_dump(&b->context.diags, &b->context.sources, b->arena).data, "");
    b->sets[1] = &b->set;
    b->symbols = ruleset_symbols(b->sets[0], &b->set);
    b->options.sets = b->sets;
    b->options.set_count = 2;
    b->options.symbols = &b->symbols;
}

/* Makes the unit of an input for the rules that are compiled. */
static inline void bench_build(Bench *b, Format format, const char *input)
{
    Source *source;

    b->unit = unit_new(b->arena, &b->symbols, NULL);
    b->unit.path = STR("in");
    source = sources_add(&b->unit.sources, STR("in"), str_of(input));
    assert_non_null(source);
    if (format == FORMAT_TERRAFORM)
        assert_true(terraform_build(&b->unit, &source, 1));
    else
        assert_true(format == FORMAT_DOCKERFILE ? docker_build(&b->unit, source)
                                                : kubernetes_build(&b->unit, source));
}

/* Judges an input by the rules that are compiled. */
static inline void bench_judge_compiled(Bench *b, Format format, const char *input)
{
    CelPatterns *patterns = cel_patterns_new();
    Evaluator *evaluator;

    bench_build(b, format, input);
    b->sink = (VerdictSink){.arena = b->arena};
    evaluator = evaluator_new(&b->options, patterns);
    assert_non_null(evaluator);
    evaluator_judge(evaluator, &b->unit, &b->sink);
    evaluator_free(evaluator);
    cel_patterns_free(patterns);
}

static inline void bench_judge(Bench *b, const char *rules, Format format, const char *input)
{
    bench_compile(b, rules);
    bench_judge_compiled(b, format, input);
}

static inline void bench_free(Bench *b)
{
    arena_free(b->arena);
    rule_context_free(&b->context);
}

#endif
