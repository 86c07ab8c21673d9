#include "base/limits.h"
#include "cel/build.h"
#include "cel/lex.h"

typedef struct Parser {
    CelLexer lexer;
    CelToken token; /* the next one, not taken yet */
    CelBuilder build;
    uint32_t last_end; /* of the token taken last */
    uint32_t depth;
} Parser;

/* A growing list of arguments. */
typedef struct Args {
    CelExpr **items;
    bool *optional;
    uint32_t count;
    uint32_t capacity;
    uint32_t optional_capacity;
    bool any_optional;
} Args;

static CelExpr *parse_expr(Parser *p);

/* tokens */

static Span token_span(const Parser *p)
{
    return (Span){p->lexer.source, p->lexer.offset + p->token.start,
                  p->lexer.offset + p->token.end};
}

static Span span_from(const Parser *p, Span start)
{
    return (Span){start.source, start.start, p->lexer.offset + p->last_end};
}

static void advance(Parser *p)
{
    p->last_end = p->token.end;
    p->token = cel_lex(&p->lexer);
    if (p->token.kind == CEL_TOKEN_ERROR)
        p->build.failed = true;
}

static bool at(const Parser *p, CelTokenKind kind)
{
    return p->token.kind == kind && !p->build.failed;
}

static bool accept(Parser *p, CelTokenKind kind)
{
    if (!at(p, kind))
        return false;
    advance(p);
    return true;
}

static void unexpected(Parser *p, const char *wanted)
{
    Str text = str_sub(p->lexer.text, p->token.start, p->token.end - p->token.start);

    if (p->token.kind == CEL_TOKEN_END)
        cel_build_fail(&p->build, token_span(p), "the expression ends where %s should be", wanted);
    else if (p->token.kind == CEL_TOKEN_RESERVED)
        cel_build_fail(&p->build, token_span(p), "`%.*s` is a reserved word", STR_ARG(text));
    else
        cel_build_fail(&p->build, token_span(p), "`%.*s` where %s should be",
                       (int)(text.size < 40 ? text.size : 40), text.data, wanted);
}

static bool expect(Parser *p, CelTokenKind kind, const char *wanted)
{
    if (accept(p, kind))
        return true;
    unexpected(p, wanted);
    return false;
}

/* arguments */

static bool add_arg(Parser *p, Args *args, CelExpr *expr, bool optional)
{
    CelExpr **items;
    bool *marks;

    if (!expr)
        return false;
    items = arena_grow(p->build.arena, args->items, args->count, &args->capacity, args->count + 1,
                       sizeof *items);
    if (!items)
        return false;
    args->items = items;
    marks = arena_grow(p->build.arena, args->optional, args->count, &args->optional_capacity,
                       args->count + 1, sizeof *marks);
    if (!marks)
        return false;
    args->optional = marks;
    args->items[args->count] = expr;
    args->optional[args->count++] = optional;
    args->any_optional |= optional;
    return true;
}

/* Expressions up to `end`, which is taken. Calls have no comma at the end and no optional ones. */
static bool parse_args(Parser *p, CelTokenKind end, const char *wanted, Args *args)
{
    bool list = end == CEL_TOKEN_RIGHT_BRACKET;

    while (!at(p, end)) {
        bool optional = list && accept(p, CEL_TOKEN_QUESTION);

        if (!add_arg(p, args, parse_expr(p), optional))
            return false;
        if (!accept(p, CEL_TOKEN_COMMA))
            break;
        if (!list && at(p, end)) {
            unexpected(p, "an expression");
            return false;
        }
    }
    return expect(p, end, wanted);
}

/* literals */

static CelExpr *leaf(Parser *p, CelExprKind kind)
{
    CelExpr *expr = cel_build(&p->build, kind, token_span(p), NULL, 0);

    if (expr) {
        expr->name = p->token.text;
        advance(p);
    }
    return expr;
}

static CelExpr *bool_literal(Parser *p, bool value)
{
    CelExpr *expr = leaf(p, CEL_EXPR_BOOL);

    if (expr)
        expr->as.boolean = value;
    return expr;
}

static CelExpr *int_literal(Parser *p, bool negative, Span start)
{
    uint64_t magnitude = p->token.as.magnitude;
    CelExpr *expr;

    if (magnitude > (uint64_t)INT64_MAX + negative) {
        cel_build_fail(&p->build, token_span(p), "the integer does not fit 64 bits");
        return NULL;
    }
    expr = leaf(p, CEL_EXPR_INT);
    if (expr) {
        expr->as.integer = (int64_t)(negative ? 0 - magnitude : magnitude);
        expr->span = span_from(p, start);
    }
    return expr;
}

static CelExpr *uint_literal(Parser *p)
{
    uint64_t magnitude = p->token.as.magnitude;
    CelExpr *expr = leaf(p, CEL_EXPR_UINT);

    if (expr)
        expr->as.unsigned_integer = magnitude;
    return expr;
}

static CelExpr *double_literal(Parser *p, bool negative, Span start)
{
    double number = p->token.as.number;
    CelExpr *expr = leaf(p, CEL_EXPR_DOUBLE);

    if (expr) {
        expr->as.number = negative ? -number : number;
        expr->span = span_from(p, start);
    }
    return expr;
}

/* lists, maps, messages */

static CelExpr *with_args(Parser *p, CelExprKind kind, Span start, const Args *args)
{
    CelExpr *expr = cel_build(&p->build, kind, span_from(p, start), args->items, args->count);

    if (expr && args->any_optional)
        expr->optional_args = args->optional;
    return expr;
}

static CelExpr *parse_list(Parser *p)
{
    Span start = token_span(p);
    Args args = {0};

    advance(p);
    if (!parse_args(p, CEL_TOKEN_RIGHT_BRACKET, "`]`", &args))
        return NULL;
    return with_args(p, CEL_EXPR_LIST, start, &args);
}

static bool parse_entry(Parser *p, Args *args)
{
    bool optional = accept(p, CEL_TOKEN_QUESTION);

    return add_arg(p, args, parse_expr(p), optional) &&
           expect(p, CEL_TOKEN_COLON, "`:` and a value") && add_arg(p, args, parse_expr(p), false);
}

static CelExpr *parse_map(Parser *p)
{
    Span start = token_span(p);
    Args args = {0};

    advance(p);
    while (!at(p, CEL_TOKEN_RIGHT_BRACE)) {
        if (!parse_entry(p, &args))
            return NULL;
        if (!accept(p, CEL_TOKEN_COMMA))
            break;
    }
    if (!expect(p, CEL_TOKEN_RIGHT_BRACE, "`}`"))
        return NULL;
    return with_args(p, CEL_EXPR_MAP, start, &args);
}

static bool parse_field_init(Parser *p, Args *args)
{
    accept(p, CEL_TOKEN_QUESTION);
    if (!at(p, CEL_TOKEN_IDENT) && !at(p, CEL_TOKEN_RESERVED) && !at(p, CEL_TOKEN_QUOTED)) {
        unexpected(p, "the name of a field");
        return false;
    }
    advance(p);
    return expect(p, CEL_TOKEN_COLON, "`:` and a value") && add_arg(p, args, parse_expr(p), false);
}

/* The type name of a message literal: identifiers and fields of identifiers. */
static bool is_type_name(const CelExpr *expr)
{
    while (expr->kind == CEL_EXPR_SELECT && !expr->test && !expr->optional)
        expr = expr->args[0];
    return expr->kind == CEL_EXPR_IDENT;
}

static CelExpr *parse_message(Parser *p, const CelExpr *name)
{
    Args args = {0};
    CelExpr *message;

    advance(p);
    while (!at(p, CEL_TOKEN_RIGHT_BRACE)) {
        if (!parse_field_init(p, &args))
            return NULL;
        if (!accept(p, CEL_TOKEN_COMMA))
            break;
    }
    if (!expect(p, CEL_TOKEN_RIGHT_BRACE, "`}`"))
        return NULL;
    message = with_args(p, CEL_EXPR_MESSAGE, name->span, &args);
    if (message)
        message->name = str_sub(p->lexer.text, name->span.start - p->lexer.offset,
                                name->span.end - name->span.start);
    return message;
}

/* primaries and what follows them */

static CelExpr *finish_call(Parser *p, Span start, Str name, Args *args, bool member, bool absolute)
{
    bool known;
    Span span;
    CelExpr *call;

    advance(p);
    if (!parse_args(p, CEL_TOKEN_RIGHT_PAREN, "`)`", args))
        return NULL;
    span = span_from(p, start);
    call = cel_expand_macro(&p->build, span, name, member, args->items, args->count, &known);
    if (known)
        return call;
    call = cel_build_call(&p->build, span, name, member, args->items, args->count);
    if (call)
        call->absolute = absolute;
    return call;
}

static CelExpr *parse_name(Parser *p)
{
    Span start = token_span(p);
    bool absolute = accept(p, CEL_TOKEN_DOT);
    Str name = p->token.text;
    Args args = {0};
    CelExpr *ident;

    if (!expect(p, CEL_TOKEN_IDENT, "a name"))
        return NULL;
    if (at(p, CEL_TOKEN_LEFT_PAREN))
        return finish_call(p, start, name, &args, false, absolute);
    ident = cel_build_ident(&p->build, span_from(p, start), name);
    if (ident)
        ident->absolute = absolute;
    return ident;
}

static CelExpr *parse_parenthesis(Parser *p)
{
    CelExpr *expr;

    advance(p);
    expr = parse_expr(p);
    return expr && expect(p, CEL_TOKEN_RIGHT_PAREN, "`)`") ? expr : NULL;
}

static CelExpr *parse_primary(Parser *p)
{
    switch (p->token.kind) {
    case CEL_TOKEN_IDENT:
    case CEL_TOKEN_DOT:
        return parse_name(p);
    case CEL_TOKEN_INT:
        return int_literal(p, false, token_span(p));
    case CEL_TOKEN_UINT:
        return uint_literal(p);
    case CEL_TOKEN_DOUBLE:
        return double_literal(p, false, token_span(p));
    case CEL_TOKEN_STRING:
        return leaf(p, CEL_EXPR_STRING);
    case CEL_TOKEN_BYTES:
        return leaf(p, CEL_EXPR_BYTES);
    case CEL_TOKEN_TRUE:
    case CEL_TOKEN_FALSE:
        return bool_literal(p, p->token.kind == CEL_TOKEN_TRUE);
    case CEL_TOKEN_NULL:
        return leaf(p, CEL_EXPR_NULL);
    case CEL_TOKEN_LEFT_PAREN:
        return parse_parenthesis(p);
    case CEL_TOKEN_LEFT_BRACKET:
        return parse_list(p);
    case CEL_TOKEN_LEFT_BRACE:
        return parse_map(p);
    default:
        unexpected(p, "an expression");
        return NULL;
    }
}

static CelExpr *parse_select(Parser *p, CelExpr *base)
{
    bool optional, quoted;
    Str name;
    CelExpr *select;
    Args args = {0};

    advance(p);
    optional = accept(p, CEL_TOKEN_QUESTION);
    quoted = at(p, CEL_TOKEN_QUOTED);
    name = p->token.text;
    if (!quoted && !at(p, CEL_TOKEN_RESERVED) && !at(p, CEL_TOKEN_IDENT)) {
        unexpected(p, "the name of a field");
        return NULL;
    }
    advance(p);
    if (at(p, CEL_TOKEN_LEFT_PAREN) && !quoted && !optional)
        return add_arg(p, &args, base, false) ? finish_call(p, base->span, name, &args, true, false)
                                              : NULL;
    select = cel_build(&p->build, CEL_EXPR_SELECT, span_from(p, base->span), &base, 1);
    if (select) {
        select->name = name;
        select->optional = optional;
    }
    return select;
}

static CelExpr *parse_index(Parser *p, CelExpr *base)
{
    bool optional;
    CelExpr *args[2] = {base, NULL};

    advance(p);
    optional = accept(p, CEL_TOKEN_QUESTION);
    args[1] = parse_expr(p);
    if (!args[1] || !expect(p, CEL_TOKEN_RIGHT_BRACKET, "`]`"))
        return NULL;
    return cel_build_call(&p->build, span_from(p, base->span),
                          optional ? STR("_[?_]") : STR("_[_]"), false, args, 2);
}

static CelExpr *parse_suffixes(Parser *p, CelExpr *expr)
{
    while (expr) {
        if (at(p, CEL_TOKEN_DOT))
            expr = parse_select(p, expr);
        else if (at(p, CEL_TOKEN_LEFT_BRACKET))
            expr = parse_index(p, expr);
        else if (at(p, CEL_TOKEN_LEFT_BRACE) && is_type_name(expr))
            expr = parse_message(p, expr);
        else
            break;
    }
    return expr;
}

/* operators */

static CelExpr *parse_member(Parser *p)
{
    return parse_suffixes(p, parse_primary(p));
}

/* A minus before a number is part of it, or the least int could not be written. */
static CelExpr *parse_negative(Parser *p, Span start)
{
    if (at(p, CEL_TOKEN_INT))
        return parse_suffixes(p, int_literal(p, true, start));
    if (at(p, CEL_TOKEN_DOUBLE))
        return parse_suffixes(p, double_literal(p, true, start));
    return NULL;
}

static CelExpr *parse_unary(Parser *p)
{
    Span start = token_span(p);
    CelTokenKind sign = p->token.kind;
    uint32_t signs = 0;
    CelExpr *expr = NULL;

    if (sign == CEL_TOKEN_NOT || sign == CEL_TOKEN_MINUS)
        for (; at(p, sign); signs++)
            advance(p);
    if (signs && sign == CEL_TOKEN_MINUS && (expr = parse_negative(p, start)))
        signs--;
    else
        expr = parse_member(p);
    for (; signs && expr; signs--)
        expr = cel_build_call(&p->build, span_from(p, start),
                              sign == CEL_TOKEN_NOT ? STR("!_") : STR("-_"), false, &expr, 1);
    return expr;
}

typedef struct Operator {
    uint8_t token;
    uint8_t precedence; /* higher binds tighter */
    Str name;
} Operator;

static const Operator operators[] = {
    {CEL_TOKEN_OR, 1, STR_INIT("_||_")},     {CEL_TOKEN_AND, 2, STR_INIT("_&&_")},
    {CEL_TOKEN_EQUAL, 3, STR_INIT("_==_")},  {CEL_TOKEN_NOT_EQUAL, 3, STR_INIT("_!=_")},
    {CEL_TOKEN_LESS, 3, STR_INIT("_<_")},    {CEL_TOKEN_LESS_EQUAL, 3, STR_INIT("_<=_")},
    {CEL_TOKEN_GREATER, 3, STR_INIT("_>_")}, {CEL_TOKEN_GREATER_EQUAL, 3, STR_INIT("_>=_")},
    {CEL_TOKEN_IN, 3, STR_INIT("@in")},      {CEL_TOKEN_PLUS, 4, STR_INIT("_+_")},
    {CEL_TOKEN_MINUS, 4, STR_INIT("_-_")},   {CEL_TOKEN_STAR, 5, STR_INIT("_*_")},
    {CEL_TOKEN_SLASH, 5, STR_INIT("_/_")},   {CEL_TOKEN_PERCENT, 5, STR_INIT("_%_")},
};

static const Operator *find_operator(const Parser *p)
{
    if (p->build.failed)
        return NULL;
    for (size_t i = 0; i < sizeof operators / sizeof *operators; i++)
        if (operators[i].token == p->token.kind)
            return &operators[i];
    return NULL;
}

/* Operators of `precedence` and above; all of them group to the left. */
static CelExpr *parse_binary(Parser *p, uint32_t precedence)
{
    CelExpr *left = parse_unary(p);
    const Operator *op;

    while (left && (op = find_operator(p)) && op->precedence >= precedence) {
        CelExpr *args[2] = {left, NULL};

        advance(p);
        args[1] = parse_binary(p, op->precedence + 1u);
        if (!args[1])
            return NULL;
        left = cel_build_call(&p->build, span_from(p, left->span), op->name, false, args, 2);
    }
    return p->build.failed ? NULL : left;
}

static CelExpr *parse_conditional(Parser *p)
{
    CelExpr *args[3] = {parse_binary(p, 1), NULL, NULL};

    if (!args[0] || !accept(p, CEL_TOKEN_QUESTION))
        return args[0];
    args[1] = parse_binary(p, 1);
    if (!args[1] || !expect(p, CEL_TOKEN_COLON, "`:` and the other value"))
        return NULL;
    args[2] = parse_expr(p);
    return args[2] ? cel_build_call(&p->build, span_from(p, args[0]->span), STR("_?_:_"), false,
                                    args, 3)
                   : NULL;
}

static CelExpr *parse_expr(Parser *p)
{
    CelExpr *expr;

    if (p->depth >= LIMIT_CEL_DEPTH) {
        cel_build_fail(&p->build, token_span(p), "the expression is nested more than %u deep",
                       LIMIT_CEL_DEPTH);
        return NULL;
    }
    p->depth++;
    expr = parse_conditional(p);
    p->depth--;
    return expr;
}

CelExpr *cel_parse(Str text, const CelParseOptions *options, Arena *arena, DiagSink *diags)
{
    Parser p = {.lexer = {.text = text, .arena = arena, .diags = diags},
                .build = {.arena = arena, .diags = diags}};
    CelExpr *expr;

    if (options) {
        p.lexer.source = options->source;
        p.lexer.offset = options->offset;
        p.build.no_macros = options->no_macros;
    }
    advance(&p);
    expr = parse_expr(&p);
    if (expr && !at(&p, CEL_TOKEN_END))
        unexpected(&p, "an operator or the end");
    return p.build.failed ? NULL : expr;
}
