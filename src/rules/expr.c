#include "rules/expr.h"

#include "base/limits.h"

/* An expression that `define` multiplies beyond this is a mistake. */
#define LIMIT_DEFINE_NODES 20000u

/* Names that are defined by names; each step is a recursion. */
#define LIMIT_DEFINE_DEPTH 50u

typedef struct Define {
    Str name;
    const Node *scalar;
    CelExpr *expr; /* NULL until it is first named, or after a mistake */
    bool read;
    bool busy; /* being read: naming it again is a cycle */
} Define;

struct Defines {
    Define *items;
    uint32_t count;
};

/* The variables of macros around an expression. */
typedef struct Scope {
    Str names[2];
    const struct Scope *outer;
} Scope;

typedef struct Expander {
    ExprReader *reader;
    uint32_t copied;
    bool path;
    bool failed;
} Expander;

static const CelType dyn = {.kind = CEL_TYPE_DYN};

const CelEnv *expr_env(void)
{
    static const CelVariable variables[] = {
#define RULE_VARIABLE(name, id) {STR_INIT(id), &dyn},
#include "rules/variables.def"
#undef RULE_VARIABLE
    };
    static const CelEnv env = {.variables = variables, .variable_count = RULE_VAR_COUNT};

    return &env;
}

Defines *defines_new(const Node *map, Arena *arena)
{
    Defines *defines = ARENA_NEW(arena, Defines);

    if (!defines || !map)
        return defines;
    defines->items = ARENA_ARRAY(arena, Define, map->count);
    if (!defines->items)
        return NULL;
    for (uint32_t i = 0; i < map->count; i++)
        defines->items[i] =
            (Define){.name = entry_key(&map->as.entries[i]), .scalar = &map->as.entries[i].value};
    defines->count = map->count;
    return defines;
}

/* Steps from decoded text back to what it was decoded from: both are walked side by side, and what
 * the original has more (indentation, backslashes) is passed over. */
static bool decoded_steps(Arena *arena, Str raw, uint32_t raw_start, Str text, OffsetStep **steps,
                          uint32_t *count)
{
    uint32_t capacity = 0, there = 0;
    int64_t shift = -1;

    for (uint32_t here = 0; here < text.size; here++) {
        uint32_t match = there;
        while (match < raw.size && raw.data[match] != text.data[here])
            match++;
        if (match == raw.size)
            continue; /* an escape such as \n has no letter of its own */
        if ((int64_t)match - here != shift) {
            OffsetStep *more =
                arena_grow(arena, *steps, *count, &capacity, *count + 1u, sizeof **steps);
            if (!more)
                return false;
            *steps = more;
            more[(*count)++] = (OffsetStep){here, raw_start + match};
            shift = (int64_t)match - here;
        }
        there = match + 1;
    }
    return true;
}

/* Where the text of a scalar begins: after the first line of a block scalar. */
static uint32_t content_start(const Source *source, const Node *scalar)
{
    uint32_t start = scalar->start;

    if (start < source->text.size &&
        (source->text.data[start] == '|' || source->text.data[start] == '>'))
        while (start < scalar->end && start < source->text.size && source->text.data[start] != '\n')
            start++;
    return start;
}

bool expr_text(const ExprReader *reader, const Node *scalar, ExprText *text)
{
    const Source *source = sources_get(reader->sources, scalar->source);
    Str value = scalar->kind == NODE_SCALAR || scalar->kind == NODE_STRING ? node_text(scalar)
                                                                           : (Str){"", 0};
    OffsetStep *steps = NULL;
    uint32_t step_count = 0, start;
    Source *decoded;

    if (!source)
        return false;
    if (value.data >= source->text.data && value.data <= source->text.data + source->text.size) {
        *text = (ExprText){value, scalar->source, (uint32_t)(value.data - source->text.data)};
        return true;
    }
    start = content_start(source, scalar);
    if (!decoded_steps(reader->arena, str_sub(source->text, start, scalar->end - start), start,
                       value, &steps, &step_count))
        return false;
    decoded = sources_add_decoded(reader->sources, node_span(scalar), value, steps, step_count);
    if (!decoded)
        return false;
    *text = (ExprText){value, decoded->number, 0};
    return true;
}

static bool in_scope(const Scope *scope, Str name)
{
    for (; scope; scope = scope->outer)
        if (str_eq(scope->names[0], name) || str_eq(scope->names[1], name))
            return true;
    return false;
}

static bool is_variable(Str name, uint32_t *number)
{
    for (uint32_t i = 0; i < RULE_VAR_COUNT; i++)
        if (str_eq(rule_variable_name((RuleVariable)i), name)) {
            *number = i;
            return true;
        }
    return false;
}

static Define *find_define(const Defines *defines, Str name)
{
    for (uint32_t i = 0; defines && i < defines->count; i++)
        if (str_eq(defines->items[i].name, name))
            return &defines->items[i];
    return NULL;
}

/* A copy in which a rule's expression has its own nodes; the variables in it are the rule's then.
 */
static CelExpr *copy_tree(Expander *x, const CelExpr *from)
{
    Arena *arena = x->reader->arena;
    CelExpr *copy = ++x->copied <= LIMIT_DEFINE_NODES ? ARENA_NEW(arena, CelExpr) : NULL;
    uint32_t variable;

    if (!copy)
        return NULL;
    *copy = *from;
    if (from->kind == CEL_EXPR_IDENT && is_variable(from->name, &variable))
        x->reader->variables |= 1u << variable;
    if (!from->arg_count)
        return copy;
    copy->args = ARENA_ARRAY(arena, CelExpr *, from->arg_count);
    for (uint32_t i = 0; copy->args && i < from->arg_count; i++)
        if (from->args[i] && !(copy->args[i] = copy_tree(x, from->args[i])))
            return NULL;
    return copy->args ? copy : NULL;
}

static CelExpr *read_define(Expander *x, Define *define, Span user)
{
    ExprReader *reader = x->reader;
    ExprText text;

    if (define->busy || reader->define_depth >= LIMIT_DEFINE_DEPTH) {
        diag_error(reader->diags, DIAG_RULE_FILE, user,
                   define->busy ? "`%.*s` is defined by itself"
                                : "`%.*s` is defined through too many other names",
                   STR_ARG(define->name));
        return NULL;
    }
    if (!define->read) {
        define->busy = true;
        reader->define_depth++;
        if (expr_text(reader, define->scalar, &text))
            define->expr = expr_read(reader, &text, 0, text.text.size, false);
        reader->define_depth--;
        define->busy = false;
        define->read = true;
    }
    return define->expr;
}

static void put_define(Expander *x, CelExpr *expr, Define *define)
{
    const CelExpr *found = read_define(x, define, expr->span);
    const CelExpr *copy = found ? copy_tree(x, found) : NULL;

    if (copy)
        *expr = *copy;
    else
        x->failed = true;
    if (x->copied > LIMIT_DEFINE_NODES)
        diag_error(x->reader->diags, DIAG_RULE_FILE, expr->span,
                   "the expression grows beyond %u parts by what `define` puts in",
                   LIMIT_DEFINE_NODES);
}

/* `name` of a path becomes `resource.name`. */
static void put_resource(Expander *x, CelExpr *expr)
{
    CelExpr *resource = ARENA_NEW(x->reader->arena, CelExpr);
    CelExpr **args = ARENA_ARRAY(x->reader->arena, CelExpr *, 1);

    if (!resource || !args) {
        x->failed = true;
        return;
    }
    *resource = (CelExpr){
        .kind = CEL_EXPR_IDENT, .span = expr->span, .name = rule_variable_name(RULE_VAR_RESOURCE)};
    args[0] = resource;
    *expr = (CelExpr){.kind = CEL_EXPR_SELECT,
                      .span = expr->span,
                      .name = expr->name,
                      .args = args,
                      .arg_count = 1};
    x->reader->variables |= 1u << RULE_VAR_RESOURCE;
}

static void expand_name(Expander *x, CelExpr *expr, const Scope *scope)
{
    uint32_t variable;
    Define *define;

    if (in_scope(scope, expr->name))
        return;
    if (is_variable(expr->name, &variable)) {
        x->reader->variables |= 1u << variable;
        return;
    }
    define = find_define(x->reader->defines, expr->name);
    if (define)
        put_define(x, expr, define);
    else if (x->path)
        put_resource(x, expr);
}

static bool binds(const CelExpr *expr)
{
    return expr->kind == CEL_EXPR_COMPREHENSION || expr->kind == CEL_EXPR_BIND ||
           expr->kind == CEL_EXPR_OPT_MAP;
}

static void expand(Expander *x, CelExpr *expr, const Scope *scope, uint32_t depth)
{
    Scope inner = {{expr->iter_var, expr->iter_var2}, scope};

    if (depth > LIMIT_CEL_DEPTH) {
        x->failed = true;
        return;
    }
    if (expr->kind == CEL_EXPR_IDENT) {
        expand_name(x, expr, scope);
        return;
    }
    for (uint32_t i = 0; i < expr->arg_count && !x->failed; i++)
        if (expr->args[i])
            expand(x, expr->args[i], i > 0 && binds(expr) ? &inner : scope, depth + 1);
}

static uint32_t tree_depth(const CelExpr *expr)
{
    uint32_t deepest = 0;

    for (uint32_t i = 0; i < expr->arg_count; i++) {
        uint32_t depth = expr->args[i] ? tree_depth(expr->args[i]) : 0;
        deepest = depth > deepest ? depth : deepest;
    }
    return deepest + 1;
}

CelExpr *expr_read(ExprReader *reader, const ExprText *text, uint32_t from, uint32_t size,
                   bool path)
{
    CelParseOptions options = {.offset = text->offset + from, .source = text->source};
    Expander x = {.reader = reader, .path = path};
    CelExpr *expr =
        cel_parse(str_sub(text->text, from, size), &options, reader->arena, reader->diags);

    if (!expr)
        return NULL;
    expand(&x, expr, NULL, 0);
    if (x.failed)
        return NULL;
    if (x.copied && tree_depth(expr) > LIMIT_CEL_DEPTH) {
        diag_error(reader->diags, DIAG_RULE_FILE, expr->span,
                   "the expression nests deeper than %u by what `define` puts in", LIMIT_CEL_DEPTH);
        return NULL;
    }
    return expr;
}

void defines_check(ExprReader *reader)
{
    Expander x = {.reader = reader};

    for (uint32_t i = 0; reader->defines && i < reader->defines->count; i++)
        read_define(&x, &reader->defines->items[i], SPAN_NONE);
}

/* Whether it calls what answers with other resources. The parser has bounded its depth. */
static bool asks_others(const CelExpr *expr)
{
    if (cel_is_call(expr, STR("resources")) || cel_is_call(expr, STR("selected")) ||
        cel_is_call(expr, STR("referrers")))
        return true;
    for (uint32_t i = 0; i < expr->arg_count; i++)
        if (expr->args[i] && asks_others(expr->args[i]))
            return true;
    return false;
}

bool expr_compile(ExprReader *reader, CelExpr *expr, SymbolBuilder *symbols, CelCode *code)
{
    reader->asks |= asks_others(expr);
    return cel_check(expr, expr_env(), reader->arena, reader->diags) &&
           cel_compile(expr, symbols, reader->arena, reader->diags, code);
}
