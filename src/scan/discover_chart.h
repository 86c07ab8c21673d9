/*
 * scan/discover_chart.h - the Helm charts that a walk meets
 */
#ifndef PLUMB_SCAN_DISCOVER_CHART_H
#define PLUMB_SCAN_DISCOVER_CHART_H

#include "scan/discover_frame.h"

/* Whether charts are rendered. Looks for helm at the first question; where there is none, the
 * charts of this scan are left out, which its end tells. */
bool chart_is_rendered(Discovery *found);

/* Whether the directory at hand lies in a chart that the walk has met, and not only begun in. */
bool chart_is_met(const Discovery *found);

/* The chart whose Chart.yaml is `path`, with the values that lie beside it. False for one that the
 * chart above renders, that the user does not want, or that nobody can render. */
bool chart_give(Discovery *found, Str path, Arena *arena, FoundFile *file);

/* The directory of the chart whose render a file has a part in, as a template, with its values, or
 * as its Chart.yaml; false where there is none. */
bool chart_above(const ScanRoot *root, Str path, Arena *arena, Str *folder);

/* The chart in `folder` for a file of it that the user named: all of it is rendered, and of
 * templates those are reported that he named. Others of its files that he named are not met again.
 */
bool chart_give_named(Discovery *found, Str folder, Arena *arena, FoundFile *file);
#endif
