/*
 * ir/object_types.h - the fields that Kubernetes' own kinds have
 *
 * A table of constant data, made of rules/schemas/ and used where it lies. Kinds, types and fields
 * are numbers: a field's name is the symbol that keys of the input have too, so looking one up
 * compares integers. Nobody but rules/object_table.c makes one.
 */
#ifndef PLUMB_IR_OBJECT_TYPES_H
#define PLUMB_IR_OBJECT_TYPES_H

#include "ir/resource.h"

typedef enum ValueForm {
#define FORM(name, word, what) FORM_##name,
#include "ir/value_forms.def"
} ValueForm;

/* ObjectField.value: a scalar's form, or FORM_OBJECT and more for type 0 and more; of a list or map
 * what it holds. */
enum {
    VALUE_LIST = 0x8000,
    VALUE_MAP = 0x4000,
    VALUE_MOST = 0x3fff,
};

typedef struct ObjectField {
    uint16_t value;
    uint8_t since; /* N of the v1.N that brought it to its type; 0: the type always had it */
    bool required;
} ObjectField;

/* The fields of a type lie side by side, by ascending symbol. */
typedef struct ObjectType {
    uint16_t first;
    uint16_t count;
    uint16_t required; /* how many of them must be there */
} ObjectType;

typedef struct ObjectKind {
    Symbol kind;
    Symbol api_version;
    uint32_t type;
} ObjectKind;

typedef struct ObjectTypes {
    const ObjectKind *kinds; /* by ascending kind */
    uint32_t kind_count;
    const ObjectType *types;
    const uint16_t *names;     /* symbols of the fields of all types, */
    const ObjectField *fields; /* which are beside them */
} ObjectTypes;

/* The word of a form in rules/schemas/, empty for those that hold others; what messages call it. */
Str value_form_word(ValueForm form);
Str value_form_text(ValueForm form);

/* The type of a built-in kind; false where the table does not have it in that API version. */
bool object_types_find(const ObjectTypes *types, const Symbols *symbols, Symbol kind,
                       Str api_version, uint32_t *type);

/* The place in names[] and fields[] of a type's field, or -1. Asked of every key of every manifest.
 */
static inline int32_t object_type_field(const ObjectTypes *types, uint32_t type, Symbol name)
{
    const ObjectType *row = &types->types[type];
    const uint16_t *names = types->names + row->first;
    uint32_t low = 0, high = row->count;

    while (low < high) {
        uint32_t middle = (low + high) / 2;
        if (names[middle] < name)
            low = middle + 1;
        else
            high = middle;
    }
    return low < row->count && names[low] == name ? row->first + (int32_t)low : -1;
}

#endif
