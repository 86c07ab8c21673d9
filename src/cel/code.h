/*
 * cel/code.h - how compiled code is laid out
 *
 * A head of two words, the instructions of cel/opcodes.def, and the pool of constants. Nothing in
 * it is a pointer. The first word of the head is the offset of the pool.
 */
#ifndef PLUMB_CEL_CODE_H
#define PLUMB_CEL_CODE_H

#include "cel/machine.h"

typedef enum CelOp {
#define OP(name, effect, words) CEL_OP_##name,
#include "cel/opcodes.def"
#undef OP
    CEL_OP_COUNT,
} CelOp;

#define CODE_HEAD_WORDS 2u
#define CODE_OPERAND_MAX 0xffffffu
#define CODE_PATH_MAX 32u /* fields that one instruction reads */
#define CODE_NO_SLOT 0xffffu
#define CODE_TWO_VARIABLES 0x100u /* beside the number of a macro */
#define CODE_PREDICATE 0x100u     /* beside the count of arguments of a call: it gives a bool */

static inline uint32_t code_word(const uint8_t *bytes, uint32_t number)
{
    uint32_t word;

    memcpy(&word, bytes + 4 * (size_t)number, sizeof word);
    return word;
}

/* A constant in the pool: this head, then `size` bytes of text where the kind has text. For
 * CEL_TYPE `bits` is the CelTypeKind; for CEL_LIST, a set of constants or a mask of optional
 * elements, `bits` counts the words of 32 bits that follow. */
typedef struct CodeConst {
    uint32_t kind; /* CelKind */
    uint32_t size;
    uint64_t bits;
} CodeConst;

static inline CodeConst code_const(const uint8_t *pool, uint32_t offset)
{
    CodeConst constant;

    memcpy(&constant, pool + offset, sizeof constant);
    return constant;
}

/* The value of a constant; its text stays in the code. */
CelValue code_value(const uint8_t *pool, uint32_t offset);

#endif
