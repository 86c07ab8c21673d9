#include "cel/functions.h"

static const CelFunction functions[CEL_FN_COUNT] = {
#define OPERATOR(id, name, arity) {STR_INIT(name), false, arity, CEL_FN_OPERATOR},
#define FUNCTION(id, name, member, arity, implementation, flags)                                   \
    {STR_INIT(name), member, arity, flags},
#define OVERLOAD(id, params, result)
#include "cel/functions.def"
};

const CelFunction *cel_function(uint16_t number)
{
    return &functions[number];
}

uint16_t cel_function_find(Str name, bool member, uint32_t arity)
{
    for (uint16_t i = 0; i < CEL_FN_COUNT; i++) {
        const CelFunction *f = &functions[i];

        if (f->member == member &&
            (f->arity == arity || (f->arity == CEL_ANY_ARITY && arity > 0)) &&
            str_eq(f->name, name))
            return i;
    }
    return CEL_FUNCTION_NONE;
}
