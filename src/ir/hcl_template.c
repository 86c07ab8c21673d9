#include "ir/hcl_template.h"

#include "base/limits.h"
#include "syntax/json.h"

HclText hcl_text_new(HclEval *eval, Span at)
{
    return (HclText){.buf = buf_new(eval->arena), .unknown = node_make_null(at)};
}

bool hcl_text_add(HclEval *eval, HclText *text, const Node *part)
{
    Span at = node_span(part);
    Str piece;

    text->flags |= hcl_sensitive(part);
    if (part->kind == NODE_UNKNOWN) {
        if (text->unknown.kind == NODE_NULL) {
            text->prefix = str_join(eval->arena, buf_str(&text->buf), part->as.unknown->prefix);
            text->unknown = *part;
        }
        return true;
    }
    if (part->kind == NODE_NULL) {
        hcl_fail(eval, at, "null cannot be part of a text");
        return false;
    }
    if (!hcl_to_text(eval->arena, part, &piece)) {
        hcl_fail(eval, at, "%s cannot be part of a text", hcl_kind_name(part));
        return false;
    }
    if (!hcl_work(eval, 1 + piece.size / 64, at) || text->buf.size > LIMIT_HCL_TEXT) {
        hcl_fail(eval, at, "text is too long");
        return false;
    }
    buf_add(&text->buf, piece);
    return true;
}

Node hcl_text_done(HclEval *eval, Span at, const HclText *text)
{
    Node result;

    if (text->unknown.kind == NODE_UNKNOWN)
        result = hcl_unknown_text(eval, at, &text->unknown, text->prefix);
    else
        result = node_make_string(at, buf_str(&text->buf));
    result.flags |= text->flags;
    return result;
}

/* A policy in a heredoc with a reference in it: JSON that is known but for that. Unknown parts
 * stand in the text as marks while it is read, and its strings that hold one are unknowns then. */
#define MARK "\xef\xa3\xbf" /* U+F8FF, of private use */

/* The text with a mark for each unknown. False for what cannot be JSON or is no text at all. */
static bool marked_text(HclEval *eval, const Node *parts, uint32_t count, Buf *buf)
{
    for (uint32_t i = 0; i < count; i++) {
        Str text = STR(MARK);
        if (parts[i].kind != NODE_UNKNOWN && !hcl_to_text(eval->arena, &parts[i], &text))
            return false;
        if (parts[i].kind != NODE_UNKNOWN && str_find(text, STR(MARK)) >= 0)
            return false;
        buf_add(buf, text);
    }
    return buf->size < LIMIT_HCL_TEXT;
}

/* Makes unknowns of what holds a mark; all lies at the template. False where a key holds one. */
static bool unmark(HclEval *eval, const Node *because, Span at, Node *value)
{
    bool good = true;

    *value = hcl_at(*value, at);
    if (value->kind == NODE_STRING) {
        int64_t mark = str_find(node_text(value), STR(MARK));
        if (mark >= 0)
            *value =
                hcl_unknown_text(eval, at, because, str_sub(node_text(value), 0, (uint32_t)mark));
    }
    for (uint32_t i = 0; value->kind == NODE_LIST && i < value->count; i++)
        good = unmark(eval, because, at, &value->as.items[i]) && good;
    for (uint32_t i = 0; value->kind == NODE_MAP && i < value->count; i++) {
        Entry *entry = &value->as.entries[i];
        good = good && str_find(entry_key(entry), STR(MARK)) < 0;
        entry->key_start = at.start;
        entry->key_end = at.end;
        good = unmark(eval, because, at, &entry->value) && good;
    }
    return good;
}

static void decode_template(HclEval *eval, const HclExpr *expr, const Node *parts, Node *result)
{
    Buf buf = buf_new(eval->arena);
    DiagSink quiet = diags_new(eval->arena);
    Str start = parts[0].kind == NODE_STRING ? str_trim(node_text(&parts[0])) : STR("");
    Source *source;
    Node value;

    if (!eval->sources || !(str_starts(start, STR("{")) || str_starts(start, STR("["))) ||
        !marked_text(eval, parts, expr->count, &buf))
        return;
    source = sources_add_decoded(eval->sources, expr->span, buf_str(&buf), NULL, 0);
    if (source && json_read(source, eval->symbols, eval->arena, &quiet, &value) &&
        unmark(eval, result, expr->span, &value))
        hcl_set_decoded(eval, result, &value);
}

Node hcl_eval_template(HclEval *eval, const HclExpr *expr)
{
    HclText text = hcl_text_new(eval, expr->span);
    Node *parts = ARENA_ARRAY(eval->arena, Node, expr->count), result;

    if (!parts)
        return hcl_nothing(expr->span);
    for (uint32_t i = 0; i < expr->count; i++) {
        parts[i] = hcl_eval(eval, expr->items[i]);
        if (!hcl_text_add(eval, &text, &parts[i]))
            return hcl_nothing(expr->span);
    }
    result = hcl_text_done(eval, expr->span, &text);
    if (result.kind == NODE_UNKNOWN)
        decode_template(eval, expr, parts, &result);
    return result;
}
