/*
 * tests/unit/cel_eval.h - an expression to the text of its result, for the tests of cel/
 */
#ifndef PLUMB_TESTS_CEL_EVAL_H
#define PLUMB_TESTS_CEL_EVAL_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants those before it */
#include <cmocka.h>

#include "cel/machine.h"
#include "cel/make.h"

/* What an expression sees; the names in `variables` are of type dyn. */
typedef struct Bench {
    Arena *arena;
    SymbolBuilder *builder;
    Symbols symbols;
    DiagSink diags;
    CelMachine machine;
    CelVariable variables[32];
    CelValue values[32];
    uint32_t count;
    CelPatterns *patterns;
} Bench;

static inline Bench *bench_new(void)
{
    Arena *arena = arena_new((size_t)64 << 20);
    Bench *bench = ARENA_NEW(arena, Bench);

    assert_non_null(bench);
    bench->arena = arena;
    bench->builder = symbols_builder(arena, NULL);
    bench->diags = diags_new(arena);
    bench->patterns = cel_patterns_new();
    bench->machine =
        (CelMachine){.arena = arena, .symbols = &bench->symbols, .patterns = bench->patterns};
    return bench;
}

static inline void bench_free(Bench *bench)
{
    cel_patterns_free(bench->patterns);
    arena_free(bench->arena);
}

static inline void bench_set(Bench *bench, const char *name, CelValue value)
{
    bench->variables[bench->count] = (CelVariable){.name = str_of(name)};
    bench->values[bench->count++] = value;
}

/* An entry of an input map. */
static inline Entry bench_entry(Bench *bench, const char *key, Node value)
{
    Str name = str_of(key);

    return (Entry){.key = name.data,
                   .key_size = name.size,
                   .symbol = symbols_intern(bench->builder, name),
                   .value = value};
}

static inline CelValue bench_eval(Bench *bench, const char *text)
{
    CelEnv env = {.variables = bench->variables, .variable_count = bench->count};
    CelParseOptions options = {0};
    CelExpr *expr = cel_parse(str_of(text), &options, bench->arena, &bench->diags);
    CelCode code;

    if (!expr || !cel_check(expr, &env, bench->arena, &bench->diags) ||
        !cel_compile(expr, bench->builder, bench->arena, &bench->diags, &code))
        return cel_error(&bench->machine, "refused: %.*s",
                         STR_ARG(bench->diags.last ? bench->diags.last->message : STR("?")));
    assert_true(symbols_build(bench->builder, &bench->symbols.added));
    bench->machine.variables = bench->values;
    bench->machine.variable_count = bench->count;
    bench->machine.steps = 0;
    return cel_eval(&code, &bench->machine);
}

/* Expects a result by its text; "error" and "unknown" for any of these. */
static inline void bench_expect(Bench *bench, const char *text, const char *expected)
{
    CelValue value = bench_eval(bench, text);
    const char *got;

    if (value.kind == CEL_ERROR && strcmp(expected, "error") == 0)
        return;
    if (value.kind == CEL_UNKNOWN && strcmp(expected, "unknown") == 0)
        return;
    got = str_copy_z(bench->arena, cel_value_text(value, bench->arena));
    if (strcmp(got, expected) != 0)
        fail_msg("%s: expected %s, got %s", text, expected, got);
}

#endif
