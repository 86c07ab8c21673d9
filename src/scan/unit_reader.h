/*
 * scan/unit_reader.h - the units that one found file gives
 *
 * Mostly it is one. A chart gives one for each of its renders. Manifests of a directory are one
 * too, as many as base/limits.h allows together; but a member that turns out to be something else
 * when it is read, such as a plan, or that is complete in itself, such as what Helm renders, is a
 * unit of its own.
 */
#ifndef PLUMB_SCAN_UNIT_READER_H
#define PLUMB_SCAN_UNIT_READER_H

#include "scan/unit_read.h"

typedef struct LeftFile {
    Str path;
    const char *reason;
} LeftFile;

typedef struct UnitReader {
    const ScanRoot *root;
    const FoundFile *file;
    const TerraformInputs *inputs; /* may be NULL */
    Arena *arena;                  /* of the lists, which outlive the units */

    /* of the unit that was read last */
    uint32_t files;  /* that it is made of, but for context */
    uint32_t broken; /* of those: with an error in them */

    LeftFile *left; /* files that look like inputs and are none */
    uint32_t left_count;

    /* the reader's own */
    FoundFile one; /* of a chart: the render at hand */
    uint32_t next;
    uint32_t *alone; /* members that are units of their own */
    uint32_t alone_count;
    uint32_t alone_at;
} UnitReader;

/* Begins with `file`; all of it is kept. */
UnitReader unit_reader(const ScanRoot *root, const FoundFile *file, const TerraformInputs *inputs,
                       Arena *arena);

/* Reads the next unit into `*unit`, which is new and empty. False when there is none that plumb
 * knows. A file that cannot be read gives a unit with a diagnostic. */
bool unit_reader_next(UnitReader *reader, Unit *unit);

#endif
