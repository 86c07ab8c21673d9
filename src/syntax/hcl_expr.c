#include "syntax/hcl_expr.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include "base/limits.h"
#include "syntax/hcl_template.h"

HclExpr *hcl_new(HclParser *p, HclKind kind, uint32_t start, uint32_t end)
{
    HclExpr *expr = ARENA_NEW(p->arena, HclExpr);

    if (!expr)
        return NULL;
    expr->kind = (uint8_t)kind;
    expr->span = hcl_span(p, start, end);
    expr->name_span = expr->span;
    return expr;
}

static uint32_t higher(uint32_t height, const HclExpr *part)
{
    return part && part->height > height ? part->height : height;
}

static bool has_items(const HclExpr *expr)
{
    return expr->kind == HCL_TEMPLATE || expr->kind == HCL_CALL || expr->kind == HCL_TUPLE ||
           expr->kind == HCL_OBJECT;
}

const HclExpr *hcl_finish(HclParser *p, HclExpr *expr)
{
    uint32_t height = 0;

    if (!expr)
        return NULL;
    height = higher(higher(height, expr->a), expr->c);
    if (has_items(expr))
        for (uint32_t i = 0; i < expr->count; i++)
            height = higher(height, expr->items[i]);
    else
        height = higher(height, expr->b);
    if (expr->kind == HCL_FOR || expr->kind == HCL_TEMPLATE_FOR) {
        const HclFor *loop = expr->as.loop;
        height = higher(higher(height, loop->in), loop->key_result);
        height = higher(higher(height, loop->result), loop->cond);
    }
    if (height >= LIMIT_DEPTH)
        return hcl_mistake(p, expr->span, "expression is nested too deeply");
    expr->height = (uint16_t)(height + 1);
    return expr;
}

const HclExpr *hcl_new_string(HclParser *p, Str text, uint32_t start, uint32_t end)
{
    HclExpr *expr = hcl_new(p, HCL_STRING, start, end);

    if (expr)
        expr->as.text = text;
    return hcl_finish(p, expr);
}

bool hcl_list_add(HclParser *p, HclList *list, const HclExpr *expr)
{
    const HclExpr **items = arena_grow(p->arena, list->items, list->count, &list->capacity,
                                       (size_t)list->count + 1, sizeof *items);

    if (!items)
        return false;
    list->items = items;
    list->items[list->count++] = expr;
    return true;
}

static const HclExpr *with_items(HclParser *p, HclExpr *expr, const HclList *list)
{
    if (!expr)
        return NULL;
    expr->items = list->items;
    expr->count = list->count;
    return hcl_finish(p, expr);
}

/* --- literals and names --- */

static Node number_node(HclParser *p, HclToken token)
{
    const char *text = str_copy_z(p->arena, hcl_token_text(p, token));
    Span at = hcl_token_span(p, token);
    char *end;
    long long integer;
    double number;

    if (!text)
        return node_make_null(at);
    errno = 0;
    integer = strtoll(text, &end, 10);
    if (!*end && errno == 0)
        return node_make_int(at, integer);
    number = strtod(text, NULL);
    if (number == floor(number) && fabs(number) < 9007199254740992.0)
        return node_make_int(at, (int64_t)number);
    return node_make_double(at, number);
}

static const HclExpr *literal(HclParser *p, HclToken token, Node value)
{
    HclExpr *expr = hcl_new(p, HCL_LITERAL, token.start, token.end);

    if (!expr)
        return NULL;
    value.flags &= (uint8_t)~NODE_DERIVED;
    expr->as.literal = value;
    return hcl_finish(p, expr);
}

static const HclExpr *name(HclParser *p, HclToken token)
{
    Str text = hcl_token_text(p, token);
    Span at = hcl_token_span(p, token);
    HclExpr *expr;

    if (str_eq(text, STR("true")) || str_eq(text, STR("false")))
        return literal(p, token, node_make_bool(at, text.size == 4));
    if (str_eq(text, STR("null")))
        return literal(p, token, node_make_null(at));
    expr = hcl_new(p, HCL_NAME, token.start, token.end);
    if (expr)
        expr->as.name = text;
    return hcl_finish(p, expr);
}

/* --- calls, tuples, objects, for --- */

/* Items up to `close`, which is taken; with `*expand` set where `...` follows the last one. */
static bool read_items(HclParser *p, HclTokenKind close, HclList *list, bool *expand)
{
    while (!hcl_accept(p, close)) {
        const HclExpr *item = hcl_expression(p);
        if (!item || !hcl_list_add(p, list, item))
            return false;
        if (expand && hcl_accept(p, HCL_T_ELLIPSIS)) {
            *expand = true;
            hcl_accept(p, HCL_T_COMMA);
            if (hcl_accept(p, close))
                return true;
            hcl_mistake(p, hcl_token_span(p, hcl_peek(p)), "`...` must end the arguments");
            return false;
        }
        if (hcl_accept(p, HCL_T_COMMA))
            continue;
        if (hcl_peek(p).kind != close) {
            hcl_mistake(p, hcl_token_span(p, hcl_peek(p)), "a comma must separate the items");
            return false;
        }
    }
    return true;
}

/* NAME::NAME is one name. */
static bool qualified_name(HclParser *p, HclToken first, Str *text)
{
    HclToken part = first;

    while (hcl_accept(p, HCL_T_DOUBLE_COLON)) {
        part = hcl_take(p);
        if (part.kind != HCL_T_IDENT) {
            hcl_mistake(p, hcl_token_span(p, part), "a function name must follow `::`");
            return false;
        }
    }
    *text = (Str){p->text + first.start, part.end - first.start};
    return true;
}

static const HclExpr *call(HclParser *p, HclToken first)
{
    HclList args = {0};
    bool expand = false, newlines, good;
    HclExpr *expr;
    Str text;

    if (!qualified_name(p, first, &text))
        return NULL;
    if (!hcl_accept(p, HCL_T_LPAREN))
        return hcl_mistake(p, hcl_token_span(p, hcl_peek(p)), "a call needs its parentheses");
    newlines = hcl_newlines(p, false);
    good = read_items(p, HCL_T_RPAREN, &args, &expand);
    hcl_newlines(p, newlines);
    expr = good ? hcl_new(p, HCL_CALL, first.start, p->last_end) : NULL;
    if (!expr)
        return NULL;
    expr->as.name = text;
    expr->name_span = hcl_span(p, first.start, first.start + text.size);
    expr->flag = expand;
    return with_items(p, expr, &args);
}

bool hcl_for_header(HclParser *p, HclFor *loop)
{
    HclToken first = hcl_take(p), second;

    if (first.kind != HCL_T_IDENT) {
        hcl_mistake(p, hcl_token_span(p, first), "`for` must name a variable");
        return false;
    }
    loop->value = hcl_token_text(p, first);
    if (hcl_accept(p, HCL_T_COMMA)) {
        second = hcl_take(p);
        if (second.kind != HCL_T_IDENT) {
            hcl_mistake(p, hcl_token_span(p, second), "`for` must name a second variable");
            return false;
        }
        loop->key = loop->value;
        loop->value = hcl_token_text(p, second);
    }
    if (!hcl_at_word(p, "in")) {
        hcl_mistake(p, hcl_token_span(p, hcl_peek(p)), "`for` needs the word `in`");
        return false;
    }
    hcl_take(p);
    loop->in = hcl_expression(p);
    return loop->in != NULL;
}

static bool for_results(HclParser *p, bool object, HclFor *loop)
{
    if (!hcl_accept(p, HCL_T_COLON)) {
        hcl_mistake(p, hcl_token_span(p, hcl_peek(p)), "`for` needs a colon after its collection");
        return false;
    }
    loop->result = hcl_expression(p);
    if (!loop->result)
        return false;
    if (object) {
        if (!hcl_accept(p, HCL_T_ARROW)) {
            hcl_mistake(p, hcl_token_span(p, hcl_peek(p)), "`for` in braces needs `=>`");
            return false;
        }
        loop->key_result = loop->result;
        loop->result = hcl_expression(p);
        loop->group = loop->result && hcl_accept(p, HCL_T_ELLIPSIS);
    }
    if (loop->result && hcl_at_word(p, "if")) {
        hcl_take(p);
        loop->cond = hcl_expression(p);
        return loop->cond != NULL;
    }
    return loop->result != NULL;
}

/* Behind the opening bracket, at `for`. */
static const HclExpr *for_expression(HclParser *p, HclToken open)
{
    bool object = open.kind == HCL_T_LBRACE;
    HclFor *loop = ARENA_NEW(p->arena, HclFor);
    HclExpr *expr;

    hcl_take(p);
    if (!loop || !hcl_for_header(p, loop) || !for_results(p, object, loop))
        return NULL;
    if (!hcl_accept(p, object ? HCL_T_RBRACE : HCL_T_RBRACK))
        return hcl_mistake(p, hcl_token_span(p, hcl_peek(p)), "`for` is not closed");
    expr = hcl_new(p, HCL_FOR, open.start, p->last_end);
    if (expr)
        expr->as.loop = loop;
    return hcl_finish(p, expr);
}

static const HclExpr *tuple(HclParser *p, HclToken open)
{
    bool newlines = hcl_newlines(p, false);
    const HclExpr *expr = NULL;
    HclList list = {0};

    if (hcl_at_word(p, "for"))
        expr = for_expression(p, open);
    else if (read_items(p, HCL_T_RBRACK, &list, NULL))
        expr = with_items(p, hcl_new(p, HCL_TUPLE, open.start, p->last_end), &list);
    hcl_newlines(p, newlines);
    return expr;
}

/* A bare word is a key's text; (word) is the value of it. */
static const HclExpr *object_key(HclParser *p)
{
    HclToken first = hcl_peek(p);
    const HclExpr *key = hcl_expression(p);

    if (key && first.kind == HCL_T_IDENT && key->span.end == first.end)
        return hcl_new_string(p, hcl_token_text(p, first), first.start, first.end);
    return key;
}

static bool object_item(HclParser *p, HclList *list)
{
    const HclExpr *key = object_key(p), *value;

    if (!key)
        return false;
    if (!hcl_accept(p, HCL_T_ASSIGN) && !hcl_accept(p, HCL_T_COLON)) {
        hcl_mistake(p, hcl_token_span(p, hcl_peek(p)), "`=` or `:` must follow the key");
        return false;
    }
    value = hcl_expression(p);
    return value && hcl_list_add(p, list, key) && hcl_list_add(p, list, value);
}

static bool object_items(HclParser *p, HclList *list)
{
    for (;;) {
        while (hcl_accept(p, HCL_T_NEWLINE))
            continue;
        if (hcl_accept(p, HCL_T_RBRACE))
            return true;
        if (!object_item(p, list))
            return false;
        if (hcl_accept(p, HCL_T_COMMA) || hcl_peek(p).kind == HCL_T_NEWLINE ||
            hcl_peek(p).kind == HCL_T_RBRACE)
            continue;
        hcl_mistake(p, hcl_token_span(p, hcl_peek(p)),
                    "a newline or a comma must separate the items of an object");
        return false;
    }
}

static const HclExpr *object(HclParser *p, HclToken open)
{
    bool newlines = hcl_newlines(p, false);
    const HclExpr *expr = NULL;
    HclList list = {0};

    if (hcl_at_word(p, "for")) {
        expr = for_expression(p, open);
    } else {
        hcl_newlines(p, true);
        if (object_items(p, &list))
            expr = with_items(p, hcl_new(p, HCL_OBJECT, open.start, p->last_end), &list);
    }
    hcl_newlines(p, newlines);
    return expr;
}

static const HclExpr *parens(HclParser *p, HclToken open)
{
    bool newlines = hcl_newlines(p, false);
    const HclExpr *inner = hcl_expression(p);
    HclExpr *expr = NULL;

    if (inner && !hcl_accept(p, HCL_T_RPAREN))
        inner = hcl_mistake(p, hcl_token_span(p, hcl_peek(p)), "parenthesis is not closed");
    hcl_newlines(p, newlines);
    if (inner)
        expr = hcl_new(p, HCL_PARENS, open.start, p->last_end);
    if (expr)
        expr->a = inner;
    return hcl_finish(p, expr);
}

static const HclExpr *term(HclParser *p)
{
    uint32_t good_end = p->last_end;
    HclToken token = hcl_take(p), next;

    switch (token.kind) {
    case HCL_T_IDENT:
        next = hcl_peek(p);
        if (next.kind == HCL_T_LPAREN || next.kind == HCL_T_DOUBLE_COLON)
            return call(p, token);
        return name(p, token);
    case HCL_T_NUMBER:
        return literal(p, token, number_node(p, token));
    case HCL_T_QUOTE:
        return hcl_quoted(p, token);
    case HCL_T_HEREDOC:
        return hcl_heredoc(p, token);
    case HCL_T_LPAREN:
        return parens(p, token);
    case HCL_T_LBRACK:
        return tuple(p, token);
    case HCL_T_LBRACE:
        return object(p, token);
    case HCL_T_EOF:
        return hcl_mistake(p, hcl_token_span(p, token), "the file ends where a value should be");
    default:
        /* What is wrong may be the line end, which is not part of the broken item. */
        p->last_end = good_end;
        return hcl_mistake(p, hcl_token_span(p, token), "a value should be here");
    }
}

/* --- what follows a term --- */

static HclExpr *step(HclParser *p, HclKind kind, const HclExpr *target, uint32_t from)
{
    HclExpr *expr = hcl_new(p, kind, target->span.start, p->last_end);

    if (!expr)
        return NULL;
    expr->a = target;
    expr->name_span = hcl_span(p, from, p->last_end);
    return expr;
}

/* a.0, which older configurations write for a[0]. The lexer would take 0.1 for one number. */
static const HclExpr *legacy_index(HclParser *p, const HclExpr *target, uint32_t dot)
{
    HclToken token = {HCL_T_NUMBER, p->pos, p->pos};
    HclExpr *expr;

    while (token.end < p->size && p->text[token.end] >= '0' && p->text[token.end] <= '9')
        token.end++;
    hcl_seek(p, token.end);
    p->last_end = token.end;
    expr = step(p, HCL_INDEX, target, dot);
    if (!expr)
        return NULL;
    expr->b = literal(p, token, number_node(p, token));
    return expr->b ? hcl_finish(p, expr) : NULL;
}

/* .name or .0, behind the dot. */
static const HclExpr *dot_step(HclParser *p, const HclExpr *target, uint32_t dot)
{
    HclToken token;
    HclExpr *expr;

    if (p->pos < p->size && p->text[p->pos] >= '0' && p->text[p->pos] <= '9')
        return legacy_index(p, target, dot);
    token = hcl_take(p);
    if (token.kind != HCL_T_IDENT)
        return hcl_mistake(p, hcl_token_span(p, token), "a name must follow the dot");
    expr = step(p, HCL_ATTR, target, dot);
    if (expr)
        expr->as.name = hcl_token_text(p, token);
    return hcl_finish(p, expr);
}

static const HclExpr *steps(HclParser *p, const HclExpr *target);

static const HclExpr *splat_item(HclParser *p)
{
    return hcl_finish(p, hcl_new(p, HCL_SPLAT_ITEM, p->last_end, p->last_end));
}

static const HclExpr *finish_splat(HclParser *p, const HclExpr *target, const HclExpr *each,
                                   uint32_t from, bool attributes_only)
{
    HclExpr *expr = each ? step(p, HCL_SPLAT, target, from) : NULL;

    if (!expr)
        return NULL;
    expr->b = each;
    expr->flag = attributes_only;
    return hcl_finish(p, expr);
}

/* a.*.b.c: only names and legacy indexes belong to each element. */
static const HclExpr *attribute_splat(HclParser *p, const HclExpr *target, uint32_t from)
{
    const HclExpr *each = splat_item(p);

    while (each && hcl_peek(p).kind == HCL_T_DOT) {
        uint32_t dot = hcl_take(p).start;
        if (p->pos < p->size && p->text[p->pos] == '*')
            return hcl_mistake(p, hcl_span(p, dot, dot + 1), "a splat cannot follow in a splat");
        each = dot_step(p, each, dot);
    }
    return finish_splat(p, target, each, from, true);
}

static const HclExpr *bracket_step(HclParser *p, const HclExpr *target)
{
    uint32_t open = hcl_take(p).start;
    bool newlines = hcl_newlines(p, false), splat;
    const HclExpr *key = NULL;
    HclExpr *expr;

    splat = hcl_accept(p, HCL_T_STAR);
    if (!splat)
        key = hcl_expression(p);
    if ((splat || key) && !hcl_accept(p, HCL_T_RBRACK)) {
        hcl_mistake(p, hcl_token_span(p, hcl_peek(p)), "index is not closed");
        splat = false;
        key = NULL;
    }
    hcl_newlines(p, newlines);
    if (splat) {
        const HclExpr *item = splat_item(p);
        return finish_splat(p, target, item ? steps(p, item) : NULL, open, false);
    }
    expr = key ? step(p, HCL_INDEX, target, open) : NULL;
    if (!expr)
        return NULL;
    expr->b = key;
    return hcl_finish(p, expr);
}

static const HclExpr *one_step(HclParser *p, const HclExpr *target)
{
    uint32_t dot;

    if (hcl_peek(p).kind == HCL_T_LBRACK)
        return bracket_step(p, target);
    dot = hcl_take(p).start;
    if (p->pos < p->size && p->text[p->pos] == '*') {
        hcl_take(p);
        return attribute_splat(p, target, dot);
    }
    return dot_step(p, target, dot);
}

static const HclExpr *steps(HclParser *p, const HclExpr *target)
{
    /* a[*][*][*] goes down a level each. */
    if (++p->depth > LIMIT_DEPTH) {
        target = hcl_mistake(p, target->span, "expression is nested too deeply");
    } else {
        while (target && (hcl_peek(p).kind == HCL_T_DOT || hcl_peek(p).kind == HCL_T_LBRACK))
            target = one_step(p, target);
    }
    p->depth--;
    return target;
}

/* --- operators --- */

static const HclExpr *unary(HclParser *p)
{
    HclToken token = hcl_peek(p);
    const HclExpr *operand;
    HclExpr *expr;

    if (token.kind != HCL_T_NOT && token.kind != HCL_T_MINUS) {
        operand = term(p);
        return operand ? steps(p, operand) : NULL;
    }
    if (p->depth >= LIMIT_DEPTH)
        return hcl_mistake(p, hcl_token_span(p, token), "expression is nested too deeply");
    hcl_take(p);
    p->depth++;
    operand = unary(p);
    p->depth--;
    expr = operand ? hcl_new(p, HCL_UNARY, token.start, p->last_end) : NULL;
    if (!expr)
        return NULL;
    expr->op = token.kind == HCL_T_NOT ? HCL_OP_NOT : HCL_OP_NEGATE;
    expr->a = operand;
    return hcl_finish(p, expr);
}

typedef struct BinaryOperator {
    HclTokenKind token;
    HclOp op;
    int level; /* binds tighter the higher it is */
} BinaryOperator;

static const BinaryOperator binary_operators[] = {
    {HCL_T_OR, HCL_OP_OR, 1},       {HCL_T_AND, HCL_OP_AND, 2},  {HCL_T_EQ, HCL_OP_EQ, 3},
    {HCL_T_NE, HCL_OP_NE, 3},       {HCL_T_LT, HCL_OP_LT, 4},    {HCL_T_LE, HCL_OP_LE, 4},
    {HCL_T_GT, HCL_OP_GT, 4},       {HCL_T_GE, HCL_OP_GE, 4},    {HCL_T_PLUS, HCL_OP_ADD, 5},
    {HCL_T_MINUS, HCL_OP_SUB, 5},   {HCL_T_STAR, HCL_OP_MUL, 6}, {HCL_T_SLASH, HCL_OP_DIV, 6},
    {HCL_T_PERCENT, HCL_OP_MOD, 6},
};

static const BinaryOperator *binary_operator(HclTokenKind kind)
{
    if (kind < HCL_T_EQ)
        return NULL;
    for (size_t i = 0; i < sizeof binary_operators / sizeof *binary_operators; i++)
        if (binary_operators[i].token == kind)
            return &binary_operators[i];
    return NULL;
}

static const HclExpr *binary(HclParser *p, int level)
{
    const HclExpr *left = unary(p);
    const BinaryOperator *operator;

    while (left && (operator= binary_operator(hcl_peek(p).kind)) && operator->level >= level) {
        HclToken token = hcl_take(p);
        const HclExpr *right = binary(p, operator->level + 1);
        HclExpr *expr = right ? hcl_new(p, HCL_BINARY, left->span.start, right->span.end) : NULL;
        if (!expr)
            return NULL;
        expr->op = (uint8_t) operator->op;
        expr->name_span = hcl_token_span(p, token);
        expr->a = left;
        expr->b = right;
        left = hcl_finish(p, expr);
    }
    return left;
}

static const HclExpr *conditional(HclParser *p)
{
    const HclExpr *cond = binary(p, 1), *yes, *no;
    HclExpr *expr;

    if (!cond || !hcl_accept(p, HCL_T_QUESTION))
        return cond;
    yes = hcl_expression(p);
    if (!yes)
        return NULL;
    if (!hcl_accept(p, HCL_T_COLON))
        return hcl_mistake(p, hcl_token_span(p, hcl_peek(p)),
                           "a conditional needs `:` and its second value");
    no = hcl_expression(p);
    expr = no ? hcl_new(p, HCL_CONDITIONAL, cond->span.start, no->span.end) : NULL;
    if (!expr)
        return NULL;
    expr->a = cond;
    expr->b = yes;
    expr->c = no;
    return hcl_finish(p, expr);
}

const HclExpr *hcl_expression(HclParser *p)
{
    const HclExpr *expr;

    if (p->depth >= LIMIT_DEPTH)
        return hcl_mistake(p, hcl_token_span(p, hcl_peek(p)), "expression is nested too deeply");
    p->depth++;
    expr = conditional(p);
    p->depth--;
    return expr;
}
