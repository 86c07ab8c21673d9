/* beside(): files that lie around the one that a resource is in. */
#include "cel/host.h"
#include "ir/terraform_tree.h"

/* The file that the judged resource is written in. */
static const Source *file_of(const CelMachine *machine)
{
    const Sources *sources = &machine->unit->sources;
    Span place = sources_origin(sources, machine->resource->header);

    return sources_get(sources, place.source);
}

static Str folder_of(Str path)
{
    int64_t slash = str_find_last_char(path, '/');

    return str_sub(path, 0, slash < 0 ? 0 : (uint32_t)slash);
}

CelValue cel_host_beside(CelMachine *machine, const CelValue *args, uint32_t count)
{
    const UnitTree *files = machine->unit ? &machine->unit->files : NULL;
    const Source *source;
    CelValue result;
    Str name, path;

    (void)count;
    if (host_settled(machine, args, &name, &result))
        return result;
    source = files && files->has && machine->resource ? file_of(machine) : NULL;
    if (!source || str_starts(source->path, STR("/")))
        return cel_unknown(machine, STR("other files"));
    path = tf_path_join(machine->arena, folder_of(source->path), name);
    if (!path.data)
        return cel_spent();
    if (tf_path_leads_out(path) || str_starts(name, STR("/")))
        return cel_unknown(machine, STR("files outside of what is scanned"));
    return cel_with_origin(cel_bool(files->has(files->context, path)), args[0]);
}
