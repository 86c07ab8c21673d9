#include "ir/provider.h"

#include "ir/index.h"

/* A plan's "aws", "aws.west", "module.m:aws". */
static Str address_of_key(Str key, Arena *arena)
{
    int64_t colon = str_find_last_char(key, ':');
    Str module = str_sub(key, 0, colon < 0 ? 0 : (uint32_t)colon);
    Str name = str_from(key, (uint32_t)(colon + 1));
    const Str parts[] = {module, module.size ? STR(".") : STR(""), name,
                         str_find_char(name, '.') < 0 ? STR(".default") : STR("")};

    return key.size ? str_concat(arena, parts, 4) : key;
}

Str provider_address(const Resource *resource, Arena *arena)
{
    if (!resource->config)
        return resource->provider;
    return address_of_key(node_string(node_get_named(resource->config, STR("provider_config_key"))),
                          arena);
}

/* "provider.aws" of "module.m.aws.west". */
static Str type_of(Str address, Arena *arena)
{
    Str name = str_sub(address, 0, (uint32_t)(str_find_last_char(address, '.') + 1));
    int64_t dot;

    name.size -= name.size > 0;
    dot = str_find_last_char(name, '.');
    return str_join(arena, STR("provider."), str_from(name, (uint32_t)(dot + 1)));
}

const Resource *provider_find(Unit *unit, const Resource *resource)
{
    Str address = provider_address(resource, unit->arena);
    Found found;

    if (!address.size)
        return NULL;
    found = unit_resources(unit, type_of(address, unit->arena));
    for (uint32_t i = 0; i < found.count; i++)
        if (str_eq(found.items[i]->address, address))
            return found.items[i];
    return NULL;
}
