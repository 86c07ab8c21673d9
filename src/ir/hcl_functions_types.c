#include "ir/hcl_functions_parts.h"

static Node keep_null(const HclCall *call)
{
    return hcl_at(call->args[0], call->at);
}

Node hcl_fn_tostring(HclEval *eval, const HclCall *call)
{
    Str text;

    if (call->args[0].kind == NODE_NULL || call->args[0].kind == NODE_STRING)
        return keep_null(call);
    if (!hcl_arg_text(eval, call, 0, &text))
        return hcl_failed(eval, call);
    return hcl_text_result(eval, call, text);
}

Node hcl_fn_tonumber(HclEval *eval, const HclCall *call)
{
    Node number;

    if (call->args[0].kind == NODE_NULL)
        return keep_null(call);
    if (!hcl_to_number(eval->arena, &call->args[0], &number))
        return hcl_fail(eval, call->at, "tonumber() cannot read a number here");
    return number;
}

Node hcl_fn_tobool(HclEval *eval, const HclCall *call)
{
    bool truth;

    if (call->args[0].kind == NODE_NULL)
        return keep_null(call);
    if (!hcl_to_bool(&call->args[0], &truth))
        return hcl_fail(eval, call->at, "tobool() takes true and false");
    return node_make_bool(call->at, truth);
}

Node hcl_fn_sensitive(HclEval *eval, const HclCall *call)
{
    Node value = call->args[0];

    (void)eval;
    value.flags |= NODE_SENSITIVE;
    return value;
}

Node hcl_fn_nonsensitive(HclEval *eval, const HclCall *call)
{
    Node value = call->args[0];

    (void)eval;
    value.flags &= (uint8_t)~NODE_SENSITIVE;
    return value;
}

Node hcl_fn_issensitive(HclEval *eval, const HclCall *call)
{
    (void)eval;
    return node_make_bool(call->at, (call->args[0].flags & NODE_SENSITIVE) != 0);
}

Node hcl_fn_ephemeralasnull(HclEval *eval, const HclCall *call)
{
    (void)eval;
    return call->args[0];
}

/* --- what only the run knows --- */

static Node only_the_run(HclEval *eval, const HclCall *call, NodeKind type)
{
    return hcl_unknown(eval, call->at, str_format(eval->arena, "%.*s()", STR_ARG(call->name)),
                       type);
}

#define RUN_FUNCTION(name)                                                                         \
    Node hcl_fn_##name(HclEval *eval, const HclCall *call)                                         \
    {                                                                                              \
        return only_the_run(eval, call, NODE_STRING);                                              \
    }

RUN_FUNCTION(abspath)
RUN_FUNCTION(bcrypt)
RUN_FUNCTION(plantimestamp)
RUN_FUNCTION(rsadecrypt)
RUN_FUNCTION(timestamp)
RUN_FUNCTION(uuid)

/* How the text is packed is the compressor's own affair; its first bytes say that it is. */
Node hcl_fn_base64gzip(HclEval *eval, const HclCall *call)
{
    Node packed = only_the_run(eval, call, NODE_STRING);

    return hcl_unknown_text(eval, call->at, &packed, STR("H4sIAAAAAAAA/"));
}

Node hcl_fn_pathexpand(HclEval *eval, const HclCall *call)
{
    Str path;

    if (!hcl_arg_text(eval, call, 0, &path))
        return hcl_failed(eval, call);
    if (str_starts(path, STR("~")))
        return only_the_run(eval, call, NODE_STRING);
    return hcl_text_result(eval, call, path);
}
