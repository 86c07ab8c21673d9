/*
 * scan/found_list.h - files that a walk found and nobody has taken yet
 *
 * A scan that must know a tree before it judges the first of it, as kustomizations and Terraform
 * modules want, remembers what the walk found, so that it need not be walked twice. Paths come in
 * order and begin like the one before; only what differs is kept, twenty to fifty bytes a file, and
 * given back as files are taken, so that memory hardly grows with the tree.
 */
#ifndef PLUMB_SCAN_FOUND_LIST_H
#define PLUMB_SCAN_FOUND_LIST_H

#include "scan/discover.h"

/* Bytes that grow. */
typedef struct FoundBytes {
    char *data;
    size_t size;
    size_t capacity;
} FoundBytes;

/* Some files of the list, whose memory goes when the last of them is taken. */
typedef struct FoundChunk {
    FoundBytes bytes;
    struct FoundChunk *next;
} FoundChunk;

typedef struct FoundList {
    FoundChunk *first;
    FoundChunk *last;
    size_t at;        /* of the next file to take, in the first */
    uint32_t count;   /* that were added */
    FoundBytes added; /* the text that was added last */
    FoundBytes taken; /* and taken last */
} FoundList;

/* Adds a file at the end; an empty list is all zeros. False if memory is short. */
bool found_list_add(FoundList *list, const FoundFile *file);

/* Takes the first one that is left, its texts in `arena`. False if none is, or memory is short:
 * then none is left either. */
bool found_list_take(FoundList *list, Arena *arena, FoundFile *file);

/* What it holds. */
void found_list_free(FoundList *list);

#endif
