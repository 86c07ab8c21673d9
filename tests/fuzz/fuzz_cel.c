/*
 * Any bytes as a CEL expression: parsed, checked, compiled and run, with and without types. What
 * follows a NUL is JSON for the variable `resource`; a string "?" in it stands for an unknown.
 */
#include <assert.h>
#include <stdlib.h>

#include "cel/machine.h"
#include "syntax/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char default_input[] =
    "{\"a\":{\"b\":[1,2.5,\"x\",null,true,{\"c\":\"?\"}],\"image\":\"h:5/a/b:1@sha256:0\"},"
    "\"u\":\"?\",\"cpu\":\"1.5Gi\",\"policy\":\"{\\\"Statement\\\":[{\\\"Effect\\\":\\\"Allow\\\","
    "\\\"Action\\\":\\\"*\\\",\\\"Principal\\\":{\\\"AWS\\\":[\\\"1\\\"]}}]}\"}";

static const Unknown unknown = {.cause = STR_INIT("var.x"), .type = NODE_UNKNOWN, .set = true};

static void put_unknowns(Node *node)
{
    if (node->kind == NODE_STRING && str_eq(node_text(node), STR("?")))
        *node = node_make_unknown(node_span(node), &unknown);
    for (uint32_t i = 0; node->kind == NODE_LIST && i < node->count; i++)
        put_unknowns(&node->as.items[i]);
    for (uint32_t i = 0; node->kind == NODE_MAP && i < node->count; i++)
        put_unknowns(&node->as.entries[i].value);
}

static void check_spans(const CelExpr *expr, size_t size)
{
    assert(expr->span.start <= expr->span.end && expr->span.end <= size);
    for (uint32_t i = 0; i < expr->arg_count; i++)
        check_spans(expr->args[i], size);
}

static void run(const CelCode *code, const SymbolBuilder *builder, Str input, Arena *arena)
{
    Symbols symbols = {{0}, {0}};
    Unit unit;
    Resource *resource;
    CelMachine machine = {.arena = arena, .symbols = &symbols, .step_limit = 20000};
    CelValue variable = {.kind = CEL_RESOURCE, .flags = CEL_INPUT | CEL_CONFIGURED};
    Source *source;

    if (!symbols_build(builder, &symbols.fixed))
        return;
    unit = unit_new(arena, &symbols, NULL);
    source = sources_add(&unit.sources, STR("in"), input);
    resource = unit_add_resource(&unit);
    if (!source || !resource || !json_read(source, &symbols, arena, &unit.diags, &resource->body))
        return;
    put_unknowns(&resource->body);
    variable.as.resource = machine.resource = resource;
    variable.origin = &resource->body;
    machine.unit = &unit;
    machine.variables = &variable;
    machine.variable_count = 1;
    machine.patterns = cel_patterns_new();
    cel_value_text(cel_eval(code, &machine), arena);
    cel_disassemble(code, &symbols, arena);
    cel_patterns_free(machine.patterns);
}

static void judge(Str text, Str input, bool dynamic)
{
    static const CelType dyn = {.kind = CEL_TYPE_DYN};
    static const CelVariable variables[] = {{STR_INIT("resource"), &dyn}};
    CelEnv env = {.variables = variables, .variable_count = 1};
    Arena *arena = arena_new((size_t)64 << 20);
    DiagSink diags = diags_new(arena);
    SymbolBuilder *builder = symbols_builder(arena, NULL);
    CelExpr *expr = cel_parse(text, NULL, arena, &diags);
    CelCode code;

    assert(expr || diags.count > 0 || arena_spent(arena));
    if (expr) {
        check_spans(expr, text.size);
        if (dynamic ? cel_resolve(expr, &env, arena, &diags)
                    : cel_check(expr, &env, arena, &diags)) {
            cel_dump(expr, arena);
            if (cel_compile(expr, builder, arena, &diags, &code))
                run(&code, builder, input, arena);
        }
    }
    arena_free(arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *copy = malloc(size ? size : 1);
    Str text = {copy, (uint32_t)size}, input = STR(default_input);
    int64_t nul;

    if (size)
        memcpy(copy, data, size);
    nul = str_find_char(text, '\0');
    if (nul >= 0) {
        input = str_from(text, (uint32_t)nul + 1);
        text = str_sub(text, 0, (uint32_t)nul);
    }
    judge(text, input, false);
    judge(text, input, true);
    free(copy);
    return 0;
}
