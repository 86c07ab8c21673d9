#include "scan/param_value.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include "scan/config.h"

static bool parse_int(Str text, int64_t *value)
{
    char digits[24];
    char *end;

    if (!text.size || text.size >= sizeof digits)
        return false;
    memcpy(digits, text.data, text.size);
    digits[text.size] = '\0';
    errno = 0;
    *value = strtoll(digits, &end, 10);
    return *end == '\0' && errno == 0 && digits[0] != ' ';
}

static bool parse_double(Str text, double *value)
{
    char digits[64];
    char *end;

    if (!text.size || text.size >= sizeof digits)
        return false;
    memcpy(digits, text.data, text.size);
    digits[text.size] = '\0';
    *value = strtod(digits, &end);
    return *end == '\0' && isfinite(*value) &&
           (digits[0] == '-' || (digits[0] >= '0' && digits[0] <= '9'));
}

static bool list_value(const Node *node, Arena *arena, Node *value)
{
    uint32_t count = config_text_count(node);
    Node *items = ARENA_ARRAY(arena, Node, count);

    for (uint32_t i = 0; items && i < count; i++) {
        const Node *item = config_text_node(node, i);
        if (item->kind != NODE_SCALAR && item->kind != NODE_STRING)
            return false;
        items[i] = node_make_string(SPAN_NONE, config_text(item));
    }
    *value = node_make_list(SPAN_NONE, items, items ? count : 0);
    return true;
}

bool param_value(NodeKind kind, const Node *node, Arena *arena, Node *value)
{
    bool scalar = node->kind == NODE_SCALAR || node->kind == NODE_STRING;
    Str text = config_text(node);
    int64_t integer;
    double number;

    switch (kind) {
    case NODE_BOOL:
        *value = node_make_bool(SPAN_NONE, str_eq(text, STR("true")));
        return str_eq(text, STR("true")) || str_eq(text, STR("false"));
    case NODE_INT:
        if (!parse_int(text, &integer))
            return false;
        *value = node_make_int(SPAN_NONE, integer);
        return true;
    case NODE_DOUBLE:
        if (!parse_double(text, &number))
            return false;
        *value = node_make_double(SPAN_NONE, number);
        return true;
    case NODE_LIST:
        return list_value(node, arena, value);
    default:
        *value = node_make_string(SPAN_NONE, text);
        return scalar;
    }
}

const char *param_kind_words(NodeKind kind)
{
    switch (kind) {
    case NODE_BOOL:
        return "true or false";
    case NODE_INT:
        return "a whole number";
    case NODE_DOUBLE:
        return "a number";
    case NODE_LIST:
        return "a list of texts";
    default:
        return "a text";
    }
}
