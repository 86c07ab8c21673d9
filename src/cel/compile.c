/* The walk from a tree to code, in the order in which the machine needs its values. */
#include "base/limits.h"
#include "cel/dispatch.h"
#include "cel/emit.h"
#include "cel/library.h"

/* Work that folding a constant may do. */
#define FOLD_STEPS 20000u

typedef struct Compiler {
    Emitter emitter;
    SymbolBuilder *symbols;
    DiagSink *diags;
    bool folded; /* inside of an expression that was tried already */
    bool failed; /* after a report */
} Compiler;

static void compile(Compiler *c, const CelExpr *expr);

static void push_const(Compiler *c, CelKind kind, uint64_t bits, Str text)
{
    emit(&c->emitter, CEL_OP_CONST, emit_const(&c->emitter, kind, bits, text), 0);
}

static void push_error(Compiler *c, const char *format, Str name)
{
    Str text = str_format(c->emitter.arena, format, STR_ARG(name));

    push_const(c, CEL_ERROR, 0, text);
}

/* Constants */

static uint32_t literal_const(Compiler *c, const CelExpr *expr)
{
    static const CelKind kinds[] = {
        [CEL_EXPR_NULL] = CEL_NULL,     [CEL_EXPR_BOOL] = CEL_BOOL,
        [CEL_EXPR_INT] = CEL_INT,       [CEL_EXPR_UINT] = CEL_UINT,
        [CEL_EXPR_DOUBLE] = CEL_DOUBLE, [CEL_EXPR_STRING] = CEL_STRING,
        [CEL_EXPR_BYTES] = CEL_BYTES,
    };
    bool text = expr->kind == CEL_EXPR_STRING || expr->kind == CEL_EXPR_BYTES;
    uint64_t bits = expr->kind == CEL_EXPR_BOOL ? expr->as.boolean : expr->as.unsigned_integer;

    if (text || expr->kind == CEL_EXPR_NULL)
        bits = 0;
    return emit_const(&c->emitter, kinds[expr->kind], bits, text ? expr->name : STR(""));
}

static void compile_literal(Compiler *c, const CelExpr *expr)
{
    if (expr->kind == CEL_EXPR_NULL)
        emit(&c->emitter, CEL_OP_NULL, 0, 0);
    else if (expr->kind == CEL_EXPR_BOOL)
        emit(&c->emitter, CEL_OP_BOOL, expr->as.boolean, 0);
    else
        emit(&c->emitter, CEL_OP_CONST, literal_const(c, expr), 0);
}

static uint16_t function_of(const CelExpr *call)
{
    if (call->function != CEL_FUNCTION_NONE && call->function < CEL_FN_COUNT)
        return call->function;
    return cel_function_find(call->name, call->member, call->arg_count);
}

/* Whether the value depends on nothing: literals, and calls and lists of such. */
static bool is_constant(const CelExpr *expr)
{
    if (cel_is_literal(expr))
        return true;
    if (expr->kind == CEL_EXPR_CALL) {
        uint16_t function = function_of(expr);

        if (function == CEL_FUNCTION_NONE || cel_function(function)->flags & CEL_FN_LOOKS)
            return false;
    } else if (expr->kind != CEL_EXPR_LIST || expr->optional_args) {
        return false;
    }
    for (uint32_t i = 0; i < expr->arg_count; i++)
        if (!is_constant(expr->args[i]))
            return false;
    return true;
}

/* Runs the expression now. */
static CelValue evaluate(Compiler *c, const CelExpr *expr)
{
    static const Symbols none;
    Compiler inner = {.emitter = emitter_new(c->emitter.arena),
                      .symbols = c->symbols,
                      .diags = c->diags,
                      .folded = true};
    CelMachine machine = {.arena = c->emitter.arena, .symbols = &none, .step_limit = FOLD_STEPS};
    CelValue failure = {.kind = CEL_ERROR};
    CelCode code;

    compile(&inner, expr);
    emit(&inner.emitter, CEL_OP_RETURN, 0, 0);
    if (inner.failed || !emit_code(&inner.emitter, &code))
        return failure;
    return cel_eval(&code, &machine);
}

/* Puts the value of a constant expression in its place, where that is a simple one. What is an
 * error is left for the run, where `||` may absorb it. */
static bool fold(Compiler *c, const CelExpr *expr)
{
    CelValue value;

    if (c->folded || expr->kind != CEL_EXPR_CALL || !is_constant(expr))
        return false;
    value = evaluate(c, expr);
    switch ((CelKind)value.kind) {
    case CEL_NULL:
        emit(&c->emitter, CEL_OP_NULL, 0, 0);
        return true;
    case CEL_BOOL:
        emit(&c->emitter, CEL_OP_BOOL, value.as.boolean, 0);
        return true;
    case CEL_INT:
    case CEL_UINT:
    case CEL_DOUBLE:
        push_const(c, (CelKind)value.kind, value.as.unsigned_integer, STR(""));
        return true;
    case CEL_STRING:
    case CEL_BYTES:
        push_const(c, (CelKind)value.kind, 0, cel_text(value));
        return true;
    default:
        return false;
    }
}

/* Names and fields */

static void compile_type(Compiler *c, const CelExpr *expr)
{
    const CelType *type = expr->type && expr->type->params[0] ? expr->type->params[0] : NULL;

    if (type)
        push_const(c, CEL_TYPE, type->kind, type->kind == CEL_TYPE_OPAQUE ? type->name : STR(""));
    else
        push_const(c, CEL_TYPE, CEL_TYPE_TYPE, STR(""));
}

static void compile_ident(Compiler *c, const CelExpr *expr)
{
    if (expr->variable == CEL_IDENT_TYPE)
        compile_type(c, expr);
    else if (expr->variable == CEL_IDENT_UNDECLARED)
        push_error(c, "undeclared reference to '%.*s'", expr->name);
    else if (expr->variable < 0)
        emit(&c->emitter, CEL_OP_LOCAL, (uint32_t)(-1 - expr->variable), 0);
    else
        emit(&c->emitter, CEL_OP_VARIABLE, (uint32_t)expr->variable, 0);
}

static Symbol intern(Compiler *c, Str name)
{
    Symbol symbol = symbols_intern(c->symbols, name);

    if (symbol == SYMBOL_NONE)
        c->emitter.failed = true;
    return symbol;
}

/* How many plain selections end in this one: 3 for x.a.b.c. */
static uint32_t path_length(const CelExpr *expr)
{
    uint32_t length = 0;

    while (expr->kind == CEL_EXPR_SELECT && !expr->test && !expr->optional &&
           length < CODE_PATH_MAX) {
        expr = expr->args[0];
        length++;
    }
    return length;
}

/* Whether an expression is a variable with a value: those of the environment count from 0 on. */
static bool is_variable(const CelExpr *expr)
{
    return expr->kind == CEL_EXPR_IDENT && expr->variable != CEL_IDENT_TYPE &&
           expr->variable != CEL_IDENT_UNDECLARED;
}

static void compile_path(Compiler *c, const CelExpr *expr, uint32_t length)
{
    uint32_t symbols[CODE_PATH_MAX];
    uint32_t path;

    for (uint32_t i = length; i-- > 0; expr = expr->args[0])
        symbols[i] = intern(c, expr->name);
    path = emit_words(&c->emitter, symbols, length);
    if (!is_variable(expr)) {
        compile(c, expr);
        emit(&c->emitter, CEL_OP_PATH, path, 0);
    } else if (expr->variable < 0) {
        emit(&c->emitter, CEL_OP_LOCAL_PATH, path, (uint32_t)(-1 - expr->variable));
    } else {
        emit(&c->emitter, CEL_OP_VARIABLE_PATH, path, (uint32_t)expr->variable);
    }
}

static void compile_select(Compiler *c, const CelExpr *expr)
{
    CelOp op = expr->test ? CEL_OP_HAS_FIELD : expr->optional ? CEL_OP_OPT_FIELD : CEL_OP_FIELD;
    uint32_t length = path_length(expr);

    if (length > 1 || (length == 1 && is_variable(expr->args[0]))) {
        compile_path(c, expr, length);
        return;
    }
    compile(c, expr->args[0]);
    emit(&c->emitter, op, intern(c, expr->name), 0);
}

/* Operators */

static void compile_logic(Compiler *c, const CelExpr *expr, CelOp test, CelOp combine)
{
    uint32_t at;

    compile(c, expr->args[0]);
    at = emit(&c->emitter, test, 0, 0);
    compile(c, expr->args[1]);
    emit(&c->emitter, combine, 0, 0);
    emit_here(&c->emitter, at);
}

static void compile_conditional(Compiler *c, const CelExpr *expr)
{
    uint32_t choose, jump;

    compile(c, expr->args[0]);
    choose = emit(&c->emitter, CEL_OP_CHOOSE, 0, 0);
    compile(c, expr->args[1]);
    jump = emit(&c->emitter, CEL_OP_JUMP, 0, 0);
    c->emitter.depth--; /* one branch runs */
    emit_here(&c->emitter, choose);
    compile(c, expr->args[2]);
    emit_here(&c->emitter, jump);
    emit(&c->emitter, CEL_OP_CHOSEN, 0, 0);
    emit_second_here(&c->emitter, choose);
}

static void compile_index(Compiler *c, const CelExpr *expr)
{
    const CelExpr *key = expr->args[1];

    compile(c, expr->args[0]);
    if (key->kind == CEL_EXPR_STRING) {
        uint32_t constant = emit_const(&c->emitter, CEL_STRING, 0, key->name);

        emit(&c->emitter, CEL_OP_INDEX_KEY, intern(c, key->name), constant);
        return;
    }
    compile(c, key);
    emit(&c->emitter, CEL_OP_INDEX, 0, 0);
}

static void compile_equality(Compiler *c, const CelExpr *expr, CelOp op, CelOp with_const)
{
    const CelExpr *a = expr->args[0], *b = expr->args[1];

    if (cel_is_literal(a)) {
        a = expr->args[1];
        b = expr->args[0];
    }
    compile(c, a);
    if (cel_is_literal(b)) {
        emit(&c->emitter, with_const, literal_const(c, b), 0);
        return;
    }
    compile(c, b);
    emit(&c->emitter, op, 0, 0);
}

/* Whether a literal list, or a literal map with keys that are texts, stands for nothing but its
 * members. Where a key is there twice the map is an error, and stays for the machine. */
static bool is_set_of_literals(const CelExpr *set)
{
    bool map = set->kind == CEL_EXPR_MAP;

    if ((!map && set->kind != CEL_EXPR_LIST) || set->optional_args)
        return false;
    for (uint32_t i = 0; i < set->arg_count; i++)
        if (!cel_is_literal(set->args[i]))
            return false;
    for (uint32_t i = 0; map && i < set->arg_count; i += 2) {
        if (set->args[i]->kind != CEL_EXPR_STRING)
            return false;
        for (uint32_t j = 0; j < i; j += 2)
            if (str_eq(set->args[i]->name, set->args[j]->name))
                return false;
    }
    return true;
}

static void compile_in(Compiler *c, const CelExpr *expr)
{
    const CelExpr *set = expr->args[1];
    uint32_t step = set->kind == CEL_EXPR_MAP ? 2 : 1, count = 0;
    uint32_t *offsets;

    compile(c, expr->args[0]);
    if (!is_set_of_literals(set)) {
        compile(c, set);
        emit(&c->emitter, CEL_OP_IN, 0, 0);
        return;
    }
    offsets = ARENA_ARRAY(c->emitter.arena, uint32_t, (size_t)set->arg_count + 1);
    if (!offsets) {
        c->emitter.failed = true;
        return;
    }
    for (uint32_t i = 0; i < set->arg_count; i += step)
        offsets[count++] = literal_const(c, set->args[i]);
    emit(&c->emitter, CEL_OP_IN_SET, emit_words(&c->emitter, offsets, count), 0);
}

static void compile_args(Compiler *c, const CelExpr *expr)
{
    for (uint32_t i = 0; i < expr->arg_count; i++)
        compile(c, expr->args[i]);
}

static void compile_plain_operator(Compiler *c, const CelExpr *expr, CelOp op)
{
    compile_args(c, expr);
    emit(&c->emitter, op, 0, 0);
}

static CelOp plain_operator(uint16_t function)
{
    static const struct {
        uint16_t function;
        CelOp op;
    } plain[] = {
        {CEL_FN_NOT, CEL_OP_NOT},           {CEL_FN_NEGATE, CEL_OP_NEGATE},
        {CEL_FN_LESS, CEL_OP_LESS},         {CEL_FN_LESS_EQUAL, CEL_OP_LESS_EQUAL},
        {CEL_FN_GREATER, CEL_OP_GREATER},   {CEL_FN_GREATER_EQUAL, CEL_OP_GREATER_EQUAL},
        {CEL_FN_ADD, CEL_OP_ADD},           {CEL_FN_SUBTRACT, CEL_OP_SUBTRACT},
        {CEL_FN_MULTIPLY, CEL_OP_MULTIPLY}, {CEL_FN_DIVIDE, CEL_OP_DIVIDE},
        {CEL_FN_MODULO, CEL_OP_MODULO},     {CEL_FN_OPTIONAL_INDEX, CEL_OP_OPT_INDEX},
    };

    for (size_t i = 0; i < sizeof plain / sizeof *plain; i++)
        if (plain[i].function == function)
            return plain[i].op;
    return CEL_OP_COUNT;
}

static bool compile_operator(Compiler *c, const CelExpr *expr, uint16_t function)
{
    CelOp plain = plain_operator(function);

    if (plain != CEL_OP_COUNT)
        compile_plain_operator(c, expr, plain);
    else if (function == CEL_FN_AND)
        compile_logic(c, expr, CEL_OP_AND_TEST, CEL_OP_AND);
    else if (function == CEL_FN_OR)
        compile_logic(c, expr, CEL_OP_OR_TEST, CEL_OP_OR);
    else if (function == CEL_FN_CONDITIONAL)
        compile_conditional(c, expr);
    else if (function == CEL_FN_EQUAL)
        compile_equality(c, expr, CEL_OP_EQUAL, CEL_OP_EQUAL_CONST);
    else if (function == CEL_FN_NOT_EQUAL)
        compile_equality(c, expr, CEL_OP_NOT_EQUAL, CEL_OP_NOT_EQUAL_CONST);
    else if (function == CEL_FN_INDEX)
        compile_index(c, expr);
    else if (function == CEL_FN_IN)
        compile_in(c, expr);
    else
        return false;
    return true;
}

/* Calls */

static bool takes_pattern(uint16_t function)
{
    return function == CEL_FN_MATCHES || function == CEL_FN_MATCHES_OF || function == CEL_FN_FIND ||
           function == CEL_FN_FIND_ALL || function == CEL_FN_FIND_ALL_LIMIT;
}

/* A constant pattern that is no pattern is a mistake in the rule. */
static void check_pattern(Compiler *c, const CelExpr *expr, uint16_t function)
{
    const CelExpr *pattern = expr->arg_count > 1 ? expr->args[1] : NULL;
    char error[REGEX_ERROR_SIZE];
    Regex *regex;

    if (!takes_pattern(function) || !pattern || pattern->kind != CEL_EXPR_STRING)
        return;
    regex = regex_new(pattern->name, error);
    if (!regex) {
        diag_error(c->diags, DIAG_CEL_REGEX, pattern->span, "%s", error);
        c->failed = true;
    }
    regex_free(regex);
}

static void compile_call(Compiler *c, const CelExpr *expr)
{
    uint16_t function = function_of(expr);
    uint32_t word = expr->arg_count;

    if (function == CEL_FUNCTION_NONE || expr->arg_count >= CODE_PREDICATE) {
        push_error(c, "no such overload: %.*s()", expr->name);
        return;
    }
    if (compile_operator(c, expr, function))
        return;
    check_pattern(c, expr, function);
    if (dispatch_predicate(function))
        word |= CODE_PREDICATE;
    compile_args(c, expr);
    emit(&c->emitter, CEL_OP_CALL, function, word);
}

/* Lists and maps */

/* The bits of optional elements in the pool, or 0 when there are none. */
static uint32_t optional_mask(Compiler *c, const CelExpr *expr)
{
    uint32_t count = (expr->arg_count + 31) / 32;
    uint32_t *words;

    if (!expr->optional_args)
        return 0;
    words = ARENA_ARRAY(c->emitter.arena, uint32_t, (size_t)count + 1);
    if (!words) {
        c->emitter.failed = true;
        return 0;
    }
    for (uint32_t i = 0; i < expr->arg_count; i++)
        words[i / 32] |= (uint32_t)expr->optional_args[i] << i % 32;
    return emit_words(&c->emitter, words, count);
}

static void compile_container(Compiler *c, const CelExpr *expr, CelOp op)
{
    uint32_t mask = optional_mask(c, expr);

    compile_args(c, expr);
    emit(&c->emitter, op, expr->arg_count, mask);
}

/* Macros */

static void compile_loop(Compiler *c, const CelExpr *expr)
{
    Emitter *e = &c->emitter;
    uint32_t macro = (uint32_t)expr->as.macro;
    bool two = expr->iter_var2.size > 0;
    uint32_t loop, next, slots;

    compile(c, expr->args[0]);
    slots = emit_open(e);
    slots |= (two ? emit_open(e) : CODE_NO_SLOT) << 16;
    loop = emit(e, CEL_OP_LOOP, 0, macro);
    next = emit(e, CEL_OP_NEXT, 0, slots);
    if (expr->arg_count > 2 && expr->args[2]) {
        compile(c, expr->args[2]);
        emit(e, CEL_OP_WHEN, next + CODE_HEAD_WORDS, 0);
    }
    compile(c, expr->args[1]);
    emit(e, CEL_OP_STEP, next + CODE_HEAD_WORDS, macro);
    emit_here(e, next);
    emit(e, CEL_OP_LOOPED, macro, 0);
    emit_here(e, loop);
    emit_close(e, two ? 2 : 1);
}

static void compile_bind(Compiler *c, const CelExpr *expr)
{
    compile(c, expr->args[0]);
    emit(&c->emitter, CEL_OP_SET_LOCAL, emit_open(&c->emitter), 0);
    compile(c, expr->args[1]);
    emit_close(&c->emitter, 1);
}

static void compile_opt_map(Compiler *c, const CelExpr *expr)
{
    uint32_t open;

    compile(c, expr->args[0]);
    open = emit(&c->emitter, CEL_OP_OPT_OPEN, 0, emit_open(&c->emitter));
    compile(c, expr->args[1]);
    emit(&c->emitter, expr->flat ? CEL_OP_OPT_CHECK : CEL_OP_OPT_WRAP, 0, 0);
    emit_here(&c->emitter, open);
    emit_close(&c->emitter, 1);
}

static void compile_compound(Compiler *c, const CelExpr *expr)
{
    switch (expr->kind) {
    case CEL_EXPR_SELECT:
        compile_select(c, expr);
        break;
    case CEL_EXPR_CALL:
        compile_call(c, expr);
        break;
    case CEL_EXPR_LIST:
        compile_container(c, expr, CEL_OP_LIST);
        break;
    case CEL_EXPR_MAP:
        compile_container(c, expr, CEL_OP_MAP);
        break;
    case CEL_EXPR_COMPREHENSION:
        compile_loop(c, expr);
        break;
    case CEL_EXPR_BIND:
        compile_bind(c, expr);
        break;
    case CEL_EXPR_OPT_MAP:
        compile_opt_map(c, expr);
        break;
    case CEL_EXPR_IS_SET:
        compile_plain_operator(c, expr, CEL_OP_IS_SET);
        break;
    default:
        push_error(c, "there are no messages: %.*s", expr->name);
        break;
    }
}

static void compile(Compiler *c, const CelExpr *expr)
{
    if (c->emitter.failed || c->failed)
        return;
    if (cel_is_literal(expr))
        compile_literal(c, expr);
    else if (expr->kind == CEL_EXPR_IDENT)
        compile_ident(c, expr);
    else if (!fold(c, expr))
        compile_compound(c, expr);
}

bool cel_compile(const CelExpr *expr, SymbolBuilder *symbols, Arena *arena, DiagSink *diags,
                 CelCode *code)
{
    Compiler c = {.emitter = emitter_new(arena), .symbols = symbols, .diags = diags};

    compile(&c, expr);
    emit(&c.emitter, CEL_OP_RETURN, 0, 0);
    if (c.failed)
        return false;
    if (emit_code(&c.emitter, code))
        return true;
    if (!arena_spent(arena))
        diag_error(diags, DIAG_CEL_SYNTAX, expr->span, "the expression is too large");
    return false;
}
