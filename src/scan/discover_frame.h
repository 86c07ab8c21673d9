/*
 * scan/discover_frame.h - the directories on the way to the file that a walk is at
 */
#ifndef PLUMB_SCAN_DISCOVER_FRAME_H
#define PLUMB_SCAN_DISCOVER_FRAME_H

#include "scan/discover.h"
#include "scan/ignore.h"
#include "scan/kustomization.h"

typedef struct Name {
    Str text;
    bool is_directory;
    bool given; /* with others that are judged together with it */
} Name;

/* A directory on the way to the current file, and its names in the order of their paths. */
struct Frame {
    Frame *above;
    size_t mark; /* of the walk's memory, to which its end goes back */
    Str path;    /* from the boundary, without a slash at the end; empty for the boundary itself */
    int dir;     /* open, so that those in it are not looked up by whole paths; -1 where it is not */
    uint32_t depth; /* frames above it */
    const IgnoreLevel *level;
    bool templates; /* below `templates/` of a chart */
    bool module;    /* the Terraform module in it was given out */
    bool gitignore;
    bool plumbignore;
    bool chart;
    Str hadolint;             /* name of hadolint's configuration in it, or empty */
    Str kustomization;        /* likewise */
    KustomizationFiles built; /* that it names */
    bool builds;              /* it is one of the scan's own */
    Name *names;
    uint32_t count;
    uint32_t capacity;
    uint32_t at; /* the next one */
};

/* What is left out in a directory where a walk begins: by .git/info/exclude, the ignore files of
 * each directory from the boundary down to the one above, and plumb.yaml. */
const IgnoreLevel *frame_levels_at(Discovery *found, Str path);

/* Makes a directory the one at hand, unless it cannot be read, which is reported. `mark` is what
 * its end goes back to. */
void frame_enter(Discovery *found, Str path, const IgnoreLevel *level, bool templates, size_t mark);

/* The same for a directory that nobody asked to walk through. False if it cannot be read. */
bool frame_look_into(Discovery *found, Str path);

/* Makes the one above the directory at hand. */
void frame_leave(Discovery *found);

#endif
