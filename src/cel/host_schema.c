/* schemaFaults(): where a Kubernetes object is not what its kind is. */
#include "cel/host.h"
#include "ir/shape_faults.h"

/* In the order of FaultKind. */
static const char *const kinds[] = {"unknown", "later", "form", "value", "missing"};

#define FAULT_FIELDS 5u

static CelValue fault_value(CelMachine *machine, const Fault *fault)
{
    CelValue *entries, map = cel_new_map(machine, FAULT_FIELDS, &entries);
    uint32_t used = 0;

    if (map.kind != CEL_MAP)
        return map;
    host_put(entries, &used, "fault", cel_string(str_of(kinds[fault->kind])));
    host_put(entries, &used, "holder", cel_string(fault->holder));
    host_put(entries, &used, "field", cel_string(fault->field));
    host_put(entries, &used, "wanted", cel_string(fault->wanted));
    host_put(entries, &used, "hint", cel_string(fault->hint));
    map.origin = fault->at;
    return map;
}

static CelValue fault_list(CelMachine *machine, const Faults *faults)
{
    CelValue *items, list = cel_new_list(machine, faults->count, &items);

    for (uint32_t i = 0; list.kind == CEL_LIST && i < faults->count; i++)
        items[i] = fault_value(machine, &faults->items[i]);
    return list;
}

/* Every fault costs a search; see LIMIT_FAULTS. */
CelValue cel_host_schema_faults(CelMachine *machine, const CelValue *args, uint32_t count)
{
    Faults faults = {.count = 0};
    int64_t minor;

    (void)count;
    if (args[0].kind != CEL_RESOURCE || args[1].kind != CEL_INT)
        return cel_no_overload(machine);
    minor = args[1].as.integer;
    if (machine->objects && machine->unit)
        faults = shape_faults(machine->objects, machine->unit, args[0].as.resource,
                              minor < 0 ? 0 : (uint32_t)minor, machine->arena);
    if (!cel_charge(machine, faults.work / 4))
        return cel_exhausted(machine);
    return fault_list(machine, &faults);
}
