#include "rules/compiler.h"

#include "rules/paths.h"

void compiler_push(Compiler *c, Vec *vec, const void *item, size_t size)
{
    char *items = arena_grow(c->context->arena, vec->items, vec->count, &vec->capacity,
                             vec->count + 1u, size);

    if (!items)
        return;
    vec->items = items;
    memcpy(items + vec->count * size, item, size);
    vec->count++;
}

bool compiler_code(Compiler *c, CelExpr *expr, BlobCode *code)
{
    CelCode compiled;

    if (!expr || !expr_compile(&c->reader, expr, c->writer.symbols, &compiled))
        return false;
    *code = blob_code(&c->writer, &compiled);
    return true;
}

CelExpr *compiler_read(Compiler *c, const Node *scalar, ExprUse use)
{
    ExprText text;
    CelExpr *expr;

    if (!expr_text(&c->reader, scalar, &text))
        return NULL;
    expr = expr_read(&c->reader, &text, 0, text.text.size, use == EXPR_PATH);
    if (expr && use == EXPR_INPUT && !paths_check(c->draft, expr, compiler_diags(c)))
        return NULL;
    return expr;
}

bool compiler_expr(Compiler *c, const Node *scalar, ExprUse use, BlobCode *code)
{
    return !scalar || compiler_code(c, compiler_read(c, scalar, use), code);
}

/* Where the expression that begins at `from`, after a brace, ends: at its own closing brace. */
static uint32_t expression_end(Str text, uint32_t from)
{
    uint32_t depth = 0;
    char quote = 0;

    for (uint32_t i = from; i < text.size; i++) {
        char c = text.data[i];
        if (quote) {
            if (c == '\\')
                i++;
            else if (c == quote)
                quote = 0;
        } else if (c == '"' || c == '\'') {
            quote = c;
        } else if (c == '{') {
            depth++;
        } else if (c == '}' && depth-- == 0) {
            return i;
        }
    }
    return text.size;
}

/* Text up to the next expression; `{{` and `}}` stand for braces. */
static Str literal_part(Compiler *c, Str text, uint32_t *from)
{
    Buf part = buf_new(c->context->arena);

    while (*from < text.size) {
        char letter = text.data[*from];
        bool twice = *from + 1 < text.size && text.data[*from + 1] == letter;
        if (letter == '{' && !twice)
            break;
        buf_add_char(&part, letter);
        *from += (letter == '{' || letter == '}') && twice ? 2 : 1;
    }
    return buf_str(&part);
}

static bool message_part(Compiler *c, const ExprText *text, uint32_t *from, BlobPart *part)
{
    uint32_t end;

    *part = (BlobPart){.text = blob_text(&c->writer, literal_part(c, text->text, from))};
    if (*from >= text->text.size)
        return true;
    end = expression_end(text->text, *from + 1);
    if (end == text->text.size) {
        Span span = {text->source, text->offset + *from, text->offset + *from + 1};
        diag_error(compiler_diags(c), DIAG_RULE_FILE, span, "the brace is not closed");
        return false;
    }
    if (!compiler_code(c, expr_read(&c->reader, text, *from + 1, end - *from - 1, false),
                       &part->value))
        return false;
    *from = end + 1;
    return true;
}

bool compiler_message(Compiler *c, const Node *scalar, BlobList *list)
{
    Vec parts = {0};
    ExprText text;

    if (!scalar)
        return true;
    if (!expr_text(&c->reader, scalar, &text))
        return false;
    text.text.size = str_trim(text.text).size ? text.text.size : 0;
    while (text.text.size && text.text.data[text.text.size - 1] == '\n')
        text.text.size--;
    for (uint32_t from = 0; from < text.text.size;) {
        BlobPart part;
        if (!message_part(c, &text, &from, &part))
            return false;
        compiler_push(c, &parts, &part, sizeof part);
    }
    *list = blob_list(&c->writer, parts.items, parts.count, sizeof(BlobPart));
    return true;
}

uint32_t compiler_variables(Compiler *c)
{
    uint32_t variables = c->reader.variables;

    c->reader.variables = 0;
    return variables;
}
