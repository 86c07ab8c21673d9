/*
 * ir/shape_hint.h - what somebody meant who wrote a field where it does not belong
 */
#ifndef PLUMB_IR_SHAPE_HINT_H
#define PLUMB_IR_SHAPE_HINT_H

#include "ir/shape.h"

/* One step on the way from an object to a value in it. */
typedef struct ShapeStep {
    const struct ShapeStep *outer; /* NULL: the object itself */
    const Entry *entry;            /* of a map; NULL: of a list */
    uint32_t index;                /* in a list */
    Shape shape;                   /* of the value */
} ShapeStep;

/* "spec.template.spec.containers[0]"; empty for the object itself. */
Str shape_path(const ShapeStep *step, Arena *arena);

/* What to add to the message that the value at `holder`, in an object of that kind, has no field
 * `name`: ": did you mean `livenessProbe`?", ": it belongs under `spec`", ": autoscaling/v2 has
 * it"; empty where nothing is near. */
Str shape_hint(ShapeSource *source, const ShapeStep *holder, Str name, Symbol kind, Arena *arena);

#endif
