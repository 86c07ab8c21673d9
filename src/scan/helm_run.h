/*
 * scan/helm_run.h - `helm template` on a copy of a chart
 *
 * helm works on a copy in a temporary directory: so links lead nowhere that a scan may not look,
 * git's trees are rendered like files on disk, and nothing is written beside the chart. It gets no
 * network to ask for (no repository, no plugin, no cluster is known to it, and no schema that names
 * one: chart_check_schemas()), no input, and limits of time, memory and output. Which program runs
 * is said by the user and the environment alone, never by what is scanned. A signal that ends plumb
 * ends helm first, and takes the copy away.
 */
#ifndef PLUMB_SCAN_HELM_RUN_H
#define PLUMB_SCAN_HELM_RUN_H

#include "base/process.h"

/* What programs are told of the world. */
typedef struct HelmWorld {
    Str search;    /* PATH */
    Str home;      /* HOME */
    Str temporary; /* TMPDIR, or empty */
} HelmWorld;

typedef struct HelmFile {
    Str path; /* from the chart's directory; of values, what they are called */
    Str text;
} HelmFile;

typedef struct HelmJob {
    Str program; /* absolute path */
    const HelmWorld *world;
    const HelmFile *files; /* of the chart */
    uint32_t file_count;
    const HelmFile *values; /* --values, a later one of which wins */
    uint32_t value_count;
    uint16_t kubernetes_minor; /* N of v1.N; 0: what helm takes by itself */
    bool skips_schemas;        /* of values: those in archives could have anything read */
} HelmJob;

/* The helm that `wanted` stands for: a path, a name to look for in the directories of PATH, or
 * empty for "helm". An absolute path in `arena`; empty where there is none. */
Str helm_find(Str wanted, const HelmWorld *world, Arena *arena);

/* Renders. False, with an errno value in `*error`, where nothing could be run; else what helm said
 * is in `*result`. */
bool helm_run(const HelmJob *job, Arena *arena, ProcessResult *result, int *error);

#endif
