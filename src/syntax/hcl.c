#include "syntax/hcl.h"

#include "base/limits.h"
#include "syntax/hcl_template.h"

/* A body that is being read. */
typedef struct BodyReader {
    HclBody *body;
    uint32_t attribute_capacity;
    uint32_t block_capacity;
    uint32_t *names;     /* of a large body: number of an attribute + 1, by its name's hash */
    uint32_t name_count; /* a power of two */
} BodyReader;

/* Bodies up to this size are searched from the front. */
#define NAMES_PLAIN 32u

/* --- recovery --- */

/* Each search for an end that is not there goes through the rest of the file. */
#define LOST_MAX 100u

#define SKIP_DEPTH 64u

typedef struct Skip {
    HclParser *p;
    HclTokenKind open[SKIP_DEPTH]; /* the brackets that would close what is open */
    uint32_t depth;
    uint32_t deeper; /* brackets that are open beyond SKIP_DEPTH, of whatever kind */
    bool done;
} Skip;

static bool is_closing(HclTokenKind kind)
{
    return kind == HCL_T_RPAREN || kind == HCL_T_RBRACK || kind == HCL_T_RBRACE;
}

/* The bracket that closes one; HCL_T_EOF for what is no opening bracket. */
static HclTokenKind closing_of(HclTokenKind kind)
{
    return kind == HCL_T_LPAREN   ? HCL_T_RPAREN
           : kind == HCL_T_LBRACK ? HCL_T_RBRACK
           : kind == HCL_T_LBRACE ? HCL_T_RBRACE
                                  : HCL_T_EOF;
}

static void skip_token(Skip *skip)
{
    HclParser *p = skip->p;
    HclToken token = hcl_peek(p);

    if (skip->depth == 0 && (token.kind == HCL_T_NEWLINE || token.kind == HCL_T_RBRACE)) {
        skip->done = true;
        return;
    }
    hcl_take(p);
    if (token.kind == HCL_T_QUOTE)
        hcl_seek(p, hcl_skip_string(p, token.start, 0));
    else if (token.kind == HCL_T_HEREDOC)
        hcl_seek(p, hcl_skip_heredoc(p, token));
    if (closing_of(token.kind) != HCL_T_EOF) {
        if (skip->depth < SKIP_DEPTH)
            skip->open[skip->depth++] = closing_of(token.kind);
        else
            skip->deeper++;
    } else if (skip->deeper && is_closing(token.kind)) {
        skip->deeper--;
    } else if (skip->depth && skip->open[skip->depth - 1] == token.kind) {
        skip->depth--;
    }
}

/* Goes to the end of the item that begins at `start` and turned out broken at `broken`: the line
 * end outside of all brackets. Where brackets do not match, the end of the broken line. */
static void skip_item(HclParser *p, uint32_t start, uint32_t broken)
{
    Skip skip = {.p = p};
    const char *newline;

    p->newlines = true;
    hcl_seek(p, start);
    while (p->lost < LOST_MAX && !skip.done && hcl_peek(p).kind != HCL_T_EOF)
        skip_token(&skip);
    if (skip.done && p->token.start >= broken)
        return;
    p->lost++;
    newline = memchr(p->text + broken, '\n', p->size - broken);
    hcl_seek(p, newline ? (uint32_t)(newline - p->text) : p->size);
}

/* --- arguments --- */

static HclAttribute *add_attribute(HclParser *p, BodyReader *reader)
{
    HclBody *body = reader->body;
    HclAttribute *items =
        arena_grow(p->arena, body->attributes, body->attribute_count, &reader->attribute_capacity,
                   (size_t)body->attribute_count + 1, sizeof *items);

    if (!items)
        return NULL;
    body->attributes = items;
    items += body->attribute_count++;
    *items = (HclAttribute){0};
    return items;
}

static uint32_t *name_slot(const BodyReader *reader, Str name)
{
    uint32_t mask = reader->name_count - 1, i = (uint32_t)str_hash(name) & mask;

    while (reader->names[i] && !str_eq(reader->body->attributes[reader->names[i] - 1].name, name))
        i = (i + 1) & mask;
    return &reader->names[i];
}

/* Keeps the table of names at most half full. */
static bool note_name(HclParser *p, BodyReader *reader)
{
    HclBody *body = reader->body;
    uint32_t first = body->attribute_count - 1;

    if (body->attribute_count < NAMES_PLAIN)
        return true;
    if (body->attribute_count * 2 > reader->name_count) {
        uint32_t size = reader->name_count ? reader->name_count * 2 : NAMES_PLAIN * 4;
        reader->names = ARENA_ARRAY(p->arena, uint32_t, size);
        if (!reader->names)
            return false;
        reader->name_count = size;
        first = 0;
    }
    for (uint32_t i = first; i < body->attribute_count; i++)
        *name_slot(reader, body->attributes[i].name) = i + 1;
    return true;
}

static bool is_given(const BodyReader *reader, Str name)
{
    return reader->names ? *name_slot(reader, name) != 0
                         : hcl_attribute(reader->body, name) != NULL;
}

/* The line end, or `}` of a block on one line, must follow. */
static bool at_argument_end(HclParser *p, bool one_line)
{
    HclToken token = hcl_peek(p);

    if (token.kind == HCL_T_NEWLINE || token.kind == HCL_T_EOF)
        return true;
    if (one_line && token.kind == HCL_T_RBRACE)
        return true;
    hcl_mistake(p, hcl_token_span(p, token), "a newline must follow the argument");
    return false;
}

static bool read_attribute(HclParser *p, BodyReader *reader, HclToken name, bool one_line)
{
    Str text = hcl_token_text(p, name);
    const HclExpr *value = hcl_expression(p);
    HclAttribute *attribute;

    if (!value)
        return false;
    if (is_given(reader, text)) {
        diag_error(p->diags, DIAG_HCL_DUPLICATE, hcl_token_span(p, name),
                   "argument \"%.*s\" is given twice; the first one counts", STR_ARG(text));
    } else {
        attribute = add_attribute(p, reader);
        if (!attribute)
            return false;
        *attribute = (HclAttribute){text, hcl_token_span(p, name), value};
        if (!note_name(p, reader))
            return false;
    }
    return at_argument_end(p, one_line);
}

/* --- blocks --- */

static bool read_body(HclParser *p, HclBody *body, bool nested, uint32_t open);

static bool add_label(HclParser *p, HclLabel **labels, uint32_t *count, uint32_t *capacity,
                      HclLabel label)
{
    HclLabel *items =
        arena_grow(p->arena, *labels, *count, capacity, (size_t)*count + 1, sizeof *items);

    if (!items)
        return false;
    *labels = items;
    items[(*count)++] = label;
    return true;
}

static bool read_labels(HclParser *p, HclBlock *block)
{
    HclLabel *labels = NULL;
    uint32_t capacity = 0;

    for (;;) {
        HclToken token = hcl_peek(p);
        Str text = hcl_token_text(p, token);
        if (token.kind != HCL_T_IDENT && token.kind != HCL_T_QUOTE)
            break;
        hcl_take(p);
        if (token.kind == HCL_T_QUOTE && !hcl_quoted_label(p, token, &text))
            return false;
        HclLabel label = {text, hcl_span(p, token.start, p->last_end)};
        if (!add_label(p, &labels, &block->label_count, &capacity, label))
            return false;
    }
    block->labels = labels;
    return true;
}

/* { name = value } on one line; what is wrong here costs the block. */
static bool read_one_line(HclParser *p, HclBody *body)
{
    BodyReader reader = {.body = body};
    HclToken name = hcl_peek(p);

    if (name.kind == HCL_T_RBRACE)
        return true;
    hcl_take(p);
    if (name.kind != HCL_T_IDENT || !hcl_accept(p, HCL_T_ASSIGN)) {
        hcl_mistake(p, hcl_token_span(p, name), "a block on one line can hold one argument only");
        return false;
    }
    if (!read_attribute(p, &reader, name, true))
        return false;
    if (hcl_peek(p).kind == HCL_T_RBRACE)
        return true;
    hcl_mistake(p, hcl_token_span(p, hcl_peek(p)), "a block on one line must be closed on it");
    return false;
}

static bool read_block_body(HclParser *p, HclBlock *block, uint32_t open)
{
    block->body = ARENA_NEW(p->arena, HclBody);
    if (!block->body)
        return false;
    block->body->span = hcl_span(p, open, open + 1);
    if (hcl_peek(p).kind == HCL_T_NEWLINE) {
        if (!read_body(p, block->body, true, open))
            return false;
    } else {
        if (!read_one_line(p, block->body))
            return false;
        hcl_take(p);
    }
    block->body->span.end = p->last_end;
    return true;
}

static HclBlock *add_block(HclParser *p, BodyReader *reader)
{
    HclBody *body = reader->body;
    HclBlock *items = arena_grow(p->arena, body->blocks, body->block_count, &reader->block_capacity,
                                 (size_t)body->block_count + 1, sizeof *items);

    if (!items)
        return NULL;
    body->blocks = items;
    return items + body->block_count++;
}

static bool read_block(HclParser *p, BodyReader *reader, HclToken type)
{
    HclBlock block = {.type = hcl_token_text(p, type)}, *place;
    HclToken open;
    bool good;

    if (!read_labels(p, &block))
        return false;
    open = hcl_peek(p);
    if (open.kind != HCL_T_LBRACE) {
        hcl_mistake(p, hcl_token_span(p, open), "a block needs its opening brace here");
        return false;
    }
    hcl_take(p);
    block.header = hcl_span(p, type.start, open.end);
    good = read_block_body(p, &block, open.start);
    if (!block.body)
        return false;
    block.span = hcl_span(p, type.start, p->last_end);
    place = add_block(p, reader);
    if (place)
        *place = block;
    if (!place || !good)
        return false;
    if (hcl_peek(p).kind == HCL_T_NEWLINE || hcl_peek(p).kind == HCL_T_EOF)
        return true;
    hcl_mistake(p, hcl_token_span(p, hcl_peek(p)), "a newline must follow the block");
    return false;
}

/* --- bodies --- */

static bool read_item(HclParser *p, BodyReader *reader)
{
    HclToken name = hcl_take(p), next;

    if (name.kind != HCL_T_IDENT) {
        hcl_mistake(p, hcl_token_span(p, name), "an argument or a block should begin here");
        return false;
    }
    next = hcl_peek(p);
    if (hcl_accept(p, HCL_T_ASSIGN))
        return read_attribute(p, reader, name, false);
    if (next.kind == HCL_T_LBRACE || next.kind == HCL_T_QUOTE || next.kind == HCL_T_IDENT)
        return read_block(p, reader, name);
    hcl_mistake(p, hcl_token_span(p, name), "`=` or a block must follow this name");
    return false;
}

static void read_item_or_skip(HclParser *p, BodyReader *reader)
{
    uint32_t start = hcl_peek(p).start, depth = p->depth, broken;

    if (read_item(p, reader)) {
        p->silent = false;
        return;
    }
    broken = p->last_end > start ? p->last_end : start;
    p->depth = depth;
    if (arena_spent(p->arena))
        hcl_seek(p, p->size);
    else
        skip_item(p, start, broken);
    /* A stray closing bracket must not be met again and again. */
    if (hcl_peek(p).start <= start && hcl_peek(p).kind != HCL_T_EOF)
        hcl_take(p);
    p->silent = false;
}

/* The items of a body, with the closing brace of a nested one. False, and reported, where that is
 * missing: what is there counts all the same. */
static bool read_body(HclParser *p, HclBody *body, bool nested, uint32_t open)
{
    BodyReader reader = {.body = body};
    bool deep = p->depth >= LIMIT_DEPTH;

    if (deep) {
        hcl_mistake(p, hcl_span(p, open, open + 1), "blocks are nested too deeply");
        return false;
    }
    p->depth++;
    for (;;) {
        p->newlines = true;
        if (hcl_accept(p, HCL_T_NEWLINE))
            continue;
        if (hcl_peek(p).kind == HCL_T_EOF || (nested && hcl_peek(p).kind == HCL_T_RBRACE))
            break;
        read_item_or_skip(p, &reader);
    }
    p->depth--;
    if (!nested || hcl_accept(p, HCL_T_RBRACE))
        return true;
    hcl_mistake(p, hcl_span(p, open, open + 1), "block is not closed");
    return false;
}

static HclParser parser_new(const Source *source, Arena *arena, DiagSink *diags)
{
    HclParser p = {.source = source,
                   .arena = arena,
                   .diags = diags,
                   .text = source->text.data ? source->text.data : "",
                   .size = source->text.size};

    if (str_starts(source->text, STR("\xef\xbb\xbf")))
        p.pos = 3;
    return p;
}

HclBody *hcl_read(const Source *source, Arena *arena, DiagSink *diags)
{
    HclParser p = parser_new(source, arena, diags);
    HclBody *body = ARENA_NEW(arena, HclBody);

    if (!body)
        return NULL;
    read_body(&p, body, false, 0);
    body->span = hcl_span(&p, 0, p.size);
    body->comments = p.comments;
    body->comment_count = p.comment_count;
    return arena_spent(arena) ? NULL : body;
}

const HclExpr *hcl_read_expression(const Source *source, Arena *arena, DiagSink *diags)
{
    HclParser p = parser_new(source, arena, diags);
    const HclExpr *expr = hcl_expression(&p);

    if (expr && hcl_peek(&p).kind != HCL_T_EOF)
        return hcl_mistake(&p, hcl_token_span(&p, hcl_peek(&p)), "the expression should end here");
    return expr;
}

const HclExpr *hcl_read_template(const Source *source, Arena *arena, DiagSink *diags)
{
    HclParser p = parser_new(source, arena, diags);

    return hcl_template_rest(&p);
}

const HclAttribute *hcl_attribute(const HclBody *body, Str name)
{
    for (uint32_t i = 0; i < body->attribute_count; i++)
        if (str_eq(body->attributes[i].name, name))
            return &body->attributes[i];
    return NULL;
}

Str hcl_string(const HclExpr *expr)
{
    return expr && expr->kind == HCL_STRING ? expr->as.text : (Str){"", 0};
}
