/*
 * scan/need_set.h - which rules of a type a resource cannot be meant by
 *
 * Many rules of a type need one of few fields (rules/needs.h). Each field is looked for once in a
 * resource; whether a rule can say anything is then a comparison of bits.
 */
#ifndef PLUMB_SCAN_NEED_SET_H
#define PLUMB_SCAN_NEED_SET_H

#include "rules/ruleset.h"

#define NEED_WORDS 3u
#define NEED_MOST (NEED_WORDS * 64u)
#define NEED_SLOTS 256u

/* A set of paths; empty for a rule that needs nothing. */
typedef struct NeedSet {
    uint64_t words[NEED_WORDS];
} NeedSet;

typedef struct NeedPath {
    RulePath path;
    uint32_t next; /* the one before it that begins with the same field, or NEED_MOST */
} NeedPath;

/* What paths begin with: a field of the body or of the pod. */
typedef struct NeedBegin {
    Symbol symbol;
    bool pod;
    uint32_t last; /* of these paths */
} NeedBegin;

/* The distinct paths of the rules of one type, at most NEED_MOST. */
typedef struct NeedPaths {
    NeedPath *items;
    uint32_t count;
    uint32_t capacity;
    NeedBegin *begins;
    uint32_t begin_count;
    uint32_t begin_capacity;
    uint8_t slots[NEED_SLOTS]; /* a hash table of places in `items`, counted from 1 */
} NeedPaths;

/* The set of a rule's needs. Where they do not fit it is empty: they are only there to save work.
 */
NeedSet need_paths_add(NeedPaths *paths, const Rule *rule, BlobList needs, Arena *arena);

/* The paths at which a resource has something, by its body and the pod that it makes or NULL. */
NeedSet need_paths_there(const NeedPaths *paths, const Node *body, const Node *pod);

/* Whether the resource has nothing of what is needed. It is asked for every rule. */
static inline bool need_set_lacks(const NeedSet *needs, const NeedSet *there)
{
    uint64_t any = 0, met = 0;

    for (uint32_t i = 0; i < NEED_WORDS; i++) {
        any |= needs->words[i];
        met |= needs->words[i] & there->words[i];
    }
    return any && !met;
}

#endif
