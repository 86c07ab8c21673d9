#include "ir/hcl_functions_parts.h"

Node hcl_failed(HclEval *eval, const HclCall *call)
{
    return hcl_fail(eval, call->at, "%.*s() failed", STR_ARG(call->name));
}

static bool wrong(HclEval *eval, const HclCall *call, uint32_t i, const char *wanted)
{
    hcl_fail(eval, node_span(&call->args[i]), "argument %u of %.*s() must be %s", i + 1,
             STR_ARG(call->name), wanted);
    return false;
}

bool hcl_arg_text(HclEval *eval, const HclCall *call, uint32_t i, Str *text)
{
    return hcl_to_text(eval->arena, &call->args[i], text) || wrong(eval, call, i, "a text");
}

bool hcl_arg_number(HclEval *eval, const HclCall *call, uint32_t i, double *number)
{
    Node value;

    if (!hcl_to_number(eval->arena, &call->args[i], &value))
        return wrong(eval, call, i, "a number");
    *number = hcl_double(&value);
    return true;
}

bool hcl_arg_integer(HclEval *eval, const HclCall *call, uint32_t i, int64_t *integer)
{
    Node value;

    if (!hcl_to_number(eval->arena, &call->args[i], &value) || !hcl_to_integer(&value, integer))
        return wrong(eval, call, i, "a whole number");
    return true;
}

bool hcl_arg_list(HclEval *eval, const HclCall *call, uint32_t i, const Node **list)
{
    *list = &call->args[i];
    return (*list)->kind == NODE_LIST || wrong(eval, call, i, "a list");
}

bool hcl_arg_map(HclEval *eval, const HclCall *call, uint32_t i, const Node **map)
{
    *map = &call->args[i];
    return (*map)->kind == NODE_MAP || wrong(eval, call, i, "a map");
}

Node hcl_text_result(HclEval *eval, const HclCall *call, Str text)
{
    if (!text.data)
        return hcl_failed(eval, call);
    return node_make_string(call->at, text);
}

Node *hcl_items(HclEval *eval, const HclCall *call, size_t count)
{
    return hcl_work(eval, count, call->at) ? ARENA_ARRAY(eval->arena, Node, count) : NULL;
}

Node hcl_list_result(HclEval *eval, const HclCall *call, Node *items, uint32_t count)
{
    return items ? node_make_list(call->at, items, count) : hcl_failed(eval, call);
}
