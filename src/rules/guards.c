#include "rules/guards.h"

#include <stdlib.h>

#include "rules/ruleset.h"

/* More than anyone writes; a longer chain keeps its first ones. */
#define MOST_PREFIXES 16u

typedef struct GuardPrefix {
    CelCode code;
    uint32_t rule;
    uint32_t variables; /* bit n: it reads variable n of RULE_VAR_* */
    uint32_t length;    /* operands that it has; UINT32_MAX for a whole condition */
} GuardPrefix;

/* The variables that a checked tree reads. */
static uint32_t variables_of(const CelExpr *expr)
{
    uint32_t variables = 0;

    if (expr->kind == CEL_EXPR_IDENT && expr->variable >= 0)
        variables |= 1u << expr->variable;
    for (uint32_t i = 0; i < expr->arg_count; i++)
        if (expr->args[i])
            variables |= variables_of(expr->args[i]);
    return variables;
}

static bool add(Guards *guards, GuardPrefix prefix, const CelExpr *expr, BlobWriter *writer,
                Arena *arena, DiagSink *diags)
{
    GuardPrefix *items;

    prefix.variables = variables_of(expr);
    if (prefix.variables & (1u << RULE_VAR_PARAMS))
        return true; /* each rule has its own */
    if (!cel_compile(expr, writer->symbols, arena, diags, &prefix.code))
        return false;
    items = arena_grow(arena, guards->items, guards->count, &guards->capacity, guards->count + 1u,
                       sizeof *items);
    if (!items)
        return false;
    guards->items = items;
    items[guards->count++] = prefix;
    return true;
}

bool guards_note(Guards *guards, uint32_t rule, const CelExpr *when, BlobWriter *writer,
                 Arena *arena, DiagSink *diags)
{
    GuardPrefix prefix = {.rule = rule, .length = UINT32_MAX};
    uint32_t length = 0;

    if (!add(guards, prefix, when, writer, arena, diags))
        return false;
    for (const CelExpr *expr = when; cel_is_call(expr, STR("_&&_")); expr = expr->args[0])
        length++;
    /* `&&` groups to the left, so each shorter beginning is the first operand of the longer one. */
    for (prefix.length = length; prefix.length > 0; prefix.length--) {
        when = when->args[0];
        if (prefix.length <= MOST_PREFIXES && !add(guards, prefix, when, writer, arena, diags))
            return false;
    }
    return true;
}

static int compare_code(const GuardPrefix *a, const GuardPrefix *b)
{
    if (a->code.size != b->code.size)
        return a->code.size < b->code.size ? -1 : 1;
    return memcmp(a->code.bytes, b->code.bytes, a->code.size);
}

static int compare(const void *a, const void *b)
{
    const GuardPrefix *x = a, *y = b;
    int order = compare_code(x, y);

    return order ? order : (x->rule > y->rule) - (x->rule < y->rule);
}

/* Takes the beginning for the rule unless it has a longer one. */
static void take(const GuardPrefix *prefix, Rule *rule, uint32_t *length, BlobWriter *writer)
{
    if (prefix->length == UINT32_MAX || prefix->length <= *length)
        return;
    *length = prefix->length;
    rule->guard.code = blob_code(writer, &prefix->code);
    rule->guard.variables = prefix->variables;
    rule->guard.each = (prefix->variables & (1u << RULE_VAR_IT | 1u << RULE_VAR_INDEX)) != 0;
}

void guards_choose(Guards *guards, Rule *rules, BlobWriter *writer)
{
    uint32_t *lengths;
    uint32_t next, last = 0;

    for (uint32_t i = 0; i < guards->count; i++)
        last = guards->items[i].rule > last ? guards->items[i].rule : last;
    lengths = ARENA_ARRAY(writer->buf.arena, uint32_t, (size_t)last + 1);
    if (!lengths || !guards->count)
        return;
    qsort(guards->items, guards->count, sizeof *guards->items, compare);
    for (uint32_t i = 0; i < guards->count; i = next) {
        const GuardPrefix *first = &guards->items[i];
        for (next = i + 1; next < guards->count && !compare_code(first, &guards->items[next]);)
            next++;
        for (uint32_t j = i; next - i > 1 && j < next; j++)
            take(&guards->items[j], &rules[guards->items[j].rule], &lengths[guards->items[j].rule],
                 writer);
    }
}
