/*
 * scan/chart_state.h - a chart while it is read, for the files of scan/chart
 */
#ifndef PLUMB_SCAN_CHART_STATE_H
#define PLUMB_SCAN_CHART_STATE_H

#include "ir/helm_lines.h"
#include "scan/chart.h"
#include "scan/ignore.h"

typedef struct Chart {
    Unit *unit;
    const ScanRoot *root;
    const FoundFile *file;
    const ChartOptions *options;
    Str folder; /* from the boundary, with its slash; empty for that itself */

    HelmFile *files; /* all of them, by their paths in the chart */
    uint32_t count;
    uint32_t capacity;
    size_t bytes;
    bool in_link;               /* a folder is read by way of a link */
    const IgnoreLevel *ignored; /* by .helmignore, whose patterns are much like those of git */

    Source *source; /* Chart.yaml */
    Node description;
    bool lacks;        /* subcharts that it depends on */
    bool has_archives; /* subcharts that nobody has unpacked */

    HelmParts parts;   /* of the templates */
    uint32_t *part_of; /* of each file: its part + 1 */
    uint64_t work;     /* that may still be spent on alignments */
} Chart;

/* Reads the files of the chart's directory. False where they are too many, or memory is short. */
bool chart_read_files(Chart *chart);

/* A file by its path in the chart, or NULL. */
const HelmFile *chart_find_file(const Chart *chart, Str path);

/* Whether a path in the chart is that of a template, its own or a subchart's. */
bool chart_is_template(Str path);

/* Reads Chart.yaml; false where there is none. */
bool chart_read_description(Chart *chart);

/* The line of Chart.yaml that a problem of the chart is shown at. */
Span chart_span(const Chart *chart);

/* The same of a subchart, by what it is called in its parent: where the chart depends on it. */
Span chart_dependency_span(const Chart *chart, Str name);

/* The chart that a dependency's name stands for, which may be an alias. */
Str chart_real_name(const Chart *chart, Str name);

/* Whether the text of a Chart.yaml says that the chart has that name. */
bool chart_is_called(Str text, Str name);

/* Takes subcharts that are not there, which are reported, out of what helm is told. */
void chart_check_dependencies(Chart *chart);

/* Takes schemas of values that would have helm read other files, or ask the network, out of what it
 * is told, with a note. */
void chart_check_schemas(Chart *chart);

/* Adds what helm has printed to the unit, as documents that lead back to the templates. False if
 * memory is short. */
bool chart_build(Chart *chart, Str output);

#endif
