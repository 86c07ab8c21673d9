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

/* A field that has a default need not be written. */
static bool is_required(const Node *schema, Str name, const Node *property)
{
    const Node *list = node_get_named(schema, STR("required"));

    if (!list || list->kind != NODE_LIST || node_get_named(property, STR("default")))
        return false;
    for (uint32_t i = 0; i < list->count; i++)
        if (str_eq(node_string(&list->as.items[i]), name))
            return true;
    return false;
}

static ShapeField field_of_schema(const Node *schema, const Entry *property)
{
    return (ShapeField){.shape = shape_of_schema(&property->value),
                        .required = is_required(schema, entry_key(property), &property->value)};
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

bool shape_schema_field(const ShapeSource *source, const Shape *object, Str name, ShapeField *field)
{
    const Entry *property;

    if (object->whole && field_of_whole(source, name, field))
        return true;
    property = node_entry_named(map_at(object->schema, STR("properties")), name);
    *field = (ShapeField){.since = 0};
    if (property)
        *field = field_of_schema(object->schema, property);
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

/* The schema that a definition has for the kind of `resource`. Definitions before
 * apiextensions.k8s.io/v1 keep what they do not know. */
static const Node *schema_for(const Resource *definition, const Resource *resource)
{
    const Node *spec = map_at(&definition->body, STR("spec"));
    int64_t slash = str_find_char(resource->api_version, '/');
    Str kind = node_string(node_get_named(map_at(spec, STR("names")), STR("kind")));
    Str group = node_string(node_get_named(spec, STR("group")));

    if (slash < 0 || !str_eq(kind, resource->type_name) ||
        !str_eq(group, str_sub(resource->api_version, 0, (uint32_t)slash)) ||
        !str_eq(definition->api_version, DEFINITIONS) ||
        is_true(node_get_named(spec, STR("preserveUnknownFields"))))
        return NULL;
    return schema_of_version(spec, str_from(resource->api_version, (uint32_t)slash + 1));
}

static bool shape_of_custom(Unit *unit, const Resource *resource, Shape *shape)
{
    Found definitions = unit_resources(unit, STR("CustomResourceDefinition"));

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

bool shape_of_resource(const ShapeSource *source, Unit *unit, const Resource *resource,
                       Shape *shape)
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
    return field_of_schema(object->schema, property);
}

uint32_t shape_required_count(const ShapeSource *source, const Shape *object)
{
    uint32_t count = 0;
    Str name;

    if (!object->schema)
        return source->types->types[object->value].required;
    for (uint32_t i = 0; i < shape_field_count(source, object); i++)
        count += shape_field_at(source, object, i, &name).required;
    return count;
}

Shape shape_element(const Shape *holder)
{
    if (!holder->schema)
        return shape_from_value(holder->value);
    return shape_of_schema(node_get_named(
        holder->schema, holder->form == FORM_LIST ? STR("items") : STR("additionalProperties")));
}
