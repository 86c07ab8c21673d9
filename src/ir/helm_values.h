/*
 * ir/helm_values.h - the values that a chart's template prints, and where they are set
 */
#ifndef PLUMB_IR_HELM_VALUES_H
#define PLUMB_IR_HELM_VALUES_H

#include "ir/helm_lines.h"
#include "ir/unit.h"
/* A file of values. */
typedef struct HelmValuesFile {
    Source *source;
    Str chart; /* the subchart that it belongs to, "charts/a/charts/b/"; empty: the chart itself */
    Node root;
    bool is_read;
} HelmValuesFile;

/* What is known of the chart that a unit was rendered from (Unit's `chart`). */
typedef struct HelmChart {
    Str folder;            /* from the boundary, with its slash; empty for that itself */
    HelmValuesFile *files; /* one that wins before those that it wins over */
    uint32_t file_count;
    uint32_t template_count;
    struct HelmPathFinder *finder; /* made at the first question */
} HelmChart;

typedef struct HelmValue {
    Str key;   /* "image.tag", as the file has it that sets it */
    Span span; /* of it there */
    bool set;  /* false: the span is that of what could hold it */
} HelmValue;

/* What a condition of the template `source` comes to with the values of the unit's chart: of
 * `.Values.x`, and what `not`, `and` and `or` make of that. */
HelmTruth helm_values_truth(Unit *unit, uint32_t source, Str inner);

/* Whether a place of the unit leads back to a template of the chart. */
bool helm_is_template(const Unit *unit, Span at);

/* The values that decide what stands at `at`, a place in a template: those that an action prints on
 * its line or, where that is a key without a value, right below it. `attribute` is the path in
 * `body` of what is looked at, which may lead further into a value. At most `most` of them, in
 * `values`. */
uint32_t helm_values_at(Unit *unit, Span at, const Node *body, Str attribute, HelmValue *values,
                        uint32_t most);

#endif
