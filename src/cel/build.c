#include "cel/build.h"

#include <stdarg.h>

#include "base/limits.h"

void cel_build_fail(CelBuilder *b, Span span, const char *format, ...)
{
    va_list args;

    if (b->failed)
        return;
    b->failed = true;
    va_start(args, format);
    diag_add(b->diags, DIAG_ERROR, DIAG_CEL_SYNTAX, span, format, args);
    va_end(args);
}

static bool copy_args(CelBuilder *b, CelExpr *expr, CelExpr *const *args, uint32_t count)
{
    uint32_t depth = 0;

    expr->args = ARENA_ARRAY(b->arena, CelExpr *, count);
    if (!expr->args && count)
        return false;
    for (uint32_t i = 0; i < count; i++) {
        if (!args[i])
            return false;
        expr->args[i] = args[i];
        if (args[i]->depth > depth)
            depth = args[i]->depth;
    }
    expr->arg_count = count;
    expr->depth = (uint16_t)(depth + 1);
    return true;
}

CelExpr *cel_build(CelBuilder *b, CelExprKind kind, Span span, CelExpr *const *args, uint32_t count)
{
    CelExpr *expr = b->failed ? NULL : ARENA_NEW(b->arena, CelExpr);

    if (!expr || !copy_args(b, expr, args, count)) {
        b->failed = true;
        return NULL;
    }
    expr->kind = kind;
    expr->span = span;
    expr->function = CEL_FUNCTION_NONE;
    if (expr->depth > LIMIT_CEL_DEPTH) {
        cel_build_fail(b, span, "the expression is nested more than %u deep", LIMIT_CEL_DEPTH);
        return NULL;
    }
    return expr;
}

CelExpr *cel_build_call(CelBuilder *b, Span span, Str name, bool member, CelExpr *const *args,
                        uint32_t count)
{
    CelExpr *call = cel_build(b, CEL_EXPR_CALL, span, args, count);

    if (call) {
        call->name = name;
        call->member = member;
    }
    return call;
}

CelExpr *cel_build_ident(CelBuilder *b, Span span, Str name)
{
    CelExpr *ident = cel_build(b, CEL_EXPR_IDENT, span, NULL, 0);

    if (ident)
        ident->name = name;
    return ident;
}
