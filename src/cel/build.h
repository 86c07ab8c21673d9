/*
 * cel/build.h - puts nodes of the tree together, for the parser and its macros
 */
#ifndef PLUMB_CEL_BUILD_H
#define PLUMB_CEL_BUILD_H

#include "cel/ast.h"

typedef struct CelBuilder {
    Arena *arena;
    DiagSink *diags;
    bool no_macros;
    bool failed; /* a mistake was reported, or the arena is spent: give up */
} CelBuilder;

/* Reports a mistake, unless one was reported before, since most of what follows from one is noise.
 */
void cel_build_fail(CelBuilder *builder, Span span, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* A node with `count` arguments, copied; any NULL among them, a tree beyond LIMIT_CEL_DEPTH or a
 * spent arena give NULL. */
CelExpr *cel_build(CelBuilder *builder, CelExprKind kind, Span span, CelExpr *const *args,
                   uint32_t count);
CelExpr *cel_build_call(CelBuilder *builder, Span span, Str name, bool member, CelExpr *const *args,
                        uint32_t count);
CelExpr *cel_build_ident(CelBuilder *builder, Span span, Str name);

/* Expands the call that `name(args...)`, or `args[0].name(args[1]...)` when `member`, is a macro
 * of; sets `*known` when it is one. NULL after a report when its arguments do not fit it. */
CelExpr *cel_expand_macro(CelBuilder *builder, Span span, Str name, bool member,
                          CelExpr *const *args, uint32_t count, bool *known);

#endif
