#include "scan/redact.h"

#include "base/buf.h"

#define SHORTEST_SECRET 3u

static Str replace(Str text, Str secret, Arena *arena)
{
    Buf out = buf_new(arena);
    int64_t found;

    while ((found = str_find(text, secret)) >= 0) {
        buf_add(&out, str_sub(text, 0, (uint32_t)found));
        buf_add_z(&out, "(sensitive)");
        text = str_from(text, (uint32_t)found + secret.size);
    }
    buf_add(&out, text);
    return buf_str(&out);
}

/* What is sensitive is so with all that it holds. */
static Str redact_below(const Node *node, bool sensitive, Str text, Arena *arena)
{
    sensitive = sensitive || (node->flags & NODE_SENSITIVE);
    if (sensitive && node->kind == NODE_STRING && node->count >= SHORTEST_SECRET &&
        str_find(text, node_text(node)) >= 0)
        return replace(text, node_text(node), arena);
    for (uint32_t i = 0; node->kind == NODE_LIST && i < node->count; i++)
        text = redact_below(&node->as.items[i], sensitive, text, arena);
    for (uint32_t i = 0; node->kind == NODE_MAP && i < node->count; i++)
        text = redact_below(&node->as.entries[i].value, sensitive, text, arena);
    return text;
}

Str redact(const Node *body, Str text, Arena *arena)
{
    return redact_below(body, false, text, arena);
}
