/*
 * ir/shape.h - what a value of a Kubernetes object may be
 *
 * A shape comes of the table of the built-in kinds or, for a custom resource, of the schema in its
 * CustomResourceDefinition; whoever asks need not know which.
 */
#ifndef PLUMB_IR_SHAPE_H
#define PLUMB_IR_SHAPE_H

#include "ir/object_types.h"
#include "ir/unit.h"

typedef struct Shape {
    uint8_t form;       /* ValueForm */
    bool open;          /* of an object: fields that it does not name may be there */
    bool whole;         /* of a schema's object: it has what every object of Kubernetes has */
    uint16_t value;     /* of the table. OBJECT: its type; LIST and MAP: ObjectField.value of what
                           they hold */
    const Node *schema; /* of a CustomResourceDefinition; NULL: the table's */
} Shape;

/* What shapes are read from. Those of a schema are looked up by name, in lists that a definition
 * may make as long as it likes: `work` counts what is compared, for whoever must stop. */
typedef struct ShapeSource {
    const ObjectTypes *types;
    const Symbols *symbols;
    uint64_t work;
} ShapeSource;

typedef struct ShapeField {
    Shape shape;
    uint8_t since; /* N of v1.N; 0: it was always there */
    bool required; /* of the table */
} ShapeField;

/* The shape of a whole object: of a built-in kind, or of one that a CustomResourceDefinition of the
 * unit describes. False where nothing is known of it. */
bool shape_of_resource(ShapeSource *source, Unit *unit, const Resource *resource, Shape *shape);

/* The shape of what an ObjectField.value is. */
static inline Shape shape_from_value(uint16_t value)
{
    if (value & VALUE_LIST)
        return (Shape){.form = FORM_LIST, .value = value & VALUE_MOST};
    if (value & VALUE_MAP)
        return (Shape){.form = FORM_MAP, .value = value & VALUE_MOST};
    if (value >= FORM_OBJECT)
        return (Shape){.form = FORM_OBJECT, .value = (uint16_t)(value - FORM_OBJECT)};
    return (Shape){.form = (uint8_t)value};
}

/* The field at a place of the table. */
static inline ShapeField shape_table_field(const ShapeSource *source, uint32_t place)
{
    const ObjectField *field = &source->types->fields[place];

    return (ShapeField){.shape = shape_from_value(field->value),
                        .since = field->since,
                        .required = field->required};
}

/* As shape_field(), for an object of a schema. */
bool shape_schema_field(ShapeSource *source, const Shape *object, Str name, ShapeField *field);

/* The field of an object's shape that `entry` is; false where it has none of that name. */
static inline bool shape_field(ShapeSource *source, const Shape *object, const Entry *entry,
                               ShapeField *field)
{
    int32_t place;

    if (object->schema)
        return shape_schema_field(source, object, entry_key(entry), field);
    place = object_type_field(source->types, object->value, entry->symbol);
    if (place >= 0)
        *field = shape_table_field(source, (uint32_t)place);
    return place >= 0;
}

/* How many fields an object names, and each of them. */
uint32_t shape_field_count(const ShapeSource *source, const Shape *object);
ShapeField shape_field_at(const ShapeSource *source, const Shape *object, uint32_t index,
                          Str *name);

/* The next field that an object must have and `map` has not; false after the last. `*next` is 0 for
 * the first. */
bool shape_missing(ShapeSource *source, const Shape *object, const Node *map, uint32_t *next,
                   Str *name);

/* What a list or map holds. */
Shape shape_element(const Shape *holder);

#endif
