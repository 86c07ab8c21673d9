/* A tree as text, for tests. */
#include <inttypes.h>
#include <stdio.h>

#include "base/buf.h"
#include "cel/ast.h"

static void dump(const CelExpr *expr, Buf *out);

static void dump_text(Str text, const char *quote, Buf *out)
{
    buf_add_z(out, quote);
    for (uint32_t i = 0; i < text.size; i++) {
        unsigned char c = (unsigned char)text.data[i];

        if (c < 0x20 || c == 0x7f || c == '"' || c == '\\')
            buf_printf(out, "\\x%02x", c);
        else
            buf_add_char(out, (char)c);
    }
    buf_add_char(out, '"');
}

static void dump_range(const CelExpr *expr, uint32_t from, Buf *out)
{
    for (uint32_t i = from; i < expr->arg_count; i++) {
        if (i > from)
            buf_add_z(out, ", ");
        if (expr->optional_args && expr->optional_args[i])
            buf_add_char(out, '?');
        dump(expr->args[i], out);
    }
}

static void dump_select(const CelExpr *expr, Buf *out)
{
    if (expr->test)
        buf_add_z(out, "has(");
    dump(expr->args[0], out);
    buf_add_z(out, expr->optional ? ".?" : ".");
    buf_add(out, expr->name);
    if (expr->test)
        buf_add_char(out, ')');
}

static void dump_call(const CelExpr *expr, Buf *out)
{
    if (expr->member) {
        dump(expr->args[0], out);
        buf_add_char(out, '.');
    }
    if (expr->absolute)
        buf_add_char(out, '.');
    buf_add(out, expr->name);
    buf_add_char(out, '(');
    dump_range(expr, expr->member ? 1 : 0, out);
    buf_add_char(out, ')');
}

static void dump_map(const CelExpr *expr, Buf *out)
{
    buf_add_char(out, '{');
    for (uint32_t i = 0; i + 1 < expr->arg_count; i += 2) {
        if (i)
            buf_add_z(out, ", ");
        if (expr->optional_args && expr->optional_args[i])
            buf_add_char(out, '?');
        dump(expr->args[i], out);
        buf_add_z(out, ": ");
        dump(expr->args[i + 1], out);
    }
    buf_add_char(out, '}');
}

static const char *macro_name(CelMacro macro)
{
    static const char *const names[] = {
        [CEL_MACRO_ALL] = "all",
        [CEL_MACRO_EXISTS] = "exists",
        [CEL_MACRO_EXISTS_ONE] = "exists_one",
        [CEL_MACRO_MAP] = "map",
        [CEL_MACRO_FILTER] = "filter",
        [CEL_MACRO_TRANSFORM_LIST] = "transformList",
        [CEL_MACRO_TRANSFORM_MAP] = "transformMap",
        [CEL_MACRO_TRANSFORM_MAP_ENTRY] = "transformMapEntry",
    };

    return names[macro];
}

static void dump_comprehension(const CelExpr *expr, Buf *out)
{
    dump(expr->args[0], out);
    buf_printf(out, ".%s(%.*s, ", macro_name(expr->as.macro), STR_ARG(expr->iter_var));
    if (expr->iter_var2.size)
        buf_printf(out, "%.*s, ", STR_ARG(expr->iter_var2));
    if (expr->arg_count == 3) {
        dump(expr->args[2], out);
        buf_add_z(out, ", ");
    }
    dump(expr->args[1], out);
    buf_add_char(out, ')');
}

static void dump_opt_map(const CelExpr *expr, Buf *out)
{
    dump(expr->args[0], out);
    buf_printf(out, ".%s(%.*s, ", expr->flat ? "optFlatMap" : "optMap", STR_ARG(expr->iter_var));
    dump(expr->args[1], out);
    buf_add_char(out, ')');
}

static void dump_bracketed(const char *before, const CelExpr *expr, const char *after, Buf *out)
{
    buf_add_z(out, before);
    dump_range(expr, 0, out);
    buf_add_z(out, after);
}

static void dump_ident(const CelExpr *expr, Buf *out)
{
    if (expr->absolute)
        buf_add_char(out, '.');
    buf_add(out, expr->name);
}

static void dump_compound(const CelExpr *expr, Buf *out)
{
    switch (expr->kind) {
    case CEL_EXPR_SELECT:
        dump_select(expr, out);
        return;
    case CEL_EXPR_CALL:
        dump_call(expr, out);
        return;
    case CEL_EXPR_LIST:
        dump_bracketed("[", expr, "]", out);
        return;
    case CEL_EXPR_MAP:
        dump_map(expr, out);
        return;
    case CEL_EXPR_MESSAGE:
        buf_add(out, expr->name);
        dump_bracketed("{", expr, "}", out);
        return;
    case CEL_EXPR_COMPREHENSION:
        dump_comprehension(expr, out);
        return;
    case CEL_EXPR_BIND:
        buf_printf(out, "cel.bind(%.*s, ", STR_ARG(expr->iter_var));
        dump_bracketed("", expr, ")", out);
        return;
    case CEL_EXPR_OPT_MAP:
        dump_opt_map(expr, out);
        return;
    default:
        dump_bracketed("isSet(", expr, ")", out);
        return;
    }
}

static void dump(const CelExpr *expr, Buf *out)
{
    switch (expr->kind) {
    case CEL_EXPR_NULL:
        buf_add_z(out, "null");
        break;
    case CEL_EXPR_BOOL:
        buf_add_z(out, expr->as.boolean ? "true" : "false");
        break;
    case CEL_EXPR_INT:
        buf_printf(out, "%" PRId64, expr->as.integer);
        break;
    case CEL_EXPR_UINT:
        buf_printf(out, "%" PRIu64 "u", expr->as.unsigned_integer);
        break;
    case CEL_EXPR_DOUBLE:
        buf_printf(out, "%.17g", expr->as.number);
        break;
    case CEL_EXPR_STRING:
        dump_text(expr->name, "\"", out);
        break;
    case CEL_EXPR_BYTES:
        dump_text(expr->name, "b\"", out);
        break;
    case CEL_EXPR_IDENT:
        dump_ident(expr, out);
        break;
    default:
        dump_compound(expr, out);
        break;
    }
    if (expr->type) {
        buf_add_char(out, '~');
        buf_add(out, cel_type_text(expr->type, out->arena));
    }
}

Str cel_dump(const CelExpr *expr, Arena *arena)
{
    Buf out = buf_new(arena);

    dump(expr, &out);
    return buf_str(&out);
}
