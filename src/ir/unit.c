#include "ir/unit.h"

Unit unit_new(Arena *arena, const Symbols *symbols, const ProviderDefaults *defaults)
{
    return (Unit){.arena = arena,
                  .sources = sources_new(arena),
                  .diags = diags_new(arena),
                  .symbols = symbols,
                  .defaults = defaults};
}

Resource *unit_add_resource(Unit *unit)
{
    Resource *resources =
        arena_grow(unit->arena, unit->resources, unit->resource_count, &unit->resource_capacity,
                   unit->resource_count + 1u, sizeof *resources);
    Resource *resource;

    if (!resources)
        return NULL;
    unit->resources = resources;
    resource = &resources[unit->resource_count++];
    *resource = (Resource){.format = unit->format, .header = SPAN_NONE, .related = SPAN_NONE};
    return resource;
}

const char *format_id(Format format)
{
    static const char *const ids[] = {
#define FORMAT(name, id) id,
#include "ir/formats.def"
#undef FORMAT
    };

    return ids[format];
}
