#include "cel/emit.h"

static const struct {
    int8_t effect;
    uint8_t words;
} shapes[CEL_OP_COUNT] = {
#define OP(name, effect, words) {effect, words},
#include "cel/opcodes.def"
#undef OP
};

Emitter emitter_new(Arena *arena)
{
    Emitter emitter = {.arena = arena, .pool = buf_new(arena)};

    /* offset 0 in the pool means "no constant" */
    emit_const(&emitter, CEL_NULL, 0, STR(""));
    return emitter;
}

static void add_word(Emitter *e, uint32_t word)
{
    uint32_t *words;

    if (e->failed)
        return;
    words =
        arena_grow(e->arena, e->words, e->count, &e->capacity, (size_t)e->count + 1, sizeof *words);
    if (!words) {
        e->failed = true;
        return;
    }
    e->words = words;
    e->words[e->count++] = word;
}

/* What an instruction does to the stack. */
static int32_t effect_of(CelOp op, uint32_t operand, uint32_t second)
{
    if (op == CEL_OP_CALL)
        return 1 - (int32_t)(second & (CODE_PREDICATE - 1));
    if (op == CEL_OP_LIST || op == CEL_OP_MAP)
        return 1 - (int32_t)operand;
    return shapes[op].effect;
}

uint32_t emit(Emitter *e, CelOp op, uint32_t operand, uint32_t second)
{
    uint32_t at = e->count;

    if (operand > CODE_OPERAND_MAX) {
        e->failed = true;
        return at;
    }
    add_word(e, (uint32_t)op | operand << 8);
    if (shapes[op].words == 2)
        add_word(e, second);
    e->depth += effect_of(op, operand, second);
    if (e->depth > e->depth_max)
        e->depth_max = e->depth;
    return at;
}

static uint32_t here(const Emitter *e)
{
    return e->count + CODE_HEAD_WORDS;
}

void emit_here(Emitter *e, uint32_t at)
{
    if (here(e) > CODE_OPERAND_MAX)
        e->failed = true;
    if (!e->failed)
        e->words[at] = (e->words[at] & 0xff) | here(e) << 8;
}

void emit_second_here(Emitter *e, uint32_t at)
{
    if (!e->failed)
        e->words[at + 1] = here(e);
}

static void add_bytes(Emitter *e, const void *bytes, size_t size)
{
    buf_add(&e->pool, (Str){bytes, (uint32_t)size});
}

uint32_t emit_const(Emitter *e, CelKind kind, uint64_t bits, Str text)
{
    CodeConst head = {.kind = (uint32_t)kind, .size = text.size, .bits = bits};
    uint32_t offset = e->pool.size;

    add_bytes(e, &head, sizeof head);
    buf_add(&e->pool, text);
    buf_add_char(&e->pool, '\0');
    if (arena_spent(e->arena))
        e->failed = true;
    return offset;
}

uint32_t emit_words(Emitter *e, const uint32_t *words, uint32_t count)
{
    CodeConst head = {.kind = CEL_LIST, .bits = count};
    uint32_t offset = e->pool.size;

    add_bytes(e, &head, sizeof head);
    add_bytes(e, words, count * sizeof *words);
    if (arena_spent(e->arena))
        e->failed = true;
    return offset;
}

uint32_t emit_open(Emitter *e)
{
    uint32_t slot = e->local_count++;

    if (e->local_count > e->local_max)
        e->local_max = e->local_count;
    return slot;
}

void emit_close(Emitter *e, uint32_t count)
{
    e->local_count -= count;
}

bool emit_code(Emitter *e, CelCode *code)
{
    size_t words = ((size_t)e->count + CODE_HEAD_WORDS) * 4;
    size_t size = words + e->pool.size;
    uint32_t head[CODE_HEAD_WORDS] = {(uint32_t)words, 0};
    uint8_t *bytes;

    if (e->failed || size > CODE_OPERAND_MAX || e->depth_max >= UINT16_MAX ||
        e->local_max >= CODE_NO_SLOT)
        return false;
    bytes = arena_raw(e->arena, 1, size);
    if (!bytes)
        return false;
    memcpy(bytes, head, sizeof head);
    memcpy(bytes + sizeof head, e->words, e->count * sizeof *e->words);
    memcpy(bytes + words, e->pool.data, e->pool.size);
    *code = (CelCode){bytes, (uint32_t)size, (uint16_t)e->depth_max, (uint16_t)e->local_max};
    return true;
}
