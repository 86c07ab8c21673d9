#include "scan/pod_security.h"

#include "ir/index.h"

static Str label_of(const Resource *namespace, Str name)
{
    return node_string(node_get_named(node_path(&namespace->body, "metadata.labels"), name));
}

static Str enforced(const Resource *resource)
{
    return str_eq(resource->type_name, STR("Namespace"))
               ? label_of(resource, STR("pod-security.kubernetes.io/enforce"))
               : STR("");
}

bool pod_security_any(const Unit *unit)
{
    for (uint32_t i = 0; i < unit->resource_count; i++)
        if (enforced(&unit->resources[i]).size)
            return true;
    return false;
}

/* What is no level counts as the strictest one, as in the API server. */
static uint8_t level_of(Str text)
{
    return str_eq(text, STR("privileged")) ? 0 : str_eq(text, STR("baseline")) ? 1 : 2;
}

/* `v1.31`; all else means the latest version. */
static uint16_t minor_of(Str text)
{
    uint16_t minor = 0;

    if (!str_starts(text, STR("v1.")) || text.size < 4 || text.size > 6)
        return UINT16_MAX;
    for (uint32_t i = 3; i < text.size; i++) {
        if (text.data[i] < '0' || text.data[i] > '9')
            return UINT16_MAX;
        minor = (uint16_t)(minor * 10 + (text.data[i] - '0'));
    }
    return minor;
}

void pod_security_of(Unit *unit, const Resource *resource, PodStandard *wanted)
{
    Found found = unit_valued(unit, STR("Namespace"), STR("metadata.name"), resource->namespace);

    for (uint32_t i = 0; i < found.count; i++) {
        Str level = enforced(found.items[i]);
        Str version = label_of(found.items[i], STR("pod-security.kubernetes.io/enforce-version"));
        if (!level.size)
            continue;
        wanted->level = level_of(level);
        if (version.size)
            wanted->minor = minor_of(version);
    }
}
