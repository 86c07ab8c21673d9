/*
 * ir/shape_faults.h - where a Kubernetes object is not what its kind is
 *
 * Only what is certain: nothing is said of unknown values, of texts that something replaces before
 * the object is applied, of free-form parts, and of kinds whose fields nobody knows.
 */
#ifndef PLUMB_IR_SHAPE_FAULTS_H
#define PLUMB_IR_SHAPE_FAULTS_H

#include "ir/shape.h"

typedef enum FaultKind {
    FAULT_UNKNOWN, /* no version of Kubernetes knows the field: it is dropped */
    FAULT_LATER,   /* the configured version does not know it yet */
    FAULT_FORM,    /* the value has another form: the object is refused */
    FAULT_VALUE,   /* the value is none of those that the schema allows */
    FAULT_MISSING, /* a required field is not there */
} FaultKind;

typedef struct Fault {
    FaultKind kind;
    const Node *at; /* the field's value; where it is missing the map that lacks it */
    Str holder;     /* path of the map: "spec.containers[0]"; empty for the object */
    Str field;      /* name of the field; of a list's item "[0]" */
    Str wanted;     /* FAULT_FORM: "an integer", FAULT_LATER: "v1.28" */
    Str hint;       /* to be added to a message: ": did you mean `x`?"; may be empty */
} Fault;

typedef struct Faults {
    Fault *items;
    uint32_t count;
    uint32_t capacity;
    uint64_t work; /* nodes and names that were looked at */
} Faults;

/* The faults of an object in the order of the input, as many as LIMIT_FAULTS and LIMIT_SHAPE_WORK
 * let be found, in `arena`; none when that is spent. `minor` is N of the configured v1.N. */
Faults shape_faults(const ObjectTypes *types, Unit *unit, const Resource *resource, uint32_t minor,
                    Arena *arena);

#endif
