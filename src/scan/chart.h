/*
 * scan/chart.h - a Helm chart, rendered by helm, to a unit
 *
 * Each document that helm prints becomes a source that leads back to the template (ir/helm_map.h),
 * so that findings stand where somebody can mend them. Without helm a chart is not read at all.
 */
#ifndef PLUMB_SCAN_CHART_H
#define PLUMB_SCAN_CHART_H

#include "ir/unit.h"
#include "scan/discover.h"
#include "scan/helm_run.h"
#include "scan/unit_read.h"

/* One set of values that a chart is rendered with, beside its own values.yaml. */
typedef struct ChartValues {
    Str label;             /* "values-prod.yaml"; empty for none */
    const HelmFile *files; /* their paths are from the boundary, or absolute */
    uint32_t count;
} ChartValues;

/* What the user says of charts. Shared, read-only. */
typedef struct ChartOptions {
    Str helm; /* --helm: a path, a name, or "none"; empty: the one on PATH */
    HelmWorld world;
    uint16_t kubernetes_minor; /* 0: what helm takes by itself */
    const ChartValues
        *values; /* --helm-values: one render each, and no others; none: those found */
    uint32_t value_count;
} ChartOptions;

/* Whether a file beside a Chart.yaml, or in a folder `ci` or `values` there, has by its name values
 * for an environment: `values-prod.yaml`, `values.prod.yaml`, `prod-values.yaml`. `folder` is empty
 * for those beside it. */
bool chart_is_values(Str folder, Str name);

/* How many renders a chart has. */
uint32_t chart_render_count(const FoundFile *file);

/* Renders the chart of `file` with its set of values `file->render`, and builds the resources. What
 * keeps it from that is in the unit's diagnostics. UNIT_LIBRARY for a chart that others render,
 * UNIT_TEMPLATE for one that somebody has to make first. */
UnitOutcome chart_read(Unit *unit, const ScanRoot *root, const FoundFile *file);

#endif
