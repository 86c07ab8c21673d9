/*
 * cel/emit.h - code under construction
 */
#ifndef PLUMB_CEL_EMIT_H
#define PLUMB_CEL_EMIT_H

#include "base/buf.h"
#include "cel/code.h"

/* Words and constants so far; how deep the stack is here and was at most. A spent arena or code
 * beyond what an operand can address makes it `failed`. */
typedef struct Emitter {
    Arena *arena;
    uint32_t *words;
    uint32_t count;
    uint32_t capacity;
    Buf pool;
    int32_t depth;
    int32_t depth_max;
    uint32_t local_count; /* in scope */
    uint32_t local_max;
    bool failed;
} Emitter;

Emitter emitter_new(Arena *arena);

/* Adds an instruction and returns the number of its first word. `second` counts only where the
 * instruction has two words. */
uint32_t emit(Emitter *emitter, CelOp op, uint32_t operand, uint32_t second);

/* Makes the instruction at `at` lead to the next one that is added. */
void emit_here(Emitter *emitter, uint32_t at);
void emit_second_here(Emitter *emitter, uint32_t at);

/* A constant in the pool; its offset. */
uint32_t emit_const(Emitter *emitter, CelKind kind, uint64_t bits, Str text);
/* The same, followed by `count` words. */
uint32_t emit_words(Emitter *emitter, const uint32_t *words, uint32_t count);

/* A variable of a macro from here to emit_close(); its slot. */
uint32_t emit_open(Emitter *emitter);
void emit_close(Emitter *emitter, uint32_t count);

/* The finished code; false when `failed`. */
bool emit_code(Emitter *emitter, CelCode *code);

#endif
