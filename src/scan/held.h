/*
 * scan/held.h - verdicts that wait for the rest of the tree
 *
 * What hangs on a Condition is known at the end of the walk. Until then it waits, and what comes
 * after it waits too, since a report keeps its order. There is little room for that: in a tree that
 * is too large, and in one that is not whole (only some files are wanted, something was left out or
 * is broken), it stays undecided, and nothing waits.
 */
#ifndef PLUMB_SCAN_HELD_H
#define PLUMB_SCAN_HELD_H

#include <stdatomic.h>

#include "scan/condition.h"
#include "scan/copy.h"
#include "scan/facts.h"

struct Scan;
struct Done;
struct ScanRoot;

/* A fact of one of a file's units. */
typedef struct UnitFact {
    uint64_t fact;
    uint32_t unit;
} UnitFact;

typedef struct HeldBatch HeldBatch;

typedef struct Held {
    atomic_bool open; /* nothing is held (any more): workers need not look */
    Arena *arena;     /* of what waits */
    Copier copier;
    Facts facts;
    uint32_t units;     /* numbers given */
    Condition *pending; /* not known yet */
    HeldBatch *first;   /* verdicts, in their order */
    HeldBatch *last;
} Held;

/* Whether nothing is held; for any thread. */
static inline bool held_is_open(const Held *held)
{
    return atomic_load_explicit(&held->open, memory_order_relaxed);
}

/* Says whether anything may be found out about the tree, and so whether anything is held. */
void held_begin(struct Scan *scan);

/* Takes the conditions and facts of a file whose turn it is. */
void held_meet(struct Scan *scan, struct Done *done);

/* Whether, for all that is known so far, a verdict hangs or may hang on the rest of the tree. */
bool held_is_waiting(const struct Scan *scan);

/* Takes verdicts of it where they have to wait; false where they need not. */
bool held_keep(struct Scan *scan, const struct Done *done, const struct ScanRoot *root,
               const Verdict *verdicts, uint32_t count);

/* Leaves out, of verdicts that need not wait, those that came otherwise; returns how many are left.
 */
uint32_t held_settle(Verdict *verdicts, uint32_t count);

/* Once all files were met: decides, and reports what has waited. May be called again. */
void held_end(struct Scan *scan);

void held_free(Held *held);

#endif
