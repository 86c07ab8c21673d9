#include "ir/hcl_unknown.h"

#include <stdarg.h>

#include "ir/hcl_eval.h"

/* What is written and makes no sense is still written: it counts as set. */
static const Unknown nothing_known = {.cause = STR_INIT("an error in an expression"),
                                      .type = NODE_UNKNOWN,
                                      .set = true,
                                      .prefix = STR_INIT("")};

Node hcl_nothing(Span at)
{
    return node_make_unknown(at, &nothing_known);
}

Node hcl_fail(HclEval *eval, Span at, const char *format, ...)
{
    va_list args;

    if (!eval->failed && !eval->quiet) {
        va_start(args, format);
        diag_add(eval->diags, DIAG_WARNING, DIAG_HCL_EVALUATE, at, format, args);
        va_end(args);
    }
    eval->failed = true;
    return hcl_nothing(at);
}

static Node unknown_node(Span at, const Unknown *unknown)
{
    return node_make_unknown(at, unknown ? unknown : &nothing_known);
}

Node hcl_unknown(HclEval *eval, Span at, Str cause, NodeKind type)
{
    Unknown *unknown = ARENA_NEW(eval->arena, Unknown);

    if (unknown)
        *unknown = (Unknown){.cause = cause, .type = (uint8_t)type, .set = true};
    return unknown_node(at, unknown);
}

Node hcl_unknown_text(HclEval *eval, Span at, const Node *from, Str prefix)
{
    const Node *found = hcl_find_unknown(from);
    Unknown *unknown = ARENA_NEW(eval->arena, Unknown);
    Node node;

    if (unknown)
        *unknown = (Unknown){.cause = found ? found->as.unknown->cause : nothing_known.cause,
                             .type = NODE_STRING,
                             .set = true,
                             .prefix = prefix};
    node = unknown_node(at, unknown);
    node.flags |= hcl_sensitive(from);
    return node;
}

Node hcl_unknown_from(HclEval *eval, Span at, const Node *from, NodeKind type)
{
    Node node = hcl_unknown_text(eval, at, from, (Str){"", 0});

    if (node.as.unknown != &nothing_known)
        ((Unknown *)node.as.unknown)->type = (uint8_t)type;
    return node;
}

const Node *hcl_decoded(const Node *value)
{
    return value->kind == NODE_UNKNOWN ? value->as.unknown->decoded : NULL;
}

void hcl_set_decoded(HclEval *eval, Node *value, const Node *decoded)
{
    Node *copy = ARENA_NEW(eval->arena, Node);

    if (!copy || value->as.unknown == &nothing_known)
        return;
    *copy = *decoded;
    ((Unknown *)value->as.unknown)->decoded = copy;
}

const HclHandle *hcl_handle(const Node *value)
{
    if (value->kind != NODE_UNKNOWN || node_tag(value) != NODE_TAG_OTHER)
        return NULL;
    return (const HclHandle *)value->as.unknown;
}

Node hcl_make_handle(const HclHandle *handle, Span at)
{
    Node node;

    if (!handle)
        return hcl_nothing(at);
    node = node_make_unknown(at, &handle->unknown);
    node.flags |= NODE_TAG_OTHER << NODE_TAG_SHIFT;
    return node;
}
