#include "cel/dispatch.h"

#include "cel/library.h"

static CelImplementation *const implementations[CEL_FN_COUNT] = {
#define OPERATOR(id, name, arity) NULL,
#define FUNCTION(id, name, member, arity, implementation, flags) implementation,
#define OVERLOAD(id, params, result)
#include "cel/functions.def"
};

typedef struct Result {
    uint16_t function;
    bool boolean;
} Result;

static const Result results[] = {
#define OPERATOR(id, name, arity)
#define FUNCTION(id, name, member, arity, implementation, flags)
#define OVERLOAD(id, params, result) {CEL_FN_##id, sizeof(result) == 5 && (result)[0] == 'b'},
#include "cel/functions.def"
};

bool dispatch_predicate(uint32_t function)
{
    bool predicate = false;

    for (size_t i = 0; i < sizeof results / sizeof *results; i++)
        if (results[i].function == function) {
            if (!results[i].boolean)
                return false;
            predicate = true;
        }
    return predicate;
}

/* A text that begins otherwise than the unknown surely does is no beginning of it. */
static bool decided_by_prefix(uint32_t function, const CelValue *args, CelValue *result)
{
    Str prefix, wanted;

    if (function != CEL_FN_STARTS_WITH || args[0].kind != CEL_UNKNOWN ||
        args[1].kind != CEL_STRING || (args[0].flags & CEL_VAGUE))
        return false;
    prefix = cel_unknown_of(args[0])->prefix;
    wanted = cel_text(args[1]);
    if (prefix.size == 0)
        return false;
    if (str_starts(prefix, wanted))
        *result = cel_bool(true);
    else if (!str_starts(wanted, prefix))
        *result = cel_bool(false);
    else
        return false;
    *result = cel_with_origin(*result, args[0]);
    return true;
}

static CelValue open_list(CelMachine *machine, CelValue list)
{
    CelValue result = {.kind = CEL_UNKNOWN, .origin = list.origin};

    result.as.unknown = &cel_incomplete_list;
    if (machine->incomplete_cause.size > 0)
        return cel_unknown(machine, machine->incomplete_cause);
    return result;
}

/* The argument that makes the call unknown or an error, if any. */
static bool obstacle(CelMachine *machine, const CelValue *args, uint32_t count, CelValue *result)
{
    const CelValue *error = NULL;

    for (uint32_t i = 0; i < count; i++) {
        if (args[i].kind == CEL_UNKNOWN) {
            *result = args[i];
            return true;
        }
        if (args[i].kind == CEL_LIST && (args[i].flags & CEL_INCOMPLETE)) {
            *result = open_list(machine, args[i]);
            return true;
        }
        if (args[i].kind == CEL_ERROR && !error)
            error = &args[i];
    }
    if (error)
        *result = *error;
    return error != NULL;
}

/* Of input that is absent or has a kind that the function does not take. */
static CelValue without_overload(const CelValue *args, uint32_t count, bool predicate,
                                 CelValue failure)
{
    for (uint32_t i = 0; i < count; i++) {
        CelValue null = {.kind = CEL_NULL, .flags = CEL_INPUT};

        if (!cel_is_lenient(args[i]))
            continue;
        if (predicate)
            return cel_with_origin(cel_bool(false), args[i]);
        return args[i].kind == CEL_NULL ? args[i] : cel_with_origin(null, args[i]);
    }
    return failure;
}

static CelValue originate(CelValue result, const CelValue *args, uint32_t count)
{
    for (uint32_t i = 0; i < count && !result.origin; i++)
        result = cel_with_origin(result, args[i]);
    return result;
}

/* Whether nothing of the arguments is an obstacle, as mostly. */
static bool all_known(const CelValue *args, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        if (cel_is_blocking(&args[i]) || (args[i].flags & CEL_INCOMPLETE))
            return false;
    return true;
}

/* What a call comes to whatever the function is; false where it must be called. */
static bool decided_by_arguments(CelMachine *machine, uint32_t function, const CelValue *args,
                                 uint32_t count, CelValue *result)
{
    if (all_known(args, count) || (cel_function((uint16_t)function)->flags & CEL_FN_LAZY))
        return false;
    if (decided_by_prefix(function, args, result))
        return true;
    if (!obstacle(machine, args, count, result))
        return false;
    if (function != CEL_FN_DYN)
        *result = cel_vague(*result);
    return true;
}

CelValue dispatch_call(CelMachine *machine, uint32_t function, const CelValue *args, uint32_t count,
                       bool predicate)
{
    CelValue result;

    if (decided_by_arguments(machine, function, args, count, &result))
        return result;
    result = implementations[function](machine, args, count);
    if (result.kind == CEL_ERROR && result.spare == CEL_NO_OVERLOAD)
        return without_overload(args, count, predicate, result);
    return originate(result, args, count);
}
