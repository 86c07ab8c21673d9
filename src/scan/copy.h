/*
 * scan/copy.h - verdicts that outlive their unit
 */
#ifndef PLUMB_SCAN_COPY_H
#define PLUMB_SCAN_COPY_H

#include "scan/verdict.h"

/* Most verdicts share their texts with the one before, so those are kept once. Zeroed but for the
 * arena in the beginning. */
typedef struct Copier {
    Arena *arena;
    Str file;
    Str path;
    Str resource;
    Str type_name;
} Copier;

/* A copy with all its texts in the copier's arena, but for the excerpt, which is left out. */
Verdict verdict_copy(Copier *copier, const Verdict *verdict);

/* The same with the excerpt. */
Verdict verdict_copy_whole(Copier *copier, const Verdict *verdict);

#endif
