/*
 * cel/functions.h - the numbers and implementations of cel/functions.def
 */
#ifndef PLUMB_CEL_FUNCTIONS_H
#define PLUMB_CEL_FUNCTIONS_H

#include "cel/machine.h"

#define CEL_ANY_ARITY UINT8_MAX

enum {
    CEL_FN_LAZY = 1 << 0,  /* called with errors and unknowns too */
    CEL_FN_LOOKS = 1 << 1, /* depends on more than its arguments: no constant folding */
    CEL_FN_OPERATOR = 1 << 2,
};

typedef enum CelFunctionNumber {
#define OPERATOR(id, name, arity) CEL_FN_##id,
#define FUNCTION(id, name, member, arity, implementation, flags) CEL_FN_##id,
#define OVERLOAD(id, params, result)
#include "cel/functions.def"
    CEL_FN_COUNT,
} CelFunctionNumber;

/* What carries a function out. `args` holds `count` values, the receiver first, none of them an
 * error or unknown unless the function is CEL_FN_LAZY. Kinds that no overload has give an error. */
typedef CelValue CelImplementation(CelMachine *machine, const CelValue *args, uint32_t count);

#define OPERATOR(id, name, arity)
#define FUNCTION(id, name, member, arity, implementation, flags) CelImplementation implementation;
#define OVERLOAD(id, params, result)
#include "cel/functions.def"

typedef struct CelFunction {
    Str name;
    bool member;
    uint8_t arity; /* receiver counted, or CEL_ANY_ARITY */
    uint8_t flags;
} CelFunction;

/* The row of a function; `number` is less than CEL_FN_COUNT. */
const CelFunction *cel_function(uint16_t number);

/* The function of that name, form and number of arguments; CEL_FUNCTION_NONE when there is none. */
uint16_t cel_function_find(Str name, bool member, uint32_t arity);

#endif
