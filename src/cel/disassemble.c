#include "base/buf.h"
#include "cel/code.h"
#include "cel/functions.h"

typedef enum OperandKind {
    OPERAND_NONE,
    OPERAND_NUMBER,
    OPERAND_SYMBOL,
    OPERAND_CONST,
    OPERAND_FUNCTION,
} OperandKind;

static const struct {
    const char *name;
    uint8_t words;
} shapes[CEL_OP_COUNT] = {
#define OP(name, effect, words) {#name, words},
#include "cel/opcodes.def"
#undef OP
};

static OperandKind operand_kind(CelOp op)
{
    switch (op) {
    case CEL_OP_CONST:
    case CEL_OP_EQUAL_CONST:
    case CEL_OP_NOT_EQUAL_CONST:
        return OPERAND_CONST;
    case CEL_OP_FIELD:
    case CEL_OP_HAS_FIELD:
    case CEL_OP_OPT_FIELD:
    case CEL_OP_INDEX_KEY:
        return OPERAND_SYMBOL;
    case CEL_OP_CALL:
        return OPERAND_FUNCTION;
    case CEL_OP_BOOL:
    case CEL_OP_VARIABLE:
    case CEL_OP_LOCAL:
    case CEL_OP_SET_LOCAL:
    case CEL_OP_AND_TEST:
    case CEL_OP_OR_TEST:
    case CEL_OP_CHOOSE:
    case CEL_OP_JUMP:
    case CEL_OP_LIST:
    case CEL_OP_MAP:
    case CEL_OP_LOOP:
    case CEL_OP_NEXT:
    case CEL_OP_WHEN:
    case CEL_OP_STEP:
    case CEL_OP_LOOPED:
    case CEL_OP_OPT_OPEN:
        return OPERAND_NUMBER;
    default:
        return OPERAND_NONE;
    }
}

static void write_const(Buf *buf, const uint8_t *pool, uint32_t offset)
{
    CodeConst constant = code_const(pool, offset);

    if (constant.kind == CEL_TYPE)
        buf_printf(buf, " type %u", (unsigned)constant.bits);
    else if (constant.kind == CEL_ERROR)
        buf_printf(buf, " error \"%s\"", code_value(pool, offset).as.error);
    else if (constant.kind == CEL_STRING || constant.kind == CEL_BYTES)
        buf_printf(buf, " \"%.*s\"", STR_ARG(cel_text(code_value(pool, offset))));
    else
        buf_printf(buf, " %.*s", STR_ARG(cel_value_text(code_value(pool, offset), buf->arena)));
}

/* The constants of an IN_SET. */
static void write_set(Buf *buf, const uint8_t *pool, uint32_t offset)
{
    uint32_t count = (uint32_t)code_const(pool, offset).bits;

    for (uint32_t i = 0; i < count; i++)
        write_const(buf, pool, code_word(pool + offset + sizeof(CodeConst), i));
}

static void write_path(Buf *buf, const uint8_t *pool, uint32_t offset, const Symbols *symbols)
{
    uint32_t count = (uint32_t)code_const(pool, offset).bits;

    for (uint32_t i = 0; i < count; i++) {
        Symbol symbol = code_word(pool + offset + sizeof(CodeConst), i);

        buf_printf(buf, "%s%.*s", i ? "." : " ", STR_ARG(symbols_name(symbols, symbol)));
    }
}

static void write_operand(Buf *buf, CelOp op, uint32_t operand, const uint8_t *pool,
                          const Symbols *symbols)
{
    if (op == CEL_OP_IN_SET) {
        write_set(buf, pool, operand);
        return;
    }
    if (op == CEL_OP_PATH || op == CEL_OP_VARIABLE_PATH || op == CEL_OP_LOCAL_PATH) {
        write_path(buf, pool, operand, symbols);
        return;
    }
    switch (operand_kind(op)) {
    case OPERAND_NONE:
        break;
    case OPERAND_NUMBER:
        buf_printf(buf, " %u", operand);
        break;
    case OPERAND_SYMBOL:
        buf_printf(buf, " %.*s", STR_ARG(symbols_name(symbols, operand)));
        break;
    case OPERAND_CONST:
        write_const(buf, pool, operand);
        break;
    case OPERAND_FUNCTION:
        buf_printf(buf, " %.*s", STR_ARG(cel_function((uint16_t)operand)->name));
        break;
    }
}

Str cel_disassemble(const CelCode *code, const Symbols *symbols, Arena *arena)
{
    Buf buf = buf_new(arena);
    const uint8_t *pool = code->bytes + code_word(code->bytes, 0);
    uint32_t end = code_word(code->bytes, 0) / 4;

    for (uint32_t at = CODE_HEAD_WORDS; at < end;) {
        uint32_t word = code_word(code->bytes, at);
        CelOp op = (CelOp)(word & 0xff);

        buf_printf(&buf, "%u %s", at, shapes[op].name);
        write_operand(&buf, op, word >> 8, pool, symbols);
        if (shapes[op].words == 2 && op != CEL_OP_INDEX_KEY)
            buf_printf(&buf, " %u", code_word(code->bytes, at + 1));
        buf_add_char(&buf, '\n');
        at += shapes[op].words;
    }
    return buf_str(&buf);
}
