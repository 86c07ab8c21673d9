#include "ir/hcl_functions.h"

#include "ir/hcl_functions_parts.h"

typedef Node HclFunction(HclEval *eval, const HclCall *call);

/* hcl_functions.def */
enum {
    PLAIN = 0,
    U = 1, /* takes unknown arguments itself */
    S = 2, /* takes unknowns inside of lists and maps itself */
    N = 4, /* takes null */
};

typedef struct FunctionInfo {
    const char *name;
    HclFunction *function;
    int min;
    int max;
    int flags;
} FunctionInfo;

/* Sorted by name. */
static const FunctionInfo functions[] = {
#define FUNCTION(name, min, max, flags) {#name, hcl_fn_##name, min, max, flags},
#include "ir/hcl_functions.def"
#undef FUNCTION
};

static const FunctionInfo *find_function(Str name)
{
    size_t low = 0, high = sizeof functions / sizeof *functions;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = str_cmp(name, str_of(functions[middle].name));
        if (order == 0)
            return &functions[middle];
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

bool hcl_function_exists(Str name)
{
    return find_function(name) || str_eq(name, STR("try")) || str_eq(name, STR("can"));
}

static bool count_fits(const FunctionInfo *info, const HclCall *call)
{
    return (int64_t)call->count >= info->min &&
           (info->max < 0 || (int64_t)call->count <= info->max);
}

/* The first argument that decides the result without a call: unknown, or null where none may be. */
static const Node *deciding_argument(const FunctionInfo *info, const HclCall *call)
{
    for (uint32_t i = 0; i < call->count; i++) {
        const Node *arg = &call->args[i];
        if (arg->kind == NODE_NULL && !(info->flags & N))
            return arg;
        if (arg->kind == NODE_UNKNOWN && !(info->flags & U))
            return arg;
        if (!(info->flags & (U | S)) && hcl_find_unknown(arg))
            return arg;
    }
    return NULL;
}

static uint8_t sensitive_arguments(const HclCall *call)
{
    for (uint32_t i = 0; i < call->count; i++)
        if (hcl_has_sensitive(&call->args[i]))
            return NODE_SENSITIVE;
    return 0;
}

Node hcl_call(HclEval *eval, const HclCall *call)
{
    const FunctionInfo *info = find_function(call->name);
    const Node *deciding;
    Node result;

    if (!info)
        return hcl_fail(eval, call->at, "there is no function \"%.*s\"", STR_ARG(call->name));
    if (!count_fits(info, call))
        return hcl_fail(eval, call->at, "%s() does not take %u arguments", info->name, call->count);
    if (!hcl_work(eval, 1 + call->count, call->at))
        return hcl_fail(eval, call->at, "evaluation takes too long");
    deciding = deciding_argument(info, call);
    if (deciding && deciding->kind == NODE_NULL)
        return hcl_fail(eval, call->at, "%s() does not take null", info->name);
    if (deciding)
        result = hcl_unknown_from(eval, call->at, deciding, NODE_UNKNOWN);
    else
        result = info->function(eval, call);
    if (!str_eq(call->name, STR("nonsensitive")) && !str_eq(call->name, STR("issensitive")))
        result.flags |= sensitive_arguments(call);
    return result;
}
