#include "cel/machine.h"

#include "base/limits.h"
#include "cel/access.h"
#include "cel/arithmetic.h"
#include "cel/code.h"
#include "cel/dispatch.h"
#include "cel/library.h"
#include "cel/literal.h"
#include "cel/loop.h"

/* Values of an evaluation that fit without asking the arena. */
#define SMALL_STACK 48

typedef struct Run {
    CelMachine *machine;
    const uint8_t *bytes;
    const uint8_t *pool;
    uint32_t next; /* number of the next word */
    CelValue *top; /* of the stack; the one below the first when it is empty */
    CelValue *locals;
} Run;

uint64_t cel_step_limit(const CelMachine *machine)
{
    return machine->step_limit ? machine->step_limit : LIMIT_CEL_STEPS;
}

bool cel_charge(CelMachine *machine, uint64_t amount)
{
    machine->steps += amount;
    return machine->steps <= cel_step_limit(machine);
}

CelValue cel_exhausted(CelMachine *machine)
{
    return cel_error(machine, "the expression does too much work");
}

CelValue cel_spent(void)
{
    CelValue result = {.kind = CEL_ERROR};

    result.as.error = "out of memory";
    return result;
}

CelValue cel_machine_equal(CelMachine *machine, CelValue a, CelValue b)
{
    return cel_equal_within(a, b, &machine->steps, cel_step_limit(machine));
}

static void push(Run *run, CelValue value)
{
    *++run->top = value;
}

static CelValue pop(Run *run)
{
    return *run->top--;
}

static uint32_t second_word(Run *run)
{
    return code_word(run->bytes, run->next++);
}

/* Constants, variables, fields */

static void step_NULL(Run *run, uint32_t operand)
{
    (void)operand;
    push(run, cel_null());
}

static void step_BOOL(Run *run, uint32_t operand)
{
    push(run, cel_bool(operand));
}

/* The type of an opaque value has a name of its own. */
static CelValue opaque_type(CelMachine *machine, const uint8_t *pool, uint32_t offset,
                            CodeConst constant)
{
    CelType *type = ARENA_NEW(machine->arena, CelType);
    CelValue value = {.kind = CEL_TYPE};

    if (!type)
        return cel_spent();
    type->kind = CEL_TYPE_OPAQUE;
    type->name = (Str){(const char *)pool + offset + sizeof constant, constant.size};
    value.as.type = type;
    return value;
}

/* Of the usual kinds no copy is made on the way to the stack: copies of what was written just now
 * in small parts are slow. */
static void load_const(const uint8_t *pool, uint32_t operand, CelValue *value)
{
    CodeConst constant = code_const(pool, operand);

    if (constant.kind > CEL_STRING) {
        *value = code_value(pool, operand);
        return;
    }
    value->kind = (uint8_t)constant.kind;
    value->flags = 0;
    value->spare = 0;
    value->size = constant.size;
    if (constant.kind == CEL_STRING)
        value->as.text = (const char *)pool + operand + sizeof constant;
    else
        value->as.unsigned_integer = constant.bits;
    value->origin = NULL;
}

static void step_CONST(Run *run, uint32_t operand)
{
    CodeConst constant = code_const(run->pool, operand);

    if (constant.kind == CEL_TYPE && constant.bits == CEL_TYPE_OPAQUE)
        push(run, opaque_type(run->machine, run->pool, operand, constant));
    else
        load_const(run->pool, operand, ++run->top);
}

static void step_VARIABLE(Run *run, uint32_t operand)
{
    CelMachine *machine = run->machine;

    if (operand < machine->variable_count)
        push(run, machine->variables[operand]);
    else
        push(run, cel_error(machine, "a variable has no value"));
}

static void step_LOCAL(Run *run, uint32_t operand)
{
    push(run, run->locals[operand]);
}

static void step_SET_LOCAL(Run *run, uint32_t operand)
{
    run->locals[operand] = pop(run);
}

/* Puts what the path in the pool leads to from `from` in `to`, which may be the same. */
static inline void follow(const Run *run, const CelValue *from, uint32_t path, CelValue *to)
{
    uint32_t count = (uint32_t)code_const(run->pool, path).bits;

    access_path(run->machine, from, run->pool + path + sizeof(CodeConst), count, to);
}

static void step_FIELD(Run *run, uint32_t operand)
{
    access_path(run->machine, run->top, (const uint8_t *)&operand, 1, run->top);
}

static void step_PATH(Run *run, uint32_t operand)
{
    follow(run, run->top, operand, run->top);
}

static void step_VARIABLE_PATH(Run *run, uint32_t operand)
{
    uint32_t variable = second_word(run);

    if (variable < run->machine->variable_count)
        follow(run, &run->machine->variables[variable], operand, ++run->top);
    else
        push(run, cel_error(run->machine, "a variable has no value"));
}

static void step_LOCAL_PATH(Run *run, uint32_t operand)
{
    uint32_t slot = second_word(run);

    follow(run, &run->locals[slot], operand, ++run->top);
}

static void step_HAS_FIELD(Run *run, uint32_t operand)
{
    *run->top = access_has(run->machine, *run->top, operand);
}

static void step_OPT_FIELD(Run *run, uint32_t operand)
{
    *run->top = access_optional_field(run->machine, *run->top, operand);
}

static void step_INDEX(Run *run, uint32_t operand)
{
    CelValue key = pop(run);

    (void)operand;
    *run->top = access_index(run->machine, *run->top, key);
}

static void step_OPT_INDEX(Run *run, uint32_t operand)
{
    CelValue key = pop(run);

    (void)operand;
    *run->top = access_optional_index(run->machine, *run->top, key);
}

static void step_INDEX_KEY(Run *run, uint32_t operand)
{
    uint32_t key = second_word(run);
    CelValue *map = run->top;
    const Node *node = NULL;

    if (map->kind == CEL_MAP && (map->flags & CEL_INPUT))
        node = node_get(map->as.node, operand);
    if (node)
        cel_set_part(map, node, map->flags);
    else
        *map = access_key(run->machine, *map, operand, code_value(run->pool, key));
}

/* Null, and what a provider takes for nothing said: an empty text or list. */
static bool says_nothing(CelValue value)
{
    if (value.kind == CEL_STRING)
        return value.size == 0;
    if (value.kind == CEL_LIST)
        return cel_count(value) == 0;
    return value.kind == CEL_NULL;
}

/* Set in the input: there, saying something, and not what the provider does by itself. */
static void step_IS_SET(Run *run, uint32_t operand)
{
    CelValue value = *run->top;
    bool set = !says_nothing(value);

    (void)operand;
    if (value.kind == CEL_ERROR)
        return;
    if (value.kind == CEL_UNKNOWN) {
        if (cel_presence(value) != CEL_THERE)
            return;
    } else if (value.flags & CEL_INPUT) {
        set = set && (value.flags & CEL_CONFIGURED);
    }
    *run->top = cel_with_origin(cel_bool(set), value);
}

/* Operators */

/* Makes a bool of the top, an unknown or an error. */
static inline void make_truth(Run *run)
{
    if (run->top->kind != CEL_BOOL)
        *run->top = cel_truth(run->machine, *run->top);
}

/* Replaces `value` by a bool that keeps where it comes from. */
static void set_bool(CelValue *value, bool boolean)
{
    if (value->kind == CEL_STRING || value->kind == CEL_BYTES)
        value->size = 0;
    value->kind = CEL_BOOL;
    value->flags = 0;
    value->spare = 0;
    value->as.boolean = boolean;
}

static void step_NOT(Run *run, uint32_t operand)
{
    (void)operand;
    make_truth(run);
    if (run->top->kind == CEL_BOOL)
        run->top->as.boolean = !run->top->as.boolean;
}

static void step_NEGATE(Run *run, uint32_t operand)
{
    (void)operand;
    *run->top = arithmetic_negate(run->machine, *run->top);
}

/* The usual cases: two texts, bools or ints, and null, which nothing else is that is known. */
static bool is_easy(const CelValue *a, const CelValue *b)
{
    if (a->kind == CEL_NULL || b->kind == CEL_NULL)
        return !cel_is_blocking(a) && !cel_is_blocking(b);
    return a->kind == b->kind &&
           (a->kind == CEL_STRING || a->kind == CEL_BOOL || a->kind == CEL_INT);
}

static bool easy_equal(const CelValue *a, const CelValue *b)
{
    if (a->kind == CEL_STRING && b->kind == CEL_STRING)
        return a->size == b->size && (a->size == 0 || memcmp(a->as.text, b->as.text, a->size) == 0);
    if (a->kind != b->kind || a->kind == CEL_NULL)
        return a->kind == b->kind;
    return a->kind == CEL_BOOL ? a->as.boolean == b->as.boolean : a->as.integer == b->as.integer;
}

static void compare_hard(CelMachine *machine, CelValue *a, const CelValue *b, bool wanted)
{
    CelValue result = cel_machine_equal(machine, *a, *b);

    if (result.kind == CEL_BOOL) {
        result.as.boolean = result.as.boolean == wanted;
        result = cel_with_origin(result, a->origin ? *a : *b);
    }
    *a = result;
}

/* Replaces `a` by whether it is equal to `b`, or where that is not wanted, is not. */
static void compare_equal(CelMachine *machine, CelValue *a, const CelValue *b, bool wanted)
{
    if (!is_easy(a, b)) {
        compare_hard(machine, a, b, wanted);
        return;
    }
    set_bool(a, easy_equal(a, b) == wanted);
    if (!a->origin && b->origin)
        *a = cel_with_origin(*a, *b);
}

static void step_EQUAL(Run *run, uint32_t operand)
{
    (void)operand;
    run->top--;
    compare_equal(run->machine, run->top, run->top + 1, true);
}

static void step_NOT_EQUAL(Run *run, uint32_t operand)
{
    (void)operand;
    run->top--;
    compare_equal(run->machine, run->top, run->top + 1, false);
}

static void step_EQUAL_CONST(Run *run, uint32_t operand)
{
    CelValue b;

    load_const(run->pool, operand, &b);
    compare_equal(run->machine, run->top, &b, true);
}

static void step_NOT_EQUAL_CONST(Run *run, uint32_t operand)
{
    CelValue b;

    load_const(run->pool, operand, &b);
    compare_equal(run->machine, run->top, &b, false);
}

/* How two operands are ordered; false when the result stands in the place of the first. */
static bool compare_order(CelMachine *machine, CelValue *top, int *order, CelValue *origin)
{
    CelValue a = top[0], b = top[1];
    const CelValue *block = cel_blocking(&a, &b);

    if (block) {
        *top = *block;
        return false;
    }
    *origin = a.origin ? a : b;
    *order = cel_order(a, b);
    if (*order != CEL_INCOMPARABLE)
        return true;
    /* what is absent or misshapen is neither more nor less than anything */
    if (cel_is_lenient(a) || cel_is_lenient(b))
        *top = cel_with_origin(cel_bool(false), cel_is_input_null(b) ? b : *origin);
    else
        *top = cel_no_overload(machine);
    return false;
}

static void step_LESS(Run *run, uint32_t operand)
{
    CelValue origin;
    int order;

    (void)operand;
    if (compare_order(run->machine, --run->top, &order, &origin))
        *run->top = cel_with_origin(cel_bool(order < 0), origin);
}

static void step_LESS_EQUAL(Run *run, uint32_t operand)
{
    CelValue origin;
    int order;

    (void)operand;
    if (compare_order(run->machine, --run->top, &order, &origin))
        *run->top = cel_with_origin(cel_bool(order <= 0), origin);
}

static void step_GREATER(Run *run, uint32_t operand)
{
    CelValue origin;
    int order;

    (void)operand;
    if (compare_order(run->machine, --run->top, &order, &origin))
        *run->top = cel_with_origin(cel_bool(order == 1), origin);
}

static void step_GREATER_EQUAL(Run *run, uint32_t operand)
{
    CelValue origin;
    int order;

    (void)operand;
    if (compare_order(run->machine, --run->top, &order, &origin))
        *run->top = cel_with_origin(cel_bool(order == 0 || order == 1), origin);
}

static void step_ADD(Run *run, uint32_t operand)
{
    CelValue b = pop(run);

    (void)operand;
    *run->top = arithmetic_add(run->machine, *run->top, b);
}

static void step_SUBTRACT(Run *run, uint32_t operand)
{
    CelValue b = pop(run);

    (void)operand;
    *run->top = arithmetic_subtract(run->machine, *run->top, b);
}

static void step_MULTIPLY(Run *run, uint32_t operand)
{
    CelValue b = pop(run);

    (void)operand;
    *run->top = arithmetic_multiply(run->machine, *run->top, b);
}

static void step_DIVIDE(Run *run, uint32_t operand)
{
    CelValue b = pop(run);

    (void)operand;
    *run->top = arithmetic_divide(run->machine, *run->top, b);
}

static void step_MODULO(Run *run, uint32_t operand)
{
    CelValue b = pop(run);

    (void)operand;
    *run->top = arithmetic_modulo(run->machine, *run->top, b);
}

static void step_IN(Run *run, uint32_t operand)
{
    CelValue container = pop(run);

    (void)operand;
    *run->top = access_in(run->machine, *run->top, container);
}

/* Whether a text is among the constants at `offsets`. */
static bool text_in_set(const uint8_t *pool, Str text, const uint8_t *offsets, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        uint32_t offset = code_word(offsets, i);
        CodeConst constant = code_const(pool, offset);

        if (constant.kind == CEL_STRING && constant.size == text.size &&
            memcmp(pool + offset + sizeof constant, text.data, text.size) == 0)
            return true;
    }
    return false;
}

static CelValue any_in_set(const uint8_t *pool, CelValue item, const uint8_t *offsets,
                           uint32_t count)
{
    CelValue result = cel_bool(false);

    for (uint32_t i = 0; i < count; i++) {
        CelValue same = cel_equal(item, code_value(pool, code_word(offsets, i)));

        if (same.kind == CEL_BOOL && same.as.boolean)
            return same;
        if (same.kind == CEL_UNKNOWN)
            result = same;
    }
    return result;
}

static void step_IN_SET(Run *run, uint32_t operand)
{
    uint32_t count = (uint32_t)code_const(run->pool, operand).bits;
    const uint8_t *offsets = run->pool + operand + sizeof(CodeConst);
    CelValue item = *run->top, result;

    if (item.kind == CEL_ERROR)
        return;
    run->machine->steps += count;
    if (item.kind == CEL_STRING && item.size > 0 && !(item.flags & CEL_TERRAFORM)) {
        set_bool(run->top, text_in_set(run->pool, cel_text(item), offsets, count));
        return;
    }
    result = any_in_set(run->pool, item, offsets, count);
    *run->top = result.kind == CEL_BOOL ? cel_with_origin(result, item) : result;
}

/* Logic */

static void step_AND_TEST(Run *run, uint32_t operand)
{
    make_truth(run);
    if (run->top->kind == CEL_BOOL && !run->top->as.boolean)
        run->next = operand;
}

static void step_OR_TEST(Run *run, uint32_t operand)
{
    make_truth(run);
    if (run->top->kind == CEL_BOOL && run->top->as.boolean)
        run->next = operand;
}

/* The first operand has not decided; the value that would is `deciding`. */
static void combine(CelValue *a, const CelValue *b, bool deciding)
{
    const CelValue *block = cel_blocking(a, b);

    if (b->kind == CEL_BOOL && b->as.boolean == deciding)
        *a = *b;
    else if (block ? block == b : !a->origin)
        *a = *b;
}

static void step_AND(Run *run, uint32_t operand)
{
    (void)operand;
    make_truth(run);
    run->top--;
    combine(run->top, run->top + 1, false);
}

static void step_OR(Run *run, uint32_t operand)
{
    (void)operand;
    make_truth(run);
    run->top--;
    combine(run->top, run->top + 1, true);
}

static void step_CHOOSE(Run *run, uint32_t operand)
{
    uint32_t end = second_word(run);

    make_truth(run);
    if (run->top->kind != CEL_BOOL)
        run->next = end;
    else if (!run->top->as.boolean)
        run->next = operand;
}

static void step_JUMP(Run *run, uint32_t operand)
{
    run->next = operand;
}

static void step_CHOSEN(Run *run, uint32_t operand)
{
    CelValue chosen = pop(run);

    (void)operand;
    *run->top = cel_with_origin(chosen, *run->top);
}

/* Calls and literals */

static void step_CALL(Run *run, uint32_t operand)
{
    uint32_t word = second_word(run), count = word & (CODE_PREDICATE - 1);

    run->top -= count;
    run->top[1] = dispatch_call(run->machine, operand, run->top + 1, count, word & CODE_PREDICATE);
    run->top++;
}

static const uint8_t *mask_at(const uint8_t *pool, uint32_t offset)
{
    return offset ? pool + offset : NULL;
}

static void step_LIST(Run *run, uint32_t operand)
{
    const uint8_t *mask = mask_at(run->pool, second_word(run));

    run->top -= operand;
    run->top[1] = literal_list(run->machine, mask, run->top + 1, operand);
    run->top++;
}

static void step_MAP(Run *run, uint32_t operand)
{
    const uint8_t *mask = mask_at(run->pool, second_word(run));

    run->top -= operand;
    run->top[1] = literal_map(run->machine, mask, run->top + 1, operand);
    run->machine->steps += (uint64_t)operand * operand / 8;
    run->top++;
}

/* Loops */

static Loop *loop_below(CelValue *top)
{
    return (Loop *)(top - 2);
}

static void step_LOOP(Run *run, uint32_t operand)
{
    uint32_t macro = second_word(run);

    run->top += 2;
    if (!loop_begin(run->machine, loop_below(run->top), (CelMacro)(macro & 0xff))) {
        run->top -= 2;
        run->next = operand;
    }
}

static void step_NEXT(Run *run, uint32_t operand)
{
    uint32_t slots = second_word(run);
    uint32_t second = slots >> 16;
    bool two = second != CODE_NO_SLOT;
    CelValue *first = &run->locals[slots & 0xffff];

    if (!loop_next(loop_below(run->top), two, first, two ? &run->locals[second] : NULL))
        run->next = operand;
}

static void step_WHEN(Run *run, uint32_t operand)
{
    CelValue condition = cel_truth(run->machine, pop(run));

    if (!loop_when(loop_below(run->top), condition))
        run->next = operand;
}

static void step_STEP(Run *run, uint32_t operand)
{
    uint32_t macro = second_word(run);
    const CelValue *top = run->top;
    CelValue value;

    /* Mostly an element decides nothing, and is not taken. */
    if (top->kind == CEL_BOOL && loop_passes((CelMacro)macro, top->as.boolean)) {
        run->top--;
        run->next = operand;
        return;
    }
    value = pop(run);
    if (loop_step(run->machine, loop_below(run->top), (CelMacro)macro, value))
        run->next = operand;
}

static void step_LOOPED(Run *run, uint32_t operand)
{
    CelValue result = loop_end(run->machine, loop_below(run->top), (CelMacro)operand);

    run->top -= 2;
    *run->top = result;
}

/* Optionals */

static void step_OPT_OPEN(Run *run, uint32_t operand)
{
    uint32_t slot = second_word(run);
    CelValue value = *run->top;

    if (value.kind == CEL_OPTIONAL && value.as.optional) {
        run->locals[slot] = *value.as.optional;
        run->top--;
        return;
    }
    if (value.kind != CEL_OPTIONAL && value.kind != CEL_UNKNOWN && value.kind != CEL_ERROR)
        *run->top = cel_no_overload(run->machine);
    run->next = operand;
}

static void step_OPT_WRAP(Run *run, uint32_t operand)
{
    (void)operand;
    if (run->top->kind != CEL_UNKNOWN && run->top->kind != CEL_ERROR)
        *run->top = cel_new_optional(run->machine, *run->top);
}

static void step_OPT_CHECK(Run *run, uint32_t operand)
{
    uint8_t kind = run->top->kind;

    (void)operand;
    if (kind != CEL_OPTIONAL && kind != CEL_UNKNOWN && kind != CEL_ERROR)
        *run->top = cel_no_overload(run->machine);
}

static void step_RETURN(Run *run, uint32_t operand)
{
    (void)run;
    (void)operand;
}

/* Carries out one instruction after the other; RETURN alone leaves. */
static CelValue execute(Run *run)
{
    CelMachine *machine = run->machine;
    uint64_t limit = cel_step_limit(machine);

    for (;;) {
        uint32_t word = code_word(run->bytes, run->next++);

        if (++machine->steps > limit)
            return cel_exhausted(machine);
        switch ((CelOp)(word & 0xff)) {
#define OP(name, effect, words)                                                                    \
    case CEL_OP_##name:                                                                            \
        if (CEL_OP_##name == CEL_OP_RETURN)                                                        \
            return *run->top;                                                                      \
        step_##name(run, word >> 8);                                                               \
        break;
#include "cel/opcodes.def"
#undef OP
        case CEL_OP_COUNT:
            break;
        }
    }
}

CelValue cel_eval(const CelCode *code, CelMachine *machine)
{
    CelValue small[SMALL_STACK];
    CelValue *values = small;
    size_t count = (size_t)code->stack_max + code->local_count + 1;
    Run run = {.machine = machine, .bytes = code->bytes, .next = CODE_HEAD_WORDS};

    if (code->size == 0)
        return cel_error(machine, "there is no code");
    if (count > SMALL_STACK)
        values = arena_raw(machine->arena, count, sizeof *values);
    if (!values)
        return cel_spent();
    run.pool = code->bytes + code_word(code->bytes, 0);
    run.locals = values;
    run.top = values + code->local_count;
    return execute(&run);
}
