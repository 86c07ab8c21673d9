/* isLessThan(), isGreaterThan() and compareTo() of values that have an order: quantities, versions.
 */
#include "cel/host.h"

static bool comparable(const CelValue *args)
{
    return args[0].kind == CEL_OPAQUE && args[1].kind == CEL_OPAQUE &&
           args[0].as.opaque->kind == args[1].as.opaque->kind && args[0].as.opaque->kind->order;
}

static int order(const CelValue *args)
{
    return args[0].as.opaque->kind->order(args[0].as.opaque, args[1].as.opaque);
}

CelValue cel_host_is_less_than(CelMachine *machine, const CelValue *args, uint32_t count)
{
    (void)count;
    return comparable(args) ? cel_bool(order(args) < 0) : cel_no_overload(machine);
}

CelValue cel_host_is_greater_than(CelMachine *machine, const CelValue *args, uint32_t count)
{
    (void)count;
    return comparable(args) ? cel_bool(order(args) > 0) : cel_no_overload(machine);
}

CelValue cel_host_compare_to(CelMachine *machine, const CelValue *args, uint32_t count)
{
    (void)count;
    return comparable(args) ? cel_int(order(args)) : cel_no_overload(machine);
}
