/*
 * scan/known.h - findings that are known from elsewhere: an earlier tree, or a baseline
 *
 * A finding is a known one by its fingerprint. Failing that, by `plumb/moved/v1`, its fingerprint
 * without the path, if the file where it was known is gone and no other finding has the same,
 * neither among the known ones nor now.
 */
#ifndef PLUMB_SCAN_KNOWN_H
#define PLUMB_SCAN_KNOWN_H

#include "base/str.h"

#define FINGERPRINT_DIGITS 64u

typedef struct KnownFinding {
    char fingerprint[FINGERPRINT_DIGITS + 1];
    char moved[FINGERPRINT_DIGITS + 1];
    bool gone;       /* there is no file any more where it was */
    bool used;       /* a finding was found to be this one */
    uint32_t number; /* which of those that were added */
    uint32_t seen;   /* findings now with this `moved`; counted at one of those that have it */
} KnownFinding;

typedef struct KnownSet {
    Arena *arena;
    KnownFinding *items; /* by fingerprint, once sealed */
    uint32_t count;
    uint32_t capacity;
    KnownFinding **by_moved; /* NULL where nothing is gone */
} KnownSet;

static inline KnownSet known_new(Arena *arena)
{
    return (KnownSet){.arena = arena};
}

/* False if the arena is spent. */
bool known_add(KnownSet *set, const char *fingerprint, const char *moved, bool gone);

/* To be called once, after the last one was added. False if the arena is spent. */
bool known_seal(KnownSet *set);

/* The one with that fingerprint which is not used yet, now used; or NULL. */
KnownFinding *known_take(KnownSet *set, const char *fingerprint);

/* Whether known_see() and known_take_moved() need to be called. */
static inline bool known_may_move(const KnownSet *set)
{
    return set->by_moved != NULL;
}

/* Whether one has that `moved` and is gone and not used: a finding now may be that one. */
bool known_has_moved(const KnownSet *set, const char *moved);

/* To be called for every finding that there is now, whether or not it is known. */
void known_see(KnownSet *set, const char *moved);

/* After all were seen: the one that has moved, now used; or NULL. */
KnownFinding *known_take_moved(KnownSet *set, const char *moved);

#endif
