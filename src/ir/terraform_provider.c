#include "ir/terraform_provider.h"

#define DEFAULT_ALIAS STR("default")

/* A configuration as a module names it. */
typedef struct ProviderName {
    Str type;
    Str alias;
} ProviderName;

/* `aws`, `aws.west`, and the same in quotes; false for anything else. */
static bool read_name(const HclExpr *expr, ProviderName *name)
{
    Str rest = hcl_string(expr);

    if (rest.size) {
        *name = (ProviderName){.alias = DEFAULT_ALIAS};
        str_split(&rest, '.', &name->type);
        if (rest.size)
            name->alias = rest;
        return true;
    }
    if (expr->kind == HCL_ATTR && expr->a->kind == HCL_NAME)
        *name = (ProviderName){expr->a->as.name, expr->as.name};
    else if (expr->kind == HCL_NAME)
        *name = (ProviderName){expr->as.name, DEFAULT_ALIAS};
    else
        return false;
    return true;
}

/* What the block names, or the default one of the type's first word. */
static ProviderName name_of(const TfItem *item)
{
    const HclExpr *expr = tf_item_expr(item, "provider");
    int64_t end = str_find_char(item->type, '_');
    ProviderName name;

    if (expr && read_name(expr, &name))
        return name;
    return (ProviderName){end < 0 ? item->type : str_sub(item->type, 0, (uint32_t)end),
                          DEFAULT_ALIAS};
}

static bool is_same(ProviderName a, ProviderName b)
{
    return str_eq(a.type, b.type) && str_eq(a.alias, b.alias);
}

/* What the caller calls it; false where it does not pass it on. */
static bool passed_as(const TfItem *call, ProviderName *name)
{
    const HclExpr *passed = tf_item_expr(call, "providers");
    ProviderName inner, outer;

    for (uint32_t i = 0; passed && passed->kind == HCL_OBJECT && i + 1 < passed->count; i += 2) {
        if (!read_name(passed->items[i], &inner) || !is_same(inner, *name) ||
            !read_name(passed->items[i + 1], &outer))
            continue;
        *name = outer;
        return true;
    }
    return str_eq(name->alias, DEFAULT_ALIAS);
}

/* Resources come module by module, most of them with the same one. */
static Str joined(TfWorld *world, const TfModule *module, ProviderName name)
{
    const Str parts[] = {module->path, module->path.size ? STR(".") : STR(""), name.type, STR("."),
                         name.alias};
    size_t mark = arena_mark(world->unit->arena);
    Str address = str_concat(world->unit->arena, parts, 5);

    if (str_eq(address, world->last_provider))
        arena_rewind(world->unit->arena, mark);
    else
        world->last_provider = address;
    return world->last_provider;
}

Str tf_provider_address(TfWorld *world, const TfModule *module, const TfItem *item)
{
    ProviderName name = name_of(item);

    while (!tf_config_find(module->config, TF_PROVIDER, name.type, name.alias)) {
        if (!module->call || !passed_as(module->call->item, &name))
            return (Str){"", 0};
        module = module->parent;
    }
    return joined(world, module, name);
}
