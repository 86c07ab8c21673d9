/*
 * scan/discover_chart.h - the Helm charts that a walk meets
 */
#ifndef PLUMB_SCAN_DISCOVER_CHART_H
#define PLUMB_SCAN_DISCOVER_CHART_H

#include "scan/discover_frame.h"

/* Whether charts are rendered. Looks for helm at the first question; where there is none, the
 * charts of this scan are left out, which its end tells. */
bool chart_is_rendered(Discovery *found);

/* The chart whose Chart.yaml is `path`, with the values that lie beside it. False for one that the
 * chart above renders, that the user does not want, or that nobody can render. */
bool chart_give(Discovery *found, Str path, Arena *arena, FoundFile *file);

#endif
