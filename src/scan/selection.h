/*
 * scan/selection.h - which units of a scan the changes between two trees touch
 */
#ifndef PLUMB_SCAN_SELECTION_H
#define PLUMB_SCAN_SELECTION_H

#include "scan/module_calls.h"

/* A tree that is scanned. */
typedef enum Side {
    SIDE_NOW,
    SIDE_BEFORE,
    SIDE_COUNT,
} Side;

typedef struct Selection {
    const Changes *changes;
    const Str *arguments; /* of the scan */
    uint32_t argument_count;
    const DiscoverOptions *sides[SIDE_COUNT]; /* NULL: there is no such tree */
    bool
        facts_differ; /* a changed manifest means something else to others (scan/changed_facts.h) */
    Arena *arena;

    /* Which modules call which. That of the side at hand is set by its scan, which walks through it
     * anyway, or else looked for when it is needed. */
    const ModuleCalls *calls[SIDE_COUNT];
} Selection;

/* The calls on one of the sides. NULL if memory is short. */
const ModuleCalls *selection_calls(Selection *selection, Side side);

/* Whether the changes touch a file or module that was met on either side. A unit that is touched on
 * one side is touched on the other. Called by one thread at a time. */
bool selection_has(Selection *selection, const ScanRoot *root, const FoundFile *file);

/* Whether the changes touch any manifest, so that it matters what the others are. */
bool selection_has_manifests(Selection *selection);

/* Of manifests that are judged together, makes those context that the changes do not touch. Whether
 * anything is left to be judged. */
bool selection_narrow(const Selection *selection, FoundFile *file, Arena *arena);

#endif
