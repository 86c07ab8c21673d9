/*
 * scan/unit_read.h - one found file to a unit with its resources
 */
#ifndef PLUMB_SCAN_UNIT_READ_H
#define PLUMB_SCAN_UNIT_READ_H

#include "ir/unit.h"
#include "scan/discover.h"

typedef enum UnitOutcome {
    UNIT_NONE,     /* no input that plumb knows */
    UNIT_READ,     /* an input; with errors in its diagnostics where it is broken */
    UNIT_TEMPLATE, /* looks like an input, but nobody has rendered it yet */
} UnitOutcome;

/* Reads `file` and builds its resources in `*unit`, which is new and empty. A file that cannot be
 * read is UNIT_READ with a diagnostic. */
UnitOutcome unit_read(Unit *unit, const ScanRoot *root, const FoundFile *file);

/* How many files it is made of. */
uint32_t unit_file_count(const FoundFile *file);

#endif
