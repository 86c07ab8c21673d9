#include "ir/shape.h"

#include "ir/index.h"

/* --- schemas of custom resources --- */

#define DEFINITIONS STR("apiextensions.k8s.io/v1")

/* Every object has the same. */
static Shape shape_of_metadata(const ShapeSource *source)
{
    Symbol kind = symbols_find(source->symbols, STR("CustomResourceDefinition"));
    int32_t place = -1;
    uint32_t type;

    if (object_types_find(source->types, source->symbols, kind, DEFINITIONS, &type))
        place =
            object_type_field(source->types, type, symbols_find(source->symbols, STR("metadata")));
    return place < 0 ? (Shape){.form = FORM_ANY} : shape_table_field(source, (uint32_t)place).shape;
}

static bool is_true(const Node *node)
{
    return node && node->kind == NODE_BOOL && node->as.boolean;
}

static const Node *map_at(const Node *node, Str key)
{
    const Node *value = node_get_named(node, key);

    return value && value->kind == NODE_MAP ? value : NULL;
}

/* A map without a word about its fields is taken for one of any, though a cluster would drop them:
 * the schema is a placeholder then. */
static Shape shape_of_map(const Node *schema)
{
    if (map_at(schema, STR("properties")))
        return (Shape){
            .form = FORM_OBJECT,
            .open = is_true(node_get_named(schema, STR("x-kubernetes-preserve-unknown-fields"))),
            .whole = is_true(node_get_named(schema, STR("x-kubernetes-embedded-resource"))),
            .schema = schema};
    if (map_at(schema, STR("additionalProperties")))
        return (Shape){.form = FORM_MAP, .schema = schema};
    return (Shape){.form = FORM_ANY};
}

/* https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/
 * #specifying-a-structural-schema */
static Shape shape_of_schema(const Node *schema)
{
    static const struct {
        Str type;
        uint8_t form;
    } scalars[] = {
        {STR_INIT("string"), FORM_STRING},
        {STR_INIT("integer"), FORM_INTEGER},
        {STR_INIT("number"), FORM_NUMBER},
        {STR_INIT("boolean"), FORM_BOOLEAN},
    };
    Str type = node_string(node_get_named(schema, STR("type")));

    if (is_true(node_get_named(schema, STR("x-kubernetes-int-or-string"))))
        return (Shape){.form = FORM_INT_OR_STRING, .schema = schema};
    if (str_eq(type, STR("object")))
        return shape_of_map(schema);
    if (str_eq(type, STR("array")) && map_at(schema, STR("items")))
        return (Shape){.form = FORM_LIST, .schema = schema};
    for (size_t i = 0; i < sizeof scalars / sizeof *scalars; i++)
        if (str_eq(type, scalars[i].type))
            return (Shape){.form = scalars[i].form, .schema = schema};
    return (Shape){.form = FORM_ANY};
}

/* What every object has, whether or not its schema says so; what the cluster puts into it is not
 * judged. */
static bool field_of_whole(const ShapeSource *source, Str name, ShapeField *field)
{
    *field = (ShapeField){.since = 0};
    if (str_eq(name, STR("metadata")))
        field->shape = shape_of_metadata(source);
    else
        return str_eq(name, STR("apiVersion")) || str_eq(name, STR("kind")) ||
               str_eq(name, STR("status"));
    return true;
}

bool shape_schema_field(ShapeSource *source, const Shape *object, Str name, ShapeField *field)
{
    const Node *properties = map_at(object->schema, STR("properties"));
    const Entry *property;

    if (object->whole && field_of_whole(source, name, field))
        return true;
    source->work += properties->count;
    property = node_entry_named(properties, name);
    *field = (ShapeField){.since = 0};
    if (property)
        field->shape = shape_of_schema(&property->value);
    return property != NULL;
}

/* The schema of a version of a definition; NULL where it is not there. */
static const Node *schema_of_version(const Node *spec, Str version)
{
    const Node *versions = node_get_named(spec, STR("versions"));

    for (uint32_t i = 0; versions && versions->kind == NODE_LIST && i < versions->count; i++) {
        const Node *item = &versions->as.items[i];
        if (str_eq(node_string(node_get_named(item, STR("name"))), version))
            return map_at(map_at(item, STR("schema")), STR("openAPIV3Schema"));
    }
    return NULL;
}

/* The schema that a definition of its kind has for `resource`. Definitions before
 * apiextensions.k8s.io/v1 keep what they do not know. */
static const Node *schema_for(const Resource *definition, const Resource *resource)
{
    const Node *spec = map_at(&definition->body, STR("spec"));
    int64_t slash = str_find_char(resource->api_version, '/');
    Str group = node_string(node_get_named(spec, STR("group")));

    if (slash < 0 || !str_eq(group, str_sub(resource->api_version, 0, (uint32_t)slash)) ||
        !str_eq(definition->api_version, DEFINITIONS) ||
        is_true(node_get_named(spec, STR("preserveUnknownFields"))))
        return NULL;
    return schema_of_version(spec, str_from(resource->api_version, (uint32_t)slash + 1));
}

static bool shape_of_custom(Unit *unit, const Resource *resource, Shape *shape)
{
    Found definitions = unit_valued(unit, STR("CustomResourceDefinition"), STR("spec.names.kind"),
                                    resource->type_name);

    for (uint32_t i = 0; i < definitions.count; i++) {
        const Node *schema = schema_for(definitions.items[i], resource);
        if (!schema)
            continue;
        *shape = shape_of_schema(schema);
        shape->whole = true;
        return true;
    }
    return false;
}

/* --- any shape --- */

bool shape_of_resource(ShapeSource *source, Unit *unit, const Resource *resource, Shape *shape)
{
    uint32_t type;

    if (resource->format != FORMAT_KUBERNETES)
        return false;
    if (!object_types_find(source->types, source->symbols, resource->type, resource->api_version,
                           &type))
        return shape_of_custom(unit, resource, shape);
    *shape = (Shape){.form = FORM_OBJECT, .value = (uint16_t)type};
    return true;
}

uint32_t shape_field_count(const ShapeSource *source, const Shape *object)
{
    return object->schema ? map_at(object->schema, STR("properties"))->count
                          : source->types->types[object->value].count;
}

ShapeField shape_field_at(const ShapeSource *source, const Shape *object, uint32_t index, Str *name)
{
    const Entry *property;
    uint32_t place;

    if (!object->schema) {
        place = source->types->types[object->value].first + index;
        *name = symbols_name(source->symbols, source->types->names[place]);
        return shape_table_field(source, place);
    }
    property = &map_at(object->schema, STR("properties"))->as.entries[index];
    *name = entry_key(property);
    return (ShapeField){.shape = shape_of_schema(&property->value)};
}

static bool table_missing(const ShapeSource *source, const Shape *object, const Node *map,
                          uint32_t *next, Str *name)
{
    const ObjectType *type = &source->types->types[object->value];

    while (*next < type->count) {
        uint32_t place = type->first + (*next)++;
        if (source->types->fields[place].required && !node_get(map, source->types->names[place])) {
            *name = symbols_name(source->symbols, source->types->names[place]);
            return true;
        }
    }
    return false;
}

/* A field that has a default need not be written. */
static bool schema_missing(ShapeSource *source, const Node *schema, const Node *map, uint32_t *next,
                           Str *name)
{
    const Node *properties = map_at(schema, STR("properties"));
    const Node *required = node_get_named(schema, STR("required"));

    while (required && required->kind == NODE_LIST && *next < required->count) {
        *name = node_string(&required->as.items[(*next)++]);
        source->work += map->count;
        if (node_get_named(map, *name))
            continue;
        source->work += properties->count;
        if (!node_get_named(node_get_named(properties, *name), STR("default")))
            return true;
    }
    return false;
}

bool shape_missing(ShapeSource *source, const Shape *object, const Node *map, uint32_t *next,
                   Str *name)
{
    return object->schema ? schema_missing(source, object->schema, map, next, name)
                          : table_missing(source, object, map, next, name);
}

Shape shape_element(const Shape *holder)
{
    if (!holder->schema)
        return shape_from_value(holder->value);
    return shape_of_schema(node_get_named(
        holder->schema, holder->form == FORM_LIST ? STR("items") : STR("additionalProperties")));
}
