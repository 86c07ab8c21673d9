#include "ir/plan_write.h"

#include "base/buf.h"
#include "ir/hcl_json.h"

typedef struct Writer {
    const Unit *unit;
    Buf buf;
    const Resource *resource; /* at hand */
} Writer;

static bool is_meta_argument(Str name)
{
    static const Str names[] = {STR_INIT("count"),      STR_INIT("for_each"),
                                STR_INIT("depends_on"), STR_INIT("provider"),
                                STR_INIT("lifecycle"),  STR_INIT("provisioner"),
                                STR_INIT("connection")};

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (str_eq(name, names[i]))
            return true;
    return false;
}

/* What the source gives: not what the provider does with what is unset, and no meta-arguments. */
static bool is_given(const Entry *entry, bool top)
{
    return !(entry->value.flags & NODE_DEFAULTED) && !(top && is_meta_argument(entry_key(entry)));
}

/* --- values: `after` and the masks that mirror it --- */

typedef enum Part {
    PART_VALUES,    /* unknowns left out, null in lists */
    PART_UNKNOWN,   /* true where something is unknown */
    PART_SENSITIVE, /* true where something is sensitive */
} Part;

static void put_part(Writer *w, const Node *value, Part part, bool top);

static void put_key(Writer *w, bool *first, Str key)
{
    if (!*first)
        buf_add_char(&w->buf, ',');
    *first = false;
    hcl_json_quote(&w->buf, key);
    buf_add_char(&w->buf, ':');
}

static void put_map(Writer *w, const Node *map, Part part, bool top)
{
    bool first = true;

    buf_add_char(&w->buf, '{');
    for (uint32_t i = 0; i < map->count; i++) {
        const Entry *entry = &map->as.entries[i];
        if (!is_given(entry, top) || (part == PART_VALUES && entry->value.kind == NODE_UNKNOWN))
            continue;
        put_key(w, &first, entry_key(entry));
        put_part(w, &entry->value, part, false);
    }
    buf_add_char(&w->buf, '}');
}

static void put_list(Writer *w, const Node *list, Part part)
{
    buf_add_char(&w->buf, '[');
    for (uint32_t i = 0; i < list->count; i++) {
        if (i)
            buf_add_char(&w->buf, ',');
        put_part(w, &list->as.items[i], part, false);
    }
    buf_add_char(&w->buf, ']');
}

static void put_scalar(Writer *w, const Node *value)
{
    switch ((NodeKind)value->kind) {
    case NODE_BOOL:
        buf_add_z(&w->buf, value->as.boolean ? "true" : "false");
        break;
    case NODE_INT:
        buf_printf(&w->buf, "%lld", (long long)value->as.integer);
        break;
    case NODE_DOUBLE:
        buf_printf(&w->buf, "%.17g", value->as.number);
        break;
    case NODE_STRING:
        hcl_json_quote(&w->buf, node_text(value));
        break;
    default:
        buf_add_z(&w->buf, "null");
        break;
    }
}

/* Front ends keep bodies within LIMIT_DEPTH. */
static void put_part(Writer *w, const Node *value, Part part, bool top)
{
    if (value->kind == NODE_MAP)
        put_map(w, value, part, top);
    else if (value->kind == NODE_LIST)
        put_list(w, value, part);
    else if (part == PART_VALUES)
        put_scalar(w, value);
    else if (part == PART_UNKNOWN)
        buf_add_z(&w->buf, value->kind == NODE_UNKNOWN ? "true" : "false");
    else
        buf_add_z(&w->buf, value->flags & NODE_SENSITIVE ? "true" : "false");
}

/* --- expressions of the configuration --- */

static bool holds(const Node *value, const Node *inner)
{
    if (value == inner)
        return true;
    for (uint32_t i = 0; value->kind == NODE_LIST && i < value->count; i++)
        if (holds(&value->as.items[i], inner))
            return true;
    for (uint32_t i = 0; value->kind == NODE_MAP && i < value->count; i++)
        if (holds(&value->as.entries[i].value, inner))
            return true;
    return false;
}

/* Blocks are lists of maps, and the list and the maps are the front end's. */
static bool is_block_list(const Node *value)
{
    if (value->kind != NODE_LIST || !value->count || !(value->flags & NODE_DERIVED))
        return false;
    for (uint32_t i = 0; i < value->count; i++)
        if (value->as.items[i].kind != NODE_MAP)
            return false;
    return true;
}

/* "aws_kms_key.a" of "aws_kms_key.a[0]": the configuration knows no instances. */
static Str without_key(Str address)
{
    int64_t bracket = str_find_char(address, '[');

    return bracket < 0 ? address : str_sub(address, 0, (uint32_t)bracket);
}

static void put_reference(Writer *w, bool *first, Str text)
{
    if (!*first)
        buf_add_char(&w->buf, ',');
    *first = false;
    hcl_json_quote(&w->buf, text);
}

/* A plan names what is referred to, and after it every shorter form of it. */
static bool put_references(Writer *w, const Node *value)
{
    bool first = true;

    for (uint32_t i = 0; i < w->resource->ref_count; i++) {
        const Ref *ref = &w->resource->refs[i];
        Str target = without_key(ref->target);
        if (!ref->value || !holds(value, ref->value))
            continue;
        if (ref->attribute.size)
            put_reference(
                w, &first,
                str_format(w->unit->arena, "%.*s.%.*s", STR_ARG(target), STR_ARG(ref->attribute)));
        put_reference(w, &first, target);
    }
    return !first;
}

static void put_expressions(Writer *w, const Node *map, bool top);

static void put_expression(Writer *w, const Node *value)
{
    uint32_t before;

    if (is_block_list(value)) {
        buf_add_char(&w->buf, '[');
        for (uint32_t i = 0; i < value->count; i++) {
            if (i)
                buf_add_char(&w->buf, ',');
            put_expressions(w, &value->as.items[i], false);
        }
        buf_add_char(&w->buf, ']');
        return;
    }
    before = w->buf.size;
    buf_add_z(&w->buf, "{\"references\":[");
    if (put_references(w, value)) {
        buf_add_z(&w->buf, "]}");
    } else if (node_has_unknown(value)) {
        buf_add_z(&w->buf, "\"var.unknown\"]}");
    } else {
        w->buf.size = before;
        buf_add_z(&w->buf, "{\"constant_value\":");
        put_part(w, value, PART_VALUES, false);
        buf_add_char(&w->buf, '}');
    }
}

static void put_expressions(Writer *w, const Node *map, bool top)
{
    bool first = true;

    buf_add_char(&w->buf, '{');
    for (uint32_t i = 0; i < map->count; i++) {
        const Entry *entry = &map->as.entries[i];
        if (!is_given(entry, top))
            continue;
        put_key(w, &first, entry_key(entry));
        put_expression(w, &entry->value);
    }
    buf_add_char(&w->buf, '}');
}

/* --- resources --- */

static bool is_planned(const Resource *resource)
{
    return resource->data_source || (str_find_char(resource->type_name, '_') >= 0 &&
                                     str_find_char(resource->type_name, '.') < 0);
}

static bool is_provider(const Resource *resource)
{
    return str_starts(resource->type_name, STR("provider."));
}

static Str type_of(const Resource *resource)
{
    return resource->data_source ? str_from(resource->type_name, 5) : resource->type_name;
}

static void put_identity(Writer *w, Str address)
{
    const Resource *r = w->resource;

    buf_add_z(&w->buf, "{\"address\":");
    hcl_json_quote(&w->buf, address);
    buf_printf(&w->buf, ",\"mode\":\"%s\",\"type\":", r->data_source ? "data" : "managed");
    hcl_json_quote(&w->buf, type_of(r));
    buf_add_z(&w->buf, ",\"name\":");
    hcl_json_quote(&w->buf, r->name);
}

static void put_change(Writer *w)
{
    const Node *body = &w->resource->body;

    put_identity(w, w->resource->address);
    buf_printf(&w->buf, ",\"change\":{\"actions\":[\"%s\"],\"before\":null,\"after\":",
               w->resource->data_source ? "read" : "create");
    put_part(w, body, PART_VALUES, true);
    buf_add_z(&w->buf, ",\"after_unknown\":");
    put_part(w, body, PART_UNKNOWN, true);
    buf_add_z(&w->buf, ",\"after_sensitive\":");
    put_part(w, body, PART_SENSITIVE, true);
    buf_add_z(&w->buf, "}}");
}

/* "aws" of "aws.default", "aws.west". */
static void put_provider_key(Writer *w, Str address)
{
    if (str_ends(address, STR(".default")))
        address.size -= 8;
    hcl_json_quote(&w->buf, address);
}

static void put_configured(Writer *w)
{
    put_identity(w, without_key(w->resource->address));
    if (w->resource->provider.size) {
        buf_add_z(&w->buf, ",\"provider_config_key\":");
        put_provider_key(w, w->resource->provider);
    }
    buf_add_z(&w->buf, ",\"expressions\":");
    put_expressions(w, &w->resource->body, true);
    buf_add_char(&w->buf, '}');
}

static void put_provider(Writer *w)
{
    Str alias = node_string(node_get_named(&w->resource->body, STR("alias")));

    put_provider_key(w, w->resource->address);
    buf_add_z(&w->buf, ":{\"name\":");
    hcl_json_quote(&w->buf, str_from(w->resource->type_name, 9));
    if (alias.size) {
        buf_add_z(&w->buf, ",\"alias\":");
        hcl_json_quote(&w->buf, alias);
    }
    buf_add_z(&w->buf, ",\"expressions\":");
    put_expressions(w, &w->resource->body, true);
    buf_add_char(&w->buf, '}');
}

static void put_each(Writer *w, bool (*wanted)(const Resource *), void (*put)(Writer *))
{
    bool first = true;

    for (uint32_t i = 0; i < w->unit->resource_count; i++) {
        w->resource = &w->unit->resources[i];
        if (!wanted(w->resource))
            continue;
        if (!first)
            buf_add_char(&w->buf, ',');
        first = false;
        put(w);
    }
}

static bool can_be_plan(const Unit *unit)
{
    for (uint32_t i = 0; i < unit->resource_count; i++)
        if (unit->resources[i].open || unit->resources[i].module_path.size ||
            str_eq(unit->resources[i].type_name, STR("module")))
            return false;
    return true;
}

Str plan_write(const Unit *unit)
{
    Writer w = {.unit = unit, .buf = buf_new(unit->arena)};

    if (!can_be_plan(unit))
        return (Str){"", 0};
    buf_add_z(&w.buf, "{\"format_version\":\"1.2\",\"terraform_version\":\"1.9.0\","
                      "\"resource_changes\":[");
    put_each(&w, is_planned, put_change);
    buf_add_z(&w.buf, "],\"configuration\":{\"provider_config\":{");
    put_each(&w, is_provider, put_provider);
    buf_add_z(&w.buf, "},\"root_module\":{\"resources\":[");
    put_each(&w, is_planned, put_configured);
    buf_add_z(&w.buf, "]}}}");
    return buf_str(&w.buf);
}
