/* Terraform's functions that read a directory, or a text as a template. */
#include "base/glob.h"
#include "ir/hcl_functions_parts.h"

/* What a directory may hold before the answer is that nobody knows. */
#define DEPTH_MAX 32u
#define ENTRIES_MAX 20000u
#define EFFORT_MAX 5000000u

/* --- templates --- */

/* The value of a template that sees the given variables only. */
static Node eval_template(HclEval *eval, const HclCall *call, Source *source, const Node *vars)
{
    const HclScope *outer = eval->scope, *scope = NULL;
    const HclExpr *expr = source ? hcl_read_template(source, eval->arena, eval->diags) : NULL;
    Node result;

    for (uint32_t i = 0; expr && i < vars->count; i++) {
        HclScope *variable = ARENA_NEW(eval->arena, HclScope);
        if (!variable)
            return hcl_failed(eval, call);
        *variable = (HclScope){entry_key(&vars->as.entries[i]), vars->as.entries[i].value, scope};
        scope = variable;
    }
    if (!expr)
        return hcl_failed(eval, call);
    eval->scope = scope;
    result = hcl_eval(eval, expr);
    eval->scope = outer;
    return hcl_at(result, call->at);
}

Node hcl_fn_templatefile(HclEval *eval, const HclCall *call)
{
    const Node *vars;
    Str path, text;

    if (!hcl_arg_map(eval, call, 1, &vars) || !hcl_arg_text(eval, call, 0, &path))
        return hcl_failed(eval, call);
    if (!eval->world->file || !eval->world->file(eval, path, call->at, &text))
        return hcl_unknown(eval, call->at, str_format(eval->arena, "file \"%.*s\"", STR_ARG(path)),
                           NODE_STRING);
    return eval_template(eval, call, sources_add(eval->sources, path, text), vars);
}

/* The template is the value of a name, and its text is nowhere. */
Node hcl_fn_templatestring(HclEval *eval, const HclCall *call)
{
    const Node *vars;
    Str text;

    if (call->args[0].kind == NODE_UNKNOWN)
        return hcl_unknown_from(eval, call->at, &call->args[0], NODE_STRING);
    if (!hcl_arg_map(eval, call, 1, &vars) || !hcl_arg_text(eval, call, 0, &text))
        return hcl_failed(eval, call);
    return eval_template(eval, call, sources_add(eval->sources, STR("templatestring()"), text),
                         vars);
}

/* --- directories --- */

typedef struct Walk {
    HclEval *eval;
    const HclCall *call;
    Str dir;
    Str pattern;
    Node *items;
    uint32_t count;
    uint32_t capacity;
    uint32_t seen;
    uint32_t effort;
} Walk;

static bool add_file(Walk *walk, Str path)
{
    Node *items;

    if (!glob_match(walk->pattern, path, walk->eval->arena, &walk->effort))
        return walk->effort > 0;
    items = arena_grow(walk->eval->arena, walk->items, walk->count, &walk->capacity,
                       (size_t)walk->count + 1, sizeof *items);
    if (!items)
        return false;
    walk->items = items;
    items[walk->count++] = node_make_string(walk->call->at, path);
    return true;
}

/* Goes through the directory `inner` of the one that is asked about. False when that is too much.
 */
static bool walk_directory(Walk *walk, Str inner, uint32_t depth)
{
    HclEval *eval = walk->eval;
    Str dir = inner.size ? str_format(eval->arena, "%.*s/%.*s", STR_ARG(walk->dir), STR_ARG(inner))
                         : walk->dir;
    Str *names;
    uint32_t count;

    if (depth == DEPTH_MAX)
        return false;
    if (!eval->world->entries(eval, dir, &names, &count))
        return true; /* what is not there has no files */
    for (uint32_t i = 0; i < count; i++) {
        Str name = names[i];
        Str path = inner.size ? str_join(eval->arena, inner, name) : name;
        if (++walk->seen > ENTRIES_MAX)
            return false;
        if (str_ends(name, STR("/")) ? !walk_directory(walk, path, depth + 1)
                                     : !add_file(walk, path))
            return false;
    }
    return true;
}

Node hcl_fn_fileset(HclEval *eval, const HclCall *call)
{
    Walk walk = {.eval = eval, .call = call, .effort = EFFORT_MAX};

    if (!hcl_arg_text(eval, call, 0, &walk.dir) || !hcl_arg_text(eval, call, 1, &walk.pattern))
        return hcl_failed(eval, call);
    if (!eval->world->entries || !walk_directory(&walk, STR(""), 0))
        return hcl_unknown(eval, call->at,
                           str_format(eval->arena, "files in \"%.*s\"", STR_ARG(walk.dir)),
                           NODE_LIST);
    return hcl_make_set(call->at, walk.items, walk.count);
}
