/*
 * edit/value.h - a value as the languages that are edited write it
 */
#ifndef PLUMB_EDIT_VALUE_H
#define PLUMB_EDIT_VALUE_H

#include "syntax/node.h"

typedef enum ValueForm {
    VALUE_YAML, /* plain where that is the same, else in double quotes; collections in brackets */
    VALUE_JSON,
    VALUE_HCL,
} ValueForm;

/* On one line, in `arena`; data NULL when that is spent. `value` has typed scalars. */
Str value_write(ValueForm form, const Node *value, Arena *arena);

/* A key of a map: quoted in JSON, and elsewhere where it must be. */
Str value_key(ValueForm form, Str key, Arena *arena);

#endif
